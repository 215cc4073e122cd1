"""All that a draft's sentences say to each provision, weighed, as evidence with its words and cues."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from compliance.match import weigh
from compliance.match.feature import Sentence
from compliance.match.index import Index
from compliance.match.link import Link, links
from compliance.match.model import ABOUT, BREACH, LinkModel, stems
from compliance.match.persons import persons
from compliance.match.weigh import FLOOR, HEARING, Passage, Weighed
from compliance.model.judgement import Commitment, Cue, Direction, Evidence, NearMiss, Seen
from compliance.model.law import Instrument, Provision
from compliance.model.policy import BlockKind, Clause, Span

# Passages kept for one provision and direction; more add nothing to a verdict.
_MOST, _MOST_AGAINST, _MOST_NEAR = 6, 3, 5
# From which probability each of the three questions is answered by yes.
_ADDRESSED = 0.6
# The other two give the benefit of the doubt to the rules, as they read the provision as answered whole and nothing as
# against it, or as breached by one sentence that says it all.
_CONTRARY, _CONTRARY_RULED_WHOLE, _CONTRARY_RULED_BREACH = 0.4, 0.6, 0.25
_WHOLE, _WHOLE_RULED = 0.65, 0.3
# Passages this much weaker than the best one are left out of the evidence.
_BEHIND, _BEHIND_AGAINST = 3.0, 1.5
# Log-odds from which a passage that no rule reads so answers an element all the same.
_ANSWERS = 0.0
# Share of a pattern from which a sentence says it all.
_ALL = 0.999
# Words shown where the learnt scores decided, not a rule.
_WORDS = 4
RESEMBLANCE = "resemblance"
# A heading of fewer words is a title.
_ACTION_LINE = 6


@dataclass(frozen=True, slots=True)
class Sight:
    """What a draft says, before any conclusion."""

    seen: Mapping[str, Seen]
    by_reference: frozenset[str]
    committing: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """Every sentence's word on every provision."""

    passages: Mapping[str, Sequence[Passage]]
    most_about: Mapping[str, float]
    faint: Mapping[str, Sequence[tuple[float, Sentence]]]


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
        self.model = model

    def hear(self, sentences: Iterable[Sentence]) -> Heard:
        """What every committing sentence says, by rules and by learnt scores."""
        passages: dict[str, list[Passage]] = defaultdict(list)
        most: dict[str, float] = {}
        faint: dict[str, list[tuple[float, Sentence]]] = defaultdict(list)
        for sentence in sentences:
            if sentence.commitment is Commitment.NONE:
                continue
            scores = self.model.scores(sentence, FLOOR, HEARING)
            for provision, score in scores.faint.items():
                faint[provision].append((score, sentence))
            supports: dict[str, Link] = {}
            against: dict[str, Link] = {}
            title = _title(sentence)
            for link in links(sentence, self._index, self._provisions):
                (against if link.direction is Direction.AGAINST else supports)[link.provision] = link
            for provision in sorted(scores.about.keys() | scores.breach.keys() | supports.keys() | against.keys()):
                if provision not in self._provisions:
                    continue
                about = scores.about.get(provision, FLOOR)
                most[provision] = max(about, most.get(provision, FLOOR))
                passages[provision].append(
                    Passage(
                        sentence,
                        scores,
                        supports.get(provision),
                        None if title else against.get(provision),
                        about,
                        FLOOR if title else scores.breach.get(provision, FLOOR),
                    )
                )
        return Heard(passages, most, faint)

    def match(self, sentences: Sequence[Sentence]) -> Sight:
        heard = self.hear(sentences)
        committing = {sentence.clause.id: sentence.clause for sentence in sentences if _commits(sentence)}
        referred: set[str] = set()
        for sentence in sentences:
            if sentence.commitment is not Commitment.NONE and "force-by-reference" in sentence.own:
                referred |= self._named(sentence)
        return Sight(
            seen={
                key: self._see(
                    provision,
                    weigh.weigh(provision, heard.passages.get(key, ()), self.model, heard.most_about),
                    heard.faint.get(key, ()),
                )
                for key, provision in self._provisions.items()
            },
            by_reference=frozenset(referred),
            committing=tuple(committing.values()),
        )

    def _named(self, sentence: Sentence) -> set[str]:
        """Instruments that a sentence names by their number or the year of their adoption."""
        forms = {token.form for token in sentence.tokens}
        return {instrument for instrument, marks in self._marks.items() if marks & forms}

    def _see(self, provision: Provision, weighed: Weighed, faint: Sequence[tuple[float, Sentence]]) -> Seen:
        contrary = weighed.contrary >= _line(weighed) and bool(weighed.against_it)
        addressed = weighed.addressed >= _ADDRESSED and bool(weighed.for_it)
        if not contrary and not addressed:
            return Seen(near_misses=_nearest(weighed, faint))
        against: tuple[Passage, ...] = ()
        if contrary:
            line = weighed.against_it[0].push - _BEHIND_AGAINST
            against = tuple(p for p in weighed.against_it if p.push >= line)[:_MOST_AGAINST]
        for_it: tuple[Passage, ...] = ()
        if addressed:
            line = weighed.for_it[0].pull - _BEHIND
            for_it = tuple(p for p in weighed.for_it if p.pull >= line and p not in against)[:_MOST]
            for_it = tuple(p for p in for_it if not _title(p.sentence)) or for_it
        whole = None if weighed.whole is None else weighed.whole >= (_WHOLE_RULED if weighed.ruled else _WHOLE)
        answers = _answers(provision, for_it, weighed, whole)
        evidence = [self._evidence(provision, p, Direction.AGAINST, frozenset()) for p in against]
        evidence += [self._evidence(provision, p, Direction.SUPPORTS, answers[p.sentence.index]) for p in for_it]
        return Seen(tuple(evidence), (), whole)

    def _evidence(
        self, provision: Provision, passage: Passage, direction: Direction, answers: frozenset[str]
    ) -> Evidence:
        against = direction is Direction.AGAINST
        link = passage.against if against else passage.supports
        sentence = passage.sentence
        hits = link.hits if link else ()
        cues = [Cue(sentence.span_of(hit), hit.concept) for hit in hits]
        cues += [
            Cue(sentence.span_of(hit), hit.concept)
            for hit in sentence.hits
            if hit.concept.startswith(("polarity-", "limit-", "force-weak", "burden", "nationals-first"))
            and hit not in hits
        ]
        if link is None:
            head = (BREACH if against else ABOUT) + provision.id
            cues += _resembling(sentence, self.model.weighed(head, passage.scores.vector, _WORDS))
        return Evidence(
            clause=sentence.clause,
            span=sentence.span,
            answers=tuple(sorted(answers)),
            commitment=_force(sentence, link, direction),
            persons=persons(sentence.audience),
            direction=direction,
            cues=tuple(cues),
            score=weigh.likelihood(passage.push if against else passage.pull),
        )


