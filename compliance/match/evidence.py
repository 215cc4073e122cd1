"""All links of a draft, gathered by provision, as evidence with its words and cues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compliance.match.feature import Audience, Sentence
from compliance.match.index import Index
from compliance.match.link import Link, links
from compliance.match.remark import remarks
from compliance.model.judgement import Commitment, Cue, Direction, Evidence, NearMiss, Remark
from compliance.model.law import Instrument, Protected, Provision
from compliance.model.policy import BlockKind, Clause, Document

# Passages kept for one provision and direction; more add nothing to a verdict.
_MOST = 8
_MOST_NEAR = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """What a draft says, before any conclusion."""

    evidence: Mapping[str, Sequence[Evidence]]
    near_misses: Mapping[str, Sequence[NearMiss]]
    by_reference: frozenset[str]
    committing: tuple[Clause, ...]
    remarks: tuple[Remark, ...]


class Matcher:
    """Links sentences to provisions."""

    def __init__(self, instruments: Sequence[Instrument], index: Index, model: Mapping[str, Any]) -> None:
        self._provisions: dict[str, Provision] = {
            provision.id: provision
            for instrument in instruments
            for provision in instrument.provisions
            if provision.auditable
        }
        self._index = index

    def match(self, document: Document, sentences: Sequence[Sentence]) -> Seen:
        found: dict[str, list[Evidence]] = defaultdict(list)
        committing: dict[str, Clause] = {}
        for sentence in sentences:
            for link in links(sentence, self._index, self._provisions):
                if link.provision in self._provisions:
                    found[link.provision].append(evidence(link))
            if _commits(sentence):
                committing[sentence.clause.id] = sentence.clause
        return Seen(
            evidence={provision: _strongest(items) for provision, items in found.items()},
            near_misses={},
            by_reference=frozenset(),
            committing=tuple(committing.values()),
            remarks=remarks(document, sentences),
        )


def evidence(link: Link) -> Evidence:
    """A link as evidence: verbatim span, persons, cues."""
    sentence = link.sentence
    cues = [Cue(sentence.span_of(hit), hit.concept) for hit in link.hits]
    cues += [
        Cue(sentence.span_of(hit), hit.concept)
        for hit in sentence.hits
        if hit.concept.startswith(("polarity-", "limit-", "force-weak", "burden", "nationals-first")) and hit not in link.hits
    ]
    return Evidence(
        clause=sentence.clause,
        span=sentence.span,
        answers=tuple(sorted(link.answers)),
        commitment=_force(sentence, link),
        persons=persons(sentence.audience),
        direction=link.direction,
        cues=tuple(cues),
        score=round(link.strength, 3),
    )


def _force(sentence: Sentence, link: Link) -> Commitment:
    """A permission or a hedge does not weaken a breach: what may be done to a migrant can be done."""
    if link.direction is Direction.AGAINST and sentence.commitment is Commitment.WEAK and "force-may" in sentence.own:
        return Commitment.FIRM
    return sentence.commitment


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


def _strongest(items: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The best passages each way, in a fixed order; every element answered keeps a passage."""
    kept: list[Evidence] = []
    for direction in (Direction.AGAINST, Direction.SUPPORTS):
        ranked = sorted(
            (item for item in items if item.direction is direction),
            key=lambda item: (-len(item.answers), item.commitment is not Commitment.FIRM, -item.score, item.span),
        )
        answered: set[str] = set()
        for place, item in enumerate(ranked):
            if place < _MOST or not set(item.answers) <= answered:
                kept.append(item)
                answered |= set(item.answers)
    return tuple(kept)


def _commits(sentence: Sentence) -> bool:
    return (
        sentence.commitment is Commitment.FIRM
        and sentence.clause.kind is not BlockKind.HEADING
        and "force-firm" in sentence.own
        and len(sentence.tokens) >= 6
    )
