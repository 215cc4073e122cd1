"""What each sentence says to each provision: elements answered, direction, and the words that decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from compliance.match.feature import Audience, Segment, Sentence
from compliance.match.index import CONFLICT, PARTLY, Candidate, Index
from compliance.match.pattern import Frame
from compliance.model.judgement import Commitment, Direction
from compliance.model.law import Mode, Protected, Provision
from compliance.text.lexis import Hit

# Words between a verb of ending, denial or prohibition and what it governs, at most.
_CLOSE, _REACH, _FAR = 4, 7, 30

_LIMITS = frozenset({"limit-reciprocity", "limit-seniority", "limit-permit", "limit-places", "nationals-first"})


@dataclass(frozen=True, slots=True)
class Link:
    """One sentence's word on one provision."""

    sentence: Sentence
    provision: str
    answers: frozenset[str]  # element ids
    direction: Direction
    hits: tuple[Hit, ...]  # the concepts that decided
    coverage: float  # share of the best pattern's weight that the sentence itself holds, 0 to 1
    partly: bool  # nothing but `partly` patterns matched
    why: str = ""  # the cue that turned it against, when it did


def virtual(sentence: Sentence) -> frozenset[str]:
    """The `@` concepts of the rule language: what a sentence is, rather than what it is about."""
    found = set()
    if any(segment.negated for segment in sentence.segments) or "polarity-deny" in sentence.own:
        found.add("@denied")
    if any(segment.negated for segment in sentence.segments):
        found.add("@negated")
    if "force-may" in sentence.own:
        found.add("@permitted")
    if any(segment.exception for segment in sentence.segments):
        found.add("@excepted")
    if _LIMITS & sentence.own:
        found.add("@limited")
    if "polarity-only" in sentence.own:
        found.add("@only")
    if "burden-on-person" in sentence.own:
        found.add("@burden")
    if sentence.audience & Audience.HERE:
        found.add("@foreigners")
    if sentence.audience & (Audience.ABROAD | Audience.RETURNEE):
        found.add("@nationals-abroad")
    if sentence.audience & Audience.IRREGULAR:
        found.add("@irregular")
    if sentence.audience & Audience.REGULAR:
        found.add("@regular")
    if sentence.commitment is Commitment.FIRM:
        found.add("@firm")
    return frozenset(found)


VIRTUAL = frozenset(
    [
        "@denied",
        "@negated",
        "@permitted",
        "@excepted",
        "@limited",
        "@only",
        "@burden",
        "@foreigners",
        "@nationals-abroad",
        "@irregular",
        "@regular",
        "@firm",
    ]
)


def links(sentence: Sentence, index: Index, provisions: Mapping[str, Provision]) -> list[Link]:
    """Every provision the sentence speaks to by its rules; one link a provision and direction, elements gathered."""
    if sentence.commitment is Commitment.NONE and "force-past" not in sentence.own:
        return []
    own = sentence.own | virtual(sentence)
    around = sentence.near | sentence.far
    gathered: dict[tuple[str, Direction], list[tuple[Candidate, float, tuple[Hit, ...], str]]] = defaultdict(list)
    for candidate in index.satisfied(own, around):
        coverage = index.coverage(candidate, own)
        hits = tuple(hit for hit in sentence.hits if hit.concept in candidate.need)
        direction, why = _direction(sentence, candidate, hits, provisions[candidate.provision])
        if direction is Direction.AGAINST and _only_considered(sentence, candidate):
            continue
        if direction is not None:
            gathered[candidate.provision, direction].append((candidate, coverage, hits, why))
    found = []
    for (provision, direction), matches in gathered.items():
        best = max(matches, key=lambda match: (match[1], len(match[2])))
        found.append(
            Link(
                sentence=sentence,
                provision=provision,
                answers=frozenset(match[0].target for match in matches if not match[0].target.startswith("*")),
                direction=direction,
                coverage=best[1],
                partly=all(match[0].target == PARTLY for match in matches),
                hits=tuple(sorted({hit for match in matches for hit in match[2]})),
                why=best[3],
            )
        )
    return found


