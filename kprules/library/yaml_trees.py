"""YAML, read by PyYAML's C parser as events and put together here.

Guarantee: nothing that a person can write crashes or stalls the parser: size, nesting and aliases
are bounded before or while events arrive; nothing is constructed but texts, lists and mappings. A
line in here touches events and places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from kprules.diagnostics import Problems
from kprules.library.trees import DEEPEST, MOST, Leaf, Pairs, Row, Tree
from kprules.source import Source, Span

_LOADER: Final[Any] = getattr(yaml, "CLoader", yaml.Loader)
_BRACKETS = re.compile(r"[\[\]{}]")
_MOST_DOUBLED: Final = 100
"""Keys written twice after which a document is not read on."""
_HELP: Final = {
    "mapping values are not allowed in this context": "a text with `: ` in it needs quotes",
    "found character that cannot start any token": "indent with blanks; "
    "a text that begins with a sign such as `@`, `%` or a backtick needs quotes",
    "did not find expected key": "entries of one record begin in the same column",
    "found unexpected end of stream": "a quote or a bracket is not closed",
    "could not find expected ':'": "write `field: value`",
}


class _RefusedError(Exception):
    """The document breaks off here; the problem is reported."""


def tree_of_yaml(source: Source, problems: Problems) -> Tree | None:
    """Return what a text says, or nothing, with the reason among the problems."""
    if too_deep(source, problems, 0, len(source.text)):
        return None
    reading = _Reading(source, problems)
    try:
        events = iter(yaml.parse(source.text, Loader=_LOADER))
        return reading.document(events)
    except _RefusedError:
        return None
    except yaml.MarkedYAMLError as e:
        what = e.problem or "this is no YAML"
        unclosed = "end of stream" in what and e.context_mark is not None
        mark: Any = e.context_mark if unclosed else e.problem_mark or e.context_mark
        problems.report(
            "syntax",
            f"{what}{f' {e.context}' if e.context else ''}",
            _span(source, 0 if mark is None else mark.index),
            help=_HELP.get(what, ""),
        )
    except yaml.YAMLError as e:
        problems.report("syntax", f"this is no YAML: {e}".splitlines()[0], _span(source, 0))
    return None


def _index(event: Any) -> int:
    return int(event.start_mark.index)


def _span(source: Source, start: int) -> Span:
    start = min(start, max(len(source.text) - 1, 0))
    return Span(source, start, start + 1)


def too_deep(source: Source, problems: Problems, start: int, end: int) -> bool:
    """Refuse brackets nested too deep: parsers take the square of their number, or crash.

    Brackets inside texts count too; a text with that many unclosed ones is no text.
    """
    place = beyond_deepest(source.text, start, end)
    if place is not None:
        _report_deep(source, place, problems)
    return place is not None


def beyond_deepest(text: str, start: int, end: int) -> int | None:
    """Return where brackets are nested too deep, if anywhere."""
    depth = 0
    for match in _BRACKETS.finditer(text, start, end):
        depth = depth + 1 if match[0] in "[{" else max(0, depth - 1)
        if depth > DEEPEST:
            return match.start()
    return None


def _report_deep(source: Source, start: int, problems: Problems) -> None:
    problems.report(
        "too-deep",
        f"lists and records are nested more than {DEEPEST} deep",
        _span(source, start),
        help="close brackets, and use fewer levels",
    )


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come."""

    start: int
    anchor: str | None
    mapping: bool
    braces: bool
    items: list[Tree] = field(default_factory=list)
    keys: list[Leaf] = field(default_factory=list)
    seen: dict[str, Leaf] = field(default_factory=dict)
    size: int = 1
    height: int = 1

    def key_is_due(self) -> bool:
        """Return whether the next value is a key."""
        return self.mapping and len(self.keys) == len(self.items)


