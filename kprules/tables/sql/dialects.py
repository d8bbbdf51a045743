"""How each SQL engine spells names, texts, dates and types.

Guarantee: a name or a text, whatever is in it, stays one name or one literal. A line in here spells
SQL; it knows no definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

Dialect = Literal["duckdb", "postgres", "spark", "sqlite"]


@dataclass(frozen=True, slots=True)
class Spelling:
    """One engine's ways."""

    quote: str = '"'
    backslash: bool = False
    """Whether a backslash in a literal means something."""
    dates: bool = True
    """Whether there is a type for days; else they are ISO texts, which sort alike."""
    text_type: str = "VARCHAR"
    number_type: str = "DECIMAL(38, 18)"
    dot: str = "."
    """What stands for a full stop in the name of a table."""

    def name(self, *parts: str) -> str:
        """Return a name as an identifier, its parts joined by full stops inside the quotes."""
        joined = _sound(".".join(parts))
        return self.quote + joined.replace(self.quote, self.quote * 2) + self.quote

    def table(self, path: str) -> str:
        """Return the name of the table of a list or set as an identifier."""
        return self.name(path.replace(".", self.dot))

    def text(self, value: str) -> str:
        """Return a text as a literal."""
        sound = _sound(value)
        if self.backslash:
            sound = sound.replace("\\", "\\\\").replace("'", "\\'")
            return f"'{sound}'"
        doubled = sound.replace("'", "''")
        return f"'{doubled}'"

    def value(self, value: object) -> str:
        """Return a constant of a definition as a literal."""
        match value:
            case bool():
                return "TRUE" if value else "FALSE"
            case int():
                return str(value)
            case Decimal():
                return format(value, "f")
            case date():
                iso = value.isoformat()
                return f"DATE '{iso}'" if self.dates else f"'{iso}'"
            case str():
                return self.text(value)
            case _:
                raise TypeError(f"no SQL literal for {type(value).__name__}")


SPELLINGS: Final[dict[Dialect, Spelling]] = {
    "duckdb": Spelling(),
    "postgres": Spelling(text_type="TEXT", number_type="NUMERIC"),
    "spark": Spelling(quote="`", backslash=True, text_type="STRING", dot="__"),
    "sqlite": Spelling(dates=False, text_type="TEXT", number_type="NUMERIC"),
}


def _sound(text: str) -> str:
    """Refuse what no engine takes in a name or literal."""
    if "\0" in text:
        raise ValueError("a NUL character cannot stand in SQL")
    return text
