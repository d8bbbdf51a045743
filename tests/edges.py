"""Definitions and records at the edges of each construct, every one with every other.

Random examples meet these rarely: equal values that are not one object, facts beyond references
that are none, dates on the very day, groups of nothing, counts just reached and just missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations_with_replacement

from shop import SHOP, Plain

from kprules.formula import nodes as n
from kprules.formula.definition import Definition, Judgement, choose, walk
from kprules.formula.nodes import Form, Path
from kprules.formula.paths import path_to
from kprules.records.shape import ListOf

LARGE = 10**9
"""A number of which Python keeps no single object."""


def at(dotted: str, variable: str = "", record: str = "shop") -> Path:
    """Return the path of a fact, from the shop or an entry."""
    return path_to(SHOP, variable, record, dotted.split("."))


def _leaves(prefix: str, variable: str = "", record: str = "shop") -> Iterator[Form]:
    """Yield questions about the facts of one record."""

    def fact(name: str) -> Path:
        return at(prefix + name, variable, record)

    for value in (True, False):
        yield n.Compare(fact("open"), "is", value)
    yield n.Member(fact("open"), frozenset({True, False}))
    for op in OPS:
        yield n.Compare(fact("size"), op, 1)
        yield n.Compare(fact("since"), op, date(2020, 6, 15))
    yield n.Compare(fact("size"), "is", LARGE)
    yield n.Member(fact("size"), frozenset({1, Decimal("1.5")}))
    yield n.Compare(fact("colour"), "is", "red")
    yield n.Member(fact("colour"), frozenset({"red", "blue"}))
    yield n.Member(fact("colour"), frozenset())
    yield n.Member(fact("since"), frozenset({date(2020, 6, 15), date(2020, 6, 16)}))
    for values in ({"new"}, {"new", "old"}, {"new", "old", "rare"}, set[str]()):
        yield n.Includes(fact("tags"), "any", frozenset(values))
        yield n.Includes(fact("tags"), "all", frozenset(values))
    yield n.Overlaps(fact("trading"), at("lease"))
    for name in ("open", "size", "colour", "tags", "since", "trading"):
        yield n.Known(fact(name))


OPS: tuple[n.Op, ...] = ("is", "<", "<=", ">", ">=")


def _beside() -> Iterator[Form]:
    """Yield facts beside facts."""
    for left, right in (
        ("size", "weight"),
        ("since", "until"),
        ("size", "size"),
        ("since", "since"),
        ("owner.size", "owner.size"),
        ("owner.size", "rival.size"),
        ("size", "owner.size"),
        ("owner.since", "since"),
        ("owner.since", "owner.since"),
        ("trading.from", "trading.to"),
    ):
        for op in OPS:
            yield n.Compare(at(left), op, at(right))
    for left, right in (
        ("name", "motto"),
        ("colour", "trim"),
        ("open", "licensed"),
        ("owner", "rival"),
        ("owner.partner", "rival.partner"),
        ("owner.partner", "owner.partner"),
        ("owner.name", "owner.name"),
        ("owner.open", "owner.open"),
        ("name", "owner.name"),
    ):
        yield n.Compare(at(left), "is", at(right))
        yield n.Compare(at(right), "is", at(left))
        yield n.Not(n.Compare(at(left), "is", at(right)))
    yield n.Overlaps(at("trading"), at("trading"))
    yield n.Overlaps(at("owner.trading"), at("trading"))
    for reference in ("owner", "rival", "owner.partner", "owner.partner.partner"):
        yield n.Compare(at(reference), "is", n.NONE)
        yield n.Member(at(reference), frozenset({n.NONE}))
        yield n.Known(at(reference))
    for other in ("site", "site.room", "makers", "items", "owner.works", "site.keeper"):
        yield n.Known(at(other))
    yield n.Compare(at("grade"), "is", "none")


OPEN, SMALL = n.Compare(at("open"), "is", True), n.Compare(at("size"), "<=", 1)
TRUE, FALSE = n.Const(True), n.Const(False)


GOODS = (
    OPEN,
    n.Member(at("colour"), frozenset({"red", "blue"})),
    n.Compare(at("since"), ">=", date(2020, 6, 15)),
)
NEW = n.Any(
    tuple(
        n.Includes(at(tags, "x", "item"), "any", frozenset({"new"}))
        for tags in ("maker.tags", "tags")
    )
)
SOLD = n.All((NEW, n.Compare(at("size", "x", "item"), ">=", 1)))
SALE = n.All((*GOODS, n.Quantified("some", "x", at("items"), None, SOLD), n.Known(at("owner"))))
OTHER_SALE = n.All(
    (
        *GOODS,
        n.Quantified("every", "x", at("items"), NEW, SOLD),
        n.Not(n.Overlaps(at("trading"), at("owner.trading"))),
        n.Not(n.Compare(at("owner"), "is", at("rival"))),
    )
)
BY_SHARE = n.Any(
    (
        n.Quantified(n.Share(1, 2, strictly=True), "x", at("items"), NEW, SOLD),
        n.Quantified(n.AtLeast(2), "x", at("items"), None, n.Not(SOLD)),
        n.Compare(at("owner.partner.name"), "is", at("name")),
    )
)
"""Definitions of a usual shape: goods, a use of them, an exception."""


def _groups() -> Iterator[Form]:
    """Yield groups of nothing, of constants, and of what says the same or the opposite."""
    for group in (n.All, n.Any):
        for parts in (
            (),
            (TRUE,),
            (FALSE,),
            (TRUE, FALSE),
            (TRUE, OPEN),
            (FALSE, OPEN),
            (OPEN, OPEN),
            (OPEN, SMALL),
            (OPEN, n.Not(OPEN)),
            (OPEN, n.Known(at("open"))),
            (OPEN, n.Not(n.Known(at("open")))),
            (n.Not(OPEN), n.Not(n.Known(at("open")))),
            (n.All((OPEN, SMALL)), n.Any((OPEN, SMALL))),
            (n.Not(n.All((OPEN, SMALL))), n.Not(n.Any((OPEN, SMALL)))),
        ):
            yield group(parts)
            yield n.Not(group(parts))
    yield n.Not(n.Not(OPEN))


HOWS: tuple[n.How, ...] = (
    "some",
    "every",
    "no",
    *(n.AtLeast(least) for least in (1, 2, 3)),
    *(
        n.Share(p, w, strictly)
        for p, w in ((1, 3), (1, 2), (2, 3), (1, 1))
        for strictly in (False, True)
    ),
)


def counting(how: n.How, over: str, *, where: bool, has: Form | None = None) -> n.Quantified:
    """Return a quantifier over the open entries of a list; of its red ones, if `where`."""
    path = at(over)
    assert isinstance(path.type, ListOf)
    record = path.type.record
    red = n.Compare(at("colour", "x", record), "is", "red")
    is_open = n.Compare(at("open", "x", record), "is", True)
    return n.Quantified(how, "x", path, red if where else None, has or is_open)


def deep(depth: int) -> Form:
    """Return *all* in *any* in *all*, so deep."""
    form: Form = OPEN
    for index in range(depth):
        form = (n.Any if index % 2 else n.All)((n.Compare(at("size"), ">=", index), form))
    return form


WIDE = n.All(tuple(n.Compare(at("size"), ">=", bound) for bound in range(-60, 2)))
"""More conditions than Python nests."""


def _quantified() -> Iterator[Form]:
    """Yield quantifiers of every kind; over entries beyond references; one inside another."""
    for how in HOWS:
        for where in (False, True):
            yield counting(how, "items", where=where)
        yield counting(how, "items", where=False, has=OPEN)
        yield counting(how, "items", where=True, has=TRUE)
        yield counting(how, "owner.works", where=False)
        items = ("y", at("items"))
        smaller = n.Compare(at("size", "y", "item"), "<", at("size", "x", "item"))
        other = n.Quantified(how, *items, None, smaller)
        yield counting("some", "items", where=False, has=other)
        yield counting("every", "items", where=True, has=other)
        of_all = n.Quantified(how, *items, None, n.Compare(at("open", "y", "item"), "is", True))
        has_open = n.Compare(at("open", "x", "item"), "is", True)
        yield counting("some", "items", where=False, has=n.All((has_open, of_all)))
        yield n.All((counting(how, "items", where=False), n.Not(of_all)))
        pieces = at("pieces", "x", "item")
        of_piece = n.Compare(at("open", "z", "piece"), "is", at("open", "x", "item"))
        yield counting(
            "some", "items", where=False, has=n.Quantified(how, "z", pieces, None, of_piece)
        )
    for leaf in _leaves("", "x", "item"):
        yield counting("some", "items", where=False, has=leaf)
        yield counting("every", "items", where=False, has=leaf)
    for leaf in _leaves("maker.", "x", "item"):
        yield counting("some", "items", where=False, has=leaf)


def judgement(form: Form) -> Judgement:
    """Return a definition that captures where a form holds."""
    return choose(Definition("edge-case", "", "shop", form, vocabulary=SHOP))


FORMS: tuple[Form, ...] = (
    *_leaves(""),
    *_leaves("owner."),
    *_leaves("owner.partner."),
    *_leaves("site.room."),
    *_beside(),
    *_groups(),
    *_quantified(),
    SALE,
    OTHER_SALE,
    BY_SHARE,
    WIDE,
    counting("some", "items", where=False, has=WIDE),
)
JUDGEMENTS: tuple[Judgement, ...] = (
    *map(judgement, FORMS),
    *(
        choose(Definition("edge-case", "", "shop", OPEN, exceptions, vocabulary=SHOP))
        for exceptions in ((SMALL,), (SMALL, n.Known(at("name"))), (TRUE,), (FALSE,))
    ),
)

TEXT = "".join(["t", "ext"] * 3)
FACTS: Plain = {
    "open": True,
    "size": 1,
    "colour": "red",
    "tags": ["new", "old"],
    "since": "2020-06-15",
    "trading": {"from": "2020-06-15", "to": "2020-06-16"},
}
OTHER: Plain = {
    "open": False,
    "size": Decimal("1.5"),
    "colour": "blue",
    "tags": ["rare", None],
    "since": "2020-06",
    "trading": {"from": "2020", "to": "ongoing"},
}
SHOPS: tuple[Plain, ...] = (
    {},
    {"owner": "none"},
    {"makers": {"a": FACTS, "b": OTHER}, "owner": "a", "rival": "b", **FACTS},
    {"makers": {"a": {**FACTS, "partner": "none"}}, "owner": "a", "rival": "a", **OTHER},
    {"makers": {"a": {"partner": "b"}, "b": {**OTHER, "partner": "a"}}, "owner": "b", "rival": "a"},
    {"makers": {"a": {"partner": "none"}, "b": {"partner": "none"}}, "owner": "a", "rival": "b"},
    {**FACTS, "weight": Decimal("1.0"), "licensed": True, "trim": "red", "until": "2020-06-15"},
    {**FACTS, "weight": 2, "licensed": False, "until": "2020-06", "lease": {"to": "2020-06-15"}},
    {**OTHER, "weight": 1, "until": "2020-06-16", "lease": {"from": "2020-06-16"}},
    {"size": LARGE + 0, "weight": int(str(LARGE)), "name": TEXT, "motto": "text" * 3, "tags": []},
    {"name": TEXT, "makers": {"a": {"name": "text" * 3}}, "owner": "a", "grade": "none"},
    {"size": 0, "since": "2019", "trading": {"from": "2020-06-17", "to": "2019"}, "grade": "low"},
    {"site": {"room": FACTS}, "lease": {"from": "2020-06-16", "to": "2020-06-20"}, "tags": [None]},
    {"site": {}, "trading": {"from": "2020-06-15"}, "lease": {"from": "2020", "to": "2021"}},
    {"site": {"keeper": "none"}, "trading": {"to": "2020-06-15"}, "lease": {"to": "2020-06-14"}},
    {"makers": {}, "items": [], "incomplete": ["makers"]},
    {"makers": {"a": {"works": [{"open": True}, {"open": False}]}}, "owner": "a"},
    {"makers": {"a": {"works": [], "incomplete": ["works"]}}, "owner": "a", "open": True},
)
ENTRIES: tuple[Plain, ...] = tuple(
    {**colour, **truth}
    for colour in ({"colour": "red"}, {"colour": "blue"}, {})
    for truth in ({"open": True, "size": 0}, {"open": False, "size": 2}, {})
)
PARTS: Plain = {"open": True, "pieces": [{"open": True}, {"open": False}, {}]}
LISTS: tuple[Plain, ...] = (
    *({"items": [*e]} for k in range(3) for e in combinations_with_replacement(ENTRIES, k)),
    *({"items": [*e]} for e in list(combinations_with_replacement(ENTRIES, 3))[::5]),
    *({"items": [e], "incomplete": ["items"], "open": False} for e in ENTRIES),
    {"items": [], "incomplete": ["items"]},
    {"items": [PARTS, {"open": False, "pieces": []}, {"open": True}], "open": True},
    {"items": [{"maker": "none"}, {"maker": "a"}, None], "makers": {"a": FACTS}},
    {"items": [FACTS, OTHER], "lease": {"from": "2020-06-16", "to": "2020-06-20"}},
)
"""All lists of up to two entries, every fifth of three, and some more."""


def examples() -> Iterator[tuple[Judgement, list[Plain]]]:
    """Yield each definition with the records that it is judged on."""
    for judgement in JUDGEMENTS:
        counts = any(isinstance(form, n.Quantified) for form in walk(judgement.captures))
        yield judgement, [*SHOPS, *(LISTS if counts else ())]
