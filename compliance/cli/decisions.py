"""People's decisions in every command: found beside the draft, laid over the findings, told on standard error."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compliance.cli import settings
from compliance.decide import Decided, apply
from compliance.decision_wording import STANDING, why
from compliance.errors import Place, UsageError
from compliance.model.judgement import Action, Assessment, Decision, Doubt, Standpoint
from compliance.model.law import Instrument, Language

if TYPE_CHECKING:
    from compliance.load.review import ReviewFile

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


@dataclass(slots=True)
class Rulings:
    """How people's decisions are laid over the verdicts of one run; each file is read once."""

    instruments: Sequence[Instrument]  # every one known
    review: Path | None = None  # the file of decisions; None takes the one beside each draft, if there is one
    today: date | None = None
    ignored: bool = False  # leave decisions out
    _read: dict[Path, ReviewFile] = field(default_factory=dict)

    def path(self, draft: str) -> Path:
        """Where the decisions on a draft are, or would be."""
        from compliance.load.review import beside

        return self.review or beside(Path(draft))

    def on(self, draft: str) -> tuple[Decision, ...]:
        """The decisions on a draft.

        Raises:
            DataErrors: every fault of the file.
            UsageError: the file named is not there.
        """
        from compliance.load.review import load

        path = self.path(draft)
        if self.ignored or not _exists(path, named=self.review is not None):
            return ()
        if path not in self._read:
            self._read[path] = load(path, self.instruments)
        return self._read[path].decisions if self._read[path].about(draft) else ()

    def settle(self, assessment: Assessment) -> Decided:
        """The decisions on a draft laid over its assessment."""
        taken = self.on(assessment.document.path)
        return apply(assessment, taken, self._day) if taken else Decided(assessment)

    def mark(self, draft: str) -> str:
        """What changes whenever the decisions that count on a draft do; empty without any."""
        taken = [(repr(one), one.expires is not None and one.expires < self._day) for one in self.on(draft)]
        return sha256(repr(sorted(taken)).encode()).hexdigest()[:16] if taken else ""

    @property
    def _day(self) -> date:
        return self.today or date.today()


def settle(
    assessments: Iterable[Assessment],
    instruments: Sequence[Instrument],
    review: Path | None = None,
    today: date | None = None,
    ignored: bool = False,
) -> list[Decided]:
    """Lay the decisions on each draft over its assessment; the arguments are those of `Rulings`.

    Raises:
        DataErrors: every fault of a file of decisions.
        UsageError: the file named is not there.
    """
    rulings = Rulings(instruments, review, today, ignored)
    return [rulings.settle(assessment) for assessment in assessments]


def _exists(path: Path, *, named: bool) -> bool:
    if path.is_file():
        return True
    # NOTE: the file that compliance.yaml names is written by the first decision; until then it may be missing.
    if named and path != settings.current().review:
        raise UsageError("no such file of decisions", Place(path))
    return False


def tell(settled: Iterable[Decided], language: Language | None = None, review: Path | None = None) -> None:
    """Say on standard error which decisions do not count, and why."""
    for decided in settled:
        not_counted = (*decided.refused, *decided.stale, *decided.expired)
        _tell(decided.assessment.document.path, not_counted, language or decided.assessment.language, review)


def tell_report(report: Mapping[str, Any], language: Language | None = None, review: Path | None = None) -> bool:
    """As `tell`, of a JSON report; whether a decision is stale or refused."""
    taken = {standing: list[Decision]() for standing in Standpoint}
    for finding in report["findings"]:
        if data := finding.get("decision"):
            taken[Standpoint(data["standing"])].append(_decision(finding["provision"], data))
    not_counted = [*taken[Standpoint.REFUSED], *taken[Standpoint.STALE], *taken[Standpoint.EXPIRED]]
    document = report["document"]
    _tell(document["path"], not_counted, language or Language(document["language"]), review)
    return bool(taken[Standpoint.REFUSED] or taken[Standpoint.STALE])


def _decision(provision: str, data: Mapping[str, Any]) -> Decision:
    """What a JSON report keeps of a decision that is worth telling."""
    return Decision(
        provision=provision,
        action=Action(data["action"]),
        reason=data["reason"],
        by=data["by"],
        on=date.fromisoformat(data["on"]),
        expires=date.fromisoformat(data["expires"]) if data["expires"] else None,
        standing=Standpoint(data["standing"]),
        doubts=tuple(Doubt(doubt) for doubt in data["doubts"]),
    )


def _tell(draft: str, not_counted: Sequence[Decision], spoken: Language, review: Path | None) -> None:
    column = 0 if spoken is Language.FR else 1
    mark = ("\u00a0: ", ": ")[column]
    for decision in not_counted:
        head = ("décision", "decision")[column]
        standing = STANDING[decision.standing][column]
        print(
            f"{draft}{mark}{decision.provision}, {head} {standing}"
            f" ({decision.by}, {decision.on}){mark}{why(decision, spoken)}",
            file=sys.stderr,
        )
    if any(Doubt.UNBOUND in decision.doubts for decision in not_counted):
        advice = ("pour lier au texte ce qui est écrit à la main", "to bind what is written by hand to the text")
        print(f"{draft}{mark}{advice[column]}{mark}{bind_command(draft, review)}", file=sys.stderr)


def bind_command(draft: str, review: Path | None) -> str:
    """The command that binds the decisions on this draft, ready for a shell."""
    words = ["compliance", "review", "bind", "--draft", draft]
    if review is not None and review != settings.current().review:
        words += ["--review", str(review)]
    return shlex.join(words)


def unsettled(settled: Iterable[Decided]) -> bool:
    """Whether a decision is stale or refused, which fails a run by default."""
    return any(decided.unsettled for decided in settled)
