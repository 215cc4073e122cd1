"""From all that a draft's sentences say to one provision: is it addressed, is it breached, is it answered whole?

Three questions, each answered by a few small trees (`rules/model.json`) from named signals: what the rules found, what
the learnt scores say, whom the sentences protect, how firmly they commit. A provision that the model never learnt (a
user's own instrument) is judged by its rules alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from compliance.match.feature import Audience, Sentence
from compliance.match.link import Link, virtual
from compliance.match.model import HARM, HEDGED, NARROW, UNKNOWN, LinkModel, Scores, probability
from compliance.match.persons import persons
from compliance.model.judgement import Commitment
from compliance.model.law import Mode, Protected, Provision
from compliance.model.reach import Reach, needed_sides, reached

# Scores below this say nothing; signals are cut there, so that an unrelated clause moves no verdict.
FLOOR = -3.0
# Below this a passage is not worth showing either.
HEARING = -5.0
_DEEP = UNKNOWN
# What a rule adds to a sentence's score when passages are ranked.
RULED, _RULED_AGAINST, _HARM = 3.0, 2.0, 0.7
_ACCUSED = -2.5
# Passages looked at for one provision.
_LOOKED = 8

ADDRESSED = (
    "about-best",
    "pull-second",
    "rule-best",
    "rule-most",
    "about-most",
    "weak-best",
    "twin-best",
    "twin-most",
    "habit",
    "several-rules",
    "partly",
    "harm-best",
    "breach-best",
    "other-side",
)
CONTRARY = (
    "breach-worst",
    "breach-most",
    "harm-worst",
    "harm-at-most",
    "rule-most",
    "rule-worst",
    "about-worst",
    "about-most",
    "support-worst",
    "support-most",
    "prohibition",
    "hedged-mode",
    "twin-worst",
    "habit",
    "denied",
    "negated",
    "permitted",
    "excepted",
    "limited",
    "only",
    "burden",
    "weak",
    "reaches",
    "several",
    "breach-second",
)
WHOLE = (
    "element-least",
    "element-mean",
    "ruled-share",
    "ruled-least",
    "single",
    "elements",
    "about-most",
    "firm-short",
    "passages",
    "habit",
    "rule-most",
    "all-ruled",
    "side-short",
    "wide-short",
    "firm-wide-short",
    "firm-only-short",
    "hedged-mode",
    "sides",
    "unnarrowed-short",
    "for-all",
    "full-best",
    "full-most",
    "hedged-best",
    "hedged-least",
    "narrow-best",
    "narrow-least",
)
_TRAITS = ("@denied", "@negated", "@permitted", "@excepted", "@limited", "@only", "@burden")


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence's word on one provision: what the rules and the learnt scores make of it."""

    sentence: Sentence
    scores: Scores
    supports: Link | None
    against: Link | None
    about: float
    breach: float

    @property
    def coverage(self) -> float:
        return max(self.supports.coverage, 0.01) if self.supports else 0.0

    @property
    def coverage_against(self) -> float:
        return max(self.against.coverage, 0.01) if self.against else 0.0

    @property
    def pull(self) -> float:
        """How strongly it speaks for the provision."""
        return self.about + RULED * self.coverage

    @property
    def push(self) -> float:
        """How strongly it speaks against the provision."""
        return self.breach + _HARM * self.trait(HARM) + _RULED_AGAINST * self.coverage_against

    def trait(self, head: str) -> float:
        return max(FLOOR, self.scores.traits.get(head, FLOOR))

    @property
    def weak(self) -> bool:
        return self.sentence.commitment is Commitment.WEAK


@dataclass(frozen=True, slots=True)
class Weighed:
    """The answers to the three questions, 0 to 1, and the passages by rank."""

    addressed: float
    contrary: float
    whole: float | None  # None: the model does not know the provision
    for_it: tuple[Passage, ...]
    against_it: tuple[Passage, ...]
    elements: Mapping[tuple[int, str], float]  # log-odds that a passage (its sentence's index) answers an element
    ruled: bool = False  # the rules alone read it as answered whole, firmly, for all, and nothing as against it


