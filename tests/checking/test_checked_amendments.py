"""Amendments: what each kind does to a finished text, and what it refuses to do."""

from typing import Any

import pytest
from drawn_records import record
from hypothesis import given
from hypothesis import strategies as st
from picks import drawn
from reference import outcome
from rulebooks import checked, definition
from shop import Plain

from kprules.checking import Finished
from kprules.formula.definition import choose
from kprules.syntax import tree

BASE = definition(
    """
    captures when all of {
      colour "in red": colour is red
      stock: some i in items where i.open has all of {
        cheap "cheaply": i.size < 10
        tagged: i.tags includes new
      }
      way: reading of { wide: open strict: open and licensed }
    }
    except when shut "closed": not open
    """,
    "base-text",
)


def _amended(*amendments: str) -> str:
    """Return texts in which each set of amendments amends the one before."""
    text = BASE
    for at, body in enumerate(amendments):
        base = "base-text" if at == 0 else f"text-{at}"
        text += definition(body, f"text-{at + 1}", base)
    return text


def _finished(*amendments: str) -> Finished:
    book, problems = checked(_amended(*amendments))
    assert [p.message for p in problems] == []
    return book.finished[f"text-{len(amendments)}"]


def _shown(text: Finished) -> list[str]:
    """Return the finished text as labelled lines, a level of depth each two blanks."""
    lines: list[str] = []
    for clause in (text.captures, *text.exceptions):
        _show(clause, 0, lines)
    return lines


def _show(clause: tree.Clause, depth: int, lines: list[str]) -> None:
    form: tree.Form = clause.form
    head = ""
    while isinstance(form, tree.Quantified):
        head += f"{form.how} {form.variable.text}: "
        form = form.has
    words = f' "{clause.words.text}"' if clause.words else ""
    match form:
        case tree.Group(kind=kind, clauses=clauses):
            inner, said = clauses, f"{kind} of"
        case tree.ReadingOf(clauses=clauses):
            inner, said = clauses, "reading of"
        case _:
            inner, said = (), form.span.text
    lines.append(f"{'  ' * depth}{clause.label.text}{words}: {head}{said} [{clause.origin}]")
    for each in inner:
        _show(each, depth + 1, lines)


WHOLE = [
    "captures: all of [base-text]",
    '  colour "in red": colour is red [base-text]',
    "  stock: some i: all of [base-text]",
    '    cheap "cheaply": i.size < 10 [base-text]',
    "    tagged: i.tags includes new [base-text]",
    "  way: reading of [base-text]",
    "    wide: open [base-text]",
    "    strict: open and licensed [base-text]",
    'shut "closed": not open [base-text]',
]


def _but(changes: dict[int, list[str]]) -> list[str]:
    """Return the base's lines with some of them changed."""
    return [line for at, old in enumerate(WHOLE) for line in changes.get(at, [old])]


