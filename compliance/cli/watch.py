"""`check --watch`: judge again whenever a draft is saved, and print what changed."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from compliance.audit import Auditor
from compliance.cli.drafts import say
from compliance.errors import UsageError
from compliance.many import Task, judge
from compliance.model.judgement import Assessment, Status
from compliance.model.law import Language

PAUSE = 0.3  # seconds between two looks; a file counts as saved once two looks agree

_Mark = tuple[int, int, int] | None  # None while the file is missing, as while Word replaces it


def watch(engine: Auditor, tasks: Sequence[Task], lang: Language | None) -> None:
    """Print what each saving changes, until interrupted.

    Raises:
        UsageError: standard input is among the drafts.
    """
    if any(task.data is not None for task in tasks):
        raise UsageError("--watch needs files, not standard input")
    judged: dict[str, Assessment | None] = {}
    marks: dict[str, _Mark] = {}
    for task in tasks:
        marks[task.name] = _mark(task.name)
        judged[task.name] = _again(engine, task, None, lang)
    say("watching; Ctrl-C ends it")
    unsteady: dict[str, _Mark] = {}
    while True:
        time.sleep(PAUSE)
        for task in tasks:
            mark = _mark(task.name)
            if mark is None or mark == marks[task.name]:
                unsteady.pop(task.name, None)
            elif unsteady.get(task.name) != mark:
                unsteady[task.name] = mark
            else:
                marks[task.name] = mark
                judged[task.name] = _again(engine, task, judged[task.name], lang)


def _mark(name: str) -> _Mark:
    try:
        found = Path(name).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _again(engine: Auditor, task: Task, before: Assessment | None, lang: Language | None) -> Assessment | None:
    """Judge, print, and return the new judgement; the old one stays while the draft cannot be read."""
    outcome = judge(engine, task)
    if outcome.assessment is None:
        print(f"compliance: {outcome.fault}", file=sys.stderr)
        return before
    for line in lines(before, outcome.assessment, lang or outcome.assessment.language):
        print(line)
    sys.stdout.flush()
    return outcome.assessment


def lines(before: Assessment | None, now: Assessment, lang: Language) -> list[str]:
    """What is said of a new judgement: the counts, and each provision whose status changed."""
    from compliance.reporters.terminal import STATUS

    column = 0 if lang is Language.FR else 1
    counts = {status: sum(finding.status is status for finding in now.findings) for status in Status}
    head = ", ".join(f"{STATUS[status][column]} {count}" for status, count in counts.items() if count)
    said = [f"{time.strftime('%H:%M:%S')} {now.document.path}: {head}"]
    old = {finding.provision.id: finding.status for finding in before.findings} if before else {}
    for finding in now.findings:
        was = old.get(finding.provision.id, finding.status)
        if was is not finding.status:
            change = f"{STATUS[was][column]} → {STATUS[finding.status][column]}"
            said.append(f"  {finding.provision.id:<18} {change}  {finding.provision.heading.in_(lang)}")
    if before and len(said) == 1:
        said.append("  aucun changement" if lang is Language.FR else "  nothing changed")
    return said
