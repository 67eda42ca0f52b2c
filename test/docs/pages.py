"""Tests the pages of the checks: pages.py PAGES TEMP CLANG-TIDY-COMMAND...

A page's code blocks say what its check does with them. In a block that starts with ```cpp bad it
reports exactly the lines that contain "// warning"; in one with ```cpp ok, nothing. A language
standard may follow (```cpp ok c++17), and `c` stands for C. A yaml block whose first line is
"# .tether.yaml" is the model for all of its page.
"""

import concurrent.futures
import pathlib
import re
import subprocess
import sys

BLOCK = re.compile(r"^```(cpp|c) (bad|ok)(?: (\S+))?\n(.*?)^```$", re.M | re.S)
MODEL = re.compile(r"^```yaml\n(# \.tether\.yaml\n.*?)^```$", re.M | re.S)
FENCE = re.compile(r"^```[^\n]", re.M)
MARK = "// warning"

pages, temp, tidy = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]


def blocks_of(page):
    """The blocks as (page, line, language, verdict, standard, code); what is wrong with the page."""
    text = page.read_text()
    found = [(page, text.count("\n", 0, m.start()) + 1, *m.groups()) for m in BLOCK.finditer(text)]
    wrong = [
        f"{page.name}: no '{v}' block" for v in ("bad", "ok") if not any(b[3] == v for b in found)
    ]
    wrong += [
        f"{page.name}:{line}: a {verdict} block with {code.count(MARK)} '{MARK}'"
        for _, line, _, verdict, _, code in found
        if (verdict == "bad") != (MARK in code)
    ]
    known = len(found) + len(re.findall(r"^```(yaml|console|sh)\n", text, re.M))
    if known != len(FENCE.findall(text)):
        wrong.append(f"{page.name}: a block that is neither bad nor ok code, nor yaml or console")
    (temp / page.stem).mkdir(parents=True, exist_ok=True)
    model = MODEL.search(text)
    if model:
        (temp / page.stem / ".tether.yaml").write_text(model[1])
    return found, wrong


def try_block(block):
    page, line, language, _, standard, code = block
    file = temp / page.stem / f"line{line}.{language}"
    file.write_text(code)
    flags = [f"-std={standard or {'cpp': 'c++20', 'c': 'c11'}[language]}"]
    run = subprocess.run([*tidy, file, "--", *flags], capture_output=True, text=True)
    said = re.findall(rf"^\S*{file.name}:(\d+):\d+: (\w+): (.*)$", run.stdout, re.M)
    here = f"{page.name}:{line}"
    if run.returncode != 0:
        return [f"{here}: clang-tidy failed:\n{run.stdout}{run.stderr}"]
    reported = {int(n): t for n, kind, t in said if kind == "warning" and f"[tether-{page.stem}]" in t}
    marked = {n for n, text in enumerate(code.splitlines(), 1) if MARK in text}
    wrong = [f"{page.name}:{line + n}: not expected: {reported[n]}" for n in reported if n not in marked]
    return wrong + [f"{page.name}:{line + n}: no warning" for n in marked if n not in reported]


failures, blocks = [], []
for path in sorted(pages.glob("*.md")):
    if path.name != "README.md":
        found, wrong = blocks_of(path)
        blocks += found
        failures += wrong
with concurrent.futures.ThreadPoolExecutor() as pool:
    for wrong in pool.map(try_block, blocks):
        failures += wrong
print(*failures, f"{len(blocks)} blocks, {len(failures)} failures", sep="\n")
sys.exit(bool(failures))
