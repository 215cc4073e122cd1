"""All rules of all instruments, indexed by concept, so that a sentence meets only the terms it can satisfy."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from compliance.match.pattern import Frame


class Candidate(NamedTuple):
    """One alternative of one pattern, and what it answers."""

    provision: str
    target: str  # an element id, PARTLY or CONFLICT
    frame: Frame
    need: frozenset[str]
    forbid: frozenset[str]


# Targets that are not elements.
PARTLY = "*partly"
CONFLICT = "*conflict"

# Concepts in more terms than this share cannot propose a term by themselves.
_COMMON_SHARE = 0.06


class Index:
    """Terms by their concepts, rarest first."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        """`rules` maps a provision id to {target: [[frame, need, forbid], ...]}."""
        self.candidates: list[Candidate] = []
        self._by_concept: dict[str, list[int]] = defaultdict(list)
        seen: dict[str, set[str]] = defaultdict(set)
        for provision, targets in rules.items():
            for target, terms in targets.items():
                for frame, need, forbid in terms:
                    candidate = Candidate(provision, target, Frame(frame), frozenset(need), frozenset(forbid))
                    place = len(self.candidates)
                    self.candidates.append(candidate)
                    for concept in need:
                        seen[concept].add(provision)
                        self._by_concept[concept].append(place)
        total = max(1, len(rules))
        self.weight = {concept: math.log(1 + total / len(provisions)) for concept, provisions in seen.items()}
        self._proposing = {
            concept for concept, provisions in seen.items() if len(provisions) <= max(3, _COMMON_SHARE * total)
        }

    def satisfied(self, own: frozenset[str], around: frozenset[str]) -> list[Candidate]:
        """Terms whose concepts all stand in the sentence or around it, one telling concept at least in the sentence."""
        have = own | around
        places = {place for concept in own for place in self._by_concept.get(concept, ()) if concept in self._proposing}
        fallback = [
            place
            for concept in own
            if concept not in self._proposing
            for place in self._by_concept.get(concept, ())
            if self.candidates[place].need <= own
        ]
        found = []
        for place in sorted(places.union(fallback)):
            candidate = self.candidates[place]
            if candidate.need <= have and not candidate.forbid & own:
                found.append(candidate)
        return found

    def coverage(self, candidate: Candidate, own: frozenset[str]) -> float:
        """Share of a term's weight that the sentence itself holds, 0 to 1."""
        total = sum(self.weight[concept] for concept in candidate.need)
        return sum(self.weight[concept] for concept in candidate.need if concept in own) / total if total else 0.0


def flatten(patterns: Iterable[Any]) -> list[list[Any]]:
    """Patterns as plain data, for the compiled form."""
    return [
        [str(pattern.frame), sorted(term.need), sorted(term.forbid)] for pattern in patterns for term in pattern.terms
    ]
