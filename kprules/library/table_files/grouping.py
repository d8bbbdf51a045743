"""Rows of a table with one id as one case.

Guarantee: what rows say of one fact agrees, or is refused by the fact's name; no two entries under
ids have the same id. A line in here touches plain cases.
"""

from __future__ import annotations

from typing import Any

from kprules.library.table_files.mapping import Mapped
from kprules.library.table_files.recognised import TableFileError
from kprules.library.table_files.types import ID, INCOMPLETE, is_keyed


def grouped(rows: list[dict[str, Any]], mapping: Mapped) -> list[dict[str, Any]]:
    """Return rows with one id as one case.

    Each row adds its entries, those that look like others too: they are other events. An entry with
    an id of its own is one, however many rows name it.
    """
    cases: dict[Any, dict[str, Any]] = {}
    entries: dict[tuple[Any, str, Any], dict[str, Any]] = {}
    keyed = {name for name in mapping.lists() if is_keyed(name, mapping.vocabulary)}
    lists = {*mapping.lists(), INCOMPLETE}
    for row in rows:
        key = row[mapping.about]
        case = cases.setdefault(key, {mapping.about: key})
        for name, value in row.items():
            if name not in lists:
                _add(case, name, value, (mapping.name, key, name))
                continue
            held = case.setdefault(name, [])
            for entry in value or ():
                id_ = entry.get(ID) if name in keyed else None
                if name == INCOMPLETE:
                    held += [entry] if entry not in held else []
                elif id_ is None:
                    held.append(entry)
                elif (key, name, id_) not in entries:
                    entries[key, name, id_] = entry
                    held.append(entry)
                else:
                    for fact, said in entry.items():
                        place = (mapping.name, key, f"{name}.{id_}.{fact}")
                        _add(entries[key, name, id_], fact, said, place)
    return list(cases.values())


def _add(into: dict[str, Any], name: str, value: Any, place: tuple[str, Any, str]) -> None:
    """Take in what a row says of a fact; what another said must agree."""
    if into.get(name) is None:
        into[name] = value
    elif value is not None and not _agree(value, into[name]):
        path, key, fact = place
        raise TableFileError(
            path,
            f"the rows of `{key}` say `{into[name]}` and `{value}` of `{fact}`",
            "rows with one id are one case, and must agree",
        )


def _agree(value: Any, other: Any) -> bool:
    """Say whether two rows say the same; the members of a set have no order."""
    if isinstance(value, list) and isinstance(other, list):
        return all(v in other for v in value) and all(o in value for o in other)
    return bool(value == other)
