"""SARIF 2.1.0: shortfalls for code hosts and editors; the catalogue is the rule book.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote as percent

from compliance import suggest, trace
from compliance.model.judgement import Assessment
from compliance.model.law import Expected, Instrument, Language, Mode, Provision
from compliance.model.policy import Clause, Document, Span
from compliance.reporters import place
from compliance.reporters.json import decision

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "provisionAndClause/v1"
_ROOT = "SRCROOT"


class Reporter:
    suffix = ".sarif"

    def render(self, assessments: list[Assessment], language: Language | None) -> bytes:
        runs = [_run(assessment, language or assessment.language) for assessment in assessments]
        data = {"$schema": SCHEMA, "version": "2.1.0", "runs": runs}
        return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def uri(path: str) -> str:
    """A path as a URI reference: relative to the working folder where it lies below it."""
    if not path.startswith("-") and os.path.isabs(path):
        try:
            return percent(Path(path).relative_to(Path.cwd()).as_posix())
        except ValueError:
            return Path(path).as_uri()
    return percent(PurePath(path).as_posix())


def _run(assessment: Assessment, language: Language) -> dict[str, Any]:
    document = assessment.document
    rules = [
        _rule(instrument, provision, language)
        for instrument in assessment.instruments
        for provision in instrument.provisions
        if provision.auditable
    ]
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    found = list(place.shortfalls(assessment, settled=True))
    suppressing = any(place.is_settled(short.finding) for short in found)
    return {
        "tool": {
            "driver": {
                "name": "compliance",
                "semanticVersion": assessment.tool_version,
                "language": str(language),
                "rules": rules,
            }
        },
        "columnKind": "unicodeCodePoints",
        "artifacts": [
            {
                "location": _artifact(document),
                "mimeType": document.media_type,
                "hashes": {"sha-256": document.sha256},
                "roles": ["analysisTarget"],
            }
        ],
        "results": [_result(assessment, short, index, language, suppressing) for short in found],
        "properties": {
            "profile": assessment.profile.id,
            "force": {
                instrument.id: str(assessment.profile.standing(instrument.id).force)
                for instrument in assessment.instruments
            },
            "decisions": {
                finding.provision.id: decision(finding.decision) for finding in assessment.findings if finding.decision
            },
        },
    }


def _rule(instrument: Instrument, provision: Provision, language: Language) -> dict[str, Any]:
    heading = provision.heading.in_(language)
    summary = provision.summary.in_(language) if provision.summary else heading
    model = provision.model_clause.in_(language) if provision.model_clause else ""
    asked = [element.summary.in_(language) for element in provision.elements]
    label = "Clause modèle" if language is Language.FR else "Model clause"
    listed = "".join(f"\n- {text}" for text in asked)
    plain = f"{summary}\n{listed}" + (f"\n\n{label}: {model}" if model else "")
    rich = f"{summary}\n{listed}" + (f"\n\n**{label}**\n\n> {model}" if model else "")
    optional = provision.mode is Mode.PERMISSIVE
    core = provision.expected is Expected.CORE and not optional
    rule: dict[str, Any] = {
        "id": provision.id,
        "shortDescription": {"text": f"{instrument.short.in_(language)}: {heading}"},
        "fullDescription": {"text": summary},
        "help": {"text": plain, "markdown": rich},
        "defaultConfiguration": {"level": place.WARNING if core else place.NOTE},
        "properties": {
            "tags": [instrument.id, str(provision.expected), str(provision.mode)],
            "bearers": sorted(str(role) for role in provision.bearers),
            "persons": str(provision.persons),
        },
    }
    if instrument.links:
        rule["helpUri"] = instrument.links[0]
    return rule


def _result(
    assessment: Assessment, short: place.Shortfall, index: dict[str, int], language: Language, suppressing: bool
) -> dict[str, Any]:
    document = assessment.document
    finding = short.finding
    spots: Sequence[tuple[Clause, Span]] = [(item.clause, item.span) for item in short.passages]
    if not spots and short.fits is not None:
        spots = [(short.fits, short.fits.span)]
    result: dict[str, Any] = {
        "ruleId": finding.provision.id,
        "ruleIndex": index[finding.provision.id],
        "kind": "fail",
        "level": short.level,
        "message": {"text": place.message(assessment, short, language)},
        "locations": [_location(document, clause, span) for clause, span in spots[:1]]
        or [{"physicalLocation": {"artifactLocation": _artifact(document)}}],
        "partialFingerprints": {FINGERPRINT: trace.of_finding(assessment, finding, short.passages)},
        "properties": {
            "status": str(finding.status),
            "reasons": [str(reason) for reason in finding.reasons],
            "priority": str(finding.priority),
            "missing": list(finding.missing),
            "suggestion": suggest.wording(short.suggestions).in_(assessment.language),
            "corrections": list(suggest.corrections(short.suggestions)),
        },
    }
    near = [(item.clause, item.span) for item in finding.near_misses[:3]]
    related = [_location(document, clause, span) for clause, span in [*spots[1:6], *near]]
    if related:
        result["relatedLocations"] = [{"id": number, **one} for number, one in enumerate(related, 1)]
    if place.is_settled(finding):
        why = place.decision(finding, language)
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    elif suppressing:
        result["suppressions"] = []  # SARIF: all results say it, or none
    return result


def _artifact(document: Document) -> dict[str, Any]:
    found = uri(document.path)
    return {"uri": found, "index": 0} if "://" in found else {"uri": found, "uriBaseId": _ROOT, "index": 0}


def _location(document: Document, clause: Clause, span: Span) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(document)}
    if document.has_lines:
        last = max(span.start, span.end - 1)
        physical["region"] = {
            "startLine": document.line(span.start),
            "startColumn": document.column(span.start),
            "endLine": document.line(last),
            "endColumn": document.column(last) + 1,
            "snippet": {"text": span.of(document.text)},
        }
    location: dict[str, Any] = {"physicalLocation": physical}
    if not document.has_lines:
        logical = {
            "name": clause.number or clause.id,
            "fullyQualifiedName": place.clause_name(document, clause),
            "kind": str(clause.kind),
        }
        location["logicalLocations"] = [logical]
        location["message"] = {"text": place.quote(document, span)}
        if clause.page is not None:
            location["properties"] = {"page": clause.page}
    return location
