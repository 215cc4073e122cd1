"""`check`, `explain` and `match`: verdicts on drafts, on one provision, on one sentence."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from compliance.cli import baselines, decisions, formats, options, settings
from compliance.cli import drafts as texts
from compliance.cli.options import FailOn
from compliance.cli.output import write_file
from compliance.errors import UsageError
from compliance.model.judgement import Assessment, Priority
from compliance.model.law import Language


def check(
    drafts: options.SomeDrafts = None,
    format: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            metavar="NAME",
            help="terminal (default), json, sarif, junit, github, csv, summary; several with a folder as --output.",
        ),
    ] = None,
    output: options.OutputOption = None,
    lang: options.LanguageOption = None,
    profile: options.ProfileOption = "generic",
    instrument: options.InstrumentOption = None,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="What makes the exit status 1.")] = FailOn.CONFLICT,
    min_priority: Annotated[Priority, typer.Option("--min-priority", help="Ignore findings below it.")] = Priority.LOW,
    all_: Annotated[bool, typer.Option("--all", "-a", help="List every provision (terminal).")] = False,
    quiet: options.QuietOption = False,
    review: decisions.ReviewOption = None,
    no_review: decisions.NoReviewOption = False,
    allow_stale: decisions.StaleOption = False,
    baseline: baselines.BaselineOption = None,
    write_baseline: baselines.WriteOption = None,
    prune_baseline: baselines.PruneOption = False,
    today: decisions.TodayOption = None,
    stdin_filename: options.StdinNameOption = None,
    jobs: options.JobsOption = None,
    timeout: options.TimeoutOption = None,
    resume: options.ResumeOption = None,
    dask: options.DaskOption = None,
    watch: options.WatchOption = False,
) -> None:
    """Judge each DRAFT against every duty of the conventions."""
    if prune_baseline and not baseline:
        raise UsageError("--prune-baseline needs --baseline")
    shown = formats.named(format)
    tasks = texts.gather(drafts or (), stdin_filename)
    engine = options.auditor(profile, instrument)
    if watch:
        from compliance.cli.watch import watch as watching

        watching(engine, tasks, lang)
    manner = texts.Manner(jobs, timeout, dask, resume, quiet)
    if resume:
        if baseline or write_baseline or review or shown not in (["terminal"], ["json"]):
            raise UsageError("--resume goes with the formats terminal and json, without baseline or decisions")
        raise typer.Exit(texts.resumed(engine, tasks, manner, shown[0], output, lang, fail_on, min_priority))
    assessments: list[Assessment] = []
    unread = 0
    for outcome in texts.outcomes(engine, tasks, manner):
        if outcome.assessment is not None:
            assessments.append(outcome.assessment)
        else:
            print(f"compliance: {outcome.fault}", file=sys.stderr)
            unread += 1
    settled = decisions.settle(assessments, engine.knowledge.instruments, review, decisions.day(today), no_review)
    assessments = [decided.assessment for decided in settled]
    if assessments and not quiet:
        formats.emit(assessments, shown, output, lang, all_)
    if assessments and not drafts:
        _write_outputs(assessments, lang)
    decisions.tell(settled, lang)
    if write_baseline and not unread:
        baselines.write(assessments, write_baseline, decisions.day(today))
        return
    counted = [(assessment, assessment.findings) for assessment in assessments]
    if baseline:
        counted = baselines.hold(assessments, baseline, decisions.day(today), lang, prune_baseline)
    if unread:
        raise typer.Exit(2)
    if any(options.counts(finding, fail_on, min_priority) for _, findings in counted for finding in findings):
        raise typer.Exit(1)
    if decisions.unsettled(settled) and not allow_stale:
        raise typer.Exit(1)


def _write_outputs(assessments: list[Assessment], lang: Language | None) -> None:
    """Write the reports that the settings ask for."""
    from compliance.reporters import reporter

    for wanted in settings.current().outputs:
        data = reporter(wanted.format).render(assessments, lang)
        wanted.path.parent.mkdir(parents=True, exist_ok=True)
        write_file(wanted.path, data)


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
