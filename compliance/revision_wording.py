"""A comparison of two drafts in words: what every format of `compliance diff` shows, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from compliance.decision_wording import STATUS
from compliance.model.judgement import Reason, Status
from compliance.model.law import Bilingual, Force, Language, Provision
from compliance.revision import (
    ADVANCES,
    REGRESSIONS,
    Change,
    Judged,
    Kind,
    Move,
    Pairing,
    Passage,
    Revision,
    Stroke,
    is_option,
    place_of,
    strokes,
)

ORDER = (Kind.CONTRADICTED, Kind.LOST, Kind.WEAKENED, Kind.NARROWED, Kind.COVERED, Kind.STRENGTHENED)

KIND = {
    Kind.CONTRADICTED: Bilingual("Contredites désormais", "Now contradicted"),
    Kind.LOST: Bilingual("Perdues", "Lost"),
    Kind.WEAKENED: Bilingual("Affaiblies", "Weakened"),
    Kind.NARROWED: Bilingual("Restreintes à moins de personnes", "Narrowed to fewer persons"),
    Kind.COVERED: Bilingual("Couvertes désormais", "Now covered"),
    Kind.STRENGTHENED: Bilingual("Renforcées", "Strengthened"),
    Kind.UNCHANGED: Bilingual("Inchangées", "Unchanged"),
}
MOVE = {
    Move.SAME: Bilingual("inchangée", "unchanged"),
    Move.MOVED: Bilingual("déplacée ou renumérotée", "moved or renumbered"),
    Move.REWORDED: Bilingual("récrite", "reworded"),
    Move.SPLIT: Bilingual("scindée", "split"),
    Move.MERGED: Bilingual("fusionnée", "merged"),
    Move.REMOVED: Bilingual("retirée", "removed"),
    Move.ADDED: Bilingual("ajoutée", "added"),
    Move.CITED: Bilingual("citée de ce côté seulement", "cited on this side only"),
}
_REASON = {
    Reason.MISSING_ELEMENT: Bilingual("élément manquant", "missing element"),
    Reason.PERSONS: Bilingual("moins de personnes que la disposition n’en protège", "fewer persons than are protected"),
    Reason.WEAK_COMMITMENT: Bilingual("engagement trop faible", "commitment too weak"),
    Reason.BY_REFERENCE: Bilingual("simple renvoi à la convention", "bare reference to the convention"),
}
TEXT = {
    "title": Bilingual("Ce que la révision change", "What the revision changes"),
    "before": Bilingual("Avant", "Before"),
    "after": Bilingual("Après", "After"),
    "absent": Bilingual("rien à cet endroit", "nothing there"),
    "reworded": Bilingual("Récrites sans changer de verdict", "Reworded, same verdict"),
    "entered": Bilingual("Examinées désormais", "Examined now"),
    "left": Bilingual("Non examinées désormais", "Not examined any more"),
    "counts": Bilingual("Décompte", "Counts"),
    "provisions": Bilingual("Dispositions", "Provisions"),
    "clauses": Bilingual("Clauses", "Clauses"),
    "lawyer": Bilingual(
        "L’outil propose ces constats\u00a0; un juriste les confirme ou les corrige.",
        "The tool proposes these findings; a lawyer confirms or corrects them.",
    ),
    "cited": Bilingual(
        "L’un des deux textes est un rapport JSON\u00a0: seules les clauses qu’il cite sont comparées.",
        "One of the two texts is a JSON report: only the clauses that it cites are compared.",
    ),
    "none": Bilingual("Aucun verdict ne change.", "No verdict changes."),
    "same": Bilingual("mêmes mots", "same words"),
    "more": Bilingual("Une autre clause va à l’encontre.", "Another clause runs against it."),
    "waived": Bilingual("dispense", "waived"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One clause before and after: where, and its words with what was cut or put in marked True."""

    move: str
    before_at: str
    before: tuple[tuple[str, bool], ...]
    after_at: str
    after: tuple[tuple[str, bool], ...]  # empty where the words are the same, or gone
    same: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One provision's change as shown."""

    id: str
    heading: str
    status_before: Status
    status_after: Status
    before: str
    after: str
    why: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Section:
    kind: Kind
    title: str
    worse: bool
    entries: tuple[Entry, ...]


def sections(revision: Revision, language: Language) -> tuple[Section, ...]:
    """What changed, the worst first; kinds that did not occur are left out."""
    found = []
    for kind in ORDER:
        changes = revision.of(kind)
        if changes:
            entries = tuple(_entry(change, language) for change in changes)
            found.append(Section(kind, KIND[kind].in_(language), kind in REGRESSIONS, entries))
    return tuple(found)


