"""The settings of one project, as its `compliance.yaml` gives them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

NAME = "compliance.yaml"


@dataclass(frozen=True, slots=True)
class Output:
    """A report to write beside what is shown."""

    format: str
    path: Path


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one project; None or empty where the file says nothing. Paths are ready to be opened."""

    path: Path | None = None  # the file; None without one
    drafts: tuple[Path, ...] = ()
    profile: str | None = None
    instruments: tuple[str, ...] = ()
    lang: str | None = None
    fail_on: str | None = None
    min_priority: str | None = None
    extra: tuple[Path, ...] = ()
    review: Path | None = None
    baseline: Path | None = None
    timeout: float | None = None
    jobs: int | None = None
    outputs: tuple[Output, ...] = ()
