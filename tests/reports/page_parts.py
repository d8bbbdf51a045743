"""What the tests of the page share: pages made in this process, and what a page's HTML holds."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from kprules.cli import choosing, options
from kprules.cli.loading import Library, Paths
from kprules.cli.main import run
from kprules.comparison.page import Gathered, gathered
from kprules.library.bibliography import Bibliography
from kprules.reports.page.packing import unpacked

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser_path() -> str | None:
    """Return where a Chromium of this machine lies."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def report(folder: Path, *arguments: str) -> str:
    """Run `kprules report` in a folder and return the page."""
    with working_in(folder):
        code = run(["report", *arguments, "-o", "page.html"])
    assert code == 0
    return (folder / "page.html").read_text(encoding="utf-8")


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Work in a folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def shipped_values() -> Gathered:
    """Return what a report on the shipped cases gathers."""
    library = Library(Paths((), ()))
    library.read_cases()
    rules = library.read_rules()
    definitions = choosing.definitions(library, options.Chosen())
    subjects = [choosing.subject(case) for case in library.chosen_cases((), "case")]
    return gathered(definitions, subjects, rules.book.finished)


def bibliography() -> Bibliography:
    """Return the sources that ship."""
    library = Library(Paths((), ()))
    library.read_bibliography()
    return library.bibliography


def data_of(page: str, name: str) -> Any:
    """Return data that a page carries."""
    found = re.search(rf'<script type="text/plain" id="data-{name}">([^<]*)</script>', page)
    assert found is not None
    return unpacked(found[1])


@dataclass
class Element:
    """A tag as a page opens it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Reading(HTMLParser):
    """Reads a page: its elements in order, each with the text right in it."""

    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin."""
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if self.elements:
            self.elements[-1].text += data


def elements_of(page: str) -> list[Element]:
    """Return the elements of a page."""
    reading = Reading()
    reading.feed(page)
    reading.close()
    return reading.elements


# --- hostile text ---------------------------------------------------------------------------------

HOSTILE = "</script><script>globalThis.hacked=1</script><img src=x onerror=globalThis.hacked=1>"
RULES = f"""
definition hostile-one "{HOSTILE} {{{{7*7}}}} {{% raw %}}" {{
  proposer "{HOSTILE}"
  status proposed
  source "{HOSTILE}" <https://example.org/%22%3E?a=1&b='c'>
  note "{{{{ config }}}} {HOSTILE}"
  captures when all of {{
    material "\\" onmouseover=\\"globalThis.hacked=1 {HOSTILE}": goods.material is diamond
    owned "{HOSTILE}": some link in links has link.share_percent > 10
  }}
}}
definition hostile-two amends hostile-one "`${{alert(1)}}`" {{
  replace material "javascript:alert(1) {HOSTILE}" with goods.material is gold
}}
"""
CASE = f"""
case: hostile-case
title: "{HOSTILE} {{{{7*7}}}}"
summary: "<svg onload=globalThis.hacked=1> {HOSTILE}"
tags: ["<b>{HOSTILE}"]
countries: [RUS]
goods:
  material: diamond
actors:
  somebody: {{name: "{HOSTILE}", kinds: [trader]}}
links:
  - actor: somebody
    share_percent:
      contested:
        - {{value: 5, by: [one_side], sources: [s-own]}}
        - {{value: 50, by: [other_side], sources: [s-own]}}
sources:
  s-own: {{title: "{HOSTILE}", publisher: "javascript:alert(1)", url: "https://example.org/?q=<>"}}
"""


def write_hostile(folder: Path) -> None:
    """Write rules and a case whose every text tries to get out of its place."""
    (folder / "rules").mkdir()
    (folder / "cases").mkdir()
    (folder / "rules" / "hostile.kpr").write_text(RULES, encoding="utf-8")
    sound = CASE.replace("?q=<>", "?q='x'")
    (folder / "cases" / "hostile-case.yaml").write_text(sound, encoding="utf-8")
