"""Evidence to findings: METHOD's decision table, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from compliance.model.judgement import Commitment, Direction, Evidence, Finding, Priority, Reason, Seen, Status
from compliance.model.law import Bilingual, Expected, Force, Instrument, Mode, Profile, Provision, Role
from compliance.model.reach import needed_sides, reach

# --- priority ----------------------------------------------------------------------------------------------------

_HIGH, _MEDIUM, _LOW, _NONE = Priority.HIGH, Priority.MEDIUM, Priority.LOW, Priority.NONE

# Rows: status; columns: core, supporting, general-law. For a treaty that binds the State (or whose force is unknown).
PRIORITY: Mapping[Status, Mapping[Expected, Priority]] = {
    Status.CONFLICT: {Expected.CORE: _HIGH, Expected.SUPPORTING: _HIGH, Expected.GENERAL_LAW: _HIGH},
    Status.GAP: {Expected.CORE: _HIGH, Expected.SUPPORTING: _MEDIUM, Expected.GENERAL_LAW: _LOW},
    Status.PARTIAL: {Expected.CORE: _MEDIUM, Expected.SUPPORTING: _LOW, Expected.GENERAL_LAW: _LOW},
}
_LOWERED = {_HIGH: _MEDIUM, _MEDIUM: _LOW, _LOW: _LOW, _NONE: _NONE}


def priority(provision: Provision, status: Status, force: Force) -> Priority:
    """How much a finding matters: status, expectation, then one step down for a treaty that does not bind."""
    row = PRIORITY.get(status)
    if row is None or provision.expected is None:
        return _NONE
    if status is Status.GAP and provision.mode is Mode.PERMISSIVE:
        return _NONE  # an option not taken up is no shortfall
    found = row[provision.expected]
    return _LOWERED[found] if force in (Force.NOT_RATIFIED, Force.SIGNED) else found


# --- status ------------------------------------------------------------------------------------------------------


def set_aside(provision: Provision, profile: Profile) -> bool:
    """Whether the State's profile takes the provision out of the audit."""
    if provision.part in profile.standing(provision.instrument).excluded:
        return True
    return not provision.bearers & profile.roles


@dataclass(frozen=True, slots=True)
class Verdict:
    status: Status
    reasons: tuple[Reason, ...]
    met: tuple[tuple[str, tuple[int, ...]], ...]
    evidence: tuple[Evidence, ...]


def verdict(
    provision: Provision,
    evidence: Iterable[Evidence],
    roles: frozenset[Role] = frozenset(Role),
    whole: bool | None = None,
) -> Verdict:
    """Decide the status of one provision from all that was seen.

    Conflict prevails. Evidence that protects nobody whom the provision protects is dropped. Elements add up over
    clauses; so do the persons reached.

    Args:
        whole: what weighing all the signals said of "is it answered whole?"; None leaves it to the table alone. Where
            the two differ, the weighing settles the status and the table gives the reasons.
    """
    sides = needed_sides(provision)
    if Role.ORIGIN not in roles:
        sides -= {"abroad"}
    if Role.EMPLOYMENT not in roles:
        sides -= {"here"}
    kept = [item for item in evidence if item.commitment is not Commitment.NONE and _relevant(provision, item, sides)]
    against = [item for item in kept if item.direction is Direction.AGAINST]
    supporting = [item for item in kept if item.direction is Direction.SUPPORTS]
    ordered = tuple(
        sorted(against, key=lambda item: -item.score)
        + sorted(supporting, key=lambda item: (-len(item.answers), -item.score, item.span))
    )
    met = tuple(
        (
            element.id,
            tuple(
                place
                for place, item in enumerate(ordered)
                if item.direction is Direction.SUPPORTS and element.id in item.answers
            ),
        )
        for element in provision.elements
    )
    if against:
        return Verdict(Status.CONFLICT, (), met, ordered)
    if not supporting:
        return Verdict(Status.GAP, (), met, ())
    reasons = _reasons(provision, supporting, met, ordered, sides)
    if whole and all(places for _, places in met):
        reasons = ()
    elif whole is False and not reasons and provision.mode is not Mode.PERMISSIVE:
        reasons, met = (Reason.MISSING_ELEMENT,), _least_sure_dropped(met, ordered)
    return Verdict(Status.PARTIAL if reasons else Status.COVERED, reasons, met, ordered)


_Met = tuple[tuple[str, tuple[int, ...]], ...]


def _least_sure_dropped(met: _Met, ordered: Sequence[Evidence]) -> _Met:
    """The elements met, without the one whose best passage is the weakest."""
    least = min(met, key=lambda pair: max(ordered[place].score for place in pair[1]))[0]
    return tuple((element, () if element == least else places) for element, places in met)


def _relevant(provision: Provision, item: Evidence, sides: frozenset[str]) -> bool:
    found = reach(provision, item.persons)
    return ("here" in sides and found.here) or ("abroad" in sides and found.abroad) or not sides


def _reasons(
    provision: Provision,
    supporting: Sequence[Evidence],
    met: Sequence[tuple[str, tuple[int, ...]]],
    ordered: Sequence[Evidence],
    sides: frozenset[str],
) -> tuple[Reason, ...]:
    reasons = []
    if any(not places for _, places in met):
        reasons.append(Reason.MISSING_ELEMENT)
    reached = [(reach(provision, item.persons), item) for item in supporting]
    wide = [found for found, _ in reached if not found.narrow]
    reached_sides = ({"here"} if any(f.here for f in wide) else set()) | (
        {"abroad"} if any(f.abroad for f in wide) else set()
    )
    # A permissive provision used for any of the persons is used (METHOD, ruling 5).
    if sides - reached_sides and provision.mode is not Mode.PERMISSIVE:
        reasons.append(Reason.PERSONS)
    if provision.mode not in (Mode.BEST_EFFORTS, Mode.PERMISSIVE):
        answered = [places for _, places in met if places]
        weak_element = any(all(ordered[place].commitment is Commitment.WEAK for place in places) for places in answered)
        weak_all = all(item.commitment is Commitment.WEAK for item in supporting)
        if weak_all or weak_element:
            reasons.append(Reason.WEAK_COMMITMENT)
    return tuple(reasons)


def findings(
    instruments: Sequence[Instrument],
    profile: Profile,
    seen: Mapping[str, Seen],
    by_reference: frozenset[str],
    explain: Callable[[Provision, Verdict], tuple[Bilingual, Bilingual]],
) -> tuple[Finding, ...]:
    """One finding for each auditable provision, in catalogue order.

    `by_reference` holds the instruments that the draft only promises to respect as a whole.
    """
    found = []
    for instrument in instruments:
        force = profile.standing(instrument.id).force
        for provision in instrument.provisions:
            if not provision.auditable:
                continue
            if set_aside(provision, profile):
                sight, result = Seen(), Verdict(Status.NOT_APPLICABLE, (), (), ())
            else:
                sight = seen.get(provision.id, Seen())
                result = verdict(provision, sight.evidence, profile.roles, sight.whole)
                if result.status is Status.GAP and instrument.id in by_reference:
                    result = Verdict(Status.GAP, (Reason.BY_REFERENCE,), result.met, ())
            gap = result.status is Status.GAP
            message, suggestion = explain(provision, result)
            found.append(
                Finding(
                    provision=provision,
                    status=result.status,
                    reasons=result.reasons,
                    priority=priority(provision, result.status, force),
                    met=result.met,
                    evidence=result.evidence,
                    near_misses=sight.near_misses if gap else (),
                    message=message,
                    suggestion=suggestion,
                )
            )
    return tuple(found)
