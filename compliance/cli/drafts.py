"""From what was named on the command line to drafts judged: folders, standard input, many texts, progress."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance.audit import Auditor
from compliance.cli import options, settings
from compliance.cli.output import write_file
from compliance.errors import ComplianceError, Place, UsageError
from compliance.many import Done, Journal, Outcome, Task, judge, judge_all, open_journal, setup_of
from compliance.model.judgement import Priority
from compliance.model.law import Language

STDIN = Path("-")
DEFAULT_STDIN_NAME = "stdin.md"
UNREAD = 2  # exit status when a draft could not be judged
MANY_TIMEOUT = 120.0  # seconds a draft may take when several are judged; alone it may take for ever
_OFFICE_LOCK = "~$"  # what Word leaves beside an open file


@dataclass(frozen=True, slots=True)
class Manner:
    """How drafts are judged."""

    jobs: int | None = None
    timeout: float | None = None
    dask: str | None = None
    resume: Path | None = None
    quiet: bool = False


def gather(named: Sequence[Path], stdin_name: str | None) -> list[Task]:
    """The drafts named, folders replaced by the drafts in them, each once.

    Raises:
        UsageError: nothing to judge, a folder without drafts, or standard input named twice.
    """
    given = list(named) or list(settings.current().drafts)
    if not given:
        raise UsageError("no draft is named", hint="name a file or a folder, or list drafts in compliance.yaml")
    if given.count(STDIN) > 1:
        raise UsageError("standard input can be read once only")
    tasks: list[Task] = []
    seen: set[str] = set()
    for path in given:
        if path == STDIN:
            tasks.append(Task(len(tasks), stdin_name or DEFAULT_STDIN_NAME, sys.stdin.buffer.read()))
            continue
        for draft in _below(path) if path.is_dir() else (path,):
            if (key := os.path.normpath(draft)) not in seen:
                seen.add(key)
                tasks.append(Task(len(tasks), str(draft)))
    return tasks


def _below(folder: Path) -> Iterator[Path]:
    """The drafts of a folder at any depth, in order; what has another suffix is counted aloud."""
    from compliance.readers import READERS

    unreadable: list[OSError] = []
    found: list[Path] = []
    others = 0
    # NOTE: links to folders are not followed: they may lead round in a ring.
    for base, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith((".", _OFFICE_LOCK)) or name in _OURS:
                continue
            if Path(name).suffix.lower() in READERS:
                found.append(Path(base, name))
            else:
                others += 1
    if unreadable:
        raise UsageError(f"cannot be opened: {unreadable[0].strerror}", Place(unreadable[0].filename or folder))
    if others:
        say(f"{folder}: {others} file{'s' if others > 1 else ''} of other kinds left out")
    if not found:
        raise UsageError("no draft in this folder", Place(folder), f"known: {' '.join(READERS)}")
    yield from found


_OURS = frozenset({"compliance.yaml", "compliance.review.yaml"})


def say(message: str) -> None:
    """One line to the person, never among the results."""
    print(f"compliance: {message}", file=sys.stderr)


def outcomes(engine: Auditor, tasks: Sequence[Task], manner: Manner) -> Iterator[Outcome]:
    """Judge every draft; outcomes come in order.

    Raises:
        ComplianceError: no draft can be judged at all (no worker, no cluster).
    """
    timeout = manner.timeout or (MANY_TIMEOUT if len(tasks) > 1 else None)
    if timeout is None and manner.dask is None:
        yield from (judge(engine, task) for task in tasks)
        return
    setup = setup_of(engine, settings.current().extra)
    with _progress(len(tasks), manner.quiet) as done:
        if manner.dask is not None:
            from compliance import cluster

            yield from cluster.judge_all(manner.dask, setup, [_loaded(task) for task in tasks], timeout, done)
        else:
            jobs = manner.jobs or _cores()
            yield from judge_all(setup, tasks, jobs, timeout, done)


def reports(engine: Auditor, tasks: Sequence[Task], manner: Manner) -> Iterator[dict[str, Any] | ComplianceError]:
    """The JSON report of every draft, in order, or why there is none.

    What the journal of `resume` holds is not judged again.
    """
    from compliance.reporters import json

    assert manner.resume is not None
    journal = open_journal(manner.resume, setup_of(engine, settings.current().extra))
    known = {task.index: journal.reports.get((task.name, _sha256(task))) for task in tasks}
    left = [task for task in tasks if known[task.index] is None]
    if len(left) < len(tasks):
        say(f"{len(tasks) - len(left)} of {len(tasks)} drafts were judged before")
    fresh = _kept(outcomes(engine, left, manner), journal, json) if left else iter(())
    for task in tasks:
        yield known[task.index] or next(fresh)


def resumed(
    engine: Auditor,
    tasks: Sequence[Task],
    manner: Manner,
    format: str,
    output: Path | None,
    lang: Language | None,
    fail_on: options.FailOn,
    least: Priority,
) -> int:
    """Judge with a journal and write what it holds; the exit status."""
    found = []
    unread = 0
    for report in reports(engine, tasks, manner):
        if isinstance(report, ComplianceError):
            print(f"compliance: {report}", file=sys.stderr)
            unread += 1
        else:
            found.append(report)
    if found and not manner.quiet:
        if format == "json":
            from compliance.reporters.json import assembled

            emit(assembled(found), output)
        else:
            overview(found, lang)
    if unread:
        return UNREAD
    return int(any(options.counts_data(item, fail_on, least) for report in found for item in report["findings"]))


def emit(data: bytes, output: Path | None) -> None:
    """A report to its file, or to standard output."""
    if output is not None:
        write_file(output, data)
        return
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def overview(found: Sequence[dict[str, Any]], lang: Language | None) -> None:
    """One line a draft: how many provisions received each status."""
    from rich.table import Table
    from rich.text import Text

    from compliance.model.judgement import Status
    from compliance.reporters.terminal import STATUS, console

    spoken = lang or Language(found[0]["document"]["language"])
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", overflow="fold")
    for status in Status:
        table.add_column(STATUS[status][0 if spoken is Language.FR else 1], justify="right")
    for report in found:
        counts = report["summary"]["by_status"]
        table.add_row(Text(report["document"]["path"]), *(str(counts[str(status)]) for status in Status))
    console().print(table)


def _kept(found: Iterator[Outcome], journal: Journal, json: Any) -> Iterator[dict[str, Any] | ComplianceError]:
    for outcome in found:
        if outcome.assessment is None:
            assert outcome.fault is not None
            yield outcome.fault
            continue
        report = json.report(outcome.assessment)
        journal.keep(outcome.name, outcome.assessment.document.sha256, report)
        yield report


def _sha256(task: Task) -> str:
    data = task.data
    if data is None:
        try:
            data = Path(task.name).read_bytes()
        except (OSError, ValueError):
            return ""
    return hashlib.sha256(data).hexdigest()


def _loaded(task: Task) -> Task:
    """The task with its bytes; one that cannot be opened stays as it is and is refused by its reader."""
    if task.data is None:
        with suppress(OSError, ValueError):
            return Task(task.index, task.name, Path(task.name).read_bytes())
    return task


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _progress(total: int, quiet: bool) -> Iterator[Done]:
    """Counts drafts as they are done, on a terminal; silent elsewhere."""
    if quiet or total < 2 or not sys.stderr.isatty():
        yield lambda outcome: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        shown = bar.add_task("", total=total)
        yield lambda outcome: bar.update(shown, advance=1, description=Path(outcome.name).name)
