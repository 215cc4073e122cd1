"""What was seen (evidence) and what is concluded (findings); never merged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
class Seen:
    """What a draft says to one provision, weighed."""

    evidence: tuple[Evidence, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    whole: bool | None = None  # whether it is answered whole; None leaves it to the decision table


class Action(StrEnum):
    """What a person decided of a finding."""

    CONFIRM = "confirm"
    OVERRULE = "overrule"
    WAIVE = "waive"


class Standpoint(StrEnum):
    """Whether a decision counts in this run."""

    APPLIED = "applied"
    STALE = "stale"  # the words or the provision's encoding changed since it was taken
    EXPIRED = "expired"  # a waiver past its last day
    REFUSED = "refused"  # a waiver that the profile forbids
    IDLE = "idle"  # nothing left to decide: what was waived is answered, or the provision is set aside


class Doubt(StrEnum):
    """Why a decision does not count."""

    UNBOUND = "unbound"  # written by hand, and not yet bound to the words
    ENCODING = "encoding"  # what the tool holds the provision to ask has changed
    CLAUSE_CHANGED = "clause-changed"  # a clause that was read has other words now, or is gone
    CLAUSE_ADDED = "clause-added"  # a clause that nobody read speaks to the provision now
    WORSE = "worse"  # a lesser shortfall was waived
    NEVER_WAIVE = "never-waive"
    MAX_WAIVERS = "max-waivers"


@dataclass(frozen=True, slots=True)
class ClauseMark:
    """A clause that a decision read: the fingerprint of its words; number and quote help a reader only."""

    words: str
    number: str = ""
    quote: str = ""
    bears: bool = False  # the person says that this clause bears the status


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of one provision, bound to the words read; `standing` and `now` are set by each run."""

    provision: str
    action: Action
    reason: str
    by: str
    on: date
    status: Status | None = None  # overrule: the right one
    reasons: tuple[Reason, ...] = ()  # overrule to partial: what is short
    said: Status | None = None  # what the tool said when it was decided
    expires: date | None = None  # waive: the last day on which it counts
    encoding: str = ""  # fingerprint of what the provision asks
    clauses: tuple[ClauseMark, ...] = ()
    standing: Standpoint = Standpoint.APPLIED
    doubts: tuple[Doubt, ...] = ()
    now: Status | None = None  # what the tool says in this run

    @property
    def waives(self) -> bool:
        """Whether the finding is set aside: shown, and counted neither for the exit status nor as open."""
        return self.action is Action.WAIVE and self.standing is Standpoint.APPLIED


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
    suggestion: Bilingual  # NOTE: empty; what would mend it is made by `suggest` when a report asks for it
    decision: Decision | None = None  # a person's; `status` is already what the person decided where it counts

    @property
    def waived(self) -> bool:
        return self.decision is not None and self.decision.waives

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
