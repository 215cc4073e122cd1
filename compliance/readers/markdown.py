"""Markdown: `text` is the file itself, and blocks point into it with their inline markup left in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from compliance.model.policy import Block, BlockKind, Document, Span
from compliance.readers import layout
from compliance.readers.encoding import decode
from compliance.readers.limits import MAX_LIST_DEPTH, check_text
from compliance.readers.own import MARKDOWN

if TYPE_CHECKING:
    from markdown_it.token import Token

MEDIA_TYPE = "text/markdown"

_FRONT_MATTER = re.compile(
    r"\A(?:---[ \t]*\n(?=[\w\"'-]+[ \t]*:|#).*?\n(?:---|\.\.\.)|\+\+\+[ \t]*\n.*?\n\+\+\+)[ \t]*(?:\n|\Z)",
    re.DOTALL,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|<[^>]*>", re.DOTALL | re.IGNORECASE)
_HASHES = re.compile(r"[ \t>]*#{1,6}[ \t]*")
_CLOSING_HASHES = re.compile(r"[ \t]+#+[ \t]*$")
_MARKERS = re.compile(r"(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*")
_ORDERED = re.compile(r"\d{1,9}[.)](?=[ \t]*$)")
_FOOTNOTE = re.compile(r"\[\^([^\]]+)\]:[ \t]*")
_BOLD_ONLY = re.compile(r"(\*\*|__)(?!\s)(?:(?!\1).)+\1[ \t]*\Z", re.DOTALL)
_HEADING_CHARACTERS = 160
_WORD = re.compile(r"[^\W_]")


def parse(data: bytes, name: str) -> Document:
    """A Markdown draft without the notes of `annotate`; front matter, HTML comments and fenced code make no blocks."""
    text, notes = decode(data, name)
    text = MARKDOWN.without(text, keep_lines=True)
    check_text(text, name)
    reader = _Reader(text)
    blocks = tuple(reader.blocks())
    counts = tuple((key, str(number)) for key, number in sorted(reader.counts.items()))
    return Document(name, MEDIA_TYPE, text, blocks, sha256(data).hexdigest(), notes + counts)


class _Reader:
    """Walks the block tokens; a token's line range becomes a span."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.counts: dict[str, int] = {}
        matter = _FRONT_MATTER.match(text)
        self.base = matter.end() if matter else 0
        self.starts = [self.base]
        position = text.find("\n", self.base)
        while position != -1:
            self.starts.append(position + 1)
            position = text.find("\n", position + 1)
        self.starts.append(len(text) + 1)
        self.heading = 0  # level of the latest marked heading

    def blocks(self) -> Iterator[Block]:
        from markdown_it import MarkdownIt

        # NOTE: text indented by four columns is prose in a policy, never code, so that rule is off.
        parser = (
            MarkdownIt("commonmark", {"maxNesting": 2 * MAX_LIST_DEPTH}).enable("table").disable(["code", "inline"])
        )
        tokens = parser.parse(self.text[self.base :])
        depth = -1
        markers: list[str] = []  # of the open items, emptied once their first block took it
        index = 0
        while index < len(tokens):
            token = tokens[index]
            kind = token.type
            if kind in ("bullet_list_open", "ordered_list_open"):
                depth += 1
            elif kind in ("bullet_list_close", "ordered_list_close"):
                depth -= 1
            elif kind == "list_item_open":
                markers.append(f"{token.info}{token.markup}" if token.info else "")
            elif kind == "list_item_close":
                markers.pop()
            elif kind == "heading_open":
                yield from self._heading(token, tokens[index + 1])
                index += 2
            elif kind == "paragraph_open":
                yield from self._paragraph(tokens[index + 1], depth, markers)
                index += 2
            elif kind == "table_open":
                stop = next(at for at in range(index, len(tokens)) if tokens[at].type == "table_close")
                yield from self._table(tokens[index:stop])
                index = stop
            elif kind == "html_block":
                yield from self._html(token)
            elif kind == "fence":
                self.counts["code-skipped"] = self.counts.get("code-skipped", 0) + 1
            index += 1

    def _range(self, token: Token) -> tuple[int, int]:
        """Where the token's lines start and end, the last line end left out."""
        first, stop = token.map or (0, 0)
        return self.starts[first], self.starts[min(stop, len(self.starts) - 1)] - 1

    def _heading(self, token: Token, inline: Token) -> Iterator[Block]:
        start, end = self._range(inline)
        words = self.text[start:end]
        if token.markup in "=-" and (len(words) > _HEADING_CHARACTERS or words.rstrip()[-1:] in ".;"):
            # NOTE: a rule drawn right under a paragraph makes a heading in CommonMark, seldom to the drafter.
            yield from self._plain(start, end)
            return
        if marks := _HASHES.match(words) if "#" in token.markup else None:
            start += marks.end()
        end -= _closing(self.text[start:end])
        self.heading = int(token.tag[1])
        yield from self._block(BlockKind.HEADING, start, end, level=self.heading)

    def _paragraph(self, inline: Token, depth: int, markers: list[str]) -> Iterator[Block]:
        start, end = self._range(inline)
        lead = _MARKERS.match(self.text, start, end)
        start_of_words = lead.end() if lead else start
        if depth < 0:
            yield from self._plain(
                start_of_words if self.text[start:start_of_words].strip(" \t>") == "" else start, end
            )
            return
        label = markers[-1] if markers else ""
        if markers:
            markers[-1] = ""
        at = start_of_words
        if label:
            # The number was typed by the drafter: it stays in the span.
            typed = self.text.rfind(label, start, start_of_words)
            at = typed if typed != -1 else start_of_words
        if not label:
            label = layout.enumerator(self.text[at:end])
        yield from self._block(BlockKind.ITEM, at, end, level=depth, label=label)

    def _plain(self, start: int, end: int) -> Iterator[Block]:
        words = self.text[start:end]
        if note := _FOOTNOTE.match(words):
            yield from self._block(BlockKind.NOTE, start + note.end(), end, label=note.group(1))
        elif "\n" not in words and (marks := re.match(r"#{1,6}(?=[^\s#])", words)):
            self.heading = marks.end()
            yield from self._block(BlockKind.HEADING, start + marks.end(), end, level=self.heading)
        elif len(words) <= _HEADING_CHARACTERS and _BOLD_ONLY.match(words) and words.rstrip("*_ \n")[-1:] not in ".;:,":
            yield from self._block(BlockKind.HEADING, start, end, level=self.heading + 1)
        elif self._has_items(words):
            yield from self._lines(start, end)
        else:
            yield from self._block(BlockKind.PARAGRAPH, start, end, label=_article(words))

    def _has_items(self, words: str) -> bool:
        """Lines that open with "a)", "•" or "Article 3", which Markdown itself does not know."""
        return any(layout.enumerator(line) or layout.BULLET.match(line) for line in map(str.strip, words.split("\n")))

    def _lines(self, start: int, end: int) -> Iterator[Block]:
        for made in layout.blocks_of(self.text, layout.lines_of(self.text, start, end)):
            kind = BlockKind.PARAGRAPH if made.kind is BlockKind.HEADING else made.kind
            level = made.level if kind is BlockKind.ITEM else 0
            yield from self._block(kind, made.span.start, made.span.end, level=level, label=made.label)

    def _table(self, tokens: list[Token]) -> Iterator[Block]:
        header: list[str] = []
        in_head = False
        for index, token in enumerate(tokens):
            if token.type in ("thead_open", "thead_close"):
                in_head = token.type == "thead_open"
            elif token.type == "th_open" and in_head:
                header.append(_bare(tokens[index + 1].content))
            elif token.type == "tr_open" and not in_head and token.map:
                start, end = self._range(token)
                words = self.text[start:end]
                left = len(words) - len(words.lstrip(" \t>|"))
                right = len(words) - len(words.rstrip(" \t|"))
                yield from self._block(BlockKind.ROW, start + left, end - right, header=tuple(header))

    def _html(self, token: Token) -> Iterator[Block]:
        """The words between the tags of an HTML block, comments and scripts left out."""
        start, end = self._range(token)
        position = start
        for hidden in _HIDDEN.finditer(self.text, start, end):
            yield from self._block(BlockKind.PARAGRAPH, position, hidden.start())
            position = hidden.end()
        yield from self._block(BlockKind.PARAGRAPH, position, end)

    def _block(
        self,
        kind: BlockKind,
        start: int,
        end: int,
        *,
        level: int = 0,
        label: str = "",
        header: tuple[str, ...] = (),
    ) -> Iterator[Block]:
        """The block, cut at HTML comments and trimmed; nothing when no word is left."""
        position = start
        for cut, resume in [(m.start(), m.end()) for m in _COMMENT.finditer(self.text, start, end)] + [(end, end)]:
            left, right = position, cut
            while left < right and self.text[left].isspace():
                left += 1
            while right > left and self.text[right - 1].isspace():
                right -= 1
            if _WORD.search(self.text, left, right):
                yield Block(kind, Span(left, right), level, label, header)
            position = resume


def _article(words: str) -> str:
    bare = words.lstrip("*_ ")
    return layout.heading_label(bare) if re.match(r"art(?:icle|\.)", bare, re.IGNORECASE) else ""


def _closing(words: str) -> int:
    match = _CLOSING_HASHES.search(words)
    return len(words) - match.start() if match else 0


def _bare(cell: str) -> str:
    return cell.strip().strip("*_").strip()
