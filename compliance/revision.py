"""What a revision of a draft changed: its clauses aligned, and each provision's verdict before and after.

Either side may be an assessment or a JSON report; the report knows only the clauses that it cites.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from typing import Any

from compliance.errors import Place, ReadError
from compliance.model.judgement import Assessment, Direction, Priority, Reason, Status
from compliance.model.law import Bilingual, Force, Instrument, Language, Mode, Provision
from compliance.text import fingerprint
from compliance.text.token import WORD, fold


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause of one side: all of it, or what a JSON report quotes of it."""

    id: str
    number: str
    headings: tuple[str, ...]
    text: str
    line: int | None = None
    page: int | None = None
    quotes: tuple[str, ...] = ()  # from a report: the passages quoted, which may not be all of the clause


@dataclass(frozen=True, slots=True)
class Judged:
    """One provision's verdict on one side; clause ids tell which clauses bear it and which run against it."""

    provision: str
    status: Status
    reasons: frozenset[Reason]
    missing: frozenset[str]
    priority: Priority
    supports: tuple[str, ...]
    against: tuple[str, ...]
    waived: bool = False
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One side of a comparison."""

    path: str
    sha256: str
    language: Language
    passages: tuple[Passage, ...]
    whole: bool  # whether `passages` are all the clauses of the draft
    judged: Mapping[str, Judged]
    profile: str
    forces: Mapping[str, Force]


class Kind(StrEnum):
    """What became of a provision."""

    CONTRADICTED = "contradicted"
    LOST = "lost"
    WEAKENED = "weakened"
    NARROWED = "narrowed"
    STRENGTHENED = "strengthened"
    COVERED = "covered"
    UNCHANGED = "unchanged"


REGRESSIONS = frozenset({Kind.CONTRADICTED, Kind.LOST, Kind.WEAKENED, Kind.NARROWED})
ADVANCES = frozenset({Kind.STRENGTHENED, Kind.COVERED})


class Move(StrEnum):
    """What became of a clause."""

    SAME = "same"
    MOVED = "moved"  # same words, other place or number
    REWORDED = "reworded"
    SPLIT = "split"
    MERGED = "merged"
    REMOVED = "removed"
    ADDED = "added"
    CITED = "cited"  # on one side only, where a report does not tell whether the other text has it


@dataclass(frozen=True, slots=True)
class Pairing:
    """Clauses of the old text and those of the new one that they became."""

    move: Move
    old: tuple[Passage, ...]
    new: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One provision before and after, with the clauses that explain the difference."""

    provision: Provision
    kind: Kind
    before: Judged
    after: Judged
    pairings: tuple[Pairing, ...]  # those that touch a clause cited on either side, in reading order

    @property
    def reworded(self) -> bool:
        return any(pairing.move not in (Move.SAME, Move.MOVED, Move.CITED) for pairing in self.pairings)


@dataclass(frozen=True, slots=True)
class Revision:
    """The whole comparison; provisions judged on one side only, or set aside on one, are told apart from changes."""

    old: Version
    new: Version
    instruments: tuple[Instrument, ...]
    changes: tuple[Change, ...]  # one a provision judged on both sides, in catalogue order
    entered: tuple[Provision, ...]  # judged now, not before
    left: tuple[Provision, ...]
    pairings: tuple[Pairing, ...]  # of all clauses, in the order of the new text, removed ones last

    def of(self, *kinds: Kind) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.kind in kinds)


# --- the two sides -----------------------------------------------------------------------------------------------


def of_assessment(assessment: Assessment) -> Version:
    document = assessment.document
    judged = {}
    for finding in assessment.findings:
        sides: dict[Direction, list[str]] = {Direction.SUPPORTS: [], Direction.AGAINST: []}
        for item in finding.evidence:
            if item.clause.id not in sides[item.direction]:
                sides[item.direction].append(item.clause.id)
        judged[finding.provision.id] = Judged(
            provision=finding.provision.id,
            status=finding.status,
            reasons=frozenset(finding.reasons),
            missing=frozenset(finding.missing),
            priority=finding.priority,
            supports=tuple(sides[Direction.SUPPORTS]),
            against=tuple(sides[Direction.AGAINST]),
            waived=finding.waived,
            decided_by=finding.decision.by if finding.decision else "",
        )
    passages = tuple(
        Passage(
            clause.id,
            clause.number,
            clause.headings,
            clause.span.of(document.text),
            document.line(clause.span.start) if document.has_lines else None,
            clause.page,
        )
        for clause in assessment.clauses
    )
    forces = {one.id: assessment.profile.standing(one.id).force for one in assessment.instruments}
    return Version(
        document.path, document.sha256, assessment.language, passages, True, judged, assessment.profile.id, forces
    )


