"""Syntax trees, as the parser makes them: for tests that print and parse.

Every construct of the language is drawn; names come from small pools and from the grammar's own
words wherever those are free.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from kprules.source import Source, Span
from kprules.syntax import tree
from kprules.syntax.words import OUTCOMES, RESERVED, STATUSES

NOWHERE = Span(Source("nowhere", ""), 0, 0)

_WORDS = ("a", "goods", "form", "x1", "very_long_name_of_something", "actor", "link", "e_2")
_IDS = ("a-b", "kpcs-core-2002", "rus-ukr-2022", "very-long-id-of-some-definition-1998-2003")
_BEGINNERS = {"some", "every", "no", "at", "more", "all", "any", "none", "reading", "not"}
"""Words that begin a form: a path cannot."""


def name(text: str) -> tree.Name:
    """Return a name that stands nowhere."""
    return tree.Name(NOWHERE, text)


@st.composite
def _short(draw: st.DrawFn, strategy: Callable[[], st.SearchStrategy[Any]]) -> Any:
    """Draw from a strategy without its description, which Hypothesis would write out whole."""
    return draw(strategy())


names = st.sampled_from(_WORDS).map(name)
ids = st.sampled_from(_IDS).map(name)
texts = st.builds(
    tree.Text,
    st.just(NOWHERE),
    st.one_of(
        st.sampled_from(["", "words", 'a "quote"', "back\\slash", "# no comment", "{", "Séléka"]),
        st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=12),
        st.text("word ", min_size=60, max_size=120),
    ),
)
any_words = st.sampled_from([*_WORDS, *sorted(RESERVED - {"true", "false"})])
values = any_words.filter(lambda word: word not in {"not", "known", "unknown"})

_first_words = any_words.filter(lambda word: word not in _BEGINNERS)


@st.composite
def paths(
    draw: st.DrawFn,
    begin: st.SearchStrategy[str] = _first_words,
) -> tree.Path:
    """Draw a path; behind a dot every word is free."""
    more = draw(st.lists(st.sampled_from([*_WORDS, *sorted(RESERVED)]), max_size=2))
    return tree.Path(NOWHERE, tuple(name(w) for w in (draw(begin), *more)))


numbers = st.one_of(
    st.integers(-(10**12), 10**12).map(str),
    st.decimals(-1000, 1000, places=2).map(lambda d: f"{d:f}"),
).map(lambda written: tree.Number(NOWHERE, Decimal(written), written))
days = st.dates(min_value=date(1, 1, 2)).map(lambda d: tree.Day(NOWHERE, d))
truths = st.booleans().map(lambda b: tree.Truth(NOWHERE, b))
countries = st.sampled_from(["RUS", "CAF"]).map(lambda c: tree.Path(NOWHERE, (name(c),)))
_operands = st.one_of(paths(values), countries, texts, numbers, days, truths)
operands = _short(lambda: _operands)
many = st.lists(operands, max_size=12).map(lambda items: tree.Values(NOWHERE, tuple(items)))
set_names = names.map(lambda n: tree.SetName(NOWHERE, n))


def _built(kind: Any, *fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(kind, st.just(NOWHERE), *fields)


signs = st.sampled_from(["is", "is not", "<", "<=", ">", ">="])
comparisons = st.one_of(
    _built(tree.Compare, paths(), signs, operands),
    _built(tree.Member, paths(), st.booleans(), many | set_names),
    _built(tree.Between, paths(), operands, operands),
    _built(tree.Includes, paths(), st.sampled_from(["any", "all", "none"]), many | set_names),
    _built(
        tree.Includes,
        paths(),
        st.just("one"),
        operands.map(lambda value: tree.Values(NOWHERE, (value,))),
    ),
    _built(tree.Overlaps, paths(), paths(any_words)),
    _built(tree.Known, paths(), st.booleans()),
    _built(tree.Apply, names, st.lists(paths(), min_size=1, max_size=2).map(tuple)),
    truths,
    paths(),
)

small = st.integers(1, 9)
counts = st.one_of(
    _built(tree.Count, st.sampled_from(["at least", "more than"]), small),
    _built(tree.Count, st.sampled_from(["at least", "more than"]), small, st.integers(9, 30)),
)
quantities = st.sampled_from(["some", "every", "no"]) | counts


def clauses_of(forms: st.SearchStrategy[Any]) -> st.SearchStrategy[tree.Clause]:
    """Draw a clause with one of these forms."""
    return _built(tree.Clause, names, st.none() | texts, forms)


def _units(forms: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw what `not`, `has` and `and` may stand before."""
    loose = forms | _joined(forms)
    several = st.lists(clauses_of(loose), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        comparisons,
        _built(tree.Group, st.sampled_from(["all", "any", "none"]), several),
        _built(tree.ReadingOf, several),
        _built(tree.Quantified, quantities, names, paths(any_words), st.none() | loose, forms),
        _built(tree.Not, forms),
        _built(tree.Parenthesised, loose),
    )


