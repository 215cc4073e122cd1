"""The shortfalls that were there already: a build fails only for new or worse ones."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath
from typing import Any

from compliance.errors import DataError, DataErrors
from compliance.load.conventions import day
from compliance.load.schema import check
from compliance.load.yaml import Key, Source, read_yaml, refuse
from compliance.model.judgement import Assessment, Direction, Finding, Priority, Reason, Status
from compliance.text import fingerprint

SHORT = frozenset({Status.PARTIAL, Status.GAP, Status.CONFLICT})
_SEVERITY = {Status.COVERED: 0, Status.NOT_APPLICABLE: 0, Status.PARTIAL: 1, Status.GAP: 2, Status.CONFLICT: 3}


@dataclass(frozen=True, slots=True)
class Entry:
    """One shortfall as it was recorded."""

    provision: str
    status: Status
    since: date
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()  # element ids
    against: tuple[str, ...] = ()  # fingerprints of the clauses that run against the provision

    def age(self, today: date) -> int:
        """Days since it was first recorded; none for a clock that went back."""
        return max(0, (today - self.since).days)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Shortfalls by draft; a draft's key is its path seen from the baseline's folder."""

    drafts: Mapping[str, tuple[Entry, ...]]

    def of(self, draft: str) -> tuple[Entry, ...]:
        """The entries on a draft; those of the only draft recorded where the file was renamed."""
        if draft in self.drafts:
            return self.drafts[draft]
        return next(iter(self.drafts.values())) if len(self.drafts) == 1 else ()


@dataclass(frozen=True, slots=True)
class Held:
    """An assessment held against a baseline."""

    new: tuple[Finding, ...]
    worse: tuple[Finding, ...]
    known: tuple[tuple[Finding, Entry], ...]  # as recorded, or better
    improved: tuple[tuple[Finding, Entry], ...]  # those of `known` that are better now: the entry can be tightened
    obsolete: tuple[Entry, ...]  # nothing is short there any more

    @property
    def failing(self) -> tuple[Finding, ...]:
        return self.new + self.worse


def entry(assessment: Assessment, finding: Finding, since: date) -> Entry:
    """A finding as a baseline records it."""
    return Entry(
        provision=finding.provision.id,
        status=finding.status,
        since=since,
        reasons=finding.reasons if finding.status is Status.PARTIAL else (),
        missing=finding.missing if finding.status is Status.PARTIAL else (),
        against=_against(assessment, finding),
    )


def record(assessment: Assessment, today: date, earlier: Sequence[Entry] = ()) -> tuple[Entry, ...]:
    """Today's shortfalls; one that was recorded before, and is no worse, keeps its first day."""
    before = {one.provision: one for one in earlier}
    found = []
    for finding in assessment.findings:
        if not _short(finding):
            continue
        old = before.get(finding.provision.id)
        since = old.since if old and not _worse(assessment, finding, old) else today
        found.append(entry(assessment, finding, since))
    return tuple(found)


def hold(assessment: Assessment, entries: Sequence[Entry]) -> Held:
    """Tell what is new or worse since the baseline, and which of its entries no longer apply."""
    before = {one.provision: one for one in entries}
    new, worse, known, improved = [], [], [], []
    present = set()
    audited = {finding.provision.id for finding in assessment.findings}
    for finding in assessment.findings:
        if not _short(finding):
            continue
        old = before.get(finding.provision.id)
        present.add(finding.provision.id)
        if old is None:
            new.append(finding)
        elif _worse(assessment, finding, old):
            worse.append(finding)
        else:
            known.append((finding, old))
            if entry(assessment, finding, old.since) != old:
                improved.append((finding, old))
    gone = tuple(one for one in entries if one.provision in audited and one.provision not in present)
    return Held(tuple(new), tuple(worse), tuple(known), tuple(improved), gone)


def prune(assessment: Assessment, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries without those that no longer apply, and with the better ones tightened; new ones are not added."""
    held = hold(assessment, entries)
    better = {old.provision: entry(assessment, finding, old.since) for finding, old in held.improved}
    gone = {one.provision for one in held.obsolete}
    return tuple(better.get(one.provision, one) for one in entries if one.provision not in gone)


def _short(finding: Finding) -> bool:
    # NOTE: priority none is an option not taken up, which is no shortfall.
    return finding.status in SHORT and finding.priority is not Priority.NONE and not finding.waived


def _against(assessment: Assessment, finding: Finding) -> tuple[str, ...]:
    clauses = {item.clause.id: item.clause for item in finding.evidence if item.direction is Direction.AGAINST}
    return tuple(sorted({fingerprint.of_clause(assessment.document, clause) for clause in clauses.values()}))


def _worse(assessment: Assessment, finding: Finding, old: Entry) -> bool:
    if finding.status is not old.status:
        return _SEVERITY[finding.status] > _SEVERITY[old.status]
    match finding.status:
        case Status.CONFLICT:
            # A clause reworded counts as another one: what was accepted is the wording that was seen.
            return bool(set(_against(assessment, finding)) - set(old.against))
        case Status.PARTIAL:
            return bool(set(finding.reasons) - set(old.reasons) or set(finding.missing) - set(old.missing))
    return False


# --- the file ----------------------------------------------------------------------------------------------------


def key(draft: str, baseline: Path) -> str:
    """A draft's name in a baseline: its path seen from the baseline's folder, with slashes on every system."""
    try:
        return Path(draft).resolve().relative_to(baseline.resolve().parent).as_posix()
    except (OSError, ValueError):
        return PurePath(draft).name


def load(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        DataErrors: every fault found.
    """
    faults: list[DataError] = []
    source = read_yaml(path, faults)  # JSON is YAML, and so has lines and columns
    if source is None or not check(source, "baseline", faults):
        raise DataErrors(faults)
    drafts = {}
    for name, items in source.data["drafts"].items():
        entries = [_entry(source, ("drafts", name, at), item, faults) for at, item in enumerate(items)]
        drafts[name] = tuple(one for one in entries if one is not None)
    refuse(faults)
    return Baseline(drafts)


def _entry(source: Source, path: tuple[Key, ...], item: Mapping[str, Any], faults: list[DataError]) -> Entry | None:
    since = day(source, (*path, "since"), faults)
    if since is None:
        return None
    return Entry(
        provision=item["provision"],
        status=Status(item["status"]),
        since=since,
        reasons=tuple(Reason(reason) for reason in item.get("reasons", ())),
        missing=tuple(item.get("missing", ())),
        against=tuple(item.get("against", ())),
    )


def render(baseline: Baseline, version: str) -> bytes:
    """The file's bytes: one entry a line, so that a diff and a merge go line by line."""
    rows = []
    for name in sorted(baseline.drafts):
        lines = ",\n".join("   " + _json(_item(one)) for one in baseline.drafts[name])
        rows.append(f"  {_json(name)}: [\n{lines}\n  ]" if lines else f"  {_json(name)}: []")
    drafts = "{\n" + ",\n".join(rows) + "\n }" if rows else "{}"
    return f'{{\n "version": 1,\n "tool": {_json(f"compliance {version}")},\n "drafts": {drafts}\n}}\n'.encode()


def _json(value: Any) -> str:
    # NOTE: the three line breaks that JSON leaves bare would end a line of YAML.
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _item(one: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {"provision": one.provision, "status": str(one.status), "since": one.since.isoformat()}
    if one.reasons:
        item["reasons"] = [str(reason) for reason in one.reasons]
    if one.missing:
        item["missing"] = list(one.missing)
    if one.against:
        item["against"] = list(one.against)
    return item
