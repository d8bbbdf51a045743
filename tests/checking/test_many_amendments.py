"""Amendments by the thousand: the text is not gone through for each of them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from counting import calls
from rulebooks import definition

from kprules.checking.amendments import Amended, Finished, amend
from kprules.checking.chains import finish
from kprules.diagnostics import Problem, Problems
from kprules.source import Source
from kprules.syntax import tree
from kprules.syntax.parser import parse

Texts = tuple[tree.Definition, tree.Definition]
"""A definition, and one that amends it."""


def _texts(captures: str, amendments: list[str]) -> Texts:
    problems = Problems()
    texts = definition(captures, "base-text") + definition(
        "\n".join(amendments), "amended-text", "base-text"
    )
    base, amended = parse(Source("a.kpr", texts), problems).items
    assert problems.found == []
    assert isinstance(base, tree.Definition)
    assert isinstance(amended, tree.Definition)
    return base, amended


def _amended(texts: Texts, *, one_by_one: bool = False) -> tuple[Finished, list[Problem]]:
    base, amended = texts
    assert base.captures is not None
    text, problems = Amended(Finished(base.captures)), Problems()
    steps = [(each,) for each in amended.amendments] if one_by_one else [amended.amendments]
    for step in steps:
        text = amend(text, replace(amended, amendments=step), problems)
    return text.text, problems.found


MANY = {
    "replaced": "replace c{0} with size >= {0} and open",
    "removed": "remove c{0}",
    "removed from the last": "remove c{1}",
    "widened": "widen c{0} with d{0}: size < {0}",
    "narrowed, from the last": "narrow c{1} with d{0}: size < {0}",
    "widened as a whole": "widen captures with d{0}: size < {0}",
    "narrowed as a whole": "narrow captures with d{0}: size < {0}",
    "one is widened": "widen c0 with d{0}: size < {0}",
    "extended": "extend captures with d{0}: size < {0}",
    "extended and what was added is replaced": (
        "extend captures with d{0}: size < {0}\nreplace d{0} with size < {1} and open"
    ),
    "excepted": "except when d{0}: size < {0}",
}


@pytest.mark.parametrize("kind", MANY)
def test_twice_as_many_are_twice_the_work(kind: str) -> None:
    """As many clauses are amended by as many amendments, or one by all of them."""

    def work(count: int) -> int:
        clauses = "\n".join(f"c{n}: size >= {n}" for n in range(count + 1))
        amendments = [MANY[kind].format(n, count - n) for n in range(count)]
        texts = _texts(f"captures when any of {{ {clauses} }}", amendments)
        return calls(lambda: _amended(texts))

    assert work(400) < 3 * work(200)


def test_a_chain_of_many() -> None:
    """Each definition of a chain amends the one before as often."""

    def work(count: int) -> int:
        text = definition("captures when any of { c0: open c1: licensed }", "base-text")
        for at in range(8):
            base = f"text-{at}" if at else "base-text"
            added = [f"widen captures with d{at}x{n}: size >= {at}{n:03}" for n in range(count)]
            text += definition("\n".join(added), f"text-{at + 1}", base)
        problems = Problems()
        items = parse(Source("a.kpr", text), problems).items
        texts = {item.id.text: item for item in items if isinstance(item, tree.Definition)}
        found = calls(lambda: finish(texts, problems))
        assert problems.errors == []
        return found

    assert work(80) < 3 * work(40)


def _drawn(random: Random) -> Texts:
    """Return amendments of what is there, of what was brought, of what is gone, of labels twice."""
    groups = ("any of", "all of", "some i in items has all of", "some i in items where i.open has")
    form = "a: size >= 1 b: open"
    for number in range(random.randrange(1, 5)):
        inner = f"g{number}: {random.choice(('any of', 'not all of'))} {{ {form} }}"
        inner = inner if random.random() < 1 / 2 else f"g{number}: ({inner[4:]}) or open"
        form = f"h{number}: size >= {number} {inner} i{number}: open"
        form = form.replace("a:", f"a{number}:").replace("b:", f"b{number}:")
    labels = [f"{letter}{number}" for letter in "abghi" for number in range(5)]
    labels += ["captures", "gone"]
    amendments = []
    for number in range(random.randrange(2, 30)):
        label = random.choice(labels)
        brought = f"n{number}" if random.random() < 3 / 4 else random.choice(labels[:20])
        clause = f"{brought}: {random.choice(('open', 'true', f'size < {number}'))}"
        group = f"any of {{ {clause} m{number}: any of {{ o{number}: open {clause} }} }}"
        amendments.append(
            random.choice(
                (
                    f"replace {label} with {random.choice(('open', group))}",
                    f"remove {label}",
                    f"widen {label} with {clause}",
                    f"narrow {label} with {clause}",
                    f"extend {label} with {brought}: {group}",
                    f"except when {clause}",
                )
            )
        )
        labels += [brought, f"m{number}", f"o{number}"]
    return _texts(f"captures when {random.choice(groups[:3])} {{ {form} }}", amendments)


def test_all_at_once_is_one_after_another() -> None:
    """Ways that are kept lead where those lead that are looked for anew."""
    random = Random(11)
    refused = kept = 0
    for _ in range(400):
        texts = _drawn(random)
        at_once, one_by_one = _amended(texts), _amended(texts, one_by_one=True)
        assert at_once == one_by_one
        refused += len(at_once[1])
        kept += len(texts[1].amendments) - len(at_once[1])
    assert refused > 400
    assert kept > 400
