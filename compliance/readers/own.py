"""The notes that `annotate` writes in a Markdown or text draft: told by their marks, and no part of the draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """How notes look in one format."""

    begin: str
    end: str
    call: Callable[[int], str]  # of a note, in the text
    _call: re.Pattern[str]
    _note: re.Pattern[str] | None = None  # one note, wherever it stands

    def block(self, notes: str) -> str:
        """The notes, as they close a draft."""
        return f"\n\n{self.begin}\n\n{notes}\n\n{self.end}\n"

    def without(self, text: str, keep_lines: bool = False) -> str:
        """The text without notes and calls; with `keep_lines`, what follows the notes stays on its lines."""
        # NOTE: editors trim blanks, drop the last line end and put blank lines in; what is told apart is the two marks.
        pattern = rf"\n?\n?^[ \t]*{re.escape(self.begin)}[ \t]*$.*?^[ \t]*{re.escape(self.end)}[ \t]*(?:\n|\Z)"
        found = re.compile(pattern, re.DOTALL | re.MULTILINE)

        def gone(block: re.Match[str]) -> str:
            return "\n" * block[0].count("\n") if keep_lines else ""

        bare = found.sub(gone, text)
        if self._note is not None:
            bare = self._note.sub(gone, bare)
        return self._call.sub("", bare)


MARKDOWN = Marks(
    "<!-- compliance: notes -->",
    "<!-- compliance: end -->",
    lambda number: f"[^compliance-{number}]",
    re.compile(r"\[\^compliance-\d+\]"),
    # A program that rewrites Markdown moves footnotes out of the marks; what is indented belongs to the note.
    re.compile(r"\n?^\[\^compliance-\d+\]:.*(?:\n(?:[ \t]*\n)*[ \t]+\S.*)*(?:\n|\Z)", re.MULTILINE),
)
PLAIN = Marks(
    "--- compliance: notes ---",
    "--- compliance: end ---",
    lambda number: f" [compliance {number}]",
    re.compile(r"[ \t]*\[compliance \d+\]"),
)
