"""OpenDocument texts (LibreOffice): headings, numbered lists, tables, notes, frames and tracked changes."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from compliance.model.policy import BlockKind, Document
from compliance.readers import layout
from compliance.readers.limits import MAX_LIST_DEPTH, Archive, check_text, refuse

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _TABLE, _OFFICE, _STYLE, _DRAW = (_OASIS % name for name in ("text", "table", "office", "style", "drawing"))
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_SKIPPED = frozenset(
    {
        _TEXT + "tracked-changes",
        _OFFICE + "annotation",
        _OFFICE + "forms",
        _TEXT + "sequence-decls",
        _TEXT + "note-citation",
        _TEXT + "ruby-text",
        "{http://www.w3.org/1998/Math/MathML}math",
    }
)
_CONTENTS = frozenset(
    _TEXT + tag for tag in ("table-of-content", "illustration-index", "table-index", "alphabetical-index", "user-index")
)
_LONGEST_HEADING = 300


def parse(data: bytes, name: str) -> Document:
    """An OpenDocument draft: tracked deletions stay out, and are counted in the notes."""
    archive = Archive(data, name)
    if "META-INF/manifest.xml" in archive.names and b"encryption-data" in archive.part("META-INF/manifest.xml"):
        raise refuse(name, "the OpenDocument text is protected by a password", "save a copy without it")
    content = archive.xml("content.xml")
    styles = archive.xml("styles.xml") if "styles.xml" in archive.names else None
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise refuse(name, "the file is an OpenDocument file, but not a text")
    reader = _Reader(name, _Styles([root for root in (styles, content) if root is not None]))
    reader.changes(body)
    reader.stream(body)
    reader.flush()
    text = reader.out.text
    check_text(text, name)
    return Document(
        name,
        MEDIA_TYPE,
        text,
        tuple(reader.out.blocks),
        sha256(data).hexdigest(),
        reader.out.notes,
        has_lines=False,
    )


class _Styles:
    """Of the styles: which are bold, hidden, headings, and how lists are numbered."""

    def __init__(self, roots: list[_Element]) -> None:
        self._elements: dict[str, _Element] = {}
        self.lists: dict[str, dict[int, _Element]] = {}
        self.outline: dict[int, _Element] = {}
        for root in roots:
            for style in root.iter(_STYLE + "style"):
                self._elements[style.get(_STYLE + "name", "")] = style
            for listing in root.iter(_TEXT + "list-style"):
                self.lists[listing.get(_STYLE + "name", "")] = _levels(listing)
            for outline in root.iter(_TEXT + "outline-style"):
                self.outline = _levels(outline)

    def _chain(self, name: str) -> Iterator[_Element]:
        for _ in range(MAX_LIST_DEPTH):
            if (style := self._elements.get(name)) is None:
                return
            yield style
            name = style.get(_STYLE + "parent-style-name", "")

    def property(self, name: str, key: str) -> str:
        for style in self._chain(name):
            properties = style.find(_STYLE + "text-properties")
            if properties is not None and (value := properties.get(key)) is not None:
                return value
        return ""

    def is_bold(self, name: str) -> bool:
        return self.property(name, _FO + "font-weight") in ("bold", "600", "700", "800", "900")

    def is_hidden(self, name: str) -> bool:
        return self.property(name, _TEXT + "display") == "none"

    def outline_level(self, name: str) -> int:
        """The heading level a paragraph style stands for, 0 when none."""
        for style in self._chain(name):
            level = style.get(_STYLE + "default-outline-level", "")
            if level.isdigit():
                return int(level)
            if style.get(_STYLE + "name") in ("Title", "Subtitle"):
                return 1
        return 0

    def list_style(self, name: str) -> str:
        return next((found for style in self._chain(name) if (found := style.get(_STYLE + "list-style-name"))), "")


def _levels(listing: _Element) -> dict[int, _Element]:
    return {layout.whole(level.get(_TEXT + "level"), 1): level for level in listing if isinstance(level.tag, str)}


class _Counters:
    """The running numbers of one list or of the headings."""

    def __init__(self) -> None:
        self.values: dict[int, int] = {}

    def label(self, levels: dict[int, _Element], depth: int, start: str | None = None) -> str:
        """Count one item at `depth` (from one) and give its label; "" for bullets."""
        style = levels.get(depth)
        first = layout.whole(style.get(_TEXT + "start-value"), 1) if style is not None else 1
        self.values[depth] = int(start) if start and start.isdigit() else self.values.get(depth, first - 1) + 1
        for deeper in [key for key in self.values if key > depth]:
            del self.values[deeper]
        if style is None or not (form := style.get(_STYLE + "num-format", "")):
            return ""
        shown = layout.whole(style.get(_TEXT + "display-levels"), 1)
        numbers = []
        for level in range(max(1, depth - shown + 1), depth + 1):
            own = levels.get(level)
            numbers.append(
                _format(self.values.get(level, 1), form if own is None else own.get(_STYLE + "num-format", form))
            )
        prefix, suffix = style.get(_STYLE + "num-prefix", ""), style.get(_STYLE + "num-suffix", "")
        return f"{prefix}{'.'.join(number for number in numbers if number)}{suffix}".strip()


def _format(number: int, form: str) -> str:
    if form in ("a", "A") and 0 < number < 4000:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if form == "a" else letters.upper()
    if form in ("i", "I") and 0 < number < 4000:
        written = ""
        for value, sign in zip(
            (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
            ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
            strict=True,
        ):
            written += sign * (number // value)
            number %= value
        return written if form == "i" else written.upper()
    return str(number) if form else ""


class _Reader:
    def __init__(self, name: str, styles: _Styles) -> None:
        self.name = name
        self.styles = styles
        self.out = layout.Builder.new()
        self.heading = 0
        self.headings = _Counters()
        self.lists: dict[str, _Counters] = {}  # by list style, for lists that go on
        self.asides: list[tuple[BlockKind, str, str]] = []
        self.ladder: list[tuple[float, str, str]] = []
        self.bold = self.plain = 0  # characters of the paragraph being read

    def changes(self, body: _Element) -> None:
        for region in body.iter(_TEXT + "changed-region"):
            for kind, key in (("insertion", "tracked-insertions"), ("deletion", "tracked-deletions")):
                self.out.count(key, sum(1 for _ in region.iterchildren(_TEXT + kind)))
        self.out.count("comments", sum(1 for _ in body.iter(_OFFICE + "annotation")))

    def stream(self, container: _Element, depth: int = 0) -> None:
        if depth > 2 * MAX_LIST_DEPTH:
            raise refuse(self.name, "the document nests its parts too deeply to be read")
        for child in container:
            tag = child.tag
            if tag == _TEXT + "h":
                self._heading(child)
            elif tag == _TEXT + "p":
                self._paragraph(child)
            elif tag == _TEXT + "list":
                self._list(child, 1, child.get(_TEXT + "style-name", ""), None, depth)
            elif tag == _TABLE + "table":
                self._table(child, depth)
            elif tag in _CONTENTS:
                self.out.count("contents-skipped")
            elif isinstance(tag, str) and tag not in _SKIPPED and not self._is_hidden_section(child):
                self.stream(child, depth + 1)

    def _is_hidden_section(self, element: _Element) -> bool:
        hidden = element.tag == _TEXT + "section" and element.get(_TEXT + "display") == "none"
        if hidden:
            self.out.count("hidden-text")
        return hidden

    def _heading(self, element: _Element) -> None:
        words = self._words(element)
        if not words:
            return
        level = element.get(_TEXT + "outline-level", "1")
        depth = int(level) if level.isdigit() and level != "0" else 1
        label = (
            "" if element.get(_TEXT + "is-list-header") == "true" else self.headings.label(self.styles.outline, depth)
        )
        self._put_heading(words, depth, label or layout.heading_label(words))

    def _put_heading(self, words: str, level: int, label: str) -> None:
        self.flush()
        self.heading = level
        self.ladder = []
        self.out.add(BlockKind.HEADING, words, level=level, label=label)

    def _paragraph(self, element: _Element) -> None:
        style = element.get(_TEXT + "style-name", "")
        words = self._words(element)
        if not words:
            return
        level = self.styles.outline_level(style)
        if level and len(words) <= _LONGEST_HEADING:
            self._put_heading(words, level, layout.heading_label(words))
            return
        kind, rank, label = layout.typed(words, bold=self.bold > 0 and not self.plain)
        if kind is BlockKind.HEADING:
            self.flush()
            self.ladder = []
            self.out.add(kind, words, level=self.heading + rank, label=label)
        elif kind is BlockKind.ITEM:
            look = layout.style_of(label, self.ladder) if label else words[0]
            self.out.add(kind, words, level=layout.climb(self.ladder, 0, look, label), label=label)
        else:
            self.ladder = []
            self.out.add(kind, words, label=label)

    def _list(self, element: _Element, level: int, style: str, counters: _Counters | None, depth: int) -> None:
        if depth > 2 * MAX_LIST_DEPTH:
            raise refuse(self.name, "the document nests its lists too deeply to be read")
        style = element.get(_TEXT + "style-name", "") or style
        if counters is None:
            goes_on = element.get(_TEXT + "continue-numbering") == "true" or element.get(_TEXT + "continue-list")
            counters = self.lists.get(style) if goes_on else None
            counters = counters or _Counters()
            self.lists[style] = counters
        levels = self.styles.lists.get(style, {})
        for item in element:
            if item.tag not in (_TEXT + "list-item", _TEXT + "list-header"):
                continue
            # An item that only holds a deeper list shows no number of its own.
            numbered = item.tag == _TEXT + "list-item" and any(child.tag != _TEXT + "list" for child in item)
            label = counters.label(levels, level, item.get(_TEXT + "start-value")) if numbered else ""
            for child in item:
                if child.tag == _TEXT + "list":
                    self._list(child, level + 1, style, counters, depth + 1)
                elif child.tag == _TEXT + "h":
                    if words := self._words(child):
                        outline = child.get(_TEXT + "outline-level", "1")
                        heading = int(outline) if outline.isdigit() else 1
                        self._put_heading(words, heading, label or layout.heading_label(words))
                elif child.tag == _TEXT + "p":
                    if words := self._words(child):
                        mark = label or layout.enumerator(words)
                        kind = layout.numbered_kind(label, words)
                        self.out.add(kind, words, level=level - 1 if kind is BlockKind.ITEM else 0, label=mark)
                        label = ""
                else:
                    self.stream([child], depth + 1)  # type: ignore[arg-type]

    def _table(self, table: _Element, depth: int) -> None:
        if depth > 2 * MAX_LIST_DEPTH:
            raise refuse(self.name, "the document nests its tables too deeply to be read")
        rows = list(_rows(table))
        widest = max((len(cells) for _, cells in rows), default=0)
        if widest <= 1:
            for _, cells in rows:
                for cell in cells:
                    self.stream(cell, depth + 1)
            return
        header: tuple[str, ...] = ()
        for index, (is_header, cells) in enumerate(rows):
            nested: list[_Element] = []
            texts = tuple(self._cell(cell, nested) for cell in cells)
            looks = index == 0 and layout.looks_like_header(texts, widest)
            if len(rows) > 1 and (is_header or looks):
                header = texts
            elif any(texts):
                self.out.add(BlockKind.ROW, " | ".join(texts), header=header)
            for inner in nested:
                self._table(inner, depth + 1)

    def _cell(self, cell: _Element, nested: list[_Element]) -> str:
        parts: list[str] = []

        def gather(container: _Element, depth: int) -> None:
            for child in container:
                if child.tag == _TABLE + "table":
                    nested.append(child)
                elif child.tag in (_TEXT + "p", _TEXT + "h"):
                    parts.append(self._words(child))
                elif isinstance(child.tag, str) and child.tag not in _SKIPPED and depth < MAX_LIST_DEPTH:
                    gather(child, depth + 1)

        gather(cell, 0)
        return " ".join(part for part in parts if part)

    def _words(self, paragraph: _Element) -> str:
        self.bold = self.plain = 0
        style = paragraph.get(_TEXT + "style-name", "")
        if self.styles.is_hidden(style):
            self.out.count("hidden-text")
            return ""
        parts: list[str] = []
        self._gather(paragraph, parts, self.styles.is_bold(style), 0)
        return layout.squeeze("".join(parts))

    def _gather(self, element: _Element, parts: list[str], bold: bool, depth: int) -> None:
        if depth > 2 * MAX_LIST_DEPTH:
            return
        self._say(element.text, parts, bold)
        for child in element:
            tag = child.tag
            if tag in (_TEXT + "s", _TEXT + "tab", _TEXT + "line-break"):
                parts.append(" ")
            elif tag == _TEXT + "note":
                self._note(child)
            elif tag == _DRAW + "frame" or (isinstance(tag, str) and tag.startswith(_DRAW)):
                self._frame(child)
            elif isinstance(tag, str) and tag not in _SKIPPED:
                named = child.get(_TEXT + "style-name", "") if tag == _TEXT + "span" else ""
                if named and self.styles.is_hidden(named):
                    self.out.count("hidden-text")
                else:
                    weight = self.styles.property(named, _FO + "font-weight") if named else ""
                    self._gather(child, parts, weight not in ("normal", "400") if weight else bold, depth + 1)
            self._say(child.tail, parts, bold)

    def _say(self, words: str | None, parts: list[str], bold: bool) -> None:
        if words:
            parts.append(words)
            if bold:
                self.bold += len(words.strip())
            else:
                self.plain += len(words.strip())

    def _note(self, note: _Element) -> None:
        body, citation = note.find(_TEXT + "note-body"), note.find(_TEXT + "note-citation")
        if body is not None:
            bold, plain = self.bold, self.plain
            words = " ".join(filter(None, (self._words(p) for p in body.iter(_TEXT + "p"))))
            self.bold, self.plain = bold, plain
            self.asides.append((BlockKind.NOTE, words, "" if citation is None else (citation.text or "")))

    def _frame(self, frame: _Element) -> None:
        bold, plain = self.bold, self.plain
        for p in frame.iter(_TEXT + "p", _TEXT + "h"):
            if words := self._words(p):
                self.asides.append((BlockKind.BOX, words, ""))
        self.bold, self.plain = bold, plain

    def flush(self) -> None:
        """Write the notes and frames met since the last heading, where they part no list from its lead-in."""
        asides, self.asides = self.asides, []
        for kind, words, label in asides:
            if words:
                self.out.add(kind, words, label=label)


def _rows(table: _Element, header: bool = False) -> Iterator[tuple[bool, list[_Element]]]:
    for child in table:
        if child.tag == _TABLE + "table-row":
            cells = [cell for cell in child if cell.tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell")]
            while cells and not len(cells[-1]):
                # NOTE: LibreOffice pads rows with one empty cell "repeated" to the edge of the sheet.
                cells.pop()
            yield header, cells
        elif child.tag == _TABLE + "table-header-rows":
            yield from _rows(child, True)
        elif child.tag in (_TABLE + "table-rows", _TABLE + "table-row-group"):
            yield from _rows(child, header)
