"""What a State already does: measures, the challenges it names, and what people wrote in its action plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from compliance.model.law import Bilingual


class MeasureKind(StrEnum):
    LAW = "law"
    POLICY = "policy"
    INSTITUTION = "institution"
    PROGRAMME = "programme"
    AGREEMENT = "agreement"
    STUDY = "study"
    EVENT = "event"


class MeasureStatus(StrEnum):
    ACTIVE = "active"
    PLANNED = "planned"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing the State does, tied by a person to the provisions it serves."""

    id: str
    name: Bilingual
    kind: MeasureKind
    status: MeasureStatus
    source: str
    provisions: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()  # served as a whole (a ratification)
    date: str = ""  # year, year-month or year-month-day, as precise as the source
    legal_basis: str = ""
    body: Bilingual | None = None
    end: str = ""  # as `date`; when the measure stops or its funding does
    end_note: Bilingual | None = None
    note: Bilingual | None = None
    doubts: tuple[Bilingual, ...] = ()  # what the source contradicts or leaves open


@dataclass(frozen=True, slots=True)
class Challenge:
    """A difficulty that the State itself names."""

    text: Bilingual
    instruments: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    doubts: tuple[Bilingual, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """Every measure of one State, with where and when that was read."""

    state: Bilingual
    as_of: str
    source: str
    note: Bilingual | None
    measures: tuple[Measure, ...]
    challenges: tuple[Challenge, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject that cuts across instruments; `provisions` holds ids, or stems of ids ("icrmw:22")."""

    id: str
    title: Bilingual
    provisions: tuple[str, ...]

    def weight(self, provision_id: str) -> int:
        """Length of the longest stem that holds the provision; 0 when none does."""
        return max(
            (
                len(stem)
                for stem in self.provisions
                if provision_id == stem or provision_id.startswith((f"{stem}.", f"{stem}-"))
            ),
            default=0,
        )


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """What people wrote for one provision; empty where they wrote nothing."""

    action: str = ""
    body: str = ""
    indicator: str = ""
    deadline: str | date = ""
    progress: str = ""
    comment: str = ""
    extra: tuple[tuple[str, str | date], ...] = ()  # columns that people added, with their headers

    @property
    def written(self) -> bool:
        """Whether anything was written at all."""
        return any((self.action, self.body, self.indicator, self.deadline, self.progress, self.comment, self.extra))


@dataclass(frozen=True, slots=True)
class Plan:
    """A filled action plan, by provision id."""

    entries: Mapping[str, PlanEntry] = field(default_factory=dict)

    def entry(self, provision_id: str) -> PlanEntry:
        return self.entries.get(provision_id, PlanEntry())
