"""keystroke.py SERVER [BUILD FILE]: what the checks add to an edit in an editor.

Two servers of the same program, one with the checks and one whose configuration removes them, get the
same file and the same edits in turn: FILE, as the compile_commands.json in BUILD has it, or by default
one of 2,000 lines that has nothing but threads in it, which is as bad as it gets. Each edit is one key,
in the middle of the file. Measured are

(1) what the server does from the key to the diagnostics of that version: processor time of all its
    threads, and the time on the clock (which holds the moment that clangd waits for more keys);
(2) what comes after, when no other key is pressed: the time on the clock from the key to the findings
    of the checks, and the processor time of that one more rebuild."""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "test/clangd"))
from lsp import Server

LINES = 2000
EDITS = 40
# A configuration that names any check switches clangd's own default checks off, so both have one that
# names these of them.
OTHERS = """bugprone-integer-division, bugprone-sizeof-expression, bugprone-suspicious-missing-comma,
  bugprone-unused-raii, bugprone-unused-return-value, misc-definitions-in-headers, misc-unused-alias-decls,
  misc-unused-using-decls, readability-misleading-indentation"""

# A worker like many, of 40 lines; each copy has its own names.
PART = """\
class Feed{n} {{
public:
  Feed{n}() : Reader{n}([this](std::stop_token Stop) {{ run(Stop); }}) {{}}
  ~Feed{n}() {{ close(); }}
  void put(std::string Text) {{
    std::lock_guard<std::mutex> Held(Lock);
    Waiting.push_back(std::move(Text));
    Changed.notify_one();
  }}
  void close() {{
    {{
      std::lock_guard<std::mutex> Held(Lock);
      Closed = true;
    }}
    Changed.notify_all();
    Reader{n}.request_stop();
  }}
  size_t size() const {{
    std::lock_guard<std::mutex> Held(Lock);
    return Waiting.size() + Taken;
  }}

private:
  void run(std::stop_token Stop) {{
    std::unique_lock<std::mutex> Held(Lock);
    while (!Stop.stop_requested()) {{
      Changed.wait(Held, [this] {{ return Closed || !Waiting.empty(); }});
      if (Closed)
        return;
      Taken += Waiting.front().size();
      Waiting.pop_front();
    }}
  }}
  mutable std::mutex Lock;
  std::condition_variable Changed;
  std::deque<std::string> Waiting;
  size_t Taken = 0;
  bool Closed = false;
  std::jthread Reader{n};
}};
"""
HEAD = "".join(f"#include <{h}>\n" for h in ("condition_variable", "deque", "mutex", "string", "thread"))
MARK = "int edited = 1"


def written():
    parts, n = [HEAD], 0
    while (lines := sum(p.count("\n") for p in parts)) + PART.count("\n") < LINES:
        if MARK not in "".join(parts) and lines >= LINES // 2:
            parts.append(f"void middle() {{\n  {MARK};\n  (void)edited;\n}}\n")
        parts.append(PART.format(n=n))
        n += 1
    return "".join(parts) + "//\n" * (LINES - lines)


def marked(text):
    """The file with a comment where its line in the middle is empty."""
    lines = text.splitlines()
    middle = min(
        (i for i, line in enumerate(lines) if not line and not lines[i - 1].endswith("\\")),
        key=lambda i: abs(i - len(lines) // 2),
    )
    lines[middle] = f"// {MARK}"
    return "\n".join(lines) + "\n"


class Session(Server):
    def __init__(self, folder, config, rebuilds):
        self.rebuilds = rebuilds  # after a pause
        (folder / "clangd").mkdir(parents=True)
        (folder / "clangd" / "config.yaml").write_text(config)
        command = [program, "--log=error", "--background-index=false", f"--compile-commands-dir={build}"]
        environment = os.environ | {"XDG_CONFIG_HOME": str(folder)}
        super().__init__(command, file.parent, subprocess.DEVNULL, env=environment)
        self.version = 1
        self.open(file, text)
        self.shown(file)

    def processor(self):
        """Milliseconds of all threads, to the nanosecond."""
        total = 0
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except OSError:
                pass  # it has ended; what it did before counts nowhere, for both servers
        return total / 1e6

    def edit(self):
        used, start = self.processor(), time.perf_counter()
        self.version += 1
        self.change(file, self.version, [{"range": key, "text": str(self.version % 10)}])
        seen = []
        for _ in range(1 + self.rebuilds):
            diagnostics = self.shown(file, self.version)
            clock = 1000 * (time.perf_counter() - start)
            seen.append((self.processor() - used, clock, len(diagnostics)))
        return seen


program = sys.argv[1]
folder = pathlib.Path(tempfile.mkdtemp(prefix="tether-keystroke-"))
if len(sys.argv) > 2:
    build, file = (pathlib.Path(a).absolute() for a in sys.argv[2:4])
    text = marked(file.read_text())
else:
    build, file, text = folder, folder / "main.cpp", written()
    (folder / "compile_flags.txt").write_text("-std=c++20\n")
before = text[: text.index(MARK) + len(MARK)]
line, end = before.count("\n"), len(before) - before.rfind("\n") - 1
key = {"start": {"line": line, "character": end - 1}, "end": {"line": line, "character": end}}  # the digit
config = f"Diagnostics: {{ClangTidy: {{Add: [{OTHERS}], Remove: [%s]}}}}\n"
plain = Session(folder / "plain", config % "tether-*", rebuilds=0)
ours = Session(folder / "ours", config % "", rebuilds=1)
print(f"{file.name}: {len(text.splitlines())} lines, {EDITS} edits of each")
time.sleep(20)  # clangd reads the standard library for its index
seen = {plain: [], ours: []}
for turn in range(EDITS):
    for server in (plain, ours) if turn % 2 else (ours, plain):
        seen[server].append(server.edit())
print("(1) from a key to the diagnostics:")
for name, column in (("processor", 0), ("clock", 1)):
    without, with_them = (statistics.median(e[0][column] for e in seen[s]) for s in (plain, ours))
    added = statistics.median(o[0][column] - p[0][column] for o, p in zip(seen[ours], seen[plain]))
    print(f"    {name:10} without {without:7.1f} ms, with {with_them:7.1f} ms: "
          f"{added:+.1f} ms, {100 * added / without:+.1f} %   (at most 10 ms or 5 %)")  # fmt: skip
print("(2) when typing has paused:")
print(f"    clock      {statistics.median(e[1][1] for e in seen[ours]):.1f} ms from the last key to the findings")
print(f"    processor  {statistics.median(e[1][0] - e[0][0] for e in seen[ours]):.1f} ms for that rebuild")
print(f"diagnostics: {seen[plain][-1][0][2]} without, {seen[ours][-1][1][2]} with")
for server in (plain, ours):
    server.process.kill()
shutil.rmtree(folder)
