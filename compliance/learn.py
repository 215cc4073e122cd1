"""Learns the scores and the trees of `rules/model.json` from labelled clauses and drafts.

A tool for those who write rules (`pip install compliance[learn]`, then `python -m compliance.learn`); the result is data
and the program itself needs neither this module nor scikit-learn. It learns from

- the rules' own examples, the catalogue's model clauses and their counter-clauses;
- banks of clauses labelled for every provision they speak to (`tests/gold/clauses/*.tsv`);
- passages labelled line by line (`tests/gold/passages/*.tsv`);
- drafts labelled as a whole (`tests/gold/*.gold.json`), those kept blind excepted.

Linear scores come first: for each provision "is this sentence about it?" and "does it breach it?", for each element "is
it answered?". The trees that weigh scores and rules together are grown on drafts and passages that the scores have not
seen, turn by turn.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from compliance.load.compiled import Knowledge
from compliance.match import weigh
from compliance.match.evidence import Matcher
from compliance.match.feature import Sentence
from compliance.match.index import Index
from compliance.match.model import ABOUT, BREACH, HARM, HEDGED, NARROW, LinkModel, features, packed, unpacked
from compliance.match.read import read
from compliance.model.judgement import Commitment
from compliance.model.law import Language, Provision
from compliance.model.policy import Block, BlockKind, Document, Span
from compliance.model.rule import ExampleKind, Rule
from compliance.scoring import load_gold
from compliance.selftest import one_clause
from compliance.text import language
from compliance.text.segment import segment

# Weights kept for one target; the others are too small to be felt.
_KEPT = {ABOUT: 200, BREACH: 200, "asked": 100, "trait": 1500}
_FELT = 0.05
_LEAST_SEEN = 2
_DIGITS = 3
# What the catalogue itself proposes must come out as it says: its clauses weigh this much.
_CATALOGUE = 4.0
# Samples that are not about a provision, at most, for one classifier.
_OTHERS = 4000
_FOLDS = 6
# Trees: many small ones, each with a small say.
_TREES: dict[str, Any] = {
    "n_estimators": 150,
    "max_depth": 3,
    "learning_rate": 0.05,
    "subsample": 0.6,
    "min_samples_leaf": 10,
}

# How much a row of each kind of text weighs when trees are grown, and one clause in how many is used for them.
_SAY = {"draft": 1.0, "passage": 0.5, "clause": 0.1}
_THINNED = 4

# Signs of the labelled clauses: covered, missing element, weak, persons, conflict, about something else.
COVERED, MISSING, WEAK, PERSONS, CONFLICT, NOTHING = "+", "m", "w", "p", "x", "-"
_SHOWS = {CONFLICT: HARM, WEAK: HEDGED, PERSONS: NARROW}
_STATUS_SIGN = {"conflict": CONFLICT, "partial": MISSING, "gap": NOTHING}
_TRAIT = {"persons": NARROW, "weak-commitment": HEDGED}
_REASON = {"missing-element": MISSING, "weak-commitment": WEAK, "persons": PERSONS}


@dataclass(frozen=True, slots=True)
class Sample:
    """One clause or sentence to learn from; what is unknown is neither side of the learning."""

    features: Mapping[str, float]
    about: frozenset[str]
    breach: frozenset[str] = frozenset()
    answers: frozenset[str] = frozenset()  # "provision#element"
    unknown: frozenset[str] = frozenset()  # provisions
    unknown_breach: frozenset[str] = frozenset()
    unknown_answers: frozenset[str] = frozenset()
    full: frozenset[str] = frozenset()  # provisions answered whole
    unknown_full: frozenset[str] = frozenset()
    traits: frozenset[str] = frozenset()  # HARM, HEDGED, NARROW
    weight: float = 1.0


class Kind(StrEnum):
    DRAFT = "draft"
    PASSAGE = "passage"
    CLAUSE = "clause"


@dataclass(frozen=True, slots=True)
class Text:
    """A labelled draft, passage or clause: its sentences to learn scores from, its statuses to grow trees on."""

    kind: Kind
    name: str
    sentences: Sequence[Sentence]
    samples: Sequence[Sample]
    statuses: Mapping[str, str]
    labelled: frozenset[str] | None = None  # provisions whose status is known; None: all, and a gap where none is given
    unsure: frozenset[str] = frozenset()  # provisions addressed, whole or in part is not known


@dataclass(frozen=True, slots=True)
class Row:
    """What the trees see of one provision in one text, and what they should say."""

    kind: Kind
    provision: str
    status: str
    signals: weigh.Signals
    sure: bool


@dataclass(frozen=True)
class Catalogue:
    """Provisions by id, and which may well be answered together."""

    provisions: Mapping[str, Provision]
    relatives: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def elements(self, provision: str) -> frozenset[str]:
        return frozenset(f"{provision}#{element.id}" for element in self.provisions[provision].elements)


def catalogue(knowledge: Knowledge) -> Catalogue:
    provisions = {p.id: p for i in knowledge.instruments for p in i.provisions if p.auditable}
    linked: dict[str, set[str]] = defaultdict(set)
    for provision in provisions.values():
        for other in provision.related:
            linked[provision.id].add(other)
            linked[other].add(provision.id)
    return Catalogue(
        provisions,
        {
            key: frozenset(linked[key] | {far for near in linked[key] for far in linked[near]}) - {key}
            for key in provisions
        },
    )


# --- what there is to learn from ---------------------------------------------------------------------------------


def from_examples(rules: Iterable[Rule], knowledge: Knowledge, known: Catalogue) -> list[Text]:
    """Each example speaks to its own provision; what it says to related ones is not known."""
    signs = {ExampleKind.COVERED: COVERED, ExampleKind.CONFLICT: CONFLICT, ExampleKind.UNRELATED: NOTHING}
    texts = []
    for rule in rules:
        if rule.provision not in known.provisions:
            continue
        for example in rule.examples:
            sign = signs.get(example.kind) or _REASON.get(str(example.reason), MISSING)
            answers = None if example.answers is None else {f"{rule.provision}#{name}" for name in example.answers}
            texts.append(_clause(example.text, example.language, {rule.provision: sign}, knowledge, known, answers))
    return texts


def from_catalogue(knowledge: Knowledge, known: Catalogue) -> list[Text]:
    """Model clauses and their negated or narrowed twins."""
    texts = []
    for provision in known.provisions.values():
        clauses = [(provision.model_clause, COVERED)]
        if (counter := provision.counter_clause) is not None:
            clauses.append((counter.text, _STATUS_SIGN[counter.status]))
        for clause, sign in clauses:
            for spoken in Language if clause else ():
                text = clause.in_(spoken)  # type: ignore[union-attr]
                found = _clause(text, spoken, {provision.id: sign}, knowledge, known)
                heavy = [replace(sample, weight=_CATALOGUE) for sample in found.samples]
                texts.append(replace(found, samples=heavy))
    return texts


def from_clauses(path: Path, knowledge: Knowledge, known: Catalogue) -> list[Text]:
    """A bank of clauses: language, `id=sign` for every provision it speaks to, text; tab-separated."""
    return [_clause(text, Language(spoken), _labels(labels), knowledge, known) for spoken, labels, text in _lines(path)]


def _clause(
    text: str,
    spoken: Language,
    signs: Mapping[str, str],
    knowledge: Knowledge,
    known: Catalogue,
    answers: set[str] | None = None,
) -> Text:
    sentences = _sentences(one_clause(text), spoken, knowledge)
    return Text(
        Kind.CLAUSE,
        text,
        sentences,
        [_sample(sentences, signs, known, answers)],
        {key: _status([sign]) for key, sign in signs.items() if sign != NOTHING},
        frozenset(signs),
    )


def from_passages(path: Path, knowledge: Knowledge, known: Catalogue) -> list[Text]:
    """Passages, a line a sentence or heading (`#`); what a line does not name it does not address."""
    runs: list[list[tuple[str, str, str]]] = []
    for line in _lines(path):
        if not runs or runs[-1][0][0] != line[0]:
            runs.append([])
        runs[-1].append(line)
    return [_passage(f"{path.stem}-{place}", run, knowledge, known) for place, run in enumerate(runs)]


def _passage(name: str, lines: Sequence[tuple[str, str, str]], knowledge: Knowledge, known: Catalogue) -> Text:
    text, blocks, spans = "", [], []
    for _, labels, words in lines:
        span = Span(len(text), len(text) + len(words))
        heading = labels == "#"
        blocks.append(Block(BlockKind.HEADING if heading else BlockKind.PARAGRAPH, span, level=2 if heading else 0))
        if not heading:
            spans.append((span, _labels(labels)))
        text += words + "\n\n"
    document = Document(path=name, media_type="text/plain", text=text, blocks=tuple(blocks), sha256="")
    sentences = _sentences(document, Language(lines[0][0]), knowledge)
    samples, signs = [], defaultdict(list)
    for span, said in spans:
        inside = [s for s in sentences if span.start <= s.span.start < span.end]
        samples.append(_sample(inside, said, known, whole=True))
        for provision, sign in said.items():
            signs[provision].append(sign)
    return Text(
        Kind.PASSAGE,
        name,
        sentences,
        samples,
        {key: _status(found) for key, found in signs.items()},
        unsure=frozenset(key for key, found in signs.items() if len(found) > 1 and COVERED not in found),
    )


def _status(signs: Sequence[str]) -> str:
    return "conflict" if CONFLICT in signs else "covered" if COVERED in signs else "partial"


def from_draft(path: Path, knowledge: Knowledge, known: Catalogue) -> Text:
    """A draft labelled as a whole: a sentence is about the provisions whose gold quotes it holds, and about no other."""
    from compliance.readers import read as read_file

    gold = load_gold(path)
    reasons = {label["provision"]: label.get("reasons", ()) for label in json.loads(path.read_text("utf-8"))["labels"]}
    document = read_file(path.parent / gold.document)
    sentences = _sentences(document, language.of_text(document.text) or Language.FR, knowledge)
    quoted: dict[int, dict[str, int]] = defaultdict(dict)
    for provision, quotes in gold.quotes.items():
        for rank, quote in enumerate(quotes):
            for place in _holding(document.text, sentences, quote):
                quoted[place].setdefault(provision, rank)
    samples = []
    for place, sentence in enumerate(sentences):
        if sentence.commitment is Commitment.NONE and place not in quoted:
            continue
        breach: set[str] = set()
        unknown_breach: set[str] = set()
        answers: set[str] = set()
        unknown_answers: set[str] = set()
        full: set[str] = set()
        unknown_full: set[str] = set()
        traits: set[str] = set()
        for provision, rank in quoted[place].items():
            status, elements = gold.statuses[provision], known.elements(provision)
            alone = len(gold.quotes[provision]) == 1
            if status == "conflict":
                # The offending clause is quoted first; the others may be what it takes back.
                (unknown_breach if rank else breach).add(provision)
                unknown_answers |= elements if rank else frozenset()
                unknown_full |= {provision} if rank else set()
                traits |= set() if rank else {HARM}
                continue
            traits |= {_TRAIT[reason] for reason in reasons[provision] if reason in _TRAIT}
            if status == "covered":
                (full if alone else unknown_full).add(provision)
            if "missing-element" not in reasons[provision]:
                (answers if alone or len(elements) == 1 else unknown_answers).update(elements)
            elif len(elements) > 1:
                unknown_answers |= elements
        samples.append(
            Sample(
                features(sentence),
                frozenset(quoted[place]),
                frozenset(breach),
                frozenset(answers),
                unknown_breach=frozenset(unknown_breach),
                unknown_answers=frozenset(unknown_answers),
                full=frozenset(full),
                unknown_full=frozenset(unknown_full),
                traits=frozenset(traits),
            )
        )
    return Text(Kind.DRAFT, path.name, sentences, samples, gold.statuses)


def _holding(text: str, sentences: Sequence[Sentence], quote: str) -> list[int]:
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


def _lines(path: Path) -> list[tuple[str, str, str]]:
    found = []
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            spoken, labels, text = line.split("\t")
            found.append((spoken, labels, text))
    return found


def _labels(labels: str) -> dict[str, str]:
    return {} if labels in (".", "#") else dict(label.split("=") for label in labels.split())


def _sentences(document: Document, spoken: Language, knowledge: Knowledge) -> list[Sentence]:
    return read(document, segment(document, spoken), knowledge.lexes)


def _sample(
    sentences: Sequence[Sentence],
    signs: Mapping[str, str],
    known: Catalogue,
    answers: set[str] | None = None,
    whole: bool = False,
) -> Sample:
    """A clause with its signs; `whole` when it is labelled for every provision, so that nothing is unknown."""
    merged: dict[str, float] = {}
    for sentence in sentences:
        for feature, value in features(sentence).items():
            merged[feature] = max(value, merged.get(feature, 0.0))
    about = {provision for provision, sign in signs.items() if sign != NOTHING}
    breach = {provision for provision, sign in signs.items() if sign == CONFLICT}
    unknown: set[str] = set()
    if not whole:
        # NOTE: near-topic clauses often answer a sibling; they only teach what they are not about.
        unknown = set().union(*(known.relatives[p] for p in signs)) if about else set(known.provisions)
        unknown -= set(signs)
    met, unsure = set(answers or ()), {element for p in unknown for element in known.elements(p)}
    if answers is None:
        for provision, sign in signs.items():
            elements = known.elements(provision)
            if sign == COVERED or (sign in (WEAK, PERSONS) and len(elements) == 1):
                met |= elements
            elif sign in (WEAK, PERSONS) or (sign == MISSING and len(elements) > 1):
                unsure |= elements
    return Sample(
        merged,
        frozenset(about),
        frozenset(breach),
        frozenset(met),
        frozenset(unknown),
        frozenset(unknown) if about else frozenset(),
        frozenset(unsure) - met,
        frozenset(provision for provision, sign in signs.items() if sign == COVERED),
        frozenset(unknown),
        frozenset(_SHOWS[sign] for sign in signs.values() if sign in _SHOWS),
        1.0 if about or whole else 1.5,
    )


# --- scores ------------------------------------------------------------------------------------------------------


def train(samples: Sequence[Sample], known: Catalogue) -> dict[str, Any]:
    """Fit one linear classifier for each head.

    Returns:
        Plain data for `match.model.LinkModel`: `idf`, `targets`, `bias`, `weights`, `asked`.
    """
    seen = Counter(feature for sample in samples for feature in sample.features)
    vocabulary = {
        feature: place for place, feature in enumerate(sorted(f for f, n in seen.items() if n >= _LEAST_SEEN))
    }
    idf = {feature: math.log(1 + len(samples) / seen[feature]) for feature in vocabulary}
    matrix = _matrix(samples, vocabulary, idf)
    weights = numpy.array([sample.weight for sample in samples])
    about = _places(sample.about for sample in samples)
    jobs: list[tuple[str, str, Sequence[int], Sequence[int], Any]] = []
    breach, unknown = _places(s.breach for s in samples), _places(s.unknown for s in samples)
    unknown_breach = _places(s.unknown_breach for s in samples)
    full, unknown_full = _places(s.full for s in samples), _places(s.unknown_full for s in samples)
    answers, unknown_answers = _places(s.answers for s in samples), _places(s.unknown_answers for s in samples)
    for provision in known.provisions:
        close: Any = numpy.zeros(len(samples), bool)
        for other in {provision, *known.relatives[provision]}:
            close[about.get(other, [])] = True
        jobs.append((ABOUT, ABOUT + provision, about.get(provision, []), unknown.get(provision, []), close))
        jobs.append((BREACH, BREACH + provision, breach.get(provision, []), unknown_breach.get(provision, []), close))
        jobs.append(("asked", provision, full.get(provision, []), unknown_full.get(provision, []), close))
        for element in sorted(known.elements(provision)):
            jobs.append(("asked", element, answers.get(element, []), unknown_answers.get(element, []), close))
    fitted = Parallel(n_jobs=-1, batch_size=8)(
        delayed(_head)(matrix, weights, positive, out, close, place)
        for place, (_, _, positive, out, close) in enumerate(jobs)
    )
    heads = [(kind, name) for kind, name, *_ in jobs]
    for trait in (HARM, HEDGED, NARROW):
        shown = numpy.array([trait in sample.traits for sample in samples])
        fitted.append(_fit(matrix, shown, weights, 3.0, 2.0))
        heads.append(("trait", trait))
    names = list(vocabulary)
    targets: list[str] = []
    biases: list[float] = []
    table: dict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
    asked: dict[str, list[Any]] = {}
    for (kind, name), found in zip(heads, fitted, strict=True):
        if found is None:
            continue
        row, bias = found
        order = numpy.argsort(-numpy.abs(row))[: _KEPT[kind]]
        kept = {names[p]: round(float(row[p]), _DIGITS) for p in order if abs(row[p]) >= _FELT}
        if kind == "asked":
            asked[name] = [round(bias, _DIGITS), dict(sorted(kept.items()))]
            continue
        for feature, weight in kept.items():
            table[feature][0].append(len(targets))
            table[feature][1].append(weight)
        targets.append(name)
        biases.append(round(bias, _DIGITS))
    felt = sorted(set(table) | {feature for _, weighed in asked.values() for feature in weighed})
    return {
        "idf": {feature: round(idf[feature], _DIGITS) for feature in felt},
        "targets": targets,
        "bias": biases,
        "weights": {feature: list(table[feature]) for feature in sorted(table)},
        "asked": asked,
    }


def _places(labels: Iterable[frozenset[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place, names in enumerate(labels):
        for name in names:
            found[name].append(place)
    return found


def _head(
    matrix: Any, weights: Any, positive: Sequence[int], unknown: Sequence[int], close: Any, seed: int
) -> tuple[Any, float] | None:
    """One head: all that speaks to the provision or its relatives, and a sample of the rest."""
    if len(positive) < 2:
        return None
    labels: Any = numpy.zeros(len(weights), bool)
    labels[positive] = True
    kept: Any = numpy.ones(len(weights), bool)
    kept[unknown] = False
    kept |= labels
    weights = weights.copy()
    others = numpy.flatnonzero(kept & ~labels & ~close)
    if len(others) > _OTHERS:
        shuffled = numpy.random.RandomState(seed).permutation(others)
        kept[shuffled[_OTHERS:]] = False
        weights[others] *= len(others) / _OTHERS
    return _fit(matrix[kept], labels[kept], weights[kept], 30.0, 3.0)


def _fit(matrix: Any, labels: Any, weights: Any, strength: float, positive: float) -> tuple[Any, float]:
    classifier = LogisticRegression(
        C=strength, solver="liblinear", class_weight={0: 1.0, 1: positive}, random_state=0
    ).fit(matrix, labels, sample_weight=weights)
    return classifier.coef_[0], float(classifier.intercept_[0])


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


# --- trees -------------------------------------------------------------------------------------------------------


def habits(texts: Iterable[Text], known: Catalogue) -> dict[str, list[float]]:
    """How often drafts address a provision; of these, answer it whole; and breach it. Smoothed."""
    drafts = [text for text in texts if text.kind is Kind.DRAFT]
    found = {}
    for provision in known.provisions:
        fate = Counter(text.statuses.get(provision, "gap") for text in drafts)
        answered = fate["covered"] + fate["partial"]
        found[provision] = [
            round((len(drafts) - fate["gap"] + 1.2) / (len(drafts) + 2), _DIGITS),
            round((fate["covered"] + 1) / (answered + 2), _DIGITS),
            round((fate["conflict"] + 0.3) / (len(drafts) + 3), _DIGITS),
        ]
    return found


def rows(text: Text, matcher: Matcher, known: Catalogue) -> list[Row]:
    """The signals of the provisions in one text, by a model that has not seen it."""
    heard = matcher.hear(text.sentences)
    return [
        Row(
            text.kind,
            key,
            text.statuses.get(key, "gap"),
            weigh.signals(provision, heard.passages.get(key, ()), matcher.model, heard.most_about),
            key not in text.unsure,
        )
        for key, provision in known.provisions.items()
        if text.labelled is None or key in text.labelled
    ]


def grow(seen: Sequence[Row]) -> dict[str, Any]:
    """The trees of the three questions."""
    answered = [row for row in seen if row.status in ("covered", "partial") and row.sure]
    return {
        "addressed": _grown([r.signals.addressed for r in seen], [r.status != "gap" for r in seen], seen),
        "contrary": _grown([r.signals.contrary for r in seen], [r.status == "conflict" for r in seen], seen),
        "whole": _grown([r.signals.whole for r in answered], [r.status == "covered" for r in answered], answered),
    }


def _grown(signals: Sequence[Sequence[float]], labels: Sequence[bool], seen: Sequence[Row]) -> dict[str, Any]:
    weights = [_SAY[row.kind] for row in seen]
    classifier = GradientBoostingClassifier(random_state=0, **_TREES).fit(
        numpy.array(signals), numpy.array(labels), sample_weight=weights
    )
    share = classifier.init_.class_prior_[1]
    return {
        "start": round(math.log(share / (1 - share)), 4),
        "trees": [_tree(stage[0].tree_, 0, classifier.learning_rate) for stage in classifier.estimators_],
    }


def _tree(tree: Any, node: int, rate: float) -> Any:
    if tree.children_left[node] < 0:
        return round(float(tree.value[node][0][0]) * rate, 4)
    return [
        int(tree.feature[node]),
        round(float(tree.threshold[node]), 4),
        _tree(tree, tree.children_left[node], rate),
        _tree(tree, tree.children_right[node], rate),
    ]


# --- the whole ---------------------------------------------------------------------------------------------------


def folds(texts: Sequence[Text]) -> list[list[Text]]:
    """Texts to hold out together: drafts, the passages of one file together, and some of the clauses."""
    groups: dict[str, list[Text]] = defaultdict(list)
    clauses = []
    for text in texts:
        if text.kind is Kind.CLAUSE:
            clauses.append(text)
        else:
            groups[text.name if text.kind is Kind.DRAFT else text.name.rsplit("-", 1)[0]].append(text)
    found: list[list[Text]] = [clauses[place :: _FOLDS * _THINNED] for place in range(_FOLDS)]
    for place, group in enumerate(groups.values()):
        found[place % _FOLDS] += group
    return found


def held_out(texts: Sequence[Text], knowledge: Knowledge, known: Catalogue) -> list[tuple[Text, list[Row]]]:
    """The signals of texts, by scores learnt from the others."""
    found = []
    for fold in folds(texts):
        out = {id(text) for text in fold}
        others = [text for text in texts if id(text) not in out]
        heads = train([sample for text in others for sample in text.samples], known)
        matcher = Matcher(
            knowledge.instruments,
            Index(knowledge.rules),
            LinkModel(unpacked(packed(heads | {"habits": habits(others, known)}))),
        )
        found += [(text, rows(text, matcher, known)) for text in fold]
        print(f"{len(found)} texts held out", file=sys.stderr, flush=True)
    return found


def learn(texts: Sequence[Text], knowledge: Knowledge, known: Catalogue) -> dict[str, Any]:
    """The whole model."""
    trees = grow([row for _, seen in held_out(texts, knowledge, known) for row in seen])
    heads = train([sample for text in texts for sample in text.samples], known)
    return heads | {"habits": habits(texts, known), "trees": trees}


def write(model: Mapping[str, Any], path: Path) -> None:
    """One target or feature a line, so that revisions can be compared."""
    text = json.dumps(model, ensure_ascii=False, indent=None, separators=(",", ":"), sort_keys=True)
    path.write_text(re.sub(r'(?<=[\]}]),(?=")', ",\n", text) + "\n", "utf-8")


def material(knowledge: Knowledge, known: Catalogue, folder: Path, drafts: Iterable[Path]) -> list[Text]:
    """All there is to learn from."""
    from compliance import resources
    from compliance.load.conventions import load_instruments
    from compliance.load.rules import load_rules
    from compliance.match.pattern import names

    root = resources.data_root()
    _, rules = load_rules([root], load_instruments(root), pattern_names=names)
    texts = from_examples(rules, knowledge, known) + from_catalogue(knowledge, known)
    for path in sorted((folder / "clauses").glob("*.tsv")):
        texts += from_clauses(path, knowledge, known)
    texts += [from_draft(path, knowledge, known) for path in drafts]
    for path in sorted((folder / "passages").glob("*.tsv")):
        texts += from_passages(path, knowledge, known)
    return texts


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn from the shipped rules and the labelled texts, and write `rules/model.json`."""
    from compliance import resources
    from compliance.load import compiled

    options = argparse.ArgumentParser(prog="python -m compliance.learn", description=main.__doc__)
    options.add_argument("--gold", type=Path, default=Path("tests/gold"), help="folder of clauses/ and passages/")
    options.add_argument("drafts", nargs="*", type=Path, help="gold files of drafts to learn from")
    given = options.parse_args(arguments)
    knowledge = compiled.load()
    known = catalogue(knowledge)
    texts = material(knowledge, known, given.gold, given.drafts)
    print(f"{len(texts)} texts", file=sys.stderr, flush=True)
    model = learn(texts, knowledge, known)
    write(model, resources.data_root() / "rules" / "model.json")
    print(f"{len(model['idf'])} features, {len(model['targets'])} scores")
    return 0


if __name__ == "__main__":
    sys.exit(main())
