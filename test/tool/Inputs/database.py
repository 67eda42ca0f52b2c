"""database.py ROOT BUILD FILE[:FLAGS]...: writes ROOT/BUILD/compile_commands.json, as CMake with GCC would.
<thread> is that of Inputs/std, which is parsed in no time."""

import json
import pathlib
import sys

root = pathlib.Path(sys.argv[1]).resolve()
build = root / sys.argv[2]
build.mkdir(parents=True, exist_ok=True)
mock = pathlib.Path(__file__).resolve().parent / "std"
entries = []
for arg in sys.argv[3:]:
    file, _, flags = arg.partition(":")
    entries.append({
        "directory": str(build),
        "file": str(root / file),
        "arguments": ["/usr/bin/c++", "-std=c++20", "-isystem", str(mock), "-Werror", "-Wno-such-warning-of-gcc", "-fno-such-option-of-gcc",
                      "-MD", "-MF", "x.d", *flags.split(), "-o", "x.o", "-c", str(root / file)],
    })
(build / "compile_commands.json").write_text(json.dumps(entries, indent=2))
