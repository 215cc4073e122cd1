"""The folder `conventions/` to instruments, with the checks that no schema can make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from compliance.errors import DataError, Place
from compliance.load.hint import did_you_mean
from compliance.load.schema import check
from compliance.load.yaml import Key, Source, ordered, read_yaml, refuse
from compliance.model.law import (
    Bilingual,
    CounterClause,
    Element,
    Expected,
    Instrument,
    Mode,
    Part,
    Protected,
    Provision,
    Role,
)

HEAD = "instrument.yaml"
LAST = 1_000_000
STATES = "states"  # profiles live beside the instruments


Seen = dict[str, tuple[Source, tuple[Key, ...]]]  # a name and where it was first written


@dataclass(slots=True)
class _Catalogue:
    """What has been read so far, and every fault."""

    faults: list[DataError] = field(default_factory=list)
    instruments: list[tuple[int, Instrument]] = field(default_factory=list)  # with their place in the catalogue
    units: Seen = field(default_factory=dict)  # provision ids
    heads: Seen = field(default_factory=dict)  # instrument ids
    # where it is written, the provision, and the one it names
    related: list[tuple[Source, tuple[Key, ...], str, str]] = field(default_factory=list)
    whole: bool = True  # False once a file could not be used: an unknown id may follow from that


def load_instruments(root: Path, *extra: Path) -> tuple[Instrument, ...]:
    """Read every instrument.

    Args:
        root: folder that holds `conventions/`, or is it; the shipped data.
        extra: the user's own, of the same shape; one without `conventions/` adds nothing.

    Returns:
        The instruments by their `order`, then in folder order; provisions in the order of parts and files.

    Raises:
        DataErrors: every fault found.
    """
    instruments, faults = read_instruments(root, *extra)
    refuse(faults)
    return instruments


def read_instruments(root: Path, *extra: Path) -> tuple[tuple[Instrument, ...], list[DataError]]:
    """As `load_instruments`, returning the faults beside what could be read."""
    catalogue = _Catalogue()
    for folder in (root, *extra):
        _read_root(folder, catalogue)
    _check_related(catalogue)
    instruments = [instrument for _, instrument in sorted(catalogue.instruments, key=lambda pair: pair[0])]
    return tuple(instruments), ordered(catalogue.faults)


def instrument_ids(roots: Iterable[Path]) -> list[str]:
    """Ids of the instruments of these folders, from their heads alone; a head with faults is left out."""
    found = []
    for root in roots:
        base = root / "conventions" if (root / "conventions").is_dir() else root
        for path in sorted((*base.glob(HEAD), *base.glob(f"*/{HEAD}"))):
            source = read_yaml(path, [])
            if source is not None and isinstance(source.data, Mapping):
                found.append(str(source.data.get("id", "")))
    return found


def bilingual(data: Mapping[str, str]) -> Bilingual:
    """`{fr, en}` as read."""
    return Bilingual(fr=data["fr"], en=data["en"])


def day(source: Source, path: tuple[Key, ...], faults: list[DataError]) -> date | None:
    """The date at `path`, a month standing for its first day; None, with a fault, when no such day exists."""
    text: Any = source.data
    for step in path:
        text = text[step]
    try:
        return date.fromisoformat(text if len(text) > len("2003-06") else f"{text}-01")
    except ValueError:
        faults.append(source.fault(f"no such day as '{text}'", path, "write year-month-day, as 2003-06-05"))
        return None


def _read_root(root: Path, catalogue: _Catalogue) -> None:
    if not root.is_dir():
        catalogue.faults.append(DataError("no such folder", Place(root)))
        return
    base = root / "conventions" if (root / "conventions").is_dir() else root
    if (base / HEAD).is_file():
        _read_instrument(base, catalogue)
        return
    folders = sorted(path for path in base.iterdir() if path.is_dir() and path.name != STATES)
    if base == root and not (root / "rules").is_dir() and not any((folder / HEAD).is_file() for folder in folders):
        catalogue.faults.append(DataError(f"no {HEAD} in this folder, nor one level below", Place(root)))
    for folder in folders:
        if (folder / HEAD).is_file():
            _read_instrument(folder, catalogue)
        elif base != root and any(folder.glob("*.yaml")):
            fault = DataError(
                f"no {HEAD} beside the provisions", Place(folder), "it names the instrument and its parts"
            )
            catalogue.faults.append(fault)
            catalogue.whole = False


def _read_instrument(folder: Path, catalogue: _Catalogue) -> None:
    source = read_yaml(folder / HEAD, catalogue.faults)
    if source is None or not check(source, "instrument", catalogue.faults):
        catalogue.whole = False
        return
    before = len(catalogue.faults)
    data = source.data
    _once(source, ("id",), data["id"], catalogue.heads, catalogue.faults, "instrument")
    _check_parts(source, folder, catalogue)
    adopted, in_force = (day(source, (key,), catalogue.faults) for key in ("adopted", "in_force"))
    provisions: list[Provision] = []
    for index, part in enumerate(data["parts"]):
        provisions.extend(_read_part(source, index, folder / part["file"], data["id"], catalogue))
    if adopted and in_force and in_force < adopted:
        catalogue.faults.append(source.fault("in force before it was adopted", ("in_force",), "check both dates"))
    if len(catalogue.faults) > before or adopted is None or in_force is None:
        catalogue.whole = False
        return
    instrument = _instrument(data, adopted, in_force, tuple(provisions))
    catalogue.instruments.append((data.get("order", LAST), instrument))


def _instrument(
    data: Mapping[str, Any], adopted: date, in_force: date, provisions: tuple[Provision, ...]
) -> Instrument:
    return Instrument(
        id=data["id"],
        title=bilingual(data["title"]),
        short=bilingual(data["short"]),
        adopted=adopted,
        place=bilingual(data["place"]),
        in_force=in_force,
        authentic_languages=tuple(data["authentic_languages"]),
        parts=tuple(Part(part["id"], bilingual(part["title"]), part["excludable"]) for part in data["parts"]),
        links=tuple(data["links"]),
        provisions=provisions,
        max_excluded=data.get("max_excluded"),
        exclusion=bilingual(data["exclusion"]) if "exclusion" in data else None,
    )


def _check_parts(source: Source, folder: Path, catalogue: _Catalogue) -> None:
    """Part ids and files are named once, and no file of the folder is left out in silence."""
    ids: Seen = {}
    files: Seen = {}
    for index, part in enumerate(source.data["parts"]):
        _once(source, ("parts", index, "id"), part["id"], ids, catalogue.faults, "part")
        _once(source, ("parts", index, "file"), part["file"], files, catalogue.faults, "file")
    for path in sorted(folder.glob("*.y*ml")):
        if path.name not in files and path.name != HEAD:
            fault = DataError("no part names this file", Place(path), f"add it to the parts in {HEAD}, or remove it")
            catalogue.faults.append(fault)


def _read_part(head: Source, index: int, path: Path, instrument: str, catalogue: _Catalogue) -> Iterable[Provision]:
    if not path.is_file():
        near = did_you_mean(path.name, (other.name for other in path.parent.glob("*.yaml") if other.name != HEAD))
        catalogue.faults.append(head.fault(f"no such file as '{path.name}'", ("parts", index, "file"), near))
        return
    source = read_yaml(path, catalogue.faults)
    if source is None or not check(source, "provisions", catalogue.faults):
        return
    part = head.data["parts"][index]["id"]
    for number, data in enumerate(source.data):
        _check_provision(source, number, data, instrument, catalogue)
        yield _provision(data, instrument, part)


def _check_provision(
    source: Source, number: int, data: Mapping[str, Any], instrument: str, catalogue: _Catalogue
) -> None:
    prefix, _, rest = data["id"].partition(":")
    if prefix != instrument:
        message = f"'{data['id']}' is not of the instrument '{instrument}'"
        catalogue.faults.append(source.fault(message, (number, "id"), f"write '{instrument}:{rest}', or move it"))
    _once(source, (number, "id"), data["id"], catalogue.units, catalogue.faults, "provision")
    seen: Seen = {}
    for index, element in enumerate(data.get("elements", ())):
        _once(source, (number, "elements", index, "id"), element["id"], seen, catalogue.faults, "element")
    for index, other in enumerate(data.get("related", ())):
        catalogue.related.append((source, (number, "related", index), data["id"], other))


def _once(source: Source, path: tuple[Key, ...], name: str, seen: Seen, faults: list[DataError], what: str) -> None:
    if name in seen:
        first, where = seen[name]
        faults.append(source.fault(f"{what} '{name}' is already there", path, f"see {first.place(where)}"))
    else:
        seen[name] = (source, path)


def _check_related(catalogue: _Catalogue) -> None:
    for source, path, own, other in catalogue.related:
        if other == own:
            catalogue.faults.append(source.fault(f"'{own}' is related to itself", path, "remove it"))
        elif other not in catalogue.units and catalogue.whole:
            near = did_you_mean(other, catalogue.units)
            catalogue.faults.append(source.fault(f"unknown provision '{other}'", path, near))


def _provision(data: Mapping[str, Any], instrument: str, part: str) -> Provision:
    def words(key: str) -> Bilingual | None:
        return bilingual(data[key]) if key in data else None

    counter = data.get("counter_clause")
    return Provision(
        id=data["id"],
        instrument=instrument,
        part=part,
        heading=bilingual(data["heading"]),
        auditable=data["auditable"],
        reason=words("reason"),
        mode=Mode(data["mode"]) if "mode" in data else None,
        bearers=frozenset(Role(role) for role in data.get("bearers", ())),
        persons=Protected(data["persons"]) if "persons" in data else None,
        expected=Expected(data["expected"]) if "expected" in data else None,
        summary=words("summary"),
        elements=tuple(Element(item["id"], bilingual(item["summary"])) for item in data.get("elements", ())),
        related=tuple(data.get("related", ())),
        model_clause=words("model_clause"),
        counter_clause=CounterClause(bilingual(counter), counter["status"]) if counter else None,
    )