@dataclass(frozen=True, slots=True)
class Signals:
    addressed: tuple[float, ...]
    contrary: tuple[float, ...]
    whole: tuple[float, ...]
    for_it: tuple[Passage, ...]
    against_it: tuple[Passage, ...]
    elements: Mapping[tuple[int, str], float]


# Out of how many learning drafts the usual fate of a provision is told when nothing is known of it.
NO_HABIT = (0.4, 0.5, 0.1)


def weigh(
    provision: Provision, passages: Sequence[Passage], model: LinkModel, most_about: Mapping[str, float]
) -> Weighed:
    """Answer the three questions for one provision.

    Args:
        passages: every sentence with something to say, in reading order.
        most_about: each provision's best score over the whole draft.
    """
    if provision.id not in model.known or not model.trees:
        return _by_rules(passages)
    found = signals(provision, passages, model, most_about)
    # NOTE: a breach needs a sentence that a rule or the scores call one; the circumstances alone accuse nobody.
    accused = any(p.against or p.breach > _ACCUSED for p in found.against_it)
    return Weighed(
        addressed=probability(model.trees["addressed"], found.addressed),
        contrary=probability(model.trees["contrary"], found.contrary) if accused else 0.0,
        whole=probability(model.trees["whole"], found.whole),
        for_it=found.for_it,
        against_it=found.against_it,
        elements=found.elements,
        ruled=_ruled(found),
    )


def _ruled(found: Signals) -> bool:
    said = dict(zip(WHOLE, found.whole, strict=True))
    accused = dict(zip(CONTRARY, found.contrary, strict=True))["rule-most"] > 0
    return bool(said["all-ruled"]) and said["rule-most"] > 0.999 and said["firm-wide-short"] > -1.5 and not accused


def _by_rules(passages: Sequence[Passage]) -> Weighed:
    for_it = tuple(sorted((p for p in passages if p.supports), key=lambda p: -p.coverage))
    against_it = tuple(sorted((p for p in passages if p.against), key=lambda p: -p.coverage_against))
    return Weighed(float(bool(for_it)), float(bool(against_it)), None, for_it, against_it, {})


