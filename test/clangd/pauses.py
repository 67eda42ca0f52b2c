"""Types into files in tether-clangd and looks at what is shown, at once and after a pause.

    pauses.py SERVER FOLDER [OPTION...]

FOLDER has the files that pauses.test writes. Nothing here depends on how long anything takes: what is
shown while somebody types comes before what is shown after the pause, and that comes at some time."""

import json
import pathlib
import random
import sys
import threading

from lsp import Server

program, folder, *options = sys.argv[1:]
folder = pathlib.Path(folder).resolve()
(folder / "header" / "compile_commands.json").write_text(
    json.dumps([{"directory": str(folder / "header"), "file": "main.cpp", "command": "c++ -std=c++20 main.cpp"}])
)


def session():
    server = Server([program, *options], folder)
    guard = threading.Timer(120, server.process.kill)  # instead of waiting for ever
    guard.daemon = True
    guard.start()
    return server


class File:
    """A file that is open in an editor."""

    def __init__(self, server, name):
        self.server, self.path = server, folder / name
        self.text = self.path.read_text()
        self.version = 1
        server.open(self.path)

    def send(self, changes):
        self.version += 1
        self.server.change(self.path, self.version, changes)

    def position(self, offset):
        before = self.text[:offset]
        return {"line": before.count("\n"), "character": offset - before.rfind("\n") - 1}

    def replace(self, start, end, text):
        at = {"start": self.position(start), "end": self.position(end)}
        self.text = self.text[:start] + text + self.text[end:]
        self.send([{"range": at, "text": text}])

    def edit(self, old, new):
        start = self.text.index(old)
        self.replace(start, start + len(old), new)

    def notify(self, method, **more):
        self.server.send(f"textDocument/{method}", {"textDocument": {"uri": self.path.as_uri()}, **more})

    def shown(self):
        """What is shown next for the version that the editor has."""
        return self.server.shown(self.path, self.version)

    def settles(self, *wanted):
        """Waits until that is shown; fails when something else is shown instead, which never changes."""
        while ours(diagnostics := self.shown()) != sorted(wanted):
            print(f"{self.path.name}: {ours(diagnostics)}", file=sys.stderr)
        return diagnostics


def ours(diagnostics):
    found = [(d["range"]["start"]["line"] + 1, d["code"]) for d in diagnostics]
    return sorted(f"{line} {code.removeprefix('tether-')}" for line, code in found if code.startswith("tether-"))


def same(seen, *wanted):
    assert ours(seen) == sorted(wanted), f"{ours(seen)}, not {sorted(wanted)}"
    return seen


def notes(diagnostics):
    return [n["location"]["range"]["start"]["line"] + 1 for d in diagnostics for n in d["relatedInformation"]]


server = session()

# Opening shows everything.
main = File(server, "plain/main.cpp")
before = same(main.shown(), "4 detached-thread", "7 unjoined-thread")

# While somebody types, what was found stays with its lines, and nothing new is looked for;
main.edit("void work();\n", "void work();\n// new\n\nvoid more_bad() { std::thread(work).detach(); }\n")
typed = same(main.shown(), "7 detached-thread", "10 unjoined-thread")
assert notes(before) and notes(typed) == [line + 3 for line in notes(before)], (notes(before), notes(typed))
# after a pause, it is.
settled = main.settles("5 detached-thread", "7 detached-thread", "10 unjoined-thread")

# What an edit repairs goes with the pause, what it touches at once; the rest of a line moves, too.
main.edit("  if (Now)\n    return;\n", "")
main.edit("thread(work).detach(); }", "thread(work).join(); }")
same(main.shown(), "7 detached-thread", "10 unjoined-thread")
main.settles("7 detached-thread")
main.edit("start_bad() {\n  ", "start_bad() {\n \t /* ü */ ")
(typed,) = same(main.shown(), "7 detached-thread")
(settled,) = main.settles("7 detached-thread")
for field in ("range", "message", "code", "codeDescription"):
    assert typed[field] == settled[field], (typed, settled)

# A fix is offered again.
order = File(server, "plain/order.cpp")
same(order.shown(), "4 thread-member-order")
order.edit("class", "int Unused;\nclass")
same(order.shown(), "5 thread-member-order")
settled = order.settles("5 thread-member-order")
assert any("before" in title or "move" in title for title in server.actions(order.path, 4, settled)), "no fix"

# The whole text at once.
order.text = "\n\n" + order.text
order.send([{"text": order.text}])
same(order.shown(), "5 thread-member-order")
order.settles("7 thread-member-order")

# Saving does not wait, and a change may be none.
order.edit("#include <mutex>\n", "\n#include <mutex>\n")
order.notify("didSave")
order.settles("8 thread-member-order")
order.edit("class", "class")
order.notify("didSave")
order.settles("8 thread-member-order")

# Several files at once, and one whose name is not plain.
odd = File(server, "plain/ö + %41.cpp")
same(odd.shown(), "3 detached-thread")
main.edit("#include", "\n#include")
odd.edit("#include", "\n\n#include")
odd.settles("5 detached-thread")
main.edit("\n#include", "#include")
main.settles("7 detached-thread")

# What does not compile is not checked: what was found before stays, after the pause, too.
odd.edit("void start", "void broken( { ]\nvoid start")
same(odd.shown(), "6 detached-thread")
same(odd.shown(), "6 detached-thread")
odd.edit("void broken( { ]\n", "")
odd.settles("5 detached-thread")

# A header whose command is that of the file which includes it.
includer = File(server, "header/main.cpp")
includer.shown()
header = File(server, "header/feed.h")
same(header.shown(), "4 detached-thread")
header.edit("#pragma once", "#pragma once\n")
same(header.shown(), "5 detached-thread")
header.edit("detach", "join")
header.settles()

# Every word of the user's counts all the time.
some = File(server, "some/main.cpp")
same(some.shown(), "7 unjoined-thread")
some.edit("\nvoid work();", "\nvoid work();\n")
same(some.shown(), "8 unjoined-thread")
some.settles("8 unjoined-thread")
none = File(server, "none/main.cpp")
for _ in range(3):
    same(none.shown())
    none.edit("\nvoid work();", "\nvoid work();\n")

# Closed while it waits for the pause, and opened again.
main.edit("#include", "\n#include")
main.notify("didClose")
main.path.write_text(main.text)
main = File(server, "plain/main.cpp")
same(main.shown(), "8 detached-thread")

# However somebody types, in the end the file is shown as if it had just been opened.
random.seed(6)
for _ in range(30):
    start, length = random.randrange(len(main.text)), random.choice((0, 0, 1, 5, 40))
    main.replace(start, min(start + length, len(main.text)), random.choice(("y", "x", "\n", "};\n", "// ü\n")))
    if random.random() < 0.3:
        main.shown()
main.replace(0, len(main.text), "\n" + main.path.read_text())
main.settles("9 detached-thread")

# An end while a pause is waited for is an end.
odd.edit("#include", "\n#include")
server.request("shutdown", None)
server.send("exit", None)
assert server.process.wait() == 0, server.process.returncode
