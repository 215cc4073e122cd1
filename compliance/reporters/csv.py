"""CSV: one row a finding, in UTF-8 with a byte order mark, as spreadsheets want it."""

from __future__ import annotations

import csv
import io

from compliance.model.judgement import Assessment, Direction, Finding, Status
from compliance.model.law import Language
from compliance.reporters import place

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
    "decision",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Reporter:
    suffix = ".csv"

    def render(self, assessments: list[Assessment], language: Language | None) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for assessment in assessments:
            for finding in assessment.findings:
                writer.writerow(inert(cell) for cell in _row(assessment, finding, language or assessment.language))
        return b"\xef\xbb\xbf" + out.getvalue().encode()


def inert(cell: str) -> str:
    """The cell as text even where its first character would start a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _row(assessment: Assessment, finding: Finding, language: Language) -> tuple[str, ...]:
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
        finding.suggestion.in_(language),
        str(finding.decision.action) if finding.decision else "",
    )