def signals(
    provision: Provision, passages: Sequence[Passage], model: LinkModel, most_about: Mapping[str, float]
) -> Signals:
    """The figures from which the three questions are answered, in the order of ADDRESSED, CONTRARY and WHOLE."""
    for_it = tuple(sorted(passages, key=lambda p: (-p.pull, p.sentence.index))[:_LOOKED])
    against_it = tuple(sorted(passages, key=lambda p: (-p.push, p.sentence.index))[:_LOOKED])
    elements = {
        (p.sentence.index, element.id): _cut(model.answers(f"{provision.id}#{element.id}", p.scores.vector), _DEEP)
        for p in for_it
        for element in provision.elements
    }
    habit = model.habits.get(provision.id, NO_HABIT)
    about_most = max((p.about for p in passages), default=FLOOR)
    rule_most = max((p.coverage for p in passages), default=0.0)
    hedged = float(provision.mode in (Mode.PERMISSIVE, Mode.BEST_EFFORTS))
    sides = needed_sides(provision)
    best = for_it[0] if for_it else None
    pull = best.pull if best else FLOOR
    heard = [p for p in for_it if p.pull >= max(-2.0, pull - 2.5)]
    reached = [(_reach(provision.persons, p.sentence.audience), p) for p in heard]

    def strongest(side: str | None, unnarrowed: bool, firm: bool) -> float:
        return max(
            (
                p.pull
                for r, p in reached
                if (side is None or (r.here if side == "here" else r.abroad))
                and not (unnarrowed and r.narrow)
                and not (firm and p.weak)
            ),
            default=_DEEP,
        )

    def short(unnarrowed: bool, firm: bool) -> float:
        """How much weaker than the best the weakest side is answered."""
        return min((strongest(side, unnarrowed, firm) for side in sides), default=pull) - pull

    def full(passage: Passage) -> float:
        return _cut(model.answers(provision.id, passage.scores.vector), FLOOR)

    twins = [key for key in provision.related if key in model.known]
    addressed = (
        best.about if best else FLOOR,
        for_it[1].pull if len(for_it) > 1 else FLOOR,
        best.coverage if best else 0.0,
        rule_most,
        about_most,
        float(best.weak) if best else 0.0,
        max((best.scores.about.get(key, FLOOR) for key in twins), default=FLOOR) if best else FLOOR,
        max((most_about.get(key, FLOOR) for key in twins), default=FLOOR),
        habit[0],
        float(sum(p.supports is not None for p in passages) > 1),
        float(best.supports.partly) if best and best.supports else 0.0,
        best.trait(HARM) if best else FLOOR,
        best.breach if best else FLOOR,
        min(0.0, max((strongest(side, False, False) for side in sides), default=pull) - pull),
    )
    worst = against_it[0] if against_it else None
    breach_most = max(passages, key=lambda p: p.breach) if passages else None
    traits = virtual(worst.sentence) if worst else frozenset()
    reaching = _reach(provision.persons, worst.sentence.audience) if worst else None
    contrary = (
        worst.breach if worst else FLOOR,
        breach_most.breach if breach_most else FLOOR,
        worst.trait(HARM) if worst else FLOOR,
        breach_most.trait(HARM) if breach_most else FLOOR,
        max((p.coverage_against for p in passages), default=0.0),
        worst.coverage_against if worst else 0.0,
        worst.about if worst else FLOOR,
        about_most,
        worst.coverage if worst else 0.0,
        rule_most,
        float(provision.mode is Mode.PROHIBITION),
        hedged,
        max((worst.scores.breach.get(key, FLOOR) for key in twins), default=FLOOR) if worst else FLOOR,
        habit[2],
        *(float(trait in traits) for trait in _TRAITS),
        float(worst.weak) if worst else 0.0,
        float(reaching.here or reaching.abroad) if reaching else 0.0,
        float(sum(p.breach > -1 for p in passages)),
        against_it[1].breach if len(against_it) > 1 else FLOOR,
    )
    answered = [
        (
            max((elements[p.sentence.index, element.id] for p in for_it), default=_DEEP),
            max((p.about for p in passages if p.supports and element.id in p.supports.answers), default=_DEEP),
        )
        for element in provision.elements
    ]
    ruled = [about > _DEEP for _, about in answered]
    firmest = max((p.about for p in passages if not p.weak), default=FLOOR)
    whole = (
        min((score for score, _ in answered), default=_DEEP),
        sum(score for score, _ in answered) / max(1, len(answered)),
        sum(ruled) / max(1, len(ruled)),
        min((about for _, about in answered), default=_DEEP),
        float(len(answered) == 1),
        float(len(answered)),
        about_most,
        firmest - about_most,
        float(sum(p.pull > 0 for p in passages)),
        habit[1],
        rule_most,
        float(all(ruled)),
        short(False, False),
        short(True, False),
        short(True, True),
        strongest(None, False, True) - pull,
        hedged,
        float(len(sides)),
        strongest(None, True, False) - pull,
        float(provision.persons is Protected.ALL),
        full(best) if best else FLOOR,
        max(map(full, heard), default=FLOOR),
        best.trait(HEDGED) if best else 0.0,
        min((p.trait(HEDGED) for p in heard), default=0.0),
        best.trait(NARROW) if best else 0.0,
        min((p.trait(NARROW) for p in heard), default=0.0),
    )
    return Signals(addressed, contrary, whole, for_it, against_it, elements)


def likelihood(pull: float) -> float:
    """A rank as a figure from 0 to 1, for display."""
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, pull)))), 3)


def _cut(score: float, floor: float) -> float:
    return max(floor, score)


@lru_cache(maxsize=8192)
def _reach(asked: Protected | None, audience: Audience) -> Reach:
    return reached(asked, persons(audience))
