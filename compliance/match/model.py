"""What was learnt from labelled clauses: linear scores of a sentence, and small trees that weigh them with the rules.

The words of a sentence and the concepts in it are all that the scores see. The weights are data (`rules/model.json`,
made by `compliance.learn`), so the words that weighed can be shown.
"""

from __future__ import annotations

import base64
import math
import sys
from array import array
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

# Heads: what a score is about. A provision's id follows the first two.
ABOUT, BREACH = "about ", "breach "
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


class Vector(NamedTuple):
    """A sentence's features that the model knows, by number, weighed by rarity and brought to unit length."""

    features: array[int]
    values: array[float]


class Scores(NamedTuple):
    """Log-odds for one sentence; a provision that is absent has its bias alone, which is far below every floor."""

    about: Mapping[str, float]  # that the sentence speaks to the provision
    breach: Mapping[str, float]  # that, carried out, it breaches the provision
    traits: Mapping[
        str, float
    ]  # HARM: it takes something from somebody; HEDGED: it commits weakly; NARROW: for some only
    faint: Mapping[str, float]  # provisions below the floor that a person may still want to check
    vector: Vector


# What was never learnt.
UNKNOWN = -6.0
_EMPTY: tuple[array[int], array[float]] = (array("H"), array("f"))


class LinkModel:
    """Scores of provisions, and of their elements, for a sentence."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        # NOTE: features are numbered and kept in arrays: a list of Python numbers takes six times the room.
        idf: Mapping[str, float] = data.get("idf", {})
        self._numbers = {feature: number for number, feature in enumerate(idf)}
        self._names = tuple(idf)
        self._idf = array("f", idf.values())
        self._targets: Sequence[str] = data.get("targets", ())
        self._bias: Sequence[float] = data.get("bias", ())
        self._weights = _unpacked(data["weights"]) if data else []
        # What only a few passages are asked: whether they answer a provision whole, or one of its elements.
        self._asked: Mapping[str, Sequence[Any]] = data.get("asked", {})
        self.habits: Mapping[str, Sequence[float]] = data.get("habits", {})
        self.trees: Mapping[str, Any] = data.get("trees", {})
        self._heads = [_head(target) for target in self._targets]
        self.known = frozenset(target[len(ABOUT) :] for target in self._targets if target.startswith(ABOUT))
        self._places = {target: place for place, target in enumerate(self._targets)}

    def __bool__(self) -> bool:
        return bool(self._weights)

    def vector(self, found: Mapping[str, float]) -> Vector:
        """What the model knows of some features; unknown ones are left out."""
        numbers, idf = self._numbers, self._idf
        weighed = sorted((numbers[feature], value) for feature, value in found.items() if feature in numbers)
        values = [value * idf[number] for number, value in weighed]
        norm = math.sqrt(sum(value * value for value in values)) or 1.0
        return Vector(array("I", [number for number, _ in weighed]), array("f", [value / norm for value in values]))

    def scores(self, sentence: Sentence, floor: float, faint: float) -> Scores:
        """The scores of one sentence that lie above a floor, and those that come near it."""
        vector = self.vector(features(sentence))
        total = list(self._bias)
        weights = self._weights
        for number, value in zip(vector.features, vector.values, strict=True):
            targets, felt = weights[number]
            for target, weight in zip(targets, felt, strict=True):
                total[target] += value * weight
        found: dict[str, dict[str, float]] = {ABOUT: {}, BREACH: {}, "": {}}
        below: dict[str, float] = {}
        for place, score in enumerate(total):
            if score <= faint:
                continue
            head, name = self._heads[place]
            if score > floor:
                found[head][name] = round(score, 4)
            elif head:
                below[name] = max(score, below.get(name, score))
        return Scores(found[ABOUT], found[BREACH], found[""], below, vector)

    def answers(self, question: str, vector: Vector) -> float:
        """Log-odds that a sentence answers a provision whole (by its id) or one element of it ("id#element")."""
        known = self._asked.get(question)
        if known is None:
            return UNKNOWN
        bias, weights = known
        numbers = zip(vector.features, vector.values, strict=True)
        return round(float(bias + sum(value * weights.get(number, 0.0) for number, value in numbers)), 4)

    def weighed(self, head: str, vector: Vector, most: int) -> list[str]:
        """The features of a sentence that weighed most for a head, the heaviest first."""
        place = self._places.get(head)
        found = []
        for number, value in zip(vector.features, vector.values, strict=True):
            for target, weight in zip(*self._weights[number], strict=True):
                if target == place and weight > 0:
                    found.append((-value * weight, self._names[number]))
        return [feature for _, feature in sorted(found)[:most]]


def packed(learnt: Mapping[str, Any]) -> dict[str, Any]:
    """The model as written by `compliance.learn`, in the form that loads fast: features by number, weights as bytes."""
    if not learnt:
        return {}
    numbers = {feature: number for number, feature in enumerate(learnt["idf"])}
    rows = [learnt["weights"].get(feature, ((), ())) for feature in learnt["idf"]]
    counts = array("H", [len(targets) for targets, _ in rows])
    targets = array("H", [target for row, _ in rows for target in row])
    weights = array("f", [weight for _, row in rows for weight in row])
    return {
        **learnt,
        "weights": [_text(counts), _text(targets), _text(weights)],
        "asked": {
            question: [bias, {str(numbers[feature]): weight for feature, weight in felt.items()}]
            for question, (bias, felt) in learnt["asked"].items()
        },
    }


def unpacked(data: Mapping[str, Any]) -> dict[str, Any]:
    """The packed form as read from JSON, whose keys are strings, ready for `LinkModel`."""
    return {
        **data,
        "asked": {
            question: (bias, {int(number): weight for number, weight in felt.items()})
            for question, (bias, felt) in data.get("asked", {}).items()
        },
    }


def _text(numbers: array[Any]) -> str:
    """Numbers as text, the least significant byte first."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return base64.b64encode(numbers.tobytes()).decode("ascii")


def _numbers(code: str, text: str) -> array[Any]:
    found = array(code, base64.b64decode(text))
    if sys.byteorder == "big":
        found.byteswap()
    return found


def _unpacked(weights: Sequence[str]) -> list[tuple[array[int], array[float]]]:
    """For each feature, the targets that it bears upon and how much."""
    counts, targets, felt = (_numbers(code, text) for code, text in zip("HHf", weights, strict=True))
    found, first = [], 0
    for count in counts:
        found.append((targets[first : first + count], felt[first : first + count]) if count else _EMPTY)
        first += count
    return found


def _head(target: str) -> tuple[str, str]:
    for head in (ABOUT, BREACH):
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
