"""The work of tool/dev/prove-fixes."""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

LLVM = os.environ.get("TETHER_LLVM_BIN", "/usr/lib/llvm-22/bin/")
SOURCES = (".c", ".cc", ".cpp", ".cxx")
BECAME = ("fixed", "refused", "broken", "not cleared")  # one for each finding
COLUMNS = ("findings", "with fix", *BECAME, "along", "raised", "unstable")
STANDSTILL = 10  # seconds; what has done nothing for so long hangs
LONGEST_RUN = 60  # seconds; so does what has not ended by then

parser = argparse.ArgumentParser()
parser.add_argument("tool", type=os.path.abspath)
parser.add_argument("--notes", action="store_true")
parser.add_argument("--run", metavar="MACRO")
parser.add_argument("--quiet", action="store_true")
parser.add_argument("dirs", nargs="+", type=pathlib.Path)
options = parser.parse_args()
apply = "--fix-notes" if options.notes else "--fix"
count = collections.defaultdict(collections.Counter)  # by check
reasons = collections.Counter()
runs = []


def run(command, directory=None):
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, errors="replace")


def check(build, file, *more):
    done = run([options.tool, "check", "-p", build, "--quiet", "--format=json", "--cache=" + cache, *more, file])
    if done.returncode not in (0, 1):
        print(f"cannot be analysed: {file}: {done.stderr.strip()}")
        return None
    return json.loads(done.stdout)


def touched(build, file):
    """The files that the fixes would change, by name in the diff."""
    done = run([options.tool, "check", "-p", build, "--quiet", "--cache=" + cache, "--diff-fixes", file]
               + (["--fix-notes"] if options.notes else []))
    return re.findall(r"^--- a/(.*)", done.stdout, re.M)


def flags(entry):
    words = entry.get("arguments") or shlex.split(entry["command"])
    return [w for before, w in zip(words, words[1:]) if w not in ("-c", "-o", "-Werror") and before != "-o"]


def compiler(entry):
    return LLVM + ("clang" if entry["file"].endswith(".c") else "clang++")


def complaints(entry):
    """The compiler's errors and warnings, without places."""
    said = run([compiler(entry), "-fsyntax-only", *flags(entry), "-Wall", "-Wextra", "-Wno-unknown-warning-option",
                "-Qunused-arguments"], entry["directory"]).stderr
    return collections.Counter(
        re.sub(r"\S+:\d+:\d+", "", line.split(": ", 1)[1]) for line in said.splitlines() if ": error: " in line or ": warning: " in line)


def time_used(process):
    """By the processor, in ticks."""
    return pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]


