"""Conventions and profiles are read whole, or refused with every fault and its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from compliance.errors import DataErrors, UsageError
from compliance.load.conventions import load_instruments
from compliance.load.profile import generic, load_profile, profile_path
from compliance.model.law import Force, Instrument, Mode, Protected, Role
from compliance.resources import data_root

HEAD = """\
id: toy
title: {fr: "Convention jouet", en: "Toy Convention"}
short: {fr: "Jouet", en: "Toy"}
adopted: 1990-12-18
place: {fr: "Genève", en: "Geneva"}
in_force: 2003-07-01
authentic_languages: [fr, en]
links: [https://example.org/toy]
max_excluded: 1
parts:
  - {id: I, title: {fr: "Un", en: "One"}, excludable: true, file: part-1.yaml}
  - {id: II, title: {fr: "Deux", en: "Two"}, excludable: true, file: part-2.yaml}
"""
ONE = """\
- id: toy:1
  heading: {fr: "Sens", en: "Meaning"}
  auditable: false
  reason: {fr: "définition", en: "definition"}
- id: toy:2.a
  heading: {fr: "Soins", en: "Care"}
  auditable: true
  mode: duty
  bearers: [employment]
  persons: all
  expected: core
  summary: {fr: "Soins pour tous.", en: "Care for all."}
  elements:
    - {id: care, summary: {fr: "soins", en: "care"}}
  related: [toy:3]
  model_clause: {fr: "L’État garantit les soins.", en: "The State shall guarantee care."}
  counter_clause: {status: conflict, fr: "Nul soin.", en: "No care."}
"""
TWO = """\
- id: toy:3
  heading: {fr: "Fin", en: "End"}
  auditable: false
  reason: {fr: "clause finale", en: "final clause"}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "conventions" / "toy"
    folder.mkdir(parents=True)
    for name, text in (("instrument", HEAD), ("part-1", ONE), ("part-2", TWO)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / "conventions" / "toy" / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(root: Path) -> list[str]:
    with pytest.raises(DataErrors) as raised:
        load_instruments(root)
    return [str(fault).removeprefix(f"{root / 'conventions' / 'toy'}/") for fault in raised.value.faults]


def test_a_sound_folder(root: Path) -> None:
    (toy,) = load_instruments(root)
    unit = toy.provision("toy:2.a")
    assert (toy.adopted, toy.in_force, toy.max_excluded) == (date(1990, 12, 18), date(2003, 7, 1), 1)
    assert [provision.id for provision in toy.provisions] == ["toy:1", "toy:2.a", "toy:3"]
    assert (unit.part, unit.mode, unit.persons, unit.bearers) == ("I", Mode.DUTY, Protected.ALL, {Role.EMPLOYMENT})
    assert unit.counter_clause is not None
    assert unit.counter_clause.text.en == "No care."
    assert load_instruments(root / "conventions" / "toy") == (toy,)


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        pytest.param(
            "part-1",
            "mode: duty",
            "mode: dutty",
            "part-1.yaml:8:9: unknown value 'dutty' in 'mode'; did you mean 'duty'?",
            id="unknown mode",
        ),
        pytest.param(
            "part-1",
            "  mode: duty",
            "  mood: duty",
            "part-1.yaml:5:3: no 'mode'|part-1.yaml:8:3: unknown key 'mood'; did you mean 'mode'?",
            id="unknown key",
        ),
        pytest.param(
            "part-1",
            "persons: all",
            "persons: martians",
            "part-1.yaml:10:12: unknown value 'martians' in 'persons'",
            id="unknown persons",
        ),
        pytest.param(
            "part-1",
            "[employment]",
            "[employment, employment]",
            "part-1.yaml:9:25: 'employment' is repeated in 'bearers'; remove it",
            id="repeated bearer",
        ),
        pytest.param(
            "part-1",
            "[employment]",
            "[]",
            "part-1.yaml:9:12: empty in 'bearers'; name at least one of origin, employment, transit",
            id="no bearer",
        ),
        pytest.param(
            "part-1",
            "[employment]",
            "employment",
            "part-1.yaml:9:12: expected a list in 'bearers', found 'employment'; put it between [ ]",
            id="no list",
        ),
        pytest.param(
            "part-1",
            '"Soins pour tous.", en: "Care for all."',
            '"Soins pour tous."',
            "part-1.yaml:12:12: no 'en' in 'summary'; write it in English too",
            id="missing language",
        ),
        pytest.param(
            "part-1",
            '"Soins pour tous."',
            '" "',
            "part-1.yaml:12:17: empty text in 'fr'; write it, or remove the key",
            id="blank text",
        ),
        pytest.param(
            "part-1",
            '"Soins pour tous."',
            "1990",
            "part-1.yaml:12:17: expected text in 'fr', found '1990'; quote it",
            id="number for text",
        ),
        pytest.param(
            "part-1",
            "auditable: true",
            "auditable: yes",
            "part-1.yaml:7:14: expected true or false in 'auditable', found 'yes'; write true or false",
            id="yes",
        ),
        pytest.param(
            "part-1",
            '  reason: {fr: "définition", en: "definition"}\n',
            "",
            "part-1.yaml:1:3: no 'reason'",
            id="not auditable without reason",
        ),
        pytest.param(
            "part-1",
            "id: care",
            "id: Care!",
            "part-1.yaml:14:12: bad value 'Care!' in 'id'; small letters, digits and hyphens, such as no-cost",
            id="element id",
        ),
        pytest.param(
            "part-1",
            "related: [toy:3]",
            "related: [toy:33]",
            "part-1.yaml:15:13: unknown provision 'toy:33'; did you mean 'toy:3'?",
            id="dangling related",
        ),
        pytest.param(
            "part-1",
            "related: [toy:3]",
            "related: [toy:2.a]",
            "part-1.yaml:15:13: 'toy:2.a' is related to itself; remove it",
            id="related to itself",
        ),
        pytest.param(
            "part-2",
            "id: toy:3",
            "id: tory:3",
            "part-2.yaml:1:7: 'tory:3' is not of the instrument 'toy'; write 'toy:3', or move it",
            id="prefix",
        ),
        pytest.param(
            "part-1",
            '    - {id: care, summary: {fr: "soins", en: "care"}}\n',
            '    - {id: care, summary: {fr: "soins", en: "care"}}\n' * 2,
            "part-1.yaml:15:12: element 'care' is already there; see",
            id="repeated element",
        ),
        pytest.param(
            "instrument",
            "1990-12-18",
            "1990-12-38",
            "instrument.yaml:4:10: no such day as '1990-12-38'; write year-month-day",
            id="impossible day",
        ),
        pytest.param(
            "instrument",
            "in_force: 2003",
            "in_force: 1903",
            "instrument.yaml:6:11: in force before it was adopted; check both dates",
            id="dates swapped",
        ),
        pytest.param(
            "instrument",
            "id: II,",
            "id: I,",
            "instrument.yaml:12:10: part 'I' is already there; see",
            id="repeated part",
        ),
        pytest.param(
            "instrument",
            "part-2.yaml",
            "part-3.yaml",
            "instrument.yaml:12:70: no such file as 'part-3.yaml'; did you mean 'part-",
            id="no such file",
        ),
        pytest.param(
            "instrument",
            "https://example.org/toy",
            "example.org",
            "instrument.yaml:8:9: bad value 'example.org' in 'links'; a web address",
            id="no address",
        ),
    ],
)
def test_refused_with_its_place(root: Path, name: str, old: str, new: str, expected: str) -> None:
    edit(root, name, old, new)
    found = faults(root)
    for start in expected.split("|"):
        assert any(fault.startswith(start) for fault in found), found


