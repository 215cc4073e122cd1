"""Everything that can go wrong, said in one sentence with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# A file name may hold a line end or bytes that are no text; a message stays one line of text.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; `line` and `column` count from one, None when unknown."""

    path: Path | str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [_UNPRINTABLE.sub(lambda found: repr(found.group())[1:-1], str(self.path))]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)


class ComplianceError(Exception):
    """Base of the tool's own errors: one sentence, where it happened, and what to try."""

    def __init__(self, message: str, place: Place | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        advice = f"; {self.hint}" if self.hint else ""
        return f"{where}{self.message}{advice}"


class DataError(ComplianceError):
    """A fault in the project's or the user's YAML."""


class DataErrors(ComplianceError):
    """Every fault found in a set of YAML files, in file and line order."""

    def __init__(self, faults: Sequence[DataError]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class ReadError(ComplianceError):
    """A draft that cannot be read; no verdict can be given on it."""


class UsageError(ComplianceError):
    """A command given wrong or impossible arguments."""


class MissingExtra(UsageError):
    """An optional library is needed; the message says what to install."""
