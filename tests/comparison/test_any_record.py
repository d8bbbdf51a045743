"""A user's own model as vocabulary, by the Python interface, as the README shows it."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from shipments import RULES, SHIPMENTS, Shipment

import kprules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write the rules and the shipments into files."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "food.kpr").write_text(RULES)
    (tmp_path / "shipments").mkdir()
    for name, text in SHIPMENTS.items():
        (tmp_path / "shipments" / f"{name}.yaml").write_text(text)
    return tmp_path


def test_definitions_judge_records_of_a_model_of_ones_own(folder: Path) -> None:
    """Nested lists, optional records, enumerations, sets, dates and decimals are all judged."""
    rules = kprules.load_rules(folder / "rules", record=Shipment)
    shipments = kprules.load_cases(folder / "shipments", record=Shipment)
    assert list(rules) == ["too-warm", "foreign-too-warm"]
    assert set(shipments) == set(SHIPMENTS)
    outcomes = {
        (case, rule): str(kprules.evaluate(rules[rule], shipments[case]).outcome)
        for case in shipments
        for rule in rules
    }
    assert outcomes == {
        ("warm-milk", "too-warm"): "captured",
        ("warm-milk", "foreign-too-warm"): "not_captured",
        ("cool-flour", "too-warm"): "not_captured",
        ("cool-flour", "foreign-too-warm"): "not_captured",
        ("no-papers", "too-warm"): "undetermined",
        ("no-papers", "foreign-too-warm"): "undetermined",
    }


def test_a_record_need_not_come_from_a_file(folder: Path) -> None:
    """A model made in Python is judged as it is; what is None is unknown."""
    rules = kprules.load_rules(folder / "rules", record=Shipment)
    result = kprules.evaluate(rules["too-warm"], Shipment(id="bare"))
    assert result.outcome == kprules.Outcome.UNDETERMINED
    assert {unknown.path for unknown in result.unknown} >= {"carrier.cooled", "items"}
    assert {unknown.why for unknown in result.unknown} == {"missing"}


def test_explanations_speak_of_the_record_in_its_own_fields(folder: Path) -> None:
    """The definition's words, the record's paths, no word of diamonds."""
    rules = kprules.load_rules(folder / "rules", record=Shipment)
    shipments = kprules.load_cases(folder / "shipments", record=Shipment)
    said = kprules.explain(rules["too-warm"], shipments["warm-milk"])
    assert "● refused" in said
    assert 'days "two readings or more"' in said
    assert "items[0].readings[1].celsius is 12" in said
    assert "carrier.cooled is false" in said
    assert "diamond" not in said
    not_said = kprules.explain(rules["foreign-too-warm"], shipments["warm-milk"])
    assert "items[0].made_by.country is NLD; wanted: not NLD" in not_said


def test_a_mistake_names_the_fields_of_the_model(folder: Path) -> None:
    """Every mistake is in the one error, with its place and the nearest field."""
    (folder / "rules" / "food.kpr").write_text(
        RULES.replace("carrier.cooled", "carrier.cold").replace(
            "includes any of {milk", "includes any of {mlik"
        )
    )
    with pytest.raises(kprules.FilesError) as wrong:
        kprules.load_rules(folder / "rules", record=Shipment)
    assert "no field is called `carrier.cold`" in str(wrong.value) or "cold" in str(wrong.value)
    assert "did you mean `milk`" in str(wrong.value)
    assert {p.code for p in wrong.value.problems} >= {"unknown-field", "unknown-value"}


def test_a_record_of_another_model_is_refused(folder: Path) -> None:
    """A definition about shipments does not judge a case of diamonds."""
    rules = kprules.load_rules(folder / "rules", record=Shipment)
    case = kprules.load_cases()["can-nwt"]
    with pytest.raises(TypeError, match="judges Shipment records, not Case"):
        kprules.evaluate(rules["too-warm"], case)


def test_a_model_with_a_field_that_has_no_meaning_is_refused_by_name() -> None:
    """The field is named, and why it is refused."""

    class Odd(BaseModel):
        id: str
        picture: bytes | None = None

    with pytest.raises(TypeError, match="picture"):
        kprules.load_rules(record=Odd)


def test_the_shipped_library_by_its_python_interface() -> None:
    """The README's ten lines."""
    rules, cases = kprules.load_rules(), kprules.load_cases()
    result = kprules.evaluate(rules["west-2022"], cases["rus-ukr-2022"], view="ukraine")
    assert result.outcome == "captured"
    assert [reason.label for reason in result.because]
    every = kprules.evaluate(rules["kpcs-core-2002"], cases["lbr-taylor-1997-2003"], readings="all")
    assert every.outcome == "undetermined"
    other = kprules.evaluate(
        rules["kpcs-core-2002"],
        cases["lbr-taylor-1997-2003"],
        readings={"kpcs-core-2002.allies": "not_a_state"},
    )
    assert other.outcome == "not_captured"
    assert "kasane-2022" in kprules.load_cases(about="meeting")
    with pytest.raises(KeyError, match="did you mean `rus-ukr-2022`"):
        cases["rus-ukr-2023"]
    with pytest.raises(KeyError, match="did you mean `west-2022`"):
        rules["west-2023"]


