"""`compliance review`: a person confirms, overrules or waives what the tool says."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from compliance.cli import decisions, options, settings
from compliance.errors import ComplianceError, Place, UsageError
from compliance.model.judgement import Action, Assessment, Finding, Priority, Reason, Standpoint, Status
from compliance.model.law import Instrument, Language

if TYPE_CHECKING:
    from compliance.load.review import ReviewFile

app = typer.Typer(
    help="A person's decisions on the findings: list, confirm, overrule, waive, walk, bind, prune, stats.",
    no_args_is_help=True,
)

DraftOption = Annotated[
    Path | None, typer.Option("--draft", "-d", metavar="DRAFT", help="The draft; by default that of compliance.yaml.")
]
ProvisionArgument = Annotated[str, typer.Argument(metavar="ID", help="A provision, such as icrmw:28.")]
ReasonOption = Annotated[str | None, typer.Option("--reason", "-r", help="Why; kept with the decision.")]
ByOption = Annotated[
    str | None, typer.Option("--by", envvar="COMPLIANCE_BY", help="Who decides; by default git's user.name.")
]
ClauseOption = Annotated[
    list[str] | None,
    typer.Option("--clause", "-c", metavar="NAME", help="A clause that bears it: id, number or words; repeatable."),
]


Kind = TypeVar("Kind", bound=StrEnum)


class Format(StrEnum):
    TERMINAL = "terminal"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Desk:
    """One draft on the table: what the tool says of it, and its file of decisions."""

    assessment: Assessment
    instruments: tuple[Instrument, ...]
    path: Path
    file: ReviewFile | None  # None until the first decision

    @property
    def order(self) -> list[str]:
        return [unit.id for instrument in self.instruments for unit in instrument.provisions]

    def opened(self) -> ReviewFile:
        """The file, or an empty one ready to be written."""
        from compliance.load.review import loads, skeleton

        return self.file or loads(self.path, skeleton(self.instruments, self.assessment.language))


def _desk(draft: Path | None, review: Path | None, profile: str, must_exist: bool = False) -> Desk:
    from compliance.load.review import beside, load
    from compliance.readers import read

    engine = options.auditor(profile, None)
    draft = draft or _only_draft()
    path = review or beside(draft)
    if must_exist and not path.exists():
        raise UsageError(f"no decisions yet: '{path}' is not there", hint="take one with: compliance review walk")
    file = load(path, engine.knowledge.instruments) if path.exists() else None
    return Desk(engine.audit(read(draft)), engine.knowledge.instruments, path, file)


def _only_draft() -> Path:
    known = settings.current().drafts
    if len(known) == 1:
        return known[0]
    raise UsageError("which draft?", hint="name it with --draft" + (", compliance.yaml has several" if known else ""))


def _save(desk: Desk, change: Callable[[ReviewFile], ReviewFile]) -> Desk:
    """Change the file as it stands now: someone may have edited it since the desk was laid."""
    from compliance.cli.output import alone, write_file
    from compliance.load.review import load

    with alone(desk.path):
        now = load(desk.path, desk.instruments) if desk.path.exists() else None
        file = change(replace(desk, file=now).opened())
        write_file(desk.path, file.text.encode())
    return replace(desk, file=file)


def _name(by: str | None) -> str:
    """Who decides: as given, else as git knows them."""
    if by and by.strip():
        return by
    import subprocess

    try:
        found = subprocess.run(
            ["git", "config", "user.name"], capture_output=True, text=True, encoding="utf-8", timeout=10, check=False
        ).stdout.strip()
    except (OSError, ValueError, subprocess.SubprocessError):
        found = ""
    if not found:
        raise UsageError("who decides?", hint="give --by NAME, or set COMPLIANCE_BY")
    return found


def _decide(
    desk: Desk,
    provision: str,
    action: Action,
    reason: str | None,
    by: str,
    on: date,
    status: Status | None = None,
    clauses: list[str] | None = None,
    expires: date | None = None,
    short: list[Reason] | None = None,
) -> Desk:
    from compliance import review
    from compliance.load.review import put

    file = desk.opened()
    earlier = file.of(provision)
    if not reason and earlier is not None and earlier.action is action:
        reason = earlier.reason  # the same decision, taken again on the new words
    named = [review.clause_named(desk.assessment, name) for name in clauses or ()]
    decision = review.decide(
        desk.assessment,
        provision,
        action,
        reason=reason or "",
        by=by,
        on=on,
        status=status,
        short=short or (),
        clauses=named,
        expires=expires,
    )
    return _save(desk, partial(put, decision=decision, order=desk.order))


def _done(desk: Desk, provision: str) -> None:
    from compliance.decision_wording import line

    decision = desk.file.of(provision) if desk.file else None
    if decision is not None:
        typer.echo(f"{desk.path}: {provision}: {line(decision, desk.assessment.language)}", err=True)


@app.command()
def confirm(
    provision: ProvisionArgument,
    reason: ReasonOption = None,
    draft: DraftOption = None,
    by: ByOption = None,
    profile: options.ProfileOption = "generic",
    review: decisions.ReviewOption = None,
    today: decisions.TodayOption = None,
) -> None:
    """Agree with what the tool says of a provision."""
    desk = _desk(draft, review, profile)
    _done(_decide(desk, provision, Action.CONFIRM, reason, _name(by), decisions.day(today)), provision)


@app.command()
def overrule(
    provision: ProvisionArgument,
    status: Annotated[Status, typer.Option("--status", "-s", help="The right status.")],
    short: Annotated[
        list[Reason] | None, typer.Option("--short", help="With --status partial: what is short; repeatable.")
    ] = None,
    reason: ReasonOption = None,
    clause: ClauseOption = None,
    draft: DraftOption = None,
    by: ByOption = None,
    profile: options.ProfileOption = "generic",
    review: decisions.ReviewOption = None,
    today: decisions.TodayOption = None,
) -> None:
    """Give a provision its right status, and the clauses that bear it."""
    desk = _desk(draft, review, profile)
    on = decisions.day(today)
    desk = _decide(desk, provision, Action.OVERRULE, reason, _name(by), on, status, clause, short=short)
    _done(desk, provision)


@app.command()
def waive(
    provision: ProvisionArgument,
    until: Annotated[
        datetime, typer.Option("--until", formats=["%Y-%m-%d"], metavar="DAY", help="Last day on which it counts.")
    ],
    reason: ReasonOption = None,
    draft: DraftOption = None,
    by: ByOption = None,
    profile: options.ProfileOption = "generic",
    review: decisions.ReviewOption = None,
    today: decisions.TodayOption = None,
) -> None:
    """Accept a shortfall until a day; it stays shown, and fails no build till then."""
    desk = _desk(draft, review, profile)
    on = decisions.day(today)
    _refuse_waiver(desk, provision, on)
    _done(_decide(desk, provision, Action.WAIVE, reason, _name(by), on, expires=until.date()), provision)


def _refuse_waiver(desk: Desk, provision: str, on: date) -> None:
    """Raise where the profile forbids this waiver, or one more."""
    state = desk.assessment.profile
    if provision in state.never_waive:
        raise UsageError(f"the profile '{state.id}' forbids waiving {provision}", hint="confirm or overrule it")
    held = [one for one in desk.opened().decisions if one.action is Action.WAIVE and one.provision != provision]
    live = [one for one in held if one.expires is None or one.expires >= on]
    if state.max_waivers is not None and len(live) >= state.max_waivers:
        most = state.max_waivers
        raise UsageError(
            f"the profile '{state.id}' allows {most} waiver{'s' if most != 1 else ''}, and {len(live)} stand"
        )


@app.command("list")
def list_(
    draft: DraftOption = None,
    standing: Annotated[
        list[Standpoint] | None, typer.Option("--standing", help="Only decisions that stand so; repeatable.")
    ] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="terminal or json.")] = Format.TERMINAL,
    lang: options.LanguageOption = None,
    profile: options.ProfileOption = "generic",
    review: decisions.ReviewOption = None,
    today: decisions.TodayOption = None,
) -> None:
    """Show every decision on a draft, and whether it counts; exit status 1 when one is stale or refused."""
    from compliance.decide import apply
    from compliance.decision_wording import STANDING, line

    desk = _desk(draft, review, profile)
    decided = apply(desk.assessment, desk.file.decisions if desk.file else (), decisions.day(today))
    shown = [finding.decision for finding in decided.assessment.findings if finding.decision is not None]
    shown = [decision for decision in shown if not standing or decision.standing in standing]
    language = lang or desk.assessment.language
    if format is Format.JSON:
        import json

        from compliance.reporters.json import decision as plain

        rows = [{"provision": decision.provision, **plain(decision)} for decision in shown]
        _out(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for decision in shown:
            mark = STANDING[decision.standing][language is not Language.FR]
            _out(f"{decision.provision:<18}[{mark}] {line(decision, language)}")
        if not shown:
            _out("aucune décision" if language is Language.FR else "no decision")
    if decided.unsettled:
        raise typer.Exit(1)


@app.command()
def bind(
    draft: DraftOption = None,
    profile: options.ProfileOption = "generic",
    review: decisions.ReviewOption = None,
) -> None:
    """Bind decisions written by hand to the words of the draft as it stands."""
    from compliance import review as reviewing
    from compliance.load.review import put

    desk = _desk(draft, review, profile, must_exist=True)
    loose = [decision for decision in desk.opened().decisions if not reviewing.is_bound(decision)]
    faults: list[ComplianceError] = []
    for decision in loose:
        try:
            bound = reviewing.bind(desk.assessment, decision)
        except ComplianceError as error:  # the others are bound all the same
            faults.append(UsageError(f"{decision.provision}: {error.message}", Place(desk.path), error.hint))
            continue
        desk = _save(desk, partial(put, decision=bound, order=desk.order))
    typer.echo(f"{desk.path}: {len(loose) - len(faults)} bound", err=True)
    for fault in faults:
        typer.echo(f"compliance: {fault}", err=True)
    if faults:
        raise typer.Exit(2)


@app.command()
def prune(
    draft: DraftOption = None,
    stale: Annotated[bool, typer.Option("--stale", help="Remove stale decisions too.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Only tell what would go.")] = False,
    profile: options.ProfileOption = "generic",
    review: decisions.ReviewOption = None,
    today: decisions.TodayOption = None,
) -> None:
    """Remove what no longer serves: expired waivers, and decisions that have nothing left to decide."""
    from compliance.decide import apply
    from compliance.load.review import drop

    desk = _desk(draft, review, profile, must_exist=True)
    decided = apply(desk.assessment, desk.opened().decisions, decisions.day(today))
    gone = [*decided.expired, *decided.idle, *(decided.stale if stale else ())]
    for decision in gone:
        _out(f"{decision.provision:<18}{decision.standing}  {decision.by}, {decision.on}")
    if gone and not dry_run:
        _save(desk, partial(drop, provisions=[decision.provision for decision in gone]))


@app.command()
def stats(
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help="Files of decisions.")] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="terminal or json.")] = Format.TERMINAL,
    review: decisions.ReviewOption = None,
) -> None:
    """Count where people upheld the tool and where they overruled it, over one or many files."""
    from compliance.load.review import NAME, load
    from compliance.review import statistics

    paths = files or [review or Path(NAME)]
    for path in paths:
        if not path.is_file():
            raise UsageError(f"no such file of decisions as '{path}'")
    found = statistics(decision for path in paths for decision in load(path).decisions)
    if format is Format.JSON:
        import json
        from dataclasses import asdict

        _out(json.dumps({**asdict(found), "agreement": found.agreement}, ensure_ascii=False, indent=1))
        return
    rate = "–" if found.agreement is None else f"{found.agreement:.0%}"
    _out(f"confirmed {found.confirmed}, overruled {found.overruled}, waived {found.waived}; agreement {rate}")
    _out(f"overruled for the better {found.too_severe}, for the worse {found.too_lenient}")
    for name, confirmed, overruled in found.by_instrument:
        _out(f"  {name:<10} confirmed {confirmed}, overruled {overruled}")
    for said, status, times in found.table:
        _out(f"  {said:<14} → {status:<14} {times}")
    for one in found.disagreements:
        _out(f"{one.provision:<18}{one.said} → {one.status} ({one.times}): {one.reasons[0]}")


@app.command()
def walk(
    draft: DraftOption = None,
    by: ByOption = None,
    min_priority: Annotated[Priority, typer.Option("--min-priority", help="Skip findings below it.")] = Priority.LOW,
    status: Annotated[list[Status] | None, typer.Option("--status", help="Only findings of this status.")] = None,
    lang: options.LanguageOption = None,
    profile: options.ProfileOption = "generic",
    review: decisions.ReviewOption = None,
    today: decisions.TodayOption = None,
) -> None:
    """Go through the open findings one by one, with their words, and ask what you decide."""
    from compliance.decide import apply

    desk = _desk(draft, review, profile)
    on = decisions.day(today)
    name = _name(by)
    language = lang or desk.assessment.language
    say = _WALK[language]
    decided = apply(desk.assessment, desk.opened().decisions, on)
    open_ = [
        finding
        for finding in decided.assessment.findings
        if _is_open(finding, min_priority, status or (Status.CONFLICT, Status.PARTIAL, Status.GAP))
    ]
    open_.sort(key=lambda finding: (-options.RANK[finding.priority], finding.status is not Status.CONFLICT))
    for place, finding in enumerate(open_, 1):
        typer.echo(f"\n{place}/{len(open_)}")
        _show(desk.assessment, finding, language)
        taken = _ask(desk, finding, name, on, say)
        if taken is None:
            break
        desk = taken
    typer.echo(say["end"].format(count=len(desk.file.decisions) if desk.file else 0, path=desk.path))


def _is_open(finding: Finding, least: Priority, statuses: tuple[Status, ...] | list[Status]) -> bool:
    settled = finding.decision is not None and finding.decision.standing is Standpoint.APPLIED
    return not settled and finding.status in statuses and options.RANK[finding.priority] >= options.RANK[least]


def _show(assessment: Assessment, finding: Finding, language: Language) -> None:
    from compliance.decision_wording import STATUS, line

    text = assessment.document.text
    unit = finding.provision
    typer.secho(f"{unit.id}  {unit.heading.in_(language)}", bold=True)
    typer.echo(f"[{STATUS[finding.status][language is not Language.FR]}] {finding.message.in_(language)}")
    if unit.summary:
        typer.echo(unit.summary.in_(language))
    for item in finding.evidence:
        typer.echo(f"  › {item.clause.id} {item.clause.number} {' '.join(item.span.of(text).split())}")
    for near in finding.near_misses[:3] if not finding.evidence else ():
        typer.echo(f"  ? {near.clause.id} {near.clause.number} {' '.join(near.span.of(text).split())}")
    if finding.decision is not None:
        typer.secho(f"  {line(finding.decision, language)}", fg="magenta")


def _ask(desk: Desk, finding: Finding, name: str, on: date, say: dict[str, str]) -> Desk | None:
    """What the person decides of one finding; None to stop. A refused answer is asked again."""
    unit = finding.provision.id
    while True:
        answer = typer.prompt(say["ask"], default=say["skip"], show_default=False).strip().lower()[:1]
        try:
            match answer:
                case "q":
                    return None
                case "c":
                    return _decide(desk, unit, Action.CONFIRM, _reason(say), name, on)
                case "o" | "r":
                    status = _one_of(Status, typer.prompt(say["status"]), say)
                    short = []
                    if status is Status.PARTIAL:
                        names = typer.prompt(say["short"]).split(",")
                        short = [_one_of(Reason, one, say) for one in names]
                    asked = typer.prompt(say["clauses"], default="", show_default=False)
                    named = [part.strip() for part in asked.split(",") if part.strip()]
                    return _decide(desk, unit, Action.OVERRULE, _reason(say), name, on, status, named, short=short)
                case "w" | "d":
                    _refuse_waiver(desk, unit, on)
                    until = _day(typer.prompt(say["until"]), say)
                    return _decide(desk, unit, Action.WAIVE, _reason(say), name, on, expires=until)
                case "s" | "p" | "":
                    return desk
                case _:
                    raise UsageError(say["unknown"].format(text=answer))
        except ComplianceError as error:
            typer.secho(str(error), fg="red", err=True)


def _one_of(kind: type[Kind], text: str, say: dict[str, str]) -> Kind:
    """The status or reason that a person typed, or the beginning of it."""
    found = [one for one in kind if text.strip() and one.startswith(text.strip().lower())]
    if len(found) != 1:
        raise UsageError(say["unknown"].format(text=text.strip()))
    return found[0]


def _day(text: str, say: dict[str, str]) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(say["no-day"].format(text=text.strip())) from error


def _reason(say: dict[str, str]) -> str:
    return str(typer.prompt(say["reason"]))


_WALK = {
    Language.FR: {
        "ask": "[c]onfirmer, [r]ectifier, [d]ispenser, [p]asser, [q]uitter",
        "skip": "p",
        "status": "Statut exact (covered, partial, gap, conflict, not-applicable)",
        "short": "Ce qui manque (missing-element, persons, weak-commitment)",
        "clauses": "Clauses qui le portent, séparées par des virgules (vide\u00a0: celles de l’outil)",
        "until": "Dernier jour de la dispense (AAAA-MM-JJ)",
        "reason": "Motif",
        "unknown": "«\u00a0{text}\u00a0» n’est pas une des réponses possibles",
        "no-day": "«\u00a0{text}\u00a0» n’est pas un jour",
        "end": "{count} décisions dans {path}.",
    },
    Language.EN: {
        "ask": "[c]onfirm, [o]verrule, [w]aive, [s]kip, [q]uit",
        "skip": "s",
        "status": "Right status (covered, partial, gap, conflict, not-applicable)",
        "short": "What is short (missing-element, persons, weak-commitment)",
        "clauses": "Clauses that bear it, separated by commas (empty: those of the tool)",
        "until": "Last day of the waiver (YYYY-MM-DD)",
        "reason": "Reason",
        "unknown": "'{text}' is none of the answers",
        "no-day": "'{text}' is no day",
        "end": "{count} decisions in {path}.",
    },
}


def _out(text: str) -> None:
    print(text, file=sys.stdout)