def reworded(revision: Revision, language: Language) -> tuple[Entry, ...]:
    """Provisions whose verdict stayed while a clause that bears it was rewritten."""
    changes = [change for change in revision.of(Kind.UNCHANGED) if change.reworded]
    return tuple(_entry(change, language) for change in changes)


def _entry(change: Change, language: Language) -> Entry:
    return Entry(
        id=change.provision.id,
        heading=change.provision.heading.in_(language),
        status_before=change.before.status,
        status_after=change.after.status,
        before=_status(change.before, language),
        after=_status(change.after, language),
        why=_why(change, language),
        rows=tuple(_row(pairing, language) for pairing in _telling(change.pairings)),
    )


def _telling(pairings: Sequence[Pairing]) -> Sequence[Pairing]:
    """Those that changed; where none did (the verdict turned on other things), all of them."""
    return [pairing for pairing in pairings if pairing.move is not Move.SAME] or pairings


def _status(judged: Judged, language: Language) -> str:
    label = STATUS[judged.status][language is not Language.FR]
    if judged.waived:
        label += f" ({TEXT['waived'].in_(language)})"
    return label


def _why(change: Change, language: Language) -> str:
    """What a partial answer lost, or still lacks."""
    if change.kind is Kind.CONTRADICTED and change.before.status is Status.CONFLICT:
        return TEXT["more"].in_(language)
    if change.after.status is not Status.PARTIAL:
        return ""
    french = language is Language.FR
    lacking = [
        element.summary.in_(language).rstrip(".")
        for element in change.provision.elements
        if element.id in change.after.missing
    ]
    parts = [_REASON[reason].in_(language) for reason in sorted(change.after.reasons - {Reason.MISSING_ELEMENT})]
    if lacking:
        parts.insert(
            0, ("il manque\u00a0: " if french else "missing: ") + ("\u00a0; " if french else "; ").join(lacking)
        )
    text = ("\u00a0; " if french else "; ").join(parts)
    return text[:1].upper() + text[1:] + "." if text else ""


# Emphasis and heading marks of Markdown drafts, which say nothing to a reader of the comparison.
_MARKUP = re.compile(r"\*\*|^#+[ \t]+|^[-*+][ \t]+")


def _row(pairing: Pairing, language: Language) -> Row:
    old, new = (" ".join(_MARKUP.sub("", one.text) for one in side) for side in (pairing.old, pairing.new))
    before: tuple[tuple[str, bool], ...]
    after: tuple[tuple[str, bool], ...]
    if pairing.move in (Move.SAME, Move.MOVED):
        before, after = ((_flat(old), False),), ()
    elif pairing.old and pairing.new:
        runs = strokes(old, new)
        before = tuple((words, stroke is Stroke.CUT) for stroke, words, _ in runs if words)
        after = tuple((words, stroke is Stroke.PUT) for stroke, _, words in runs if words)
    else:
        before, after = (((_flat(text), True),) if text else () for text in (old, new))
    return Row(
        move=MOVE[pairing.move].in_(language),
        before_at=_places(pairing.old, language),
        before=before,
        after_at=_places(pairing.new, language),
        after=after,
        same=pairing.move in (Move.SAME, Move.MOVED),
    )


def _flat(text: str) -> str:
    return " ".join(text.split())


def _places(passages: Sequence[Passage], language: Language) -> str:
    return " + ".join(place_of(passage).in_(language) for passage in passages)


# --- the paragraph on top ----------------------------------------------------------------------------------------

_NAMED = 3  # provisions named in a sentence; the others are counted


def paragraph(revision: Revision) -> Bilingual:
    """A few sentences that a minister can read."""
    return Bilingual(_paragraph(revision, Language.FR), _paragraph(revision, Language.EN))


def _paragraph(revision: Revision, language: Language) -> str:
    french = language is Language.FR
    # An option that the State leaves unused or takes up is told in the list, and is neither progress nor retreat.
    changes = [change for change in revision.changes if not is_option(change.provision)]
    better = [change for change in changes if change.kind in ADVANCES]
    worse = [change for change in changes if change.kind in REGRESSIONS and not change.after.waived]
    names = [PurePath(version.path).name for version in (revision.old, revision.new)]
    total = len(revision.changes)
    said = []
    if french:
        said.append(
            f"De «\u00a0{names[0]}\u00a0» à «\u00a0{names[1]}\u00a0», {_both_fr(len(better), len(worse), total)}"
        )
    else:
        said.append(f"From “{names[0]}” to “{names[1]}”, {_both_en(len(better), len(worse), total)}")
    for kind, fr, en in _SENTENCES:
        found = [change.provision for change in (worse if kind in REGRESSIONS else better) if change.kind is kind]
        if found:
            said.append((fr if french else en)(len(found), _named(found, language)))
    forces = [revision.new.forces.get(change.provision.instrument) for change in worse]
    bound = forces.count(Force.IN_FORCE)
    if bound:
        said.append((_bound_fr if french else _bound_en)(bound))
    elif forces and all(force in (Force.NOT_RATIFIED, Force.SIGNED) for force in forces):
        said.append(_UNBOUND.in_(language))
    said.append(TEXT["lawyer"].in_(language))
    return " ".join(said)


