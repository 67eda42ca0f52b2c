"""Runs one check over a test file and compares everything it says with the file's comments.

    // RUN: %check_tether %s detached-thread [-suffix=STRICT] [clang-tidy args] [-- compiler flags]

    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: ...     each warning, in order; none may be left over
    // CHECK-NOTES: :[[@LINE-2]]:5: note: ...           once a file checks one note, it checks all
    // CHECK-FIXES: ...                                 lines of the file after -fix

The comments are FileCheck directives. With -suffix=X they are CHECK-MESSAGES-X and so on. A fix is
always tried, also without CHECK-FIXES: the result has to compile and its warning has to be gone.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys

INPUTS = pathlib.Path(__file__).parent / "Inputs"
DIAGNOSTIC = re.compile(r"(^|: )(warning|error|note): ")


def fail(message, *output):
    print("check_tether: " + message, *output, sep="\n")
    sys.exit(1)


def parse_arguments():
    args = sys.argv[1:]
    flags = []
    if "--" in args:
        flags = args[args.index("--") + 1 :]
        args = args[: args.index("--")]
    parser = argparse.ArgumentParser()
    for name in ("tidy", "plugin", "clang", "filecheck", "temp"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("-suffix", default="")
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("check", help="id without 'tether-', or * for all")
    options, options.tidy_args = parser.parse_known_args(args)
    if not any(f.startswith(("-std=", "--std=")) for f in flags):
        flags.append("-std=c11" if options.file.suffix == ".c" else "-std=c++20")
    options.flags = flags + ["-isystem", str(INPUTS), "-I", str(options.file.parent)]
    return options


class Test:
    def __init__(self, options):
        self.options = options
        self.text = options.file.read_text()
        suffix = "-" + options.suffix if options.suffix else ""
        self.messages = [f"CHECK-{kind}{suffix}" for kind in ("MESSAGES", "NOTES")]
        self.fixes = f"CHECK-FIXES{suffix}"
        # Directory of the analysed copy: quoted includes and a .tether.yaml are found from there.
        self.temp = pathlib.Path(options.temp + ".check")
        shutil.rmtree(self.temp, ignore_errors=True)
        self.temp.mkdir(parents=True)
        self.copy = self.temp / options.file.name
        # Without the comments, which would match themselves; line numbers stay.
        self.copy.write_text(re.sub(r"//\s*CHECK-[A-Z0-9-]+:.*", "//", self.text))
        model = options.file.parent / ".tether.yaml"
        if model.exists():
            shutil.copy(model, self.temp)

    def uses(self, prefix):
        return re.search(rf"{prefix}(-NEXT|-SAME|-DAG|-NOT|-COUNT-\d+)?:", self.text) is not None

    def tidy(self, *extra):
        """The diagnostics of one run, one line each."""
        o = self.options
        has_config = any(a.lstrip("-").startswith("config") for a in o.tidy_args)
        command = [o.tidy, "-load", o.plugin, f"-checks=-*,tether-{o.check}", *o.tidy_args, *extra]
        command += [] if has_config else ["-config={}"]
        run = subprocess.run(command + [self.copy, "--"] + o.flags, capture_output=True, text=True)
        if run.returncode not in (0, 1):
            fail(f"clang-tidy ended with status {run.returncode}", run.stdout, run.stderr)
        lines = [l for l in run.stdout.splitlines() if DIAGNOSTIC.search(l)]
        if run.returncode == 1 and not lines:
            fail("clang-tidy failed", run.stdout, run.stderr)
        return lines

    def filecheck(self, text, prefixes, *extra):
        command = [self.options.filecheck, self.options.file, "--allow-unused-prefixes"]
        command += ["--check-prefixes=" + ",".join(prefixes), *extra]
        run = subprocess.run(command, input=text, capture_output=True, text=True)
        if run.returncode != 0:
            fail("output is not what the file asks for", run.stderr, "---- output ----", text)

    def run(self):
        exported = self.temp / "fixes.yaml"
        found = self.tidy(f"-export-fixes={exported}")
        shown = "\n".join(found) + "\n"
        if any(map(self.uses, self.messages)):
            kinds = ["warning: ", "error: "]
            if any(re.search(rf"{p}.*note: ", self.text) for p in self.messages):
                kinds.append("note: ")
            self.filecheck(shown, self.messages, *[f"--implicit-check-not={k}" for k in kinds])
        elif found:
            fail("output although the file asks for none", shown)
        # Indented by six: the fixes of a warning. Those of its notes are not applied by -fix.
        fixable = 0
        if exported.exists():
            fixable = len(re.findall(r"^      Replacements: *$", exported.read_text(), re.M))
        if self.uses(self.fixes) and not fixable:
            fail("no fix was offered", shown)
        if fixable:
            self.verify_fixes(sum("warning: " in l for l in found) - fixable)

    def verify_fixes(self, expected):
        self.tidy("-fix")
        fixed = self.copy.read_text()
        if self.uses(self.fixes):
            self.filecheck(fixed, [self.fixes])
        command = [self.options.clang, "-fsyntax-only", "-w", *self.options.flags, self.copy]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0:
            fail("the fixed file does not compile", run.stderr, fixed)
        left = [l for l in self.tidy() if "warning: " in l]
        if len(left) != expected:
            fail(f"{len(left)} warnings after the fix instead of {expected}", *left, fixed)


Test(parse_arguments()).run()
