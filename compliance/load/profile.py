"""Where a State stands towards the instruments; what the treaties do not allow is refused with the Article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from compliance.errors import DataError, DataErrors, UsageError
from compliance.load.conventions import STATES, bilingual, day
from compliance.load.hint import nearest_or_all
from compliance.load.schema import check
from compliance.load.yaml import Key, Source, read_yaml, refuse
from compliance.model.law import Bilingual, Force, Instrument, Profile, Role, Standing

GENERIC = "generic"
_RATIFIED = (Force.IN_FORCE, Force.RATIFIED_NOT_IN_FORCE)


def generic() -> Profile:
    """The profile used when none is named: every role, legal force unknown."""
    state = Bilingual(fr="État non précisé", en="Unspecified State")
    return Profile(GENERIC, state, None, frozenset(Role), {})


def profile_path(name: str, folders: Iterable[Path]) -> Path:
    """File of the profile `name`: a path to a YAML file, or an id such as "mli" looked up in `conventions/states`.

    Args:
        name: what the user gave.
        folders: roots that hold `conventions/`, the user's own last; the last that has it wins.

    Raises:
        UsageError: there is no such profile.
    """
    if name.endswith((".yaml", ".yml")):
        if Path(name).is_file():
            return Path(name)
        raise UsageError(f"no such profile file as '{name}'")
    known = {path.stem: path for folder in folders for path in sorted((folder / "conventions" / STATES).glob("*.yaml"))}
    if name not in known:
        hint = nearest_or_all(name, known)
        raise UsageError(f"unknown profile '{name}'", hint=hint)
    return known[name]


def load_profile(path: Path, instruments: Iterable[Instrument]) -> Profile:
    """Read the profile of one State.

    Args:
        path: its YAML file.
        instruments: every instrument known; a standing towards any other is refused.

    Raises:
        DataErrors: every fault found.
    """
    faults: list[DataError] = []
    source = read_yaml(path, faults)
    if source is not None and check(source, "profile", faults):
        profile = _profile(source, {instrument.id: instrument for instrument in instruments}, faults)
        if not faults:
            return profile
    refuse(faults)
    raise AssertionError("a profile is returned or refused")


def profile_faults(path: Path, instruments: Iterable[Instrument]) -> tuple[DataError, ...]:
    """Every fault of one profile; none when it is sound."""
    try:
        load_profile(path, instruments)
    except DataErrors as errors:
        return errors.faults
    return ()


def _profile(source: Source, known: Mapping[str, Instrument], faults: list[DataError]) -> Profile:
    data: Mapping[str, Any] = source.data
    as_of = day(source, ("as_of",), faults) if "as_of" in data else None
    standings = {}
    for name, entry in data.get("instruments", {}).items():
        path: tuple[Key, ...] = ("instruments", name)
        if name in known:
            faults.extend(_exclusions(source, path, entry.get("excluded", ()), known[name]))
        else:
            hint = nearest_or_all(name, known)
            faults.append(source.fault(f"unknown instrument '{name}'", path, hint, key=True))
        standings[name] = _standing(source, path, entry, as_of, faults)
    _check_waivers(source, known, faults)
    return Profile(
        id=data["id"],
        state=bilingual(data["state"]),
        as_of=as_of,
        roles=frozenset(Role(role) for role in data["roles"]),
        standings=standings,
        never_waive=tuple(data.get("never_waive", ())),
        max_waivers=data.get("max_waivers"),
    )


def _standing(
    source: Source, path: tuple[Key, ...], entry: Mapping[str, Any], as_of: date | None, faults: list[DataError]
) -> Standing:
    force = Force(entry["force"])
    since = day(source, (*path, "since"), faults) if "since" in entry else None
    read = day(source, (*path, "read"), faults) if "read" in entry else None
    if force in _RATIFIED:
        for key, advice in (("since", "date of the deposit"), ("source", "where that was read")):
            if key not in entry:
                faults.append(source.fault(f"'{force}' without '{key}'", (*path, "force"), f"give the {advice}"))
    elif "since" in entry:
        message = f"'since' is the date of ratification or accession, but the force is '{force}'"
        faults.append(source.fault(message, (*path, "since"), "remove it, or correct 'force'"))
    if "source" in entry and "read" not in entry:
        faults.append(source.fault("a source without the date it was read", (*path, "source"), "add 'read'"))
    if as_of and since and since > as_of:
        message = f"since {since}, after the day of the profile ({as_of})"
        faults.append(source.fault(message, (*path, "since"), "correct 'since' or 'as_of'"))
    if as_of and read and read > as_of:
        message = f"read on {read}, after the day of the profile ({as_of})"
        faults.append(source.fault(message, (*path, "read"), "correct 'read' or 'as_of'"))
    return Standing(
        force=force,
        since=since,
        excluded=tuple(entry.get("excluded", ())),
        reservations=tuple(entry.get("reservations", ())),
        source=entry.get("source", ""),
        read=read,
    )


def _exclusions(
    source: Source, path: tuple[Key, ...], excluded: Iterable[str], instrument: Instrument
) -> Iterator[DataError]:
    parts = {part.id: part for part in instrument.parts}
    limit = len(parts) if instrument.max_excluded is None else instrument.max_excluded
    reason = instrument.exclusion.en if instrument.exclusion else None
    left_out = 0
    for index, name in enumerate(excluded):
        where = (*path, "excluded", index)
        if name not in parts:
            yield source.fault(f"'{instrument.id}' has no part '{name}'", where, nearest_or_all(name, parts))
        elif not parts[name].excludable:
            yield source.fault(f"'{name}' of '{instrument.id}' may not be left out", where, reason)
        elif (left_out := left_out + 1) > limit:
            yield source.fault(f"more than {limit} part of '{instrument.id}' left out", where, reason)


def _check_waivers(source: Source, known: Mapping[str, Instrument], faults: list[DataError]) -> None:
    ids = {provision.id for instrument in known.values() for provision in instrument.provisions}
    for index, name in enumerate(source.data.get("never_waive", ())):
        if name not in ids:
            hint = nearest_or_all(name, ids)
            faults.append(source.fault(f"unknown provision '{name}'", ("never_waive", index), hint))
