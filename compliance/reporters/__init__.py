"""Every format a report can take: one explicit mapping from name to module."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from compliance.errors import UsageError
from compliance.model.judgement import Assessment
from compliance.model.law import Language
from compliance.view import Report


class Reporter(Protocol):
    """A pure function from assessments to the bytes of one file."""

    suffix: str

    def render(self, assessments: list[Assessment], language: Language | None) -> bytes: ...


# Name to module; imported only when asked for, since some need heavy libraries.
REPORTERS: dict[str, str] = {
    "json": "compliance.reporters.json",
    "sarif": "compliance.reporters.sarif",
    "junit": "compliance.reporters.junit",
    "github": "compliance.reporters.github",
    "csv": "compliance.reporters.csv",
    "summary": "compliance.reporters.summary",
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


class DocumentWriter(Protocol):
    """A pure function from one harmonisation report to the bytes of one file."""

    suffix: str

    def render(self, report: Report) -> bytes: ...


# Formats of `compliance report`.
DOCUMENTS: dict[str, str] = {
    "docx": "compliance.reporters.docx",
    "xlsx": "compliance.reporters.xlsx",
    "html": "compliance.reporters.html",
    "md": "compliance.reporters.markdown",
    "pdf": "compliance.reporters.pdf",
}


def document_writer(name: str) -> DocumentWriter:
    """The writer of report documents of that format.

    Raises:
        UsageError: no such format.
    """
    try:
        module = DOCUMENTS[name]
    except KeyError:
        raise UsageError(f"unknown format {name!r}", hint=f"one of {', '.join(DOCUMENTS)}") from None
    found: DocumentWriter = import_module(module).Document()
    return found
