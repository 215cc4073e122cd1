"""`compliance diff`: what a revision opened, closed, weakened and strengthened."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from compliance import __version__
from compliance.audit import Auditor
from compliance.cli import decisions, options
from compliance.cli.options import FailOn
from compliance.errors import Place, ReadError
from compliance.model.judgement import Priority
from compliance.model.law import Language
from compliance.revision import REGRESSIONS, Revision, Version

_MOST = 200_000_000  # bytes of a JSON report


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The earlier draft, or its JSON report.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The later draft, or its JSON report.")],
    format: Annotated[str, typer.Option("--format", "-f", help="terminal, json, md, html or docx.")] = "terminal",
    output: options.OutputOption = None,
    lang: options.LanguageOption = None,
    profile: options.ProfileOption = "generic",
    instrument: options.InstrumentOption = None,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="The worst a provision may become before the exit status is 1.")
    ] = FailOn.CONFLICT,
    min_priority: Annotated[Priority, typer.Option("--min-priority", help="Ignore findings below it.")] = Priority.LOW,
    review: decisions.ReviewOption = None,
    no_review: decisions.NoReviewOption = False,
    today: decisions.TodayOption = None,
    quiet: options.QuietOption = False,
) -> None:
    """Compare two drafts, or the JSON report of either: what became covered, weakened, lost or contradicted."""
    from compliance.reporters import diff as reporters
    from compliance.revision import compare

    write = None if format == "terminal" else reporters.writer(format)
    engine = options.auditor(profile, instrument)
    on = decisions.day(today)
    sides = [_side(path, engine, review, no_review, on, aloud=path is new) for path in (old, new)]
    revision = compare(sides[0], sides[1], engine.instruments)
    language = lang or revision.new.language
    if write is None and output is None:
        if not quiet:
            reporters.show(revision, language)
    else:
        data = write(revision, language, __version__) if write else _plain(revision, language)
        _deliver(data, output, quiet)
    if regressed(revision, fail_on, min_priority):
        raise typer.Exit(1)


def regressed(revision: Revision, fail_on: FailOn, least: Priority) -> bool:
    """Whether a provision fell to a status at or above the threshold."""
    return any(
        change.kind in REGRESSIONS
        and change.after.status in options.FAILING[fail_on]
        and change.after.priority is not Priority.NONE
        and options.RANK[change.after.priority] >= options.RANK[least]
        and not change.after.waived
        for change in revision.changes
    )


def _side(path: Path, engine: Auditor, review: Path | None, ignored: bool, today: date, aloud: bool) -> Version:
    from compliance.readers import read
    from compliance.revision import of_assessment, of_report

    if path.suffix.lower() == ".json":
        return of_report(_report(path), str(path))
    assessment = engine.audit(read(path))
    settled = decisions.settle([assessment], engine.knowledge.instruments, review, today, ignored)
    if aloud:  # what is stale on the old text was settled in its time
        decisions.tell(settled)
    return of_assessment(settled[0].assessment)


def _report(path: Path) -> dict[str, object]:
    import json

    try:
        if path.stat().st_size > _MOST:
            raise ReadError(f"the report is larger than {_MOST // 1_000_000} MB", Place(path))
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise ReadError(f"the report cannot be read: {why}", Place(path)) from error
    if isinstance(data, dict) and "reports" in data:
        raise ReadError("the report is of several drafts", Place(path), "write one report a draft")
    if not isinstance(data, dict):
        raise ReadError("not a JSON report", Place(path))
    return data


def _plain(revision: Revision, language: Language) -> bytes:
    """The terminal's page as a text file."""
    import io

    from rich.console import Console

    from compliance.reporters import diff as reporters

    out = io.StringIO()
    reporters.show(revision, language, Console(file=out, width=100, highlight=False, no_color=True))
    return out.getvalue().encode()


def _deliver(data: bytes, output: Path | None, quiet: bool) -> None:
    from compliance.cli.output import write_file

    if output is not None:
        write_file(output, data)
    elif not quiet:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
