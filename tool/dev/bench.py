"""The measurements of tool/dev/bench: best of three runs each, alternating, so that all of them see
the same machine."""

import concurrent.futures
import json
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

LLVM = "/usr/lib/llvm-22/bin/"
RUNS = 3

project, jobs = sys.argv[1], int(sys.argv[2])
with open(project + "/compile_commands.json") as file:
    entries = json.load(file)
files = sorted({os.path.join(e["directory"], e["file"]) for e in entries})


def quiet(command, directory=None):
    return subprocess.run(
        command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def syntax_command(entry):
    """The compile command with our clang, for the front end alone."""
    command = entry.get("arguments") or shlex.split(entry["command"])
    kept, skip = [], False
    for word in command[1:]:
        if not skip and word not in ("-c", "-o"):
            kept.append(word)
        skip = word == "-o"
    driver = "clang" if entry["file"].endswith(".c") else "clang++"
    return [LLVM + driver, "-fsyntax-only", "-w", *kept]


def syntax_only():
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda e: quiet(syntax_command(e), e["directory"]), entries))


cache = tempfile.mkdtemp(prefix="tether-bench-")


def tether(*extra):
    command = ["build/bin/tether", "check", "-p", project, f"--jobs={jobs}", "--quiet"]
    run = quiet(command + list(extra))
    if run.returncode not in (0, 1, 3):
        sys.exit(f"tether ended with status {run.returncode}")


def cold():
    shutil.rmtree(cache, ignore_errors=True)
    tether(f"--cache={cache}")


def warm():
    tether(f"--cache={cache}")


def forget_one():
    """As if one file had changed: its own entry goes, and nothing else."""
    known = set(os.listdir(cache))
    with tempfile.TemporaryDirectory() as only:
        tether(f"--cache={only}", files[0])
        for entry in set(os.listdir(only)) & known:
            if entry.startswith("llvmcache-"):
                os.remove(os.path.join(cache, entry))


def one_changed():
    tether(f"--cache={cache}")


def one_alone():
    tether("--no-cache", files[0])


def growth():
    """Seconds for a growing part of the files, without the cache."""
    for part in (8, 4, 2, 1):
        some = files[: max(1, len(files) // part)]
        start = time.perf_counter()
        tether("--no-cache", *some)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        yield len(some), time.perf_counter() - start, peak


def clang_tidy():
    plugin = os.path.abspath("build/lib/libtether-tidy.so")
    command = ["-load", plugin, "-config={}", "-checks=-*,tether-*", "-p", project, "-quiet"]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda f: quiet([LLVM + "clang-tidy", *command, f]), files))


def clang_tidy_no_checks():
    """One check that looks at nothing: what the program around the checks costs."""
    command = ["-config={}", "-checks=-*,llvm-twine-local", "-p", project, "-quiet"]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda f: quiet([LLVM + "clang-tidy", *command, f]), files))


measured = {
    "tether check, cold": cold,
    "tether check, warm": warm,
    "one file changed": one_changed,
    "that file alone": one_alone,
    "clang++ -fsyntax-only": syntax_only,
    "clang-tidy with plugin": clang_tidy,
    "clang-tidy without it": clang_tidy_no_checks,
}
best = dict.fromkeys(measured, float("inf"))
for _ in range(RUNS):
    for name, run in measured.items():
        if run is one_changed:
            forget_one()
        start = time.perf_counter()
        run()
        best[name] = min(best[name], time.perf_counter() - start)

print(f"{len(files)} files, {jobs} jobs, best of {RUNS}")
for name, seconds in best.items():
    print(f"{name:24} {seconds:8.2f} s  {1000 * seconds / len(files):8.1f} ms/file")
all_files = best["tether check, cold"]
checks = best["clang-tidy with plugin"] - best["clang-tidy without it"]
print(f"tether / clang++ -fsyntax-only   {all_files / best['clang++ -fsyntax-only']:.2f}")
print(f"tether / clang-tidy with plugin  {all_files / best['clang-tidy with plugin']:.2f}")
print(f"warm / cold                      {best['tether check, warm'] / all_files:.3f}")
changed = (best["one file changed"] - best["that file alone"]) / all_files
print(f"(one changed - it alone) / cold  {changed:.3f}")
alone = f"{1000 * jobs * checks / len(files):.1f} ms/file of one processor"
print(f"checks alone                     {alone if checks > 0 else 'less than the runs differ'}")
for number, seconds, peak in growth():
    print(f"{number:6} files  {seconds:8.2f} s  {1000 * seconds / number:8.1f} ms/file  {peak} MB at most so far")
shutil.rmtree(cache)
