"""Makes the Word files of the examples from their Markdown: `python examples/make_docx.py`.

The numbers typed in the Markdown ("4.2.1.") become Word's automatic numbering, `[^1]` becomes a footnote, a table
keeps its header row, and each wording of REVISIONS shows as a tracked insertion beside the deletion it replaces:
with the changes accepted, the Word file says what the Markdown says. The same Markdown gives the same bytes.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

HERE = Path(__file__).resolve().parent
DATE = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
STAMP = DATE.strftime("%Y-%m-%dT%H:%M:%SZ")
NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Draft:
    """A Markdown file and what its Word form needs besides."""

    source: str
    language: str
    author: str
    revisions: tuple[tuple[str, str], ...]  # wording deleted, wording inserted in its place (as in the Markdown)


DRAFTS = (
    Draft(
        "mali/projet-pnm.md",
        "fr-FR",
        "Comité de rédaction",
        (
            ("est recommandée", "est interdite"),
            ("dans un délai de soixante jours", "dans un délai de trente jours"),
            ("sont entendus", "sont consultés"),
        ),
    ),
    Draft(
        "policy-en/draft.md",
        "en-GB",
        "Drafting group",
        (("should inspect", "shall inspect"), ("ninety per cent of the term", "the rest of its term")),
    ),
)

_HEADING = re.compile(r"(#+) (?:\d+(?:\.\d+)*\. )?(.*)")
_CLAUSE = re.compile(r"\d+(?:\.\d+)+\. (.*)", re.DOTALL)
_NOTE = re.compile(r"\[\^(\d+)\]: (.*)", re.DOTALL)
_INLINE = re.compile(r"\[\^(\d+)\]")
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)

NUMBERING = f"""
<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading1"/>
    <w:lvlText w:val="%1."/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="567" w:hanging="567"/></w:pPr></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading2"/>
    <w:lvlText w:val="%1.%2."/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="567" w:hanging="567"/></w:pPr></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/>
    <w:lvlText w:val="%1.%2.%3."/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="794" w:hanging="794"/></w:pPr></w:lvl>
</w:abstractNum>
"""
FOOTNOTES = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:footnotes {nsdecls("w")}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>
%s</w:footnotes>
"""
FOOTNOTE = (
    '<w:footnote w:id="{number}"><w:p><w:pPr><w:spacing w:after="0"/></w:pPr><w:r><w:rPr><w:vertAlign w:val='
    '"superscript"/></w:rPr><w:footnoteRef/></w:r><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t xml:space="preserve">'
    " {text}</w:t></w:r></w:p></w:footnote>\n"
)


def main() -> int:
    for draft in DRAFTS:
        source = HERE / draft.source
        target = source.with_suffix(".docx")
        target.write_bytes(word(source.read_text("utf-8"), draft))
        print(target.relative_to(HERE.parent).as_posix())
    return 0


def word(markdown: str, draft: Draft) -> bytes:
    """The Word file of a Markdown draft; raises ValueError when a revision's wording is not in it."""
    maker = _Maker(draft)
    for block in _blocks(_COMMENT.sub("", markdown)):
        maker.add(block)
    return maker.bytes()


def _blocks(markdown: str) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", markdown):
        if block.strip():
            yield block.strip("\n")