_UNBOUND = Bilingual(
    "Les reculs ne touchent que des conventions qui ne lient pas l’État\u00a0; ils éloignent d’une ratification.",
    "The setbacks concern only conventions that do not bind the State; they move it away from ratification.",
)


def _bound_fr(count: int) -> str:
    return f"{_count_fr(count, 'recul touche', 'reculs touchent')} une convention en vigueur pour l’État."


def _bound_en(count: int) -> str:
    return f"{count} setback{' concerns' if count == 1 else 's concern'} a convention in force for the State."


def _count_fr(count: int, one: str, many: str) -> str:
    return f"{count} {one if count < 2 else many}"


def _both_fr(better: int, worse: int, total: int) -> str:
    if not better and not worse:
        return f"le verdict ne change pour aucune des {total} dispositions comparées."
    if not better:
        return f"le projet recule sur {_count_fr(worse, 'disposition', 'dispositions')}, sur {total} comparées."
    progress = f"le projet progresse sur {_count_fr(better, 'disposition', 'dispositions')}"
    setback = f"recule sur {worse}" if worse else "ne recule sur aucune"
    return f"{progress} et {setback}, sur {total} comparées."


def _both_en(better: int, worse: int, total: int) -> str:
    if not better and not worse:
        return f"no verdict changes on the {total} provisions compared."
    if not better:
        return f"the draft loses ground on {worse} provision{'' if worse == 1 else 's'}, out of {total} compared."
    progress = f"the draft gains ground on {better} provision{'' if better == 1 else 's'}"
    setback = f"loses ground on {worse}" if worse else "loses ground on none"
    return f"{progress} and {setback}, out of {total} compared."


_SENTENCES: tuple[tuple[Kind, Callable[[int, str], str], Callable[[int, str], str]], ...] = (
    (
        Kind.CONTRADICTED,
        lambda count, names: (
            "Des clauses nouvelles, récrites ou déplacées vont à l’encontre de "
            f"{_count_fr(count, 'disposition', 'dispositions')}\u00a0: {names}."
        ),
        lambda count, names: (
            f"New, reworded or moved clauses run against {count} provision{'' if count == 1 else 's'}: {names}."
        ),
    ),
    (
        Kind.LOST,
        lambda count, names: f"Il ne répond plus à {_count_fr(count, 'disposition', 'dispositions')}\u00a0: {names}.",
        lambda count, names: f"It no longer answers {count}: {names}.",
    ),
    (
        Kind.WEAKENED,
        lambda count, names: f"{_count_fr(count, 'réponse est affaiblie', 'réponses sont affaiblies')}\u00a0: {names}.",
        lambda count, names: f"{count} answer{' is' if count == 1 else 's are'} weakened: {names}.",
    ),
    (
        Kind.NARROWED,
        lambda count, names: (
            f"{_count_fr(count, 'réponse protège', 'réponses protègent')} moins de personnes\u00a0: {names}."
        ),
        lambda count, names: f"{count} answer{' protects' if count == 1 else 's protect'} fewer persons: {names}.",
    ),
    (
        Kind.COVERED,
        lambda count, names: f"Il couvre maintenant {_count_fr(count, 'disposition', 'dispositions')}\u00a0: {names}.",
        lambda count, names: f"It now covers {count} provision{'' if count == 1 else 's'}: {names}.",
    ),
    (
        Kind.STRENGTHENED,
        lambda count, names: f"{_count_fr(count, 'réponse est renforcée', 'réponses sont renforcées')}\u00a0: {names}.",
        lambda count, names: f"{count} answer{' is' if count == 1 else 's are'} strengthened: {names}.",
    ),
)


def _named(provisions: Iterable[Provision], language: Language) -> str:
    french = language is Language.FR
    shown: dict[str, list[str]] = {}
    for unit in provisions:
        shown.setdefault(unit.heading.in_(language).rstrip("."), []).append(unit.id)
    titles = list(shown)
    quoted = [
        (f"«\u00a0{title}\u00a0»" if french else f"“{title}”") + f" ({', '.join(shown[title])})"
        for title in titles[:_NAMED]
    ]
    rest = sum(len(shown[title]) for title in titles[_NAMED:])
    if rest:
        quoted.append(_count_fr(rest, "autre", "autres") if french else f"{rest} other{'' if rest == 1 else 's'}")
    if len(quoted) == 1:
        return quoted[0]
    return ", ".join(quoted[:-1]) + (" et " if french else " and ") + quoted[-1]
