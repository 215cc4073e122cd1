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
        seen: dict[str, set[str]] = defaultdict(set)
        for provision, targets in rules.items():
            for target, terms in targets.items():
                for frame, need, forbid in terms:
                    self.candidates.append(
                        Candidate(provision, target, Frame(frame), frozenset(need), frozenset(forbid))
                    )
                    for concept in need:
                        seen[concept].add(provision)
        total = max(1, len(rules))
        self.weight = {concept: math.log(1 + total / len(provisions)) for concept, provisions in seen.items()}
        self._proposing = frozenset(
            concept for concept, provisions in seen.items() if len(provisions) <= max(3, _COMMON_SHARE * total)
        )
        # Each term waits under its rarest concept only: without that one it cannot hold.
        self._by_rarest: dict[str, list[int]] = defaultdict(list)
        for place, candidate in enumerate(self.candidates):
            self._by_rarest[min(candidate.need, key=lambda concept: (len(seen[concept]), concept))].append(place)

    def satisfied(self, own: frozenset[str], around: frozenset[str]) -> list[Candidate]:
        """Terms whose concepts all stand in the sentence or around it, one telling concept at least in the sentence."""
        have = own | around
        telling = own & self._proposing
        candidates = self.candidates
        found = []
        for concept in have:
            for place in self._by_rarest.get(concept, ()):
                _, _, _, need, forbid = candidates[place]
                if need <= have and not forbid & own and (need & telling or need <= own):
                    found.append(place)
        return [candidates[place] for place in sorted(found)]

    def coverage(self, candidate: Candidate, own: frozenset[str]) -> float:
        """Share of a term's weight that the sentence itself holds, 0 to 1."""
        total = sum(self.weight[concept] for concept in candidate.need)
        return sum(self.weight[concept] for concept in candidate.need if concept in own) / total if total else 0.0


def flatten(patterns: Iterable[Any]) -> list[list[Any]]:
    """Patterns as plain data, for the compiled form."""
    return [
        [str(pattern.frame), sorted(term.need), sorted(term.forbid)] for pattern in patterns for term in pattern.terms
    ]