def of_report(report: Mapping[str, Any], name: str) -> Version:
    """A side read from a JSON report.

    Raises:
        ReadError: it is no report of one draft.
    """
    try:
        return _of_report(report)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReadError(
            f"not a JSON report of one draft ({type(error).__name__}: {error})",
            Place(name),
            "write one with: compliance check DRAFT --format json",
        ) from error


def _of_report(report: Mapping[str, Any]) -> Version:
    passages: dict[str, Passage] = {}

    def see(item: Mapping[str, Any]) -> str:
        clause, where = item["clause"], item.get("location") or {}
        name, quote = str(clause["id"]), str(item["quote"])
        line, page = where.get("line_start"), where.get("page")
        quotes: tuple[str, ...] = (quote,)
        if known := passages.get(name):
            line = min(known.line, line) if known.line and line else line
            quotes = known.quotes
            if not any(quote in one for one in quotes):
                quotes = (*(one for one in quotes if one not in quote), quote)
        text = " […] ".join(quotes)
        passages[name] = Passage(name, clause["number"], tuple(clause["headings"]), text, line, page, quotes)
        return name

    judged = {}
    for finding in report["findings"]:
        sides: dict[str, list[str]] = {"supports": [], "against": []}
        for item in finding["evidence"]:
            side = sides["against" if item["direction"] == "against" else "supports"]
            if (clause := see(item)) not in side:
                side.append(clause)
        for item in finding.get("near_misses", ()):
            see(item)
        decision = finding.get("decision") or {}
        judged[finding["provision"]] = Judged(
            provision=finding["provision"],
            status=Status(finding["status"]),
            reasons=frozenset(Reason(reason) for reason in finding["reasons"]),
            missing=frozenset(element["id"] for element in finding["elements"] if not element["met"]),
            priority=Priority(finding["priority"]),
            supports=tuple(sides["supports"]),
            against=tuple(sides["against"]),
            waived=decision.get("action") == "waive" and decision.get("standing") == "applied",
            decided_by=decision.get("by", ""),
        )
    for item in report.get("unanchored", ()):
        see({**item, "clause": item})
    document, profile = report["document"], report["profile"]
    ordered = sorted(passages.values(), key=lambda passage: _place(passage.id))
    forces = {name: Force(one["force"]) for name, one in profile["instruments"].items()}
    language = Language(document["language"])
    return Version(document["path"], document["sha256"], language, tuple(ordered), False, judged, profile["id"], forces)


def _place(clause: str) -> tuple[int, str]:
    digits = clause.lstrip("c")
    return (int(digits), "") if digits.isdigit() else (1 << 30, clause)


# --- clauses -----------------------------------------------------------------------------------------------------

_SHINGLE = 3  # words
_COMMON = 24  # a shingle in more clauses than this tells nothing, and would cost time
_ALIKE = 0.45  # share of the words of both that two versions of one clause have in common
_INSIDE = 0.6  # share of a clause's runs of words found in the one that it was merged into, or split from
_DOTS = " .)"  # what one format writes after a number and another does not
_FEW = 6  # words; a shorter clause is never called a part of another


def align(
    old: Sequence[Passage], new: Sequence[Passage], old_whole: bool = True, new_whole: bool = True
) -> tuple[Pairing, ...]:
    """Tell what became of each clause, whatever its number and place.

    Args:
        old, new: the clauses of each text, in reading order.
        old_whole, new_whole: False for a side that holds only some clauses: none of the other side's is then called
            added, or removed.

    Returns:
        Each clause in one pairing, in the order of the new text; what was removed comes last. Time grows nearly in
        line with the clauses, since only those that share an uncommon run of three words are compared.
    """
    words = [[fingerprint.words(one.text, one.number) for one in side] for side in (old, new)]
    mate: dict[int, int] = {}
    _same_words(words[0], words[1], mate)
    edges = _edges(words[0], words[1], mate)
    taken = set(mate.values())
    for alike, before, after in sorted(edges, key=lambda edge: (-edge[0], abs(edge[1] - edge[2]), edge[1])):
        if alike >= _ALIKE and before not in mate and after not in taken:
            mate[before] = after
            taken.add(after)
    merged, split = _parts(words[0], words[1], mate, edges)
    return tuple(_pairings(old, new, words, mate, merged, split, old_whole, new_whole))


