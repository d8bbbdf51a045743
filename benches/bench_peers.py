"""One record, twelve definitions, by the peers that pip installs.

Each has the same definitions and records in its own best form: all twelve in one call wherever it
can return as many answers, compiled beforehand. `prepared` is a record in the engine's own keeping
where it has one (`its text` is JSON, for those that read it faster than a dictionary); `from a
dictionary` is a plain one. The records have no unknowns: of those, the peers know nothing, as
`test_unknowns` records. Ours is to take at most 0.4 of the fastest of the prepared, and 0.12 of the
fastest from a dictionary. `pip install 'kprules[peers]'`; one that is missing is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from parcels import DIAMOND, FORMS, JUDGEMENTS, parcels
from peer_forms import Cedar, Cel, Infix, JsonLogic, Rego, RuleEngine, Zen, flat, plain

from kprules.evaluation.compiled import compile_numbers
from kprules.formula.definition import Definition, choose
from kprules.formula.nodes import Form, Not

COUNT = 300
Plain = dict[str, Any]
Answers = Sequence[bool]
Forms = Mapping[str, Form]
Side = tuple[Callable[[Plain], Any], Callable[[Any], Answers]]
"""What is done to a plain record beforehand, and what is timed."""


def _as_is(record: Plain) -> Plain:
    return record


def _array(words: Infix, forms: Forms) -> str:
    """Return all definitions as one list of truths."""
    return "[" + ", ".join(words.write(form) for form in forms.values()) + "]"


def datalogic(forms: Forms) -> dict[str, Side]:
    """JsonLogic, in Rust."""
    engine = pytest.importorskip("datalogic_py").Engine()
    handle = pytest.importorskip("datalogic_py").DataHandle
    rule, session = engine.compile(_array(JsonLogic(), forms)), engine.session()
    rules = [engine.compile(JsonLogic().write(form)) for form in forms.values()]

    def one_by_one(record: Any) -> Answers:
        return [session.evaluate_bool(rule, record) for rule in rules]

    return {
        "prepared": (handle, lambda record: session.evaluate_data(rule, record)),
        "prepared, a call each": (handle, one_by_one),
        "from its text": (json.dumps, lambda text: session.evaluate(rule, text)),
        "from a dictionary": (_as_is, lambda record: session.evaluate(rule, record)),
    }


def common_expression_language(forms: Forms) -> dict[str, Side]:
    """CEL, in Rust."""
    cel = pytest.importorskip("cel")
    program = cel.compile(_array(Cel(), forms))
    programs = [cel.compile(Cel().write(form)) for form in forms.values()]

    def prepared(record: Plain) -> Any:
        context = cel.Context()
        context.update(record)
        return context

    return {
        "prepared": (prepared, lambda context: [each.execute(context) for each in programs]),
        "from a dictionary": (_as_is, program.execute),
    }


def cel_expr_python(forms: Forms) -> dict[str, Side]:
    """CEL, in C++."""
    cel = pytest.importorskip("cel_expr_python.cel")
    fields = ("goods", "territory", "countries", "described", "uses", "year")
    env = cel.NewEnv(variables=dict.fromkeys(fields, cel.Type.DYN))
    programs = [env.compile(Cel().write(form)) for form in forms.values()]

    def each(activation: Any) -> Answers:
        return [program.eval(activation).value() for program in programs]

    return {
        "prepared": (env.Activation, each),
        "from a dictionary": (_as_is, lambda record: each(env.Activation(record))),
    }


def zen_engine(forms: Forms) -> dict[str, Side]:
    """GoRules, in Rust."""
    expression = pytest.importorskip("zen").compile_expression(_array(Zen(), forms))
    return {
        "from its text": (json.dumps, expression.evaluate),
        "from a dictionary": (_as_is, expression.evaluate),
    }


def panzi_json_logic(forms: Forms) -> dict[str, Side]:
    """JsonLogic, in Python; a dictionary is all that it needs."""
    logic = pytest.importorskip("json_logic").jsonLogic
    rule = json.loads(_array(JsonLogic(), forms))
    return {"from a dictionary": (_as_is, lambda record: logic(rule, record))}


def rule_engine(forms: Forms) -> dict[str, Side]:
    """Rules in Python, fastest on dictionaries that are flat."""
    module = pytest.importorskip("rule_engine")
    context = module.Context(resolver=module.resolve_item)
    rules = [module.Rule(RuleEngine().write(form), context=context) for form in forms.values()]

    def each(record: Plain) -> Answers:
        return [rule.matches(record) for rule in rules]

    return {
        "prepared": (flat, each),
        "from a dictionary": (_as_is, lambda record: each(flat(record))),
    }


def cedarpy(forms: Forms) -> dict[str, Side]:
    """Cedar, in Rust: every definition permits, and the reasons say which did."""
    module = pytest.importorskip("cedarpy")
    policies = "\n".join(
        f"permit(principal, action, resource) when {{ {Cedar().write(form)} }};"
        for form in forms.values()
    )
    held = module.PolicySet.from_str(policies)
    nobody = module.Entities.from_json_str("[]")
    names = [f"policy{index}" for index in range(len(forms))]
    asked = {"principal": 'A::"a"', "action": 'Action::"judge"', "resource": 'P::"p"'}

    def slotted(record: Plain) -> Plain:
        rest = {name: value for name, value in record.items() if name != "uses"}
        return rest | {f"use{slot}": use for slot, use in enumerate(record["uses"])}

    def permitted(context: Any) -> Answers:
        request = {**asked, "context": context}
        found = module.is_authorized(request, held, nobody).diagnostics
        if found.errors:
            raise ValueError(found.errors[0])
        reasons = found.reasons
        return [name in reasons for name in names]

    return {
        "from its text": (lambda record: json.dumps(slotted(record)), permitted),
        "from a dictionary": (_as_is, lambda record: permitted(slotted(record))),
    }


def regorus(forms: Forms) -> dict[str, Side]:
    """Rego, in Rust, by text: of a dictionary its truths become numbers, and answers go wrong."""
    engine = pytest.importorskip("regorus").Engine()
    engine.add_policy("parcels.rego", Rego().package(forms))
    rules = [name.replace("-", "_") for name in forms]

    def ruled() -> Answers:
        found = engine.eval_query("data.parcels")["result"][0]["expressions"][0]["value"]
        return [found[rule] for rule in rules]

    def from_text(text: str) -> Answers:
        engine.set_input_json(text)
        return ruled()

    return {
        "from its text": (json.dumps, from_text),
        "from a dictionary": (_as_is, lambda record: from_text(json.dumps(record))),
    }


PEERS: dict[str, Callable[[Forms], dict[str, Side]]] = {
    "datalogic-py": datalogic,
    "common-expression-language": common_expression_language,
    "cel-expr-python": cel_expr_python,
    "zen-engine": zen_engine,
    "panzi-json-logic": panzi_json_logic,
    "rule-engine": rule_engine,
    "cedarpy": cedarpy,
    "celine-regorus": regorus,
}
SIDES = [
    ("datalogic-py", "prepared"),
    ("datalogic-py", "prepared, a call each"),
    ("datalogic-py", "from its text"),
    ("datalogic-py", "from a dictionary"),
    ("common-expression-language", "prepared"),
    ("common-expression-language", "from a dictionary"),
    ("cel-expr-python", "prepared"),
    ("cel-expr-python", "from a dictionary"),
    ("zen-engine", "from its text"),
    ("zen-engine", "from a dictionary"),
    ("panzi-json-logic", "from a dictionary"),
    ("rule-engine", "prepared"),
    ("rule-engine", "from a dictionary"),
    ("cedarpy", "from its text"),
    ("cedarpy", "from a dictionary"),
    ("celine-regorus", "from its text"),
    ("celine-regorus", "from a dictionary"),
]
GROUP = "12 definitions by peers, no unknowns"


def test_ours(benchmark: Any) -> None:
    """Time ours on settled records."""
    records, judge = parcels(COUNT, 0), compile_numbers(JUDGEMENTS)
    benchmark.group, benchmark.extra_info["side"] = GROUP, "kprules, settled"
    benchmark(lambda: [judge(record) for record in records])


@pytest.mark.parametrize(("peer", "given"), SIDES, ids=[": ".join(side) for side in SIDES])
def test_peers(benchmark: Any, peer: str, given: str) -> None:
    """Time a peer on the same records, and hold its answers to ours."""
    prepare, judge = PEERS[peer](FORMS)[given]
    settled = parcels(COUNT, 0)
    records = [prepare(plain(record)) for record in settled]
    ours = compile_numbers(JUDGEMENTS)
    for record, prepared in zip(settled, records, strict=True):
        assert list(judge(prepared)) == [number == 2 for number in ours(record)]
    benchmark.group, benchmark.extra_info["side"] = GROUP, f"{peer}, {given}"
    benchmark(lambda: [judge(record) for record in records])  # as long as ours, and as often


UNKNOWN = {
    "datalogic-py": ("so", "so"),
    "common-expression-language": ("an error", "so"),
    "cel-expr-python": ("an error", "so"),
    "zen-engine": ("so", "so"),
    "panzi-json-logic": ("so", "so"),
    "rule-engine": ("an error", "so"),
    "cedarpy": ("an error", "an error"),
    "celine-regorus": ("so", "so"),
}
"""What each says of `not (goods.material is diamond)`: the material left out, and null."""


@pytest.mark.parametrize("peer", UNKNOWN)
def test_unknowns(peer: str) -> None:
    """Nobody says that it is not known: ours alone does."""
    _, judge = PEERS[peer]({"other": Not(DIAMOND)})["from a dictionary"]
    left_out: Plain = {"goods": {"carats": 1}, "uses": []}
    null: Plain = {"goods": {"carats": 1, "material": None}, "uses": []}
    assert (_said(judge, left_out), _said(judge, null)) == UNKNOWN[peer]
    (record,) = parcels(1, 1)
    ours = compile_numbers([choose(Definition("other", "", "parcel", Not(DIAMOND)))])
    assert ours(record) == (1,)  # undetermined


def _said(judge: Callable[[Plain], Answers], record: Plain) -> str:
    """Return what a peer says, an error included: each has kinds of its own."""
    try:
        (answer,) = judge(record)
    except Exception:  # noqa: BLE001 - as above
        return "an error"
    return {True: "so", False: "not so"}.get(answer, "an error")
