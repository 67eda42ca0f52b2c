"""The work of tool/dev/prove-fixes."""

import collections
import json
import os
import pathlib
import shlex
import subprocess
import sys

LLVM = os.environ.get("TETHER_LLVM_BIN", "/usr/lib/llvm-22/bin/")
tool, *arguments = sys.argv[1:]
apply = "--fix"
if arguments and arguments[0] == "--notes":
    apply = "--fix-notes"
    arguments.pop(0)
with_fix = {c["id"] for c in json.loads(subprocess.check_output([tool, "list", "--format=json"])) if c["fix"] != "none"}
count = collections.Counter()


def run(command, directory=None):
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, errors="replace")


def check(build, file, *options):
    done = run([tool, "check", "-p", build, "--quiet", "--format=json", *options, file])
    return json.loads(done.stdout) if done.returncode in (0, 1) else None


def errors(entry, *warnings):
    """What the compiler says of a file: its errors and, asked for, its warnings, without places."""
    words = entry.get("arguments") or shlex.split(entry["command"])
    kept = [w for before, w in zip(words, words[1:]) if w not in ("-c", "-o", "-Werror") and before != "-o"]
    compiler = LLVM + ("clang" if entry["file"].endswith(".c") else "clang++")
    said = run([compiler, "-fsyntax-only", *kept, *warnings, "-Wno-unknown-warning-option", "-Qunused-arguments"],
               entry["directory"]).stderr
    return collections.Counter(
        line.split(": ", 1)[1] for line in said.splitlines() if ": error: " in line or ": warning: " in line)


def edits(finding):
    if finding["fix"] or apply == "--fix":
        return finding["fix"]
    return next((n["edits"] for n in finding["notes"] if n.get("edits")), [])


def prove(build, entry):
    file = os.path.normpath(os.path.join(entry["directory"], entry["file"]))
    before = check(build, file)
    if not before:
        return
    fixable = [f for f in before["findings"] if edits(f)]
    count["refused"] += sum(f["check"] in with_fix and not edits(f) for f in before["findings"])
    if not fixable:
        return
    root = pathlib.Path(before["root"])
    texts = {root / e["file"]: (root / e["file"]).read_bytes() for f in fixable for e in edits(f)}
    old = errors(entry, "-Wall", "-Wextra")
    try:
        fixed = [f for f in check(build, file, apply)["findings"] if f["fixed"]]
        count["refused"] += len(fixable) - len(fixed)  # two that touch the same text
        new = errors(entry, "-Wall", "-Wextra") - old
        if new:
            count["broken"] += len(fixed)
            print(f"broken: {file}: {next(iter(new))}")
            return
        again = check(build, file)
        left = collections.Counter((f["check"], f["message"]) for f in again["findings"])
        for f in fixed:
            # As many of its kind as were not fixed may be left.
            same = sum((o["check"], o["message"]) == (f["check"], f["message"]) for o in before["findings"])
            mended = sum((o["check"], o["message"]) == (f["check"], f["message"]) for o in fixed)
            if left[f["check"], f["message"]] > same - mended:
                count["not cleared"] += 1
                print(f"not cleared: {f['file']}:{f['line']}: {f['message']} [{f['check']}]")
            else:
                count["fixed"] += 1
    finally:
        for path, text in texts.items():
            path.write_bytes(text)


for build in arguments:
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
    for entry in entries:
        prove(build, entry)
print(", ".join(f"{count[key]} {key}" for key in ("fixed", "refused", "broken", "not cleared")))
sys.exit(1 if count["broken"] or count["not cleared"] else 0)
