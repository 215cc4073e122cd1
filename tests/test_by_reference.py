"""A bare promise to respect a convention as a whole stays a gap, and is reported as such."""

from __future__ import annotations

import pytest

from compliance.audit import Auditor
from compliance.load import compiled, profile
from compliance.model.judgement import Reason, Status
from compliance.model.law import Language
from compliance.selftest import one_clause

ENGINE = Auditor(compiled.load(), profile.generic())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Le Gouvernement s’engage à respecter la Convention de 1990.", {"icrmw"}),
        ("L’État appliquera les conventions n° 97 et n° 143 de l’OIT.", {"c097", "c143"}),
        ("L’État construira 97 postes frontières.", set()),
    ],
)
def test_it_is_a_gap_by_reference(text, named):
    findings = ENGINE.audit(one_clause(text), Language.FR).findings
    gaps = [finding for finding in findings if finding.status is Status.GAP]
    assert {finding.provision.instrument for finding in gaps if finding.reasons == (Reason.BY_REFERENCE,)} == named
