"""A baseline lets known shortfalls pass, and nothing worse."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from toydraft import Said, assess

from compliance import baseline
from compliance.baseline import Baseline
from compliance.errors import DataErrors
from compliance.model.judgement import Status

DRAFT = "1.1 Care is given.\n\n1.2 Nobody may complain.\n\n1.3 Schools are closed to them.\n"
BEFORE = {
    "1": Said("covered", "Care"),
    "2": Said("conflict", "complain"),
    "3": Said("partial", "Care", reasons=["missing-element"], missing=["two"]),
    "4": Said("gap"),
}
DAY, LATER = date(2026, 1, 1), date(2026, 11, 24)
ENTRIES = baseline.record(assess(DRAFT, BEFORE), DAY)


def test_records_shortfalls_only() -> None:
    # toy:7 is an option, whose gap is no shortfall.
    assert [one.provision for one in ENTRIES] == ["toy:2", "toy:3", "toy:4", "toy:5", "toy:6"]


@pytest.mark.parametrize(
    ("number", "now", "where"),
    [
        ("4", Said("gap"), "known"),
        ("4", Said("conflict", "Schools"), "worse"),
        ("4", Said("partial", "Care", reasons=["persons"]), "improved"),
        ("1", Said("gap"), "new"),
        ("1", Said("covered", "Care"), None),
        ("3", Said("partial", "Care", reasons=["missing-element"], missing=["one"]), "worse"),
        ("3", Said("partial", "Care", reasons=["missing-element", "persons"], missing=["two"]), "worse"),
        ("3", Said("covered", "Care"), "obsolete"),
        ("3", Said("gap"), "worse"),
        ("2", Said("conflict", "complain"), "known"),
        ("2", Said("conflict", "complain", "Schools"), "worse"),
        ("2", Said("conflict", "Schools"), "worse"),
        ("2", Said("covered", "complain"), "obsolete"),
    ],
)
def test_held(number: str, now: Said, where: str | None) -> None:
    held = baseline.hold(assess(DRAFT, {**BEFORE, number: now}), ENTRIES)
    found = {
        "new": {one.provision.id for one in held.new},
        "worse": {one.provision.id for one in held.worse},
        "known": {one.provision.id for one, _ in held.known} - {one.provision.id for one, _ in held.improved},
        "improved": {one.provision.id for one, _ in held.improved},
        "obsolete": {one.provision for one in held.obsolete},
    }
    assert {name for name, ids in found.items() if f"toy:{number}" in ids} == ({where} if where else set())
    assert {one.provision.id for one in held.failing} == ({f"toy:{number}"} if where in ("new", "worse") else set())


def test_a_renumbered_conflict_is_the_same() -> None:
    assert not baseline.hold(assess(DRAFT.replace("1.2", "8.9"), BEFORE), ENTRIES).failing


def test_recorded_again_the_first_day_stays() -> None:
    again = baseline.record(assess(DRAFT, {**BEFORE, "4": Said("conflict", "Schools")}), LATER, ENTRIES)
    days = {one.provision: one.since for one in again}
    assert days == {"toy:2": DAY, "toy:3": DAY, "toy:4": LATER, "toy:5": DAY, "toy:6": DAY}
    assert again[0].age(LATER) == 327


def test_pruned_it_only_tightens() -> None:
    now = {
        **BEFORE,
        "1": Said("gap"),
        "2": Said("covered", "complain"),
        "4": Said("partial", "Care", reasons=["persons"]),
    }
    kept = baseline.prune(assess(DRAFT, now), ENTRIES)
    assert [(one.provision, one.status) for one in kept] == [
        ("toy:3", Status.PARTIAL),
        ("toy:4", Status.PARTIAL),
        ("toy:5", Status.GAP),
        ("toy:6", Status.GAP),
    ]


def test_read_back(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_bytes(baseline.render(Baseline({"é\u2028.md": ENTRIES, "empty.md": ()}), "1"))
    assert baseline.load(path).drafts == {"é\u2028.md": ENTRIES, "empty.md": ()}
    assert json.loads(path.read_bytes())["version"] == 1


def test_a_renamed_draft_keeps_its_entries() -> None:
    assert Baseline({"v1.md": ENTRIES}).of("v2.md") == ENTRIES
    assert Baseline({"v1.md": ENTRIES, "other.md": ()}).of("v2.md") == ()


def test_keys_do_not_depend_on_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "texts").mkdir()
    file = tmp_path / "b.json"
    monkeypatch.chdir(tmp_path / "texts")
    assert baseline.key("pnm.md", file) == baseline.key(str(tmp_path / "texts" / "pnm.md"), file) == "texts/pnm.md"


def test_faults_name_their_place(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text(
        '{"version": 1,\n "drafts": {"a": [\n  {"provision": "toy:1", "status": "bad", "since": "2026-01-01"}]}}'
    )
    with pytest.raises(DataErrors, match=r"b\.json:3:36: unknown value 'bad' in 'status'"):
        baseline.load(path)
