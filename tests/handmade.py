"""Assessments written by hand, so that a test of what follows a verdict does not depend on the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from compliance.model.judgement import (
    Assessment,
    Commitment,
    Cue,
    Direction,
    Evidence,
    Finding,
    NearMiss,
    Priority,
    Reason,
    Remark,
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
from compliance.model.policy import Block, BlockKind, Clause, Document, Span

TEXT = "Projet\n\n1. L’État garantit les soins d’urgence.\n\n2. Les soins sont refusés aux étrangers.\n"
FIRST = Span(TEXT.index("1."), TEXT.index("urgence.") + 8)
SECOND = Span(TEXT.index("2."), TEXT.index("étrangers.") + 10)
DOCUMENT = Document(
    "projet.md",
    "text/markdown",
    TEXT,
    (
        Block(BlockKind.HEADING, Span(0, 6), level=1),
        Block(BlockKind.PARAGRAPH, FIRST),
        Block(BlockKind.PARAGRAPH, SECOND),
    ),
    "0" * 64,
    (("tracked-deletions", "1"),),
)


def clause(number: int, span: Span, page: int | None = None) -> Clause:
    return Clause(f"c{number}", str(number), ("Projet",), "", (), Language.FR, BlockKind.PARAGRAPH, span, page=page)


CLAUSES = (clause(1, FIRST), clause(2, SECOND, page=3))
ELEMENTS = (
    Element("urgent-care", Bilingual("les soins urgents", "urgent care")),
    Element("no-refusal", Bilingual("aucun refus", "no refusal")),
)


def provision(number: int, mode: Mode = Mode.DUTY, expected: Expected = Expected.CORE) -> Provision:
    return Provision(
        id=f"icrmw:{number}",
        instrument="icrmw",
        part="part-3",
        heading=Bilingual("Soins urgents", "Urgent care"),
        auditable=True,
        mode=mode,
        bearers=frozenset({Role.EMPLOYMENT}),
        persons=Protected.ALL,
        expected=expected,
        summary=Bilingual("Les soins urgents sont dus à tous.", "Urgent care is owed to all."),
        elements=ELEMENTS,
        model_clause=Bilingual("L’État garantit les soins urgents.", "The State shall guarantee urgent care."),
    )


def evidence(place: int = 0, against: bool = False) -> Evidence:
    held = CLAUSES[place]
    return Evidence(
        clause=held,
        span=held.span,
        answers=() if against else ("urgent-care",),
        commitment=Commitment.FIRM,
        persons=frozenset({Protected.ALL}),
        direction=Direction.AGAINST if against else Direction.SUPPORTS,
        cues=(Cue(Span(held.span.start + 3, held.span.start + 9), "urgent-care"),),
        score=0.9,
    )


def finding(number: int, status: Status, priority: Priority = Priority.HIGH, mode: Mode = Mode.DUTY) -> Finding:
    """A finding that is what its status says, with all that such a finding holds."""
    cited = {
        Status.COVERED: (evidence(),),
        Status.PARTIAL: (evidence(),),
        Status.CONFLICT: (evidence(1, against=True),),
    }.get(status, ())
    answered = () if status is Status.CONFLICT or not cited else (0,)
    return Finding(
        provision=provision(number, mode),
        status=status,
        reasons=(Reason.MISSING_ELEMENT,) if status is Status.PARTIAL else (),
        priority=priority,
        met=(("urgent-care", answered), ("no-refusal", answered if status is Status.COVERED else ())),
        evidence=cited,
        near_misses=(NearMiss(CLAUSES[1], SECOND, 0.4),) if status is Status.GAP else (),
        message=Bilingual("Dit en français.", "Said in English."),
        suggestion=Bilingual("", ""),
    )


def assessment(*findings: Finding, force: Force = Force.IN_FORCE) -> Assessment:
    instrument = Instrument(
        id="icrmw",
        title=Bilingual("Convention de 1990", "1990 Convention"),
        short=Bilingual("CTM", "ICRMW"),
        adopted=date(1990, 12, 18),
        place=Bilingual("New York", "New York"),
        in_force=date(2003, 7, 1),
        authentic_languages=("en", "fr"),
        parts=(Part("part-3", Bilingual("Troisième partie", "Part III")),),
        links=("https://example.org/icrmw",),
        provisions=tuple(found.provision for found in findings),
    )
    state = Profile(
        id="xyz",
        state=Bilingual("Ailleurs", "Elsewhere"),
        as_of=date(2026, 1, 1),
        roles=frozenset(Role),
        standings={"icrmw": Standing(force, since=date(2003, 6, 5))},
    )
    remark = Remark("convention-148", CLAUSES[0], Span(FIRST.start, FIRST.start + 2), Bilingual("Écart.", "Slip."))
    return Assessment(
        document=DOCUMENT,
        clauses=CLAUSES,
        language=Language.FR,
        instruments=(instrument,),
        profile=state,
        findings=tuple(findings),
        unanchored=(CLAUSES[0],),
        remarks=(remark,),
        tool_version="0.0.0",
    )


def every_status() -> Assessment:
    """One finding of each status."""
    return assessment(*(finding(10 + place, status) for place, status in enumerate(Status)))


def permissive_gap() -> Finding:
    return replace(finding(20, Status.GAP, Priority.NONE, Mode.PERMISSIVE))
