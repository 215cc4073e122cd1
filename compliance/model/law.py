"""Instruments, their provisions, and where a State stands towards them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Language(StrEnum):
    FR = "fr"
    EN = "en"


class Mode(StrEnum):
    """How hard a provision binds."""

    DUTY = "duty"
    PROHIBITION = "prohibition"
    BEST_EFFORTS = "best-efforts"
    PERMISSIVE = "permissive"


class Role(StrEnum):
    """The capacity in which a State is bound (a provision's bearers)."""

    ORIGIN = "origin"
    EMPLOYMENT = "employment"
    TRANSIT = "transit"


class Protected(StrEnum):
    """Whom a provision protects (column `persons` of the unit list)."""

    ALL = "all"
    REGULAR = "regular"
    IRREGULAR = "irregular"
    NATIONALS = "nationals"
    RETURNEES = "returnees"
    FAMILY = "family"
    CHILDREN = "children"
    FRONTIER = "frontier"
    SEASONAL = "seasonal"
    ITINERANT = "itinerant"
    PROJECT_TIED = "project-tied"
    SPECIFIED_EMPLOYMENT = "specified-employment"
    SELF_EMPLOYED = "self-employed"
    PERMANENT = "permanent"
    GROUP = "group"
    EMPLOYERS = "employers"
    COMMUNITY = "community"  # citizens of the States of a regional community


class Expected(StrEnum):
    """How much a migration policy is expected to say on it."""

    CORE = "core"
    SUPPORTING = "supporting"
    GENERAL_LAW = "general-law"


class Force(StrEnum):
    """Legal force of an instrument for a State on the day of the audit."""

    IN_FORCE = "in-force"
    RATIFIED_NOT_IN_FORCE = "ratified-not-in-force"
    SIGNED = "signed"
    NOT_RATIFIED = "not-ratified"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same text in French and English."""

    fr: str
    en: str

    def in_(self, language: Language) -> str:
        return self.fr if language is Language.FR else self.en


@dataclass(frozen=True, slots=True)
class Element:
    """One thing without which the provision loses its point; `id` is unique within it."""

    id: str
    summary: Bilingual


@dataclass(frozen=True, slots=True)
class CounterClause:
    """The model clause negated or narrowed, and the status it must receive."""

    text: Bilingual
    status: str  # "conflict" or "partial"; "gap" where no clause could breach the provision


@dataclass(frozen=True, slots=True)
class Provision:
    """The smallest numbered unit of an instrument; ids are those of the public unit list."""

    id: str
    instrument: str
    part: str
    heading: Bilingual
    auditable: bool
    reason: Bilingual | None = None  # why it is not auditable
    mode: Mode | None = None
    bearers: frozenset[Role] = frozenset()
    persons: Protected | None = None
    expected: Expected | None = None
    summary: Bilingual | None = None
    elements: tuple[Element, ...] = ()
    related: tuple[str, ...] = ()
    model_clause: Bilingual | None = None
    counter_clause: CounterClause | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A Part or Annex; `excludable` when a State may leave it out on ratification."""

    id: str
    title: Bilingual
    excludable: bool = False


@dataclass(frozen=True, slots=True)
class Instrument:
    id: str
    title: Bilingual
    short: Bilingual
    adopted: date
    place: Bilingual
    in_force: date
    authentic_languages: tuple[str, ...]
    parts: tuple[Part, ...]
    links: tuple[str, ...]  # the official texts
    provisions: tuple[Provision, ...]
    max_excluded: int | None = None  # how many parts may be left out; None: every excludable one
    exclusion: Bilingual | None = None  # what the instrument itself says of that, with its Article

    def provision(self, provision_id: str) -> Provision:
        for provision in self.provisions:
            if provision.id == provision_id:
                return provision
        raise KeyError(provision_id)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one State stands towards one instrument, with where that was read."""

    force: Force
    since: date | None = None  # accession or ratification deposited
    excluded: tuple[str, ...] = ()  # ids of Parts or Annexes left out
    reservations: tuple[str, ...] = ()
    source: str = ""
    read: date | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A State on the day of the audit; `generic` has every role and unknown force."""

    id: str
    state: Bilingual
    as_of: date | None
    roles: frozenset[Role]
    standings: dict[str, Standing]
    never_waive: tuple[str, ...] = ()
    max_waivers: int | None = None

    def standing(self, instrument: str) -> Standing:
        return self.standings.get(instrument, Standing(Force.UNKNOWN))