def test_duplicate_ids_over_files_name_the_first(root: Path) -> None:
    edit(root, "part-2", "toy:3", "toy:1")
    first = root / "conventions" / "toy" / "part-1.yaml"
    assert f"part-2.yaml:1:7: provision 'toy:1' is already there; see {first}:1:7" in faults(root)


def test_a_file_that_no_part_names(root: Path) -> None:
    (root / "conventions" / "toy" / "part-9.yaml").write_text(TWO, encoding="utf-8")
    assert faults(root) == [
        "part-9.yaml: no part names this file; add it to the parts in instrument.yaml, or remove it"
    ]


def test_a_folder_without_its_head(root: Path) -> None:
    (root / "conventions" / "toy" / "instrument.yaml").unlink()
    with pytest.raises(DataErrors, match=r"no instrument\.yaml beside the provisions"):
        load_instruments(root)


def test_a_folder_without_instruments(root: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataErrors, match=r"empty: no instrument\.yaml in this folder"):
        load_instruments(root, tmp_path / "empty")
    (tmp_path / "empty" / "rules").mkdir()
    assert len(load_instruments(root, tmp_path / "empty")) == 1


def test_all_faults_of_all_files_at_once_in_order(root: Path) -> None:
    edit(root, "part-1", "mode: duty", "mode: must")
    edit(root, "part-1", "persons: all", "persons: none")
    edit(root, "part-2", "auditable: false", "auditable: 1")
    assert [fault.split(": ")[0] for fault in faults(root)] == [
        "part-1.yaml:8:9",
        "part-1.yaml:10:12",
        "part-2.yaml:3:14",
    ]


# Profiles ------------------------------------------------------------------------------------------------------

HEAD_OF_PROFILE = """\
id: xxx
state: {fr: "Pays", en: "Country"}
as_of: 2020-01-31
roles: [origin]
instruments:
"""


@pytest.fixture(scope="module")
def shipped() -> tuple[Instrument, ...]:
    if not list((data_root() / "conventions").glob("*/instrument.yaml")):
        pytest.skip("no shipped conventions yet")
    return load_instruments(data_root())


