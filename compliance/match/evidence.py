"""All links of a draft, gathered by provision, as evidence with its words and cues."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compliance.match.feature import Audience, Sentence
from compliance.match.index import Index
from compliance.match.link import Link, links
from compliance.match.model import LinkModel
from compliance.model.judgement import Commitment, Cue, Direction, Evidence, NearMiss
from compliance.model.law import Instrument, Mode, Protected, Provision
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


# Links below this strength are near misses, not evidence.
_LINE = 0.5
_CONFLICT_LINE = 0.2
# Share of a pattern's weight that the sentence itself must hold to stand alone.
_WHOLE = 0.999
# Model scores below this are not worth weighing, nor showing.
_FLOOR = -5.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A link that the rules, the model or both propose, before it is weighed."""

    sentence: Sentence
    provision: str
    link: Link | None
    score: float


class Matcher:
    """Links sentences to provisions."""

    def __init__(self, instruments: Sequence[Instrument], index: Index, model: LinkModel) -> None:
        self._provisions: dict[str, Provision] = {
            provision.id: provision
            for instrument in instruments
            for provision in instrument.provisions
            if provision.auditable
        }
        self._index = index
        self._marks = {
            instrument.id: {str(instrument.adopted.year), re.sub(r"^\D*0*", "", instrument.id)} - {""}
            for instrument in instruments
        }
        self._model = model

    def proposals(self, sentence: Sentence) -> list[Proposal]:
        """Every link that the rules or the model propose for one sentence."""
        scores = self._model.scores(sentence) if self._model else {}
        ruled = links(sentence, self._index, self._provisions)
        found = [Proposal(sentence, link.provision, link, scores.get(link.provision, _FLOOR)) for link in ruled]
        named = {link.provision for link in ruled}
        found += [
            Proposal(sentence, provision, None, score)
            for provision, score in scores.items()
            if score > _FLOOR and provision in self._provisions and provision not in named
        ]
        return found

    def match(self, document: Document, sentences: Sequence[Sentence]) -> Seen:
        found: dict[str, list[Evidence]] = defaultdict(list)
        near: dict[str, list[NearMiss]] = defaultdict(list)
        committing: dict[str, Clause] = {}
        referred: set[str] = set()
        for sentence in sentences:
            if _commits(sentence):
                committing[sentence.clause.id] = sentence.clause
            if sentence.commitment is Commitment.NONE:
                continue
            if "force-by-reference" in sentence.own:
                referred |= self._named(sentence)
            for proposal in self.proposals(sentence):
                item, strength = self._weigh(proposal)
                if item is not None:
                    found[proposal.provision].append(item)
                else:
                    near[proposal.provision].append(NearMiss(sentence.clause, sentence.span, round(strength, 3)))
        return Seen(
            evidence={provision: _strongest(items) for provision, items in found.items()},
            near_misses={provision: _nearest(items) for provision, items in near.items()},
            by_reference=frozenset(referred),
            committing=tuple(committing.values()),
        )

    def _named(self, sentence: Sentence) -> set[str]:
        """Instruments that a sentence names by their number or the year of their adoption."""
        forms = {token.form for token in sentence.tokens}
        return {instrument for instrument, marks in self._marks.items() if marks & forms}

    def _weigh(self, proposal: Proposal) -> tuple[Evidence | None, float]:
        sentence, link = proposal.sentence, proposal.link
        weak = sentence.commitment is Commitment.WEAK
        against = link is not None and link.direction is Direction.AGAINST
        strength = self._model.strength(link, proposal.score, weak, against)
        # NOTE: a breach said whole in one sentence stands by its rule alone; the model only weighs what is pieced together.
        whole_breach = against and link is not None and link.coverage > _WHOLE
        if not whole_breach and strength < (_CONFLICT_LINE if against else _LINE):
            return None, strength
        provision = self._provisions[proposal.provision]
        if link is None and _adverse(sentence, provision):
            return None, strength
        # NOTE: the model says what a sentence is about, never that it answers an element whole.
        whole = link or Link(sentence, provision.id, frozenset(), Direction.SUPPORTS, (), 0.0, False)
        return evidence(whole, strength), strength


def _adverse(sentence: Sentence, provision: Provision) -> bool:
    """A denial, a limit or a burden: without a rule to say what it turns round, it is for a person to read."""
    if provision.mode is Mode.PROHIBITION:
        return False
    return any(segment.negated for segment in sentence.segments) or bool(
        sentence.own
        & {
            "polarity-deny",
            "nationals-first",
            "limit-reciprocity",
            "limit-seniority",
            "limit-permit",
            "burden-on-person",
        }
    )


def _nearest(items: Sequence[NearMiss]) -> tuple[NearMiss, ...]:
    ranked = sorted(items, key=lambda item: (-item.score, item.span))
    kept: list[NearMiss] = []
    for item in ranked:
        if all(item.span != other.span for other in kept):
            kept.append(item)
        if len(kept) == _MOST_NEAR:
            break
    return tuple(kept)


def evidence(link: Link, strength: float) -> Evidence:
    """A link as evidence: verbatim span, persons, cues."""
    sentence = link.sentence
    cues = [Cue(sentence.span_of(hit), hit.concept) for hit in link.hits]
    cues += [
        Cue(sentence.span_of(hit), hit.concept)
        for hit in sentence.hits
        if hit.concept.startswith(("polarity-", "limit-", "force-weak", "burden", "nationals-first"))
        and hit not in link.hits
    ]
    return Evidence(
        clause=sentence.clause,
        span=sentence.span,
        answers=tuple(sorted(link.answers)),
        commitment=_force(sentence, link),
        persons=persons(sentence.audience),
        direction=link.direction,
        cues=tuple(cues),
        score=round(strength, 3),
    )


def _force(sentence: Sentence, link: Link) -> Commitment:
    """How firmly the sentence commits to this provision.

    A permission does not weaken a breach: what may be done to a migrant can be done. A hedge that the provision
    itself asks for ("examiner la possibilité", ruling 4) is part of the match and weakens nothing.
    """
    if sentence.commitment is not Commitment.WEAK:
        return sentence.commitment
    if link.direction is Direction.AGAINST and "force-may" in sentence.own:
        return Commitment.FIRM
    matched = {place for hit in link.hits for place in range(hit.first, hit.last)}
    hedges = [hit for hit in sentence.hits if hit.concept in ("force-weak", "force-may")]
    if hedges and all(set(range(hit.first, hit.last)) <= matched for hit in hedges):
        return Commitment.FIRM
    return Commitment.WEAK


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
