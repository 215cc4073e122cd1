"""`check`, `explain` and `match`: verdicts on drafts, on one provision, on one sentence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from compliance.cli import options
from compliance.cli.options import FailOn
from compliance.errors import ComplianceError, UsageError
from compliance.model.judgement import Assessment, Priority
from compliance.model.law import Language


def check(
    drafts: options.Drafts,
    format: Annotated[str, typer.Option("--format", "-f", help="terminal or json.")] = "terminal",
    output: options.OutputOption = None,
    lang: options.LanguageOption = None,
    profile: options.ProfileOption = "generic",
    instrument: options.InstrumentOption = None,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="What makes the exit status 1.")] = FailOn.CONFLICT,
    min_priority: Annotated[Priority, typer.Option("--min-priority", help="Ignore findings below it.")] = Priority.LOW,
    all_: Annotated[bool, typer.Option("--all", "-a", help="List every provision (terminal).")] = False,
    quiet: options.QuietOption = False,
) -> None:
    """Judge each DRAFT against every duty of the conventions."""
    from compliance.readers import read

    engine = options.auditor(profile, instrument)
    assessments: list[Assessment] = []
    unread = 0
    for path in drafts:
        try:
            assessments.append(engine.audit(read(path)))
        except ComplianceError as error:
            print(f"compliance: {error}", file=sys.stderr)
            unread += 1
    if assessments and not quiet:
        _print(assessments, format, output, lang, all_)
    if unread:
        raise typer.Exit(2)
    if any(options.fails(assessment, fail_on, min_priority) for assessment in assessments):
        raise typer.Exit(1)


def _print(
    assessments: list[Assessment], format: str, output: Path | None, lang: Language | None, everything: bool
) -> None:
    if format == "terminal" and output is None:
        from compliance.reporters import terminal

        terminal.show(assessments, lang, everything)
        return
    from compliance.reporters import reporter

    data = reporter(format).render(assessments, lang)
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        output.write_bytes(data)


def explain(
    provision: Annotated[str, typer.Argument(metavar="ID", help="A provision, such as icrmw:28.")],
    lang: options.LanguageOption = None,
) -> None:
    """Tell what one provision asks, how it is recognised, and show its model clause and examples."""
    from compliance.reporters import terminal

    terminal.explain(provision, lang or Language.FR)


def match(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="One sentence, in French or English.")],
    lang: options.LanguageOption = None,
    profile: options.ProfileOption = "generic",
) -> None:
    """Compare one sentence with all provisions, and give the reasons."""
    from compliance.reporters import terminal
    from compliance.selftest import one_clause
    from compliance.text import language

    if not text.strip():
        raise UsageError("the text is empty")
    spoken = language.of_text(text) or Language.FR
    assessment = options.auditor(profile, None).audit(one_clause(text), spoken)
    terminal.matches(assessment, lang or spoken)
