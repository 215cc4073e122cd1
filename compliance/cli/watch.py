"""`check --watch`: judge again whenever a draft, or a decision on it, is saved, and print what changed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from compliance.audit import Auditor
from compliance.cli.decisions import Rulings, tell
from compliance.cli.drafts import say
from compliance.errors import ComplianceError, UsageError
from compliance.many import Task, judge
from compliance.model.judgement import Assessment, Decision, Status
from compliance.model.law import Language

PAUSE = 0.3  # seconds between two looks; a file counts as saved once two looks agree

_Mark = tuple[int, int, int] | None  # None while the file is missing, as while Word replaces it
_Marks = tuple[_Mark, _Mark]  # of the draft, of the decisions on it


def watch(engine: Auditor, tasks: Sequence[Task], lang: Language | None, rulings: Callable[[], Rulings]) -> None:
    """Print what each saving of a draft, or of the decisions on it, changes, until interrupted.

    Args:
        rulings: how decisions are read anew.

    Raises:
        UsageError: standard input is among the drafts.
    """
    if any(task.data is not None for task in tasks):
        raise UsageError("--watch needs files, not standard input")
    judged: dict[str, Assessment | None] = {}
    marks: dict[str, _Marks] = {}
    decided = {task.name: rulings().path(task.name) for task in tasks}
    for task in tasks:
        marks[task.name] = _marks(task.name, decided[task.name])
        judged[task.name] = _again(engine, task, None, lang, rulings())
    say("watching; Ctrl-C ends it")
    unsteady: dict[str, _Marks] = {}
    while True:
        time.sleep(PAUSE)
        for task in tasks:
            found = _marks(task.name, decided[task.name])
            if found[0] is None or found == marks[task.name]:
                unsteady.pop(task.name, None)
            elif unsteady.get(task.name) != found:
                unsteady[task.name] = found
            else:
                marks[task.name] = found
                judged[task.name] = _again(engine, task, judged[task.name], lang, rulings())


def _marks(draft: str, decided: Path) -> _Marks:
    return _mark(Path(draft)), _mark(decided)


def _mark(path: Path) -> _Mark:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _again(
    engine: Auditor, task: Task, before: Assessment | None, lang: Language | None, rulings: Rulings
) -> Assessment | None:
    """Judge, print, and return the new judgement; the old one stays while the draft or its decisions cannot be read."""
    outcome = judge(engine, task)
    try:
        if outcome.assessment is None:
            raise outcome.fault or AssertionError("a draft is judged or refused")
        settled = rulings.settle(outcome.assessment)
    except ComplianceError as error:
        print(f"compliance: {error}", file=sys.stderr)
        return before
    now = settled.assessment
    for line in lines(before, now, lang or now.language):
        print(line)
    sys.stdout.flush()
    tell([settled], lang, rulings.review)
    return now


def lines(before: Assessment | None, now: Assessment, lang: Language) -> list[str]:
    """What is said of a new judgement: the counts, and each provision whose status, or the decision on it, changed."""
    from compliance.decision_wording import line
    from compliance.reporters.terminal import STATUS

    column = 0 if lang is Language.FR else 1
    counts = {status: sum(finding.status is status for finding in now.findings) for status in Status}
    head = ", ".join(f"{STATUS[status][column]} {count}" for status, count in counts.items() if count)
    said = [f"{time.strftime('%H:%M:%S')} {now.document.path}: {head}"]
    old = {finding.provision.id: finding for finding in before.findings} if before else {}
    for finding in now.findings:
        was = old.get(finding.provision.id, finding)
        name, heading = finding.provision.id, finding.provision.heading.in_(lang)
        if was.status is not finding.status:
            change = f"{STATUS[was.status][column]} → {STATUS[finding.status][column]}"
            said.append(f"  {name:<18} {change}  {heading}")
        if finding.decision is not None and _told(finding.decision) != _told(was.decision):
            said.append(f"  {name:<18} {line(finding.decision, lang)}")
        elif was.decision is not None and finding.decision is None:
            said.append(f"  {name:<18} {('décision retirée', 'decision removed')[column]}  {heading}")
    if before and len(said) == 1:
        said.append("  aucun changement" if lang is Language.FR else "  nothing changed")
    return said


def _told(decision: Decision | None) -> Decision | None:
    """A decision without what follows from the draft's words alone."""
    return replace(decision, now=None, clauses=()) if decision else None
