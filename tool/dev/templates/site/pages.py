"""What the pages need on their way to HTML: they are written for people who read plain Markdown."""

import pathlib
import re

import mkdocs.structure.files

# `cpp bad`: the second word is for the tests, and worth showing.
MARKS = {"bad": "reported", "ok": "not reported"}


def on_config(config):
    """Each check has its place in the navigation, without a list kept by hand."""
    for section in config.nav:
        if section.get("Checks") == "checks/README.md":
            pages = sorted(p.name for p in pathlib.Path(config.docs_dir, "checks").glob("[a-z]*.md"))
            section["Checks"] = [{"All of them": "checks/README.md"}]
            section["Checks"] += [{page.removesuffix(".md"): f"checks/{page}"} for page in pages]
    return config


def on_files(files, config):
    css = str(pathlib.Path(__file__).parent)
    files.append(mkdocs.structure.files.File("site.css", css, config.site_dir, False))
    return files


def on_page_markdown(markdown, **_):
    def fence(match):
        mark = MARKS.get(match[2].split()[0])
        label = f'<p class="{match[2].split()[0]}">{mark}</p>\n\n' if mark else ""
        return f"{label}```{match[1]}"

    return re.sub(r"^```(\w+) +(\S.*)$", fence, markdown, flags=re.M)
