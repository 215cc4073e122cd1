"""A decision counts while what it read stands, and says why when it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from toydraft import PROFILE, TOY, Said, assess, with_encoding

from compliance.decide import apply
from compliance.decision_wording import line
from compliance.errors import UsageError
from compliance.model.judgement import Action, Decision, Direction, Doubt, Priority, Reason, Standpoint, Status
from compliance.model.law import Language
from compliance.reporters.json import report
from compliance.review import bind, clause_named, decide, finding_of, statistics

DRAFT = """# Policy

## 1. Care

1.1 The State guarantees emergency care to every migrant worker.

1.2 Workers may be sent home without any hearing at all.

The State guarantees:

- free primary school for every child;
- a hearing before any removal.
"""
SAYS = {
    "1": Said("covered", "emergency care"),
    "2": Said("conflict", "sent home"),
    "4": Said("partial", "primary school", reasons=["persons"]),
}
TODAY = date(2026, 11, 24)
BY = {"reason": "read twice", "by": "Awa Traoré", "on": date(2026, 11, 1)}


def decided(action: Action, number: str, draft: str = DRAFT, **more: object) -> Decision:
    return decide(assess(draft, SAYS), f"toy:{number}", action, **{**BY, **more})  # type: ignore[arg-type]


def standing(decision: Decision, text: str = DRAFT, says: object = SAYS, today: date = TODAY) -> Decision:
    found = finding_of(apply(assess(text, says), [decision], today).assessment, decision.provision)  # type: ignore[arg-type]
    assert found.decision is not None
    return found.decision


CONFIRMED = decided(Action.CONFIRM, "1")


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        pytest.param(DRAFT, (), id="untouched"),
        pytest.param(DRAFT.replace("1.1 ", "7.3 "), (), id="renumbered"),
        pytest.param(DRAFT.replace("## 1. Care", "## 9. Health and care"), (), id="under another heading"),
        pytest.param(DRAFT.replace("emergency care to", "EMERGENCY  care,\nto"), (), id="typeset anew"),
        pytest.param("1.2 Another clause first.\n\n" + DRAFT.replace("# Policy\n\n## 1. Care\n\n", ""), (), id="moved"),
        pytest.param(DRAFT.replace("guarantees emergency", "may offer emergency"), ("clause-changed",), id="reworded"),
        pytest.param(
            DRAFT.replace("1.1 The State guarantees emergency care to every migrant worker.", ""),
            ("clause-changed",),
            id="deleted",
        ),
    ],
)
def test_bound_to_words(text: str, doubts: tuple[str, ...]) -> None:
    # The engine cites what it finds, and a clause that is gone is cited no more.
    found = standing(CONFIRMED, text, {"1": Said("covered", "emergency", "EMERGENCY")})
    assert [str(doubt) for doubt in found.doubts] == list(doubts)
    assert (found.standing is Standpoint.APPLIED) == (not doubts)


def test_lead_in_is_read_with_its_item() -> None:
    item = decided(Action.CONFIRM, "4")
    assert standing(item).standing is Standpoint.APPLIED
    assert standing(item, DRAFT.replace("The State guarantees:", "The State ends:")).doubts == (Doubt.CLAUSE_CHANGED,)


def test_a_clause_nobody_read_makes_stale() -> None:
    says = {"1": Said("covered", "emergency care", "sent home")}
    assert standing(CONFIRMED, says=says).doubts == (Doubt.CLAUSE_ADDED,)


def test_the_encoding_changed() -> None:
    assessment = assess(DRAFT, SAYS, instrument=with_encoding(TOY, "1", "Asks more now"))
    assert apply(assessment, [CONFIRMED], TODAY).stale[0].doubts == (Doubt.ENCODING,)


def test_overruled_status_stands_and_its_clauses_bear_it() -> None:
    assessment = assess(DRAFT, SAYS)
    clause = clause_named(assessment, "1.1")
    decision = decided(Action.OVERRULE, "3", status=Status.COVERED, clauses=[clause])
    finding = finding_of(apply(assessment, [decision], TODAY).assessment, "toy:3")
    assert (finding.status, finding.priority, finding.missing) == (Status.COVERED, Priority.NONE, ())
    assert [item.clause.id for item in finding.evidence] == [clause.id]
    assert finding.decision is not None
    assert (finding.decision.said, finding.decision.now) == (Status.GAP, Status.GAP)


def test_overruled_conflict_becomes_a_gap_and_shows_the_clause_to_check() -> None:
    decision = decided(Action.OVERRULE, "2", status=Status.GAP)
    finding = finding_of(apply(assess(DRAFT, SAYS), [decision], TODAY).assessment, "toy:2")
    assert finding.status is Status.GAP
    assert not finding.evidence
    assert len(finding.near_misses) == 1


def test_overruled_to_conflict_cites_against() -> None:
    assessment = assess(DRAFT, SAYS)
    decision = decided(Action.OVERRULE, "1", status=Status.CONFLICT, clauses=[clause_named(assessment, "1.2")])
    finding = finding_of(apply(assessment, [decision], TODAY).assessment, "toy:1")
    assert [item.direction for item in finding.evidence] == [Direction.AGAINST]


@pytest.mark.parametrize(("day", "is_live"), [("2026-12-31", True), ("2027-01-01", False)])
def test_a_waiver_counts_to_its_last_day(day: str, is_live: bool) -> None:
    waiver = decided(Action.WAIVE, "2", expires=date(2026, 12, 31))
    outcome = apply(assess(DRAFT, SAYS), [waiver], date.fromisoformat(day))
    finding = finding_of(outcome.assessment, "toy:2")
    assert finding.status is Status.CONFLICT
    assert finding.waived is is_live
    assert bool(outcome.expired) is not is_live
    assert not outcome.unsettled


def test_a_waived_gap_does_not_cover_a_conflict() -> None:
    waiver = decided(Action.WAIVE, "3", expires=date(2027, 1, 1))
    assert Doubt.WORSE in standing(waiver, says={"3": Said("conflict", "sent home")}).doubts


def test_a_waiver_of_what_is_answered_is_idle() -> None:
    waiver = decided(Action.WAIVE, "2", expires=date(2027, 1, 1))
    assert standing(waiver, says={"2": Said("covered", "sent home")}).standing is Standpoint.IDLE


def test_the_profile_forbids_and_caps_waivers() -> None:
    waivers = [
        replace(decided(Action.WAIVE, number, expires=date(2027, 1, 1)), on=date(2026, 11, int(number)))
        for number in ("5", "3", "2")
    ]
    profile = replace(PROFILE, never_waive=("toy:2",), max_waivers=1)
    outcome = apply(assess(DRAFT, SAYS, profile), waivers, TODAY)
    assert [one.provision for one in outcome.applied] == ["toy:3"]
    assert {one.provision: one.doubts for one in outcome.refused} == {
        "toy:2": (Doubt.NEVER_WAIVE,),
        "toy:5": (Doubt.MAX_WAIVERS,),
    }
    assert outcome.unsettled


def test_written_by_hand_then_bound() -> None:
    from compliance.model.judgement import ClauseMark

    hand = Decision(
        "toy:3", Action.OVERRULE, "by hand", "X", TODAY, status=Status.COVERED, clauses=(ClauseMark("", "1.1", ""),)
    )
    assert standing(hand).doubts == (Doubt.UNBOUND,)
    bound = bind(assess(DRAFT, SAYS), hand)
    assert standing(bound).standing is Standpoint.APPLIED
    assert [mark.bears for mark in bound.clauses] == [True]


@pytest.mark.parametrize(
    ("action", "number", "more", "words"),
    [
        (Action.CONFIRM, "1", {"reason": " "}, "needs a reason"),
        (Action.CONFIRM, "1", {"by": ""}, "needs a name"),
        (Action.OVERRULE, "1", {"status": Status.COVERED}, "already says 'covered'"),
        (Action.OVERRULE, "3", {"status": Status.COVERED}, "no clause bears 'covered'"),
        (Action.OVERRULE, "1", {"status": Status.PARTIAL}, "needs what is short"),
        (Action.WAIVE, "1", {"expires": TODAY}, "nothing to waive"),
        (Action.WAIVE, "2", {}, "needs a last day"),
        (Action.WAIVE, "2", {"expires": date(2026, 1, 1)}, "before the day it is given"),
        (Action.CONFIRM, "99", {}, "is no provision audited"),
    ],
)
def test_refused(action: Action, number: str, more: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        decided(action, number, **more)


def test_clauses_by_id_number_and_words() -> None:
    assessment = assess(DRAFT, SAYS)
    by_words = clause_named(assessment, "EMERGENCY care to every")
    assert by_words == clause_named(assessment, "1.1") == clause_named(assessment, by_words.id)
    with pytest.raises(UsageError, match="names 2 clauses"):
        clause_named(assessment, "the state guarantees")
    with pytest.raises(UsageError, match="no clause is named"):
        clause_named(assessment, "8.8")


def test_every_report_can_show_it() -> None:
    decision = decided(Action.OVERRULE, "2", status=Status.GAP)
    plain = report(apply(assess(DRAFT, SAYS), [decision], TODAY).assessment)
    shown = next(one["decision"] for one in plain["findings"] if one["provision"] == "toy:2")
    assert (shown["by"], shown["tool_said"], shown["standing"]) == ("Awa Traoré", "conflict", "applied")
    text = line(replace(decision, now=Status.CONFLICT), Language.FR)
    assert (
        text
        == "Constat corrigé\u00a0: lacune (Awa Traoré, 1er\u00a0novembre 2026)\u00a0: read twice. L’outil dit\u00a0: contraire."
    )


def test_statistics_tell_severe_from_lenient() -> None:
    found = statistics(
        [
            CONFIRMED,
            decided(Action.OVERRULE, "2", status=Status.GAP),
            decided(Action.OVERRULE, "1", status=Status.GAP),
            decided(Action.WAIVE, "3", expires=date(2027, 1, 1)),
        ]
    )
    assert (found.confirmed, found.overruled, found.waived) == (1, 2, 1)
    assert (found.too_severe, found.too_lenient) == (1, 1)
    assert found.agreement == pytest.approx(1 / 3)
    assert found.by_instrument == (("toy", 1, 2),)


@pytest.mark.parametrize("status", [Status.COVERED, Status.PARTIAL, Status.GAP, Status.CONFLICT, Status.NOT_APPLICABLE])
@pytest.mark.parametrize("number", ["1", "2", "3", "4"])
def test_a_decided_report_follows_the_schema(status: Status, number: str) -> None:
    import json

    from jsonschema import Draft202012Validator

    from compliance.resources import schema_path

    assessment = assess(DRAFT, SAYS)
    if finding_of(assessment, f"toy:{number}").status is status:
        pytest.skip("nothing to overrule")
    short = [Reason.PERSONS] if status is Status.PARTIAL else []
    decision = decided(Action.OVERRULE, number, status=status, short=short, clauses=[clause_named(assessment, "1.1")])
    plain = report(apply(assessment, [decision], TODAY).assessment)
    schema = json.loads(schema_path("report").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(json.dumps(plain)))