def _same_words(old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]], mate: dict[int, int]) -> None:
    """Pair clauses of the same words, the first with the first."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for after in range(len(new) - 1, -1, -1):
        places[new[after]].append(after)
    for before, words in enumerate(old):
        if places.get(words):
            mate[before] = places[words].pop()


def _shingles(words: Sequence[str]) -> set[tuple[str, ...]]:
    if len(words) < _SHINGLE:
        return {tuple(words)}
    return {tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}


def _edges(
    old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]], mate: Mapping[int, int]
) -> list[tuple[float, int, int]]:
    """Pairs worth a look, with the share of words in common; clauses that found their twin are out."""
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for after, words in enumerate(new):
        for shingle in _shingles(words):
            index[shingle].append(after)
    taken = set(mate.values())
    found = []
    for before, words in enumerate(old):
        if before in mate:
            continue
        near: set[int] = set()
        for shingle in _shingles(words):
            places = index.get(shingle, ())
            if len(places) <= _COMMON:
                near.update(places)
        for after in near:
            if after in taken:
                continue
            common = sum((Counter(words) & Counter(new[after])).values())
            found.append((2 * common / (len(words) + len(new[after])), before, after))
    return found


def _parts(
    old: Sequence[tuple[str, ...]],
    new: Sequence[tuple[str, ...]],
    mate: Mapping[int, int],
    edges: Iterable[tuple[float, int, int]],
) -> tuple[dict[int, int], dict[int, int]]:
    """Old clauses merged into a new one, and new clauses split from an old one, beside the pairs."""
    taken = set(mate.values())
    merged: dict[int, int] = {}
    split: dict[int, int] = {}
    best: dict[tuple[str, int], float] = {}
    for _, before, after in edges:
        if before not in mate and (inside := _inside(old[before], new[after])) > best.get(("m", before), 0.0):
            merged[before] = after
            best["m", before] = inside
        if after not in taken and (inside := _inside(new[after], old[before])) > best.get(("s", after), 0.0):
            split[after] = before
            best["s", after] = inside
    return merged, split


def _inside(part: Sequence[str], whole: Sequence[str]) -> float:
    """Share of a part's runs of words that stand in the whole; zero when that is too little to say so."""
    if len(part) < _FEW:
        return 0.0
    runs = _shingles(part)
    share = len(runs & _shingles(whole)) / len(runs)
    return share if share >= _INSIDE else 0.0


def _pairings(
    old: Sequence[Passage],
    new: Sequence[Passage],
    words: Sequence[Sequence[tuple[str, ...]]],
    mate: Mapping[int, int],
    merged: Mapping[int, int],
    split: Mapping[int, int],
    old_whole: bool,
    new_whole: bool,
) -> Iterable[Pairing]:
    back = {after: before for before, after in mate.items()}
    into: dict[int, list[int]] = defaultdict(list)
    for before, after in merged.items():
        into[after].append(before)
    pieces: dict[int, list[int]] = defaultdict(list)
    for after, before in split.items():
        pieces[before].append(after)
    steady = _steady(back)
    done: set[int] = set()
    for after, passage in enumerate(new):
        if after in done:
            continue
        source = back.get(after, split.get(after))
        if source is not None and (parts := pieces.get(source)):
            together = sorted({*parts, *([mate[source]] if source in mate else [])})
            done.update(together)
            if also := sorted({one for piece in together for one in into.get(piece, ())} - {source}):
                sources = sorted({source, *also})
                move = Move.SPLIT if len(together) > 1 else Move.MERGED
                yield Pairing(move, tuple(old[one] for one in sources), tuple(new[one] for one in together))
                continue
            if len(together) > 1:
                yield Pairing(Move.SPLIT, (old[source],), tuple(new[one] for one in together))
                continue
            move = Move.SAME if _quoted_alike(old[source], new[together[0]]) else Move.REWORDED
            yield Pairing(move, (old[source],), (new[together[0]],))
            continue
        if after in into:
            sources = sorted({*into[after], *([back[after]] if after in back else [])})
            if len(sources) > 1:
                yield Pairing(Move.MERGED, tuple(old[one] for one in sources), (passage,))
                continue
            source = sources[0]
        if source is None:
            if old_whole:
                yield Pairing(Move.ADDED, (), (passage,))
            continue
        if words[0][source] != words[1][after] and not _quoted_alike(old[source], passage):
            yield Pairing(Move.REWORDED, (old[source],), (passage,))
        elif (after in back and after not in steady) or old[source].number.strip(_DOTS) != passage.number.strip(_DOTS):
            yield Pairing(Move.MOVED, (old[source],), (passage,))
        else:
            yield Pairing(Move.SAME, (old[source],), (passage,))
    if new_whole:
        gone = set(mate) | set(merged) | set(split.values())
        yield from (Pairing(Move.REMOVED, (one,), ()) for at, one in enumerate(old) if at not in gone)


