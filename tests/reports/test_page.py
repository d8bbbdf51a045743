"""The page: its data beside the engine, under every switch; what it may load and run: nothing."""

import base64
import hashlib
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from page_parts import (
    HOSTILE,
    bibliography,
    data_of,
    elements_of,
    report,
    shipped_values,
    write_hostile,
)

from kprules.comparison.answers import Stand, answers, most_disputed
from kprules.comparison.conditions import Conditions
from kprules.comparison.matrix import matrix
from kprules.comparison.page import Gathered
from kprules.comparison.switches import OUTCOMES, STANDARDS, Switched, switches
from kprules.evaluation.outcome import judged
from kprules.evaluation.settling import would_settle
from kprules.evaluation.trace import Outcome, outcome
from kprules.formula.definition import Definition, choose, combinations
from kprules.formula.nodes import Const, Reading
from kprules.records.settle import settle_case
from kprules.records.shape import TEXT
from kprules.reports.clauses import clauses
from kprules.reports.page.names import Names, in_words
from kprules.reports.page.outcomes import choice_in, outcome_in
from kprules.reports.page.packing import packed, unpacked
from kprules.reports.page.reasons import Explanations
from kprules.reports.page.sources import link
from kprules.reports.page.writing import spelling

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def values() -> Gathered:
    """Return what the report on everything that ships gathers."""
    return shipped_values()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the report on everything that ships."""
    return report(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def outcomes(page: str) -> Any:
    """Return the outcomes that the page carries."""
    return data_of(page, "outcomes")


# --- the page beside the engine -------------------------------------------------------------------


def _conditions(values: Gathered) -> Iterator[tuple[int, Switched, str | None, int]]:
    for row, case in enumerate(values.switches.cases):
        for view, standard in product((None, *case.parties), range(len(STANDARDS))):
            yield row, case, view, standard


@pytest.mark.no_cover
def test_every_outcome_of_the_page_is_the_evaluators(values: Gathered, outcomes: Any) -> None:
    """All parties named in a case, both standards, every choice of readings: one by one equal."""
    definitions = values.switches.definitions
    chosen = [[(a, choose(d, a)) for a in combinations(d)] for d in definitions]
    compared = 0
    for row, case, view, standard in _conditions(values):
        settled = settle_case(
            case.subject.record,
            definitions[0].vocabulary,
            view=view,
            standard=STANDARDS[standard],
        )
        for column, choices in enumerate(chosen):
            for asked, judgement in choices:
                found = outcome_in(
                    outcomes, row, column, view=view or "", standard=standard, readings=asked
                )
                assert OUTCOMES[found] is outcome(judgement, settled), (
                    case.subject.id,
                    judgement.id,
                    view,
                    standard,
                    asked,
                )
                compared += 1
    assert compared > 50_000


def test_every_reading_at_once_is_what_the_matrix_says(values: Gathered, outcomes: Any) -> None:
    """`--readings all` and the page agree: captured on all, on none, or undetermined."""
    subjects = [case.subject for case in values.switches.cases]
    for standard, name in enumerate(STANDARDS):
        whole = matrix(values.switches.definitions, subjects, Conditions(name, readings="all"))
        for row, subject in enumerate(whole.subjects):
            for column, reached in enumerate(whole.outcomes[subject.id]):
                found = outcome_in(outcomes, row, column, standard=standard, every=True)
                assert OUTCOMES[found] is reached


def test_readings_asked_of_a_definition_hold_for_those_that_amend_it(
    values: Gathered, outcomes: Any
) -> None:
    """The page chooses among readings as the engine does: the nearest name that is known wins."""
    dice = random.Random(4)
    pool = [
        (f"{definition.id}.{label}", name)
        for definition in values.switches.definitions
        for label, names in definition.readings.items()
        for name in names
    ]
    for _ in range(300):
        asked = dict(dice.sample(pool, dice.randrange(6)))
        for column, readings in enumerate(values.switches.readings):
            number = choice_in(outcomes["definitions"][column], asked)
            wanted = choose(readings.definition, asked).readings
            assert readings.judgements[number].readings == wanted


def test_a_party_that_a_case_does_not_name_sees_it_as_nobody_does(
    values: Gathered, outcomes: Any
) -> None:
    """A view changes nothing where the party says nothing."""
    row, case = next((r, c) for r, c in enumerate(values.switches.cases) if not c.parties)
    for column in range(len(values.switches.definitions)):
        seen = outcome_in(outcomes, row, column, view="ukraine")
        assert seen == outcome_in(outcomes, row, column)
    assert case.outcomes("ukraine", "established") == case.outcomes(None, "established")


class _Told:
    """Reads explanations out of tables, back to nested texts."""

    def __init__(self, data: Any) -> None:
        self.data = data
        self.strings = data["strings"]

    def text(self, number: int) -> str:
        return "" if number < 0 else str(self.strings[number])

    def node(self, number: int) -> Any:
        titles, truth, told, parts, exception = self.data["nodes"][number]
        return (
            [(kind, *map(self.text, rest)) for kind, *rest in titles],
            truth,
            [self.told(n) for n in told],
            [self.node(n) for n in parts],
            exception,
        )

    def told(self, number: int) -> Any:
        facts, wanted, claims, positions, text = self.data["told"][number]
        return (
            [tuple(map(self.text, fact)) for fact in facts],
            self.text(wanted),
            [self.claim(n) for n in claims],
            [(stance, self.claim(claim), denies) for stance, claim, denies in positions],
            self.text(text),
        )

    def claim(self, number: int) -> Any:
        value, evidence, by, sources, deniers = self.data["claims"][number]
        named = [self.data["sources"][n] for n in sources]
        return self.text(value), evidence, [*map(self.text, by)], named, [*map(self.text, deniers)]

    def settles(self, number: int) -> Any:
        if number < 0:
            return None
        sets, more = self.data["settles"][number]
        return [(c, [tuple(map(self.text, f)) for f in facts]) for c, facts in sets], more

    def entry(self, row: int, seen: int, column: int) -> Any:
        entry = self.data["rows"][row][seen][column]
        return self.data["rows"][row][entry][column] if isinstance(entry, int) else entry


@pytest.mark.no_cover
def test_explanations_are_those_of_a_judgement_of_its_own(values: Gathered, page: str) -> None:
    """Telling what is shared once leaves every explanation, and what settles it, as it is alone.

    One condition in twenty-three is tried, others from definition to definition.
    """
    found = _Told(data_of(page, "reasons"))
    names = spelling(values, bibliography())
    vocabulary = values.switches.definitions[0].vocabulary
    tried = 0
    for row, case, view, standard in _conditions(values):
        seen = case.under[view, STANDARDS[standard]]
        settled = settle_case(
            case.subject.record, vocabulary, view=view, standard=STANDARDS[standard]
        )
        for column, readings in enumerate(values.switches.readings):
            explanations, settles = found.entry(row, seen, column)
            for number, judgement in enumerate(readings.judgements):
                tried += 1
                if tried % 23:
                    continue
                result = judged(judgement, settled)
                alone = Explanations(vocabulary, names, _source_id(case))
                alone.case = case.subject.id
                wanted = [alone.node(c) for c in clauses(result.decisive, vocabulary)]
                told = explanations if isinstance(explanations, int) else explanations[number]
                shown = found.data["explanations"][told]
                own = _Told(unpacked(packed(alone.data())))
                assert [*map(found.node, shown)] == [*map(own.node, wanted)]
                if number == 0 and tried % 5 == 0 and result.outcome is Outcome.UNDETERMINED:
                    settling = alone.settling(would_settle(result))
                    own = _Told(unpacked(packed(alone.data())))
                    assert found.settles(settles) == own.settles(settling)
    assert tried > 50_000


def _source_id(case: Switched) -> Any:
    own = case.subject.record.sources
    return lambda id_, key: f"{id_}.{key}" if key in own else key


# --- what it says at first sight ------------------------------------------------------------------


def test_the_page_begins_with_the_case_on_which_parties_part_most(
    values: Gathered, page: str
) -> None:
    """Whose facts are taken decides most often on the war against Ukraine; the page says how."""
    assert values.focus is most_disputed(values.switches)
    assert values.focus is not None
    assert values.focus.subject.id == "rus-ukr-2022"
    shown = page[page.index('id="sight"') : page.index('id="matrix"')]
    assert "At first sight: Russian rough diamonds" in shown
    for answer in values.answers["rus-ukr-2022"]:
        if answer.stand is Stand.DEPENDS:
            assert f"<code>{answer.definition.id}</code>" in shown


def test_an_answer_is_read_off_the_outcomes(values: Gathered) -> None:
    """With state actors added: open on established facts, captured as Ukraine sees them."""
    focus = values.focus
    assert focus is not None
    by_id = {a.definition.id: a for a in answers(values.switches, focus)}
    west = by_id["west-2022"]
    assert (west.stand, west.established) == (Stand.DEPENDS, Outcome.UNDETERMINED)
    assert west.views["ukraine"] is Outcome.CAPTURED
    assert west.views["russia"] is Outcome.NOT_CAPTURED
    assert "ukraine" in west.parties(Outcome.CAPTURED)
    assert "ang-unita-1992-2002" in west.besides
    assert by_id["kpcs-core-2002"].stand is Stand.SPARES


def test_wordings_that_capture_other_goods_of_that_origin_are_named(
    values: Gathered, page: str
) -> None:
    """A list of firms does not capture a war's stones, but those of the firm that it names."""
    by_id = {answer.definition.id: answer for answer in values.answers["rus-ukr-2022"]}
    assert by_id["us-list-alrosa"].stand in {Stand.OPEN, Stand.SPARES}
    assert "rus-alrosa-us-listed-2022" in by_id["us-list-alrosa"].akin
    assert "ang-unita-1992-2002" not in by_id["west-2022"].akin
    shown = page[page.index('id="akin"') :]
    shown = shown[: shown.index("</table>")]
    assert "Captures from Russia, on established facts" in shown
    for id_, answer in by_id.items():
        spared = answer.stand in {Stand.OPEN, Stand.SPARES}
        assert (f"<code>{id_}</code>" in shown) is (spared and bool(answer.akin))
    for id_ in ("us-list-alrosa", "eu-list-alrosa", "us-eo14114-2024", "eu-russia-2024"):
        assert f"<code>{id_}</code>" in shown


