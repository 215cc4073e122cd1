"""The harmonisation report as a Word document, with real styles, in the form that ministries sign."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from compliance.labels import COLOUR, DEGREE, MARK, READING, WHAT_IT_IS, Degree
from compliance.model.law import Language
from compliance.reporters.archive import fixed
from compliance.view import Citation, Clash, ClashBand, Report, Row, View

_FONT = "Calibri"
_INK = "1F3A5F"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
# Characters that XML cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CITED = 4  # clauses quoted in one row
_CLASHES = 8  # conflicts on the summary's page
_PER_CM = 567  # twentieths of a point
_PORTRAIT, _LANDSCAPE = "here-portrait", "here-landscape"  # where the body goes in the paper


class Document:
    suffix = ".docx"

    def render(self, report: Report) -> bytes:
        view = View(report)
        paper = _paper(view)
        _fold(paper)
        out = io.BytesIO()
        paper.save(out)
        return fixed(_filled(out.getvalue(), _Body(view).parts()), report.day)


# --- runs, paragraphs and tables as XML --------------------------------------------------------------------------
# NOTE: python-docx takes a second for a hundred table rows; the report has a thousand.


def run(text: str, bold: bool = False, italic: bool = False, colour: str = "", size: float = 0, font: str = "") -> str:
    text = escape(_FORBIDDEN.sub("", text))
    look = (
        (f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}" w:eastAsia="{font}"/>' if font else "")
        + ("<w:b/>" if bold else "")
        + ("<w:i/>" if italic else "")
        + (f'<w:color w:val="{colour}"/>' if colour else "")
        + (f'<w:sz w:val="{round(size * 2)}"/>' if size else "")
    )
    return f'<w:r>{f"<w:rPr>{look}</w:rPr>" if look else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def mark(degree: Degree, size: float = 0) -> str:
    return run(MARK[degree], colour=COLOUR[degree][2], size=size, font="Segoe UI Symbol")


def paragraph(*runs: str, style: str = "", align: str = "", keep: bool = False) -> str:
    look = (
        (f'<w:pStyle w:val="{style}"/>' if style else "")
        + ("<w:keepNext/>" if keep else "")
        + (f'<w:jc w:val="{align}"/>' if align else "")
    )
    return f"<w:p>{f'<w:pPr>{look}</w:pPr>' if look else ''}{''.join(runs)}</w:p>"


@dataclass(frozen=True, slots=True)
class TableCell:
    """Paragraphs of one cell, with its background."""

    paragraphs: tuple[str, ...]
    fill: str = ""


def cell(*runs: str, fill: str = "", align: str = "", style: str = "Cell") -> TableCell:
    return TableCell((paragraph(*runs, style=style, align=align),), fill)


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[TableCell]],
    widths: Sequence[float],
    caption: str,
    over: Sequence[tuple[str, int]] = (),
) -> str:
    """A table whose head repeats on every page.

    Args:
        widths: in centimetres.
        caption: for screen readers.
        over: a row above the head, each text over so many columns.
    """
    sizes = [round(width * _PER_CM) for width in widths]
    title = escape(caption, {'"': "&quot;"})
    line = 'w:val="single" w:sz="4" w:space="0" w:color="AEB6C2"'
    sides = "".join(f"<w:{side} {line}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    look = 'w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"'
    out = [
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(sizes)}" w:type="dxa"/>',
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/>',
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>',
        f'<w:tblLook {look}/><w:tblCaption w:val="{title}"/></w:tblPr><w:tblGrid>',
        "".join(f'<w:gridCol w:w="{size}"/>' for size in sizes),
        "</w:tblGrid>",
    ]
    if over:
        out.append("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>")
        for text, span in over:
            content = cell(run(text, bold=True, colour="FFFFFF"), align="center").paragraphs[0]
            look = f'<w:gridSpan w:val="{span}"/><w:shd w:val="clear" w:color="auto" w:fill="{_INK}"/>'
            out.append(f"<w:tc><w:tcPr>{look}</w:tcPr>{content}</w:tc>")
        out.append("</w:tr>")
    if any(head):
        cells = [cell(run(text, bold=True, colour="FFFFFF"), fill=_INK) for text in head]
        out.append(_table_row(cells, sizes, "<w:cantSplit/><w:tblHeader/>"))
    out.extend(_table_row(cells, sizes, "<w:cantSplit/>") for cells in rows)
    out.append("</w:tbl>")
    return "".join(out) + paragraph(style="Gap")


def _table_row(cells: Sequence[TableCell], sizes: Sequence[int], look: str) -> str:
    out = [f"<w:tr><w:trPr>{look}</w:trPr>"]
    for one, size in zip(cells, sizes, strict=True):
        fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{one.fill}"/>' if one.fill else ""
        out.append(f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/>{fill}</w:tcPr>{"".join(one.paragraphs)}</w:tc>')
    out.append("</w:tr>")
    return "".join(out)


@dataclass(slots=True)
class _Parts:
    """The body as XML, split where the page turns to landscape and back."""

    portrait: list[str] = field(default_factory=list)
    landscape: list[str] = field(default_factory=list)


# --- the body ----------------------------------------------------------------------------------------------------


class _Body:
    def __init__(self, view: View) -> None:
        self.view = view
        self.say = view.say
        self.bookmarks: list[tuple[int, str, str]] = []  # level, name, text

    def parts(self) -> _Parts:
        first = [*self.summary(), *self.marks(), *self.all_conflicts(), *self.decisions(), *self.reading()]
        last = [*self.concordance(), *self.readiness(), *self.measures(), *self.plan(), *self.reverse(), *self.annex()]
        return _Parts([*self.cover(), *self.contents(), *first], last)

    def heading(self, text: str, level: int = 1) -> str:
        name = f"_Toc{len(self.bookmarks) + 1:06d}"
        self.bookmarks.append((level, name, text))
        number = len(self.bookmarks)
        return (
            f'<w:p><w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr><w:bookmarkStart w:id="{number}" w:name="{name}"/>'
            f'{run(text)}<w:bookmarkEnd w:id="{number}"/></w:p>'
        )

    def text(self, text: str, style: str = "") -> str:
        return paragraph(run(text), style=style)

    def bullet(self, *runs: str) -> str:
        return paragraph(*runs, style="ListBullet")

    def cover(self) -> Iterable[str]:
        yield paragraph(run(self.say("title")), style="Title")
        yield paragraph(run(self.say("subtitle")), style="Subtitle")
        rows = [
            (
                cell(run(label, bold=True), style="Small"),
                cell(run(value, size=8 if len(value) == 64 else 0), style="Small"),
            )
            for label, value in self.view.facts
        ]
        yield table((), rows, (4.5, 12.5), self.say("draft"))

    def contents(self) -> Iterable[str]:
        """A table of contents: links to the headings, each with a field for its page.

        NOTE: pages are known to the word processor alone. LibreOffice fills these fields as it opens the file, Word as
        it prints or when asked to (Ctrl+A, F9). A TOC field would show no page in LibreOffice either; with it marked
        dirty, or `updateFields` in the settings, Word first asks about "fields that may refer to other files".
        """
        yield paragraph(run(self.say("contents")), style="TOCHeading")
        for level, name, text in self.bookmarks:
            if level <= 2:
                page = _field(f"PAGEREF {name} \\h")
                link = (
                    f'<w:hyperlink w:anchor="{name}" w:history="1">{run(text)}<w:r><w:tab/></w:r>{page}</w:hyperlink>'
                )
                yield f'<w:p><w:pPr><w:pStyle w:val="toc{level}"/></w:pPr>{link}</w:p>'

    def summary(self) -> Iterable[str]:
        say, view = self.say, self.view
        style = '<w:pStyle w:val="Heading1"/>'
        yield self.heading(say("summary")).replace(style, f"{style}<w:pageBreakBefore/>", 1)
        head = [say("instrument"), say("force"), *(say.pair(label) for label in DEGREE.values())]
        rows = [
            [
                cell(run(one.short, bold=True)),
                cell(run(f"{one.force_label} {one.since}".strip())),
                *(
                    cell(run(str(number), bold=True, colour=COLOUR[degree][1]), fill=COLOUR[degree][0], align="center")
                    for degree, number in one.counts.by_degree
                ),
            ]
            for one in view.instruments
        ]
        yield table(head, rows, (3.4, 3.6, 1.6, 2.0, 1.5, 1.7, 1.7, 1.5), say("by-instrument"))
        yield self.text(say("no-score"), "Brief")
        yield from self.themes()
        yield self.heading(say("summary-conflicts"), 2)
        if not view.conflicts:
            yield self.text(say("no-conflicts"))
        left = _CLASHES
        more: list[str] = []
        for band in view.conflicts:
            shown = band.clashes[:left]
            left -= len(shown)
            yield from self.clashes(band, shown, 70, brief=True)
            if hidden := len(band.clashes) - len(shown):
                more.append(f"{band.title}{_colon(say.language)}{say('more-conflicts', n=hidden)}")
        if more:
            yield paragraph(run(" ".join(more)), style="Brief")
        yield from self.gaps()
        if view.gaps_note:
            yield self.text(view.gaps_note, "Brief")

    def themes(self) -> Iterable[str]:
        """Counts by theme, one row a theme; treaties of different force stand in different columns."""
        say, view = self.say, self.view
        shown = (Degree.CONFORM, Degree.PARTIAL, Degree.GAP, Degree.CONFLICT)
        names = list(dict.fromkeys(theme.counts.label for band in view.themes for theme in band.themes))
        by_name = [{theme.counts.label: theme.counts for theme in band.themes} for band in view.themes]
        rows = []
        for name in names:
            row = [cell(run(name))]
            for band in by_name:
                numbers = [band[name][degree] if name in band else 0 for degree in shown]
                row += [
                    cell(
                        run(str(number) if number else "·", bold=bool(number)),
                        align="center",
                        fill=COLOUR[degree][0] if number else "",
                    )
                    for degree, number in zip(shown, numbers, strict=True)
                ]
            rows.append(row)
        head = [say("theme")] + [MARK[degree] for _ in view.themes for degree in shown]
        width = (17 - 6.8) / (4 * max(len(view.themes), 1))
        key = "  ".join(f"{MARK[degree]}\u00a0{say.pair(DEGREE[degree])}" for degree in shown)
        over = [("", 1), *((band.title, 4) for band in view.themes)]
        yield paragraph(run(f"{say('by-theme')}. ", bold=True, colour=_INK), run(key), keep=True, style="Brief")
        yield table(head, rows, (6.8, *([width] * 4 * len(view.themes))), say("by-theme"), over)

    def marks(self) -> Iterable[str]:
        """One mark a provision: the shape of each theme at a glance."""
        say, view = self.say, self.view
        style = '<w:pStyle w:val="Heading2"/>'
        yield self.heading(say("by-theme"), 2).replace(style, f"{style}<w:pageBreakBefore/>", 1)
        key = (part for degree, label in DEGREE.items() for part in (mark(degree), run(f"\u00a0{say.pair(label)}  ")))
        yield paragraph(run(f"{say('marks')}{_colon(say.language)}"), *key, style="Small")
        for band in view.themes:
            rows = [
                [cell(run(theme.counts.label)), cell(*(mark(row.degree, 8) for row in theme.rows))]
                for theme in band.themes
            ]
            yield table([band.title, say("marks")], rows, (6, 11), band.title)

    def all_conflicts(self) -> Iterable[str]:
        yield self.heading(self.say("conflicts"), 2)
        if not self.view.conflicts:
            yield self.text(self.say("no-conflicts"))
        for band in self.view.conflicts:
            yield from self.clashes(band, band.clashes, 900)

    def decisions(self) -> Iterable[str]:
        if not self.view.decided:
            return
        yield self.heading(self.say("decisions"), 2)
        yield self.text(self.say("decisions-intro"), "Brief")
        for row in self.view.decided:
            lead = run(f" {row.instrument_short}, {row.article} ({row.degree_label}). ", bold=True)
            yield paragraph(mark(row.degree), lead, run(row.decision), style="Brief")

    def clashes(self, band: ClashBand, shown: Sequence[Clash], longest: int, brief: bool = False) -> Iterable[str]:
        if shown:
            yield paragraph(run(band.title, bold=True, colour=_INK), keep=True, style="Brief")
        for one in shown:
            quote = run(self.say.quoted(_cut(one.citation.quote, longest)), italic=True)
            where = run(f" ({one.citation.spot if brief else one.citation.place})", colour="5B6573")
            yield paragraph(mark(Degree.CONFLICT), run(f" {one.provisions}. ", bold=True), quote, where, style="Brief")

    def gaps(self) -> Iterable[str]:
        yield self.heading(self.say("top-gaps"), 2)
        if not self.view.top_gaps:
            yield self.text(self.say("no-gaps"))
        for band in self.view.top_gaps:
            yield paragraph(run(band.title, bold=True, colour=_INK), keep=True, style="Brief")
            for row in band.rows:
                lead = run(f" {row.instrument_short}, {row.article}", bold=True)
                yield paragraph(mark(row.degree), lead, run(f" – {row.heading}"), style="Brief")

    def reading(self) -> Iterable[str]:
        say, view = self.say, self.view
        yield self.heading(say("reading"))
        for sentence in say.pairs(WHAT_IT_IS):
            yield self.bullet(run(sentence))
        yield self.heading(say("degree"), 2)
        order = (Degree.CONFORM, Degree.PARTIAL, Degree.GAP, Degree.CONFLICT, Degree.OPTION, Degree.NOT_APPLICABLE)
        rows = []
        for degree, sentence in zip(order, say.pairs(READING), strict=True):
            back, ink, _ = COLOUR[degree]
            label = say.pair(DEGREE[degree])
            rows.append(
                (
                    cell(mark(degree), run(f" {label}", bold=True, colour=ink), fill=back),
                    cell(run(_after_colon(sentence))),
                )
            )
        yield table((), rows, (5, 12), say("degree"))
        yield self.heading(say("instruments"), 2)
        for one in view.instruments:
            yield paragraph(run(one.short, bold=True), run(f" – {one.title}"), keep=True)
            facts = [f"{one.force_label} {one.since}".strip()]
            facts += [
                f"{say(key)}{_colon(say.language)}{value}"
                for key, value in (
                    ("excluded", one.excluded),
                    ("reservations", one.reservations),
                    ("source", one.source),
                )
                if value
            ]
            yield self.bullet(run(". ".join(facts)))
            for measure in one.measures:
                yield self.bullet(
                    run(measure.line), run(f" {' '.join(measure.doubts)}" if measure.doubts else "", italic=True)
                )
            yield self.bullet(run(f"{say('official')}{_colon(say.language)}{' ; '.join(one.links)}"))
        if view.remarks:
            yield self.heading(say("remarks"), 2)
            for message, cited in view.remarks:
                yield self.bullet(
                    run(f"{message} "), run(say.quoted(cited.quote), italic=True), run(f" ({cited.place})")
                )

    # --- landscape

    def concordance(self) -> Iterable[str]:
        say, view = self.say, self.view
        yield self.heading(say("concordance"))
        widths = (1.9, 3.8, 5.0, 2.3, 3.2, 2.1, 4.0, 1.8, 1.5, 1.9)
        clause = say("clause") + (f" – {say('measures').lower()}" if view.report.register else "")
        force = f"{say('force')}, {say('priority').lower()}"
        head = [
            say("article"),
            say("asks"),
            clause,
            say("degree"),
            say("missing"),
            force,
            say("wording"),
            say("body"),
            say("deadline"),
            say("comment"),
        ]
        for one in view.instruments:
            yield self.heading(f"{one.short} – {one.force_label}", 2)
            yield table(head, [self.cells(row) for row in one.rows], widths, one.title)

    def cells(self, row: Row) -> list[TableCell]:
        back, ink, _ = COLOUR[row.degree]
        say = self.say
        degree = [paragraph(mark(row.degree), run(f" {row.degree_label}", bold=True, colour=ink), style="Cell")]
        if row.reasons:
            degree.append(paragraph(run(row.reasons, colour=ink), style="Cell"))
        force = [run(row.force_label)]
        if row.consequence:
            force.append(run(f". {row.consequence[:1].upper()}{row.consequence[1:]}."))
        return [
            TableCell(
                (
                    paragraph(run(row.article, bold=True), style="Cell"),
                    paragraph(run(row.id, colour="5B6573"), style="Cell"),
                )
            ),
            TableCell((paragraph(run(row.heading, bold=True), style="Cell"), paragraph(run(row.asks), style="Cell"))),
            TableCell(tuple(self.clause(row))),
            TableCell(tuple(degree), back),
            cell(run(row.missing)),
            TableCell(
                (
                    paragraph(*force, style="Cell"),
                    paragraph(run(f"{say('priority')}{_colon(say.language)}{row.priority_label}"), style="Cell"),
                )
            ),
            TableCell(tuple(self.wording(row)) or (paragraph(style="Cell"),)),
            cell(run(row.entry.body)),
            cell(run(row.due)),
            TableCell(tuple(paragraph(run(line), style="Cell") for line in row.remark.split("\n"))),
        ]

    def clause(self, row: Row) -> Iterable[str]:
        for item in row.citations[:_CITED]:
            yield self.citation(item)
        if len(row.citations) > _CITED:
            yield paragraph(run(f"+ {len(row.citations) - _CITED}"), style="Cell")
        if not row.citations:
            yield paragraph(run(self.say("no-clause")), style="Cell")
            if row.near:
                item = row.near[0]
                yield paragraph(
                    run(f"{self.say('near')}{_colon(self.say.language)}", italic=True, colour="5B6573"),
                    run(f"{item.place}. {self.say.quoted(_cut(item.quote, 160))}", italic=True, colour="5B6573"),
                    style="Cell",
                )
        for line in row.measures:
            yield paragraph(
                run(f"{self.say('measure')}{_colon(self.say.language)}", bold=True, colour=_INK),
                run(line.line),
                style="Cell",
            )

    def wording(self, row: Row) -> Iterable[str]:
        for proposal in row.proposals:
            lead = run(f"{proposal.lead} " if proposal.text else proposal.lead) if proposal.lead else ""
            yield paragraph(lead, run(proposal.text, italic=True) if proposal.text else "", style="Cell")

    def citation(self, item: Citation) -> str:
        lead = [mark(Degree.CONFLICT), run(" ")] if item.against else []
        return paragraph(
            *lead, run(f"{item.place}. ", bold=True), run(self.say.quoted(_cut(item.quote, 420))), style="Cell"
        )

    def readiness(self) -> Iterable[str]:
        say, view = self.say, self.view
        yield self.heading(say("readiness"))
        yield self.text(view.readiness_note or say("readiness-intro"))
        for one in view.readiness:
            yield self.heading(f"{one.instrument.short} – {one.instrument.force_label}", 2)
            rows = []
            for key, degree, listed in (
                ("met", Degree.CONFORM, one.met),
                ("to-lift", Degree.CONFLICT, one.lift),
                ("to-complete", Degree.PARTIAL, one.complete),
                ("to-add", Degree.GAP, one.add),
            ):
                back, ink, _ = COLOUR[degree]
                items = say.joint.join(f"{row.article} ({row.heading})" for row in listed) or say("none")
                rows.append(
                    (
                        cell(run(say(key), bold=True, colour=ink), fill=back),
                        cell(run(str(len(listed))), align="center"),
                        cell(run(items)),
                    )
                )
            yield table((say("degree"), say("count"), say("provisions")), rows, (4, 2, 21.5), one.instrument.title)
            yield paragraph(
                run(f"{say('left-out')}{_colon(say.language)}", bold=True), run(one.rule), keep=bool(one.options)
            )
            for option in one.options:
                yield self.bullet(run(f"{option.title}. ", bold=True), run(option.sentence))

    def measures(self) -> Iterable[str]:
        say, view = self.say, self.view
        yield self.heading(say("register"))
        yield self.text(view.register_note)
        if not view.measures:
            return
        yield paragraph(*(run(f"{label}{_colon(say.language)}{number}.  ") for _, label, number in view.footings))
        if view.ending:
            yield self.heading(say("ending"), 2)
            for line in view.ending:
                yield self.bullet(run(f"{line.name}. ", bold=True), run(f"{line.flag}. {line.end}"))
        keys = ("measure", "kind", "begin", "body", "status", "end", "serves", "doubts")
        rows = [
            [
                TableCell(
                    (
                        paragraph(run(line.name, bold=True), style="Cell"),
                        paragraph(run(". ".join(part for part in (line.basis, line.note) if part)), style="Cell"),
                    )
                ),
                cell(run(line.kind)),
                cell(run(line.date)),
                cell(run(line.body)),
                cell(run(line.status)),
                cell(run(line.flag or line.end), fill=COLOUR[Degree.PARTIAL][0] if line.flag else ""),
                cell(run(say.joint.join(line.serves) or say("unserved"))),
                cell(run(" ".join(line.doubts))),
            ]
            for line in view.measures
        ]
        yield table([say(key) for key in keys], rows, (5.6, 2.0, 2.0, 4.3, 1.6, 2.8, 4.3, 4.9), say("register"))
        if view.challenges:
            yield self.heading(say("challenges"), 2)
            for text, doubts in view.challenges:
                yield self.bullet(run(f"{text}. "), run(" ".join(doubts), italic=True))

    def plan(self) -> Iterable[str]:
        say, view = self.say, self.view
        yield self.heading(say("plan"))
        yield self.text(say("plan-intro"))
        keys = (
            "article",
            "degree",
            "priority",
            "proposed",
            "action",
            "body",
            "indicator",
            "deadline",
            "progress",
            "comment",
        )
        rows = []
        for row in view.plan:
            back, ink, _ = COLOUR[row.degree]
            entry = row.entry
            rows.append(
                [
                    TableCell(
                        (
                            paragraph(run(row.article, bold=True), style="Cell"),
                            paragraph(run(row.instrument or row.id), style="Cell"),
                        )
                    ),
                    TableCell(
                        (
                            paragraph(
                                mark(row.degree), run(f" {row.degree_label}", bold=True, colour=ink), style="Cell"
                            ),
                            paragraph(run(row.consequence, colour=ink), style="Cell"),
                        ),
                        back,
                    ),
                    cell(run(row.priority_label)),
                    cell(run(row.proposed)),
                    cell(run(entry.action)),
                    cell(run(entry.body)),
                    cell(run(entry.indicator)),
                    cell(run(row.due)),
                    cell(run(entry.progress)),
                    cell(run(entry.comment)),
                ]
            )
        yield table([say(key) for key in keys], rows, (2.8, 2.8, 1.6, 5.8, 3.6, 2.5, 2.8, 1.7, 1.8, 2.1), say("plan"))

    def reverse(self) -> Iterable[str]:
        say, view = self.say, self.view
        yield self.heading(say("reverse"))
        yield self.text(say("reverse-intro"))
        rows = []
        for clause in view.reverse:
            answers = []
            for one in clause.answers:
                tail = f" ({say('against')})" if one.against else ""
                answers.append(paragraph(mark(one.degree), run(f" {one.label}{tail}", bold=one.against), style="Cell"))
            rows.append((cell(run(clause.place)), cell(run(_cut(clause.text, 600))), TableCell(tuple(answers))))
        yield table((say("clause"), say("words"), say("provisions")), rows, (5.5, 13.5, 8.5), say("reverse"))
        yield self.heading(say("unanchored"), 2)
        yield self.text(say("unanchored-intro"))
        loose = [(cell(run(one.place)), cell(run(_cut(one.text, 600)))) for one in view.unanchored]
        if loose:
            yield table((say("clause"), say("words")), loose, (5.5, 22), say("unanchored"))
        else:
            yield self.text(say("no-clause"))

    def annex(self) -> Iterable[str]:
        say, view = self.say, self.view
        yield self.heading(say("annex"))
        yield self.text(say("annex-intro"))
        for form in view.forms:
            yield self.heading(f"{form.instrument.short} – {form.title}", 2)
            if form.note:
                yield self.text(form.note)
            rows = [
                (
                    TableCell(
                        (
                            paragraph(run(one.article, bold=True), style="Cell"),
                            paragraph(run(one.heading), style="Cell"),
                        )
                    ),
                    TableCell(
                        tuple(
                            paragraph(run(say.quoted(_cut(item.quote, 420))), run(f" ({item.place})"), style="Cell")
                            for item in one.clauses
                        )
                        or (paragraph(style="Cell"),)
                    ),
                    TableCell(
                        tuple(paragraph(run(line.line), style="Cell") for line in one.measures)
                        or (paragraph(style="Cell"),)
                    ),
                )
                for one in form.articles
            ]
            if rows:
                yield table(
                    (say("article"), say("cite-clauses"), say("cite-measures")), rows, (5.5, 13.5, 8.5), form.title
                )
            if form.empty:
                yield self.text(f"{say('nothing-for')}{_colon(say.language)}{', '.join(form.empty)}.", "Small")


def _field(code: str) -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f'{marks[0]}<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>{marks[1]}{marks[2]}'


def _colon(language: Language) -> str:
    return "\u00a0: " if language is Language.FR else ": "


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 2].rsplit(" ", 1)[0] + "\u00a0…"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _after_colon(text: str) -> str:
    return _sentence(text.split(":", 1)[1].strip().rstrip("."))


# --- the paper ---------------------------------------------------------------------------------------------------


def _paper(view: View) -> Any:
    """An empty document with its styles, header, footer and properties."""
    from docx import Document as Paper
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt, RGBColor

    paper = Paper()
    properties = paper.core_properties
    properties.title = view.title
    properties.author = "compliance"
    properties.last_modified_by = "compliance"
    properties.comments = ""
    properties.language = str(view.language)
    styles = paper.styles
    tag = "fr-FR" if view.language is Language.FR else "en-GB"
    normal = styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(10.5)
    normal.paragraph_format.space_after = Pt(6)
    _language(styles, tag)
    looks: tuple[tuple[str, float, float], ...] = (
        ("Title", 26, 6),
        ("Subtitle", 13, 18),
        ("Heading 1", 17, 8),
        ("Heading 2", 12.5, 4),
        ("Heading 3", 11, 4),
        ("TOC Heading", 13, 6),
    )
    for name, size, after in looks:
        style = styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.font.color.rgb = RGBColor.from_string(_INK)
        style.font.bold = name not in ("Subtitle",)
        style.font.italic = False
        style.paragraph_format.space_after = Pt(after)
        if name.startswith("Heading"):
            style.paragraph_format.space_before = Pt(14 if name == "Heading 1" else 8)
            style.paragraph_format.keep_with_next = True
        _no_theme_font(style)
    for name, size, after in (
        ("Cell", 7.5, 1),
        ("Small", 9, 4),
        ("Brief", 9, 1),
        ("Gap", 5, 0),
        ("toc 1", 10.5, 2),
        ("toc 2", 10, 1),
    ):
        known = [one.name for one in styles]
        style = (
            styles[name] if name in known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, name.startswith("toc"))
        )
        style.base_style = normal
        style.font.size = Pt(size)
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.space_before = Pt(0)
        if name in ("toc 1", "toc 2"):
            from docx.enum.text import WD_TAB_ALIGNMENT

            # NOTE: no dots, which would lead to nothing until the pages are known.
            style.paragraph_format.tab_stops.add_tab_stop(Cm(17), WD_TAB_ALIGNMENT.RIGHT)
            style.paragraph_format.left_indent = Cm(0 if name == "toc 1" else 0.6)
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    section.header_distance = section.footer_distance = Cm(1)
    _header_footer(section, view)
    return paper


def _language(styles: Any, tag: str) -> None:
    from docx.oxml.ns import qn

    for lang in styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), tag)


def _no_theme_font(style: Any) -> None:
    """Word prefers a theme's font to the one named; headings would come out in another face."""
    from docx.oxml.ns import qn

    fonts = style.element.rPr.find(qn("w:rFonts")) if style.element.rPr is not None else None
    if fonts is not None:
        for name in list(fonts.attrib):
            if name.endswith("Theme"):
                del fonts.attrib[name]
        for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(name), _FONT)


