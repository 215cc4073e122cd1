"""PDF: lines with their place on the page, made into paragraphs; running headers are left out."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from statistics import median
from typing import TYPE_CHECKING, Any

from compliance.model.policy import BlockKind, Document
from compliance.readers import layout
from compliance.readers.limits import MAX_PDF_PAGES, MAX_TEXT_CHARACTERS, check_text, refuse

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

MEDIA_TYPE = "application/pdf"

_HYPHEN = "\ufffe"  # PDFium's sign for a word cut at a line end; "\x02" in some of its answers
_LIGATURES = str.maketrans(
    dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
    | {"\x02": _HYPHEN, "\x00": None, "\u00ad": None, "\ufffd": None}
    | {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓"}
)
_PRIVATE = re.compile("[\ue000-\uf8ff\x01-\x08\x0b\x0c\x0e-\x1f\uffff]")
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|p\.)?\s*(?:\d{1,4}|[ivxl]{1,6})\s*(?:(?:/|sur|of|de)\s*\d{1,4})?\W*", re.IGNORECASE
)
_LETTER = re.compile(r"[^\W\d_]")
_NOTE_LINE = re.compile(r"\(?(\d{1,3}|\*)\)?[ \t.]*(?=[^\W\d])")
_ENDED = re.compile(r"[.;:!?]\W*$")
_RUNNING_ROWS = 2  # at the top and at the bottom of a page
_RUNNING_MARGIN = 0.13  # of the page's height
_RUNNING_SHARE = 0.25  # of the pages, for a repeated line to be a running header
_BIG = 1.12  # of the body's type size: a heading
_SMALL = 0.88  # a footnote
_BOLD = 600  # font weight
_CELL_GAP = 0.9  # of the type size: wider than a word space is usually stretched
_MAX_BEDS = 60  # columns side by side; a page with more has no columns
_FEW_LETTERS = 8  # a page, on average: below, there is no text layer worth the name


@dataclass(frozen=True, slots=True)
class _Row:
    """One printed line: its words and its box, in points from the page's lower left corner."""

    text: str
    page: int
    left: float
    right: float
    top: float
    height: float
    bold: bool
    cut: bool  # its last word goes on, without hyphen, on the next line
    place: float = 0.5  # of its top on the page: 0 at the foot, 1 at the head
    cells: tuple[tuple[float, str], ...] = ()  # where wide gaps cut the line: left edges and words


def parse(data: bytes, name: str) -> Document:
    """A PDF draft, in the order of its columns.

    Raises:
        ReadError: damaged, locked by a password, too long, or scanned without a text layer.
    """
    rows, notes, pages = _rows_of(data, name)
    kept, dropped = _without_running(rows, pages)
    out = layout.Builder.new()
    for key, number in notes.items():
        out.count(key, number)
    out.count("running-lines-dropped", dropped)
    _write(kept, out)
    text = out.text
    check_text(text, name)
    return Document(name, MEDIA_TYPE, text, tuple(out.blocks), sha256(data).hexdigest(), out.notes, has_lines=False)


def _rows_of(data: bytes, name: str) -> tuple[list[_Row], dict[str, int], int]:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise refuse(name, "the PDF is protected by a password", "save a copy without it") from error
        raise refuse(name, "the file is damaged: it cannot be opened as a PDF") from error
    try:
        return _pages(pdf, name)
    except pypdfium2.PdfiumError as error:
        raise refuse(name, "the file is damaged: one of its PDF pages cannot be read") from error
    finally:
        pdf.close()


def _pages(pdf: PdfDocument, name: str) -> tuple[list[_Row], dict[str, int], int]:
    count = len(pdf)
    if count > MAX_PDF_PAGES:
        raise refuse(name, f"the PDF has more than {MAX_PDF_PAGES:,} pages", "split the draft")
    rows: list[_Row] = []
    empty: list[int] = []
    letters = characters = 0
    for index in range(count):
        page = pdf[index]
        found = list(_page_rows(page, index + 1))
        here = sum(len(_LETTER.findall(row.text)) for row in found)
        letters += here
        characters += sum(len(row.text) for row in found)
        if characters > MAX_TEXT_CHARACTERS:
            raise refuse(name, f"the text is longer than {MAX_TEXT_CHARACTERS:,} characters", "split the draft")
        if not here:
            empty.append(index)
        rows += found
        page.close()
    scanned = [index for index in empty if _has_image(pdf, index)]
    if letters < _FEW_LETTERS * count and scanned and len(scanned) * 2 >= count:
        raise refuse(name, "the PDF is scanned: its pages are images without text; OCR needed")
    if not letters:
        if characters:
            raise refuse(name, "the PDF's fonts do not say which letters they show", "export it again, or run OCR")
        raise refuse(name, "the PDF holds no text")
    return rows, {"pages-without-text": len(scanned)} if scanned else {}, count


