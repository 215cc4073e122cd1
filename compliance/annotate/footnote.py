"""Footnotes in a copy of a Markdown or plain text draft, between marks by which a later run finds and replaces them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from compliance.annotate.note import Note, notes
from compliance.errors import UsageError
from compliance.model.judgement import Assessment
from compliance.model.law import Language
from compliance.model.policy import BlockKind
from compliance.readers.encoding import decode
from compliance.readers.own import MARKDOWN, PLAIN, Marks
from compliance.suggest import suggest


@dataclass(frozen=True, slots=True)
class Annotator:
    """Writes notes as footnotes (Markdown) or numbered remarks (plain text)."""

    markdown: bool = True

    @property
    def marks(self) -> Marks:
        return MARKDOWN if self.markdown else PLAIN

    def clean(self, data: bytes, name: str) -> bytes:
        text, _ = decode(data, name)
        bare = self.marks.without(text)
        return data if bare == text else _encoded(bare, data)

    def annotate(
        self, data: bytes, assessment: Assessment, language: Language, *, track_changes: bool = False
    ) -> bytes:
        if track_changes:
            raise UsageError("tracked changes are for Word drafts", hint="leave --track-changes out")
        text = assessment.document.text
        found = tuple(
            sorted(notes(assessment, suggest(assessment), language), key=lambda note: (_place(text, note), note.anchor))
        )
        for number, note in reversed(list(enumerate(found, 1))):
            at = _place(text, note)
            text = text[:at] + self.marks.call(number) + text[at:]
        if found:
            text += self._block(found)
        return _encoded(text, data)

    def _block(self, found: tuple[Note, ...]) -> str:
        if not self.markdown:
            shown = [
                f"[compliance {at}] " + "\n".join(_line.text for _line in note.lines) for at, note in _count(found)
            ]
            return self.marks.block("\n\n".join(shown))
        shown = [
            f"[^compliance-{at}]: "
            + "\n\n    ".join(f"**{escape(line.text)}**" if line.title else escape(line.text) for line in note.lines)
            for at, note in _count(found)
        ]
        return self.marks.block("\n\n".join(shown))


def escape(text: str) -> str:
    """The text as Markdown shows it, whatever signs it holds."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(text.split(" ")).replace("\n", " "))


def _count(found: tuple[Note, ...]) -> list[tuple[int, Note]]:
    return list(enumerate(found, 1))


def _place(text: str, note: Note) -> int:
    """Right after the sentence; in a heading, before its closing marks."""
    at = note.sentence.end
    if note.clause.kind is BlockKind.HEADING:
        while at > note.sentence.start and text[at - 1] in "*_# ":
            at -= 1
    return at


def _encoded(text: str, data: bytes) -> bytes:
    """UTF-8, with the line ends of the draft."""
    return (text.replace("\n", "\r\n") if b"\r\n" in data else text).encode()
