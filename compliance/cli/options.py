"""Options that mean the same in every command, and what they stand for."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from compliance import resources
from compliance.audit import Auditor
from compliance.errors import UsageError
from compliance.model.judgement import Assessment, Priority, Status
from compliance.model.law import Instrument, Language, Profile

Drafts = Annotated[list[Path], typer.Argument(metavar="DRAFT...", help="Drafts: docx, odt, rtf, pdf, html, md, txt.")]
ProfileOption = Annotated[str, typer.Option("--profile", help="State profile: an id (mli, generic) or a YAML file.")]
InstrumentOption = Annotated[
    list[str] | None, typer.Option("--instrument", help="Audit only this instrument (icrmw, c097, c143); repeatable.")
]
LanguageOption = Annotated[
    Language | None, typer.Option("--lang", help="Language of the report; by default that of the draft.")
]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of standard output.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]


class FailOn(StrEnum):
    CONFLICT = "conflict"
    GAP = "gap"
    PARTIAL = "partial"
    NEVER = "never"


# What each threshold counts as a finding.
_FAILING = {
    FailOn.CONFLICT: {Status.CONFLICT},
    FailOn.GAP: {Status.CONFLICT, Status.GAP},
    FailOn.PARTIAL: {Status.CONFLICT, Status.GAP, Status.PARTIAL},
    FailOn.NEVER: set(),
}
_RANK = {Priority.HIGH: 3, Priority.MEDIUM: 2, Priority.LOW: 1, Priority.NONE: 0}


def fails(assessment: Assessment, fail_on: FailOn, least: Priority) -> bool:
    """Whether a finding stands at or above the threshold; an option not taken up never does."""
    return any(
        finding.status in _FAILING[fail_on]
        and finding.priority is not Priority.NONE
        and _RANK[finding.priority] >= _RANK[least]
        for finding in assessment.findings
    )


def auditor(profile: str, instruments: list[str] | None) -> Auditor:
    """The engine for these options.

    Raises:
        UsageError: an unknown instrument.
        DataErrors: a fault in the data or the profile.
    """
    from compliance.load import compiled

    knowledge = compiled.load()
    known = [instrument.id for instrument in knowledge.instruments]
    for name in instruments or ():
        if name not in known:
            raise UsageError(f"unknown instrument {name!r}", hint=f"one of {', '.join(known)}")
    return Auditor(knowledge, load_profile(profile, knowledge.instruments), tuple(instruments or ()))


def load_profile(name: str, instruments: Iterable[Instrument]) -> Profile:
    """The profile named by id or file; `generic` needs no file.

    Raises:
        UsageError: no such profile.
        DataErrors: every fault of its file.
    """
    from compliance.load import profile

    if name == "generic":
        return profile.generic()
    return profile.load_profile(profile.profile_path(name, [resources.data_root()]), instruments)