class _Maker:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.document: Any = Document()
        self.notes: dict[str, str] = {}
        self.pending = list(draft.revisions)
        self.changes = 0
        self._page()
        self._styles()
        self._numbering()

    def add(self, block: str) -> None:
        if note := _NOTE.fullmatch(block):
            self.notes[note.group(1)] = note.group(2)
        elif heading := _HEADING.fullmatch(block):
            depth = len(heading.group(1)) - 1
            paragraph = self.document.add_paragraph(style="Title" if depth == 0 else f"Heading {depth}")
            self._words(paragraph, heading.group(2))
        elif block.startswith("**") and block.endswith("**") and "\n" not in block:
            self._words(self.document.add_paragraph(style="Subtitle"), block.strip("*"))
        elif block.startswith("|"):
            self._table(block.splitlines())
        elif block.startswith("- "):
            for line in block.splitlines():
                self._words(self.document.add_paragraph(style="List Bullet"), line.removeprefix("- "))
        elif clause := _CLAUSE.fullmatch(block):
            style = "Normal" if block.split(" ", 1)[0].count(".") < 3 else "Clause"
            words = block if style == "Normal" else clause.group(1)
            self._words(self.document.add_paragraph(style=style), words)
        else:
            self._words(self.document.add_paragraph(), block)

    def bytes(self) -> bytes:
        if self.pending:
            raise ValueError(f"not in the Markdown: {self.pending[0][1]!r}")
        self._footnotes()
        packed = io.BytesIO()
        self.document.save(packed)
        return _settled(packed.getvalue())

    # --- text

    def _words(self, paragraph: Any, words: str) -> None:
        place = 0
        for reference in _INLINE.finditer(words):
            self._revised(paragraph, words[place : reference.start()])
            run = paragraph.add_run()
            run.font.superscript = True
            mark = OxmlElement("w:footnoteReference")
            mark.set(qn("w:id"), reference.group(1))
            run._r.append(mark)
            place = reference.end()
        self._revised(paragraph, words[place:])

    def _revised(self, paragraph: Any, words: str) -> None:
        for revision in self.pending:
            deleted, inserted = revision
            if inserted in words:
                self.pending.remove(revision)
                before, after = words.split(inserted, 1)
                if before:
                    paragraph.add_run(before)
                self._change(paragraph, "del", "delText", deleted)
                self._change(paragraph, "ins", "t", inserted)
                self._revised(paragraph, after)
                return
        if words:
            paragraph.add_run(words)

    def _change(self, paragraph: Any, kind: str, text: str, words: str) -> None:
        self.changes += 1
        change = OxmlElement(f"w:{kind}")
        change.set(qn("w:id"), str(900 + self.changes))
        change.set(qn("w:author"), self.draft.author)
        change.set(qn("w:date"), STAMP)
        run = OxmlElement("w:r")
        leaf = OxmlElement(f"w:{text}")
        leaf.text = words
        leaf.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(leaf)
        change.append(run)
        paragraph._p.append(change)

    def _table(self, lines: list[str]) -> None:
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not set(line) <= set("|- ")]
        widths = (1.2, 7.2, 4.0, 1.6, 2.6)
        table = self.document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for place, row in enumerate(rows):
            line = table.add_row()
            line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, words, width in zip(line.cells, row, widths, strict=True):
                cell.width = Cm(width)
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = Pt(2)
                run = paragraph.add_run(words)
                run.font.size = Pt(9)
                run.bold = place == 0
                if place == 0:
                    cell._tc.get_or_add_tcPr().append(
                        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="E7ECF2"/>')
                    )
            if place == 0:
                line._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        self.document.add_paragraph()

    # --- the frame

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.2)
        section.top_margin = section.bottom_margin = Cm(2.3)
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        field.append(OxmlElement("w:r"))
        footer._p.append(field)
        properties = self.document.core_properties
        properties.author = properties.last_modified_by = self.draft.author
        properties.created = properties.modified = DATE
        properties.title = Path(self.draft.source).stem
        properties.comments = ""

    def _styles(self) -> None:
        styles = self.document.styles
        clause = styles.add_style("Clause", 1)
        clause.base_style = styles["Normal"]
        for name, size, bold in (
            ("Normal", 10.5, None),
            ("Title", 22, True),
            ("Subtitle", 12, None),
            ("Heading 1", 15, True),
            ("Heading 2", 12, True),
        ):
            font = styles[name].font
            font.name, font.size, font.bold = "Calibri", Pt(size), bold
            fonts = styles[name].element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            if name != "Normal":
                font.color.rgb = RGBColor(0x1F, 0x3A, 0x5F)
        styles["Normal"].paragraph_format.space_after = Pt(6)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), self.draft.language)
        styles["Normal"].element.get_or_add_rPr().append(language)

    def _numbering(self) -> None:
        numbering = self.document.part.numbering_part.element
        # NOTE: Word wants every abstractNum before the first num.
        numbering.insert(0, parse_xml(NUMBERING))
        number = OxmlElement("w:num")
        number.set(qn("w:numId"), "90")
        abstract = OxmlElement("w:abstractNumId")
        abstract.set(qn("w:val"), "90")
        number.append(abstract)
        numbering.append(number)
        for name, depth in (("Heading 1", 0), ("Heading 2", 1), ("Clause", 2)):
            properties = self.document.styles[name].element.get_or_add_pPr()
            properties.append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>')
            )
            _in_order(properties)

    def _footnotes(self) -> None:
        body = "".join(
            FOOTNOTE.format(number=number, text=text.replace("&", "&amp;").replace("<", "&lt;"))
            for number, text in sorted(self.notes.items())
        )
        part = Part(
            PackURI("/word/footnotes.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
            (FOOTNOTES % body).encode(),
            self.document.part.package,
        )
        self.document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


# The schema fixes the order of a paragraph's properties; Word refuses others.
_ORDER = ("keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "pBdr", "spacing", "ind", "contextualSpacing", "jc", "outlineLvl")  # fmt: skip


def _in_order(properties: Any) -> None:
    def rank(child: Any) -> int:
        name = child.tag.rsplit("}", 1)[-1]
        return _ORDER.index(name) if name in _ORDER else len(_ORDER)

    properties[:] = sorted(properties, key=rank)


def _settled(data: bytes) -> bytes:
    """The same zip with one fixed date on every part."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=DATE.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return packed.getvalue()


if __name__ == "__main__":
    sys.exit(main())