def test_disputed_facts_name_who_claims_what(page: str) -> None:
    """The proceeds of the war: Ukraine and others say one thing, Russia another."""
    shown = page[page.index('id="disputed"') : page.index('id="definitions"')]
    assert "What the proceeds pay for" in shown
    assert "<b>Ukraine, United Kingdom, United States, Canada, European Union and Pact</b>" in shown
    assert "<b>Russia</b>: nothing" in shown


def test_the_first_difference_shown_is_the_smallest_that_catches_the_focus(page: str) -> None:
    """From the core to the wording that only adds state actors."""
    chosen = [e for e in elements_of(page) if e.tag == "option" and "selected" in e.attributes]
    assert [e.text.rpartition("(")[2] for e in chosen] in (
        ["kpcs-core-2002)", "ukraine-2022)"],
        ["kpcs-core-2002)", "west-2022)"],
    )


# --- one file, and nothing else -------------------------------------------------------------------


def test_the_page_is_small_and_whole(page: str, values: Gathered) -> None:
    """Under two megabytes; every pair has its word in the table without any script."""
    assert len(page.encode()) < 2 * MEGABYTE
    marks = [e for e in elements_of(page) if e.tag == "td" and e.attributes.get("class")]
    cells = [e for e in marks if e.attributes["class"] in {"n", "u", "c"}]
    assert len(cells) == len(values.switches.cases) * len(values.switches.definitions)
    words = re.findall(r'<td class="c"><i>([^<]*)</i>', page)
    numbers = [case.outcomes(None, "established") for case in values.switches.cases]
    starts = [each.start for each in values.switches.readings]
    assert len(words) == sum(row[start] == 2 for row in numbers for start in starts)
    assert {"captured", "barred"} <= set(words)


