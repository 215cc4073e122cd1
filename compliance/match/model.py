"""The linear model of links: a second way to see which provisions a sentence is about, learnt from the examples.

It only proposes links. Polarity, persons and force stay with the rules. Its weights are data (`rules/model.json`),
so the words that weigh can be shown.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from compliance.match.feature import Sentence
from compliance.match.link import Link
from compliance.text.token import Token

# Concepts around a sentence count less than its own.
_NEAR, _FAR = 0.5, 0.35
_STEM = 6
_SKIPPED = frozenset(
    [
        "le",
        "la",
        "les",
        "l",
        "un",
        "une",
        "des",
        "de",
        "du",
        "d",
        "the",
        "an",
        "of",
        "a",
        "au",
        "aux",
        "et",
        "ou",
        "en",
        "dans",
        "par",
        "pour",
        "sur",
        "avec",
        "que",
        "qui",
        "ne",
        "se",
        "sa",
        "son",
        "ses",
        "leur",
        "leurs",
        "ce",
        "cette",
        "ces",
        "est",
        "sont",
        "il",
        "elle",
        "ils",
        "elles",
        "on",
        "y",
        "to",
        "and",
        "or",
        "in",
        "on",
        "by",
        "for",
        "with",
        "that",
        "which",
        "not",
        "be",
        "is",
        "are",
        "shall",
        "will",
        "this",
        "these",
        "its",
        "it",
        "as",
        "at",
        "from",
        "any",
        "all",
    ]
)


def features(sentence: Sentence) -> dict[str, float]:
    """What the model sees of a sentence: concepts, word stems, pairs of stems, and the concepts around it."""
    found: dict[str, float] = {}
    for concept in sentence.far:
        found["h:" + concept] = _FAR
    for concept in sentence.near:
        found["n:" + concept] = _NEAR
    for concept in sentence.own:
        if not concept.startswith('"'):
            found["c:" + concept] = 1.0
    prefix = str(sentence.clause.language)[0] + ":"
    previous = ""
    for stem in stems(sentence.tokens):
        found[prefix + stem] = 1.0
        if previous:
            found[f"{prefix}{previous} {stem}"] = 1.0
        previous = stem
    return found


def stems(words: Iterable[Token]) -> list[str]:
    """Content words cut to their first letters: enough to join inflections, and never used to decide polarity."""
    return [word.form[:_STEM].rstrip("s") for word in words if word.form not in _SKIPPED]


# What decides whether a link is kept; see `LinkModel.strength`.
SIGNALS = ("bias", "pattern", "partly", "coverage", "several", "score", "score-and-pattern", "weak")


def signals(link: Link | None, score: float, weak: bool) -> tuple[float, ...]:
    """The few figures, one for each of SIGNALS, from which the strength of a link is computed.

    Args:
        link: what the rules say; None when only the model proposes the link.
        score: the model's log-odds.
        weak: the sentence commits weakly.
    """
    ruled = link is not None
    return (
        1.0,
        float(ruled),
        float(ruled and link.partly),  # type: ignore[union-attr]
        link.coverage if link else 0.0,
        float(link is not None and len(link.answers) > 1),
        max(-8.0, min(4.0, score)),
        max(-8.0, min(4.0, score)) if ruled else 0.0,
        float(weak),
    )


class LinkModel:
    """Scores of provisions for a sentence."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._idf: Mapping[str, float] = data.get("idf", {})
        self._bias: Mapping[str, float] = data.get("bias", {})
        self._weights: Mapping[str, Sequence[tuple[str, float]]] = data.get("weights", {})
        self._supports: Sequence[float] = data.get("supports", ())
        self._against: Sequence[float] = data.get("against", ())

    def __bool__(self) -> bool:
        return bool(self._weights)

    def vector(self, found: Mapping[str, float]) -> dict[str, float]:
        """Features weighed by rarity and brought to unit length; unknown ones are left out."""
        weighed = {
            feature: value * self._idf[feature] for feature, value in sorted(found.items()) if feature in self._idf
        }
        norm = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
        return {feature: value / norm for feature, value in weighed.items()}

    def scores(self, sentence: Sentence) -> dict[str, float]:
        """Log-odds of each provision that shares a feature with the sentence."""
        total: dict[str, float] = defaultdict(float)
        for feature, value in self.vector(features(sentence)).items():
            for target, weight in self._weights.get(feature, ()):
                total[target] += value * weight
        return {target: round(score + self._bias[target], 4) for target, score in total.items()}

    def strength(self, link: Link | None, score: float, weak: bool, against: bool) -> float:
        """How sure a link is, 0 to 1: rules and model weighed together."""
        weights = self._against if against else self._supports
        if not weights:
            return 1.0 if link else 0.0
        total = sum(weight * value for weight, value in zip(weights, signals(link, score, weak), strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
