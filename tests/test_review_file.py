"""The file of decisions: every fault with its place, and rewrites that leave a person's own lines alone."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toydraft import TOY

from compliance.cli.output import write_file
from compliance.errors import DataErrors, UsageError
from compliance.load.review import ReviewFile, drop, load, loads, put, skeleton
from compliance.model.judgement import Action, ClauseMark, Decision, Reason, Status
from compliance.model.law import Language

PATH = Path("compliance.review.yaml")
ORDER = [unit.id for unit in TOY.provisions]
MARK = ClauseMark("0123456789012345", "1.1", "The State guarantees", True)
DECISION = Decision(
    "toy:3",
    Action.OVERRULE,
    'Said: "yes" – l’État\u00a0; # no comment',
    "Awa Traoré",
    date(2026, 11, 24),
    status=Status.PARTIAL,
    reasons=(Reason.PERSONS, Reason.WEAK_COMMITMENT),
    said=Status.GAP,
    encoding="fedcba9876543210",
    clauses=(MARK,),
)
WAIVER = Decision(
    "toy:3",
    Action.WAIVE,
    "later",
    "B",
    date(2026, 12, 1),
    said=Status.GAP,
    expires=date(2027, 1, 1),
    encoding="fedcba9876543210",
)
BY_HAND = """\
# ours
version: 1
team: legal   # a key of our own
decisions:
- provision: toy:1   # first
  decision: confirm
  reason: >
    long words
    of a lawyer
  # a comment within
  by: X
  on: 2026-01-02
  ticket: PNM-12
  said: gap
  encoding: 'fedcba9876543210'
  clauses:
  - words: '0123456789012345'
    quote: old words
    note: seen with Y   # kept
# between
- provision: toy:5
  decision: confirm
  reason: fine
  by: X
  on: 2026-01-02
# at the end
"""


def empty() -> ReviewFile:
    return loads(PATH, skeleton((TOY,), Language.FR))


def test_a_decision_goes_below_its_marker_and_reads_back() -> None:
    file = put(empty(), DECISION, ORDER)
    assert loads(PATH, file.text, (TOY,)).decisions == (DECISION,)
    lines = file.text.splitlines()
    at = lines.index("  # toy:3 – Heading 3")
    assert lines[at + 1] == "  - provision: toy:3"
    assert lines[at + 15] == "  # toy:4 – Heading 4"


def test_decided_anew_in_place() -> None:
    file = put(put(empty(), DECISION, ORDER), WAIVER, ORDER)
    assert file.decisions == (WAIVER,)
    assert file.text == put(empty(), WAIVER, ORDER).text


def test_catalogue_order_without_markers() -> None:
    file = loads(PATH, "version: 1\ndecisions:\n")
    for number in ("5", "2", "7", "1"):
        file = put(file, replace(WAIVER, provision=f"toy:{number}"), ORDER)
    assert [one.provision for one in file.decisions] == ["toy:1", "toy:2", "toy:5", "toy:7"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_comments_and_unknown_keys_survive(newline: str) -> None:
    file = loads(PATH, BY_HAND.replace("\n", newline))
    first = replace(file.decisions[0], reason="shorter", clauses=(*file.decisions[0].clauses, MARK_2))
    text = put(file, first, ORDER).text
    text = put(loads(PATH, text), replace(WAIVER, provision="toy:4"), ORDER).text
    for kept in (
        "# ours",
        "team: legal   # a key of our own",
        "toy:1   # first",
        "# a comment within",
        "ticket: PNM-12",
        "note: seen with Y   # kept",
        "# between",
        "# at the end",
        "reason: fine",
    ):
        assert kept in text
    assert "long words" not in text
    assert newline == "\n" or "\n" not in text.replace("\r\n", "")
    assert [one.provision for one in loads(PATH, text).decisions] == ["toy:1", "toy:4", "toy:5"]


MARK_2 = ClauseMark("1111111111111111", "", "more words")


def test_dropping_leaves_the_rest() -> None:
    file = drop(loads(PATH, BY_HAND), ["toy:1"])
    assert [one.provision for one in file.decisions] == ["toy:5"]
    assert file.text.startswith("# ours\nversion: 1\nteam: legal")
    assert "# between\n- provision: toy:5" in file.text
    assert drop(file, ["toy:5"]).decisions == ()


ENTRY = "provision: toy:3, decision: confirm, reason: a, by: b, on: 2026-01-01"
WIDE = """\
version: 1
decisions:
    -   provision: toy:3
        decision: confirm
        reason: |
          a

        by: b
        on: 2026-01-01
        clauses: [{quote: old}]"""
OTHER_ORDER = """\
decisions:
- provision: toy:3
  clauses:
  - number: 1.1
    mine: kept
  by: b
  decision: confirm
  on: 2026-01-01
  reason: 'a'
