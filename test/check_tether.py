"""Runs one check over a test file and compares everything it says with the file's comments.

    // RUN: %check_tether %s detached-thread [-suffix=STRICT] [clang-tidy args] [-- compiler flags]

    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: ...     each warning, in order; none may be left over
    // CHECK-NOTES: :[[@LINE-2]]:5: note: ...           once a file checks one note, it checks all
    // CHECK-FIXES: ...                                 lines of the file after -fix
    // CHECK-NOTE-FIXES: ...                            and after -fix-notes

The comments are FileCheck directives. With -suffix=X they are CHECK-MESSAGES-X and so on. Fixes are
always tried, those of notes too, also without CHECK-FIXES: the result has to compile and the warnings
have to be gone.
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
        self.fixes = {"-fix": f"CHECK-FIXES{suffix}", "-fix-notes": f"CHECK-NOTE-FIXES{suffix}"}
        # Directory of the analysed copy: quoted includes and a .tether.yaml are found from there.
        self.temp = pathlib.Path(options.temp + ".check")
        shutil.rmtree(self.temp, ignore_errors=True)
        self.temp.mkdir(parents=True)
        self.copy = self.temp / options.file.name
        # Without the comments, which would match themselves; line numbers stay.
        self.source = re.sub(r"//\s*CHECK-[A-Z0-9-]+:.*", "//", self.text)
        self.copy.write_text(self.source)
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
        offers = exported.read_text().split("\n  - DiagnosticName:")[1:] if exported.exists() else []
        # Indented by six: the fixes of a warning; by eight: those of its notes.
        own = [bool(re.search(r"^ {6}Replacements: *$", text, re.M)) for text in offers]
        any_ = [bool(re.search(r"^ {6}(  )?Replacements: *$", text, re.M)) for text in offers]
        warnings = sum("warning: " in l for l in found)
        self.verify_fixes("-fix", sum(own), warnings, shown)
        if any_ != own or self.uses(self.fixes["-fix-notes"]):
            self.copy.write_text(self.source)
            self.verify_fixes("-fix-notes", sum(any_), warnings, shown)

    def verify_fixes(self, how, fixable, warnings, shown):
        if self.uses(self.fixes[how]) and not fixable:
            fail(f"no fix was offered for {how}", shown)
        if not fixable:
            return
        self.tidy(how)
        fixed = self.copy.read_text()
        if self.uses(self.fixes[how]):
            self.filecheck(fixed, [self.fixes[how]])
        command = [self.options.clang, "-fsyntax-only", "-w", *self.options.flags, self.copy]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0:
            fail("the fixed file does not compile", run.stderr, fixed)
        left = [l for l in self.tidy() if "warning: " in l]
        # One fix may mend what another warning is about, too.
        if len(left) > warnings - fixable:
            fail(f"{len(left)} warnings after {how} instead of {warnings - fixable}", *left, fixed)


Test(parse_arguments()).run()
