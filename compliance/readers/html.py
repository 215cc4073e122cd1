"""HTML pages: headings, paragraphs, lists and tables; nothing is fetched, scripts and styles are left out."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from compliance.model.policy import BlockKind, Document
from compliance.readers import layout
from compliance.readers.encoding import decode
from compliance.readers.limits import MAX_LIST_DEPTH, check_text, refuse

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPE = "text/html"

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_DECLARED = re.compile(r"\A\s*<\?xml[^>]*\?>")
_SKIPPED_TAGS = (
    "script style noscript template head nav button select textarea input iframe object svg math audio video "
    "canvas pre code rp rt"
)
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_BLOCK_TAGS = (
    "html body main article section div p blockquote center header footer aside figure figcaption address "
    "form fieldset details summary hr dl dt dd ul ol li table caption thead tbody tfoot tr td th "
    "h1 h2 h3 h4 h5 h6 "
    "dir menu"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HEADING = re.compile(r"h([1-6])")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CHARACTERS = str.maketrans("", "", "\x00\u00ad")


def parse(data: bytes, name: str) -> Document:
    """An HTML draft."""
    from lxml import etree, html

    text, notes = _decoded(data, name)
    text = _DECLARED.sub("", text).translate(_HIDDEN_CHARACTERS)
    check_text(text, name)
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise refuse(name, "the file cannot be read as HTML") from error
    reader = _Reader(name)
    reader.walk(root)
    reader.close()
    written = reader.out.text
    check_text(written, name)
    return Document(
        name,
        MEDIA_TYPE,
        written,
        tuple(reader.out.blocks),
        sha256(data).hexdigest(),
        notes + reader.out.notes,
        has_lines=False,
    )


def _decoded(data: bytes, name: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The page's text, by the encoding it declares when that encoding works."""
    if (declared := _META.search(data[:4096])) and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = declared.group(1).decode("ascii").lower()
        # NOTE: browsers read both as Windows-1252, and so are such pages written.
        codec = "cp1252" if codec in ("iso-8859-1", "latin1", "us-ascii") else codec
        try:
            return data.decode(codec).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"), ()
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data, name)


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.out = layout.Builder.new()
        self.words: list[str] = []
        self.kind = BlockKind.PARAGRAPH
        self.level = 0
        self.label = ""
        self.lists: list[int | None] = []  # open lists: the next number, None for bullets
        self.heading = 0
        self.bold = self.plain = 0  # characters of the open block, bold and not

    def walk(self, element: _Element, depth: int = 0, bold: bool = False) -> None:
        if depth > 4 * MAX_LIST_DEPTH:
            raise refuse(self.name, "the page nests its tags too deeply to be read")
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or self._is_hidden(element):
            return
        bold = bold or tag in ("b", "strong")
        if tag == "table":
            self.close()
            self._table(element, depth)
            return
        if tag == "br":
            self.words.append("\n")
        blocky = tag in _BLOCKS
        if blocky:
            self.close()
            self._open(tag, element)
        self._say(element.text, bold)
        for child in element:
            self.walk(child, depth + 1, bold)
            self._say(child.tail, bold)
        if blocky:
            self.close()
            if tag in ("ul", "ol"):
                self.lists.pop()
            elif tag == "li" or _HEADING.fullmatch(tag):
                self.kind, self.level, self.label = BlockKind.PARAGRAPH, 0, ""

    @staticmethod
    def _is_hidden(element: _Element) -> bool:
        return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(element.get("style") or ""))

    def _open(self, tag: str, element: _Element) -> None:
        if match := _HEADING.fullmatch(tag):
            self.kind, self.level, self.label = BlockKind.HEADING, int(match.group(1)), ""
        elif tag in ("ul", "ol"):
            start = element.get("start") or "1"
            self.lists.append((int(start) if start.isdigit() else 1) if tag == "ol" else None)
        elif tag == "li":
            self.kind, self.level, self.label = BlockKind.ITEM, max(len(self.lists) - 1, 0), ""
            if self.lists and (number := self.lists[-1]) is not None:
                self.label, self.lists[-1] = f"{number}.", number + 1
        elif tag == "dd":
            self.kind, self.level, self.label = BlockKind.ITEM, len(self.lists), ""
        elif tag == "dt":
            self.kind, self.level, self.label = BlockKind.PARAGRAPH, 0, ""

    def _say(self, words: str | None, bold: bool) -> None:
        if words:
            self.words.append(re.sub(r"[ \t\n\r\f]+", " ", words))
            if bold:
                self.bold += len(words.strip())
            else:
                self.plain += len(words.strip())

    def close(self) -> None:
        """Write the words gathered since the last block opened."""
        text, self.words = "".join(self.words), []
        all_bold, self.bold, self.plain = self.bold > 0 and not self.plain, 0, 0
        pieces = text.split("\n")
        if not any(layout.BULLET.match(piece.strip()) or layout.enumerator(piece.strip()) for piece in pieces[1:]):
            pieces = [" ".join(pieces)]
        for piece in pieces:
            if words := layout.squeeze(piece):
                self._write(words, all_bold)

    def _write(self, words: str, bold: bool) -> None:
        kind, level, label = self.kind, self.level, self.label
        if kind is BlockKind.HEADING:
            self.heading, label = level, layout.heading_label(words)
        elif kind is BlockKind.ITEM:
            self.label = ""
            label = label or layout.enumerator(words)
        else:
            kind, rank, label = layout.typed(words, bold=bold)
            level = self.heading + rank if kind is BlockKind.HEADING else 0
        self.out.add(kind, words, level=level, label=label)

    def _table(self, table: _Element, depth: int) -> None:
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        widest = max((len(row) for row in cells), default=0)
        if widest <= 1 or any(cell.find(".//table") is not None for row in cells for cell in row):
            # A frame for layout, not data: its cells are read as ordinary text.
            for row in cells:
                for cell in row:
                    self._say(cell.text, False)
                    for child in cell:
                        self.walk(child, depth + 1)
                        self._say(child.tail, False)
                    self.close()
            return
        if (caption := table.find("caption")) is not None:
            self.walk(caption, depth + 1)
        header: tuple[str, ...] = ()
        for index, row in enumerate(cells):
            texts = tuple(_cell_text(cell) for cell in row)
            named = all(cell.tag == "th" for cell in row) or layout.looks_like_header(texts, widest)
            if index == 0 and len(cells) > 1 and named:
                header = texts
            elif any(texts):
                self.out.add(BlockKind.ROW, " | ".join(texts), header=header)


def _cell_text(cell: _Element) -> str:
    parts: list[str] = []

    def gather(element: _Element, depth: int) -> None:
        if not isinstance(element.tag, str) or element.tag in _SKIPPED or depth > 4 * MAX_LIST_DEPTH:
            return
        if element.tag in _BLOCKS or element.tag == "br":
            parts.append(" ")
        parts.append(element.text or "")
        for child in element:
            gather(child, depth + 1)
            parts.append(child.tail or "")
        if element.tag in _BLOCKS:
            parts.append(" ")

    gather(cell, 0)
    return layout.squeeze("".join(parts))
