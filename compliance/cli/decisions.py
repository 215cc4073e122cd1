"""People's decisions in every command: found beside the draft, laid over the findings, told on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from compliance.cli import settings
from compliance.decide import Decided, apply
from compliance.decision_wording import STANDING, why
from compliance.errors import Place, UsageError
from compliance.model.judgement import Assessment
from compliance.model.law import Instrument, Language

ReviewOption = Annotated[
    Path | None,
    typer.Option("--review", metavar="FILE", help="Decisions; by default compliance.review.yaml beside the draft."),
]
NoReviewOption = Annotated[bool, typer.Option("--no-review", help="Show what the tool says, without any decision.")]
StaleOption = Annotated[bool, typer.Option("--allow-stale", help="Let stale or refused decisions not fail the run.")]
TodayOption = Annotated[
    datetime | None,
    typer.Option("--today", formats=["%Y-%m-%d"], metavar="DAY", help="Day on which waivers and ages are judged."),
]


def day(today: datetime | None) -> date:
    return today.date() if today else date.today()


def settle(
    assessments: Iterable[Assessment],
    instruments: Sequence[Instrument],
    review: Path | None = None,
    today: date | None = None,
    ignored: bool = False,
) -> list[Decided]:
    """Lay the decisions on each draft over its assessment.

    Args:
        instruments: every instrument known.
        review: the file of decisions; None takes the one beside each draft, if there is one.
        ignored: leave decisions out.

    Raises:
        DataErrors: every fault of a file of decisions.
        UsageError: the file named is not there.
    """
    from compliance.load.review import ReviewFile, beside, load

    read: dict[Path, ReviewFile] = {}
    settled = []
    for assessment in assessments:
        path = review or beside(Path(assessment.document.path))
        if ignored or not _exists(path, named=review is not None):
            settled.append(Decided(assessment))
            continue
        if path not in read:
            read[path] = load(path, instruments)
        decisions = read[path].decisions if read[path].about(assessment.document.path) else ()
        settled.append(apply(assessment, decisions, today or date.today()))
    return settled


def _exists(path: Path, *, named: bool) -> bool:
    if path.is_file():
        return True
    # NOTE: the file that compliance.yaml names is written by the first decision; until then it may be missing.
    if named and path != settings.current().review:
        raise UsageError("no such file of decisions", Place(path))
    return False


def tell(settled: Iterable[Decided], language: Language | None = None) -> None:
    """Say on standard error which decisions do not count, and why."""
    for decided in settled:
        spoken = language or decided.assessment.language
        column = 0 if spoken is Language.FR else 1
        for decision in (*decided.refused, *decided.stale, *decided.expired):
            head = ("décision", "decision")[column]
            mark = ("\u00a0: ", ": ")[column]
            standing = STANDING[decision.standing][column]
            print(
                f"{decided.assessment.document.path}{mark}{decision.provision}, {head} {standing}"
                f" ({decision.by}, {decision.on}){mark}{why(decision, spoken)}",
                file=sys.stderr,
            )


def unsettled(settled: Iterable[Decided]) -> bool:
    """Whether a decision is stale or refused, which fails a run by default."""
    return any(decided.unsettled for decided in settled)
