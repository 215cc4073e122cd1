"""Slips noticed in a draft: a convention's number, the date of accession."""

from __future__ import annotations

import pytest

from compliance import resources
from compliance.audit import Auditor
from compliance.load import compiled
from compliance.load.profile import load_profile, profile_path
from compliance.model.law import Language
from compliance.selftest import one_clause

KNOWLEDGE = compiled.load()
MALI = load_profile(profile_path("mli", [resources.data_root()]), KNOWLEDGE.instruments)
ENGINE = Auditor(KNOWLEDGE, MALI)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Le Mali ratifiera les conventions n° 97 et 148 de l’OIT sur les travailleurs migrants.", ["convention-148"]),
        ("Mali will ratify ILO Conventions No. 97 and No. 148 on migrant workers.", ["convention-148"]),
        ("La convention n° 148 traite de la pollution de l’air et du bruit au travail.", []),
        ("Le Mali a adhéré en 2008 à la Convention de 1990 sur les travailleurs migrants.", ["accession-date"]),
        ("La Convention sur les travailleurs migrants a été ratifiée par le Mali le 6 juin 2003.", ["accession-date"]),
        ("La Convention sur les travailleurs migrants a été ratifiée par le Mali le 5 juin 2003.", []),
        ("La Convention de 1990 sur les travailleurs migrants, à laquelle le Mali a adhéré en 2003, est diffusée.", []),
        ("Après l’adhésion à la Convention de 1990, un rapport sera remis avant la fin de 2028.", []),
    ],
)
def test_slips(text, codes):
    assert [remark.code for remark in ENGINE.audit(one_clause(text), Language.FR).remarks] == codes