def _direction(
    sentence: Sentence, candidate: Candidate, hits: tuple[Hit, ...], provision: Provision
) -> tuple[Direction | None, str]:
    """Whether the sentence, carried out as written, gives what the pattern describes or takes it away."""
    if candidate.target == CONFLICT:
        return _conflict(sentence, candidate, hits)
    if candidate.frame is Frame.PLAIN:
        return Direction.SUPPORTS, ""
    turned = _turned(sentence, candidate, hits)
    if candidate.frame is Frame.BAN:
        if turned:
            return Direction.SUPPORTS, ""
        return (Direction.AGAINST, "act allowed") if sentence.commitment is not Commitment.NONE else (None, "")
    if turned:
        return Direction.AGAINST, "denied"
    limit = _limited(sentence, candidate, provision)
    return (Direction.AGAINST, limit) if limit else (Direction.SUPPORTS, "")


def _only_considered(sentence: Sentence, candidate: Candidate) -> bool:
    """A hedge about a thing turned round ("s'efforcera de ne pas...") is neither a breach nor a promise."""
    if "force-weak" not in sentence.own or "force-may" in sentence.own:
        return False
    return candidate.frame is not Frame.BAN or bool(
        sentence.own & {"polarity-suppress", "polarity-forbid", "polarity-end"}
        or any(s.negated for s in sentence.segments)
    )


# Before a condition, these set it aside ("sans production d’un titre").
_WAIVED = frozenset({"sans", "ni", "without", "nor", "aucune", "aucun", "no"})


def _limited(sentence: Sentence, candidate: Candidate, provision: Provision) -> str:
    """The condition or exclusion that takes back a right from persons whom the provision protects; empty when none.

    Source: METHOD, fourth question and ruling 9.
    """
    if provision.mode in (Mode.PERMISSIVE, Mode.BEST_EFFORTS):
        return ""
    own = {
        hit.concept
        for hit in sentence.hits
        if not _WAIVED & {token.form for token in sentence.tokens[max(0, hit.first - 4) : hit.first]}
    } | (sentence.own & {"polarity-only"})
    own -= candidate.need
    for limit in ("nationals-first", "limit-reciprocity", "limit-seniority"):
        if limit in own:
            return limit
    if provision.persons not in (Protected.ALL, Protected.IRREGULAR, Protected.CHILDREN):
        return ""
    if "limit-permit" in own and "whatever-status" not in own:
        return "limit-permit"
    if "polarity-only" in own and "person-regular" in own and "person-irregular" not in own:
        return "polarity-only"
    for segment in sentence.segments:
        if segment.exception and any(
            hit.concept == "person-irregular" and segment.first <= hit.first < segment.last for hit in sentence.hits
        ):
            return "polarity-except"
    return ""


def _conflict(sentence: Sentence, candidate: Candidate, hits: tuple[Hit, ...]) -> tuple[Direction | None, str]:
    """A conflict pattern that is itself forbidden ("no costs are borne by...") is no conflict."""
    if any(concept.startswith("@") and concept in {"@denied", "@negated"} for concept in candidate.need):
        return Direction.AGAINST, "conflict"
    if _turned(sentence, candidate, hits):
        return None, ""
    return Direction.AGAINST, "conflict"