def _header_footer(section: Any, view: View) -> None:
    from docx.oxml import parse_xml

    def add(place: Any, *runs: str) -> None:
        for old in list(place._element):
            place._element.remove(old)
        place._element.append(
            parse_xml(f'<w:p {_W}><w:pPr><w:pStyle w:val="Small"/><w:jc w:val="right"/></w:pPr>{"".join(runs)}</w:p>')
        )

    def number(code: str) -> str:
        return f'<w:fldSimple w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'

    add(section.header, run(f"{view.say('title')} – {view.state}", colour="5B6573"))
    add(
        section.footer,
        run(f"{view.draft_name} – {view.say('page')} ", colour="5B6573"),
        number("PAGE"),
        run(f" {view.say('of')} ", colour="5B6573"),
        number("NUMPAGES"),
    )


def _fold(paper: Any) -> None:
    """Give the paper its two sections, portrait then landscape, each with a mark where its body goes."""
    from copy import deepcopy

    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    body = paper.element.body
    last = body.find(qn("w:sectPr"))
    portrait = deepcopy(last)
    # NOTE: the last section has no header reference of its own, so it repeats that of the first.
    for reference in list(last):
        if reference.tag in (qn("w:headerReference"), qn("w:footerReference")):
            last.remove(reference)
    size, margin = last.find(qn("w:pgSz")), last.find(qn("w:pgMar"))
    size.set(qn("w:w"), "16838")
    size.set(qn("w:h"), "11906")
    size.set(qn("w:orient"), "landscape")
    for side in ("w:left", "w:right"):
        margin.set(qn(side), str(round(1.1 * _PER_CM)))
    turn = parse_xml(f'<w:p {_W}><w:pPr><w:pStyle w:val="Small"/></w:pPr></w:p>')
    turn.pPr.append(portrait)
    for place in (_PORTRAIT, turn, _LANDSCAPE):
        last.addprevious(parse_xml(f"<w:{place} {_W}/>") if isinstance(place, str) else place)


def _filled(data: bytes, parts: _Parts) -> bytes:
    """The file with its body in place of the marks.

    NOTE: as text, since moving a body of a thousand rows between two trees takes lxml longer than all the rest.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                for place, pieces in ((_PORTRAIT, parts.portrait), (_LANDSCAPE, parts.landscape)):
                    content = content.replace(f"<w:{place}/>".encode(), "".join(pieces).encode())
            new.writestr(name, content)
    return out.getvalue()
