"""What people decided is told in every report: who, when, why, and what the tool says."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date

import handmade
import pytest
from lxml import etree
from test_documents import render as render_document
from test_documents import report, words

from compliance.annotate.note import notes
from compliance.model.judgement import Action, Assessment, Decision, Doubt, Finding, Standpoint, Status
from compliance.model.law import Language
from compliance.reporters import DOCUMENTS, REPORTERS, reporter
from compliance.suggest import suggest

BY = {"waived": "Awa Diarra", "overruled": "Moussa Keita", "stale": "Oumou Sy", "corrected": "Fanta Ba"}
WHY = {
    "waived": "loi en préparation",
    "overruled": "prévu par le code",
    "stale": "lu en séance",
    "corrected": "trop faible",
}
DAY = date(2026, 2, 17)


def decided(finding: Finding, name: str, action: Action, now: Status, **more: object) -> Finding:
    taken = Decision(finding.provision.id, action, WHY[name], BY[name], DAY, said=now, now=now)
    return replace(finding, decision=replace(taken, **more))  # type: ignore[arg-type]


def assessment() -> Assessment:
    """A conflict waived, a gap found covered, a partial answer whose decision is stale, a gap found to be a conflict."""
    return handmade.assessment(
        decided(handmade.finding(10, Status.CONFLICT), "waived", Action.WAIVE, Status.CONFLICT),
        decided(handmade.finding(11, Status.COVERED), "overruled", Action.OVERRULE, Status.GAP, status=Status.COVERED),
        decided(
            handmade.finding(12, Status.PARTIAL),
            "stale",
            Action.CONFIRM,
            Status.PARTIAL,
            standing=Standpoint.STALE,
            doubts=(Doubt.CLAUSE_CHANGED,),
        ),
        decided(
            handmade.finding(13, Status.CONFLICT), "corrected", Action.OVERRULE, Status.GAP, status=Status.CONFLICT
        ),
    )


def check(shown: str) -> None:
    shown = " ".join(shown.replace("\u00ad", "").split())
    for name in BY:
        assert BY[name] in shown, name
        assert WHY[name] in shown, name
    assert shown.count("17 février 2026") >= 4
    assert "L’outil dit : lacune" in shown
    assert "L’outil dit : contraire" in shown
    assert "Décision à revoir" in shown


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_tell_decisions(name: str) -> None:
    shown = words(name, render_document(name, report(assessment())))
    check(shown)
    assert "Décisions des réviseurs" in " ".join(shown.split())


@pytest.mark.parametrize("name", [name for name in REPORTERS if name not in ("json", "csv", "sarif", "github")])
def test_machine_outputs_tell_decisions(name: str) -> None:
    import html

    data = reporter(name).render([assessment()], Language.FR).decode()
    check(html.unescape(data).replace("\\", ""))


def test_github_tells_what_was_set_aside_last_and_as_a_notice() -> None:
    lines = reporter("github").render([assessment()], Language.FR).decode().splitlines()
    check(" ".join(lines))
    assert [line.split(" ")[0] for line in lines] == ["::error", "::notice", "::notice", "::notice"]
    assert {name for line in lines[-2:] for name in BY if BY[name] in line} == {"waived", "overruled"}


def test_the_terminal_tells_decisions(capsys: pytest.CaptureFixture[str]) -> None:
    from compliance.reporters import terminal

    terminal.show([assessment()], Language.FR, False)
    check(capsys.readouterr().out)


def test_json_and_csv_tell_decisions_as_data() -> None:
    findings = json.loads(reporter("json").render([assessment()], None))["findings"]
    assert [one["decision"]["by"] for one in findings] == list(BY.values())
    assert [one["decision"]["tool_says"] for one in findings] == ["conflict", "gap", "partial", "gap"]
    text = reporter("csv").render([assessment()], None).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["decided by"] for row in rows] == list(BY.values())
    assert [row["decision reason"] for row in rows] == list(WHY.values())
    assert {row["decided on"] for row in rows} == {"2026-02-17"}
    assert [row["decision"] for row in rows] == ["waive", "overrule covered", "confirm", "overrule conflict"]
    assert [row["tool says"] for row in rows] == ["conflict", "gap", "partial", "gap"]
    assert [row["decision standing"] for row in rows] == ["applied", "applied", "stale", "applied"]


def test_sarif_suppresses_what_was_set_aside_and_keeps_the_rest() -> None:
    (run,) = json.loads(reporter("sarif").render([assessment()], Language.FR))["runs"]
    check(" ".join(one["message"]["text"] for one in run["results"]))
    suppressed = {one["ruleId"]: one["suppressions"] for one in run["results"]}
    assert [len(marks) for marks in suppressed.values()] == [1, 1, 0, 0]
    assert BY["overruled"] in suppressed["icrmw:11"][0]["justification"]
    levels = {one["ruleId"]: one["level"] for one in run["results"]}
    assert levels["icrmw:11"] == "warning"  # what the tool found, a core gap, is what is suppressed
    assert list(run["properties"]["decisions"]) == [f"icrmw:{number}" for number in (10, 11, 12, 13)]


def test_junit_skips_what_was_waived() -> None:
    root = etree.fromstring(reporter("junit").render([assessment()], Language.FR))
    (case,) = [case for case in root.iter("testcase") if case.find("skipped") is not None]
    assert case.get("name", "").startswith("icrmw:10 ")
    check("".join(root.itertext()) + " ".join(str(value) for one in root.iter() for value in one.attrib.values()))


def test_notes_in_a_draft_tell_decisions() -> None:
    found = notes(assessment(), suggest(assessment()), Language.FR)
    check(" ".join(line.text for note in found for line in note.lines))
    waived = next(note for note in found if any(BY["waived"] in line.text for line in note.lines))
    assert waived.anchor == handmade.SECOND
    assert not any("Rédaction" in line.text for line in waived.lines)


def test_a_decision_without_passage_stands_at_the_head_of_the_draft() -> None:
    gap = decided(handmade.finding(10, Status.GAP), "waived", Action.WAIVE, Status.GAP)
    (note,) = notes(handmade.assessment(gap), (), Language.FR)
    assert note.clause == handmade.CLAUSES[0]


def test_what_was_waived_is_no_work_left_to_do() -> None:
    from compliance.view import View

    view = View(report(assessment()))
    assert {row.id for row in view.plan} == {"icrmw:12", "icrmw:13"}
    assert [row.degree_label for row in view.decided][:2] == ["contraire, dispense", "conforme"]
    assert view.decided[0].proposals == ()
