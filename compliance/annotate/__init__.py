"""Copies of a draft with the verdicts written in it: Word comments, or footnotes for Markdown and plain text."""

from __future__ import annotations

from pathlib import PurePath
from typing import Protocol

from compliance.annotate import footnote, word
from compliance.errors import Place, UsageError
from compliance.model.judgement import Assessment
from compliance.model.law import Language

_WORD = frozenset({".docx", ".docm", ".dotx"})
_TEXT = frozenset({".md", ".markdown", ".txt", ".text"})


class Annotator(Protocol):
    """How one format is annotated; pure functions from bytes to bytes."""

    def clean(self, data: bytes, name: str) -> bytes:
        """The draft without what an earlier run wrote in it; the same bytes where there is nothing of ours."""

    def annotate(
        self, data: bytes, assessment: Assessment, language: Language, *, track_changes: bool = False
    ) -> bytes:
        """A copy of the cleaned draft with the assessment written in it."""


def annotator(name: str) -> Annotator:
    """The annotator for a draft of that name.

    Raises:
        UsageError: a format that cannot be annotated.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in _WORD:
        return word.Annotator()
    if suffix in _TEXT:
        return footnote.Annotator(markdown=suffix in (".md", ".markdown"))
    raise UsageError(
        f"a draft named '{suffix}' cannot be annotated" if suffix else "no suffix tells the format",
        Place(name),
        "annotate reads docx, md and txt; the report documents take every format",
    )