def _line(weighed: Weighed) -> float:
    if weighed.ruled:
        return _CONTRARY_RULED_WHOLE
    said_whole = any(p.coverage_against > _ALL for p in weighed.against_it)
    return _CONTRARY_RULED_BREACH if said_whole else _CONTRARY


def _answers(
    provision: Provision, for_it: Sequence[Passage], weighed: Weighed, whole: bool | None
) -> dict[int, frozenset[str]]:
    """The elements that each passage answers, by its sentence's index.

    Rules and learnt scores say which; the answer to "whole?" settles what is in doubt: all are answered, or the least
    sure is not.
    """
    found = {p.sentence.index: set(p.supports.answers if p.supports else ()) for p in for_it}
    if whole is None or not for_it:
        return {index: frozenset(answers) for index, answers in found.items()}

    def sure(passage: Passage, element: str) -> float:
        ruled = passage.supports is not None and element in passage.supports.answers
        return weighed.elements.get((passage.sentence.index, element), FLOOR) + (weigh.RULED if ruled else 0.0)

    for passage in for_it:
        for element in provision.elements:
            if sure(passage, element.id) > _ANSWERS:
                found[passage.sentence.index].add(element.id)
    if whole:
        for element in provision.elements:
            if not any(element.id in answers for answers in found.values()):
                best = max(for_it, key=lambda p: sure(p, element.id))
                found[best.sentence.index].add(element.id)
    return {index: frozenset(answers) for index, answers in found.items()}


def _resembling(sentence: Sentence, weighty: Iterable[str]) -> list[Cue]:
    """The words of a sentence that weighed most, where no rule can be quoted."""
    wanted = set(weighty)
    language = str(sentence.clause.language)[0]
    found = []
    for hit in sentence.hits:
        if "c:" + hit.concept in wanted:
            found.append(Cue(sentence.span_of(hit), hit.concept))
    for token in sentence.tokens:
        if any(f"{language}:{stem}" in wanted for stem in stems([token])):
            found.append(Cue(Span(token.start, token.end), RESEMBLANCE))
    return found


def _nearest(weighed: Weighed, faint: Sequence[tuple[float, Sentence]]) -> tuple[NearMiss, ...]:
    """The passages that come nearest to saying something, for or against, one of each."""
    ranked = [(p.pull, p.sentence) for p in weighed.for_it] + [(p.push, p.sentence) for p in weighed.against_it]
    ranked = sorted([*ranked, *faint], key=lambda pair: (-pair[0], pair[1].index))
    kept: dict[int, NearMiss] = {}
    for score, sentence in ranked:
        if sentence.index not in kept:
            kept[sentence.index] = NearMiss(sentence.clause, sentence.span, weigh.likelihood(score))
        if len(kept) == _MOST_NEAR:
            break
    return tuple(kept.values())


def _force(sentence: Sentence, link: Link | None, direction: Direction) -> Commitment:
    """How firmly the sentence commits to this provision.

    A permission does not weaken a breach: what may be done to a migrant can be done. A hedge that the provision
    itself asks for ("examiner la possibilité", ruling 4) is part of the match and weakens nothing.
    """
    if sentence.commitment is not Commitment.WEAK:
        return sentence.commitment
    if direction is Direction.AGAINST and "force-may" in sentence.own:
        return Commitment.FIRM
    matched = {place for hit in (link.hits if link else ()) for place in range(hit.first, hit.last)}
    hedges = [hit for hit in sentence.hits if hit.concept in ("force-weak", "force-may")]
    if hedges and all(set(range(hit.first, hit.last)) <= matched for hit in hedges):
        return Commitment.FIRM
    return Commitment.WEAK


def _title(sentence: Sentence) -> bool:
    """A heading too short to be an action line says what follows is about, and nothing itself."""
    return sentence.clause.kind is BlockKind.HEADING and len(sentence.tokens) < _ACTION_LINE


def _commits(sentence: Sentence) -> bool:
    return (
        sentence.commitment is Commitment.FIRM
        and sentence.clause.kind is not BlockKind.HEADING
        and "force-firm" in sentence.own
        and len(sentence.tokens) >= 6
    )
