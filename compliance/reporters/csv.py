"""CSV: one row a finding, in UTF-8 with a byte order mark, as spreadsheets want it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from compliance.model.judgement import Assessment, Decision, Direction, Finding, Status
from compliance.model.law import Language
from compliance.reporters import place
from compliance.suggest import Suggestion, by_provision, corrections, place_after, wording

COLUMNS = (
    "draft",
    "instrument",
    "provision",
    "heading",
    "status",
    "reasons",
    "priority",
    "expected",
    "force",
    "clause",
    "place",
    "quote",
    "missing",
    "message",
    "suggestion",
    "correction",
    "fits after",
    "decision",
    "decision standing",
    "decided by",
    "decided on",
    "decision reason",
    "tool says",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Reporter:
    suffix = ".csv"

    def render(self, assessments: list[Assessment], language: Language | None) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for assessment in assessments:
            proposed = by_provision(assessment)
            for finding in assessment.findings:
                mine = proposed.get(finding.provision.id, ())
                row = _row(assessment, finding, mine, language or assessment.language)
                writer.writerow(inert(cell) for cell in row)
        return b"\xef\xbb\xbf" + out.getvalue().encode()


def inert(cell: str) -> str:
    """The cell as text even where its first character would start a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _row(
    assessment: Assessment, finding: Finding, proposed: Sequence[Suggestion], language: Language
) -> tuple[str, ...]:
    document = assessment.document
    provision = finding.provision
    against = [item for item in finding.evidence if item.direction is Direction.AGAINST]
    shown = against if finding.status is Status.CONFLICT else list(finding.evidence)
    missing = [one.summary.in_(language) for one in provision.elements if one.id in finding.missing]
    where = ""
    if shown:
        page = shown[0].clause.page
        where = f"line {document.line(shown[0].span.start)}" if document.has_lines else f"page {page}" if page else ""
    return (
        document.path,
        provision.instrument,
        provision.id,
        provision.heading.in_(language),
        str(finding.status),
        " ".join(str(reason) for reason in finding.reasons),
        str(finding.priority),
        str(provision.expected),
        str(assessment.profile.standing(provision.instrument).force),
        shown[0].clause.number if shown else "",
        where,
        " […] ".join(place.quote(document, item.span) for item in shown[:3]),
        "; ".join(missing) if finding.status is not Status.COVERED else "",
        finding.message.in_(language),
        wording(proposed).in_(assessment.language),
        " ".join(corrections(proposed)),
        _fits(assessment, finding, proposed),
        *_decision(finding.decision),
    )


def _fits(assessment: Assessment, finding: Finding, proposed: Sequence[Suggestion]) -> str:
    """After which clause the wording of a gap fits best."""
    if finding.status is not Status.GAP or not proposed:
        return ""
    clause = place_after(assessment.clauses, proposed[0].after)
    return place.clause_name(assessment.document, clause) if clause else ""


def _decision(taken: Decision | None) -> tuple[str, ...]:
    if taken is None:
        return ("",) * 6
    action = f"{taken.action} {taken.status}" if taken.status else str(taken.action)
    says = str(taken.now or taken.said or "")
    return (action, str(taken.standing), taken.by, taken.on.isoformat(), taken.reason, says)
