"""A draft as read: its text, its blocks, and the clauses they make."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum

from compliance.model.law import Language


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open, in code points of `Document.text`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # a bullet or numbered list item
    ROW = "row"  # one table row, its cells separated by " | "
    NOTE = "note"  # footnote or endnote
    BOX = "box"  # text box


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that the document's layout sets apart.

    `span` excludes the numbering label when the document holds it as data (`label`); a label typed as text
    stays in the span and is copied to `label`.
    """

    kind: BlockKind
    span: Span
    level: int = 0  # headings: 1 is the highest, 0 the document's title; items: depth, 0 is the outermost
    label: str = ""  # "4.1.2", "Article 5", "a)", as shown
    header: tuple[str, ...] = ()  # rows: the table's header cells
    page: int | None = None  # from one, where the format has pages


@dataclass(frozen=True, slots=True)
class Document:
    """A draft read from a file.

    `text` is the decoded file itself for Markdown and plain text (line ends folded to LF), the extracted text with
    one block a line for other formats. `notes` say what the reader did that a drafter should know, as message keys
    with their count or detail ("tracked-deletions", "3").
    """

    path: str
    media_type: str
    text: str
    blocks: tuple[Block, ...]
    sha256: str  # of the file's bytes
    notes: tuple[tuple[str, str], ...] = ()
    has_lines: bool = True  # False where line numbers mean nothing to the drafter (Word, PDF)
    _line_starts: tuple[int, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        starts = [0]
        find = self.text.find
        position = find("\n")
        while position != -1:
            starts.append(position + 1)
            position = find("\n", position + 1)
        object.__setattr__(self, "_line_starts", tuple(starts))

    def line(self, offset: int) -> int:
        """Line of `text`, from one, that holds `offset`."""
        return bisect_right(self._line_starts, offset)

    def column(self, offset: int) -> int:
        """Column, from one, of `offset` in its line."""
        return offset - self._line_starts[self.line(offset) - 1] + 1


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest citable unit of a draft, with all that it inherits from its place."""

    id: str  # "c1", "c2", ... in reading order
    number: str
    headings: tuple[str, ...]  # from the highest to the nearest
    lead_in: str  # "L'État garantit :" for an item below it
    header: tuple[str, ...]
    language: Language
    kind: BlockKind
    span: Span
    page: int | None = None