def _quoted_alike(old: Passage, new: Passage) -> bool:
    """Whether a report quotes one of the two, and every quote stands in the other: nothing is known to differ."""
    if not (old.quotes or new.quotes):
        return False
    if old.quotes and new.quotes:
        return bool(set(old.quotes) & set(new.quotes))
    partial, full = (old, new) if old.quotes else (new, old)
    text = f" {' '.join(fingerprint.words(full.text))} "
    return all(f" {' '.join(fingerprint.words(quote, partial.number))} " in text for quote in partial.quotes)


def _steady(back: Mapping[int, int]) -> set[int]:
    """The longest run of new clauses whose twins stand in the same order; the others were moved."""
    from bisect import bisect_left

    tails: list[int] = []
    holders: list[int] = []
    previous: dict[int, int] = {}
    for after in sorted(back):
        at = bisect_left(tails, back[after])
        tails[at : at + 1] = [back[after]]
        holders[at : at + 1] = [after]
        if at:
            previous[after] = holders[at - 1]
    steady: set[int] = set()
    current: int | None = holders[-1] if holders else None
    while current is not None:
        steady.add(current)
        current = previous.get(current)
    return steady


# --- provisions --------------------------------------------------------------------------------------------------

_RANK = {Status.CONFLICT: 0, Status.GAP: 1, Status.PARTIAL: 2, Status.COVERED: 3}


def compare(old: Version, new: Version, instruments: Sequence[Instrument]) -> Revision:
    """Compare two versions of a draft.

    Args:
        instruments: every instrument known; a provision that none of them has is left out.
    """
    pairings = align(old.passages, new.passages, old.whole, new.whole)
    touching: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, pairing in enumerate(pairings):
        for side, passages in enumerate((pairing.old, pairing.new)):
            for passage in passages:
                touching[side, passage.id].append(place)
    became = {passage.id: {one.id for one in pairing.new} for pairing in pairings for passage in pairing.old}
    changes, entered, left = [], [], []
    units = [unit for instrument in instruments for unit in instrument.provisions]
    for unit in units:
        before, after = old.judged.get(unit.id), new.judged.get(unit.id)
        was = before is not None and before.status is not Status.NOT_APPLICABLE
        is_ = after is not None and after.status is not Status.NOT_APPLICABLE
        if was and not is_:
            left.append(unit)
        elif is_ and not was:
            entered.append(unit)
        if before is None or after is None or not (was and is_):
            continue
        cited = {place for one in before.supports + before.against for place in touching[0, one]}
        cited |= {place for one in after.supports + after.against for place in touching[1, one]}
        shown = [pairings[place] for place in sorted(cited)] + _unpaired(old, new, before, after, touching)
        changes.append(Change(unit, kind(unit, before, after, became), before, after, tuple(shown)))
    return Revision(old, new, tuple(instruments), tuple(changes), tuple(entered), tuple(left), pairings)