version: 1
"""


@pytest.mark.parametrize(
    "text",
    [
        "version: 1\ndecisions: []\n",
        "version: 1",
        "\ufeffversion: 1\ndecisions:\n",
        f"version: 1\ndecisions: [{{{ENTRY.replace('3', '1', 1)}, x: [1, {{y: z}}]}}]",
        f"version: 1\ndecisions:\n  - {{{ENTRY}, x: kept}}\n",
        WIDE,
        OTHER_ORDER,
    ],
    ids=["brackets", "no list", "byte-order mark", "flow list", "flow item", "wide", "other order"],
)
def test_any_layout_is_rewritten_or_left(text: str) -> None:
    file = put(loads(PATH, text), DECISION, ORDER)
    assert file.of("toy:3") == DECISION
    assert file.text.count("kept") == text.count("kept")
    assert "z" not in text or "{y: z}" in file.text
    assert put(file, WAIVER, ORDER).of("toy:3") == WAIVER


words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1).filter(str.strip)


@settings(max_examples=60, deadline=None)
@given(words, words, words)
def test_any_words_read_back(reason: str, by: str, quote: str) -> None:
    decision = replace(DECISION, reason=reason, by=by, clauses=(replace(MARK, quote=quote),))
    file = put(put(empty(), decision, ORDER), replace(WAIVER, provision="toy:4", reason=reason), ORDER)
    assert file.of("toy:3") == decision
    assert file.text.count("\n") == put(
        put(empty(), DECISION, ORDER), replace(WAIVER, provision="toy:4"), ORDER
    ).text.count("\n")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("on: 2026-01-02\n  ticket", "on: 2026-02-30\n  ticket"), "12:7: no such day as '2026-02-30'"),
        (("decision: confirm\n  reason: >", "decision: agree\n  reason: >"), "6:13: unknown value 'agree'"),
        (("toy:5", "toy:1"), "21:14: 'toy:1' is decided twice; it is already on line 5"),
        (("toy:5", "toy:55"), "21:14: 'toy:55' is no provision known; did you mean 'toy:5'?"),
        (("  ticket:", "  reasons:"), None),
        (("  said: gap", "  sayd: gap"), "14:3: unknown key 'sayd'; did you mean 'said'?"),
        (("  said: gap", "  status: gap"), "'status' beside 'confirm'"),
        (
            ("decision: confirm\n  reason: fine", "decision: overrule\n  status: partial\n  reason: fine"),
            "'partial' without what is short",
        ),
        (("decision: confirm\n  reason: fine", "decision: waive\n  reason: fine"), "a waiver without an end"),
        (
            ("decision: confirm\n  reason: fine", "decision: overrule\n  status: covered\n  reason: fine"),
            "no clause bears 'covered'",
        ),
        (("- words: '0123456789012345'\n    quote: old words\n    note", "- note"), "a clause without a name"),
        (("version: 1", "version: 2"), "unknown value '2' in 'version'"),
    ],
)
def test_faults_name_their_place(tmp_path: Path, change: tuple[str, str], fault: str | None) -> None:
    path = tmp_path / "r.yaml"
    assert change[0] in BY_HAND
    path.write_text(BY_HAND.replace(*change), encoding="utf-8")
    if fault is None:
        assert load(path, (TOY,)).decisions
        return
    with pytest.raises(DataErrors) as caught:
        load(path, (TOY,))
    assert fault in str(caught.value)


def test_two_people_merge_in_git(tmp_path: Path) -> None:
    """Decisions on neighbouring provisions, taken apart from the same file, merge without a conflict."""
    texts = {
        "base": empty().text,
        "mine": put(empty(), DECISION, ORDER).text,
        "theirs": put(
            put(empty(), replace(WAIVER, provision="toy:4"), ORDER), replace(WAIVER, provision="toy:2"), ORDER
        ).text,
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    merged = subprocess.run(
        ["git", "merge-file", "-p", "mine", "base", "theirs"], cwd=tmp_path, capture_output=True, check=False
    )
    assert merged.returncode == 0, merged.stdout.decode()
    found = loads(PATH, merged.stdout.decode(), (TOY,))
    assert [one.provision for one in found.decisions] == ["toy:2", "toy:3", "toy:4"]
    assert found.of("toy:3") == DECISION


def test_two_people_on_one_provision_conflict(tmp_path: Path) -> None:
    texts = {"base": empty(), "mine": put(empty(), DECISION, ORDER), "theirs": put(empty(), WAIVER, ORDER)}
    for name, file in texts.items():
        (tmp_path / name).write_text(file.text, encoding="utf-8")
    merged = subprocess.run(
        ["git", "merge-file", "-p", "mine", "base", "theirs"], cwd=tmp_path, capture_output=True, check=False
    )
    assert merged.returncode > 0


@pytest.mark.parametrize("stage", ["fsync", "replace"])
@pytest.mark.parametrize("blow", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "stopped"])
def test_an_interrupted_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str, blow: BaseException
) -> None:
    path = tmp_path / "compliance.review.yaml"
    path.write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise blow

    monkeypatch.setattr(os, stage, fail)
    with pytest.raises((UsageError, KeyboardInterrupt)):
        write_file(path, b"new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