def _turned(sentence: Sentence, candidate: Candidate, hits: tuple[Hit, ...]) -> bool:
    """Whether an odd number of negation, denial, prohibition and ending govern the matched words."""
    subject = [hit for hit in hits if not hit.concept.startswith(("person-", "force-"))] or list(hits)
    if not subject:
        return False
    taken = {place for hit in hits for place in range(hit.first, hit.last)}
    governing = {sentence.segment_of(hit.first) for hit in subject}
    cancelled, spent = _cancelled(sentence, governing, taken, candidate.frame)
    taken |= spent
    turns = sum(
        (
            _negated(sentence, governing, subject, cancelled | taken),
            _governed(sentence, "polarity-deny", subject, taken, governing, _REACH, _REACH),
            _governed(sentence, "polarity-forbid", subject, taken, governing, _FAR, _FAR),
            _governed(sentence, "polarity-end", subject, taken, governing, _CLOSE, _CLOSE),
        )
    )
    if candidate.frame is Frame.BAN and turns == 0:
        turns += _governed(sentence, "polarity-suppress", subject, taken, governing, _FAR, _FAR)
    return turns % 2 == 1


# Words that open a clause of its own, within which a denial stays.
_SUBORDINATE = frozenset(
    [
        "qui",
        "dont",
        "lequel",
        "laquelle",
        "lesquels",
        "lesquelles",
        "auquel",
        "auxquels",
        "duquel",
        "lorsque",
        "lorsqu",
        "quand",
        "si",
        "afin",
        "sorte",
        "who",
        "which",
        "whose",
        "whom",
        "when",
        "where",
        "if",
        "so",
        "because",
    ]
)
_AFTER, _BEFORE, _INSIDE = 14, 10, 4


def _negated(sentence: Sentence, segments: set[Segment], subject: Sequence[Hit], spent: set[int]) -> bool:
    """Whether a word of negation governs a matched word: near it, and not from within another clause."""
    forms = [token.form for token in sentence.tokens]
    for segment in segments:
        for place in segment.negations:
            if place in spent:
                continue
            inside = bool(_SUBORDINATE & set(forms[max(segment.first, place - 4) : place]))
            for hit in subject:
                if not segment.first <= hit.first < segment.last:
                    continue
                if 0 <= hit.first - place <= (_INSIDE if inside else _AFTER):
                    return True
                if 0 <= place - hit.last <= _BEFORE and not _SUBORDINATE & set(forms[hit.last : place]):
                    return True
    return False


_DENYING = frozenset({"polarity-deny", "polarity-forbid", "polarity-end", "polarity-suppress", "denied", "kept-out"})
_WITHOUT = frozenset({"sans", "without"})


def _cancelled(sentence: Sentence, segments: set[Segment], taken: set[int], frame: Frame) -> tuple[set[int], set[int]]:
    """Negations that fall on a word of denial ("nul n'est privé de", "shall not turn away"), and the words spent so."""
    cancelled: set[int] = set()
    spent: set[int] = set()
    denials = [hit for hit in sentence.hits if hit.concept in _DENYING and taken.isdisjoint(range(hit.first, hit.last))]
    for segment in segments:
        for place in segment.negations:
            for hit in denials:
                if -4 <= hit.first - place <= _REACH and segment.first <= hit.first < segment.last:
                    cancelled.add(place)
                    spent.update(range(hit.first, hit.last))
            if frame is Frame.GRANT and any(
                sentence.tokens[other].form in _WITHOUT for other in range(place + 1, min(place + 10, segment.last))
            ):
                cancelled.add(place)
    return cancelled, spent


def _governed(
    sentence: Sentence,
    concept: str,
    subject: Iterable[Hit],
    taken: set[int],
    segments: set[Segment],
    before: int,
    after: int,
) -> bool:
    """Whether a word of `concept` stands in the same stretch, at most so many words before or after the subject."""
    for hit in sentence.hits:
        if hit.concept != concept or not taken.isdisjoint(range(hit.first, hit.last)):
            continue
        if sentence.segment_of(hit.first) not in segments:
            continue
        if hit.first and sentence.tokens[hit.first - 1].form in {"contre", "against"}:
            continue
        for word in subject:
            if 0 <= word.first - hit.last <= before or 0 <= hit.first - word.last <= after:
                return True
    return False


__all__ = ["CONFLICT", "PARTLY", "VIRTUAL", "Link", "links", "virtual"]
