"""What people and programs are told of the vocabulary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from strategies_cases import cases

from kprules.records.books import any_names, books, find_any
from kprules.records.countries import COUNTRIES
from kprules.records.describe import described, find_described, names_to_ask_for
from kprules.records.schema import json_schema
from kprules.records.vocabulary import CASE, MEETING, field_name

CASE_SCHEMA = jsonschema.Draft202012Validator(json_schema("case"))
MEETING_SCHEMA = jsonschema.Draft202012Validator(json_schema("meeting"))


def test_every_field_is_described_with_its_path() -> None:
    """Fields of lists and maps too, with their types in words."""
    paths = {d.path: d for d in described(CASE)}
    assert paths["goods.form"].type == "form"
    assert paths["goods.form"].values["rough"].startswith("unworked")
    assert paths["links[].finances"].type == "set of use of proceeds"
    assert paths["links[].finances"].spelling == "link.finances"
    assert paths["links[].conflict"].type == "conflict, by its id in `conflicts`, or `none`"
    assert paths["actors.<id>.kinds"].record == "actor"
    assert paths["goods.carats"].type == "number, 0 or more"
    assert paths["links[].share_percent"].type == "number from 0 to 100"
    assert paths["goods.transformed_in"].type == "country or `none`"
    json.dumps([d.plain() for d in paths.values()])
    assert "participants[].stance" in {d.path for d in described(MEETING)}


@pytest.mark.parametrize(
    ("asked", "paths"),
    [
        ("goods.form", ["goods.form"]),
        ("links.finances", ["links[].finances"]),
        ("links[].finances", ["links[].finances"]),
        ("link.finances", ["links[].finances"]),
        ("actors.kinds", ["actors.<id>.kinds"]),
        ("kinds", ["actors.<id>.kinds", "abuses[].kinds"]),
        ("measure kind", ["measures[].kind"]),
        ("nothing", []),
    ],
)
def test_fields_are_found_as_people_ask(asked: str, paths: list[str]) -> None:
    """By path, by record and field, by field, by record, by enumeration."""
    assert [d.path for d in find_described(CASE, asked)] == paths
    assert not paths or asked.replace("[]", "").replace(" ", "_") in names_to_ask_for(CASE)


@pytest.mark.parametrize(
    ("asked", "some"),
    [
        ("incomplete", "incomplete"),
        ("sources", "links[].sources"),
        ("link.sources", "links[].sources"),
        ("cites", "cites"),
        ("actor", "actors.<id>.kinds"),
        ("actor", "links[].actor"),
        ("conflict", "conflicts.<id>.type"),
        ("conflict", "links[].conflict"),
        ("case", "incomplete"),
    ],
)
def test_books_and_records_are_found_too(asked: str, some: str) -> None:
    """What no definition asks about is described as well; a record beside fields of its name."""
    assert some in {d.path for d in find_any(CASE, asked)}
    assert asked in any_names(CASE)


def test_every_field_of_the_models_is_described() -> None:
    """What a file may say, the vocabulary shows."""
    for vocabulary in (CASE, MEETING):
        shown = {(d.record, d.name) for d in (*described(vocabulary), *books(vocabulary))}
        for shape in (vocabulary.root, *vocabulary.records.values()):
            for attribute, info in shape.model.model_fields.items():
                assert (shape.name, field_name(attribute, info)) in shown or shape.name == "period"


def test_countries_are_the_codes_of_iso_3166_1() -> None:
    """249 codes of three capitals; those of states that are no more are not among them."""
    assert len(COUNTRIES) == 249
    assert all(len(c) == 3 and c.isascii() and c.isupper() for c in COUNTRIES)
    assert list(COUNTRIES) == sorted(COUNTRIES)
    assert {"COD", "COG", "CAF", "XKX", "ZAR"} & set(COUNTRIES) == {"COD", "COG", "CAF"}


def test_the_schemas_are_schemas() -> None:
    """They hold by the rules of JSON Schema 2020-12."""
    for validator in (CASE_SCHEMA, MEETING_SCHEMA):
        jsonschema.Draft202012Validator.check_schema(validator.schema)


@given(data=cases())
def test_the_schema_takes_every_case(data: dict[str, Any]) -> None:
    """Every spelling of every fact."""
    for decimal in ("0.5", "1e1"):  # JSON writes numbers as numbers
        data = json.loads(json.dumps(data).replace(f'"{decimal}"', decimal))
    data.pop("tags", None)
    (data.get("goods") or {}).pop("licences", None) if isinstance(data.get("goods"), dict) else None
    errors = [e.message for e in CASE_SCHEMA.iter_errors(data)]
    assert errors == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"titel": "x"},
        {"goods": {"form": "ruff"}},
        {"goods": {"form": {"valu": "rough"}}},
        {"links": [{"finances": "arms"}]},
        {"links": [{"finances": {"value": ["arms"], "evidence": "sure"}}]},
        {"period": {"from": "2003-1"}},
    ],
)
def test_the_schema_refuses_what_the_models_refuse(wrong: dict[str, Any]) -> None:
    """An editor underlines what `check` would report."""
    assert not CASE_SCHEMA.is_valid({"case": "a-b", "title": "x", **wrong})


def test_the_shipped_cases_fit_the_schema(root: Path) -> None:
    """An editor that reads the schema finds nothing to say of them."""
    for path in sorted((root / "cases").rglob("*.yaml")):
        if path.name == "sources.yaml":
            continue
        data = json.loads(json.dumps(yaml.safe_load(path.read_text()), default=str))
        schema = CASE_SCHEMA if "case" in data else MEETING_SCHEMA
        assert [e.message for e in schema.iter_errors(data)] == [], path


@pytest.mark.parametrize("record", ["goods", "trade", "territory"])
def test_a_record_that_is_there_once_is_shown_with_its_fields(record: str) -> None:
    """The field of the case that holds it, and all that it can say."""
    found = find_any(CASE, record)
    assert found[0].spelling == f"case.{record}"
    own = {d.spelling for d in described(CASE) if d.record == record}
    assert len(own) > 3
    assert own <= {d.spelling for d in found}
