"""The name by which a shortfall is known again after the draft was renumbered."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.model.judgement import Assessment, Evidence, Finding
from compliance.text import fingerprint


def of_finding(assessment: Assessment, finding: Finding, passages: Iterable[Evidence]) -> str:
    """Provision, status and the words of the clauses that decided; numbers, headings and messages stay out."""
    clauses = {item.clause.id: item.clause for item in passages}
    marks = sorted({fingerprint.of_clause(assessment.document, clause) for clause in clauses.values()})
    return fingerprint.of_words((finding.provision.id, str(finding.status), *marks))
