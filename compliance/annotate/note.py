"""What the notes in a draft say and where they stand, whatever the draft's format."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from compliance import labels
from compliance.decision_wording import line
from compliance.model.judgement import Assessment, Direction, Evidence, Finding, Priority, Standpoint, Status
from compliance.model.law import Expected, Language
from compliance.model.policy import BlockKind, Clause, Span
from compliance.suggest import Kind, Suggestion, bare, place_after
from compliance.suggest_wording import ADVICE

_DEGREE = {
    Status.CONFLICT: labels.Degree.CONFLICT,
    Status.PARTIAL: labels.Degree.PARTIAL,
    Status.GAP: labels.Degree.GAP,
    Status.COVERED: labels.Degree.CONFORM,
    Status.NOT_APPLICABLE: labels.Degree.NOT_APPLICABLE,
}
_RANK = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2, Priority.NONE: 3}


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a note; a title names a provision and its verdict."""

    text: str
    title: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """One comment.

    Attributes:
        anchor: the words that decided; for gaps, the heading where they fit best.
        sentence: the passage that the anchor stands in.
    """

    anchor: Span
    sentence: Span
    clause: Clause
    lines: tuple[Line, ...]


def notes(assessment: Assessment, suggestions: Sequence[Suggestion], language: Language) -> tuple[Note, ...]:
    """One note for each passage that offends or falls short, and one for each heading where clauses are lacking."""
    by_provision = {finding.provision.id: finding for finding in assessment.findings}
    passages: dict[tuple[str, Span], list[tuple[Finding, Suggestion, Evidence]]] = defaultdict(list)
    lacking: dict[str, list[tuple[Finding, Suggestion]]] = defaultdict(list)
    for one in suggestions:
        finding = by_provision[one.provision]
        if one.kind is Kind.ADD:
            heading = _heading(assessment.clauses, place_after(assessment.clauses, one.after))
            lacking[heading.id].append((finding, one))
        elif one.kind is not Kind.KEEP:
            item = _passage(assessment, finding, one)
            passages[item.clause.id, item.span].append((finding, one, item))
    found = [_of_passage(assessment, group, language) for group in passages.values()]
    clauses = {clause.id: clause for clause in assessment.clauses}
    for key, wanted in lacking.items():
        clause = clauses[key]
        lines = [Line(_intro(len(wanted), language))]
        for finding, one in sorted(wanted, key=lambda pair: _RANK[pair[0].priority]):
            lines += _of_gap(assessment, finding, one, language)
        found.append(Note(clause.span, clause.span, clause, tuple(lines)))
    found += _of_decisions(assessment, {one.provision for one in suggestions if one.kind is not Kind.KEEP}, language)
    return tuple(sorted(found, key=lambda note: (note.anchor, note.clause.id)))


def _of_decisions(assessment: Assessment, noted: Collection[str], language: Language) -> Iterable[Note]:
    """What people decided of findings that have no note of their own: waived, confirmed, or found no shortfall.

    Those of a passage stand on it; the others gather at the head of the draft.
    """
    groups: dict[tuple[str, Span], list[Finding]] = defaultdict(list)
    clauses = {clause.id: clause for clause in assessment.clauses}
    head = assessment.clauses[0]
    for finding in assessment.findings:
        if finding.decision is not None and finding.provision.id not in noted:
            item = next(iter(finding.evidence), None)  # those against come first
            groups[(item.clause.id, item.span) if item else (head.id, head.span)].append(finding)
    for (key, span), findings in groups.items():
        lines: list[Line] = []
        for finding in findings:
            lines += [_title(assessment, finding, language), *_decision(finding, language)]
        yield Note(span, span, clauses[key], tuple(lines))


def _decision(finding: Finding, language: Language) -> list[Line]:
    return [Line(line(finding.decision, language))] if finding.decision is not None else []


def _passage(assessment: Assessment, finding: Finding, one: Suggestion) -> Evidence:
    if one.span is None:
        return next(item for item in finding.evidence if item.direction is Direction.SUPPORTS)
    return next(
        item for item in finding.evidence if item.direction is Direction.AGAINST and bare(assessment, item) == one.span
    )


def _heading(clauses: Sequence[Clause], place: Clause | None) -> Clause:
    """The heading above a place; the last clause of the draft where nothing fits, the place itself under no heading."""
    if place is None:
        return clauses[-1]
    nearest = place
    for clause in clauses:
        if clause.span.start > place.span.start:
            break
        if clause.kind is BlockKind.HEADING:
            nearest = clause
    return nearest


def _of_passage(
    assessment: Assessment, group: Sequence[tuple[Finding, Suggestion, Evidence]], language: Language
) -> Note:
    item = group[0][2]
    cues = [cue.span for _, _, one in group for cue in one.cues if cue.span.overlaps(item.span)]
    anchor = item.span
    if cues:
        anchor = Span(
            max(item.span.start, min(cue.start for cue in cues)), min(item.span.end, max(cue.end for cue in cues))
        )
    lines: list[Line] = []
    said: set[str] = set()
    spoken = assessment.language
    for finding, one, _ in sorted(group, key=lambda three: three[0].status is not Status.CONFLICT):
        lines.append(_title(assessment, finding, language))
        # NOTE: a partial answer's message already says what is missing.
        found = finding.message if finding.status is Status.PARTIAL and not _changed(finding) else one.advice
        lines.append(Line(found.in_(language)))
        lines += _decision(finding, language)
        lines += _wording(one.text.in_(spoken), ADVICE["wording"].in_(language), said)
        lines += _wording(one.correction, ADVICE["corrected"].in_(language), said)
    return Note(anchor, item.span, item.clause, tuple(lines))


def _of_gap(assessment: Assessment, finding: Finding, one: Suggestion, language: Language) -> Iterable[Line]:
    yield _title(assessment, finding, language)
    yield from _decision(finding, language)
    if finding.provision.expected is Expected.GENERAL_LAW:
        yield Line(labels.Say(language)("general-law"))
    yield from _wording(one.text.in_(assessment.language), ADVICE["wording"].in_(language), set())


def _changed(finding: Finding) -> bool:
    """Whether a person changed the status; the message then is the decision itself."""
    taken = finding.decision
    return taken is not None and taken.standing is Standpoint.APPLIED and taken.now is not finding.status


def _wording(text: str, label: str, said: set[str]) -> list[Line]:
    """The wording, once a note."""
    if not text or text in said:
        return []
    said.add(text)
    return [Line(f"{label} {text}")]


def _title(assessment: Assessment, finding: Finding, language: Language) -> Line:
    say = labels.Say(language)
    degree = _DEGREE[finding.status]
    force = assessment.profile.standing(finding.provision.instrument).force
    verdict = say.pair(labels.DEGREE[degree])
    short = degree in labels.CONSEQUENCE[force] and not finding.waived
    bearing = say.pair(labels.CONSEQUENCE[force][degree]) if short else say("waived") if finding.waived else ""
    shown = f"{verdict} ({bearing})" if bearing else verdict
    colon = "\u00a0: " if language is Language.FR else ": "
    return Line(f"{finding.provision.id}, {finding.provision.heading.in_(language)}{colon}{shown}", title=True)


def _intro(count: int, language: Language) -> str:
    if language is Language.FR:
        many = "clauses manquantes auraient leur place" if count > 1 else "clause manquante aurait sa place"
        return f"{count} {many} ici."
    return f"{count} missing {'clauses' if count > 1 else 'clause'} would fit here."
