"""The JSON report keeps its contract, and the contract is strict."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from handmade import assessment, every_status, finding
from jsonschema import Draft202012Validator

from compliance.model.judgement import Status
from compliance.model.law import Force, Protected
from compliance.reporters import reporter
from compliance.reporters.json import SCHEMA_VERSION
from compliance.resources import schema_path

SCHEMA = json.loads(schema_path("report").read_text("utf-8"))
VALID = Draft202012Validator(SCHEMA)


def rendered(*assessments: Any) -> Any:
    return json.loads(reporter("json").render(list(assessments), None))


def test_the_schema_is_a_schema_of_the_version_written() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$defs"]["report"]["properties"]["schema_version"]["const"] == SCHEMA_VERSION
    assert SCHEMA["$id"].endswith(SCHEMA_VERSION)


def test_every_status_and_several_drafts_keep_to_it() -> None:
    one = rendered(every_status())
    VALID.validate(one)
    assert [found["status"] for found in one["findings"]] == [str(status) for status in Status]
    several = rendered(every_status(), every_status())
    VALID.validate(several)
    assert several["reports"] == [one, one]


@pytest.mark.parametrize("force", list(Force))
def test_every_legal_force_keeps_to_it(force: Force) -> None:
    VALID.validate(rendered(assessment(finding(1, Status.GAP), force=force)))


def test_it_knows_every_person_protected() -> None:
    persons = SCHEMA["$defs"]["evidence"]["properties"]["persons"]["items"]["enum"]
    assert set(persons) == {str(person) for person in Protected}


def first(data: Any, status: str) -> Any:
    return next(found for found in data["findings"] if found["status"] == status)


def _set(data: Any, path: str, value: Any) -> None:
    *steps, last = path.split(".")
    for step in steps:
        data = data[int(step) if step.isdigit() else step]
    data[last] = value


BREACHES: list[tuple[str, Callable[[Any], Any]]] = [
    ("a member nobody knows", lambda data: data.update(score=71)),
    ("a status nobody knows", lambda data: first(data, "gap").update(status="missing")),
    ("a gap that cites evidence", lambda data: first(data, "gap").update(evidence=first(data, "covered")["evidence"])),
    ("coverage that cites nothing", lambda data: first(data, "covered").update(evidence=[])),
    ("a partial answer without reason", lambda data: first(data, "partial").update(reasons=[])),
    (
        "a conflict with nothing against",
        lambda data: first(data, "conflict")["evidence"][0].update(direction="supports"),
    ),
    ("an empty quote", lambda data: first(data, "covered")["evidence"][0].update(quote="")),
    ("a line counted from zero", lambda data: _set(data, "remarks.0.location.line_start", 0)),
    ("one language only", lambda data: first(data, "gap")["message"].pop("en")),
    ("a hash cut short", lambda data: _set(data, "document.sha256", "abc")),
    ("another version", lambda data: data.update(schema_version="2.0")),
    ("a date in words", lambda data: _set(data, "profile.as_of", "5 juin 2003")),
    ("no summary", lambda data: data.pop("summary")),
]


@pytest.mark.parametrize("spoil", [spoil for _, spoil in BREACHES], ids=[name for name, _ in BREACHES])
def test_it_refuses(spoil: Callable[[Any], Any]) -> None:
    data = rendered(every_status())
    spoil(data)
    assert not VALID.is_valid(data)


def test_one_report_alone_is_not_wrapped() -> None:
    assert not VALID.is_valid({"reports": [rendered(every_status())]})
