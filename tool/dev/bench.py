"""The measurements of tool/dev/bench. Everything is run in turn, several times, and the best of each
counts, so that all of them see the same machine. Ratios are of processor time, which other work on
the machine disturbs less; the time on the clock stands beside it."""

import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

LLVM = "/usr/lib/llvm-22/bin/"
RUNS = 3
TETHER = os.path.abspath("build/bin/tether")
PLUGIN = os.path.abspath("build/lib/libtether-tidy.so")

project, jobs, limit = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with open(project + "/compile_commands.json") as file:
    entries = {os.path.normpath(os.path.join(e["directory"], e["file"])): e for e in json.load(file)}
# In an order that has nothing to do with where a file lies, so that any part is like the whole.
files = sorted(entries, key=lambda f: hashlib.sha256(os.path.relpath(f, project).encode()).digest())
files = files[: limit or None]
scratch = tempfile.mkdtemp(prefix="tether-bench-")
cache = scratch + "/cache"


def database(some):
    """A directory with a compile database of these files alone."""
    directory = f"{scratch}/{len(some)}"
    os.makedirs(directory, exist_ok=True)
    with open(directory + "/compile_commands.json", "w") as file:
        json.dump([entries[f] for f in some], file)
    return directory


class Spent:
    """What a process and those that it has waited for used."""

    def __init__(self, clock=0.0, processor=0.0, text="", status=0):
        self.clock, self.processor, self.text, self.status = clock, processor, text, status

    def __add__(self, other):
        return Spent(self.clock + other.clock, self.processor + other.processor)


def run(command, directory=None):
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode(errors="replace")
    used = used.ru_utime + used.ru_stime
    return Spent(time.perf_counter() - start, used, text, process.returncode)


def tether(*more, of=files):
    spent = run([TETHER, "check", "-p", database(of), f"--jobs={jobs}", "--stats", *more])
    if spent.status not in (0, 1, 3):
        sys.exit(f"tether ended with status {spent.status}: {spent.text}")
    return spent


def stat(spent, words):
    return float(re.search(r"^ *([\d.]+)  " + words, spent.text, re.M).group(1))


def cold():
    shutil.rmtree(cache, ignore_errors=True)
    return tether(f"--cache={cache}")


def warm():
    return tether(f"--cache={cache}")


def one_changed():
    """As if one file had changed: its own entries go, and nothing else."""
    only = scratch + "/only"
    tether(f"--cache={only}", median_file)
    for entry in os.listdir(only):
        if entry.startswith("llvmcache-") and os.path.exists(f"{cache}/{entry}"):
            os.remove(f"{cache}/{entry}")
    shutil.rmtree(only)
    return tether(f"--cache={cache}")


def syntax_of(file):
    """The compile command with our clang, for the front end alone."""
    entry = entries[file]
    command = entry.get("arguments") or shlex.split(entry["command"])
    kept, skip = [], False
    for word in command[1:]:
        if not skip and word not in ("-c", "-o"):
            kept.append(word)
        skip = word == "-o"
    driver = "clang" if file.endswith(".c") else "clang++"
    return run([LLVM + driver, "-fsyntax-only", *kept], entry["directory"])


def syntax_only():
    start = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        all_files = list(pool.map(syntax_of, files))
    return Spent(time.perf_counter() - start, sum(s.processor for s in all_files))


def run_clang_tidy():
    return run([LLVM + "run-clang-tidy", f"-clang-tidy-binary={LLVM}clang-tidy", f"-load={PLUGIN}",
                "-config={}", "-checks=-*,tether-*", f"-j{jobs}", "-quiet", "-p", database(files)])  # fmt: skip


# What one file costs the compiler, to choose one in the middle, and to compare with.
median_file = sorted(files, key=lambda f: syntax_of(f).processor)[len(files) // 2]

measured = {
    "tether check, cold": cold,
    "tether check, warm": warm,
    "tether check, one file changed": one_changed,
    "that file, clang++ -fsyntax-only": lambda: syntax_of(median_file),
    "clang++ -fsyntax-only": syntax_only,
    "run-clang-tidy with the plugin": run_clang_tidy,
}
rounds = {name: [] for name in measured}
for _ in range(RUNS):
    for name, measure in measured.items():
        rounds[name].append(measure())
best = {name: min(all_runs, key=lambda s: s.processor) for name, all_runs in rounds.items()}

print(f"{len(files)} files, {jobs} jobs, best of {RUNS}\n")
print(f"{'':34}{'processor':>11}{'clock':>11}")
for name, spent in best.items():
    clock = min(s.clock for s in rounds[name])
    print(f"{name:34}{spent.processor:9.2f} s{clock:9.2f} s")


def ratio(words, value, target):
    print(f"{words:34}{value:9.3f}   {target}")


whole = best["tether check, cold"]
print()
ratio("cold / clang++ -fsyntax-only", whole.processor / best["clang++ -fsyntax-only"].processor, "<= 0.7")
ratio("cold / run-clang-tidy", whole.processor / best["run-clang-tidy with the plugin"].processor, "<= 0.5")
ratio("warm / cold", best["tether check, warm"].processor / whole.processor, "<= 0.02")
changed = best["tether check, one file changed"].processor
ratio("one changed / cold", changed / whole.processor, "")
own = best["that file, clang++ -fsyntax-only"].processor
ratio("(one changed - its parse) / cold", (changed - own) / whole.processor, "<= 0.02")
reading, checking = stat(whole, "of them reading"), stat(whole, "of them in the checks")
ratio("checks alone / -fsyntax-only", checking / best["clang++ -fsyntax-only"].processor, "<= 0.05")
ratio("checks alone / our own reading", checking / reading, "(which leaves out library bodies)")
skipped = stat(whole, "files that mention nothing")


def findings(*more):
    tether("--format=json", f"--output={scratch}/report", *more)
    with open(f"{scratch}/report") as file:
        return json.load(file)["findings"]


same = "the same" if findings(f"--cache={cache}") == findings("--no-cache", "--no-skip") else "OTHERS"
print(f"{'files not parsed':34}{skipped:9.0f}   {same} findings when all are parsed")

print(f"\n{'files':>8}{'processor':>13}{'a file':>13}{'clock':>11}{'largest process':>20}")
for part in (8, 4, 2, 1):
    some = files[: max(1, len(files) // part)]
    spent = min((tether("--no-cache", of=some) for _ in range(2)), key=lambda s: s.processor)
    each = f"{1000 * spent.processor / len(some):.1f} ms"
    peak = f"{stat(spent, 'MB at most'):.0f} MB"
    print(f"{len(some):8}{spent.processor:11.2f} s{each:>13}{spent.clock:9.2f} s{peak:>20}")
shutil.rmtree(scratch)