def _joined(units: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw `and` and `or` of what may stand in them."""
    ands = _built(tree.And, st.lists(units, min_size=2, max_size=3).map(tuple))
    return ands | _built(tree.Or, st.lists(units | ands, min_size=2, max_size=3).map(tuple))


_units_of_any_depth = st.recursive(_short(lambda: comparisons), _units, max_leaves=8)
_forms_of_any_depth = _units_of_any_depth | _joined(_units_of_any_depth)
forms = _short(lambda: _forms_of_any_depth)
clauses = clauses_of(forms)

# --- items --------------------------------------------------------------------------------------

parameters = st.lists(names, min_size=1, max_size=2, unique_by=lambda n: n.text).flatmap(
    lambda given: st.tuples(*(_built(tree.Parameter, st.just(n), names) for n in given))
)
terms = _built(tree.Term, names, parameters, st.none() | texts, forms)
sets = _built(tree.SetOf, names, many)

urls = st.sampled_from(["https://example.org/a?b=c#d", "http://example.org"]).map(
    lambda url: tree.Text(NOWHERE, url)
)
keys = st.sampled_from(["s1", "seed-003", "2013a"]).map(name)
sources = st.one_of(
    _built(tree.SourceHeader, keys, st.none() | texts, st.none() | urls),
    _built(tree.SourceHeader, st.none(), texts, st.none() | urls),
)
single_headers = {
    "about": names,
    "outcome": texts,
    "proposer": texts,
    "status": st.sampled_from(STATUSES).map(name),
    "since": st.dates(date(1990, 1, 1), date(2000, 1, 1)).map(lambda d: tree.Day(NOWHERE, d)),
    "until": st.dates(date(2000, 1, 1), date(2030, 1, 1)).map(lambda d: tree.Day(NOWHERE, d)),
    "same_as": ids,
}


@st.composite
def headers(draw: st.DrawFn) -> tuple[Any, ...]:
    """Draw a header: each keyword once, but sources and notes as often as one likes."""
    chosen = draw(st.lists(st.sampled_from(sorted(single_headers)), unique=True, max_size=4))
    parts = [tree.Header(NOWHERE, word, draw(single_headers[word])) for word in chosen]
    notes = texts.map(lambda text: tree.Header(NOWHERE, "note", text))
    parts += draw(st.lists(sources | notes, max_size=3))
    return tuple(draw(st.permutations(parts)))


changes = st.one_of(
    _built(tree.Replace, names, st.none() | texts, forms),
    _built(tree.Remove, names),
    _built(tree.Change, st.sampled_from(["widen", "narrow", "extend"]), names, clauses),
)
exceptions = _built(tree.Except, clauses)
conditions = st.one_of(
    _built(tree.Condition, st.sampled_from(["view", "standard"]), names),
    _built(
        tree.Condition,
        st.just("reading"),
        names | st.just(name("kpcs-core-2002.recognition")),
        names,
    ),
)
expects = _built(
    tree.Expect,
    st.sampled_from(OUTCOMES),
    st.lists(conditions, max_size=2).map(tuple),
    st.lists(ids, min_size=1, max_size=6).map(tuple),
)


@st.composite
def definitions(draw: st.DrawFn) -> tree.Definition:
    """Draw a definition, with a body of its own or amending another."""
    amends = draw(st.none() | ids)
    captures, own, amendments = None, (), ()
    if amends is None:
        captures = tree.Clause(NOWHERE, name("captures"), None, draw(forms))
        own = tuple(draw(st.lists(exceptions, max_size=2)))
    else:
        amendments = tuple(draw(st.lists(changes | exceptions, max_size=3)))
    return tree.Definition(
        NOWHERE,
        draw(ids),
        draw(st.none() | texts),
        amends,
        draw(headers()),
        captures,
        own,
        amendments,
        tuple(draw(st.lists(expects, max_size=2))),
    )


items = _short(lambda: st.one_of(terms, sets, definitions()))
files = st.lists(items, max_size=3).map(tuple)
