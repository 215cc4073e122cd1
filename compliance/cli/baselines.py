"""`check --baseline` and `--write-baseline`: only new or worse shortfalls count."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compliance import __version__
from compliance.cli import settings
from compliance.cli.output import write_file
from compliance.errors import Place, UsageError
from compliance.model.judgement import Assessment, Finding
from compliance.model.law import Language

if TYPE_CHECKING:
    from compliance.baseline import Held

BaselineOption = Annotated[
    Path | None, typer.Option("--baseline", metavar="FILE", help="Fail only on shortfalls new or worse than in FILE.")
]
WriteOption = Annotated[
    Path | None, typer.Option("--write-baseline", metavar="FILE", help="Record today's shortfalls in FILE; exit 0.")
]
PruneOption = Annotated[
    bool, typer.Option("--prune-baseline", help="Drop from the baseline what no longer applies, and tighten the rest.")
]


def write(assessments: Sequence[Assessment], path: Path, today: date) -> None:
    """Record the shortfalls of these drafts; those of other drafts, and the first day of known ones, are kept."""
    from compliance import baseline

    earlier = dict(baseline.load(path).drafts) if path.exists() else {}
    for assessment in assessments:
        name = baseline.key(assessment.document.path, path)
        earlier[name] = baseline.record(assessment, today, earlier.get(name, ()))
    write_file(path, baseline.render(baseline.Baseline(earlier), __version__))


def hold(
    assessments: Sequence[Assessment], path: Path, today: date, lang: Language | None, prune: bool = False
) -> list[tuple[Assessment, tuple[Finding, ...]]]:
    """Hold each draft against a baseline, tell on standard error what differs, and give the findings that count.

    Raises:
        UsageError: the baseline is not there, or `prune` is asked without one.
        DataErrors: every fault of the file.
    """
    from compliance import baseline

    if not path.is_file():
        config = settings.current()
        place = Place(config.path) if config.path and path == config.baseline else None
        raise UsageError(f"no such baseline as '{path}'", place, "record one with --write-baseline")
    found = baseline.load(path)
    kept = dict(found.drafts)
    counted = []
    for assessment in assessments:
        name = baseline.key(assessment.document.path, path)
        entries = found.of(name)
        held = baseline.hold(assessment, entries)
        _tell(assessment, held, today, lang or assessment.language)
        counted.append((assessment, held.failing))
        if prune:
            key = name if name in kept or len(kept) != 1 else next(iter(kept))
            kept[key] = baseline.prune(assessment, entries)
    if prune and kept != found.drafts:
        write_file(path, baseline.render(baseline.Baseline(kept), __version__))
    return counted


_SHOWN = 5  # ids named of the shortfalls that are as old as each other
_TEXT = {
    "new": ("nouveau", "new"),
    "worse": ("aggravé", "worse"),
    "since": ("déjà connus depuis le", "known since"),
    "days": ("jours", "days"),
    "better": ("en progrès depuis", "improved since"),
    "tighten": ("--prune-baseline en prend acte", "--prune-baseline takes note of it"),
    "gone": ("ne s’applique plus", "no longer applies"),
    "prune": ("à retirer par --prune-baseline", "remove with --prune-baseline"),
}


def _tell(assessment: Assessment, held: Held, today: date, lang: Language) -> None:
    column = 0 if lang is Language.FR else 1
    say = {key: words[column] for key, words in _TEXT.items()}
    mark = ("\u00a0: ", ": ")[column]
    lines = [f"{finding.provision.id} [{say['new']}] {finding.provision.heading.in_(lang)}" for finding in held.new]
    lines += [
        f"{finding.provision.id} [{say['worse']}] {finding.provision.heading.in_(lang)}" for finding in held.worse
    ]
    by_day: dict[date, list[str]] = {}
    for finding, entry in held.known:
        by_day.setdefault(entry.since, []).append(finding.provision.id)
    for since, ids in sorted(by_day.items()):
        age = f"{say['since']} {since} ({max(0, (today - since).days)} {say['days']})"
        shown = ", ".join(ids[:_SHOWN]) + (", …" if len(ids) > _SHOWN else "")
        lines.append(f"{age}{mark}{len(ids)} ({shown})")
    if held.improved:
        lines.append(f"{say['better']}{mark}{len(held.improved)} – {say['tighten']}")
    lines += [
        f"{entry.provision} {say['gone']} ({entry.status}, {entry.since}, {entry.age(today)} {say['days']})"
        f" – {say['prune']}"
        for entry in held.obsolete
    ]
    for line in lines:
        print(f"{assessment.document.path}{mark}{line}", file=sys.stderr)
