"""The page: one file that loads nothing and in which no text from outside can act.

Guarantee: every text is escaped by the templates or enters the document as text; the page's policy
names the hashes of its one style and one script and forbids all else; the same content gives the
same bytes. A line in here touches templates and strings.
"""

from __future__ import annotations

import base64
import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kprules.checking.rulebook import Rulebook
from kprules.comparison.answers import Stand
from kprules.comparison.page import Gathered
from kprules.comparison.sharing import Reasons
from kprules.comparison.switches import Switched
from kprules.formula.definition import STATUSES
from kprules.records.shape import SetOf
from kprules.reports import order_pictures
from kprules.reports.matrix_table import status_words
from kprules.reports.page.changes import change_data
from kprules.reports.page.names import Names, in_words
from kprules.reports.page.outcomes import outcome_data
from kprules.reports.page.packing import packed
from kprules.reports.page.reasons import Explanations
from kprules.reports.page.sections import (
    MARKS,
    CaseCard,
    DefinitionCard,
    Dispute,
    Group,
    Row,
    Telling,
    groups,
    rows,
)
from kprules.reports.page.sources import Cited, Sources
from kprules.reports.text import line, several

_STAYS: Final = {"kept", "changed inside"}
_SCRIPTS: Final = ("core.js", "matrix.js", "reasons.js", "changes.js", "start.js")


@dataclass(frozen=True, slots=True)
class Page:
    """What the templates show."""

    title: str
    about: str
    plural: str
    groups: tuple[Group, ...]
    rows: tuple[Row, ...]
    counts: tuple[int, int, int]
    definitions: tuple[DefinitionCard, ...]
    cases: tuple[CaseCard, ...]
    focus: CaseCard | None
    hinge: tuple[Dispute, ...]
    """The disputed facts of the focus on which outcomes hang."""
    disputed: int
    sources: tuple[Cited, ...]
    picture: Markup | None
    """The order as a picture, where there is a library to lay it out."""
    order: tuple[str, ...]
    change: tuple[int, int]
    """The definitions whose difference is shown first."""
    countries: tuple[tuple[str, str], ...]
    statuses: tuple[tuple[str, str], ...]
    sure: bool
    """Whether the period of every case surely includes the day asked for."""


def written(
    gathered: Gathered,
    book: Rulebook,
    bibliography: Mapping[str, Any],
    receipt: Mapping[str, Any],
    following: Callable[[Sequence[Switched]], Iterable[Switched]] = iter,
) -> str:
    """Return the page; `following` may show how far the work is, case by case."""
    with _uncollected():
        return _written(gathered, book, bibliography, receipt, following)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Collect no garbage for a while: there is little, and looking for it takes half the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _written(
    gathered: Gathered,
    book: Rulebook,
    bibliography: Mapping[str, Any],
    receipt: Mapping[str, Any],
    following: Callable[[Sequence[Switched]], Iterable[Switched]],
) -> str:
    names = spelling(gathered, bibliography)
    sources = Sources(bibliography, _own_sources(gathered))
    explanations = _explanations(gathered, names, sources, following)
    page = _page(gathered, book, names, sources)
    outcomes = outcome_data(gathered.switches, names)
    outcomes["sources"] = {
        cited.id: [cited.title, cited.links[0] if cited.links else "", _published(cited)]
        for cited in sources.all()
    }
    environment = _environment()
    style = _asset(environment, "page.css")
    script = "\n".join(_asset(environment, name) for name in _SCRIPTS)
    script = f"(() => {{\n{script}}})();\n"
    return environment.get_template("page.html.jinja").render(
        page=page,
        receipt=receipt,
        policy=policy(style, script),
        css=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - files of this package
        data={
            "outcomes": packed(outcomes),
            "reasons": packed(explanations.data()),
            "changes": packed(change_data(gathered)),
        },
    )


