"""Rules and lexicon are read whole, or refused with every fault and its place."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from compliance.errors import DataErrors
from compliance.load.conventions import load_instruments
from compliance.load.rules import load_rules
from compliance.model.judgement import Reason
from compliance.model.law import Bilingual, Element, Instrument, Language, Provision
from compliance.model.rule import ExampleKind
from compliance.resources import data_root

SAME = Bilingual("x", "x")
TOY = Instrument(
    id="toy",
    title=SAME,
    short=SAME,
    adopted=date(1990, 1, 1),
    place=SAME,
    in_force=date(1991, 1, 1),
    authentic_languages=("fr",),
    parts=(),
    links=(),
    provisions=(
        Provision("toy:1", "toy", "I", SAME, auditable=False, reason=SAME),
        Provision(
            "toy:2", "toy", "I", SAME, auditable=True, elements=(Element("no-cost", SAME), Element("free", SAME))
        ),
    ),
)
LEXICON = """\
- concept: expulsion
  gloss: "removal from the territory"
  fr: [expulsion, expulser, expulsion]
  en: [expulsion, deport]
- concept: cost
  gloss: "money to pay"
  fr: [frais]
  en: [cost]
"""
RULES = """\
- provision: toy:2
  elements:
    no-cost: ["expulsion & cost", 'expulsion & "free of charge" & @denied']
  partly: [cost]
  conflicts: ["expulsion & !cost"]
  examples:
    fr:
      covered: ["L’État paie."]
      partial: [{text: "L’État paie parfois.", reason: weak-commitment, answers: [no-cost]}]
    en:
      unrelated: ["Roads.", {text: "Schools.", answers: []}]