def _has_image(pdf: PdfDocument, index: int) -> bool:
    import pypdfium2.raw as raw

    page = pdf[index]
    found = any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4))
    page.close()
    return found


def _page_rows(page: PdfPage, number: int) -> Iterator[_Row]:
    import ctypes

    import pypdfium2.raw as raw

    text_page = page.get_textpage()
    text = text_page.get_text_range()
    exact = len(text) == text_page.count_chars()
    high = page.get_height() or 1.0
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    at = 0
    for line in re.split("(\r\n|\r|\n|[\ufffe\x02]\r?\n?)", text):
        start, at = at, at + len(line)
        bare = line.strip()
        if not bare or bare in (_HYPHEN, "\x02"):
            continue
        first = start + len(line) - len(line.lstrip())
        last = first + len(bare) - 1
        places = [first, (first + last) // 2, last]
        if not exact:
            places = [raw.FPDFText_GetCharIndexFromTextIndex(text_page.raw, place) for place in places]
        edges = []
        for place in places:
            raw.FPDFText_GetLooseCharBox(text_page.raw, place, ctypes.byref(box))
            edges.append((box.left, box.right, box.top, box.bottom))
        bold = all(raw.FPDFText_GetFontWeight(text_page.raw, place) >= _BOLD for place in (places[0], places[2]))
        words = _PRIVATE.sub("", bare.translate(_LIGATURES)).strip()
        if not words:
            continue
        middle = edges[1] if edges[1][2] > edges[1][3] else edges[0]
        raw.FPDFText_GetMatrix(text_page.raw, places[1], ctypes.byref(matrix))
        size = raw.FPDFText_GetFontSize(text_page.raw, places[1]) * (math.hypot(matrix.c, matrix.d) or 1.0)
        height = round(size, 1) or round(middle[2] - middle[3], 1)
        cut = text[at : at + 1] in (_HYPHEN, "\x02")
        cells = _cells(text_page.raw, text, first, last, height) if exact and edges[2][1] > edges[0][0] else ()
        left, right, top = edges[0][0], edges[2][1], middle[2]
        yield _Row(layout.squeeze(words), number, left, right, top, height, bold, cut, top / high, cells)
    text_page.close()


def _cells(text_page: Any, text: str, first: int, last: int, height: float) -> tuple[tuple[float, str], ...]:
    """The cells of a line that wide gaps cut in pieces; none for a line of running text."""
    import ctypes

    import pypdfium2.raw as raw

    if raw.FPDFText_CountRects(text_page, first, last - first + 1) < 2:
        return ()
    box = raw.FS_RECTF()
    cuts, lefts = [first], [0.0]
    gaps: list[float] = []
    for at in range(first + 1, last):
        if text[at] != " " or text[at - 1] == " ":
            continue
        raw.FPDFText_GetLooseCharBox(text_page, at - 1, ctypes.byref(box))
        end = box.right
        onward = next(place for place in range(at, last + 1) if text[place] != " ")
        raw.FPDFText_GetLooseCharBox(text_page, onward, ctypes.byref(box))
        gaps.append(box.left - end)
        if gaps[-1] > _CELL_GAP * height:
            cuts.append(onward)
            lefts.append(box.left)
    if len(cuts) < 2 or (len(gaps) > 1 and max(gaps) < min(1.3 * min(gaps), 4 * height)):
        return ()  # all gaps alike: a justified line
    pieces = (text[start:stop] for start, stop in zip(cuts, [*cuts[1:], last + 1], strict=True))
    words = [layout.squeeze(_PRIVATE.sub("", piece.translate(_LIGATURES))) for piece in pieces]
    # A bullet or a number set apart from its text is no table.
    return () if len(words[0]) < 4 and len(words) == 2 else tuple(zip(lefts, words, strict=True))


def _without_running(rows: Sequence[_Row], pages: int) -> tuple[list[_Row], int]:
    """Drop page numbers and the lines that come back at the head or foot of many pages."""
    if pages < 2:
        return list(rows), 0
    by_page: dict[int, list[_Row]] = {}
    for row in rows:
        by_page.setdefault(row.page, []).append(row)
    edge: list[_Row] = []
    for found in by_page.values():
        heights = sorted({round(row.top) for row in found}, reverse=True)
        near = {*heights[:_RUNNING_ROWS], *heights[-_RUNNING_ROWS:]}
        edge += [
            row
            for row in found
            if round(row.top) in near
            and (not _RUNNING_MARGIN < row.place < 1 - _RUNNING_MARGIN or _PAGE_NUMBER.fullmatch(row.text))
        ]
    shapes = Counter(shape for shape, _ in {(_shape(row), row.page) for row in edge})
    often = max(3 if pages > 3 else 2, _RUNNING_SHARE * len(by_page))
    drop = {id(row) for row in edge if shapes[_shape(row)] >= often or _PAGE_NUMBER.fullmatch(row.text)}
    kept = [row for row in rows if id(row) not in drop]
    return (kept, len(rows) - len(kept)) if kept else (list(rows), 0)


def _shape(row: _Row) -> str:
    """What a running line keeps from page to page: its words, digits aside."""
    return re.sub(r"\d+", "#", row.text.lower())


def _write(rows: Sequence[_Row], out: layout.Builder) -> None:
    if not rows:
        return
    weights: Counter[float] = Counter()
    for row in rows:
        weights[row.height] += len(row.text)
    body = weights.most_common(1)[0][0]
    rows = _in_columns(rows)
    columns = _threaded(_columns(rows))
    leading = _leading(columns, body)
    sizes = sorted({row.height for row in rows if row.height > _BIG * body and len(row.text) > 1}, reverse=True)
    ranks = _size_ranks(sizes)
    flow: list[layout.Line] = []
    origin: list[_Row] = []
    aside: list[list[_Row]] = []
    for column in columns:
        main, notes = _split_notes(column, body)
        aside += notes
        flow += _lines(main, leading, ranks, flow[-1] if flow else None)
        origin += main
    vocabulary = _vocabulary(rows)
    header: tuple[str, ...] = ()
    for made in _tabled(layout.group(flow), origin):
        if made.kind is BlockKind.ROW:
            cells = tuple(words for _, words in origin[made.first].cells)
            if not header and layout.looks_like_header(cells, len(cells)):
                header = cells
            else:
                out.add(made.kind, " | ".join(cells), header=header, page=flow[made.first].page)
            continue
        header = ()
        if made.kind is BlockKind.HEADING:
            aside = _flush(aside, flow[made.first].page or 0, out, vocabulary)
        words = _join([(origin[at].text, origin[at].cut) for at in range(made.first, made.stop)], vocabulary)
        if layout.CONTENTS_LINE.search(words):
            out.count("contents-skipped")
        else:
            out.add(made.kind, words, level=made.level, label=made.label, page=flow[made.first].page)
    _flush(aside, 1 << 30, out, vocabulary)


def _tabled(groups: Sequence[layout.Group], rows: Sequence[_Row]) -> Iterator[layout.Group]:
    """The groups, with the rows of tables as blocks of their own.

    A row is a table's when a cell of the row above or below starts at the same place as one of its own; wide
    gaps alone are found in justified text as well.
    """
    pairs = [_aligned(row, below) for row, below in itertools.pairwise(rows)]
    table = {at for at, pair in enumerate(pairs) if pair} | {at + 1 for at, pair in enumerate(pairs) if pair}
    for made in groups:
        start = made.first
        for at in range(made.first, made.stop):
            if at in table:
                if start < at:
                    yield layout.Group(made.kind, start, at, made.level, made.label)
                yield layout.Group(BlockKind.ROW, at, at + 1)
                start = at + 1
        if start < made.stop:
            yield layout.Group(made.kind, start, made.stop, made.level, made.label)


def _aligned(row: _Row, below: _Row) -> bool:
    if row.page != below.page or abs(row.left - below.left) > row.height:
        return False
    near = 0.2 * row.height
    return any(abs(left - under) < near for left, _ in row.cells[1:] for under, _ in below.cells[1:])


def _flush(aside: list[list[_Row]], before: int, out: layout.Builder, vocabulary: Counter[str]) -> list[list[_Row]]:
    """Write the footnotes of the pages before this one; the others are given back."""
    for note in aside:
        if note[0].page < before:
            words = _join([(row.text, row.cut) for row in note], vocabulary)
            mark = _NOTE_LINE.match(words)
            out.add(BlockKind.NOTE, words, label=mark.group(1) if mark else "", page=note[0].page)
    return [note for note in aside if note[0].page >= before]


def _in_columns(rows: Sequence[_Row]) -> list[_Row]:
    """Rows in reading order: a PDF that draws its columns line by line is put right.

    Most programs write column after column, and that order is the surest; it is only changed on a page where
    most lines sit beside the line just before them and one gutter parts them all.
    """
    ordered: list[_Row] = []
    start = 0
    while start < len(rows):
        stop = start
        while stop < len(rows) and rows[stop].page == rows[start].page:
            stop += 1
        ordered += _page_in_columns(rows[start:stop])
        start = stop
    return ordered


def _page_in_columns(rows: Sequence[_Row]) -> list[_Row]:
    beside = sum(
        1 for above, row in itertools.pairwise(rows) if abs(above.top - row.top) < 2 and row.left > above.right
    )
    if len(rows) < 12 or beside < 0.35 * len(rows):
        return list(rows)
    lefts = sorted(row.left for row in rows)
    width = max(row.right for row in rows) - lefts[0]
    for gutter in sorted({row.left - 1 for row in rows}):
        left = [row for row in rows if row.right <= gutter + 1]
        right = [row for row in rows if row.left >= gutter]
        if (
            len(left) + len(right) == len(rows)
            and min(len(left), len(right)) > 0.3 * len(rows)
            and lefts[0] + 0.3 * width < gutter
        ):
            return sorted(left, key=lambda row: -row.top) + sorted(right, key=lambda row: -row.top)
    return list(rows)


def _columns(rows: Sequence[_Row]) -> list[list[_Row]]:
    """Runs of rows that go down the page one under the other."""
    columns: list[list[_Row]] = []
    for row in rows:
        above = columns[-1][-1] if columns else None
        under = (
            above is not None
            and above.page == row.page
            and row.top < above.top + 0.5 * row.height
            and row.left < above.right
            and row.right > above.left - 4 * row.height
        )
        if under:
            columns[-1].append(row)
        else:
            columns.append([row])
    return columns


def _leading(columns: Sequence[Sequence[_Row]], body: float) -> float:
    """The usual distance from one body line to the next, in points."""
    steps = [
        round(above.top - row.top, 1)
        for column in columns
        for above, row in itertools.pairwise(column)
        if row.height == body == above.height and 0.5 * body < above.top - row.top < 2.5 * body
    ]
    if not steps:
        return 1.2 * body
    # NOTE: the lower quartile, not the median: where most paragraphs are one line long, most steps are gaps.
    steps.sort()
    return min(steps[len(steps) // 4], median(steps))


def _size_ranks(sizes: Sequence[float]) -> dict[float, int]:
    """Type sizes larger than the body's, as ranks from one; sizes nearly the same share theirs."""
    ranks: dict[float, int] = {}
    rank = 0
    previous = 0.0
    for size in sizes:
        if not rank or size < 0.94 * previous:
            rank += 1
            previous = size
        ranks[size] = rank
    return ranks


def _split_notes(column: list[_Row], body: float) -> tuple[list[_Row], list[list[_Row]]]:
    """Part a column from the footnotes in small type at its end."""
    stop = len(column)
    while stop and column[stop - 1].height < _SMALL * body:
        stop -= 1
    first = next((at for at in range(stop, len(column)) if _NOTE_LINE.match(column[at].text)), len(column))
    notes: list[list[_Row]] = []
    for row in column[first:]:
        if _NOTE_LINE.match(row.text) or not notes:
            notes.append([row])
        else:
            notes[-1].append(row)
    return column[:first], notes


def _lines(
    column: Sequence[_Row], leading: float, ranks: dict[float, int], before: layout.Line | None
) -> Iterator[layout.Line]:
    if not column:
        return
    left = min(row.left for row in column)
    rights = sorted(row.right for row in column)
    right = rights[-1 - len(rights) // 10]
    gaps = [
        above.top - row.top > 1.3 * max(leading, min(row.height, above.height))
        for above, row in itertools.pairwise(column)
    ]
    # The paragraph of the column before may go on here.
    gaps.insert(0, before is None or not before.full or bool(_ENDED.search(before.text)) or before.rank > 0)
    bold = _bold_ranks(column, gaps, max(ranks.values(), default=0))
    for index, row in enumerate(column):
        following = column[index + 1] if index + 1 < len(column) else None
        reach = len(following.text.split(" ", 1)[0]) + 1 if following else 0
        character = (row.right - row.left) / max(len(row.text), 1)
        full = row.cut or row.right + reach * character > right - 0.01 * (right - left) or len(column) < 3
        rank = ranks.get(row.height, 0) or bold.get(index, 0)
        yield layout.Line(row.text, 0, (row.left - left) / 5, gaps[index], full, rank, row.page)


def _bold_ranks(column: Sequence[_Row], gaps: Sequence[bool], above: int) -> dict[int, int]:
    """Ranks, below `above`, of short passages in bold that stand by themselves, by index of their rows."""
    ranks: dict[int, int] = {}
    start = 0
    while start < len(column):
        stop = start + 1
        if column[start].bold:
            while (
                stop < len(column)
                and column[stop].bold
                and not gaps[stop]
                and not layout.heading_label(column[stop].text)
            ):
                stop += 1
            words = " ".join(row.text for row in column[start:stop])
            apart = gaps[start] or column[start - 1].bold or bool(_ENDED.search(column[start - 1].text))
            kind, rank, _ = layout.typed(words, bold=True)
            if apart and kind is BlockKind.HEADING:
                ranks.update(dict.fromkeys(range(start, stop), above + rank))
        start = stop
    return ranks


def _threaded(columns: list[list[_Row]]) -> list[list[_Row]]:
    """Parallel columns, as of a text in several languages, each followed from page to page.

    Whether a column goes on beside itself or on the next page is told by which of the two more often takes up
    a sentence left open.
    """
    pages: dict[int, list[list[_Row]]] = {}
    rights: dict[int, float] = {}  # of each bed, by identity: a page of thousands of scattered words must not take long
    for column in columns:
        beds = pages.setdefault(column[0].page, [])
        left, right = column[0].left, max(row.right for row in column)
        for bed in beds:
            far = rights[id(bed)]
            shared = min(far, right) - max(bed[0].left, left)
            if shared > 0.5 * min(far - bed[0].left, right - left) or len(beds) >= _MAX_BEDS:
                bed += column
                rights[id(bed)] = max(far, right)
                break
        else:
            beds.append(list(column))
            rights[id(beds[-1])] = right
    threaded: list[list[_Row]] = []
    for run in _runs_alike(pages):
        wide = len(run[0])
        beside = sum(_goes_on(bed, after) for beds in run for bed, after in itertools.pairwise(beds))
        beside += sum(_goes_on(beds[-1], after[0]) for beds, after in itertools.pairwise(run))
        below = sum(
            _goes_on(bed, after)
            for beds, onward in itertools.pairwise(run)
            for bed, after in zip(beds, onward, strict=True)
        )
        if wide > 1 and below >= 3 and below > 1.5 * beside:
            threaded += [beds[at] for at in range(wide) for beds in run]
        else:
            numbers = {beds[0][0].page for beds in run}
            threaded += [column for column in columns if column[0].page in numbers]
    return threaded


def _runs_alike(pages: dict[int, list[list[_Row]]]) -> Iterator[list[list[list[_Row]]]]:
    """Consecutive pages of as many columns."""
    run: list[list[list[_Row]]] = []
    for beds in pages.values():
        beds = sorted(beds, key=lambda bed: bed[0].left)
        if run and len(run[-1]) != len(beds):
            yield run
            run = []
        run.append(beds)
    if run:
        yield run


def _goes_on(column: Sequence[_Row], after: Sequence[_Row]) -> bool:
    return not _ENDED.search(column[-1].text) and after[0].text[0].islower()


def _vocabulary(rows: Sequence[_Row]) -> Counter[str]:
    """Compounds with a hyphen inside a line, and words whole: they tell how a cut word is spelt."""
    return Counter(word for row in rows for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", row.text.lower()))


def _join(parts: Sequence[tuple[str, bool]], vocabulary: Counter[str]) -> str:
    """Lines as one paragraph, cut words made whole."""
    words = ""
    glue = ""
    for text, cut in parts:
        words = _glued(words, text, vocabulary) if glue == _HYPHEN else words + glue + text
        if cut:
            glue = _HYPHEN
        elif re.search(r"[^\W\d_]-$", words):
            # NOTE: a hyphen that PDFium left at a line end is most often a compound's own.
            glue = ""
        else:
            glue = " "
    return words


def _glued(left: str, right: str, vocabulary: Counter[str]) -> str:
    head = re.search(r"[^\W\d_]+(?:-[^\W\d_]+)*$", left)
    tail = re.match(r"[^\W\d_]+(?:-[^\W\d_]+)*", right)
    if head and tail:
        first, second = head.group().lower(), tail.group().lower()
        if vocabulary[f"{first}-{second}"] > vocabulary[first + second]:
            return f"{left}-{right}"
    return left + right
