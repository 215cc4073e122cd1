"""Learns the linear model of links from the rules' own examples and from labelled learning drafts.

A tool for those who write rules (`pip install compliance[learn]`, then `python -m compliance.learn GOLD...`); the
result is data (`rules/model.json`) and the program itself needs neither this module nor scikit-learn.

One target a provision: "is this sentence about it?". Conflicting examples are about their provision too: direction is
left to the rules, and so are the elements answered.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from compliance.load.compiled import Knowledge
from compliance.match.model import LinkModel, features
from compliance.match.read import read
from compliance.model.judgement import Commitment
from compliance.model.law import Language, Provision
from compliance.model.rule import ExampleKind, Rule
from compliance.scoring import Gold, load_gold
from compliance.selftest import one_clause
from compliance.text import language
from compliance.text.segment import segment

# Weights kept for one target; the others are too small to be felt.
_KEPT = 250
_LEAST_SEEN = 2
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """One sentence to learn from."""

    features: Mapping[str, float]
    about: frozenset[str]  # provisions it speaks to
    unknown: frozenset[str]  # provisions it may or may not speak to: neither side of the learning
    weight: float = 1.0


def from_examples(rules: Iterable[Rule], knowledge: Knowledge) -> list[Sample]:
    """Each example is about its own provision; what it says to related ones is not known."""
    provisions = {p.id: p for i in knowledge.instruments for p in i.provisions if p.auditable}
    near = relatives(provisions.values())
    samples = []
    for rule in rules:
        if rule.provision not in provisions:
            continue
        for example in rule.examples:
            found = _features(example.text, example.language, knowledge)
            if found is None:
                continue
            if example.kind is ExampleKind.UNRELATED:
                # NOTE: near-topic clauses often answer a sibling; they only teach what they are not about.
                samples.append(Sample(found, frozenset(), frozenset(provisions) - {rule.provision}, 1.5))
                continue
            samples.append(Sample(found, frozenset({rule.provision}), near[rule.provision]))
    return samples


def relatives(provisions: Iterable[Provision]) -> dict[str, frozenset[str]]:
    """Provisions whose examples may well speak to each other: declared relations, both ways, and their relations."""
    linked: dict[str, set[str]] = defaultdict(set)
    for provision in provisions:
        for other in provision.related:
            linked[provision.id].add(other)
            linked[other].add(provision.id)
    return {
        provision.id: frozenset(linked[provision.id] | {far for near in linked[provision.id] for far in linked[near]})
        - {provision.id}
        for provision in provisions
    }


def from_draft(path: Path, knowledge: Knowledge) -> list[Sample]:
    """Every sentence of a labelled draft: about the provisions whose gold quotes it holds, and about no other."""
    from compliance.readers import read as read_file

    gold = load_gold(path)
    document = read_file(path.parent / gold.document)
    spoken = language.of_text(document.text) or Language.FR
    sentences = read(document, segment(document, spoken), knowledge.lexes)
    about: dict[int, set[str]] = defaultdict(set)
    for provision, quotes in gold.quotes.items():
        for quote in quotes:
            for place in _holding(document.text, sentences, quote):
                about[place].add(provision)
    samples = []
    for place, sentence in enumerate(sentences):
        if sentence.commitment is Commitment.NONE and place not in about:
            continue
        mine = frozenset(about[place])
        samples.append(Sample(features(sentence), mine, frozenset()))
    return samples


def _holding(text: str, sentences: Sequence[Any], quote: str) -> list[int]:
    start = text.find(quote)
    if start < 0:
        return []
    end = start + len(quote)
    found = []
    for place, sentence in enumerate(sentences):
        shared = min(end, sentence.span.end) - max(start, sentence.span.start)
        if shared > 0.5 * min(len(quote), sentence.span.end - sentence.span.start):
            found.append(place)
    return found


def _features(text: str, spoken: Language, knowledge: Knowledge) -> dict[str, float] | None:
    document = one_clause(text)
    sentences = read(document, segment(document, spoken), knowledge.lexes)
    if not sentences:
        return None
    merged: dict[str, float] = {}
    for sentence in sentences:
        for feature, value in features(sentence).items():
            merged[feature] = max(value, merged.get(feature, 0.0))
    return merged


def train(samples: Sequence[Sample], provisions: Sequence[Provision], strength: float = 30.0) -> dict[str, Any]:
    """Fit one classifier a provision.

    Returns:
        Plain data: `idf`, `bias`, `weights` (feature to [[provision, weight], ...]).
    """
    seen = Counter(feature for sample in samples for feature in sample.features)
    vocabulary = {
        feature: place for place, feature in enumerate(sorted(f for f, n in seen.items() if n >= _LEAST_SEEN))
    }
    idf = {feature: math.log(1 + len(samples) / seen[feature]) for feature in vocabulary}
    matrix = _matrix(samples, vocabulary, idf)
    weights = numpy.array([sample.weight for sample in samples])
    bias: dict[str, float] = {}
    table: dict[str, list[tuple[str, float]]] = defaultdict(list)
    names = list(vocabulary)

    def keep(target: str, classifier: LogisticRegression) -> None:
        row = classifier.coef_[0]
        order = numpy.argsort(-numpy.abs(row))[:_KEPT]
        bias[target] = round(float(classifier.intercept_[0]), _DIGITS)
        for place in order:
            value = round(float(row[place]), _DIGITS)
            if abs(value) >= 0.05:
                table[names[place]].append((target, value))

    for provision in provisions:
        known = numpy.array([provision.id not in sample.unknown for sample in samples])
        labels = numpy.array([provision.id in sample.about for sample in samples])
        if labels[known].sum() < 2:
            continue
        keep(provision.id, _fit(matrix[known], labels[known], weights[known], strength))
    return {
        "idf": {feature: round(idf[feature], _DIGITS) for feature in sorted(table)},
        "bias": bias,
        "weights": {feature: sorted(table[feature]) for feature in sorted(table)},
    }


def _fit(matrix: Any, labels: Any, weights: Any, strength: float) -> LogisticRegression:
    classifier = LogisticRegression(C=strength, solver="liblinear", class_weight={0: 1.0, 1: 3.0}, random_state=0)
    return classifier.fit(matrix, labels, sample_weight=weights)


def _matrix(samples: Sequence[Sample], vocabulary: Mapping[str, int], idf: Mapping[str, float]) -> Any:
    rows, columns, values = [], [], []
    for row, sample in enumerate(samples):
        weighed = {f: v * idf[f] for f, v in sample.features.items() if f in vocabulary}
        norm = math.sqrt(sum(v * v for v in weighed.values())) or 1.0
        for feature, value in weighed.items():
            rows.append(row)
            columns.append(vocabulary[feature])
            values.append(value / norm)
    return csr_matrix((values, (rows, columns)), shape=(len(samples), len(vocabulary)))


def calibrate(models: Mapping[str, LinkModel], knowledge: Knowledge, drafts: Sequence[Path]) -> dict[str, Any]:
    """Weigh rules against model on labelled drafts.

    Args:
        models: for each draft's name, a model that has not learnt from that draft.

    Returns:
        `supports` and `against`: one weight for each of `match.model.SIGNALS`.

    A passage counts as right when a gold quote of the provision lies in it, as wrong when the provision is not
    addressed at all; other passages of an addressed provision are left out.
    """
    from compliance.match.evidence import Matcher
    from compliance.match.index import Index
    from compliance.match.model import signals
    from compliance.model.judgement import Direction
    from compliance.readers import read as read_file

    rows: dict[str, list[tuple[float, ...]]] = {"supports": [], "against": []}
    labels: dict[str, list[bool]] = {"supports": [], "against": []}
    index = Index(knowledge.rules)
    for path in drafts:
        gold = load_gold(path)
        document = read_file(path.parent / gold.document)
        spoken = language.of_text(document.text) or Language.FR
        sentences = read(document, segment(document, spoken), knowledge.lexes)
        quoted: dict[int, set[str]] = defaultdict(set)
        for provision, quotes in gold.quotes.items():
            for quote in quotes:
                for place in _holding(document.text, sentences, quote):
                    quoted[place].add(provision)
        matcher = Matcher(knowledge.instruments, index, models[path.name])
        for place, sentence in enumerate(sentences):
            if sentence.commitment is Commitment.NONE:
                continue
            for proposal in matcher.proposals(sentence):
                right = proposal.provision in quoted[place]
                against = proposal.link is not None and proposal.link.direction is Direction.AGAINST
                if not right and proposal.provision in gold.statuses and not against:
                    continue
                if against:
                    right = right and gold.statuses[proposal.provision] == "conflict"
                side = "against" if against else "supports"
                weak = sentence.commitment is Commitment.WEAK
                rows[side].append(signals(proposal.link, proposal.score, weak))
                labels[side].append(right)
    found = {}
    for side in rows:
        classifier = LogisticRegression(C=1.0, fit_intercept=False, solver="liblinear", random_state=0)
        classifier.fit(numpy.array(rows[side]), numpy.array(labels[side]))
        found[side] = [round(float(weight), _DIGITS) for weight in classifier.coef_[0]]
    return found


def write(model: Mapping[str, Any], path: Path) -> None:
    """One target or feature a line, so that revisions can be compared."""
    text = json.dumps(model, ensure_ascii=False, indent=None, separators=(",", ":"), sort_keys=True)
    path.write_text(re.sub(r'(?<=[\]}]),(?=")', ",\n", text) + "\n", "utf-8")


def learn(
    rules: Sequence[Rule], knowledge: Knowledge, drafts: Sequence[Path], provisions: Sequence[Provision]
) -> dict[str, Any]:
    """The whole model: targets learnt from examples and drafts, signals weighed on drafts held out in turn."""
    examples = from_examples(rules, knowledge)
    by_draft = {path.name: from_draft(path, knowledge) for path in drafts}
    held_out = {
        name: LinkModel(
            train(examples + [s for other in by_draft if other != name for s in by_draft[other]], provisions)
        )
        for name in by_draft
    }
    model = train(examples + [sample for samples in by_draft.values() for sample in samples], provisions)
    return model | (calibrate(held_out, knowledge, drafts) if drafts else {})


def main(arguments: Sequence[str]) -> int:
    """Learn from the shipped rules and the gold files named, and write `rules/model.json`."""
    from compliance import resources
    from compliance.load import compiled
    from compliance.load.conventions import load_instruments
    from compliance.load.rules import load_rules
    from compliance.match.pattern import names

    root = resources.data_root()
    knowledge = compiled.load()
    _, rules = load_rules([root], load_instruments(root), pattern_names=names)
    drafts = [Path(argument) for argument in arguments]
    provisions = [p for i in knowledge.instruments for p in i.provisions if p.auditable]
    model = learn(rules, knowledge, drafts, provisions)
    write(model, root / "rules" / "model.json")
    print(f"{len(model['idf'])} features, {len(model['bias'])} targets")
    return 0


__all__ = ["Gold", "Sample", "from_draft", "from_examples", "train", "write"]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