IN_FORCE = "force: in-force, since: 2003-06-05, source: list, read: 2015-03"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            f"  icrmw: {{{IN_FORCE}, excluded: [VI]}}",
            "'VI' of 'icrmw' may not be left out; Art. 88 lets a State leave out no Part",
            id="Part of ICRMW",
        ),
        pytest.param(
            f"  c143: {{{IN_FORCE}, excluded: [I, II]}}",
            "more than 1 part of 'c143' left out; Art. 16",
            id="both Parts of C143",
        ),
        pytest.param(
            f"  c143: {{{IN_FORCE}, excluded: [III]}}", "'III' of 'c143' may not be left out; Art. 16", id="Part III"
        ),
        pytest.param(
            f"  c097: {{{IN_FORCE}, excluded: [main]}}", "'main' of 'c097' may not be left out; Art. 14", id="body"
        ),
        pytest.param(
            f"  c097: {{{IN_FORCE}, excluded: [anex-1]}}",
            "'c097' has no part 'anex-1'; did you mean 'annex-1'?",
            id="unknown part",
        ),
        pytest.param(
            "  icrmw: {force: in-force, since: 2020-02-01, source: list, read: 2020}", "bad value", id="year only"
        ),
        pytest.param(
            "  icrmw: {force: in-force, since: 2020-02-01, source: list, read: 2020-01}",
            "since 2020-02-01, after the day of the profile (2020-01-31)",
            id="since in the future",
        ),
        pytest.param(
            "  icrmw: {force: in-force, source: list, read: 2015-03}", "'in-force' without 'since'", id="no since"
        ),
        pytest.param("  icrmw: {force: in-force, since: 2003-06-05}", "'in-force' without 'source'", id="no source"),
        pytest.param(
            "  icrmw: {force: not-ratified, source: list}", "a source without the date it was read", id="no read"
        ),
        pytest.param(
            "  icrmw: {force: signed, since: 2003-06-05}", "'since' is the date of ratification", id="signed since"
        ),
        pytest.param("  icrwm: {force: unknown}", "unknown instrument 'icrwm'; did you mean 'icrmw'?", id="instrument"),
        pytest.param(
            "  icrmw: {force: binding}", "unknown value 'binding' in 'force'; use one of: in-force", id="force"
        ),
        pytest.param(
            "  icrmw: {force: unknown}\nnever_waive: [icrmw:9999]", "unknown provision 'icrmw:9999'", id="waive"
        ),
    ],
)
def test_profile_refused(tmp_path: Path, shipped: tuple[Instrument, ...], lines: str, expected: str) -> None:
    if "read: 2020}" in lines:
        expected = "expected text in 'read', found '2020'; quote it"
    path = tmp_path / "xxx.yaml"
    path.write_text(HEAD_OF_PROFILE + lines + "\n", encoding="utf-8")
    with pytest.raises(DataErrors) as raised:
        load_profile(path, shipped)
    fault = next(fault for fault in raised.value.faults if expected in str(fault))
    assert fault.place is not None
    assert fault.place.line in (6, 7)
    assert fault.place.column is not None


def test_a_profile_may_leave_out_annexes_or_one_part(tmp_path: Path, shipped: tuple[Instrument, ...]) -> None:
    path = tmp_path / "xxx.yaml"
    lines = f"  c097: {{{IN_FORCE}, excluded: [annex-1, annex-2, annex-3]}}\n  c143: {{{IN_FORCE}, excluded: [II]}}\n"
    path.write_text(HEAD_OF_PROFILE + lines, encoding="utf-8")
    profile = load_profile(path, shipped)
    assert profile.standing("c097").excluded == ("annex-1", "annex-2", "annex-3")
    assert profile.standing("c097").read == date(2015, 3, 1)
    assert profile.standing("icrmw").force is Force.UNKNOWN


# Shipped data --------------------------------------------------------------------------------------------------


def test_shipped_conventions(shipped: tuple[Instrument, ...]) -> None:
    counts = {one.id: (len(one.provisions), sum(unit.auditable for unit in one.provisions)) for one in shipped}
    assert list(counts) == ["icrmw", "c097", "c143"]
    assert counts == {"icrmw": (248, 162), "c097": (102, 53), "c143": (51, 27)}


def test_shipped_profiles(shipped: tuple[Instrument, ...]) -> None:
    roots = [data_root()]
    mali = load_profile(profile_path("mli", roots), shipped)
    assert mali.standing("icrmw").force is Force.IN_FORCE
    assert mali.standing("icrmw").since == date(2003, 6, 5)
    assert {mali.standing(name).force for name in ("c097", "c143")} == {Force.NOT_RATIFIED}
    assert load_profile(profile_path("generic", roots), shipped) == generic()


def test_unknown_profile(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown profile 'mlii'; did you mean 'mli'"):
        profile_path("mlii", [data_root()])
    with pytest.raises(UsageError, match="no such profile file"):
        profile_path(str(tmp_path / "absent.yaml"), [data_root()])
