"""What may know what: the rules of docs/design that a compiler does not enforce.

    layering.py ROOT      prints each violation as file:line: text; exit status 1 if there is one
"""

import pathlib
import re
import sys

# A layer includes itself and what stands before it; a pair on one line does not see each other.
LAYERS = [["model"], ["flow"], ["summary"], ["protocol"], ["report", "fix"], ["rules"]]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
# Files directly in checks/: the first layer that may include them.
TOP = {"Versions.h": "model", "Embedded.h": "model", "Check.h": "rules", "Registry.h": "rules"}
MAX_RULE_LINES = 150

root = pathlib.Path(sys.argv[1])
problems = []


def problem(path, line, text):
    problems.append(f"{path.relative_to(root)}:{line}: {text}")


def sources(directory):
    return sorted(p for p in (root / directory).rglob("*") if p.suffix in (".h", ".cpp"))


def code_lines(path):
    """Lines without comments; strings stay."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        yield number, re.sub(r"(^|\s)//.*", "", line)


def includes(path):
    for number, line in code_lines(path):
        if match := re.match(r'\s*#\s*include\s+["<]([^">]+)[">]', line):
            yield number, match.group(1)


def check_layer(path, layer):
    for number, name in includes(path):
        other = name.split("/")[0]
        if "/" in name and other in RANK:
            if other != layer and RANK[other] >= RANK[layer]:
                problem(path, number, f"{layer}/ must not include {other}/")
        elif name in TOP and RANK[TOP[name]] > RANK[layer]:
            problem(path, number, f"{layer}/ must not include {name}")
        if "clang/Analysis/CFG" in name and layer != "flow":
            problem(path, number, "only flow/ uses clang::CFG")
    for number, line in code_lines(path):
        if layer != "model" and not line.lstrip().startswith("#"):
            strings = re.findall(r'"(?:[^"\\]|\\.)*"', line)
            if any(re.search(r"\w::\w", text) for text in strings):
                problem(path, number, "a qualified name in a string: name libraries in model/ only")
            if re.search(r"get(QualifiedName|Name)(AsString)?\(\)\s*==", line):
                problem(path, number, "a name is compared: only model/ knows names")
        if path.name not in ("Emit.cpp", "Emit.h") and re.search(r"\bdiag\(", line):
            problem(path, number, "diag() outside report/Emit.cpp")


def check_rule(path):
    text = path.read_text()
    if (lines := len(text.splitlines())) > MAX_RULE_LINES:
        problem(path, lines, f"a rule has at most {MAX_RULE_LINES} lines")
    ids = re.findall(r'\.Id = "([^"]+)"', text)
    if len(ids) != 1:
        return problem(path, 1, 'a rule has one `.Id = "..."`')
    name = "".join(part.capitalize() for part in ids[0].split("-"))
    if path.stem != name or f"class {name} " not in text or f"REGISTER_CHECK({name})" not in text:
        problem(path, 1, f"file, class and registration of '{ids[0]}' are named {name}")
    if not (root / f"docs/checks/{ids[0]}.md").is_file():
        problem(path, 1, f"docs/checks/{ids[0]}.md is missing")
    if not list((root / f"test/checks/{ids[0]}").glob("*.c*")):
        problem(path, 1, f"test/checks/{ids[0]}/ has no test")
    return ids[0]


for layer in RANK:
    for path in sources(f"checks/{layer}"):
        check_layer(path, layer)
for path in sources("checks/rules"):
    if path.suffix != ".cpp":
        problem(path, 1, "a rule is one .cpp")

ids = {check_rule(path) for path in sources("checks/rules")}
for page in sorted((root / "docs/checks").glob("*.md")):
    if page.stem not in ids | {"README"}:
        problem(page, 1, "a page without a rule")
for directory in sorted((root / "test/checks").glob("*")):
    if directory.name not in ids:
        problem(directory, 1, "tests without a rule")

# The tool knows the checks through one file.
users = {}
for path in sources("tool"):
    if "templates" in path.parts:
        continue
    for number, name in includes(path):
        if (root / "checks" / name.removeprefix("checks/")).is_file():
            users.setdefault(path, number)
for path, number in users.items():
    if path.parent.name != "engine" or len(users) > 1:
        problem(path, number, "tool/ includes checks/ in one file of engine/ only")

print("\n".join(problems))
sys.exit(1 if problems else 0)