def test_the_page_loads_nothing_and_runs_only_what_its_policy_names(page: str) -> None:
    """One style, one script, both by hash; no other address than links that a reader follows."""
    elements = elements_of(page)
    policy = next(e for e in elements if "http-equiv" in e.attributes).attributes["content"]
    rules = dict(part.split(" ", 1) for part in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    assert "unsafe" not in policy
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert len(bodies) == 1
        digest = base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    for element in elements:
        assert element.tag not in {"link", "img", "iframe", "object", "embed", "base", "form"} or (
            element.tag == "form" and "action" not in element.attributes
        )
        assert not {"src", "srcset", "style", "srcdoc", "data", "background"} & set(
            element.attributes
        )
        assert not any(name.startswith("on") for name in element.attributes)
        href = element.attributes.get("href", "#")
        assert href.startswith(("#", "https://", "http://"))
        if element.tag == "script" and "type" in element.attributes:
            assert element.attributes["type"] == "text/plain"
    style = next(e for e in elements if e.tag == "style").text
    assert "url(" not in style
    assert "@import" not in style
    script = next(e for e in elements if e.tag == "script" and not e.attributes).text
    for word in ("fetch(", "XMLHttpRequest", "innerHTML", "outerHTML", "eval(", "import(",
                 "document.write", "insertAdjacentHTML", "new Function"):  # fmt: skip
        assert word not in script


def test_every_link_inside_the_page_leads_somewhere(page: str) -> None:
    """Ids are unique, and each link to one finds it."""
    elements = elements_of(page)
    ids = [e.attributes["id"] for e in elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    links = {e.attributes["href"][1:] for e in elements if e.attributes.get("href", "")[:1] == "#"}
    assert links <= set(ids)


def test_every_control_and_table_has_a_name(page: str) -> None:
    """What a screen reader says of inputs, headings of tables, sections and the page's language."""
    elements = elements_of(page)
    assert next(e for e in elements if e.tag == "html").attributes["lang"] == "en"
    for element in elements:
        if element.tag == "th":
            assert "scope" in element.attributes
        if element.tag == "section":
            assert element.attributes["aria-labelledby"] in page
    labelled = _Labels()
    labelled.feed(page)
    assert labelled.bare == []


class _Labels(HTMLParser):
    """Finds controls outside of any label."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.bare: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag == "label"
        if tag in {"input", "select"} and not self.depth:
            self.bare.append(str(attrs))

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "label"


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    """Whatever order sets and hashes take in a run of the program."""
    pages = []
    for seed in ("1", "2"):
        file = tmp_path / f"{seed}.html"
        subprocess.run(
            [sys.executable, "-m", "kprules", "report", "--only", "kpcs-core-2002,west-2022,eu-*",
             "-o", str(file)],
            check=True, capture_output=True, cwd=Path(__file__).parents[2],
            env={"PYTHONHASHSEED": seed, "KPRULES_CACHE": "", "PATH": ""},
        )  # fmt: skip
        pages.append(file.read_bytes())
    assert pages[0] == pages[1]


# --- hostile text ---------------------------------------------------------------------------------


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    """Tags, quotes, template syntax and addresses in every field: escaped, and read back whole."""
    write_hostile(tmp_path)
    page = report(tmp_path, "--rules", "rules", "--cases", "cases")
    elements = elements_of(page)
    assert [e.tag for e in elements if e.tag in {"img", "b"}].count("img") == 0
    assert sum(e.tag == "script" for e in elements) == 4
    assert not any(n.startswith("on") for e in elements for n in e.attributes)
    assert "49" not in next(e.text for e in elements if e.tag == "summary")
    titles = [
        e.text for e in elements if e.tag == "a" and e.attributes.get("href") == "#c-hostile-case"
    ]
    assert any(HOSTILE in title and "{{7*7}}" in title for title in titles)
    for element in elements:
        assert element.attributes.get("href", "#").startswith(("#", "https://"))
    outcomes = data_of(page, "outcomes")
    assert HOSTILE in outcomes["cases"][0]["title"]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
        'https://x" onclick="y', "https://x'y", "http://x y", "//example.org", "ftp://x", "",
        "https://x<y>", None,
    ],
)  # fmt: skip
def test_only_sound_links_are_links(url: str | None) -> None:
    """Nothing but http and https, without quotes, angles and blanks."""
    assert link(url) == ""
    assert link("https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"


def test_of_too_many_readings_only_the_customary_one_is_kept(values: Gathered) -> None:
    """Seven pairs of readings are 128 choices; the page says that it holds one."""
    vocabulary = values.switches.definitions[0].vocabulary
    reading = [
        Reading(f"label{n}", (("yes", Const(value=True)), ("no", Const(value=False))))
        for n in range(7)
    ]
    many = Definition(
        "too-many", "t", "case", reading[0], tuple(reading[1:]), vocabulary=vocabulary
    )
    found = switches([many], [values.switches.cases[0].subject])
    assert [len(each.judgements) for each in found.readings] == [1]
    assert not found.readings[0].whole
    about = {"whole": False, "readings": [["label0", "", ["yes", "no"]]], "owners": ["too-many"]}
    assert choice_in(about, {"too-many.label0": "no"}) == 0


def test_names_take_their_capitals_from_publishers_and_titles() -> None:
    """A name reads as its bearer writes it; what no text has is a name, or initials."""
    titles = ["The UN Panel of Experts", "the panel on diamond crime", "Ex-Séléka at willum.com"]
    publishers = ["World Diamond Council", "InSight Crime; Mail & Guardian (copy)", "RAID"]
    names = Names.of([*titles, "A raid, a Raid, a Raid"], publishers)
    for party, shown in {
        "un_panel_of_experts": "UN Panel of Experts",
        "un_panel_of_experts_caf": "UN Panel of Experts CAF",
        "world_diamond_council": "World Diamond Council",
        "insight_crime": "InSight Crime",
        "mail_and_guardian": "Mail & Guardian",
        "raid": "RAID",
        "der_spiegel": "Der Spiegel",
        "bjorn_willum": "Bjorn Willum",
        "diamond_industry": "Diamond Industry",
        "seleka_ministers": "Séléka Ministers",
        "the_council_on_crime": "The Council on Crime",
        "cnrg": "CNRG",
    }.items():
        assert names.show(party) == shown


def test_values_of_closed_lists_are_told_in_words(values: Gathered) -> None:
    """Underscores, braces and codes are for files; free text stays as it is."""
    vocabulary = values.switches.definitions[0].vocabulary
    countries = vocabulary.root.fields["countries"].type
    finances = vocabulary.shape_of("link").fields["finances"].type
    assert in_words("{RUS, UKR}", countries) == "Russia, Ukraine"
    assert in_words("any of {army_budget, arms}", finances) == "any of army budget, arms"
    assert in_words("{}", finances) == "nothing"
    assert in_words("a_b {c}", TEXT) == "a_b {c}"
