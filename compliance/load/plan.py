"""A filled workbook read back: what people wrote, by provision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from compliance.errors import Place, UsageError
from compliance.model.measure import Plan, PlanEntry

_TOO_LARGE = 200_000_000  # bytes, unpacked
_FIELDS = ("action", "body", "indicator", "deadline", "progress", "comment")

Value = str | date


def read_plan(path: Path, headers: Mapping[str, str], known: frozenset[str]) -> Plan:
    """Read what people wrote in a workbook that `compliance report` made.

    Args:
        path: the .xlsx file.
        headers: the text of each column's header, in any language, to the name of the column.
        known: columns that the tool fills; their contents are its own and are left.

    Returns:
        Every entry with anything written. The sheet of the action plan is the one with a column "action"; the sheets
        of the instruments are read too, since people write in them as well. Where both hold something else for the
        same cell, both are kept.

    Raises:
        UsageError: the file is not such a workbook.
    """
    entries: dict[str, PlanEntry] = {}
    found = False
    for sheet in _sheets(path):
        columns, rows = _table(sheet, headers)
        if "id" not in columns.values() or not set(columns.values()) & {"action", "body", "comment"}:
            continue
        found = True
        plan = "action" in columns.values()
        for row in rows:
            entry, name = _entry(columns, row, known, plan)
            if name and entry.written:
                entries[name] = _merged(entries.get(name), entry)
    if not found:
        raise UsageError("no action plan in this workbook", Place(path), "give one that compliance report wrote")
    return Plan(entries)


def _sheets(path: Path) -> Iterator[list[tuple[Any, ...]]]:
    """The cells of each sheet; that of the plan may stand anywhere."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > _TOO_LARGE:
                raise UsageError("the workbook is too large", Place(path))
        book = load_workbook(path, read_only=False, data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        if isinstance(error, OSError) and error.strerror:
            raise UsageError(f"cannot be read: {error.strerror}", Place(path)) from error
        raise UsageError("not an Excel workbook (.xlsx)", Place(path)) from error
    for sheet in book.worksheets:
        yield list(sheet.iter_rows(values_only=True))


def _table(rows: list[tuple[Any, ...]], headers: Mapping[str, str]) -> tuple[dict[int, str], list[tuple[Any, ...]]]:
    """Columns by place, and the rows below their heads; a title that people put above is passed over."""
    for number, row in enumerate(rows[:20]):
        names = [" ".join(str(cell).split()) if cell is not None else "" for cell in row]
        columns = {place: headers.get(name.casefold(), f"+{name}") for place, name in enumerate(names) if name}
        if "id" in columns.values():
            return columns, rows[number + 1 :]
    return {}, []


def _entry(
    columns: Mapping[int, str], row: tuple[Any, ...], known: frozenset[str], plan: bool
) -> tuple[PlanEntry, str]:
    values = {name: _value(row[place]) for place, name in columns.items() if place < len(row)}
    kept: dict[str, Any] = {}
    for name in _FIELDS:
        value = values.get(name, "")
        kept[name] = value if name == "deadline" else str(value)
    # NOTE: only in the plan: an instrument's sheet has columns of the tool that depend on how it was made.
    extra = tuple(
        (name.removeprefix("+"), value)
        for name, value in values.items()
        if plan and name.startswith("+") and value and name not in known
    )
    return PlanEntry(**kept, extra=extra), str(values.get("id", ""))


def _value(cell: Any) -> Value:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.date()
        case date():
            return cell
        case bool():
            return str(cell)
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell).strip()


def _merged(first: PlanEntry | None, second: PlanEntry) -> PlanEntry:
    if first is None:
        return second
    found: dict[str, Any] = {}
    for name in _FIELDS:
        one, two = getattr(first, name), getattr(second, name)
        found[name] = one if not two or str(one) == str(two) else two if not one else f"{one} / {two}"
    return PlanEntry(**found, extra=first.extra or second.extra)
