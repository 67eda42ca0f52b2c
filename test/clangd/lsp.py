"""Opens a file in a language server as an editor would, and prints what it is shown.

    lsp.py SERVER FILE [ACTION_LINE | --links]

Prints each diagnostic as "LINE:COLUMN: message [code]", each related place as an indented line. With
ACTION_LINE, the titles of the code actions on that line (from 1) follow as "action: title"; with
--links, the page that the editor offers stands below each diagnostic.
"""

import json
import pathlib
import subprocess
import sys
import urllib.parse


class Server:
    """A session, as an editor has it that shows everything."""

    def __init__(self, command, root, stderr=sys.stderr, **more):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": stderr}
        self.process = subprocess.Popen(command, **pipes, **more)
        self.last_id = 0
        information = {
            "publishDiagnostics": {
                "relatedInformation": True,
                "codeActionsInline": False,
                "codeDescriptionSupport": True,
            }
        }
        actions = {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}}
        self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": root.as_uri(),
                "capabilities": {"textDocument": information | actions},
            },
        )
        self.send("initialized", {})

    def send(self, method, params, **more):
        text = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(text) + text)
        self.process.stdin.flush()

    def receive(self):
        length = 0
        while (line := self.process.stdout.readline()) not in (b"\r\n", b""):
            name, value = line.split(b":")
            if name == b"Content-Length":
                length = int(value)
        if not length:
            sys.exit("lsp: the server has gone")
        message = json.loads(self.process.stdout.read(length))
        assert "method" in message or message["id"] == self.last_id, message  # nobody asked for that
        return message

    def wait_for(self, wanted):
        while not wanted(message := self.receive()):
            pass
        return message

    def request(self, method, params):
        self.last_id += 1
        self.send(method, params, id=self.last_id)
        return self.wait_for(lambda m: m.get("id") == self.last_id and "method" not in m)["result"]

    def open(self, path, text=None):
        document = {"uri": path.as_uri(), "languageId": "c" if path.suffix == ".c" else "cpp", "version": 1}
        text = path.read_text() if text is None else text
        self.send("textDocument/didOpen", {"textDocument": document | {"text": text}})

    def change(self, path, version, changes):
        document = {"uri": path.as_uri(), "version": version}
        self.send("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def shown(self, path, version=1):
        """What is published next for that version; other files, like .clangd, may have diagnostics too."""
        seen = lambda params: (urllib.parse.unquote(params.get("uri", "")), params.get("version"))
        wanted = (urllib.parse.unquote(path.as_uri()), version)
        return self.wait_for(lambda m: seen(m.get("params", {})) == wanted)["params"]["diagnostics"]

    def actions(self, path, line, diagnostics):
        here = [d for d in diagnostics if d["range"]["start"]["line"] == line]
        span = here[0]["range"] if here else {k: {"line": line, "character": 0} for k in ("start", "end")}
        request = {"textDocument": {"uri": path.as_uri()}, "range": span, "context": {"diagnostics": here}}
        return [action["title"] for action in self.request("textDocument/codeAction", request)]


def position(place):
    start = place["range"]["start"]
    return f"{start['line'] + 1}:{start['character'] + 1}"


def main():
    path = pathlib.Path(sys.argv[2]).resolve()
    server = Server([sys.argv[1], "--log=error"], path.parent)
    server.open(path)
    diagnostics = server.shown(path)
    for diagnostic in diagnostics:
        print(f"{position(diagnostic)}: {diagnostic['message'].splitlines()[0]} [{diagnostic['code']}]")
        if "--links" in sys.argv and "codeDescription" in diagnostic:
            print(f"  see {diagnostic['codeDescription']['href']}")
        for related in diagnostic.get("relatedInformation", []):
            print(f"  {position(related['location'])}: {related['message']}")
    if len(sys.argv) > 3 and sys.argv[3].isdigit():
        for title in server.actions(path, int(sys.argv[3]) - 1, diagnostics):
            print("action: " + title)
    server.request("shutdown", None)
    # Not "exit": clangd would first finish its index of the standard library, for a quarter of a minute.
    server.process.kill()


if __name__ == "__main__":
    main()
