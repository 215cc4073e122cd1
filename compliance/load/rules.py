"""The folder `rules/` to concepts and rules, checked against the provisions they speak of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from compliance.errors import DataError, Place
from compliance.load.hint import did_you_mean, nearest_or_all
from compliance.load.schema import check
from compliance.load.yaml import Key, Source, ordered, read_yaml, refuse
from compliance.match.link import VIRTUAL
from compliance.model.judgement import Reason
from compliance.model.law import Instrument, Language, Provision
from compliance.model.rule import Concept, Example, ExampleKind, Rule

PatternNames = Callable[[str], Iterable[str]]
LEXICON = "lexicon"
_PATTERN_LISTS = ("partly", "conflicts")


@dataclass(slots=True)
class _Book:
    """What has been read so far, and every fault."""

    provisions: Mapping[str, Provision]
    names: PatternNames
    faults: list[DataError] = field(default_factory=list)
    concepts: dict[str, Concept] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    used: list[tuple[Source, tuple[Key, ...], str]] = field(default_factory=list)  # concepts that patterns name
    whole: bool = True  # False once a lexicon file could not be used


def load_rules(
    roots: Sequence[Path], instruments: Iterable[Instrument], *, pattern_names: PatternNames
) -> tuple[tuple[Concept, ...], tuple[Rule, ...]]:
    """Read the lexicon and the rules of every root.

    Args:
        roots: folders that hold `rules/`; the first is the shipped data. A later root may add wordings to a
            concept and patterns or examples to a rule; within one root each is written once.
        instruments: every instrument that rules may speak of.
        pattern_names: the names in a pattern expression; raises ValueError on bad syntax. Names that begin with
            a quote (literal words) or with "@" (what a sentence is, `match.link.VIRTUAL`) are not concepts of the
            lexicon.

    Returns:
        Concepts and rules, in file order.

    Raises:
        DataErrors: every fault found.
    """
    provisions = {provision.id: provision for instrument in instruments for provision in instrument.provisions}
    book = _Book(provisions, pattern_names)
    for root in roots:
        _read_root(root / "rules", book)
    _check_names(book)
    refuse(ordered(book.faults))
    return tuple(book.concepts.values()), tuple(book.rules.values())


def load_rule(roots: Sequence[Path], provision: Provision, *, pattern_names: PatternNames) -> Rule | None:
    """The rule of one provision, without reading the others; None when there is none.

    Raises:
        DataErrors: every fault of the files that speak of it; the names of concepts are not checked.
    """
    book = _Book({provision.id: provision}, pattern_names, whole=False)
    for root in roots:
        for path in sorted((root / "rules").rglob("*.yaml")):
            if LEXICON in path.parts[:-1] or provision.id.encode() not in path.read_bytes():
                continue
            source = read_yaml(path, book.faults)
            if source is None or not check(source, "rules", book.faults):
                continue
            for index, data in enumerate(source.data):
                if data["provision"] == provision.id:
                    _add_rule(source, index, data, book)
    refuse(ordered(book.faults))
    return book.rules.get(provision.id)


def load_glosses(roots: Sequence[Path], concepts: Iterable[str]) -> Mapping[str, str]:
    """What each of these concepts of the lexicon means, the first gloss of each; unknown ones are left out.

    Raises:
        DataErrors: every fault of the lexicon's files.
    """
    wanted = set(concepts)
    faults: list[DataError] = []
    found: dict[str, str] = {}
    for root in roots:
        for path in sorted((root / "rules" / LEXICON).rglob("*.yaml")):
            source = read_yaml(path, faults)
            if source is not None and check(source, "lexicon", faults):
                for data in source.data:
                    if data["concept"] in wanted:
                        found.setdefault(data["concept"], data["gloss"])
    refuse(ordered(faults))
    return found


def _read_root(folder: Path, book: _Book) -> None:
    places: dict[str, tuple[Source, tuple[Key, ...]]] = {}  # what this root has written, to refuse repetition
    for path in sorted(folder.rglob("*.yaml")):
        lexicon = LEXICON in path.relative_to(folder).parts[:-1]
        source = read_yaml(path, book.faults)
        if source is None or not check(source, "lexicon" if lexicon else "rules", book.faults):
            book.whole = book.whole and not lexicon
            continue
        for index, data in enumerate(source.data):
            key = "concept" if lexicon else "provision"
            if (name := data[key]) in places:
                first, where = places[name]
                hint = f"see {first.place(where)}"
                book.faults.append(source.fault(f"{key} '{name}' is already there", (index, key), hint))
                continue
            places[name] = (source, (index, key))
            (_add_concept if lexicon else _add_rule)(source, index, data, book)
    for path in sorted(folder.rglob("*.yml")):
        book.faults.append(DataError("not read", Place(path), "name it .yaml"))


def _add_concept(_source: Source, _index: int, data: Mapping[str, Any], book: _Book) -> None:
    known = book.concepts.get(data["concept"])
    fr, en = (tuple(dict.fromkeys((*before, *data[key]))) for key, before in _before(known))
    book.concepts[data["concept"]] = Concept(data["concept"], known.gloss if known else data["gloss"], fr, en)


def _before(known: Concept | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("fr", known.fr if known else ()), ("en", known.en if known else ())


def _add_rule(source: Source, index: int, data: Mapping[str, Any], book: _Book) -> None:
    provision = book.provisions.get(data["provision"])
    if provision is None or not provision.auditable:
        what = "unknown provision" if provision is None else "not an auditable provision:"
        near = did_you_mean(data["provision"], (item.id for item in book.provisions.values() if item.auditable))
        book.faults.append(source.fault(f"{what} '{data['provision']}'", (index, "provision"), near))
    else:
        _check_elements(source, index, data, provision, book)
    for path, expression in _expressions(index, data):
        _note_names(source, path, expression, book)
    rule = Rule(
        provision=data["provision"],
        elements={element: tuple(patterns) for element, patterns in data["elements"].items()},
        partly=tuple(data.get("partly", ())),
        conflicts=tuple(data.get("conflicts", ())),
        examples=tuple(example for _, example in _examples(index, data)),
    )
    known = book.rules.get(rule.provision)
    book.rules[rule.provision] = _joined(known, rule) if known else rule


def _joined(known: Rule, added: Rule) -> Rule:
    """A user's addition to a shipped rule."""
    elements = dict(known.elements)
    for element, patterns in added.elements.items():
        elements[element] = (*elements.get(element, ()), *patterns)
    return replace(
        known,
        elements=elements,
        partly=known.partly + added.partly,
        conflicts=known.conflicts + added.conflicts,
        examples=known.examples + added.examples,
    )


