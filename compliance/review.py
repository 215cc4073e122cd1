"""What a person decides of a finding: made, bound to the words read, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from compliance.errors import UsageError
from compliance.model.judgement import Action, Assessment, ClauseMark, Decision, Finding, Reason, Status
from compliance.model.policy import BlockKind, Clause
from compliance.text import fingerprint

_QUOTE = 160  # characters of a clause kept for a reader of the file
BORNE = frozenset({Status.COVERED, Status.PARTIAL, Status.CONFLICT})
# From the worst to the best; a person who moves a finding to the right found the tool too severe.
RANK = {Status.CONFLICT: 0, Status.GAP: 1, Status.PARTIAL: 2, Status.COVERED: 3}


def finding_of(assessment: Assessment, provision: str) -> Finding:
    """The finding on one provision.

    Raises:
        UsageError: the assessment has none.
    """
    from difflib import get_close_matches

    known = {finding.provision.id: finding for finding in assessment.findings}
    if provision in known:
        return known[provision]
    near = get_close_matches(provision, known, n=1)
    raise UsageError(f"'{provision}' is no provision audited", hint=f"did you mean '{near[0]}'?" if near else None)


def clause_named(assessment: Assessment, name: str) -> Clause:
    """The one clause that a person means by an id ("c12"), a number ("4.1.2") or words of it.

    Raises:
        UsageError: no clause, or several.
    """
    text = assessment.document.text
    asked = fingerprint.words(name)
    tests = (
        lambda clause: clause.id == name.strip(),
        lambda clause: bool(clause.number) and clause.number.strip(" .)") == name.strip(" .)"),
        lambda clause: len(asked) > 1 and _holds(fingerprint.words(clause.span.of(text)), asked),
    )
    for test in tests:
        found = [clause for clause in assessment.clauses if test(clause)]
        if len(found) > 1:
            found = [clause for clause in found if clause.kind is not BlockKind.HEADING] or found
        if len(found) == 1:
            return found[0]
        if found:
            places = ", ".join(
                f"{clause.id} (line {assessment.document.line(clause.span.start)})" for clause in found[:5]
            )
            raise UsageError(f"'{name}' names {len(found)} clauses", hint=f"name one by its id: {places}")
    raise UsageError(f"no clause is named '{name}'", hint="give its id (c12), its number, or words of it")


def _holds(words: Sequence[str], asked: Sequence[str]) -> bool:
    return f" {' '.join(asked)} " in f" {' '.join(words)} "


def marks(assessment: Assessment, read: Iterable[Clause], bearing: Iterable[Clause]) -> tuple[ClauseMark, ...]:
    """The clauses as a decision keeps them, in reading order, each once."""
    bears = {clause.id for clause in bearing}
    wanted = bears | {clause.id for clause in read}
    found: dict[str, ClauseMark] = {}
    for clause in assessment.clauses:
        if clause.id in wanted:
            print_ = fingerprint.of_clause(assessment.document, clause)
            earlier = found.get(print_)
            found[print_] = ClauseMark(
                words=print_,
                number=earlier.number if earlier else clause.number,
                quote=earlier.quote if earlier else _short(clause.span.of(assessment.document.text)),
                bears=clause.id in bears or bool(earlier and earlier.bears),
            )
    return tuple(found.values())


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _QUOTE else words[: _QUOTE - 1].rsplit(" ", 1)[0] + "\u202f…"


def decide(
    assessment: Assessment,
    provision: str,
    action: Action,
    *,
    reason: str,
    by: str,
    on: date,
    status: Status | None = None,
    short: Sequence[Reason] = (),
    clauses: Sequence[Clause] = (),
    expires: date | None = None,
) -> Decision:
    """A decision bound to what the tool says now.

    Args:
        assessment: the tool's own, before any decision.
        short: what is short, where the right status is partial.
        clauses: those that bear an overruled status; by default those that the tool cites.

    Raises:
        UsageError: the parts do not fit together.
    """
    finding = finding_of(assessment, provision)
    cited = [item.clause for item in finding.evidence]
    if not reason.strip():
        raise UsageError("a decision needs a reason")
    if not by.strip():
        raise UsageError("a decision needs a name")
    if action is Action.OVERRULE:
        if status is None:
            raise UsageError("an overruled finding needs its right status")
        if status is finding.status:
            raise UsageError(f"the tool already says '{status}' of {provision}", hint="confirm it")
        if (status is Status.PARTIAL) != bool(short):
            what = "'partial' needs what is short" if not short else f"'{status}' has nothing short"
            raise UsageError(what, hint="--short persons, missing-element or weak-commitment, beside --status partial")
        if status in BORNE and not (clauses or cited):
            raise UsageError(f"no clause bears '{status}'", hint="name it with --clause")
    if action is Action.WAIVE:
        if expires is None:
            raise UsageError("a waiver needs a last day", hint="--until 2027-06-30")
        if expires < on:
            raise UsageError(f"the waiver would end on {expires}, before the day it is given ({on})")
        if finding.status in (Status.COVERED, Status.NOT_APPLICABLE):
            raise UsageError(f"{provision} is '{finding.status}': there is nothing to waive")
    bearing = list(clauses) or (cited if action is Action.OVERRULE and status in BORNE else [])
    return Decision(
        provision=provision,
        action=action,
        reason=reason.strip(),
        by=by.strip(),
        on=on,
        status=status if action is Action.OVERRULE else None,
        reasons=tuple(short) if action is Action.OVERRULE else (),
        said=finding.status,
        expires=expires if action is Action.WAIVE else None,
        encoding=fingerprint.of_provision(finding.provision),
        clauses=marks(assessment, [*cited, *clauses], bearing),
    )


def is_bound(decision: Decision) -> bool:
    return bool(decision.encoding and decision.said and all(mark.words for mark in decision.clauses))


def bind(assessment: Assessment, decision: Decision) -> Decision:
    """A decision written by hand, bound to the words of the clauses that it names and of those the tool cites.

    Raises:
        UsageError: a clause that it names is not in the draft.
    """
    finding = finding_of(assessment, decision.provision)
    cited = [item.clause for item in finding.evidence]
    named = [clause_named(assessment, mark.number or mark.quote) for mark in decision.clauses if not mark.words]
    prints = {mark.words: mark for mark in decision.clauses if mark.words}
    known = [clause for clause in assessment.clauses if fingerprint.of_clause(assessment.document, clause) in prints]
    bearing = named + [clause for clause in known if prints[fingerprint.of_clause(assessment.document, clause)].bears]
    return replace(
        decision,
        said=finding.status,
        encoding=fingerprint.of_provision(finding.provision),
        clauses=marks(assessment, [*cited, *named, *known], bearing if decision.action is Action.OVERRULE else ()),
    )


# --- where people disagree with the tool -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Disagreement:
    provision: str
    said: Status
    status: Status
    times: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Confirmed and overruled findings over one or many files; waivers accept a finding and count on neither side."""

    confirmed: int
    overruled: int
    waived: int
    too_severe: int  # the person's status is better than the tool's
    too_lenient: int
    table: tuple[tuple[Status, Status, int], ...]  # what the tool said, what a person said, how often
    by_instrument: tuple[tuple[str, int, int], ...]  # instrument, confirmed, overruled
    disagreements: tuple[Disagreement, ...]  # the most frequent first

    @property
    def agreement(self) -> float | None:
        judged = self.confirmed + self.overruled
        return self.confirmed / judged if judged else None


