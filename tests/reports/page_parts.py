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
