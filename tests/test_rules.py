"""The rules' own examples, all of them, and the least share of each kind that must pass."""

from __future__ import annotations

from collections import Counter

import pytest

from compliance import resources
from compliance.audit import Auditor
from compliance.load import compiled, profile
from compliance.load.conventions import load_instruments
from compliance.load.rules import load_rules
from compliance.match.pattern import names
from compliance.selftest import trials

# Examples are knowledge, and some are beyond the engine still. The verdict on one clause alone also weighs what drafts
# usually do with a provision, so that a partial or unrelated clause is not always told from its neighbours.
LEAST = {"covered": 0.92, "partial": 0.82, "conflict": 0.95, "unrelated": 0.84}


@pytest.fixture(scope="module")
def rules():
    root = resources.data_root()
    return load_rules([root], load_instruments(root), pattern_names=names)[1]


FEWEST = {"covered": 3, "partial": 2, "conflict": 2, "unrelated": 3}

# Where an answer can fall short for one reason only, by METHOD.md, its partial examples are all for that reason.
ONE_REASON = {
    "best efforts and one element: weak words are enough, and nothing else can be missing": (
        "c097:10 c097:annex-1.7.1 icrmw:38.1 icrmw:41.2 icrmw:44.1 icrmw:45.3 icrmw:47.2 icrmw:48.2 icrmw:52.2.b icrmw:71.1"
    ),
    "permissive: for any of the persons it is used (ruling 5), so only an element can be missing": (
        "c143:9.4 c143:14.a c143:14.b"
    ),
}
# Used for any of the persons, a permissive provision is covered (ruling 5); the single element of these has no parts.
NEVER_PARTIAL = {"icrmw:42.3", "icrmw:61.4", "icrmw:31.2", "icrmw:43.3", "icrmw:44.3", "icrmw:45.4", "c143:13.1"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_auditable_provision_has_a_rule_and_examples_of_every_kind(rules, language):
    wanted = {p.id for i in compiled.load().instruments for p in i.provisions if p.auditable}
    assert {rule.provision for rule in rules} == wanted
    short, alike = [], set()
    for rule in rules:
        examples = [e for e in rule.examples if str(e.language) == language]
        kinds = Counter(str(e.kind) for e in examples)
        never = {"partial"} if rule.provision in NEVER_PARTIAL else set()
        short += [(rule.provision, kind) for kind, least in FEWEST.items() if kinds[kind] < least and kind not in never]
        if not never and len({e.reason for e in examples if str(e.kind) == "partial"}) < 2:
            alike.add(rule.provision)
    assert not short
    assert alike == {name for names in ONE_REASON.values() for name in names.split()}


def test_examples_pass(rules):
    totals: Counter[tuple[str, bool]] = Counter()
    for trial in trials(Auditor(compiled.load(), profile.generic()), rules):
        totals[str(trial.example.kind), trial.passed] += 1
    for kind, least in LEAST.items():
        share = totals[kind, True] / (totals[kind, True] + totals[kind, False])
        assert share >= least, f"{kind}: {share:.3f}"
