"""What a revision changed, as a Word document: words before and after side by side, cuts struck, additions marked."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date
from pathlib import PurePath
from typing import Any

from compliance.model.law import Language
from compliance.reporters.archive import fixed
from compliance.revision import Kind, Revision
from compliance.revision_wording import KIND, TEXT, Entry, Row, paragraph, reworded, sections

_CUT, _PUT, _SOFT = "9B1C14", "11633A", "5B6573"
_DAY = date(2000, 1, 1)  # the file tells nothing of when it was written, so that the same drafts give the same bytes


def docx(revision: Revision, language: Language, version: str) -> bytes:
    from docx import Document
    from docx.shared import Cm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    _language(normal, "fr-FR" if language is Language.FR else "en-GB")
    say = {key: text.in_(language) for key, text in TEXT.items()}
    names = [PurePath(side.path).name for side in (revision.old, revision.new)]
    properties = document.core_properties
    properties.title, properties.author = f"{say['title']} – {_clean(names[1])}", "compliance"
    properties.comments = f"compliance {version}"
    document.add_heading(say["title"], 0)
    document.add_paragraph(_clean(f"{names[0]} → {names[1]}")).style = "Subtitle"
    document.add_paragraph(_clean(paragraph(revision).in_(language)))
    if not (revision.old.whole and revision.new.whole):
        document.add_paragraph(say["cited"]).runs[0].italic = True
    _counts(document, revision, language, say)
    found = sections(revision, language)
    for part in found:
        document.add_heading(f"{part.title} ({len(part.entries)})", 1)
        for entry in part.entries:
            _entry(document, entry, say)
    if not found:
        document.add_paragraph(say["none"])
    same = reworded(revision, language)
    if same:
        document.add_heading(f"{say['reworded']} ({len(same)})", 1)
        for entry in same:
            document.add_paragraph(_clean(f"{entry.id}  {entry.heading} ({entry.after})"), style="List Bullet")
    for key, units in (("entered", revision.entered), ("left", revision.left)):
        if units:
            document.add_heading(f"{say[key]} ({len(units)})", 1)
            document.add_paragraph(", ".join(unit.id for unit in units))
    _footer(section, f"{names[1]} – compliance {version}")
    out = io.BytesIO()
    document.save(out)
    return fixed(out.getvalue(), _DAY)


def _counts(document: Any, revision: Revision, language: Language, say: dict[str, str]) -> None:
    rows = [(KIND[kind].in_(language), len(revision.of(kind))) for kind in Kind if revision.of(kind)]
    table = document.add_table(rows=0, cols=2, style="Light List Accent 1")
    head = table.add_row().cells
    head[0].text, head[1].text = say["provisions"], say["counts"]
    _repeat(table.rows[0])
    for label, number in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, str(number)


def _entry(document: Any, entry: Entry, say: dict[str, str]) -> None:
    from docx.shared import RGBColor

    heading = document.add_heading(level=2)
    heading.add_run(_clean(f"{entry.id}  {entry.heading}"))
    verdict = document.add_paragraph()
    verdict.paragraph_format.keep_with_next = True
    verdict.add_run(f"{entry.before} → ")
    verdict.add_run(entry.after).bold = True
    if entry.why:
        why = document.add_paragraph()
        why.paragraph_format.keep_with_next = True
        why.add_run(_clean(entry.why)).italic = True
    if not entry.rows:
        return
    table = document.add_table(rows=1, cols=2, style="Table Grid")
    for cell, key in zip(table.rows[0].cells, ("before", "after"), strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(say[key]).bold = True
    _repeat(table.rows[0])
    for row in entry.rows:
        _row(table, row, say, RGBColor)
    document.add_paragraph()


def _row(table: Any, row: Row, say: dict[str, str], colour: Any) -> None:
    cells = table.add_row().cells
    sides = ((row.before_at, row.before, _CUT), (", ".join(x for x in (row.after_at, row.move) if x), row.after, _PUT))
    for cell, (place, runs, ink) in zip(cells, sides, strict=True):
        where = cell.paragraphs[0].add_run(_clean(place))
        where.font.color.rgb = colour.from_string(_SOFT)
        where.italic = True
        words = cell.add_paragraph()
        if not runs:
            words.add_run(say["same" if row.same else "absent"]).font.color.rgb = colour.from_string(_SOFT)
        _words(words, runs, ink, colour)


def _words(into: Any, runs: Iterable[tuple[str, bool]], ink: str, colour: Any) -> None:
    for text, changed in runs:
        run = into.add_run(_clean(text))
        if changed:
            run.font.color.rgb = colour.from_string(ink)
            run.font.strike = ink == _CUT
            run.font.underline = ink == _PUT


def _clean(text: str) -> str:
    """Without the control characters that XML refuses."""
    return "".join(one for one in text if one in "\t\n" or (ord(one) >= 32 and one not in "\ufffe\uffff"))


def _repeat(row: Any) -> None:
    """Show the row again on each page that its table reaches."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _language(style: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), code)
    style.element.get_or_add_rPr().append(mark)


def _footer(section: Any, text: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    line = section.footer.paragraphs[0]
    line.add_run(_clean(text) + " – ")
    run = line.add_run()
    for kind, words in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = words
        run._r.append(part)
