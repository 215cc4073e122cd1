"""The register of measures and the table of themes, from YAML; every fault is reported at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from compliance.errors import DataError, DataErrors
from compliance.load.conventions import bilingual
from compliance.load.hint import nearest_or_all
from compliance.load.schema import check
from compliance.load.yaml import Key, Source, read_yaml, refuse
from compliance.model.law import Bilingual, Instrument
from compliance.model.measure import Challenge, Measure, MeasureKind, MeasureStatus, Register, Theme

THEMES = "themes.yaml"


def themes_files(roots: Iterable[Path]) -> list[Path]:
    """The tables of themes of these folders, each of which holds `conventions/` or is it."""
    places = (place for root in roots for place in (root / "conventions" / THEMES, root / THEMES))
    return [path for path in places if path.is_file()]


def load_register(path: Path, instruments: Iterable[Instrument]) -> Register:
    """Read a register of measures.

    Args:
        path: its YAML file.
        instruments: every instrument known; a tie to a provision of any other is refused.

    Raises:
        DataErrors: every fault found.
    """
    faults: list[DataError] = []
    source = read_yaml(path, faults)
    if source is not None and check(source, "measures", faults):
        _check_ties(source, tuple(instruments), faults)
        if not faults:
            return _register(source.data)
    refuse(faults)
    raise AssertionError("a register is returned or refused")


def load_themes(path: Path, instruments: Iterable[Instrument]) -> tuple[Theme, ...]:
    """Read the table of themes.

    Raises:
        DataErrors: every fault found; a provision or stem that names nothing is one.
    """
    faults: list[DataError] = []
    source = read_yaml(path, faults)
    if source is not None and check(source, "themes", faults):
        ids = {provision.id for instrument in instruments for provision in instrument.provisions}
        themes = []
        for number, entry in enumerate(source.data):
            theme = Theme(entry["id"], bilingual(entry), tuple(entry["provisions"]))
            for place, stem in enumerate(theme.provisions):
                alone = Theme("", theme.title, (stem,))
                if not any(alone.weight(one) for one in ids):
                    where: tuple[Key, ...] = (number, "provisions", place)
                    faults.append(source.fault(f"'{stem}' names no provision", where, nearest_or_all(stem, ids)))
            themes.append(theme)
        if not faults:
            return tuple(themes)
    refuse(faults)
    raise AssertionError("themes are returned or refused")


def themes_faults(path: Path, instruments: Iterable[Instrument]) -> tuple[DataError, ...]:
    """Every fault of one table of themes; none when it is sound."""
    try:
        load_themes(path, instruments)
    except DataErrors as errors:
        return errors.faults
    return ()


def _check_ties(source: Source, instruments: tuple[Instrument, ...], faults: list[DataError]) -> None:
    known = {instrument.id for instrument in instruments}
    units = {provision.id: provision for instrument in instruments for provision in instrument.provisions}
    seen: dict[str, int] = {}
    for number, entry in enumerate(source.data["measures"]):
        at: tuple[Key, ...] = ("measures", number)
        if entry["id"] in seen:
            faults.append(
                source.fault(f"measure '{entry['id']}' is described twice", (*at, "id"), "give it another id")
            )
        seen[entry["id"]] = number
        for place, name in enumerate(entry.get("provisions", ())):
            if name not in units:
                hint = nearest_or_all(name, units)
                faults.append(source.fault(f"unknown provision '{name}'", (*at, "provisions", place), hint))
            elif not units[name].auditable:
                faults.append(
                    source.fault(f"'{name}' is not audited", (*at, "provisions", place), "tie the measure to another")
                )
        _check_names(source, at, entry, "instruments", known, faults)
        if entry.get("date", "") and entry.get("end", "") and entry["end"] < entry["date"][: len(entry["end"])]:
            faults.append(source.fault(f"ends in {entry['end']}, before it begins ({entry['date']})", (*at, "end")))
    for number, entry in enumerate(source.data.get("challenges", ())):
        _check_names(source, ("challenges", number), entry, "instruments", known, faults)
        _check_names(source, ("challenges", number), entry, "measures", set(seen), faults)


def _check_names(
    source: Source, at: tuple[Key, ...], entry: Mapping[str, Any], key: str, known: set[str], faults: list[DataError]
) -> None:
    for place, name in enumerate(entry.get(key, ())):
        if name not in known:
            hint = nearest_or_all(name, sorted(known))
            faults.append(source.fault(f"unknown {key.removesuffix('s')} '{name}'", (*at, key, place), hint))


def _register(data: Mapping[str, Any]) -> Register:
    return Register(
        state=bilingual(data["state"]),
        as_of=data["as_of"],
        source=data["source"],
        note=_maybe(data, "note"),
        measures=tuple(_measure(entry, data["source"]) for entry in data["measures"]),
        challenges=tuple(
            Challenge(
                text=bilingual(entry),
                instruments=tuple(entry.get("instruments", ())),
                measures=tuple(entry.get("measures", ())),
                doubts=tuple(bilingual(doubt) for doubt in entry.get("doubts", ())),
            )
            for entry in data.get("challenges", ())
        ),
    )


def _measure(entry: Mapping[str, Any], source: str) -> Measure:
    return Measure(
        id=entry["id"],
        name=bilingual(entry["name"]),
        kind=MeasureKind(entry["kind"]),
        status=MeasureStatus(entry["status"]),
        source=entry.get("source", source),
        provisions=tuple(entry.get("provisions", ())),
        instruments=tuple(entry.get("instruments", ())),
        date=entry.get("date", ""),
        legal_basis=entry.get("legal_basis", ""),
        body=_maybe(entry, "body"),
        end=entry.get("end", ""),
        end_note=_maybe(entry, "end_note"),
        note=_maybe(entry, "note"),
        doubts=tuple(bilingual(doubt) for doubt in entry.get("doubts", ())),
    )


def _maybe(entry: Mapping[str, Any], key: str) -> Bilingual | None:
    return bilingual(entry[key]) if key in entry else None
