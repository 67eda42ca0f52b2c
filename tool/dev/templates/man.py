"""man.py TETHER: the manual page, made from what the tool prints as its help."""

import re
import subprocess
import sys

tool = sys.argv[1]


def help_of(*words):
    return subprocess.run([tool, *words, "--help"], capture_output=True, text=True, check=True).stdout


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text)


def options(text):
    """[(spelling, value, description, [(value, description)])]"""
    found = []
    for line in text.splitlines():
        if match := re.match(r"  (-[\w-]+)(?:[= ]<(.*?)>)? +- (.*)", line):
            found.append((match[1], match[2] or "", match[3], []))
        elif match := re.match(r"    =(\S+)(?: +- +(.*))?", line):
            found[-1][3].append((match[1], match[2] or ""))
    return [o for o in found if not o[0].startswith("--help") and o[0] != "--version"]


def print_options(text):
    for spelling, value, description, values in options(text):
        print(".TP")
        joint = "=" if spelling.startswith("--") else " "
        shown = roff(spelling) + (f"{joint}\\fI{roff(value)}\\fB" if value else "")
        print(f".B {shown}")
        print(roff(description))
        for name, meaning in values:
            print(f".br\n\\fB{roff(name)}\\fR" + (f": {roff(meaning)}" if meaning else ""))


main = help_of()
verbs = re.findall(r"^  ([a-z]+) +- (.*)", main, re.M)

print(f""".\\" Made by tool/dev/docs from the tool's help; do not edit.
.TH TETHER 1 "" "Tether" "User Commands"
.SH NAME
tether \\- find threads, waits and tasks that nobody can stop
.SH SYNOPSIS""")
for name, _ in verbs:
    usage = re.search(r"^USAGE: tether \S+ \[options\] ?(.*)", help_of(name), re.M)
    print(f".B tether {name}\n[\\fIoptions\\fR] {roff(usage[1] if usage else '')}\n.br")
print(""".SH DESCRIPTION
Tether is a set of clang\\-tidy checks for C and C++, and this tool that runs them over whole
projects.
It reports threads that are detached or never joined, waits that nothing wakes, stop requests that
nobody makes, and channels that are left with a sender waiting.""")
print(".SH COMMANDS")
for name, description in verbs:
    print(f".TP\n.B {name}\n{roff(description[0].upper() + description[1:])}.")
for name, _ in verbs:
    if options(help_of(name)):
        print(f".SH OPTIONS OF {name.upper()}")
        print_options(help_of(name))
print(".SH EXIT STATUS")
status = re.search(r"EXIT STATUS: (.*)", main)[1]
for part in status.split(", "):
    number, text = part.split(" ", 1)
    print(f".TP\n.B {number}\n{roff(text[0].upper() + text[1:])}.")
print(""".SH ENVIRONMENT
.TP
.B NO_COLOR
No colours unless
.B \\-\\-color=always
is given.
.TP
.B XDG_CACHE_HOME
Holds the cache, in
.IR tether .
.SH FILES
.TP
.I .clang\\-tidy
Checks and their options, found upwards from the analysed file as clang\\-tidy does.
.TP
.I .tether.yaml
API table of a project, found the same way.
.SH EXAMPLES
.nf
tether check \\-p build
tether check \\-p build \\-\\-format=sarif \\-\\-output=out.sarif src/
tether check \\-\\-diff=origin/main
tether check \\-\\-baseline=tether.baseline \\-\\-write\\-baseline
tether check main.c \\-\\- \\-std=c11 \\-Iinclude
clang\\-tidy \\-load libtether\\-tidy.so \\-checks='\\-*,tether\\-*' main.cpp
.fi
.SH SEE ALSO
.BR clang\\-tidy (1),
.BR clangd (1),
.BR git\\-diff (1)""")
