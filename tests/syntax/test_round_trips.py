"""What is printed reads as what it was printed from, comments included."""

import re
from collections import Counter
from itertools import count

import pytest
import strategies_syntax as drawn
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_texts import read

from kprules.syntax import tree
from kprules.syntax.printer import format_file, print_item

pytestmark = pytest.mark.no_cover  # the same lines over and over; other tests reach them

_TOKEN = re.compile(
    r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|<https?:[^>]*>|[\w-]+(?:\.[\w-]+)*|<=|>=|[^\s\w]'
)


def written(items: tuple[tree.Item, ...]) -> str:
    """Return items as one text."""
    return "\n".join(map(print_item, items))


@given(drawn.files)
def test_parsing_what_is_printed_gives_the_same_tree(items: tuple[tree.Item, ...]) -> None:
    """Print any tree, parse it: equal, whatever constructs are in it."""
    assert read(written(items)).items == items


@given(drawn.files)
def test_printing_is_idempotent(items: tuple[tree.Item, ...]) -> None:
    """Formatting what is formatted changes nothing."""
    once = format_file(read(written(items)))
    assert format_file(read(once)) == once


@given(drawn.items, st.sampled_from([20, 40, 200]))
def test_every_width_reads_the_same(item: tree.Item, width: int) -> None:
    """However narrow or wide the lines, the tree is the same."""
    assert read(print_item(item, width=width)).items == (item,)


@given(drawn.files)
def test_lines_keep_to_their_width(items: tuple[tree.Item, ...]) -> None:
    """Only a text in quotes, an id or a path makes a line longer than a hundred columns."""
    for line in written(items).splitlines():
        assert len(line) <= 100 or '"' in line or len(_TOKEN.findall(line)) < 40
        assert line == line.rstrip()


@st.composite
def commented(draw: st.DrawFn, one_in: int) -> str:
    """Draw a file with comments between any two words, one in so many."""
    numbers = count()
    comments = ["# behind {}\n", "\n# above {}\n", "\n\n  # apart {}\n\n"]
    between = st.sampled_from([" "] * (one_in * len(comments)) + comments)
    pieces = []
    for token in _TOKEN.findall(written(draw(drawn.files))):
        pieces += [token, draw(between).format(next(numbers))]
    return "".join(pieces)


@given(commented(one_in=3))
@settings(max_examples=200)
def test_comments_survive(text: str) -> None:
    """Wherever comments stand, formatting keeps each of them whole, and the tree."""
    file = read(text)
    again = read(format_file(file))
    assert again.items == file.items
    assert Counter(c.text for c in again.comments) == Counter(c.text for c in file.comments)


@given(commented(one_in=20))
@settings(max_examples=200)
def test_comments_come_to_rest(text: str) -> None:
    """Formatting a second time moves no comment."""
    once = format_file(read(text))
    assert format_file(read(once)) == once
