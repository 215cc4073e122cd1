"""Every format a report can take: one explicit mapping from name to module."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from compliance.errors import UsageError
from compliance.model.judgement import Assessment
from compliance.model.law import Language


class Reporter(Protocol):
    """A pure function from assessments to the bytes of one file."""

    suffix: str

    def render(self, assessments: list[Assessment], language: Language | None) -> bytes: ...


# Name to module; imported only when asked for, since some need heavy libraries.
REPORTERS: dict[str, str] = {
    "json": "compliance.reporters.json",
}


def reporter(name: str) -> Reporter:
    """The reporter of that name.

    Raises:
        UsageError: no such format.
    """
    try:
        module = REPORTERS[name]
    except KeyError:
        raise UsageError(f"unknown format {name!r}", hint=f"one of {', '.join(sorted(REPORTERS))}") from None
    found: Reporter = import_module(module).Reporter()
    return found
