"""Hand-made drafts and assessments: no rule data, so verdicts never move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from compliance.model.judgement import (
    Assessment,
    Commitment,
    Direction,
    Evidence,
    Finding,
    Priority,
    Reason,
    Status,
)
from compliance.model.law import (
    Bilingual,
    Element,
    Expected,
    Force,
    Instrument,
    Language,
    Mode,
    Part,
    Profile,
    Protected,
    Provision,
    Role,
    Standing,
)
from compliance.readers import read_bytes
from compliance.text.segment import segment


def two(text: str) -> Bilingual:
    return Bilingual(text, text)


def provision(number: str, mode: Mode = Mode.DUTY) -> Provision:
    return Provision(
        id=f"toy:{number}",
        instrument="toy",
        part="I",
        heading=two(f"Heading {number}"),
        auditable=True,
        mode=mode,
        bearers=frozenset({Role.EMPLOYMENT}),
        persons=Protected.ALL,
        expected=Expected.CORE,
        summary=two(f"Asks {number}"),
        elements=(Element("one", two("first thing")), Element("two", two("second thing"))),
        model_clause=two(f"Model clause {number}"),
    )


TOY = Instrument(
    id="toy",
    title=two("Toy convention"),
    short=two("Toy"),
    adopted=date(1990, 1, 1),
    place=two("Here"),
    in_force=date(1991, 1, 1),
    authentic_languages=("fr",),
    parts=(Part("I", two("Part I")),),
    links=(),
    provisions=(*(provision(str(number)) for number in range(1, 7)), provision("7", Mode.PERMISSIVE)),
)
PROFILE = Profile("toyland", two("Toyland"), None, frozenset(Role), {"toy": Standing(Force.IN_FORCE)})


class Said:
    """What the toy engine says of one provision: a status, and words of the clauses it cites."""

    def __init__(
        self, status: str, *cites: str, reasons: Sequence[str] = (), missing: Sequence[str] = (), against: bool = False
    ) -> None:
        self.status = Status(status)
        self.cites = cites
        self.reasons = tuple(Reason(reason) for reason in reasons)
        self.missing = set(missing)
        self.against = against or self.status is Status.CONFLICT


def assess(
    text: str,
    said: Mapping[str, Said],
    profile: Profile = PROFILE,
    path: str = "draft.md",
    instrument: Instrument = TOY,
) -> Assessment:
    """An assessment of `text` that says `said`, by provision number; a clause whose words are gone is not cited."""
    document = read_bytes(text.encode(), path)
    clauses = segment(document, Language.EN)
    findings = []
    for unit in instrument.provisions:
        one = said.get(unit.id.removeprefix("toy:"), Said("gap"))
        evidence = tuple(
            Evidence(
                clause=clause,
                span=clause.span,
                answers=tuple(element.id for element in unit.elements if element.id not in one.missing),
                commitment=Commitment.FIRM,
                persons=frozenset({Protected.ALL}),
                direction=Direction.AGAINST if one.against else Direction.SUPPORTS,
                cues=(),
                score=1.0,
            )
            for words in one.cites
            for clause in clauses
            if words in clause.span.of(document.text)
        )
        met = tuple(
            (element.id, tuple(place for place, item in enumerate(evidence) if element.id in item.answers))
            for element in unit.elements
        )
        priority = Priority.HIGH if one.status in (Status.GAP, Status.CONFLICT) else Priority.MEDIUM
        if unit.mode is Mode.PERMISSIVE or one.status is Status.COVERED:
            priority = Priority.NONE
        findings.append(
            Finding(unit, one.status, one.reasons, priority, met, evidence, (), two("message"), two("suggestion"))
        )
    return Assessment(document, clauses, Language.EN, (instrument,), profile, tuple(findings), (), (), "0")


def with_encoding(instrument: Instrument, number: str, summary: str) -> Instrument:
    units = tuple(
        replace(unit, summary=two(summary)) if unit.id == f"toy:{number}" else unit for unit in instrument.provisions
    )
    return replace(instrument, provisions=units)


class ToyEngine:
    """Stands where the auditor does; `says` may be changed between two commands."""

    def __init__(self, says: Mapping[str, Said], profile: Profile = PROFILE) -> None:
        self.says = says
        self.profile = profile
        self.instruments = (TOY,)
        self.knowledge = SimpleNamespace(instruments=(TOY,), sha256="")

    def audit(self, document: Any, spoken: Language | None = None) -> Assessment:
        text = Path(document.path).read_text(encoding="utf-8")
        return assess(text, self.says, self.profile, document.path)
