"""A page of Markdown for a build's summary or a comment: counts, conflicts with their words, core gaps by name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from compliance.model.judgement import Assessment, Direction, Evidence, Finding, Status
from compliance.model.law import Expected, Language, Mode
from compliance.reporters import place

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&$])")
_LONGEST = 240  # characters of a quote
_STATUS = {
    Status.CONFLICT: ("contraire", "conflict"),
    Status.GAP: ("lacune", "gap"),
    Status.PARTIAL: ("partiel", "partial"),
    Status.COVERED: ("conforme", "covered"),
    Status.NOT_APPLICABLE: ("sans objet", "not applicable"),
}
_TEXT = {
    "conflicts": ("Clauses contraires", "Conflicts"),
    "gaps": ("Lacunes essentielles", "Core gaps"),
    "line": ("ligne", "line"),
    "page": ("page", "page"),
    "none": ("Aucune clause contraire.", "No conflict."),
    "decisions": ("Décisions des réviseurs", "Reviewers’ decisions"),
    "waived": ("dispense accordée", "waived"),
    "note": ("L’outil propose, le juriste décide.", "The tool proposes, a lawyer decides."),
}


class Reporter:
    suffix = ".md"

    def render(self, assessments: list[Assessment], language: Language | None) -> bytes:
        pages = [page(assessment, language or assessment.language) for assessment in assessments]
        return ("\n".join(pages)).encode()


def page(assessment: Assessment, language: Language) -> str:
    """The summary of one draft."""
    column = 0 if language is Language.FR else 1
    mark = "\u00a0:" if column == 0 else ":"
    lines = [f"## {escaped(assessment.document.path)}", ""]
    lines += _counts(assessment, language, column)
    conflicts = [finding for finding in assessment.findings if finding.status is Status.CONFLICT]
    lines += ["", f"### {_TEXT['conflicts'][column]} ({len(conflicts)})", ""]
    for finding in conflicts:
        waived = f" ({_TEXT['waived'][column]})" if finding.waived else ""
        lines.append(f"- **{finding.provision.id}** {escaped(finding.provision.heading.in_(language))}{waived}{mark}")
        lines += [f"  > {_quote(assessment, item, column)}" for item in _against(finding)]
    if not conflicts:
        lines.append(_TEXT["none"][column])
    gaps = [finding for finding in assessment.findings if _core_gap(finding)]
    if gaps:
        lines += ["", f"<details><summary>{_TEXT['gaps'][column]} ({len(gaps)})</summary>", ""]
        lines += [f"- {gap.provision.id} {escaped(gap.provision.heading.in_(language))}" for gap in gaps]
        lines += ["", "</details>"]
    decided = [finding for finding in assessment.findings if finding.decision is not None]
    if decided:
        lines += ["", f"<details><summary>{_TEXT['decisions'][column]} ({len(decided)})</summary>", ""]
        lines += [f"- **{one.provision.id}** {escaped(place.decision(one, language))}" for one in decided]
        lines += ["", "</details>"]
    return "\n".join([*lines, "", f"*{_TEXT['note'][column]}*", ""])


def escaped(text: str) -> str:
    """Words of a draft as they stand, on one line: nothing in them is Markdown, HTML or a mention."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split())).replace("\\<", "&lt;").replace("\\@", "&#64;")


def _counts(assessment: Assessment, language: Language, column: int) -> list[str]:
    lines = [
        "| | " + " | ".join(_STATUS[status][column] for status in Status) + " |",
        "|---|" + "---:|" * len(Status),
    ]
    for instrument in assessment.instruments:
        mine = [finding for finding in assessment.findings if finding.provision.instrument == instrument.id]
        counts = (str(sum(finding.status is status for finding in mine)) for status in Status)
        lines.append(f"| {escaped(instrument.short.in_(language))} | " + " | ".join(counts) + " |")
    return lines


def _core_gap(finding: Finding) -> bool:
    unit = finding.provision
    return finding.status is Status.GAP and unit.expected is Expected.CORE and unit.mode is not Mode.PERMISSIVE


def _against(finding: Finding) -> Sequence[Evidence]:
    return [item for item in finding.evidence if item.direction is Direction.AGAINST][:2]


def _quote(assessment: Assessment, item: Evidence, column: int) -> str:
    document = assessment.document
    words = " ".join(item.span.of(document.text).split())
    if len(words) > _LONGEST:
        words = words[:_LONGEST].rsplit(" ", 1)[0] + " …"
    where = [item.clause.number] if item.clause.number else []
    if item.clause.page is not None:
        where.append(f"{_TEXT['page'][column]} {item.clause.page}")
    elif document.has_lines:
        where.append(f"{_TEXT['line'][column]} {document.line(item.span.start)}")
    left, right = ("«\u00a0", "\u00a0»") if column == 0 else ("“", "”")
    return " ".join(part for part in (escaped(", ".join(where)), left + escaped(words) + right) if part)
