"""The harmonisation report as an Excel workbook: one sheet an instrument, a summary, an action plan to fill."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date
from typing import TYPE_CHECKING, Any

from compliance.labels import COLOUR, DEGREE, MARK, PROGRESS, READING, WHAT_IT_IS, Degree, both
from compliance.reporters.archive import fixed
from compliance.view import InstrumentView, Report, Row, View

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | date

_FONT = "Calibri"
_HEAD = ("1F3A5F", "FFFFFF")
_LONGEST = 32_000  # Excel holds 32,767 characters a cell
# Characters that XML cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What Excel and its kin read as a formula when a person edits the cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

# Columns of the action plan, in order; those after `proposed` belong to people.
PLAN_COLUMNS = ("id", "instrument", "article", "asks", "degree", "consequence", "priority", "proposed")
FILLED_COLUMNS = ("action", "body", "indicator", "deadline", "progress", "comment")


class Document:
    suffix = ".xlsx"

    def render(self, report: Report) -> bytes:
        from openpyxl import Workbook

        book = Workbook()
        book.remove(book.active)
        view = View(report)
        book.properties.title = clean(view.title)
        book.properties.creator = "compliance"
        book.properties.language = str(view.language)
        _Book(book, view).write()
        out = io.BytesIO()
        book.save(out)
        return fixed(out.getvalue(), report.day)


def clean(text: str) -> str:
    """Text that a cell can hold."""
    text = _FORBIDDEN.sub("", text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def put(cell: Cell, value: Value) -> None:
    """Write a value as what it is; text never becomes a formula, now or when a person edits it."""
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
        return
    if not value:
        return
    text = clean(value)
    cell.value = text
    cell.data_type = "s"  # NOTE: openpyxl takes text that begins with "=" for a formula.
    if text.startswith(_FORMULA):
        cell.quotePrefix = True


class _Book:
    def __init__(self, book: Any, view: View) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        self.book = book
        self.view = view
        self.say = view.say
        line = Side(style="thin", color="C3C9D2")
        self.border = Border(left=line, right=line, top=line, bottom=line)
        self.top = Alignment(vertical="top", wrap_text=True)
        self.middle = Alignment(vertical="center", wrap_text=True, horizontal="center")
        self.label = Alignment(vertical="top", wrap_text=True, horizontal="center")
        self.font = Font(name=_FONT, size=10)
        self.bold = Font(name=_FONT, size=10, bold=True)
        self.title = Font(name=_FONT, size=18, bold=True, color=_HEAD[0])
        self.section = Font(name=_FONT, size=13, bold=True, color=_HEAD[0])
        self.head_font = Font(name=_FONT, size=10, bold=True, color=_HEAD[1])
        self.head_fill = PatternFill("solid", fgColor=_HEAD[0])
        self.fills = {degree: PatternFill("solid", fgColor=COLOUR[degree][0]) for degree in Degree}
        self.inks = {degree: Font(name=_FONT, size=10, bold=True, color=COLOUR[degree][1]) for degree in Degree}
        self.fill_me = PatternFill("solid", fgColor="FFFBE6")
        self.looks: dict[tuple[str, bool], Any] = {}

    def write(self) -> None:
        self.summary()
        for instrument in self.view.instruments:
            self.instrument(instrument)
        self.plan()
        self.readiness()
        self.measures()
        self.reverse()
        self.annex()
        self.reading()

    # --- parts of a sheet

    def sheet(self, name: str, widths: Sequence[float]) -> Worksheet:
        sheet: Worksheet = self.book.create_sheet(_sheet_name(name, self.book.sheetnames))
        for number, width in enumerate(widths):
            sheet.column_dimensions[_letter(number)].width = width
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 8 if sum(widths) > 250 else 9  # A3 for the wide tables, else A4
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.6, 0.8, 0.3
        sheet.oddFooter.left.text = clean(self.view.draft_name).replace("&", "&&")
        sheet.oddFooter.center.text = "&A"
        sheet.oddFooter.right.text = f"{self.say('page')} &P / &N"
        return sheet

    def heading(self, sheet: Worksheet, row: int, text: str, font: Any = None) -> int:
        cell = sheet.cell(row, 1)
        put(cell, text)
        cell.font = font or self.section
        return row + 1

    def note(self, sheet: Worksheet, row: int, text: str, width: int) -> int:
        cell = sheet.cell(row, 1)
        put(cell, text)
        cell.font, cell.alignment = self.font, self.top
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
        wide = sum(sheet.column_dimensions[_letter(number)].width for number in range(width))
        sheet.row_dimensions[row].height = 14.5 * (1 + int(len(text) / max(wide * 1.05, 1)))
        return row + 1

    def table(
        self, sheet: Worksheet, start: int, head: Sequence[str], rows: Iterable[Sequence[Value]], filters: bool = False
    ) -> int:
        """Write a table; the row after it. Columns whose value is a degree are coloured by the caller."""
        for column, text in enumerate(head, 1):
            cell = sheet.cell(start, column)
            put(cell, text)
            cell.font, cell.fill, cell.alignment, cell.border = self.head_font, self.head_fill, self.middle, self.border
        sheet.row_dimensions[start].height = 30
        at = start
        for at, values in enumerate(rows, start + 1):
            for column, value in enumerate(values, 1):
                cell = sheet.cell(at, column)
                put(cell, value)
                self.plain(cell)
            self.height(sheet, at, values)
        if filters:
            sheet.auto_filter.ref = f"A{start}:{_letter(len(head) - 1)}{max(at, start + 1)}"
            sheet.freeze_panes = f"{'C' if len(head) > 6 else 'A'}{start + 1}"
            sheet.print_title_rows = f"{start}:{start}"
        sheet.print_area = f"A1:{_letter(max(len(head), sheet.max_column) - 1)}{at}"
        return at + 1

    def plain(self, cell: Cell) -> None:
        """The look of a cell of a table.

        NOTE: openpyxl looks every font, border and alignment up in the book's lists again for each cell, which takes
        half the time of a large report; here the first cell's answer is copied.
        """
        kind = (cell.number_format, cell.quotePrefix)
        if kind not in self.looks:
            cell.font, cell.border, cell.alignment = self.font, self.border, self.top
            self.looks[kind] = cell._style
        else:
            cell._style = copy(self.looks[kind])

    def height(self, sheet: Worksheet, row: int, values: Sequence[Value]) -> None:
        # NOTE: neither Excel nor LibreOffice grows a row to its wrapped text when the file gives no height.
        lines = 1
        for number, value in enumerate(values):
            if isinstance(value, str) and value:
                room = max(sheet.column_dimensions[_letter(number)].width * 1.15, 4)
                lines = max(lines, sum(1 + int(len(part) / room) for part in value.split("\n")))
        sheet.row_dimensions[row].height = min(13.2 * lines + 4, 409)

    def degree(self, sheet: Worksheet, row: int, column: int, degree: Degree) -> None:
        cell = sheet.cell(row, column)
        cell.fill, cell.font, cell.alignment = self.fills[degree], self.inks[degree], self.label

    # --- sheets

    def summary(self) -> None:
        say, view = self.say, self.view
        sheet = self.sheet(say("summary"), (42, 34, 12, 14, 12, 12, 14, 12, 92))
        at = self.heading(sheet, 1, say("title"), self.title)
        at = self.heading(sheet, at, say("subtitle"), self.bold)
        for label, value in view.facts:
            for column, text in ((1, label), (2, value)):
                cell = sheet.cell(at, column)
                put(cell, text)
                cell.font = self.bold if column == 1 else self.font
            at += 1
        at = self.heading(sheet, at + 1, say("by-instrument"))
        first = at
        degrees = [say.pair(label) for label in DEGREE.values()]
        at = self.table(
            sheet,
            at,
            [say("instrument"), say("force"), *degrees],
            [
                [one.short, f"{one.force_label} {one.since}".strip(), *(number for _, number in one.counts.by_degree)]
                for one in view.instruments
            ],
        )
        self.colour_head(sheet, first)
        at = self.note(sheet, at, say("no-score"), 8)
        for band in view.themes:
            at = self.heading(sheet, at + 1, f"{say('by-theme')} – {band.title}")
            first = at
            head = [say("theme"), "", *degrees]
            at = self.table(
                sheet,
                at,
                head,
                [
                    [
                        one.counts.label,
                        "".join(MARK[row.degree] for row in one.rows),
                        *(n for _, n in one.counts.by_degree),
                    ]
                    for one in band.themes
                ],
            )
            self.colour_head(sheet, first)
            put(sheet.cell(first, 2), say("marks"))
            self.chart(sheet, band.title, first, at - 1)
        at = self.heading(sheet, at + 1, say("conflicts"))
        if not view.conflicts:
            at = self.note(sheet, at, say("no-conflicts"), 8)
        for clash_band in view.conflicts:
            at = self.heading(sheet, at, clash_band.title, self.bold)
            for one in clash_band.clashes:
                at = self.brief(sheet, at, one.provisions, one.citation.place, say.quoted(one.citation.quote))
        if view.decided:
            at = self.heading(sheet, at + 1, say("decisions"))
            at = self.note(sheet, at, say("decisions-intro"), 8)
        for row in view.decided:
            at = self.brief(sheet, at, f"{row.instrument_short}, {row.article}", row.degree_label, row.decision)
        at = self.heading(sheet, at + 1, say("top-gaps"))
        if not view.top_gaps:
            at = self.note(sheet, at, say("no-gaps"), 8)
        for gap_band in view.top_gaps:
            at = self.heading(sheet, at, gap_band.title, self.bold)
            for row in gap_band.rows:
                at = self.brief(sheet, at, f"{row.instrument_short}, {row.article}", row.heading, view.siblings(row))
        if view.gaps_note:
            at = self.note(sheet, at, view.gaps_note, 8)
        sheet.print_area = f"A1:I{at}"

    def colour_head(self, sheet: Worksheet, row: int) -> None:
        for column, degree in enumerate(DEGREE, 3):
            self.degree(sheet, row, column, degree)

    def brief(self, sheet: Worksheet, at: int, first: str, second: str, third: str) -> int:
        for column, value in enumerate((first, second, third), 1):
            cell = sheet.cell(at, column)
            put(cell, value)
            cell.font, cell.alignment = (self.bold if column == 1 else self.font), self.top
        sheet.merge_cells(start_row=at, end_row=at, start_column=3, end_column=9)
        sheet.row_dimensions[at].height = 13.5 * max(1 + len(third) // 170, 1 + len(second) // 34, 1 + len(first) // 42)
        return at + 1

    def chart(self, sheet: Worksheet, title: str, first: int, last: int) -> None:
        from openpyxl.chart import BarChart, Reference

        chart = BarChart()
        chart.type, chart.grouping, chart.overlap = "bar", "stacked", 100
        chart.title = title
        chart.add_data(Reference(sheet, min_col=3, max_col=8, min_row=first, max_row=last), titles_from_data=True)
        chart.set_categories(Reference(sheet, min_col=1, min_row=first + 1, max_row=last))
        for series, degree in zip(chart.series, DEGREE, strict=True):
            series.graphicalProperties.solidFill = COLOUR[degree][2]
            series.graphicalProperties.line.solidFill = "FFFFFF"
        chart.gapWidth = 40
        chart.x_axis.scaling.orientation = "maxMin"
        chart.x_axis.tickLblSkip = 1
        chart.y_axis.crosses = "max"  # with the order turned, its numbers stay below
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.y_axis.majorGridlines = None
        chart.legend.position = "b"
        chart.width, chart.height = 17, 0.55 * (last - first) + 4.5
        sheet.add_chart(chart, f"I{first}")

    def instrument(self, instrument: InstrumentView) -> None:
        say, view = self.say, self.view
        register = view.report.register is not None
        decided = any(row.decision for row in view.rows)
        keys = [
            "article",
            "id",
            "asks",
            "clause",
            *(["measures", "footing"] if register else []),
            "degree",
            "missing",
            "force",
            "priority",
            "wording",
            "body",
            "deadline",
            "comment",
            *(["decision"] if decided else []),
            "theme",
            "part",
        ]
        widths = {
            "article": 17,
            "id": 15,
            "asks": 44,
            "clause": 52,
            "measures": 32,
            "footing": 15,
            "degree": 15,
            "missing": 38,
            "force": 17,
            "priority": 10,
            "wording": 52,
            "body": 20,
            "deadline": 12,
            "comment": 28,
            "decision": 30,
            "theme": 20,
            "part": 20,
        }
        sheet = self.sheet(instrument.short, [widths[key] for key in keys])
        head = [say(key) for key in keys]
        self.table(sheet, 1, head, [self.cells(row, keys) for row in instrument.rows], filters=True)
        column = keys.index("degree") + 1
        for at, row in enumerate(instrument.rows, 2):
            self.degree(sheet, at, column, row.degree)
            sheet.cell(at, 1).font = self.bold
            for name in ("body", "deadline", "comment"):
                sheet.cell(at, keys.index(name) + 1).fill = self.fill_me

    def cells(self, row: Row, keys: Sequence[str]) -> list[Value]:
        colon = "\u00a0: " if self.say.language == "fr" else ": "
        quotes = [
            ("✕ " if item.against else "") + f"{item.place}{colon}{self.say.quoted(item.quote)}"
            for item in row.citations
        ]
        found: dict[str, Value] = {
            "article": row.article,
            "id": row.id,
            "asks": f"{row.heading}\n{row.asks}",
            "clause": "\n".join(quotes) or self.say("no-clause"),
            "measures": "\n".join(line.line for line in row.measures),
            "footing": row.footing_label,
            "degree": f"{MARK[row.degree]} {row.degree_label}",
            "missing": row.missing,
            "force": f"{row.force_label}\n{row.consequence}".strip(),
            "priority": row.priority_label,
            "wording": row.wording,
            "body": row.entry.body,
            "deadline": row.entry.deadline,
            "comment": row.entry.comment,
            "decision": row.decision,
            "theme": row.theme,
            "part": row.part,
        }
        return [found[key] for key in keys]

    def plan(self) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        say = self.say
        extra = list(dict.fromkeys(name for row in self.view.plan for name, _ in row.entry.extra))
        widths = (15, 22, 17, 34, 16, 20, 10, 44, 36, 22, 26, 13, 13, 30, *(20 for _ in extra))
        sheet = self.sheet(say("plan"), widths)
        head = [say(key) for key in (*PLAN_COLUMNS, *FILLED_COLUMNS)] + extra
        rows: list[list[Value]] = []
        for row in self.view.plan:
            entry, added = row.entry, dict(row.entry.extra)
            rows.append(
                [
                    row.id,
                    row.instrument,
                    row.article,
                    row.heading,
                    f"{MARK[row.degree]} {row.degree_label}",
                    row.consequence,
                    row.priority_label,
                    row.proposed,
                    entry.action,
                    entry.body,
                    entry.indicator,
                    entry.deadline,
                    entry.progress,
                    entry.comment,
                    *(added.get(name, "") for name in extra),
                ]
            )
        self.table(sheet, 1, head, rows, filters=True)
        for at, row in enumerate(self.view.plan, 2):
            self.degree(sheet, at, PLAN_COLUMNS.index("degree") + 1, row.degree)
            for column in range(len(PLAN_COLUMNS) + 1, len(head) + 1):
                sheet.cell(at, column).fill = self.fill_me
        if rows:
            choices = DataValidation(type="list", formula1='"' + ",".join(say.pairs(PROGRESS)) + '"', allow_blank=True)
            choices.showErrorMessage = False
            letter = _letter(len(PLAN_COLUMNS) + FILLED_COLUMNS.index("progress"))
            choices.add(f"{letter}2:{letter}{len(rows) + 1}")
            sheet.add_data_validation(choices)

    def readiness(self) -> None:
        say, view = self.say, self.view
        sheet = self.sheet(say("readiness"), (30, 30, 70, 12))
        at = self.heading(sheet, 1, say("readiness"), self.title)
        at = self.note(sheet, at, view.readiness_note or say("readiness-intro"), 4)
        for one in view.readiness:
            at = self.heading(sheet, at + 1, f"{one.instrument.short} – {one.instrument.force_label}")
            groups = (("met", one.met), ("to-lift", one.lift), ("to-complete", one.complete), ("to-add", one.add))
            start = at
            listed = [(say(key), row) for key, rows in groups for row in rows]
            at = self.table(
                sheet,
                at,
                [say("status"), say("article"), say("asks"), say("priority")],
                [
                    [label, row.article, f"{row.heading}\n{row.missing}".strip(), row.priority_label]
                    for label, row in listed
                ],
            )
            for number, (_, row) in enumerate(listed, start + 1):
                self.degree(sheet, number, 1, row.degree)
            at = self.heading(
                sheet,
                at,
                f"{say('left-out')}\u00a0: {one.rule}" if say.language == "fr" else f"{say('left-out')}: {one.rule}",
                self.bold,
            )
            for option in one.options:
                at = self.note(sheet, at, f"{option.title}. {option.sentence}", 4)
        sheet.print_area = f"A1:D{at}"

    def measures(self) -> None:
        say, view = self.say, self.view
        sheet = self.sheet(say("register"), (44, 16, 15, 28, 32, 12, 30, 40, 44, 40))
        at = self.heading(sheet, 1, say("register"), self.title)
        at = self.note(sheet, at, view.register_note, 8)
        if not view.measures:
            return
        at = self.table(sheet, at + 1, [say("footing"), say("count")], [[label, n] for _, label, n in view.footings])
        head = [
            say(key)
            for key in ("measure", "kind", "begin", "basis", "body", "status", "end", "serves", "doubts", "source")
        ]
        start = at + 1
        at = self.table(
            sheet,
            start,
            head,
            [
                [
                    f"{line.name}\n{line.note}".strip(),
                    line.kind,
                    line.date,
                    line.basis,
                    line.body,
                    line.status,
                    "\n".join(part for part in (line.flag, line.end) if part),
                    "\n".join(line.serves) or say("unserved"),
                    "\n".join(line.doubts),
                    line.source,
                ]
                for line in view.measures
            ],
        )
        for number, line in enumerate(view.measures, start + 1):
            if line.flag:
                cell = sheet.cell(number, 7)
                cell.fill, cell.font = self.fills[Degree.PARTIAL], self.inks[Degree.PARTIAL]
        if view.challenges:
            at = self.heading(sheet, at + 1, say("challenges"))
            at = self.table(
                sheet,
                at,
                [say("challenges"), "", "", "", say("doubts")],
                [[text, "", "", "", "\n".join(doubts)] for text, doubts in view.challenges],
            )
            for number in range(at - len(view.challenges) - 1, at):
                sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=4)
                sheet.merge_cells(start_row=number, end_row=number, start_column=5, end_column=8)
                sheet.row_dimensions[number].height = 30

    def reverse(self) -> None:
        say, view = self.say, self.view
        sheet = self.sheet(say("reverse"), (36, 80, 44, 22))
        rows: list[list[Value]] = []
        for clause in view.clauses:
            if clause.answers:
                lines = [
                    f"{MARK[one.degree]} {one.label}" + (f" ({say('against')})" if one.against else "")
                    for one in clause.answers
                ]
                rows.append([clause.place, clause.text, "\n".join(lines), ""])
            elif clause.unanchored:
                rows.append([clause.place, clause.text, "", say("unanchored")])
        self.table(sheet, 1, [say("clause"), say("words"), say("provisions"), say("comment")], rows, filters=True)

    def annex(self) -> None:
        say, view = self.say, self.view
        sheet = self.sheet(say("annex").split(" ")[0].rstrip(":\u00a0"), (34, 70, 60))
        at = self.heading(sheet, 1, say("annex"), self.title)
        at = self.note(sheet, at, say("annex-intro"), 3)
        for form in view.forms:
            at = self.heading(sheet, at + 1, f"{form.instrument.short} – {form.title}")
            if form.note:
                at = self.note(sheet, at, form.note, 3)
            rows = [
                [
                    f"{one.article}\n{one.heading}",
                    "\n".join(f"{say.quoted(item.quote)} ({item.place})" for item in one.clauses),
                    "\n".join(line.line for line in one.measures),
                ]
                for one in form.articles
            ]
            at = self.table(sheet, at, [say("article"), say("cite-clauses"), say("cite-measures")], rows)
            if form.empty:
                at = self.note(sheet, at, f"{say('nothing-for')}\u00a0: {', '.join(form.empty)}.", 3)
        sheet.print_area = f"A1:C{at}"

    def reading(self) -> None:
        say, view = self.say, self.view
        sheet = self.sheet(say("legend"), (34, 60, 30, 60))
        at = self.heading(sheet, 1, say("reading"), self.title)
        for sentence in say.pairs(WHAT_IT_IS):
            at = self.note(sheet, at, sentence, 4)
        at += 1
        for degree, sentence in zip(
            (Degree.CONFORM, Degree.PARTIAL, Degree.GAP, Degree.CONFLICT, Degree.OPTION, Degree.NOT_APPLICABLE),
            say.pairs(READING),
            strict=True,
        ):
            put(sheet.cell(at, 1), f"{MARK[degree]} {say.pair(DEGREE[degree])}")
            self.degree(sheet, at, 1, degree)
            cell = sheet.cell(at, 2)
            put(cell, sentence)
            cell.font, cell.alignment = self.font, self.top
            sheet.merge_cells(start_row=at, end_row=at, start_column=2, end_column=4)
            sheet.row_dimensions[at].height = 30
            at += 1
        at = self.heading(sheet, at + 1, say("instruments"))
        head = [say("instrument"), say("force"), say("excluded"), say("source")]
        rows = [
            [one.title, f"{one.force_label} {one.since}".strip(), one.excluded or say("none"), one.source]
            for one in view.instruments
        ]
        at = self.table(sheet, at, head, rows)
        for message, cited in view.remarks:
            at = self.note(sheet, at, f"{message} {say.quoted(cited.quote)} ({cited.place})", 4)


def _letter(number: int) -> str:
    from openpyxl.utils import get_column_letter

    letter: str = get_column_letter(number + 1)
    return letter


def _sheet_name(text: str, taken: Iterable[str]) -> str:
    """A name that Excel allows: no []:*?/\\, 31 characters, not taken."""
    name = "".join(" " if letter in "[]:*?/\\" else letter for letter in text).strip(" '")[:31] or "-"
    known = {one.lower() for one in taken}
    number = 2
    base = name
    while name.lower() in known:
        name = f"{base[:27]} {number}"
        number += 1
    return name


HEADERS = {key: both(key) for key in (*PLAN_COLUMNS, *FILLED_COLUMNS)}
