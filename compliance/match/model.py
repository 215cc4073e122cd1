"""What was learnt from labelled clauses: linear scores of a sentence, and small trees that weigh them with the rules.

The words of a sentence and the concepts in it are all that the scores see. The weights are data (`rules/model.json`,
made by `compliance.learn`), so the words that weighed can be shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from compliance.match.feature import Sentence
from compliance.match.link import virtual
from compliance.text.token import Token

# Concepts around a sentence count less than its own.
_NEAR, _FAR = 0.5, 0.35
_STEM = 6
_SKIPPED = frozenset(
    "le la les l un une des de du d the an of a au aux et ou en dans par pour sur avec que qui ne se sa son ses leur leurs "
    "ce cette ces est sont il elle ils elles on y to and or in on by for with that which not be is are shall will this "
    "these its it as at from any all".split()
)

# Heads: what a score is about. A provision's id follows the first three.
ABOUT, BREACH, FULL = "about ", "breach ", "full "
HARM, HEDGED, NARROW = "harm", "hedged", "narrow"


def features(sentence: Sentence) -> dict[str, float]:
    """What the model sees of a sentence: concepts, word stems, pairs of stems, what it is, and the concepts around it."""
    found: dict[str, float] = {}
    for concept in sentence.far:
        found["h:" + concept] = _FAR
    for concept in sentence.near:
        found["n:" + concept] = _NEAR
    for concept in sentence.own:
        if not concept.startswith('"'):
            found["c:" + concept] = 1.0
    for trait in virtual(sentence):
        found["v:" + trait] = 1.0
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


class Scores(NamedTuple):
    """Log-odds for one sentence; a provision that is absent has its bias alone, which is far below every floor."""

    about: Mapping[str, float]  # that the sentence speaks to the provision
    breach: Mapping[str, float]  # that, carried out, it breaches the provision
    full: Mapping[str, float]  # that it answers the provision whole
    traits: Mapping[str, float]  # HARM: it takes something from somebody; HEDGED: it commits weakly; NARROW: for some only
    faint: Mapping[str, float]  # provisions below the floor that a person may still want to check
    vector: Mapping[str, float]


# What was never learnt.
UNKNOWN = -6.0


class LinkModel:
    """Scores of provisions, and of their elements, for a sentence."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._idf: Mapping[str, float] = data.get("idf", {})
        self._targets: Sequence[str] = data.get("targets", ())
        self._bias: Sequence[float] = data.get("bias", ())
        self._weights: Mapping[str, Sequence[Sequence[float]]] = data.get("weights", {})
        self._elements: Mapping[str, Sequence[Any]] = data.get("elements", {})
        self.habits: Mapping[str, Sequence[float]] = data.get("habits", {})
        self.trees: Mapping[str, Any] = data.get("trees", {})
        self._heads = [_head(target) for target in self._targets]
        self.known = frozenset(target[len(ABOUT) :] for target in self._targets if target.startswith(ABOUT))
        self._places = {target: place for place, target in enumerate(self._targets)}

    def __bool__(self) -> bool:
        return bool(self._weights)

    def vector(self, found: Mapping[str, float]) -> dict[str, float]:
        """Features weighed by rarity and brought to unit length; unknown ones are left out."""
        idf = self._idf
        weighed = {feature: found[feature] * idf[feature] for feature in sorted(found.keys() & idf.keys())}
        norm = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
        return {feature: value / norm for feature, value in weighed.items()}

    def scores(self, sentence: Sentence, floor: float, faint: float) -> Scores:
        """The scores of one sentence that lie above a floor, and those that come near it."""
        vector = self.vector(features(sentence))
        total = list(self._bias)
        weights = self._weights
        for feature, value in vector.items():
            for target, weight in zip(*weights.get(feature, ((), ())), strict=True):
                total[target] += value * weight
        found: dict[str, dict[str, float]] = {ABOUT: {}, BREACH: {}, FULL: {}, "": {}}
        below: dict[str, float] = {}
        for (head, name), score in zip(self._heads, total, strict=True):
            if score > floor:
                found[head][name] = round(score, 4)
            elif score > faint and head in (ABOUT, BREACH):
                below[name] = max(score, below.get(name, score))
        return Scores(found[ABOUT], found[BREACH], found[FULL], found[""], below, vector)

    def element(self, provision: str, element: str, vector: Mapping[str, float]) -> float:
        """Log-odds that a sentence answers an element; UNKNOWN when it was never learnt."""
        known = self._elements.get(f"{provision}#{element}")
        if known is None:
            return UNKNOWN
        bias, weights = known
        return round(float(bias + sum(value * weights.get(feature, 0.0) for feature, value in vector.items())), 4)

    def weighed(self, head: str, vector: Mapping[str, float], most: int) -> list[str]:
        """The features of a sentence that weighed most for a head, the heaviest first."""
        place = self._places.get(head)
        found = []
        for feature, value in vector.items():
            targets, weights = self._weights.get(feature, ((), ()))
            for target, weight in zip(targets, weights, strict=True):
                if target == place and weight > 0:
                    found.append((-value * weight, feature))
        return [feature for _, feature in sorted(found)[:most]]


def _head(target: str) -> tuple[str, str]:
    for head in (ABOUT, BREACH, FULL):
        if target.startswith(head):
            return head, target[len(head) :]
    return "", target


def probability(tree_set: Mapping[str, Any], signals: Sequence[float]) -> float:
    """Sum of small decision trees, as a probability.

    `tree_set` holds `start` (log-odds) and `trees`: a leaf is a number, a node [signal, threshold, at most, above].
    """
    total = float(tree_set["start"])
    for tree in tree_set["trees"]:
        node = tree
        while isinstance(node, list):
            node = node[2] if signals[node[0]] <= node[1] else node[3]
        total += node
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