@dataclass(slots=True)
class _Reading:
    """The putting together of one document."""

    source: Source
    problems: Problems
    open: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Tree, int, int] | None] = field(default_factory=dict)
    """The tree under each anchor, its size and its height; nothing while it is still open."""
    count: int = 0
    doubled: int = 0

    def document(self, events: Iterator[Any]) -> Tree | None:
        """Return the tree of the only document."""
        done: Tree | None = None
        documents = 0
        for event in events:
            match event:
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        self.refuse(
                            "several-documents", "a file holds one record; here begins another",
                            _index(event), "put it into a file of its own",
                        )  # fmt: skip
                case yaml.ScalarEvent() | yaml.AliasEvent():
                    done = self.add(*self.leaf(event)) or done
                case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                    self.begin(event)
                case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                    done = self.end(event) or done
                case _:
                    pass
        if done is None or (isinstance(done, Leaf) and done.empty):
            self.problems.report(
                "empty-file", "the file holds no record", where=self.source.name,
                help="a case begins with `case: ` and its id",
            )  # fmt: skip
            return None
        return done

    def refuse(self, code: str, message: str, start: int, help_: str = "") -> None:
        """Report what ends the reading."""
        self.problems.report(code, message, _span(self.source, start), help=help_)
        raise _RefusedError

    def counted(self, size: int, start: int) -> None:
        """Refuse a document of too many values; an alias counts for all that it repeats."""
        self.count += size
        if self.count > MOST:
            self.refuse(
                "too-large", f"the document has more than {MOST:,} values, aliases counted out",
                start, "split it; aliases of aliases multiply",
            )  # fmt: skip

    def leaf(self, event: Any) -> tuple[Tree, int, int]:
        """Return a value or what an alias stands for, its size and its height."""
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.AliasEvent):
            name = str(event.anchor)
            target = self.anchors.get(name)
            if target is None:
                inside = name in self.anchors
                self.refuse(
                    "bad-alias",
                    f"`*{name}` stands for what it is inside of"
                    if inside
                    else f"nothing is anchored as `&{name}`",
                    start,
                )
                raise AssertionError  # refuse() never returns
            self.counted(target[1], start)
            self.fits(target[2], start)
            return target
        self.untagged(event, start)
        self.counted(1, start)
        text: str = event.value
        bare = event.implicit[0] and event.style in (None, "")
        tree = Leaf(start, end, text, empty=bare and text == "")
        if event.anchor is not None:
            self.anchors[event.anchor] = (tree, 1, 0)
        return tree, 1, 0

    def fits(self, height: int, start: int) -> None:
        """Refuse what would lie too deep here."""
        if len(self.open) + height > DEEPEST:
            _report_deep(self.source, start, self.problems)
            raise _RefusedError

    def untagged(self, event: Any, start: int) -> None:
        """Refuse tags: fields say what their values are."""
        if event.tag is not None:
            self.refuse(
                "yaml-tag", f"the tag `{event.tag}` has no meaning here", start, "remove it"
            )

    def begin(self, event: Any) -> None:
        """Open a list or mapping."""
        start = event.start_mark.index
        self.untagged(event, start)
        self.counted(1, start)
        self.fits(1, start)
        if self.open and self.open[-1].key_is_due():
            self.refuse("bad-key", "a list or record cannot be a key", start, "quote the key")
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        mapping = isinstance(event, yaml.MappingStartEvent)
        self.open.append(_Open(start, event.anchor, mapping, bool(event.flow_style)))

    def end(self, event: Any) -> Tree | None:
        """Close the innermost list or mapping; return it if it was the outermost."""
        done = self.open.pop()
        end = event.end_mark.index
        tree: Tree = (
            Pairs(done.start, end, tuple(zip(done.keys, done.items, strict=True)), done.braces)
            if done.mapping
            else Row(done.start, end, tuple(done.items))
        )
        if done.anchor is not None:
            self.anchors[done.anchor] = (tree, done.size, done.height)
        return self.add(tree, done.size, done.height)

    def add(self, tree: Tree, size: int, height: int) -> Tree | None:
        """Put a value where it belongs; return it if it is the whole document."""
        if not self.open:
            return tree
        above = self.open[-1]
        above.size += size
        above.height = max(above.height, height + 1)
        if not above.key_is_due():
            above.items.append(tree)
            return None
        if not isinstance(tree, Leaf):
            self.refuse("bad-key", "a list or record cannot be a key", tree.start, "quote the key")
            return None
        self.key(above, tree)
        return None

    def key(self, above: _Open, key: Leaf) -> None:
        """Take a key; the same key twice is reported, and both stay."""
        text = key.text or ""
        first = above.seen.setdefault(text, key)
        if first is not key:
            report_duplicate(self.source, first, key, self.problems)
            self.doubled += 1
            if self.doubled > _MOST_DOUBLED:
                raise _RefusedError
        above.keys.append(key)


def report_duplicate(source: Source, first: Leaf, again: Leaf, problems: Problems) -> None:
    """Report a key that a record has twice."""
    problems.report(
        "duplicate-key",
        f"`{again.text}` is written twice",
        Span(source, again.start, again.end),
        help="keep one; of a list, put its entries together",
        also=((Span(source, first.start, first.end), "the first"),),
    )
