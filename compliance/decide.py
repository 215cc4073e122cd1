"""People's decisions laid over the tool's findings: which count, which are stale, and what the findings become."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from compliance.assess import priority
from compliance.decision_wording import STATUS
from compliance.model.judgement import (
    Action,
    Assessment,
    Commitment,
    Decision,
    Direction,
    Doubt,
    Evidence,
    Finding,
    NearMiss,
    Reason,
    Standpoint,
    Status,
)
from compliance.model.law import Bilingual, Protected
from compliance.model.policy import Clause
from compliance.review import BORNE, RANK, is_bound
from compliance.text import fingerprint


@dataclass(frozen=True, slots=True)
class Decided:
    """An assessment after people's decisions; every decision stands in exactly one of the lists."""

    assessment: Assessment
    applied: tuple[Decision, ...] = ()
    stale: tuple[Decision, ...] = ()
    expired: tuple[Decision, ...] = ()
    refused: tuple[Decision, ...] = ()
    idle: tuple[Decision, ...] = ()

    @property
    def unsettled(self) -> bool:
        """Whether a decision must be taken again, or may not stand; this fails a build."""
        return bool(self.stale or self.refused)


def apply(assessment: Assessment, decisions: Iterable[Decision], today: date) -> Decided:
    """Lay decisions over an assessment.

    Args:
        assessment: the tool's own.
        decisions: at most one a provision; those on provisions that the assessment has not are left out.
        today: the day on which waivers are judged; a waiver counts on its last day still.

    Returns:
        The assessment, its findings carrying every decision whether it counts or not, and the decisions by standing.
    """
    by_id = {decision.provision: decision for decision in decisions}
    prints: dict[str, list[Clause]] = {}
    if by_id:
        for clause in assessment.clauses:
            prints.setdefault(fingerprint.of_clause(assessment.document, clause), []).append(clause)
    judged: dict[str, Decision] = {}
    for finding in assessment.findings:
        if decision := by_id.get(finding.provision.id):
            judged[decision.provision] = _judge(assessment, finding, decision, prints, today)
    for name in _beyond_cap(judged, assessment.profile.max_waivers):
        judged[name] = replace(judged[name], standing=Standpoint.REFUSED, doubts=(Doubt.MAX_WAIVERS,))
    findings = tuple(
        _decided(assessment, finding, judged[finding.provision.id], prints)
        if finding.provision.id in judged
        else finding
        for finding in assessment.findings
    )
    groups = {standing: tuple(one for one in judged.values() if one.standing is standing) for standing in Standpoint}
    return Decided(
        assessment=replace(assessment, findings=findings),
        applied=groups[Standpoint.APPLIED],
        stale=groups[Standpoint.STALE],
        expired=groups[Standpoint.EXPIRED],
        refused=groups[Standpoint.REFUSED],
        idle=groups[Standpoint.IDLE],
    )


def _judge(
    assessment: Assessment, finding: Finding, decision: Decision, prints: dict[str, list[Clause]], today: date
) -> Decision:
    standing, doubts = Standpoint.APPLIED, _doubts(assessment, finding, decision, prints)
    set_aside = finding.status is Status.NOT_APPLICABLE and decision.status is not Status.NOT_APPLICABLE
    if set_aside or (decision.action is Action.WAIVE and finding.status is Status.COVERED):
        standing, doubts = Standpoint.IDLE, ()
    elif decision.action is Action.WAIVE and decision.provision in assessment.profile.never_waive:
        standing, doubts = Standpoint.REFUSED, (Doubt.NEVER_WAIVE,)
    elif decision.expires is not None and decision.expires < today:
        standing, doubts = Standpoint.EXPIRED, ()
    elif doubts:
        standing = Standpoint.STALE
    return replace(decision, standing=standing, doubts=doubts, now=finding.status)


