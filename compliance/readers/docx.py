"""Word documents, read from the XML itself, as Word shows them once tracked changes are accepted.

For commenting on words, `open_word` also says which runs each block came from: `TracedRun` spans are in code
points of `Document.text`, and every run element belongs to `Word.root`, the tree to change and write back as
the part `Word.part`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from compliance.model.policy import BlockKind, Document, Span
from compliance.readers import layout
from compliance.readers.limits import MAX_LIST_DEPTH, Archive, check_text, parse_xml, refuse

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_SMARTART = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

_P, _R, _T, _TBL, _TR, _TC, _SDT, _SDT_CONTENT = (
    W + tag for tag in ("p", "r", "t", "tbl", "tr", "tc", "sdt", "sdtContent")
)
_DROPPED = frozenset(W + tag for tag in ("del", "moveFrom"))
_INSERTED = frozenset(W + tag for tag in ("ins", "moveTo"))
_OPAQUE = frozenset(
    W + tag for tag in ("pPr", "rPr", "sdtPr", "sdtEndPr", "instrText", "delText", "rt", "tblPr", "tblGrid")
)
_AS_TEXT = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-", W + "ptab": "\t"}
_NOTE_MARKS = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
_BLANKS = str.maketrans("\t\n\r\u2028", "    ")
# Outline levels of styles that Word gives none: a document's title stands above its first headings.
_TITLE_RANKS = {"title": -1, "titre": -1, "subtitle": 0, "sous-titre": 0}
_HEADING_NAME = re.compile(r"(?:heading|titre|überschrift)\s*(\d)", re.IGNORECASE)
_CONTENTS_NAME = re.compile(r"(?:toc|tm|table of figures|table des illustrations)\s*\d*$", re.IGNORECASE)
_LIST_NAME = re.compile(r"(?:list|liste)\s.*?([2-9])$", re.IGNORECASE)  # "List Bullet 2"
_LARGEST_COUNT = 3_999  # beyond, neither roman numbers nor doubled letters mean anything
_DEEPEST_LEVEL = 8  # Word has nine list levels
_LONGEST_HEADING = 300  # characters; beyond, a drafter gave body text a heading's style


@dataclass(frozen=True, slots=True)
class TracedRun:
    """A run of the Word file and the part of `Document.text` that it shows."""

    span: Span
    run: _Element  # w:r


@dataclass(frozen=True, slots=True)
class Word:
    """A Word draft with the way back from its text to its XML."""

    document: Document
    part: str  # the name of the main part inside the zip
    root: _Element  # its w:document
    runs: tuple[TracedRun, ...]  # ascending; footnotes' runs are left out, their tree is another part

    def runs_of(self, span: Span) -> list[TracedRun]:
        """The runs that show any of `span`."""
        return [traced for traced in self.runs if traced.span.overlaps(span)]


def parse(data: bytes, name: str) -> Document:
    """A Word draft: tracked insertions accepted, deletions dropped, both counted in the notes."""
    return open_word(data, name).document


def open_word(data: bytes, name: str) -> Word:
    """A Word draft, with the runs its text came from."""
    archive = Archive(data, name)
    part = _main_part(archive)
    reader = _Reader(archive, part)
    reader.read()
    text = reader.out.text
    check_text(text, name)
    document = Document(
        name,
        MEDIA_TYPE,
        text,
        tuple(reader.out.blocks),
        sha256(data).hexdigest(),
        reader.out.notes,
        has_lines=False,
    )
    return Word(document, part, reader.root, tuple(reader.runs))


def _main_part(archive: Archive) -> str:
    if "_rels/.rels" in archive.names:
        for relation in archive.xml("_rels/.rels").iter(_RELATIONSHIP):
            if (relation.get("Type") or "").endswith("/officeDocument"):
                return normpath((relation.get("Target") or "").lstrip("/"))
    if "word/document.xml" in archive.names:
        return "word/document.xml"
    raise refuse(archive.name, "the file is damaged: it holds no Word document")


def _value(element: _Element | None, default: str = "") -> str:
    return default if element is None else element.get(W + "val", default)


def _number(element: _Element | None, default: int = 0) -> int:
    return layout.whole(_value(element), default)


def _on(properties: _Element | None, tag: str) -> bool | None:
    """A switch such as w:b: True, False, or None when unsaid."""
    if properties is None or (element := properties.find(W + tag)) is None:
        return None
    return element.get(W + "val", "1").lower() not in ("0", "false", "off", "none")


@dataclass(slots=True)
class _Style:
    """What a style says once its ancestors are heard."""

    name: str = ""
    outline: int | None = None
    num_id: str = ""
    level: int | None = None
    bold: bool = False
    hidden: bool = False


class _Styles:
    def __init__(self, root: _Element | None) -> None:
        self._elements = (
            {} if root is None else {style.get(W + "styleId", ""): style for style in root.iter(W + "style")}
        )
        self._known: dict[str, _Style] = {"": _Style()}
        self.default = next(
            (
                key
                for key, style in self._elements.items()
                if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true")
            ),
            "",
        )

    def get(self, key: str, depth: int = 0) -> _Style:
        if key in self._known:
            return self._known[key]
        element = self._elements.get(key)
        if element is None or depth > MAX_LIST_DEPTH:
            # NOTE: some exporters name a style they never define; its id still tells a heading.
            style = _Style(name=key)
        else:
            parent = self.get(_value(element.find(W + "basedOn")), depth + 1)
            style = _Style("", parent.outline, parent.num_id, parent.level, parent.bold, parent.hidden)
            style.name = _value(element.find(W + "name"), key)
            properties, run = element.find(W + "pPr"), element.find(W + "rPr")
            if properties is not None:
                if (outline := properties.find(W + "outlineLvl")) is not None:
                    style.outline = _number(outline, 9)
                if (numbering := properties.find(W + "numPr")) is not None:
                    style.num_id = _value(numbering.find(W + "numId"), style.num_id)
                    if (level := numbering.find(W + "ilvl")) is not None:
                        style.level = _number(level)
            bold, hidden = _on(run, "b"), _on(run, "vanish")
            style.bold = style.bold if bold is None else bold
            style.hidden = style.hidden if hidden is None else hidden
        if style.outline is None and (match := _HEADING_NAME.match(style.name)):
            style.outline = int(match.group(1)) - 1
        self._known[key] = style
        return style


@dataclass(slots=True)
class _Level:
    """One level of a list: how its number starts, looks and restarts."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    style: str = ""


