"""Terms applied: the paths given to them, and their bodies put in place.

Guarantee: a term is applied to paths of the types that it asks for, or a problem says which it asks
for. A line in here touches one application.
"""

from __future__ import annotations

from dataclasses import replace

from kprules.checking.instances import Place, instantiate
from kprules.checking.paths import Scope
from kprules.checking.room import Body, Room
from kprules.checking.words import kind_of
from kprules.formula.nodes import Form, Path, Said
from kprules.records.shape import PERIOD, Nested, Period, Reference, Type
from kprules.syntax import tree


def placed(
    room: Room,
    form: tree.Apply,
    body: Body,
    arguments: tuple[Path, ...],
    scope: Scope,
    said: Said | None,
) -> Form:
    """Return a term's form where it is applied; one applied alike twice is one form.

    Without a clause around it, it is called by the term's name.
    """
    assert body.form is not None  # noqa: S101 - the caller has asked
    name = form.term.text
    hidden = not body.binders.isdisjoint(scope.variables)
    key = (name, arguments, frozenset(scope.variables) if hidden else frozenset())
    form_here = room.placed.get(key)
    if form_here is None:
        parameters = (parameter for parameter, _ in body.parameters)
        place = Place(dict(zip(parameters, arguments, strict=True)), scope.variables.keys())
        form_here = room.placed[key] = instantiate(body.form, place)
    written = body.written
    words = written.words.text if written.words is not None else None
    if said is None:
        said = Said(name, words, f"term {name}", written.span)
    elif said.words is None:
        said = replace(said, words=words)
    return replace(form_here, said=said, span=form.span)


def arguments_of(room: Room, form: tree.Apply, body: Body, scope: Scope) -> tuple[Path, ...] | None:
    """Return the paths that a term is applied to, if they are of the types it asks for."""
    wanted = body.parameters
    if len(form.arguments) != len(wanted):
        given, asked = len(form.arguments), len(wanted)
        room.problems.report(
            "type-mismatch",
            f"`{form.term.text}` asks for {asked} {'path' if asked == 1 else 'paths'}, not {given}",
            form.span,
            label=f"expected {asked}",
            also=((body.written.name.span, "the term"),),
        )
        return None
    found = [
        _argument(room, written, parameter, type_, body, scope)
        for written, (parameter, type_) in zip(form.arguments, wanted, strict=True)
    ]
    paths = [path for path in found if path is not None]
    return tuple(paths) if len(paths) == len(found) else None


def _argument(
    room: Room, written: tree.Path, parameter: str, type_: Type | None, body: Body, scope: Scope
) -> Path | None:
    paths = room.paths
    record = type_.record if isinstance(type_, Nested) else None
    if scope.root is not None and record == scope.root.record == str(written):
        return scope.root
    path = paths.resolve(written, scope)
    if path is None or type_ is None:
        return None
    if isinstance(path.type, Period) and type_ == PERIOD:
        return path
    if isinstance(path.type, Nested | Reference) and path.type.record == record:
        return path
    term = body.written.name
    wanted = "a period" if record is None else f"a record of the kind `{record}`"
    room.problems.report(
        "type-mismatch",
        f"`{term.text}` asks for {wanted}, and `{written}` is {kind_of(path.type)}",
        written.span,
        label=f"expected {wanted}",
        also=((term.span, f"`{parameter}` of this term"),),
    )
    return None