KINDS = {
    "replace colour with trim is green": _but({1: ['  colour "in red": trim is green [text-1]']}),
    'replace colour "in green" with trim is green': _but(
        {1: ['  colour "in green": trim is green [text-1]']}
    ),
    "replace stock with any of { cheap: size < 3 tagged: open }": _but(
        {
            2: ["  stock: any of [text-1]"],
            3: ["    cheap: size < 3 [text-1]"],
            4: ["    tagged: open [text-1]"],
        }
    ),
    "replace captures with colour is red": ["captures: colour is red [text-1]", WHOLE[8]],
    "replace shut with not licensed": _but({8: ['shut "closed": not licensed [text-1]']}),
    "remove colour": _but({1: []}),
    "remove stock": _but({2: [], 3: [], 4: []}),
    "remove wide": _but({6: []}),
    "remove shut": _but({8: []}),
    'widen colour with green "or green": colour is green': _but(
        {
            1: [
                '  colour "in red": any of [base-text]',
                "    colour (before): colour is red [base-text]",
                '    green "or green": colour is green [text-1]',
            ]
        }
    ),
    "narrow cheap with cheaper: i.size < 5": _but(
        {
            3: [
                '    cheap "cheaply": all of [base-text]',
                "      cheap (before): i.size < 10 [base-text]",
                "      cheaper: i.size < 5 [text-1]",
            ]
        }
    ),
    "widen stock with stocked: licensed": _but(
        {
            2: [
                "  stock: any of [base-text]",
                "    stock (before): some i: all of [base-text]",
            ],
            3: ['      cheap "cheaply": i.size < 10 [base-text]'],
            4: [
                "      tagged: i.tags includes new [base-text]",
                "    stocked: licensed [text-1]",
            ],
        }
    ),
    "extend stock with red: i.colour is red": _but(
        {4: [WHOLE[4], "    red: i.colour is red [text-1]"]}
    ),
    "extend captures with licence: licensed": _but({7: [WHOLE[7], "  licence: licensed [text-1]"]}),
    "extend way with loose: true": _but({7: [WHOLE[7], "    loose: true [text-1]"]}),
    "narrow strict with stricter: grade is high": _but(
        {
            7: [
                "    strict: all of [base-text]",
                "      strict (before): open and licensed [base-text]",
                "      stricter: grade is high [text-1]",
            ]
        }
    ),
    "widen shut with idle: not licensed": _but(
        {
            8: [
                'shut "closed": any of [base-text]',
                "  shut (before): not open [base-text]",
                "  idle: not licensed [text-1]",
            ]
        }
    ),
    'except when tiny "too small": size < 1': [
        *WHOLE,
        'tiny "too small": size < 1 [text-1]',
    ],
    "": WHOLE,
}


@pytest.mark.parametrize(("amendment", "lines"), KINDS.items(), ids=KINDS.keys())
def test_an_amendment_changes_its_clause_alone(amendment: str, lines: list[str]) -> None:
    """Every kind does what the language's page says, and leaves the rest as it was."""
    assert _shown(_finished(amendment)) == lines


def test_amendments_work_in_the_order_written() -> None:
    """Each sees what the ones before it made; labels that went are free again."""
    text = _finished(
        "remove tagged\n"
        "extend stock with tagged: i.tags includes old\n"
        "widen tagged with rarely: i.tags includes rare\n"
        "extend tagged with never_mind: i.colour is blue\n"
        "replace colour with any of { sub: open }\n"
        "narrow sub with more_so: licensed"
    )
    assert _shown(text)[1:9] == [
        '  colour "in red": any of [text-1]',
        "    sub: all of [text-1]",
        "      sub (before): open [text-1]",
        "      more_so: licensed [text-1]",
        "  stock: some i: all of [base-text]",
        '    cheap "cheaply": i.size < 10 [base-text]',
        "    tagged: any of [text-1]",
        "      tagged (before): i.tags includes old [text-1]",
    ]


def test_a_chain_starts_from_the_finished_text() -> None:
    """Widened twice, a clause has its former form and both others side by side."""
    text = _finished(
        "widen colour with green: colour is green",
        "widen colour with blue: trim is blue",
        "narrow colour with big: size > 3",
    )
    assert _shown(text)[1:7] == [
        '  colour "in red": all of [base-text]',
        "    colour (before): any of [base-text]",
        "      colour (before): colour is red [base-text]",
        "      green: colour is green [text-1]",
        "      blue: trim is blue [text-2]",
        "    big: size > 3 [text-3]",
    ]


def test_a_label_is_found_wherever_it_stands() -> None:
    """In a `where`, between `and` and `or`, under `not` and in parentheses."""
    text = definition(
        """captures when (not all of { a: open })
          and (licensed or some i in items where any of { b: i.open } has (all of { c: i.open }))
        """,
        "base-text",
    )
    for label, joined in (("a", "trim is red"), ("b", "i.colour is red"), ("c", "i.size > 3")):
        amended = definition(f"widen {label} with z: {joined}", "text-1", "base-text")
        book, problems = checked(text + amended)
        assert problems == []
        labels = [clause.label.text for clause in book.finished["text-1"].clauses()]
        assert labels.index("z") == labels.index(f"{label} (before)") + 1


