"""site.py DOCS SITE: each page is there, with its examples as code, and loads nothing from elsewhere."""

import html.parser
import pathlib
import sys

docs, site = map(pathlib.Path, sys.argv[1:])


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.blocks, self.titles, self.loads = 0, 0, []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.blocks += tag == "pre"
        self.titles += tag == "h1"
        if tag in ("script", "img", "iframe") or (tag == "link" and values.get("rel") != "canonical"):
            self.loads.append(values.get("src") or values.get("href") or "")


for source in docs.rglob("*.md"):
    name = source.relative_to(docs)
    folder = name.parent if name.stem == "README" else name.with_suffix("")
    page = Page()
    page.feed((site / folder / "index.html").read_text())
    fences = sum(line.startswith("```") for line in source.read_text().splitlines())
    assert page.titles == 1, f"{name}: {page.titles} titles"
    assert page.blocks >= fences // 2, f"{name}: {page.blocks} blocks of code of {fences // 2}"
    outside = [load for load in page.loads if "://" in load]
    assert not outside, f"{name}: loads {outside}"
