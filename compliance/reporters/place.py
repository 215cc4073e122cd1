"""What the machine outputs share: shortfalls with their level, their place and one message each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compliance import labels
from compliance.decision_wording import line
from compliance.model.judgement import Assessment, Direction, Evidence, Finding, Standpoint, Status
from compliance.model.law import Expected, Language, Mode
from compliance.model.policy import BlockKind, Clause, Document, Span
from compliance.suggest import Suggestion, by_provision, is_short, place_after

ERROR, WARNING, NOTE = "error", "warning", "note"
_LONGEST_QUOTE = 240


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One finding that a drafter should look at.

    Attributes:
        passages: the clauses that decided, those against first; none for a gap.
        fits: for a gap, the clause after which its wording fits best.
    """

    finding: Finding
    level: str
    passages: tuple[Evidence, ...]
    fits: Clause | None
    suggestions: tuple[Suggestion, ...]


def level(finding: Finding) -> str:
    """A conflict is an error, a gap that a migration policy should not have is a warning, the rest is a note."""
    status = finding.decision.now if finding.decision is not None and is_settled(finding) else finding.status
    if status is Status.CONFLICT:
        return ERROR
    if status is Status.GAP and finding.provision.expected is Expected.CORE:
        return WARNING
    return NOTE


def is_settled(finding: Finding) -> bool:
    """Whether a person set a shortfall aside: waived it, or found it no shortfall at all."""
    taken = finding.decision
    if taken is None or taken.standing is not Standpoint.APPLIED:
        return False
    overruled = finding.status in (Status.COVERED, Status.NOT_APPLICABLE)
    optional = finding.provision.mode is Mode.PERMISSIVE and taken.now is Status.GAP
    fell_short = taken.now in (Status.CONFLICT, Status.GAP, Status.PARTIAL) and not optional
    return finding.waived or (overruled and fell_short)


def shortfalls(assessment: Assessment, settled: bool = False) -> Iterator[Shortfall]:
    """Every shortfall in catalogue order; with `settled`, also those that a person set aside."""
    proposed = by_provision(assessment)
    for finding in assessment.findings:
        if not (is_short(finding) or (settled and is_settled(finding))):
            continue
        mine = proposed.get(finding.provision.id, ())
        passages = finding.evidence
        if finding.status is Status.CONFLICT:
            passages = tuple(item for item in passages if item.direction is Direction.AGAINST)
        fits = place_after(assessment.clauses, mine[0].after) if mine and finding.status is Status.GAP else None
        yield Shortfall(finding, level(finding), passages, fits, mine)


def status_word(finding: Finding, language: Language) -> str:
    """The status as the documents name it."""
    degree = {
        Status.COVERED: labels.Degree.CONFORM,
        Status.PARTIAL: labels.Degree.PARTIAL,
        Status.GAP: labels.Degree.GAP,
        Status.CONFLICT: labels.Degree.CONFLICT,
        Status.NOT_APPLICABLE: labels.Degree.NOT_APPLICABLE,
    }[finding.status]
    return labels.Say(language).pair(labels.DEGREE[degree])


def message(assessment: Assessment, short: Shortfall, language: Language) -> str:
    """One line: provision, status, what was found, what offends, what a person decided."""
    finding = short.finding
    colon = "\u00a0: " if language is Language.FR else ": "
    head = f"{finding.provision.id}, {finding.provision.heading.in_(language)}"
    taken = finding.decision
    changed = taken is not None and taken.standing is Standpoint.APPLIED and taken.now is not finding.status
    said = "" if changed else finding.message.in_(language)  # a changed finding's message is the decision itself
    parts = [f"{head}{colon}{status_word(finding, language)}.", said]
    if finding.status is Status.CONFLICT:
        parts += [one.advice.in_(language) for one in short.suggestions[:1]]
    parts.append(decision(finding, language))
    return " ".join(part for part in parts if part)


def decision(finding: Finding, language: Language) -> str:
    """What a person decided of a finding: who, when, why, and what the tool says; empty without a decision."""
    return line(finding.decision, language) if finding.decision is not None else ""


def quote(document: Document, span: Span) -> str:
    """The words on one line, cut where they are long."""
    words = " ".join(span.of(document.text).split())
    return words if len(words) <= _LONGEST_QUOTE else words[:_LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"


def clause_name(document: Document, clause: Clause) -> str:
    """How a drafter finds a clause where lines mean nothing: its headings, then its number or first words."""
    own = clause.number or " ".join(clause.span.of(document.text).split()[:6])
    above = clause.headings if clause.kind is not BlockKind.HEADING else clause.headings[:-1]
    return " / ".join((*above, own))