def test_a_clause_joins_a_group_through_quantifiers_and_parentheses() -> None:
    """Inside every quantifier on the group, in whose scope it then stands."""
    base = definition(
        "captures when all of { a: some m in makers has "
        "(every w in m.works has (any of { b: w.open })) }",
        "base-text",
    )
    book, problems = checked(
        base + definition("extend a with c: w.open is m.open", "text-1", "base-text")
    )
    assert problems == []
    labels = [clause.label.text for clause in book.finished["text-1"].clauses()]
    assert labels == ["captures", "a", "b", "c"]


def test_definitions_know_their_ancestors() -> None:
    """The nearest first, whatever the order in which they are written."""
    book, _ = checked(
        definition("remove tagged", "text-2", "text-1")
        + definition("remove colour", "text-1", "base-text")
        + BASE
    )
    assert book.definitions["text-2"].ancestors == ("text-1", "base-text")
    assert book.definitions["base-text"].ancestors == ()


def test_a_widened_reading_keeps_its_label() -> None:
    """A reading asked of the base holds for what it has become."""
    book, _ = checked(_amended("widen way with other: size > 3"))
    amended = book.definitions["text-1"]
    assert amended.readings == {"way": ("wide", "strict")}
    assert choose(amended, {"base-text.way": "strict"}).readings == {"way": "strict"}


def test_headers_and_expectations_are_not_inherited() -> None:
    """Only the text goes on."""
    book, _ = checked(
        definition(
            "captures when open expect captured one-case",
            "base-text",
            head='proposer "A" status adopted since 2020-01-01 outcome "sold"',
        )
        + definition("", "text-1", "base-text")
    )
    amended = book.definitions["text-1"]
    assert (amended.proposer, amended.status, amended.since) == ("", None, None)
    assert amended.outcome_word == "captured"
    assert amended.expectations == ()


# --- what is refused ------------------------------------------------------------------------------

REFUSED = {
    "remove colr": [("unknown-label", "colr")],
    "widen base with a: open": [("unknown-label", "base")],
    "remove colour\nwiden colour with a: open": [("unknown-label", "colour")],
    "remove stock\nwiden cheap with a: open": [("unknown-label", "cheap")],
    "replace stock with open\nremove cheap": [("unknown-label", "cheap")],
    "remove cheap\nremove tagged": [("empty-group", "tagged")],
    "remove wide\nremove strict": [("empty-group", "strict")],
    "remove captures": [("empty-group", "captures")],
    "extend colour with a: open": [("no-group", "colour")],
    "extend shut with a: open": [("no-group", "shut")],
    "extend stock with colour: i.open": [("duplicate-label", "colour")],
    "extend stock with a: any of { a: i.open }": [("duplicate-label", "a")],
    "except when colour: licensed": [("duplicate-label", "colour")],
    "widen colour with captures_too: opn": [("unknown-field", "opn")],
    "remove colr\nremove tagd": [("unknown-label", "colr"), ("unknown-label", "tagd")],
}


@pytest.mark.parametrize(("body", "found"), REFUSED.items(), ids=REFUSED.keys())
def test_an_amendment_that_cannot_be_made_is_an_error(
    body: str, found: list[tuple[str, str]]
) -> None:
    """It is reported where it is written, the other place beside it; no form is given out."""
    book, problems = checked(_amended(body))
    assert [(p.code, p.span.text) for p in problems if p.span] == found
    assert list(book.definitions) == ["base-text"]
    if found[0][0] != "unknown-field":
        assert all(p.also for p in problems)


def test_errors_point_at_both_places() -> None:
    """A label removed earlier shows where; one removed with its group does too."""
    _, (problem,) = checked(_amended("remove stock", "widen cheap with a: open"))
    assert [(span.text, said) for span, said in problem.also] == [("remove stock", "removed here")]