def statistics(decisions: Iterable[Decision]) -> Statistics:
    """Count where people upheld the tool and where they overruled it, as input to better rules."""
    table: Counter[tuple[Status, Status]] = Counter()
    sides: dict[str, list[int]] = {}
    reasons: dict[tuple[str, Status, Status], list[str]] = {}
    severe = lenient = waived = 0
    for decision in decisions:
        if decision.action is Action.WAIVE:
            waived += 1
        if decision.action is Action.WAIVE or decision.said is None:
            continue
        status = decision.status or decision.said
        table[decision.said, status] += 1
        row = sides.setdefault(decision.provision.partition(":")[0], [0, 0])
        row[decision.action is Action.OVERRULE] += 1
        if decision.action is Action.OVERRULE:
            reasons.setdefault((decision.provision, decision.said, status), []).append(decision.reason)
            if decision.said in RANK and status in RANK:
                severe += RANK[status] > RANK[decision.said]
                lenient += RANK[status] < RANK[decision.said]
    frequent = sorted(reasons.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return Statistics(
        confirmed=sum(row[0] for row in sides.values()),
        overruled=sum(row[1] for row in sides.values()),
        waived=waived,
        too_severe=severe,
        too_lenient=lenient,
        table=tuple((said, status, times) for (said, status), times in sorted(table.items())),
        by_instrument=tuple((name, row[0], row[1]) for name, row in sorted(sides.items())),
        disagreements=tuple(
            Disagreement(provision, said, status, len(texts), tuple(texts))
            for (provision, said, status), texts in frequent
        ),
    )