"""


def names(expression: str) -> list[str]:
    if expression.count("(") != expression.count(")"):
        raise ValueError("a parenthesis is not closed")
    return re.findall(r'"[^"]+"|@?[a-z0-9-]+', expression)


def write(root: Path, rules: str = RULES, lexicon: str = LEXICON) -> Path:
    for path, text in ((root / "rules" / "toy" / "2.yaml", rules), (root / "rules" / "lexicon" / "a.yaml", lexicon)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def faults(root: Path) -> list[str]:
    with pytest.raises(DataErrors) as raised:
        load_rules([root], [TOY], pattern_names=names)
    return [str(fault).removeprefix(f"{root / 'rules'}/") for fault in raised.value.faults]


def test_a_sound_folder(tmp_path: Path) -> None:
    concepts, (rule,) = load_rules([write(tmp_path)], [TOY], pattern_names=names)
    assert [(concept.name, concept.fr) for concept in concepts] == [
        ("expulsion", ("expulsion", "expulser")),
        ("cost", ("frais",)),
    ]
    assert (rule.provision, list(rule.elements), rule.partly, rule.conflicts) == (
        "toy:2",
        ["no-cost"],
        ("cost",),
        ("expulsion & !cost",),
    )
    assert [(one.language, one.kind, one.reason, one.answers) for one in rule.examples] == [
        (Language.FR, ExampleKind.COVERED, None, None),
        (Language.FR, ExampleKind.PARTIAL, Reason.WEAK_COMMITMENT, ("no-cost",)),
        (Language.EN, ExampleKind.UNRELATED, None, None),
        (Language.EN, ExampleKind.UNRELATED, None, ()),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "provision: toy:2",
            "provision: toy:22",
            "toy/2.yaml:1:14: unknown provision 'toy:22'; did you mean 'toy:2'?",
            id="unknown provision",
        ),
        pytest.param(
            "provision: toy:2",
            "provision: toy:1",
            "toy/2.yaml:1:14: not an auditable provision: 'toy:1'",
            id="not auditable",
        ),
        pytest.param(
            "    no-cost:",
            "    no-costs:",
            "toy/2.yaml:3:5: 'toy:2' has no element 'no-costs'; did you mean 'no-cost'?",
            id="unknown element",
        ),
        pytest.param(
            "[no-cost]",
            "[fee]",
            "toy/2.yaml:9:83: 'toy:2' has no element 'fee'; did you mean 'free'?",
            id="unknown answer",
        ),
        pytest.param(
            '"expulsion & cost"',
            '"expulsion & cost & @deneid"',
            "toy/2.yaml:3:15: '@deneid' is nothing that a sentence can be; did you mean '@denied'?",
            id="misspelt virtual name",
        ),
        pytest.param(
            '"expulsion & cost"',
            '"expulsin & cost"',
            "toy/2.yaml:3:15: unknown concept 'expulsin'; did you mean 'expulsion'?",
            id="unknown concept",
        ),
        pytest.param(
            '["expulsion & !cost"]',
            '["zebra"]',
            "toy/2.yaml:5:15: unknown concept 'zebra'; add it to the lexicon",
            id="no concept near",
        ),
        pytest.param(
            '"expulsion & cost"',
            '"(expulsion & cost"',
            "toy/2.yaml:3:15: bad pattern '(expulsion & cost': a parenthesis is not closed",
            id="bad pattern",
        ),
        pytest.param(
            "weak-commitment",
            "weakness",
            "toy/2.yaml:9:56: unknown value 'weakness' in 'reason'; ",
            id="unknown reason",
        ),
        pytest.param(", reason: weak-commitment", "", "toy/2.yaml:9:17: no 'reason'", id="partial without reason"),
        pytest.param(
            "unrelated:",
            "unrelatd:",
            "toy/2.yaml:11:7: unknown key 'unrelatd'; did you mean 'unrelated'?",
            id="unknown kind",
        ),
        pytest.param('["L’État paie."]', '[""]', "toy/2.yaml:8:17: empty text in 'covered'", id="empty example"),
        pytest.param("    en:", "    es:", "toy/2.yaml:10:5: unknown key 'es'; use one of: fr, en", id="language"),
    ],
)
def test_rules_refused(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in RULES
    found = faults(write(tmp_path, rules=RULES.replace(old, new, 1)))
    assert any(fault.startswith(expected) for fault in found), found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "concept: cost",
            "concept: expulsion",
            "lexicon/a.yaml:5:12: concept 'expulsion' is already there; see ",
            id="duplicate concept",
        ),
        pytest.param("[frais]", '["frais", " "]', "lexicon/a.yaml:7:17: empty text in 'fr'", id="blank wording"),
        pytest.param("[frais]", "[]", "lexicon/a.yaml:7:7: empty in 'fr'; write at least one wording", id="no wording"),
        pytest.param("  en: [cost]\n", "", "lexicon/a.yaml:5:3: no 'en'", id="missing language"),
        pytest.param(
            "[cost]", "[true]", "lexicon/a.yaml:8:8: expected text in 'en', found 'true'; quote it", id="boolean"
        ),
        pytest.param("[cost]", "cost", "lexicon/a.yaml:8:7: expected a list in 'en', found 'cost'", id="not a list"),
        pytest.param(
            "concept: cost", "concept: Cost!", "lexicon/a.yaml:5:12: bad value 'Cost!' in 'concept'", id="name"
        ),
        pytest.param(
            "concept: cost",
            "concpt: cost",
            "lexicon/a.yaml:5:3: unknown key 'concpt'; did you mean 'concept'?",
            id="unknown key",
        ),
    ],
)
def test_lexicon_refused(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in LEXICON
    found = faults(write(tmp_path, lexicon=LEXICON.replace(old, new, 1)))
    assert any(fault.startswith(expected) for fault in found), found


def test_a_broken_lexicon_does_not_accuse_the_rules(tmp_path: Path) -> None:
    found = faults(write(tmp_path, lexicon="- concept: [\n"))
    assert len(found) == 1
    assert found[0].startswith("lexicon/a.yaml:2:1: not valid YAML")


def test_a_rule_written_twice_in_one_root(tmp_path: Path) -> None:
    assert any(
        fault.startswith("toy/2.yaml:12:14: provision 'toy:2' is already there")
        for fault in faults(write(tmp_path, rules=RULES * 2))
    )


def test_a_users_root_adds_to_the_shipped_one(tmp_path: Path) -> None:
    shipped, own = write(tmp_path / "shipped"), tmp_path / "own"
    write(
        own,
        rules="- provision: toy:2\n  elements: {no-cost: [waiver], free: [cost]}\n",
        lexicon='- {concept: cost, gloss: "-", fr: [redevance], en: [levy]}\n'
        '- {concept: waiver, gloss: "-", fr: [a], en: [b]}\n',
    )
    concepts, (rule,) = load_rules([shipped, own], [TOY], pattern_names=names)
    assert next(one for one in concepts if one.name == "cost").fr == ("frais", "redevance")
    assert rule.elements["no-cost"][-1] == "waiver"
    assert rule.elements["free"] == ("cost",)
    assert len(rule.examples) == 4


def test_shipped_rules() -> None:
    pattern = pytest.importorskip("compliance.match.pattern")
    if not list((data_root() / "rules" / "lexicon").glob("*.yaml")):
        pytest.skip("no shipped lexicon yet")
    root = data_root()
    instruments = load_instruments(root)
    concepts, _ = load_rules([root], instruments, pattern_names=pattern.names)
    assert concepts
    known = {path.name for path in (root / "rules").iterdir() if path.is_dir()}
    assert known <= {one.id for one in instruments} | {"lexicon"}
