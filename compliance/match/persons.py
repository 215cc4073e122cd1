"""Whom a sentence protects, against whom a provision protects (METHOD, third question)."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.match.feature import Audience
from compliance.model.law import Protected, Provision, Role


def persons(audience: Audience) -> frozenset[Protected]:
    """Whom a sentence protects, in the catalogue's words; ALL when unqualified."""
    found: set[Protected] = set()
    sides = audience & (Audience.HERE | Audience.ABROAD | Audience.RETURNEE)
    if audience & Audience.REGULAR:
        found.add(Protected.REGULAR)
    if audience & Audience.IRREGULAR:
        found.add(Protected.IRREGULAR)
        if not sides:
            found.add(Protected.ALL)
    if audience & Audience.ABROAD:
        found.add(Protected.NATIONALS)
    if audience & Audience.RETURNEE:
        found.add(Protected.RETURNEES)
    if audience & Audience.HERE and not audience & (Audience.REGULAR | Audience.IRREGULAR):
        found |= {Protected.REGULAR, Protected.IRREGULAR}
    if audience & Audience.EVERY_STATUS:
        found |= {Protected.REGULAR, Protected.IRREGULAR}
        if not sides:
            found.add(Protected.ALL)
    if not sides and not audience & (Audience.REGULAR | Audience.IRREGULAR | Audience.EVERY_STATUS):
        found.add(Protected.ALL)
    if audience & Audience.LIMITED and not audience & Audience.EVERY_STATUS:
        found.add(Protected.SPECIFIED_EMPLOYMENT)
    if audience & Audience.CHILD and not audience & (sides | Audience.NEUTRAL):
        found = {Protected.CHILDREN, Protected.ALL}
    elif audience & Audience.CHILD:
        found.add(Protected.CHILDREN)
    if audience & Audience.FAMILY:
        found.add(Protected.FAMILY)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom one piece of evidence reaches: the sides of the border, and whether it leaves some out."""

    here: bool
    abroad: bool
    narrow: bool


def needed_sides(provision: Provision) -> frozenset[str]:
    """Sides a draft must answer for full coverage; transit alone is not asked for beside employment."""
    sides = set()
    if Role.ORIGIN in provision.bearers:
        sides.add("abroad")
    if Role.EMPLOYMENT in provision.bearers or provision.bearers == {Role.TRANSIT}:
        sides.add("here")
    return frozenset(sides)


def reach(provision: Provision, persons: frozenset[Protected]) -> Reach:
    """Compare whom a clause protects with whom the provision protects (METHOD, third question)."""
    return reached(provision.persons, persons)


def reached(asked: Protected | None, persons: frozenset[Protected]) -> Reach:
    """The same, from the persons that a provision protects."""
    here = Protected.REGULAR in persons or Protected.ALL in persons or Protected.IRREGULAR in persons
    abroad = Protected.NATIONALS in persons or Protected.RETURNEES in persons or Protected.ALL in persons
    narrow = Protected.SPECIFIED_EMPLOYMENT in persons and asked not in (Protected.COMMUNITY, Protected.GROUP)
    if asked in (Protected.ALL, Protected.IRREGULAR, Protected.CHILDREN) or asked is None:
        narrow = narrow or (Protected.REGULAR in persons and not persons & {Protected.ALL, Protected.IRREGULAR})
    if asked not in (Protected.CHILDREN, Protected.FAMILY):
        narrow = narrow or (persons <= {Protected.CHILDREN, Protected.ALL} and Protected.CHILDREN in persons)
    if asked is Protected.NATIONALS:
        narrow = narrow or persons == {Protected.RETURNEES}
    return Reach(here, abroad, narrow)