def status_of(program):
    """Of a program that ends; None of one that hangs, which is not one that is only slow."""
    with subprocess.Popen([program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(0, LONGEST_RUN, STANDSTILL):
            before = time_used(process)
            try:
                return process.wait(STANDSTILL)
            except subprocess.TimeoutExpired:
                if time_used(process) == before:
                    break
        process.kill()


def ending(entry):
    """How the program ends."""
    with tempfile.TemporaryDirectory() as directory:
        program = os.path.join(directory, "program")
        if run([compiler(entry), *flags(entry), "-w", "-D" + options.run, "-o", program], entry["directory"]).returncode:
            return "does not build"
        status = status_of(program)
    if status is None:
        return "hangs"
    return f"signal {-status}" if status < 0 else f"status {status}"


def ends(how):
    return how.startswith("status")


def edits(finding):
    if finding["fix"] or not options.notes:
        return finding["fix"]
    return next((n["edits"] for n in finding["notes"] if n.get("edits")), [])


def kinds(findings):
    return collections.Counter((f["check"], f["message"]) for f in findings)


@contextlib.contextmanager
def put_back(paths):
    texts = {path: path.read_bytes() for path in paths}
    try:
        yield texts
    finally:
        for path, text in texts.items():
            path.write_bytes(text)


def prove(build, entry):
    file = os.path.normpath(os.path.join(entry["directory"], entry["file"]))
    before = check(build, file)
    if not before or not before["findings"]:
        return
    for f in before["findings"]:
        count[f["check"]]["findings"] += 1
        count[f["check"]]["with fix"] += bool(edits(f))
    files = [pathlib.Path(before["root"]) / name for name in touched(build, file)]
    is_program = options.run and options.run in pathlib.Path(file).read_text(errors="replace")
    first = ending(entry) if is_program and files else None
    old = complaints(entry)
    with put_back(files) as texts:
        fixed = check(build, file, apply)["findings"]
        asked = collections.Counter(map(place, before["findings"]))
        found = []  # without what fixes have brought up
        for f in fixed:
            asked[place(f)] -= 1
            if asked[place(f)] >= 0:
                found.append(f)
        new = complaints(entry) - old
        again = check(build, file)
        again = again["findings"] if again else []
        mended = [f for f in found if f["fixed"]]
        allowed, left = kinds(before["findings"]) - kinds(mended), kinds(again)
        for f in found:
            count[f["check"]][became(f, new, allowed, left)] += 1
        if new:
            print(f"broken: {file}: {next(iter(new))}")
            return
        for (name, message), n in (kinds(again) - kinds(before["findings"])).items():
            count[name]["raised"] += n
            print(f"raised: {file}: {message} [{name}]")
        if not mended:
            return
        now = {path: path.read_bytes() for path in texts}
        check(build, file, apply)
        if {path: path.read_bytes() for path in texts} != now:
            for name in {f["check"] for f in mended}:
                count[name]["unstable"] += 1
            print(f"unstable: {file}")
            for path, text in now.items():
                path.write_bytes(text)
        if is_program and first:
            runs.append((os.path.basename(file), sorted({f["check"] for f in mended}), first, ending(entry)))


def place(finding):
    return finding["check"], finding["message"], finding["file"], finding["line"]


def became(finding, new, allowed, left):
    """What became of a finding, in one of the words of BECAME."""
    where = f"{finding['file']}:{finding['line']}"
    name = finding["check"]
    reason = finding.get("refused") or "nothing is offered"
    if not finding["fixed"]:
        if "would not compile" in reason:
            print(f"broken: {where}: {reason} [{name}]")
            return "broken"
        if "has not helped" in reason:
            print(f"not cleared: {where}: {finding['message']} [{name}]")
            return "not cleared"
        reasons[name, reason] += 1
        return "refused"
    if new:
        return "broken"
    kind = (name, finding["message"])
    if left[kind] > allowed[kind]:
        left[kind] -= 1
        print(f"not cleared: {where}: {finding['message']} [{name}]")
        return "not cleared"
    count[name]["along"] += not edits(finding)
    return "fixed"


def database(directory, copy):
    """A copy of a directory of sources, with a compile database; its path."""
    shutil.copytree(directory, copy)
    for path in copy.rglob("*"):
        path.chmod(path.stat().st_mode | 0o200)  # what is read-only is not fixed
    (copy / ".git").mkdir(exist_ok=True)  # where the project begins
    entries = []
    for file in sorted(p for p in copy.rglob("*") if p.suffix in SOURCES):
        named = re.search(r"RUN:.* -- (.*)", file.read_text(errors="replace"))
        own = shlex.split(named[1]) if named else ["-std=c11" if file.suffix == ".c" else "-std=c++20", "-pthread"]
        own += ["-I", str((directory / file.relative_to(copy)).resolve().parent)]  # for what stands beside the directory
        entries.append({"directory": str(file.parent), "file": file.name, "arguments": ["cc", *own, "-c", file.name]})
    (copy / "compile_commands.json").write_text(json.dumps(entries))
    return copy


with tempfile.TemporaryDirectory() as temporary:
    cache = os.path.join(temporary, "cache")
    for number, directory in enumerate(options.dirs):
        if not (directory / "compile_commands.json").exists():
            directory = database(directory, pathlib.Path(temporary) / str(number) / directory.resolve().name)
        for entry in json.loads((directory / "compile_commands.json").read_text()):
            prove(directory, entry)

total = sum((count[name] for name in count), collections.Counter())
if not options.quiet:
    width = max(map(len, [*count, "all"]))
    print(" " * width, *COLUMNS)
    for name in [*sorted(count), "all"]:
        row = total if name == "all" else count[name]
        print(name.ljust(width), *(str(row[c]).rjust(len(c)) for c in COLUMNS))
    for (name, reason), n in sorted(reasons.items()):
        print(f"{n:4} refused: {reason} [{name}]")
if runs:
    bad = [r for r in runs if not ends(r[2])]
    for name, checks, first, last in runs:
        print(f"{name:48} {first:10} -> {last:10} {', '.join(checks)}")
    print(f"{len(bad)} hung or aborted, {sum(ends(r[3]) for r in bad)} of them end by themselves now; "
          f"{sum(ends(r[2]) and not ends(r[3]) for r in runs)} did before and do not any more")
share = f", {100 * total['with fix'] // total['findings']} %" if total["findings"] else ""
print(f"{total['findings']} findings, {total['with fix']} with a fix{share}: " + ", ".join(f"{total[c]} {c}" for c in BECAME)
      + f"; {total['along']} of the fixed ones along with others, {total['raised']} raised, {total['unstable']} unstable")
for name in count:
    if sum(count[name][c] for c in BECAME) != count[name]["findings"]:
        sys.exit(f"the findings of {name} do not add up: this is a mistake in prove-fixes")
sys.exit(1 if any(total[c] for c in ("broken", "not cleared", "unstable")) else 0)
