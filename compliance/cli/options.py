"""Options that mean the same in every command, and what they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from compliance import resources
from compliance.audit import Auditor
from compliance.cli import settings
from compliance.errors import UsageError
from compliance.model.judgement import Action, Assessment, Finding, Priority, Standpoint, Status
from compliance.model.law import Instrument, Language, Profile


def complete_profile(incomplete: str) -> list[str]:
    """Profiles whose id begins so, for the shell."""
    folders = (resources.data_root(), *settings.current().extra)
    known = {path.stem for folder in folders for path in (folder / "conventions" / "states").glob("*.yaml")}
    return sorted(name for name in known | {"generic"} if name.startswith(incomplete))


def complete_instrument(incomplete: str) -> list[str]:
    """Instruments whose id begins so, for the shell."""
    folders = (resources.data_root(), *settings.current().extra)
    known = {path.parent.name for folder in folders for path in (folder / "conventions").glob("*/instrument.yaml")}
    return sorted(name for name in known if name.startswith(incomplete))


def complete_provision(incomplete: str) -> list[str]:
    """Provisions whose id begins so, for the shell."""
    from compliance.load import compiled

    known = (unit.id for one in compiled.load().instruments for unit in one.provisions)
    return [name for name in known if name.startswith(incomplete)]


Drafts = Annotated[list[Path], typer.Argument(metavar="DRAFT...", help="Drafts: docx, odt, rtf, pdf, html, md, txt.")]
SomeDrafts = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[DRAFT]...",
        help="Drafts (docx, odt, rtf, pdf, html, md, txt), folders of drafts, or - for standard input; "
        "by default those of compliance.yaml.",
    ),
]
StdinNameOption = Annotated[
    str | None, typer.Option("--stdin-filename", metavar="NAME", help="Name, and so the format, of what - reads.")
]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, help="Drafts judged at the same time; by default one a core.")
]
TimeoutOption = Annotated[
    float | None,
    typer.Option("--timeout", min=0.001, metavar="SECONDS", help="Time a draft may take; 120 when there are several."),
]
ResumeOption = Annotated[
    Path | None,
    typer.Option("--resume", metavar="FILE", help="Keep what was judged in FILE, and take it up there after a stop."),
]
DaskOption = Annotated[
    str | None, typer.Option("--dask", metavar="ADDRESS", help="Judge on the Dask cluster of this scheduler.")
]
ListOption = Annotated[bool, typer.Option("--list", help="Name the drafts that would be judged, and judge none.")]
WatchOption = Annotated[bool, typer.Option("--watch", help="Judge again at each saving, and print what changed.")]
ProfileOption = Annotated[
    str,
    typer.Option(
        "--profile", help="State profile: an id (mli, generic) or a YAML file.", autocompletion=complete_profile
    ),
]
InstrumentOption = Annotated[
    list[str] | None,
    typer.Option(
        "--instrument",
        help="Audit only this instrument (icrmw, c097, c143); repeatable.",
        autocompletion=complete_instrument,
    ),
]
LanguageOption = Annotated[
    Language | None, typer.Option("--lang", help="Language of the report; by default that of the draft.")
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file instead of standard output.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]


class FailOn(StrEnum):
    CONFLICT = "conflict"
    GAP = "gap"
    PARTIAL = "partial"
    NEVER = "never"


# What each threshold counts as a finding.
FAILING = {
    FailOn.CONFLICT: {Status.CONFLICT},
    FailOn.GAP: {Status.CONFLICT, Status.GAP},
    FailOn.PARTIAL: {Status.CONFLICT, Status.GAP, Status.PARTIAL},
    FailOn.NEVER: set(),
}
RANK = {Priority.HIGH: 3, Priority.MEDIUM: 2, Priority.LOW: 1, Priority.NONE: 0}


def fails(assessment: Assessment, fail_on: FailOn, least: Priority) -> bool:
    """Whether a finding stands at or above the threshold; an option not taken up never does."""
    return any(counts(finding, fail_on, least) for finding in assessment.findings)


def counts(finding: Finding, fail_on: FailOn, least: Priority) -> bool:
    """Whether this finding stands at or above the threshold; one that a person waived does not."""
    return (
        finding.status in FAILING[fail_on]
        and finding.priority is not Priority.NONE
        and RANK[finding.priority] >= RANK[least]
        and not finding.waived
    )


def counts_data(finding: Mapping[str, Any], fail_on: FailOn, least: Priority) -> bool:
    """As `counts`, of a finding in a JSON report."""
    priority = Priority(finding["priority"])
    decision = finding.get("decision") or {}
    return (
        Status(finding["status"]) in FAILING[fail_on]
        and priority is not Priority.NONE
        and RANK[priority] >= RANK[least]
        and not (decision.get("action") == Action.WAIVE and decision.get("standing") == Standpoint.APPLIED)
    )


def auditor(profile: str, instruments: list[str] | None) -> Auditor:
    """The engine for these options.

    Raises:
        UsageError: an unknown instrument.
        DataErrors: a fault in the data or the profile.
    """
    from compliance.load import compiled

    knowledge = compiled.load(settings.current().extra)
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

    if name == profile.GENERIC:
        return profile.generic()
    return profile.load_profile(
        profile.profile_path(name, [resources.data_root(), *settings.current().extra]), instruments
    )