@pytest.mark.parametrize("verb", [kprules.evaluate, kprules.explain, kprules.nearest])
def test_names_that_nothing_bears_are_refused_with_the_nearest(verb: Callable[..., Any]) -> None:
    """A view, a standard and readings that are misspelt are errors, as on the command line."""
    asked = kprules.load_rules()["west-2022"], kprules.load_cases()["rus-ukr-2022"]
    label = "west-2022.recognition"
    for conditions, said in (
        ({"view": "ukrain"}, "no record names the party `ukrain`; did you mean `ukraine`"),
        ({"standard": "allegd"}, "did you mean `alleged`"),
        ({"readings": "al"}, "readings is `customary` or `all`, and not `al`"),
        ({"readings": {label: "cumulativ"}}, "did you mean `cumulative`"),
        ({"readings": {"west-2022.recognitio": "cumulative"}}, "did you mean `recognition`"),
        ({"readings": {"recognition": "cumulative"}}, "named `definition.label`"),
    ):
        with pytest.raises(ValueError, match=re.escape(said)):
            verb(*asked, **conditions)
    assert verb(*asked, readings={label: "cumulative", "another-2000.label": "name"}) is not None
    with pytest.raises(ValueError, match="ukraine"):
        kprules.settle(*asked, view="ukrain")
    with pytest.raises(ValueError, match="cumulative"):
        kprules.compare(asked[0], asked[0], readings={label: "cumulativ"})


def test_what_is_no_definition_or_about_another_kind_is_refused() -> None:
    """An id where a definition is meant; a rule for meetings beside one for cases."""
    rules, cases = kprules.load_rules(), kprules.load_cases()
    core, case = rules["kpcs-core-2002"], cases["rus-ukr-2022"]
    name: Any = "west-2022"
    for wrong in (
        lambda: kprules.evaluate(name, case),
        lambda: kprules.explain(name, case),
        lambda: kprules.settle(name, case),
        lambda: kprules.nearest(name, case),
        lambda: kprules.compare(core, name),
        lambda: kprules.diff(name, core),
    ):
        with pytest.raises(TypeError, match=r"a definition is meant here, .* and not 'west-2022'"):
            wrong()
    for verb in (kprules.diff, kprules.compare):
        with pytest.raises(ValueError, match="`kp-consensus-2003` about a meeting"):
            verb(core, rules["kp-consensus-2003"])


def test_a_view_of_a_party_that_another_record_names_is_taken(tmp_path: Path) -> None:
    """Of records loaded together each may be seen as a party of any of them sees it."""
    claim = "links: [{targets: {value: [government], by: [junta], evidence: alleged}}]"
    (tmp_path / "a-one.yaml").write_text(f"case: a-one\ntitle: One\n{claim}\n")
    (tmp_path / "a-two.yaml").write_text("case: a-two\ntitle: Two\n")
    rule, cases = kprules.load_rules()["west-2022"], kprules.load_cases(tmp_path)
    for view in ("junta", "ukraine"):
        assert kprules.evaluate(rule, cases["a-two"], view=view).outcome == "undetermined"
    with pytest.raises(ValueError, match="did you mean `junta`"):
        kprules.evaluate(rule, cases["a-two"], view="juntas")
    with pytest.raises(ValueError, match="did you mean `junta`"):
        kprules.evaluate(rule, cases["a-one"].record, view="juntas")


class Odd(BaseModel):
    """A record with a field that no definition can ask about."""

    what: complex


def test_what_results_and_exceptions_are_made_of_can_be_imported() -> None:
    """Whoever annotates or catches what the verbs give and raise needs no room's name."""
    case = kprules.load_cases()["rus-ukr-2022"].record
    rule = kprules.load_rules()["west-2022"]
    result = kprules.evaluate(rule, case, view="ukraine")
    assert {type(each) for each in result.because} == {kprules.Reason}
    result = kprules.evaluate(rule, case)
    assert {type(each) for each in result.unknown} == {kprules.Unknown}
    assert issubclass(kprules.BadTableError, ValueError)
    assert issubclass(kprules.UnsupportedModelError, TypeError)
    assert issubclass(kprules.MissingExtraError, ImportError)
    with pytest.raises(kprules.UnsupportedModelError):
        kprules.load_rules([], record=Odd)


def test_the_interface_loads_no_engine() -> None:
    """What is listed can be had where numpy and Polars are not installed."""
    code = (
        "import sys; sys.modules.update(dict.fromkeys(('numpy', 'polars', 'pyarrow')));"
        "from kprules import *; print(BadTableError.__name__)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "BadTableError\n"


def test_names_of_the_interface_are_there_and_no_others() -> None:
    """What `kprules` lists can be had, and what it does not list cannot."""
    for name in kprules.__all__:
        assert getattr(kprules, name) is not None
    assert set(kprules.__all__) <= set(dir(kprules))
    with pytest.raises(AttributeError):
        _ = kprules.nonsense