def _doubts(
    assessment: Assessment, finding: Finding, decision: Decision, prints: dict[str, list[Clause]]
) -> tuple[Doubt, ...]:
    if not is_bound(decision):
        return (Doubt.UNBOUND,)
    found = []
    if decision.encoding != fingerprint.of_provision(finding.provision):
        found.append(Doubt.ENCODING)
    read = {mark.words for mark in decision.clauses}
    cited = {fingerprint.of_clause(assessment.document, item.clause) for item in finding.evidence}
    if any(words not in prints for words in read):
        found.append(Doubt.CLAUSE_CHANGED)  # one that nobody read may be the same with other words
    elif cited - read:
        found.append(Doubt.CLAUSE_ADDED)
    # A person's own status outlives a change of the tool's opinion on the same words; a waiver accepted one shortfall.
    worse = decision.said is not None and RANK.get(finding.status, 3) < RANK.get(decision.said, 3)
    if decision.action is Action.WAIVE and worse:
        found.append(Doubt.WORSE)
    return tuple(found)


def _beyond_cap(judged: dict[str, Decision], most: int | None) -> list[str]:
    """The waivers over the number that the profile allows: the latest given."""
    waivers = [name for name, decision in judged.items() if decision.waives]
    if most is None or len(waivers) <= most:
        return []
    return sorted(waivers, key=lambda name: judged[name].on)[most:]


def _decided(assessment: Assessment, finding: Finding, decision: Decision, prints: dict[str, list[Clause]]) -> Finding:
    if decision.standing is not Standpoint.APPLIED or decision.action is Action.WAIVE:
        return replace(finding, decision=decision)
    status = decision.status or decision.said or finding.status
    if status is finding.status:
        return replace(finding, decision=decision)
    bearing = [clause for mark in decision.clauses if mark.bears for clause in prints.get(mark.words, ())[:1]]
    if not bearing and decision.action is Action.CONFIRM:
        bearing = [clause for mark in decision.clauses for clause in prints.get(mark.words, ())[:1]]
    evidence = tuple(_evidence(finding, clause, status) for clause in bearing) if status in BORNE else ()
    kept = {item.clause.id for item in evidence}
    near = [NearMiss(item.clause, item.span, item.score) for item in finding.evidence if item.clause.id not in kept]
    force = assessment.profile.standing(finding.provision.instrument).force
    return replace(
        finding,
        status=status,
        reasons=_reasons(decision, status),
        priority=priority(finding.provision, status, force),
        met=tuple(
            (element, tuple(place for place, item in enumerate(evidence) if element in item.answers))
            for element, _ in finding.met
        ),
        evidence=evidence,
        near_misses=(*near, *finding.near_misses) if status is Status.GAP else (),
        message=_message(decision),
        decision=decision,
    )


def _reasons(decision: Decision, status: Status) -> tuple[Reason, ...]:
    if status is not Status.PARTIAL:
        return ()
    # NOTE: a confirmed partial answer whose reasons the tool no longer gives; the file keeps a person's own only.
    return decision.reasons or (Reason.MISSING_ELEMENT,)


def _evidence(finding: Finding, clause: Clause, status: Status) -> Evidence:
    """A clause as the person read it; the tool's own reading where it goes the same way."""
    direction = Direction.AGAINST if status is Status.CONFLICT else Direction.SUPPORTS
    own = next((item for item in finding.evidence if item.clause.id == clause.id and item.direction is direction), None)
    elements = tuple(element.id for element in finding.provision.elements) if status is Status.COVERED else ()
    if own is not None:
        return replace(own, answers=elements or own.answers)
    return Evidence(clause, clause.span, elements, Commitment.FIRM, frozenset({Protected.ALL}), direction, (), 1.0)


def _message(decision: Decision) -> Bilingual:
    said = decision.now or decision.said or Status.GAP
    reason = decision.reason.rstrip(".")
    who = f"{decision.by} ({decision.on.isoformat()})"
    return Bilingual(
        fr=f"Décision de {who}\u00a0: {reason}. L’outil dit\u00a0: {STATUS[said][0]}.",
        en=f"Decided by {who}: {reason}. The tool says: {STATUS[said][1]}.",
    )
