"""Whom a provision protects against whom a clause protects (METHOD, third question)."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.model.law import Protected, Provision, Role


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
