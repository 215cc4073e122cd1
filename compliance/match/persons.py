"""Whom a sentence protects, in the catalogue's words."""

from __future__ import annotations

from compliance.match.feature import Audience
from compliance.model.law import Protected


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
