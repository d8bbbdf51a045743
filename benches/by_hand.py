"""The definitions of `parcels` as a programmer would write them: two values, unknown is not so.

A function a definition, and one function for all with what they share computed once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

ARMS = frozenset({"arms", "fighters", "army_budget"})
WARS = frozenset({"interstate", "intrastate"})
STATES = frozenset({"army", "government"})
ARMED = frozenset({"rebel", "militia", "terrorist"})
EITHER = frozenset({"government", "other_state"})


def core_2002(r: Any) -> bool:
    """Judge rebels who finance a war against a legitimate government."""
    g = r.goods
    if g.material == "diamond" and g.form == "rough" and g.made == "natural":
        for u in r.uses:
            if (
                ("rebel" in (u.actor.kinds or ()) or "rebel" in (u.allied_with or ()))
                and not ARMS.isdisjoint(u.finances or ())
                and u.conflict.type in WARS
                and "government" in (u.targets or ())
                and u.legitimate
            ):
                return True
    return False


def core_described(r: Any) -> bool:
    """Judge the same, where it is described."""
    g = r.goods
    if g.material == "diamond" and g.form == "rough" and g.made == "natural" and r.described:
        for u in r.uses:
            if (
                ("rebel" in (u.actor.kinds or ()) or "rebel" in (u.allied_with or ()))
                and not ARMS.isdisjoint(u.finances or ())
                and "government" in (u.targets or ())
                and u.legitimate
            ):
                return True
    return False


def west_2022(r: Any) -> bool:
    """Judge the same of states too."""
    g = r.goods
    if g.material == "diamond" and g.form == "rough" and g.made == "natural":
        for u in r.uses:
            kinds = u.actor.kinds or ()
            if (
                (
                    "rebel" in kinds
                    or "rebel" in (u.allied_with or ())
                    or not STATES.isdisjoint(kinds)
                )
                and not ARMS.isdisjoint(u.finances or ())
                and "government" in (u.targets or ())
                and u.legitimate
            ):
                return True
    return False


def aggression(r: Any) -> bool:
    """Judge the army or government of an aggressor."""
    g = r.goods
    if (
        g.material == "diamond"
        and g.form == "rough"
        and g.made == "natural"
        and r.territory.zone != "compliant"
    ):
        for u in r.uses:
            c = u.conflict
            if (
                not STATES.isdisjoint(u.actor.kinds or ())
                and not ARMS.isdisjoint(u.finances or ())
                and c.type in WARS
                and u.actor.state == c.aggressor
            ):
                return True
    return False


def armed_groups(r: Any) -> bool:
    """Judge armed groups at war with civilians."""
    g = r.goods
    if g.material == "diamond" and g.form == "rough" and g.made == "natural":
        for u in r.uses:
            if (
                (not ARMED.isdisjoint(u.actor.kinds or ()) or "rebel" in (u.allied_with or ()))
                and not ARMS.isdisjoint(u.finances or ())
                and u.conflict.type in WARS
                and "civilians" in (u.targets or ())
            ):
                return True
    return False


def wars_only(r: Any) -> bool:
    """Judge deadly wars, paid for directly."""
    g = r.goods
    if (
        g.material == "diamond"
        and g.form == "rough"
        and g.made == "natural"
        and not r.territory.occupied
    ):
        for u in r.uses:
            c = u.conflict
            if (
                not ARMS.isdisjoint(u.finances or ())
                and c.type in WARS
                and (c.deaths or 0) >= 1000
                and u.directness == "direct"
            ):
                return True
    return False


def any_finance(r: Any) -> bool:
    """Judge deadly wars on states, where described."""
    g = r.goods
    if g.material == "diamond" and g.form == "rough" and g.made == "natural" and r.described:
        for u in r.uses:
            c = u.conflict
            if (
                not ARMS.isdisjoint(u.finances or ())
                and c.type in WARS
                and not EITHER.isdisjoint(u.targets or ())
                and (c.deaths or 0) >= 1000
            ):
                return True
    return False


def no_use(r: Any) -> bool:
    """Judge a compliant zone that no rebels use."""
    g = r.goods
    if (
        g.material == "diamond"
        and g.form == "rough"
        and g.made == "natural"
        and r.territory.zone == "compliant"
    ):
        for u in r.uses:
            if (
                ("rebel" in (u.actor.kinds or ()) or "rebel" in (u.allied_with or ()))
                and not ARMS.isdisjoint(u.finances or ())
                and u.conflict.type in WARS
            ):
                return False
        return True
    return False


def every_direct(r: Any) -> bool:
    """Judge whether every use that finances is direct."""
    g = r.goods
    if (
        g.material == "diamond"
        and g.form == "rough"
        and g.made == "natural"
        and r.described
        and r.territory.occupied
    ):
        for u in r.uses:
            if not ARMS.isdisjoint(u.finances or ()) and not (
                u.directness == "direct" and u.conflict.type in WARS
            ):
                return False
        return True
    return False


def import_ban(r: Any) -> bool:
    """Judge goods of one origin, imported elsewhere."""
    g = r.goods
    return (
        g.material == "diamond"
        and g.quality == "gem"
        and "RUS" in (g.origins or ())
        and g.imported_to == "SLE"
        and g.transformed_in in ("none", "RUS")
        and (g.carats or 0) >= 1
        and g.made == "natural"
    )


def occupied(r: Any) -> bool:
    """Judge a state at war in a place that it occupies."""
    g, t = r.goods, r.territory
    if (
        g.material == "diamond"
        and g.form == "rough"
        and g.made == "natural"
        and t.occupied
        and t.zone != "compliant"
    ):
        for u in r.uses:
            if (
                not STATES.isdisjoint(u.actor.kinds or ())
                and not ARMS.isdisjoint(u.finances or ())
                and u.conflict.type in WARS
            ):
                return True
    return False


def shares(r: Any) -> bool:
    """Judge a company of the aggressor that owns half."""
    g = r.goods
    if (
        g.material == "diamond"
        and g.form == "rough"
        and g.made == "natural"
        and (g.carats or 0) >= 1
    ):
        for u in r.uses:
            if (
                "company" in (u.actor.kinds or ())
                and (u.share or 0) >= 50
                and not ARMS.isdisjoint(u.finances or ())
                and u.actor.state == u.conflict.aggressor
            ):
                return True
    return False


SEPARATE: tuple[Callable[[Any], bool], ...] = (
    core_2002,
    core_described,
    west_2022,
    aggression,
    armed_groups,
    wars_only,
    any_finance,
    no_use,
    every_direct,
    import_ban,
    occupied,
    shares,
)


def together(r: Any) -> tuple[bool, ...]:
    """Judge all definitions in one function, the subterms that they share computed once."""
    g, t = r.goods, r.territory
    diamond, natural = g.material == "diamond", g.made == "natural"
    rough = diamond and natural and g.form == "rough"
    described, held, carats = r.described is True, t.occupied is True, (g.carats or 0) >= 1
    zone = t.zone == "compliant"
    core = core_too = west = aggressive = groups = wars = finance = rebels = states = owned = False
    every = True
    if rough:
        for u in r.uses:
            a, c, targets = u.actor, u.conflict, u.targets or ()
            kinds = a.kinds or ()
            arms = not ARMS.isdisjoint(u.finances or ())
            war = c.type in WARS
            rebel = "rebel" in kinds or "rebel" in (u.allied_with or ())
            state = not STATES.isdisjoint(kinds)
            aim = "government" in targets and u.legitimate is True
            aggressor = a.state == c.aggressor
            deadly = (c.deaths or 0) >= 1000
            direct = u.directness == "direct"
            core = core or (rebel and arms and war and aim)
            core_too = core_too or (rebel and arms and aim)
            west = west or ((rebel or state) and arms and aim)
            aggressive = aggressive or (state and arms and war and aggressor)
            groups = groups or (
                (rebel or not ARMED.isdisjoint(kinds)) and arms and war and "civilians" in targets
            )
            wars = wars or (arms and war and deadly and direct)
            finance = finance or (arms and war and not EITHER.isdisjoint(targets) and deadly)
            rebels = rebels or (rebel and arms and war)
            every = every and (not arms or (direct and war))
            states = states or (state and arms and war)
            owned = owned or ("company" in kinds and (u.share or 0) >= 50 and arms and aggressor)
    return (
        core,
        core_too and described,
        west,
        aggressive and not zone,
        groups,
        wars and not held,
        finance and described,
        rough and not rebels and zone,
        rough and every and described and held,
        diamond
        and natural
        and carats
        and g.quality == "gem"
        and "RUS" in (g.origins or ())
        and g.imported_to == "SLE"
        and g.transformed_in in ("none", "RUS"),
        states and held and not zone,
        owned and carats,
    )


def rearranged(r: Any) -> tuple[bool, ...]:
    """Judge all definitions, the order of the questions thought over as well."""
    g, t = r.goods, r.territory
    diamond, natural = g.material == "diamond", g.made == "natural"
    rough = diamond and natural and g.form == "rough"
    described, occupation, carats = r.described, t.occupied, (g.carats or 0) >= 1
    zone = t.zone == "compliant"
    core = core_too = west = aggressive = groups = wars = finance = rebels = states = owned = False
    every = True
    if rough:
        for u in r.uses:
            if ARMS.isdisjoint(u.finances or ()):
                continue
            a, c, targets = u.actor, u.conflict, u.targets or ()
            kinds = a.kinds or ()
            war = c.type in WARS
            rebel = "rebel" in kinds or "rebel" in (u.allied_with or ())
            state = not STATES.isdisjoint(kinds)
            aim = "government" in targets and u.legitimate
            if rebel:
                if aim:
                    core_too = west = True
                    if war:
                        core = True
                if war:
                    rebels = True
            elif state and aim:
                west = True
            aggressor = a.state == c.aggressor
            if war:
                if state:
                    states = True
                    if aggressor:
                        aggressive = True
                if (rebel or not ARMED.isdisjoint(kinds)) and "civilians" in targets:
                    groups = True
                if (c.deaths or 0) >= 1000:
                    if u.directness == "direct":
                        wars = True
                    if not EITHER.isdisjoint(targets):
                        finance = True
            if aggressor and "company" in kinds and (u.share or 0) >= 50:
                owned = True
            if not (war and u.directness == "direct"):
                every = False
    return (
        core,
        core_too and bool(described),
        west,
        aggressive and not zone,
        groups,
        wars and not occupation,
        finance and bool(described),
        rough and not rebels and zone,
        rough and every and bool(described) and bool(occupation),
        diamond
        and natural
        and carats
        and g.quality == "gem"
        and "RUS" in (g.origins or ())
        and g.imported_to == "SLE"
        and g.transformed_in in ("none", "RUS"),
        states and bool(occupation) and not zone,
        owned and carats,
    )
