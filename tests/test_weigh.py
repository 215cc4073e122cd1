"""Learnt scores and the trees that weigh them: what they may and may not do."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from compliance.audit import Auditor
from compliance.load import compiled, profile
from compliance.match import weigh
from compliance.match.evidence import RESEMBLANCE
from compliance.match.model import LinkModel, probability
from compliance.match.weigh import ADDRESSED, CONTRARY, WHOLE
from compliance.model.judgement import Status
from compliance.model.law import Language
from compliance.readers import read
from compliance.selftest import one_clause

KNOWLEDGE = compiled.load()
MODEL = LinkModel(KNOWLEDGE.model)
PROVISIONS = {p.id: p for instrument in KNOWLEDGE.instruments for p in instrument.provisions if p.auditable}


def test_trees_are_walked_from_the_root():
    trees = {"start": 0.0, "trees": [[1, 0.5, -2.0, [0, 3.0, 1.0, 4.0]]]}
    low, middle, high = (probability(trees, signals) for signals in ((0.0, 0.5), (3.0, 0.6), (3.1, 0.6)))
    assert low == pytest.approx(0.1192, abs=1e-4)
    assert middle == pytest.approx(0.7311, abs=1e-4)
    assert high == pytest.approx(0.9820, abs=1e-4)


def test_every_shipped_provision_has_its_scores_and_habit():
    assert set(PROVISIONS) == MODEL.known == set(MODEL.habits)


@pytest.mark.parametrize(
    ("question", "names"),
    [("addressed", ADDRESSED), ("contrary", CONTRARY), ("whole", WHOLE)],
    ids=lambda x: str(x)[:9],
)
def test_trees_ask_only_for_signals_that_exist(question, names):
    def signals(node):
        return {node[0]} | signals(node[2]) | signals(node[3]) if isinstance(node, list) else set()

    asked = set().union(*(signals(tree) for tree in MODEL.trees[question]["trees"]))
    assert asked <= set(range(len(names)))
    silent = weigh.signals(PROVISIONS["icrmw:28"], (), MODEL, {})
    assert len(getattr(silent, question)) == len(names)


def test_silence_answers_nothing():
    for provision in PROVISIONS.values():
        weighed = weigh.weigh(provision, (), MODEL, {})
        assert not weighed.for_it
        assert not weighed.against_it
        assert weighed.addressed < 0.5
        assert weighed.contrary < 0.4


def test_a_provision_never_learnt_is_judged_by_its_rules_alone():
    engine = Auditor(KNOWLEDGE, profile.generic())
    engine.matcher.model = LinkModel({})
    clause = PROVISIONS["icrmw:28"].model_clause.fr
    found = next(f for f in engine.audit(one_clause(clause), Language.FR).findings if f.provision.id == "icrmw:28")
    assert found.status is Status.COVERED


def test_words_that_decided_are_shown_whoever_decided():
    engine = Auditor(KNOWLEDGE, profile.generic())
    draft = Path(__file__).parent.parent / "examples" / "policy-en" / "draft.md"
    roles = Counter()
    for finding in engine.audit(read(draft)).findings:
        for item in finding.evidence:
            assert item.cues, finding.provision.id
            assert all(item.span.start <= cue.span.start < cue.span.end <= item.span.end for cue in item.cues)
            roles.update({cue.role == RESEMBLANCE for cue in item.cues})
    assert roles[True] > 20
    assert roles[False] > 20
