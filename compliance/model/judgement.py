"""What was seen (evidence) and what is concluded (findings); never merged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from compliance.model.law import Bilingual, Instrument, Language, Profile, Protected, Provision
from compliance.model.policy import Clause, Document, Span


class Status(StrEnum):
    COVERED = "covered"
    PARTIAL = "partial"
    GAP = "gap"
    CONFLICT = "conflict"
    NOT_APPLICABLE = "not-applicable"


class Reason(StrEnum):
    MISSING_ELEMENT = "missing-element"
    PERSONS = "persons"
    WEAK_COMMITMENT = "weak-commitment"
    BY_REFERENCE = "by-reference"


class Priority(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"


class Commitment(StrEnum):
    FIRM = "firm"
    WEAK = "weak"
    NONE = "none"


class Direction(StrEnum):
    SUPPORTS = "supports"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that decided something; `role` is what they were read as (element id, "negation", "persons", ...)."""

    span: Span
    role: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage of one clause, and what it says to one provision."""

    clause: Clause
    span: Span
    answers: tuple[str, ...]  # element ids
    commitment: Commitment
    persons: frozenset[Protected]  # whom the clause protects; ALL when unqualified
    direction: Direction
    cues: tuple[Cue, ...]
    score: float  # how sure the link is, 0 to 1


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A passage below the line for a verdict, for a person to check."""

    clause: Clause
    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class Finding:
    provision: Provision
    status: Status
    reasons: tuple[Reason, ...]
    priority: Priority
    met: tuple[tuple[str, tuple[int, ...]], ...]  # element id, indexes into `evidence` that answer it
    evidence: tuple[Evidence, ...]
    near_misses: tuple[NearMiss, ...]
    message: Bilingual
    suggestion: Bilingual

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(element for element, indexes in self.met if not indexes)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the draft says that a drafter should look at, tied to no provision (a wrong number or date)."""

    code: str
    clause: Clause
    span: Span
    message: Bilingual


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole judgement on one draft."""

    document: Document
    clauses: tuple[Clause, ...]
    language: Language
    instruments: tuple[Instrument, ...]
    profile: Profile
    findings: tuple[Finding, ...]  # one per auditable provision, in catalogue order
    unanchored: tuple[Clause, ...]
    remarks: tuple[Remark, ...]
    tool_version: str
