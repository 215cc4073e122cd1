"""The public contract: JSON described by `schemas/report.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from compliance.model.judgement import Assessment, Decision, Direction, Evidence, Finding, Status
from compliance.model.law import Bilingual, Language
from compliance.model.policy import Clause, Document, Span
from compliance.suggest import Suggestion, by_provision, wording

SCHEMA_VERSION = "1.0"


class Reporter:
    suffix = ".json"

    def render(self, assessments: list[Assessment], language: Language | None) -> bytes:
        return assembled([report(assessment) for assessment in assessments])


def assembled(reports: Sequence[dict[str, Any]]) -> bytes:
    """The bytes of one report, or of several under `reports`."""
    data: Any = reports[0] if len(reports) == 1 else {"reports": list(reports)}
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def report(assessment: Assessment) -> dict[str, Any]:
    """One draft's report as plain data; the same draft and data give the same bytes."""
    document = assessment.document
    proposed = by_provision(assessment)
    clauses = {clause.id: clause for clause in assessment.clauses}
    words = sum(len(clause.span.of(document.text).split()) for clause in assessment.clauses)
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "compliance", "version": assessment.tool_version},
        "document": {
            "path": document.path,
            "sha256": document.sha256,
            "language": str(assessment.language),
            "clauses": len(assessment.clauses),
            "words": words,
            "notes": [{"code": code, "detail": detail} for code, detail in document.notes],
        },
        "profile": _profile(assessment),
        "findings": [
            _finding(document, finding, proposed.get(finding.provision.id, ()), clauses)
            for finding in assessment.findings
        ],
        "unanchored": [
            {
                **_clause(clause),
                "quote": clause.span.of(document.text),
                "location": _location(document, clause, clause.span),
            }
            for clause in assessment.unanchored
        ],
        "remarks": [
            {
                "code": remark.code,
                "clause": _clause(remark.clause),
                "quote": remark.span.of(document.text),
                "location": _location(document, remark.clause, remark.span),
                "message": _two(remark.message),
            }
            for remark in assessment.remarks
        ],
        "summary": summary(assessment),
    }


def summary(assessment: Assessment) -> dict[str, Any]:
    """Counts by instrument, status and priority; never one score."""
    by_instrument: dict[str, dict[str, int]] = {}
    by_priority: dict[str, int] = {"high": 0, "medium": 0, "low": 0, "none": 0}
    total = {str(status): 0 for status in Status}
    for finding in assessment.findings:
        row = by_instrument.setdefault(finding.provision.instrument, {str(status): 0 for status in Status})
        row[str(finding.status)] += 1
        total[str(finding.status)] += 1
        by_priority[str(finding.priority)] += 1
    return {"by_status": total, "by_instrument": by_instrument, "by_priority": by_priority}


def _profile(assessment: Assessment) -> dict[str, Any]:
    profile = assessment.profile
    return {
        "id": profile.id,
        "state": _two(profile.state),
        "as_of": profile.as_of.isoformat() if profile.as_of else None,
        "instruments": {
            instrument.id: {
                "force": str(profile.standing(instrument.id).force),
                "since": _iso(profile.standing(instrument.id).since),
                "excluded": list(profile.standing(instrument.id).excluded),
            }
            for instrument in assessment.instruments
        },
    }


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _two(text: Bilingual) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}


def _finding(
    document: Document, finding: Finding, proposed: Sequence[Suggestion], clauses: Mapping[str, Clause]
) -> dict[str, Any]:
    return {
        "provision": finding.provision.id,
        "status": str(finding.status),
        "reasons": [str(reason) for reason in finding.reasons],
        "priority": str(finding.priority),
        "elements": [{"id": element, "met": bool(places), "evidence": list(places)} for element, places in finding.met],
        "evidence": [_evidence(document, item) for item in finding.evidence],
        "near_misses": [
            {
                "clause": _clause(item.clause),
                "quote": item.span.of(document.text),
                "location": _location(document, item.clause, item.span),
                "score": item.score,
            }
            for item in finding.near_misses
        ],
        "message": _two(finding.message),
        "suggestion": _two(wording(proposed)),
        "edits": [_edit(document, one, clauses) for one in proposed],
        "decision": decision(finding.decision) if finding.decision else None,
    }


def _edit(document: Document, one: Suggestion, clauses: Mapping[str, Clause]) -> dict[str, Any]:
    clause = clauses.get(one.after)
    return {
        "kind": str(one.kind),
        "clause": _clause(clause) if clause else None,
        "quote": one.span.of(document.text) if one.span else "",
        "advice": _two(one.advice),
        "text": _two(one.text),
        "correction": one.correction,
    }


def decision(taken: Decision) -> dict[str, Any]:
    """A person's decision, and whether it counts in this run."""
    return {
        "action": str(taken.action),
        "status": str(taken.status) if taken.status else None,
        "standing": str(taken.standing),
        "doubts": [str(doubt) for doubt in taken.doubts],
        "reason": taken.reason,
        "by": taken.by,
        "on": taken.on.isoformat(),
        "expires": _iso(taken.expires),
        "tool_said": str(taken.said) if taken.said else None,  # when it was decided
        "tool_says": str(taken.now) if taken.now else None,
        "clauses": [{"number": mark.number, "quote": mark.quote, "bears": mark.bears} for mark in taken.clauses],
    }


def _evidence(document: Document, item: Evidence) -> dict[str, Any]:
    return {
        "clause": _clause(item.clause),
        "quote": item.span.of(document.text),
        "location": _location(document, item.clause, item.span),
        "answers": list(item.answers),
        "commitment": str(item.commitment),
        "persons": sorted(str(person) for person in item.persons),
        "direction": "against" if item.direction is Direction.AGAINST else "supports",
        "cues": [{"text": cue.span.of(document.text), "role": cue.role} for cue in item.cues],
    }


def _clause(clause: Clause) -> dict[str, Any]:
    return {"id": clause.id, "number": clause.number, "headings": list(clause.headings)}


def _location(document: Document, clause: Clause, span: Span) -> dict[str, Any]:
    found: dict[str, Any] = {
        "line_start": document.line(span.start),
        "line_end": document.line(max(span.start, span.end - 1)),
    }
    if clause.page is not None:
        found["page"] = clause.page
    return found
