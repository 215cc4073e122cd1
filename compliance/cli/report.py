"""`compliance report`: the harmonisation report, as documents."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from compliance.cli import decisions, options, settings
from compliance.cli.output import write_file
from compliance.errors import Place, UsageError
from compliance.model.law import Instrument
from compliance.model.measure import Plan, Register, Theme
from compliance.resources import data_root
from compliance.view import Report

STDOUT = Path("-")
FORMATS = "docx, xlsx, html, md, pdf"


def report(
    draft: Annotated[Path, typer.Argument(metavar="DRAFT", help="Draft: docx, odt, rtf, pdf, html, md, txt.")],
    format: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            help=f"{FORMATS}; several with commas or repeated. By default docx, or what --output says.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="File, or folder for several formats; - for standard output. By default DRAFT-harmonisation.",
        ),
    ] = None,
    measures: Annotated[
        Path | None, typer.Option("--measures", metavar="FILE", help="Register of what the State already does (YAML).")
    ] = None,
    plan: Annotated[
        Path | None,
        typer.Option("--plan", metavar="FILE", help="A workbook filled by people: what they wrote is kept."),
    ] = None,
    lang: options.LanguageOption = None,
    profile: options.ProfileOption = "generic",
    instrument: options.InstrumentOption = None,
    review: decisions.ReviewOption = None,
    no_review: decisions.NoReviewOption = False,
    today: decisions.TodayOption = None,
    quiet: options.QuietOption = False,
) -> None:
    """Write the harmonisation report of DRAFT: table of concordance, summary, readiness, measures, action plan."""
    from compliance.readers import read
    from compliance.reporters import document_writer

    targets = _targets(draft, format or [], output)
    writers = [(document_writer(name), path) for name, path in targets]
    engine = options.auditor(profile, instrument)
    every = engine.knowledge.instruments
    # What is quick to refuse comes before the audit.
    register = _register(measures, every)
    filled = _plan(plan)
    themes = _themes(every)
    day = _day(today)
    assessment = engine.audit(read(draft))
    settled = decisions.settle([assessment], every, review, day, no_review)
    assessment = settled[0].assessment
    made = Report(assessment, lang or assessment.language, day, themes, register, filled)
    for writer, path in writers:
        data = writer.render(made)
        if path == STDOUT:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, data)
        if not quiet:
            print(path, file=sys.stderr)
    decisions.tell(settled, lang)


def _targets(draft: Path, formats: Sequence[str], output: Path | None) -> list[tuple[str, Path]]:
    """Each format with its file.

    Raises:
        UsageError: an unknown format, or several for one file.
    """
    from compliance.reporters import DOCUMENTS, document_writer

    wanted = list(dict.fromkeys(name.strip().lower() for given in formats for name in given.split(",") if name.strip()))
    for name in wanted:
        document_writer(name)  # an unknown one is refused before any work
    suffix = output.suffix.lower().lstrip(".") if output else ""
    folder = output is not None and output != STDOUT and (output.is_dir() or (not suffix and bool(wanted)))
    if not wanted:
        if output is not None and output != STDOUT and not folder and suffix not in DOCUMENTS:
            raise UsageError(f"'{output}' does not tell a format", hint=f"name it with --format, one of {FORMATS}")
        wanted = [suffix] if suffix in DOCUMENTS and not folder else ["docx"]
    if output is not None and not folder:
        if len(wanted) > 1:
            raise UsageError("several formats need a folder as --output", Place(output))
        return [(wanted[0], output)]
    base = output if output is not None else Path()
    stem = f"{draft.stem}-harmonisation"
    return [(name, base / f"{stem}.{name}") for name in wanted]


def _day(today: datetime | None) -> date:
    """The day that the report bears: the one given, else that of SOURCE_DATE_EPOCH, else this one."""
    stamp = os.environ.get("SOURCE_DATE_EPOCH", "")
    if today is None and stamp.isdecimal():
        return datetime.fromtimestamp(int(stamp), UTC).date()
    return decisions.day(today)


def _register(path: Path | None, instruments: Sequence[Instrument]) -> Register | None:
    from compliance.load.measures import load_register

    return load_register(path, instruments) if path else None


def _themes(instruments: Sequence[Instrument]) -> tuple[Theme, ...]:
    """The shipped themes, then those of the user's own folders."""
    from compliance.load.measures import load_themes, themes_files

    files = themes_files((data_root(), *settings.current().extra))
    return tuple(theme for file in files for theme in load_themes(file, instruments))


def _plan(path: Path | None) -> Plan:
    if path is None:
        return Plan()
    from compliance.load.plan import read_plan
    from compliance.reporters.xlsx import FILLED_COLUMNS, HEADERS

    headers = {
        text.casefold(): key for key, pair in HEADERS.items() for text in (" ".join(one.split()) for one in pair)
    }
    return read_plan(path, headers, frozenset(HEADERS) - frozenset(FILLED_COLUMNS))