def policy(style: str, script: str) -> str:
    """Return what the browser is told to allow: this style, this script, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("kprules.reports.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _asset(environment: Environment, name: str) -> str:
    """Return the text of a style or script as it lies in the package."""
    loader = environment.loader
    assert loader is not None  # noqa: S101 - given above
    text, _, _ = loader.get_source(environment, name)
    return text


# --- what is gathered, put into words -------------------------------------------------------------


def spelling(gathered: Gathered, bibliography: Mapping[str, Any]) -> Names:
    """Return what spells names as the bibliography and the titles of the cases do."""
    publishers = (str(entry.publisher or "") for entry in bibliography.values())
    return Names.of(_texts(gathered, bibliography), publishers)


def _texts(gathered: Gathered, bibliography: Mapping[str, Any]) -> Iterator[str]:
    for case in gathered.switches.cases:
        yield case.subject.title
        yield getattr(case.subject.record, "summary", None) or ""
    for key in bibliography:
        yield bibliography[key].title


def _own_sources(gathered: Gathered) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for case in gathered.switches.cases:
        own = getattr(case.subject.record, "sources", None)
        if isinstance(own, dict):
            found[case.subject.id] = own
    return found


def _explanations(
    gathered: Gathered,
    names: Names,
    sources: Sources,
    following: Callable[[Sequence[Switched]], Iterable[Switched]],
) -> Explanations:
    vocabulary = gathered.switches.definitions[0].vocabulary
    made = Explanations(vocabulary, names, sources.id)
    reasons = Reasons()
    for case in following(gathered.switches.cases):
        made.add(case, gathered.switches, reasons)
    return made


def _published(cited: Cited) -> str:
    return ", ".join(filter(None, (cited.publisher, cited.date)))


def _page(gathered: Gathered, book: Rulebook, names: Names, sources: Sources) -> Page:
    titles = {c.subject.id: line(c.subject.title) for c in gathered.switches.cases}
    telling = Telling(gathered, names, sources, book, titles)
    columns = groups(gathered)
    shown = rows(gathered, columns)
    cases = tuple(telling.case(case) for case in gathered.switches.cases)
    focus = next((c for c in cases if gathered.focus and c.id == gathered.focus.subject.id), None)
    marks = [mark for row in shown for mark, _ in row.outcomes]
    plural = f"{gathered.about}s"
    definitions = tuple(telling.definition(d) for d in gathered.switches.definitions)
    return Page(
        f"Which {plural} does each wording capture?",
        gathered.about,
        plural,
        columns,
        shown,
        (marks.count(MARKS[0]), marks.count(MARKS[1]), marks.count(MARKS[2])),
        definitions,
        cases,
        focus,
        tuple(d for d in focus.disputes if d.deciding) if focus else (),
        len(gathered.disputed),
        tuple(sources.all()),
        _picture(gathered),
        tuple(_order(gathered)),
        _first_change(gathered),
        _countries(gathered, cases),
        _statuses(gathered),
        all(row.surely for row in shown),
    )


def _picture(gathered: Gathered) -> Markup | None:
    try:
        return Markup(order_pictures.svg(gathered.order))  # noqa: S704 - it escapes its texts
    except order_pictures.MissingExtraError:
        return None


def _order(gathered: Gathered) -> Iterator[str]:
    found = gathered.order
    for group in found.groups:
        if len(group.definitions) > 1:
            yield f"{several([d.id for d in group.definitions])} capture the same"
    for low, high in found.edges:
        yield f"{found.groups[low].name} is narrower than {found.groups[high].name}"
    for left, right in found.undecided:
        yield f"how {left} lies to {right} was not decided"


def _first_change(gathered: Gathered) -> tuple[int, int]:
    """Return the definitions whose difference is shown first.

    The smallest amendment that captures the focus on somebody's facts, where the text that it
    amends does not; else the amendment that differs on the most cases.
    """
    definitions = gathered.switches.definitions
    numbers = {definition.id: index for index, definition in enumerate(definitions)}
    answers = gathered.answers[gathered.focus.subject.id] if gathered.focus else ()
    catches = {a.definition.id for a in answers if a.stand in {Stand.CAPTURES, Stand.DEPENDS}}
    found = []
    for definition in definitions:
        base = next((a for a in definition.ancestors if a in numbers), None)
        if base is not None and definition.id in catches and base not in catches:
            changes = gathered.differences[base, definition.id]
            size = sum(c.kind not in _STAYS for whole in changes for c in whole.walk())
            found.append((size, numbers[base], numbers[definition.id]))
    return min(found)[1:] if found else _greatest_change(gathered)


def _greatest_change(gathered: Gathered) -> tuple[int, int]:
    """Return a definition and one that amends it: the pair that differs on the most cases."""
    definitions = gathered.switches.definitions
    starts = [each.start for each in gathered.switches.readings]
    numbers = {definition.id: index for index, definition in enumerate(definitions)}
    best, most = (0, min(1, len(definitions) - 1)), -1
    for variant, definition in enumerate(definitions):
        base = next((numbers[a] for a in definition.ancestors if a in numbers), None)
        if base is None:
            continue
        rows_ = [case.outcomes(None, "established") for case in gathered.switches.cases]
        differing = sum(row[starts[base]] != row[starts[variant]] for row in rows_)
        if differing > most:
            best, most = (base, variant), differing
    return best


def _countries(gathered: Gathered, cases: tuple[CaseCard, ...]) -> tuple[tuple[str, str], ...]:
    """Return the countries of the cases, by name."""
    field = gathered.switches.definitions[0].vocabulary.root.fields.get("countries")
    if field is None or not isinstance(field.type, SetOf):
        return ()
    shown = {name for case in cases for name in case.countries}
    codes = field.type.member.values
    found = [(code, in_words(code, field.type)) for code in codes]
    return tuple(sorted((pair for pair in found if pair[1] in shown), key=lambda pair: pair[1]))


def _statuses(gathered: Gathered) -> tuple[tuple[str, str], ...]:
    used = {definition.status for definition in gathered.switches.definitions}
    return tuple(
        (status or "none", status_words(status).capitalize())
        for status in (*STATUSES, None)
        if status in used
    )