def _unpaired(
    old: Version, new: Version, before: Judged, after: Judged, touching: Mapping[tuple[int, str], list[int]]
) -> list[Pairing]:
    """Clauses cited that a partial side could not pair: shown, and called neither removed nor added."""
    sides = [{passage.id: passage for passage in version.passages} for version in (old, new)]
    lone_old = [sides[0][one] for one in dict.fromkeys(before.supports + before.against) if not touching.get((0, one))]
    lone_new = [sides[1][one] for one in dict.fromkeys(after.supports + after.against) if not touching.get((1, one))]
    return [Pairing(Move.CITED, (one,), ()) for one in lone_old] + [Pairing(Move.CITED, (), (one,)) for one in lone_new]


def kind(unit: Provision, before: Judged, after: Judged, became: Mapping[str, set[str]]) -> Kind:
    """What became of a provision: METHOD's statuses in order, then what a partial answer lost or gained."""
    if after.status is Status.CONFLICT:
        if before.status is not Status.CONFLICT:
            return Kind.CONTRADICTED
        known = {one for clause in before.against for one in became.get(clause, ())}
        if set(after.against) - known:
            return Kind.CONTRADICTED
        gone = any(not became.get(clause, set()) & set(after.against) for clause in before.against)
        return Kind.STRENGTHENED if gone and len(after.against) < len(before.against) else Kind.UNCHANGED
    if before.status is not after.status:
        if after.status is Status.COVERED:
            return Kind.COVERED
        if _RANK[after.status] > _RANK[before.status]:
            return Kind.STRENGTHENED
        if after.status is Status.GAP:
            return Kind.LOST
        return Kind.NARROWED if after.reasons == {Reason.PERSONS} else Kind.WEAKENED
    if after.status is Status.PARTIAL:
        worse = after.reasons - before.reasons
        if worse == {Reason.PERSONS} and not after.missing - before.missing:
            return Kind.NARROWED
        if worse or after.missing - before.missing:
            return Kind.WEAKENED
        if before.reasons - after.reasons or before.missing - after.missing:
            return Kind.STRENGTHENED
    return Kind.UNCHANGED


def is_option(unit: Provision) -> bool:
    """A permission that a State may leave unused; losing it is no regression."""
    return unit.mode is Mode.PERMISSIVE


# --- words -------------------------------------------------------------------------------------------------------

_LONGEST = 1200  # words; a longer passage is shown whole, as replaced


class Stroke(StrEnum):
    KEPT = "kept"
    CUT = "cut"
    PUT = "put"


def strokes(old: str, new: str) -> tuple[tuple[Stroke, str, str], ...]:
    """Runs of words kept, cut and put in, in order, each with its old and its new text.

    Case and punctuation alone are no change.
    """
    before, after = _pieces(old), _pieces(new)
    if max(len(before), len(after)) > _LONGEST:
        return ((Stroke.CUT, old, ""), (Stroke.PUT, "", new))
    keys = [[_key(piece) for piece in pieces] for pieces in (before, after)]
    found: list[tuple[Stroke, str, str]] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        if tag == "equal":
            found.append((Stroke.KEPT, "".join(before[a1:a2]), "".join(after[b1:b2])))
            continue
        if a2 > a1:
            found.append((Stroke.CUT, "".join(before[a1:a2]), ""))
        if b2 > b1:
            found.append((Stroke.PUT, "", "".join(after[b1:b2])))
    return tuple(found)


def _key(piece: str) -> str:
    found = WORD.search(piece)
    return fold(found.group()) if found else piece.strip()


def _pieces(text: str) -> list[str]:
    """Words, each with the punctuation and space that follow it."""
    flat = " ".join(text.split())
    cuts = [0, *(match.start() for match in WORD.finditer(flat) if match.start()), len(flat)]
    return [flat[start:end] for start, end in pairwise(cuts) if end > start]


def place_of(passage: Passage) -> Bilingual:
    """Where a passage stands, in words: number, line or page; its id when nothing else is known."""
    parts_fr, parts_en = [], []
    if number := passage.number.strip(_DOTS):
        parts_fr.append(number)
        parts_en.append(number)
    if passage.page is not None:
        parts_fr.append(f"page {passage.page}")
        parts_en.append(f"page {passage.page}")
    elif passage.line is not None:
        parts_fr.append(f"ligne {passage.line}")
        parts_en.append(f"line {passage.line}")
    return Bilingual(", ".join(parts_fr) or passage.id, ", ".join(parts_en) or passage.id)