class _Numbering:
    """Resolves automatic numbers to the labels that Word shows."""

    def __init__(self, root: _Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._overrides: dict[str, dict[int, int]] = {}
        self._own: dict[str, dict[int, _Level]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        if root is None:
            return
        style_links: dict[str, str] = {}
        borrowed: dict[str, str] = {}
        for abstract in root.findall(W + "abstractNum"):
            key = abstract.get(W + "abstractNumId", "")
            self._levels[key] = dict(self._read_level(level) for level in abstract.findall(W + "lvl"))
            if link := _value(abstract.find(W + "styleLink")):
                style_links[link] = key
            if link := _value(abstract.find(W + "numStyleLink")):
                borrowed[key] = link
        for num in root.findall(W + "num"):
            key = num.get(W + "numId", "")
            abstract_id = _value(num.find(W + "abstractNumId"))
            self._abstract[key] = style_links.get(borrowed.get(abstract_id, ""), abstract_id)
            for override in num.findall(W + "lvlOverride"):
                level = layout.whole(override.get(W + "ilvl"), 0)
                if (start := override.find(W + "startOverride")) is not None:
                    self._overrides.setdefault(key, {})[level] = _number(start, 1)
                if (own := override.find(W + "lvl")) is not None:
                    self._own.setdefault(key, {})[level] = self._read_level(own)[1]

    @staticmethod
    def _read_level(element: _Element) -> tuple[int, _Level]:
        restart = element.find(W + "lvlRestart")
        return layout.whole(element.get(W + "ilvl"), 0), _Level(
            _number(element.find(W + "start"), 1) if element.find(W + "start") is not None else 0,
            _value(element.find(W + "numFmt"), "decimal"),
            _value(element.find(W + "lvlText")),
            None if restart is None else _number(restart),
            element.find(W + "isLgl") is not None,
            _value(element.find(W + "pStyle")),
        )

    def level_of_style(self, num_id: str, style: str) -> int:
        """The level that a list ties to a paragraph style."""
        levels = self._levels.get(self._abstract.get(num_id, ""), {})
        return next((depth for depth, level in levels.items() if level.style == style), 0)

    def next(self, num_id: str, depth: int) -> str | None:
        """Count one paragraph; its label, "" for a bullet, None when the list is not defined."""
        depth = min(max(depth, 0), _DEEPEST_LEVEL)
        abstract = self._abstract.get(num_id)
        if abstract is None or abstract not in self._levels:
            return None
        own = self._own.get(num_id, {})
        levels = {**self._levels[abstract], **own}
        level = levels.get(depth, _Level())
        counters = self._counters.setdefault(abstract, {})
        for override, start in self._overrides.get(num_id, {}).items():
            if (num_id, override) not in self._started and override <= depth:
                self._started.add((num_id, override))
                counters[override] = start - 1 if override == depth else start
        for upper in range(depth):
            if upper not in counters:
                counters[upper] = levels.get(upper, _Level()).start
        counters[depth] = counters.get(depth, level.start - 1) + 1
        for lower in [key for key in counters if key > depth]:
            restart = levels.get(lower, _Level()).restart
            if restart is None or (restart != 0 and depth < restart):
                del counters[lower]
        if level.form == "bullet":
            return ""

        def shown(match: re.Match[str]) -> str:
            wanted = int(match.group(1)) - 1
            form = "decimal" if level.legal else levels.get(wanted, _Level()).form
            return _format(counters.get(wanted, levels.get(wanted, _Level()).start), form)

        return re.sub(r"%([1-9])", shown, level.text).strip()


def _format(number: int, form: str) -> str:
    if not 0 < number <= _LARGEST_COUNT and form not in ("bullet", "none"):
        return str(number)
    match form:
        case "lowerLetter" | "upperLetter":
            # NOTE: after "z" Word doubles the letter: "aa", "bb".
            letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
            return letters if form == "lowerLetter" else letters.upper()
        case "lowerRoman" | "upperRoman":
            return _roman(number).lower() if form == "lowerRoman" else _roman(number)
        case "decimalZero":
            return f"{number:02d}"
        case "ordinal":
            return f"{number}."
        case "none" | "bullet":
            return ""
    return str(number)


def _roman(number: int) -> str:
    signs = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
             (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
    written = ""
    for value, sign in signs:
        written += sign * (number // value)
        number %= value
    return written


@dataclass(slots=True)
class _Piece:
    """Some characters and the run that shows them; None for what the reader adds (cell bars)."""

    text: str
    run: _Element | None
    bold: bool = False


@dataclass(slots=True)
class _Aside:
    """A note or text box, kept until the section ends so that it never parts a list from its lead-in."""

    kind: BlockKind
    pieces: list[_Piece]
    label: str


@dataclass(slots=True)
class _Field:
    """An open field; its code is not shown, its result is."""

    in_code: bool = True


@dataclass(slots=True)
class _Flow:
    """Where reading stands in one stream of paragraphs (the body, a cell, a note, a text box)."""

    traced: bool = True
    box: bool = False
    carried: list[_Piece] = field(default_factory=list)  # of a paragraph whose mark was deleted


class _Reader:
    def __init__(self, archive: Archive, part: str) -> None:
        self.archive = archive
        self.root = self._xml(part)
        self.out = layout.Builder.new()
        self.runs: list[TracedRun] = []
        related = dict(self._related(part))
        self.styles = _Styles(self._optional(related.get("styles")))
        self.numbering = _Numbering(self._optional(related.get("numbering")))
        self.notes: dict[str, dict[str, _Element]] = {}
        for kind, tag in (("footnotes", "footnote"), ("endnotes", "endnote")):
            root = self._optional(related.get(kind))
            self.notes[kind] = {} if root is None else {note.get(W + "id", ""): note for note in root.iter(W + tag)}
        if (comments := self._optional(related.get("comments"))) is not None:
            self.out.count("comments", sum(1 for _ in comments.iter(W + "comment")))
        self.asides: list[_Aside] = []
        self.fields: list[_Field] = []
        self.boxes: list[_Element] = []  # met in the paragraph being read
        self.references: list[tuple[str, str]] = []
        self.heading = 0
        self.ladder: list[tuple[float, str, str]] = []
        self.note_number = 0

    def _xml(self, part: str) -> _Element:
        data = self.archive.part(part)
        if _STRICT in data:
            data = data.replace(_STRICT, _TRANSITIONAL)
        return parse_xml(data, part, self.archive.name)

    def _optional(self, part: str | None) -> _Element | None:
        # NOTE: dangling relations are common in files that other programs wrote, and harmless.
        return self._xml(part) if part and part in self.archive.names else None

    def _related(self, part: str) -> Iterator[tuple[str, str]]:
        folder = dirname(part)
        for kind in ("styles", "numbering", "footnotes", "endnotes", "comments"):
            yield kind, join(folder, f"{kind}.xml")
        relations = join(folder, "_rels", part.rsplit("/", 1)[-1] + ".rels")
        if relations in self.archive.names:
            for relation in self.archive.xml(relations).iter(_RELATIONSHIP):
                target = relation.get("Target") or ""
                path = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
                yield (relation.get("Type") or "").rsplit("/", 1)[-1], path

    def read(self) -> None:
        body = self.root.find(W + "body")
        if body is None:
            raise refuse(self.archive.name, "the file is damaged: its Word document has no body")
        self._stream(body, _Flow())
        self._flush()

    def _stream(self, container: _Element, flow: _Flow, depth: int = 0) -> None:
        if depth > MAX_LIST_DEPTH:
            raise refuse(self.archive.name, "the document nests tables or boxes too deeply to be read")
        for child in container:
            tag = child.tag
            if tag == _P:
                self._paragraph(child, flow, depth)
            elif tag == _TBL:
                self._table(child, flow, depth)
            elif tag == _SDT:
                if self._is_contents(child):
                    self.out.count("contents-skipped")
                elif (content := child.find(_SDT_CONTENT)) is not None:
                    self._stream(content, flow, depth + 1)
            elif tag in _DROPPED:
                self.out.count("tracked-deletions")
            elif tag == _MC + "AlternateContent":
                if (chosen := _choice(child)) is not None:
                    self._stream(chosen, flow, depth + 1)
            elif tag not in _OPAQUE and len(child):
                if tag in _INSERTED:
                    self.out.count("tracked-insertions")
                self._stream(child, flow, depth + 1)

    @staticmethod
    def _is_contents(sdt: _Element) -> bool:
        gallery = sdt.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        return _value(gallery) == "Table of Contents"

    def _paragraph(self, p: _Element, flow: _Flow, depth: int) -> None:
        properties = p.find(W + "pPr")
        key = self.styles.default if properties is None else _value(properties.find(W + "pStyle"), self.styles.default)
        style = self.styles.get(key)
        pieces, flow.carried = [*flow.carried, *self._pieces(p, style)], []
        boxes, self.boxes = self.boxes, []
        references, self.references = self.references, []
        mark = None if properties is None else properties.find(W + "rPr")
        merged = mark is not None and any(mark.find(tag) is not None for tag in _DROPPED)
        if _CONTENTS_NAME.match(style.name):
            self.out.count("contents-skipped")
        elif merged:
            # A deleted paragraph mark: once accepted, this paragraph runs into the next.
            flow.carried = pieces
        else:
            for line in _cut(pieces):
                self._emit(line, key, style, properties, flow)
        self._keep_asides(references, boxes, depth)

    def _emit(self, pieces: list[_Piece], key: str, style: _Style, properties: _Element | None, flow: _Flow) -> None:
        words = "".join(piece.text for piece in pieces)
        if not words.strip():
            return
        outline = style.outline
        num_id, level = style.num_id, style.level
        indent = 0.0
        if properties is not None:
            if (own := properties.find(W + "outlineLvl")) is not None:
                outline = _number(own, 9)
            if (numbering := properties.find(W + "numPr")) is not None:
                num_id = _value(numbering.find(W + "numId"), num_id)
                level = _number(numbering.find(W + "ilvl"), level or 0)
            if (margins := properties.find(W + "ind")) is not None:
                indent = layout.whole(margins.get(W + "left") or margins.get(W + "start"), 0) / 100
        label: str | None = None
        if num_id not in ("", "0"):
            depth = self.numbering.level_of_style(num_id, key) if level is None else level
            label = self.numbering.next(num_id, depth)
            if depth == 0 and (nested := _LIST_NAME.match(style.name)):
                depth = int(nested.group(1)) - 1
            level = min(max(depth, 0), _DEEPEST_LEVEL)
        name = style.name.lower()
        if outline is None and name in _TITLE_RANKS:
            outline = _TITLE_RANKS[name]
        words = words.strip()
        if flow.box:
            self._add(BlockKind.BOX, pieces, label=label or "", traced=flow.traced)
        elif outline is not None and -1 <= outline < 9 and len(words) <= _LONGEST_HEADING:
            self._flush()
            self.heading = outline + 1
            self.ladder = []
            self._add(BlockKind.HEADING, pieces, level=self.heading, label=label or layout.heading_label(words))
        elif label is not None:
            kind = layout.numbered_kind(label, words)
            self._add(kind, pieces, level=level or 0 if kind is BlockKind.ITEM else 0, label=label)
        else:
            self._emit_unstyled(pieces, words, style, indent)

    def _emit_unstyled(self, pieces: list[_Piece], words: str, style: _Style, indent: float) -> None:
        bold = all(piece.bold for piece in pieces if piece.text.strip())
        kind, rank, label = layout.typed(words, bold=bold)
        if kind is BlockKind.HEADING:
            self._flush()
            self.ladder = []
            self._add(kind, pieces, level=self.heading + rank, label=label)
        elif kind is BlockKind.ITEM:
            look = layout.style_of(label, self.ladder) if label else words[0]
            self._add(kind, pieces, level=layout.climb(self.ladder, indent, look, label), label=label)
        elif style.name.lower().startswith(("list ", "liste ")):
            # NOTE: "List Paragraph" is also what Word gives to plain indented text.
            self._add(BlockKind.ITEM if "paragra" not in style.name.lower() else kind, pieces, label=label)
        else:
            self.ladder = []
            self._add(kind, pieces, label=label)

    def _add(
        self,
        kind: BlockKind,
        pieces: list[_Piece],
        *,
        level: int = 0,
        label: str = "",
        header: tuple[str, ...] = (),
        traced: bool = True,
    ) -> None:
        words = "".join(piece.text for piece in pieces).translate(_BLANKS)
        left = len(words) - len(words.lstrip())
        words = words.strip()
        if not words:
            return
        start = self.out.add(kind, words, level=level, label=label, header=header)
        if not traced:
            return
        at = start - left
        for piece in pieces:
            first, stop = max(at, start), min(at + len(piece.text), start + len(words))
            if piece.run is not None and first < stop:
                self.runs.append(TracedRun(Span(first, stop), piece.run))
            at += len(piece.text)

    def _pieces(self, container: _Element, style: _Style) -> list[_Piece]:
        pieces: list[_Piece] = []
        self._gather(container, style, pieces, 0)
        return pieces

    def _gather(self, container: _Element, style: _Style, pieces: list[_Piece], depth: int) -> None:
        if depth > MAX_LIST_DEPTH:
            return
        for child in container:
            tag = child.tag
            if tag == _R:
                self._run(child, style, pieces)
            elif tag in _DROPPED:
                self.out.count("tracked-deletions")
            elif tag == _MATH_TEXT:
                pieces.append(_Piece(child.text or "", None))
            elif tag == _MC + "AlternateContent":
                if (chosen := _choice(child)) is not None:
                    self._gather(chosen, style, pieces, depth + 1)
            elif tag not in _OPAQUE and len(child):
                if tag in _INSERTED:
                    self.out.count("tracked-insertions")
                self._gather(child, style, pieces, depth + 1)

    def _run(self, run: _Element, style: _Style, pieces: list[_Piece]) -> None:
        properties = run.find(W + "rPr")
        bold, hidden = style.bold, style.hidden
        if properties is not None:
            if (named := properties.find(W + "rStyle")) is not None:
                character = self.styles.get(_value(named))
                bold, hidden = bold or character.bold, hidden or character.hidden
            own_bold, own_hidden = _on(properties, "b"), _on(properties, "vanish")
            bold = bold if own_bold is None else own_bold
            hidden = hidden if own_hidden is None else own_hidden
        words = ""
        for child in run:
            tag = child.tag
            if tag == _T:
                if not (self.fields and self.fields[-1].in_code):
                    words += child.text or ""
            elif tag in _AS_TEXT:
                words += _AS_TEXT[tag]
            elif tag == W + "fldChar":
                self._field(child.get(W + "fldCharType", ""))
            elif tag in _NOTE_MARKS:
                self.references.append((_NOTE_MARKS[tag], child.get(W + "id", "")))
            elif tag == W + "sym":
                words += _symbol(child.get(W + "char", ""))
            elif tag not in _OPAQUE and len(child):
                self._drawing(child)
        if words and hidden:
            self.out.count("hidden-text")
        elif words:
            pieces.append(_Piece(words, run, bold))

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self.fields.append(_Field())
        elif kind == "separate" and self.fields:
            self.fields[-1].in_code = False
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _drawing(self, element: _Element) -> None:
        """Find the text boxes of a drawing, each once."""
        if element.tag == _MC + "AlternateContent":
            chosen = _choice(element)
            if chosen is not None:
                self._drawing(chosen)
        elif element.tag == W + "txbxContent":
            self.boxes.append(element)
        elif element.tag == _SMARTART:
            self.out.count("diagrams-skipped")
        else:
            for child in element:
                self._drawing(child)

    def _keep_asides(self, references: Iterable[tuple[str, str]], boxes: Iterable[_Element], depth: int) -> None:
        for kind, key in references:
            note = self.notes[kind].get(key)
            if note is not None:
                self.note_number += 1
                pieces: list[_Piece] = []
                for p in note.iter(_P):
                    pieces += [
                        *([_Piece(" ", None)] if pieces else []),
                        *self._pieces(p, self.styles.get("")),
                    ]
                self.asides.append(_Aside(BlockKind.NOTE, pieces, str(self.note_number)))
        for box in boxes:
            # A box's paragraphs are gathered now and shown with the section's notes.
            before, self.asides = self.asides, []
            out, self.out = self.out, layout.Builder.new()
            runs, self.runs = self.runs, []
            self._stream(box, _Flow(box=True), depth + 1)
            inner, nested, self.out, self.asides = self.out, self.asides, out, before
            traced, self.runs = self.runs, runs
            for key, number in inner.counts.items():
                self.out.count(key, number)
            for block in inner.blocks:
                shown = [run for run in traced if run.span.overlaps(block.span)]
                pieces = _as_pieces(inner.text, block.span, shown)
                self.asides.append(_Aside(BlockKind.BOX, pieces, block.label))
            self.asides += nested

    def _flush(self) -> None:
        asides, self.asides = self.asides, []
        for aside in asides:
            self._add(aside.kind, aside.pieces, label=aside.label, traced=aside.kind is BlockKind.BOX)

    def _table(self, table: _Element, flow: _Flow, depth: int) -> None:
        rows = list(_rows(table))
        widest = max((len(cells) for _, cells in rows), default=0)
        if widest <= 1 and not flow.box:
            # One column: a frame around ordinary text.
            for _, cells in rows:
                for cell in cells:
                    self._stream(cell, flow, depth + 1)
            return
        self.ladder = []
        header: tuple[str, ...] = ()
        for index, (row, cells) in enumerate(rows):
            mark = row.find(W + "trPr")
            if mark is not None and mark.find(W + "del") is not None:
                self.out.count("tracked-deletions")
                continue
            nested: list[_Element] = []
            texts = [self._cell(cell, nested) for cell in cells]
            shown = tuple("".join(piece.text for piece in pieces).translate(_BLANKS).strip() for pieces in texts)
            says = _on(mark, "tblHeader")
            if len(rows) > 1 and (says or (index == 0 and layout.looks_like_header(shown, widest))):
                header = shown if not header else tuple(_both(header, shown))
            else:
                pieces = [piece for text in texts for piece in [*text, _Piece(" | ", None)]][:-1]
                if any(shown):
                    self._add(BlockKind.ROW if not flow.box else BlockKind.BOX, pieces, header=header)
            for inner in nested:
                self._table(inner, flow, depth + 1)

    def _cell(self, cell: _Element, nested: list[_Element]) -> list[_Piece]:
        pieces: list[_Piece] = []
        for child in _flat(cell):
            if child.tag == _TBL:
                nested.append(child)
                continue
            properties = child.find(W + "pPr")
            key = "" if properties is None else _value(properties.find(W + "pStyle"))
            style = self.styles.get(key)
            found = self._pieces(child, style)
            boxes, self.boxes = self.boxes, []
            references, self.references = self.references, []
            self._keep_asides(references, boxes, 1)
            if not "".join(piece.text for piece in found).strip():
                continue
            label = self._cell_label(key, style, properties)
            if pieces:
                pieces.append(_Piece(" ", None))
            if label:
                pieces.append(_Piece(label + " ", None))
            pieces += found
        while pieces and not pieces[-1].text.strip():
            pieces.pop()
        return pieces

    def _cell_label(self, key: str, style: _Style, properties: _Element | None) -> str:
        """Count a numbered paragraph of a cell; its label, shown in the row."""
        num_id, level = style.num_id, style.level
        if properties is not None and (numbering := properties.find(W + "numPr")) is not None:
            num_id = _value(numbering.find(W + "numId"), num_id)
            level = _number(numbering.find(W + "ilvl"), level or 0)
        if num_id in ("", "0"):
            return ""
        return self.numbering.next(num_id, self.numbering.level_of_style(num_id, key) if level is None else level) or ""


def _choice(alternate: _Element) -> _Element | None:
    """What a modern Word shows of an AlternateContent: its first choice, else its fallback."""
    chosen = alternate.find(_MC + "Choice")
    return chosen if chosen is not None and len(chosen) else alternate.find(_MC + "Fallback")


def _symbol(code: str) -> str:
    try:
        character = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return " " if "\ue000" <= character <= "\uf8ff" or not character.isprintable() else character


def _cut(pieces: list[_Piece]) -> list[list[_Piece]]:
    """The paragraph's lines, when manual line breaks make them list items; else the paragraph itself."""
    words = "".join(piece.text for piece in pieces)
    if "\n" not in words:
        return [pieces]
    lines = words.split("\n")
    if not any(layout.BULLET.match(line.strip()) or layout.enumerator(line.strip()) for line in lines[1:]):
        return [pieces]
    cut: list[list[_Piece]] = [[]]
    for piece in pieces:
        for index, part in enumerate(piece.text.split("\n")):
            if index:
                cut.append([])
            # NOTE: a piece cut at its break keeps its run; offsets inside the run are then approximate.
            cut[-1].append(_Piece(part, piece.run, piece.bold))
    return cut


def _as_pieces(text: str, span: Span, runs: list[TracedRun]) -> list[_Piece]:
    pieces: list[_Piece] = []
    at = span.start
    for traced in runs:
        if traced.span.start > at:
            pieces.append(_Piece(text[at : traced.span.start], None))
        pieces.append(_Piece(text[traced.span.start : traced.span.end], traced.run))
        at = traced.span.end
    if at < span.end:
        pieces.append(_Piece(text[at : span.end], None))
    return pieces


def _flat(container: _Element, depth: int = 0) -> Iterator[_Element]:
    """The paragraphs and tables of a cell, whatever wraps them."""
    for child in container:
        if child.tag in (_P, _TBL):
            yield child
        elif child.tag == _MC + "AlternateContent":
            if (chosen := _choice(child)) is not None and depth < MAX_LIST_DEPTH:
                yield from _flat(chosen, depth + 1)
        elif child.tag not in _DROPPED and child.tag not in _OPAQUE and depth < MAX_LIST_DEPTH:
            yield from _flat(child, depth + 1)


def _rows(table: _Element) -> Iterator[tuple[_Element, list[_Element]]]:
    """Rows and their cells, through the content controls that may wrap either."""
    for child in table:
        if child.tag == _TR:
            yield child, list(_cells(child))
        elif child.tag in (_SDT, _SDT_CONTENT, *_INSERTED):
            yield from _rows(child)


def _cells(row: _Element) -> Iterator[_Element]:
    for child in row:
        if child.tag == _TC:
            yield child
        elif child.tag in (_SDT, _SDT_CONTENT, *_INSERTED):
            yield from _cells(child)


def _both(upper: tuple[str, ...], lower: tuple[str, ...]) -> Iterator[str]:
    """Two header rows as one, when their cells match; the lower otherwise."""
    if len(upper) != len(lower):
        yield from lower
        return
    for first, second in zip(upper, lower, strict=True):
        yield f"{first} {second}".strip() if first != second else first
