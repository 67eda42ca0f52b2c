"""The measurements of tool/dev/bench: best of three runs each, alternating, so that all of them see
the same machine."""

import concurrent.futures
import json
import os
import shlex
import subprocess
import sys
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


def tether(*extra):
    command = ["build/bin/tether", "check", "-p", project, f"--jobs={jobs}", "--quiet"]
    run = quiet(command + list(extra))
    if run.returncode not in (0, 1):
        sys.exit(f"tether ended with status {run.returncode}")


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
    "tether check, cold": tether,
    "clang++ -fsyntax-only": syntax_only,
    "clang-tidy with plugin": clang_tidy,
    "clang-tidy without it": clang_tidy_no_checks,
}
best = dict.fromkeys(measured, float("inf"))
for _ in range(RUNS):
    for name, run in measured.items():
        start = time.perf_counter()
        run()
        best[name] = min(best[name], time.perf_counter() - start)

print(f"{len(files)} files, {jobs} jobs, best of {RUNS}")
for name, seconds in best.items():
    print(f"{name:24} {seconds:8.2f} s  {1000 * seconds / len(files):8.1f} ms/file")
cold = best["tether check, cold"]
checks = best["clang-tidy with plugin"] - best["clang-tidy without it"]
print(f"tether / clang++ -fsyntax-only   {cold / best['clang++ -fsyntax-only']:.2f}")
print(f"tether / clang-tidy with plugin  {cold / best['clang-tidy with plugin']:.2f}")
alone = f"{1000 * jobs * checks / len(files):.1f} ms/file of one processor"
print(f"checks alone                     {alone if checks > 0 else 'less than the runs differ'}")