def test_descendants_of_a_wrong_amendment_are_silent_and_left_out() -> None:
    """They are checked as if it had not been made, and not given out."""
    book, problems = checked(
        _amended("remove colr", "widen colour with a: opn", "widen colour with b: licensed")
    )
    assert [p.code for p in problems] == ["unknown-label", "unknown-field"]
    assert list(book.definitions) == ["base-text"]


def test_a_circle_of_amendments_is_an_error_at_each() -> None:
    """It is reported once; what hangs on it is silent, the rest is sound."""
    book, problems = checked(
        definition("remove a", "one-text", "two-text")
        + definition("remove a", "two-text", "one-text")
        + definition("remove a", "three-text", "two-text")
        + definition("", "self-text", "self-text")
        + BASE
    )
    assert [(p.code, len(p.also)) for p in problems] == [
        ("amendment-cycle", 1),
        ("amendment-cycle", 0),
    ]
    assert list(book.definitions) == ["base-text"]


NO_EFFECT = {
    "replace colour with colour is red": True,
    "replace colour with (colour is red)": True,
    'replace colour "in red" with colour is red': True,
    'replace colour "of red" with colour is red': False,
    "widen colour with a: colour is red": True,
    "widen colour with a: false": True,
    "widen colour with a: true": False,
    "narrow colour with a: true": True,
    "narrow colour with a: (colour is red)": True,
    "narrow stock with a: licensed": False,
    "narrow strict with a: open": True,
    "widen strict with a: open": False,
    "widen wide with a: licensed\nwiden wide with b: licensed": True,
    "replace wide with open or licensed\nwiden wide with a: licensed": True,
    "replace wide with none of { a: licensed }\nwiden wide with b: licensed": False,
    "replace wide with none of { a: licensed }\nextend wide with b: licensed": True,
    "extend stock with a: i.size < 10": True,
    "extend stock with a: true": True,
    "extend stock with a: false": False,
    "except when a: not open": True,
    "except when a: false": True,
    "except when a: licensed": False,
    "replace wide with true\nwiden wide with a: licensed": True,
}


@pytest.mark.parametrize(("body", "idle"), NO_EFFECT.items(), ids=NO_EFFECT.keys())
def test_an_amendment_that_changes_nothing_is_warned_of(body: str, idle: bool) -> None:
    """What the text says already, or what decides nothing, has no effect."""
    book, problems = checked(_amended(body))
    assert [p.code for p in problems if p.code != "never"] == ["no-effect"] * idle
    assert "text-1" in book.definitions


# --- guarantees -----------------------------------------------------------------------------------

_LABELS = ("colour", "stock", "cheap", "tagged", "way", "wide", "strict", "captures")
_CLAUSES = ("colour is green", "size > 5", "some m in makers has m.open", "tags includes rare")


@given(
    label=st.sampled_from(_LABELS),
    clause=st.sampled_from(_CLAUSES),
    plain=drawn(record),
    option=st.sampled_from(["wide", "strict"]),
)
def test_widening_never_loses_and_narrowing_never_gains(
    label: str, clause: str, plain: Plain, option: str
) -> None:
    """What the base captures the wider text does, and what the narrower does the base does."""
    book, problems = checked(
        BASE
        + definition(f"widen {label} with added: {clause}", "wider-text", "base-text")
        + definition(f"narrow {label} with added: {clause}", "narrower-text", "base-text")
        + definition(f"except when added: {clause}", "excepting-text", "base-text")
    )
    assert not [p for p in problems if p.is_error]
    asked = {"base-text.way": option}
    said: dict[str, Any] = {
        name: outcome(choose(each, asked), plain) for name, each in book.definitions.items()
    }
    rank = {"not_captured": 0, "undetermined": 1, "captured": 2}
    order = ("excepting-text", "base-text", "wider-text")
    ranks = [rank[said[name]] for name in order]
    assert ranks == sorted(ranks)
    assert rank[said["narrower-text"]] <= rank[said["base-text"]]
