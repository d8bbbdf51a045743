"""Names and texts that would end a quotation stay one name and one literal, in every dialect."""

import sqlite3

import pytest
from postgres import Postgres

from kprules.tables.sql.dialects import SPELLINGS, Dialect

HOSTILE = (
    "it's", "'; DROP TABLE cases; --", '"', '""', "`", "``", "\\", "\\'", "\\\\'", "a\\", "''",
    "/* */", "--", ";", "$$", "%s", "?", ":name", "{x}", "\n", "\t", "é", "\u202e", "😀", "",
)  # fmt: skip


def _read(spelled: str, *, quote: str, backslash: bool) -> str:
    """Read a quotation as the engines do, by their own rules, and leave nothing over."""
    assert spelled[0] == quote
    read, at = "", 1
    while True:
        here = spelled[at]
        if backslash and here == "\\":
            read, at = read + spelled[at + 1], at + 2
        elif here != quote:
            read, at = read + here, at + 1
        elif not backslash and spelled[at + 1 : at + 2] == quote:
            read, at = read + quote, at + 2
        else:
            assert at == len(spelled) - 1
            return read


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("dialect", SPELLINGS)
def test_what_is_quoted_is_read_back_as_it_was(dialect: Dialect, text: str) -> None:
    """Each dialect's own rules of quotation give back the name and the text."""
    spelling = SPELLINGS[dialect]
    literal = spelling.text(text)
    assert _read(literal, quote="'", backslash=spelling.backslash) == text
    assert _read(spelling.name(text), quote=spelling.quote, backslash=False) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_engines_read_them_back(text: str) -> None:
    """SQLite and DuckDB themselves return the text, under the name."""
    run = sqlite3.connect(":memory:").execute
    ways = {"sqlite": lambda sql: (c := run(sql)) and (c.fetchone(), c.description)}
    duckdb = pytest.importorskip("duckdb")
    ways["duckdb"] = lambda sql: (c := duckdb.execute(sql)) and (c.fetchone(), c.description)
    for dialect, way in ways.items():
        spelling = SPELLINGS[dialect]
        name = spelling.name(text or "nameless")
        row, columns = way(f"SELECT {spelling.text(text)} AS {name}")
        assert row == (text,)
        assert columns[0][0] == (text or "nameless")


@pytest.mark.parametrize("text", HOSTILE)
def test_postgres_reads_them_back(text: str, postgres: Postgres) -> None:
    """PostgreSQL itself does too."""
    spelling = SPELLINGS["postgres"]
    name = spelling.name(text or "nameless")
    made = f"CREATE TEMP TABLE t AS SELECT {spelling.text(text)} AS {name};"
    named = "(SELECT attname FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum = 1)"
    cells = [f"encode(convert_to({cell}, 'UTF8'), 'hex')" for cell in (name, f"{named}::text")]
    (row,) = postgres.run(f"{made}\nSELECT {', '.join(cells)} FROM t;")
    assert [bytes.fromhex(cell).decode() for cell in row] == [text, text or "nameless"]


@pytest.mark.parametrize("dialect", SPELLINGS)
def test_nul_is_refused(dialect: Dialect) -> None:
    """No engine takes one, so none is written."""
    for spell in (SPELLINGS[dialect].text, SPELLINGS[dialect].name):
        with pytest.raises(ValueError, match="NUL"):
            spell("a\0b")