def _check_elements(source: Source, index: int, data: Mapping[str, Any], provision: Provision, book: _Book) -> None:
    known = [element.id for element in provision.elements]

    def check_one(element: str, path: tuple[Key, ...], key: bool) -> None:
        if element not in known:
            hint = nearest_or_all(element, known)
            book.faults.append(source.fault(f"'{provision.id}' has no element '{element}'", path, hint, key=key))

    for element in data["elements"]:
        check_one(element, (index, "elements", element), True)
    for path, example in _examples(index, data):
        for position, element in enumerate(example.answers or ()):
            check_one(element, (*path, "answers", position), False)


def _examples(index: int, data: Mapping[str, Any]) -> Iterator[tuple[tuple[Key, ...], Example]]:
    for language, kinds in data.get("examples", {}).items():
        for kind, items in kinds.items():
            for position, item in enumerate(items):
                path = (index, "examples", language, kind, position)
                spoken, sort = Language(language), ExampleKind(kind)
                if isinstance(item, str):
                    yield path, Example(item, spoken, sort)
                    continue
                reason = Reason(item["reason"]) if "reason" in item else None
                answers = tuple(item["answers"]) if "answers" in item else None
                yield path, Example(item["text"], spoken, sort, reason, answers)


def _expressions(index: int, data: Mapping[str, Any]) -> Iterator[tuple[tuple[Key, ...], str]]:
    for element, patterns in data["elements"].items():
        for position, expression in enumerate(patterns):
            yield (index, "elements", element, position), expression
    for key in _PATTERN_LISTS:
        for position, expression in enumerate(data.get(key, ())):
            yield (index, key, position), expression


def _note_names(source: Source, path: tuple[Key, ...], expression: str, book: _Book) -> None:
    try:
        names = book.names(expression)
    except ValueError as error:
        book.faults.append(source.fault(f"bad pattern '{expression}': {error}", path))
        return
    book.used.extend((source, path, name) for name in names if not name.startswith('"'))


def _check_names(book: _Book) -> None:
    for source, path, name in book.used:
        if name.startswith("@"):
            if name not in VIRTUAL:
                message = f"'{name}' is nothing that a sentence can be"
                book.faults.append(source.fault(message, path, nearest_or_all(name, sorted(VIRTUAL))))
        elif book.whole and name not in book.concepts:  # else it may follow from a lexicon that could not be read
            hint = did_you_mean(name, book.concepts) or "add it to the lexicon"
            book.faults.append(source.fault(f"unknown concept '{name}'", path, hint))
