"""Lines to blocks: paragraphs, headings and list items of a text that has only lines to show its layout."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from compliance.model.policy import Block, BlockKind, Span

_UPPER = "A-ZÀ-ÖØ-ÞŒ"
_NUMBER_WORD = (
    r"premi[eè]re?|1ers?|1[eè]?re|deux(?:i[eè]me)?|second[e]?|trois(?:i[eè]me)?|quatri[eè]me|cinqui[eè]me|one|two|three|four|"
    r"five|six|seven|eight|nine|ten|first|third|unique"
)
_DIVISION = re.compile(
    r"(?P<label>(?P<word>titre|title|livre|book|partie|part|chapitre|chapter|axe|axis|pilier|pillar|objectif|objective|"
    r"sous-section|sub-?section|section|annexe|annex|appendix|appendice|schedule|article|art\.?)"
    r"(?:\s+(?:strat[ée]gique|sp[ée]cifique|strategic|specific))?"
    rf"\s+(?:n[°º]\s*)?(?:{_NUMBER_WORD}|[ivxlc]+|\d+(?:[.\-]\d+)*|[a-z])(?:\s*(?:bis|ter|er))?)"
    r"(?P<mark>\s*[:.–—-]+|\s*\))?(?P<rest>\s.*|)$",
    re.IGNORECASE | re.DOTALL,
)
_RANKED = (
    (1, "titre title livre book partie part annexe annex appendix appendice schedule"),
    (2, "chapitre chapter axe axis pilier pillar"),
    (3, "section"),
    (4, "objectif objective sous-section subsection sub-section"),
)
_RANKS = {word: rank for rank, words in _RANKED for word in words.split()}
_ROMAN_RANK, _CAPITALS_RANK, _LETTER_RANK, _NUMBER_RANK, _ARTICLE_RANK, _SHORT_RANK = 3, 4, 4, 4, 9, 10
_NUMBERED = re.compile(rf"(?P<label>\d{{1,3}}(?:\.\d{{1,3}})*)\s*(?P<mark>[.)]?\s*[-–—:]?)\s+(?=[«\"“(]?[{_UPPER}])")
_ROMAN = re.compile(rf"(?P<label>[IVXLC]+)\s*(?:[.)]\s*[-–—:]?|[-–—:])\s*(?=[«\"“]?[{_UPPER}])")
_CAPITAL = re.compile(rf"(?P<label>[A-Z])\s*(?:[.)]\s*[-–—]?|[-–—])\s+(?=[«\"“]?[{_UPPER}])")
BULLET = re.compile(r"(?:[-–—](?=\s*[^\s\d-])|[•●○◦▪■□►▶➢➤✓✔‣·\uf0b7\uf0a7\uf0d8\uf0fc](?=\s*\S)|[-–—*o+](?=\s+\S))\s*")
_ENUMERATOR = re.compile(
    r"(?P<label>\((?:[a-z]{1,2}|[ivxlc]{1,5}|\d{1,3}|[A-Z])\)|(?:\d{1,3}|[a-zA-Z]|[ivx]{2,5})(?:\s?[)]|\s?[.](?=\s)|\s?[-–—/](?=\s))|\d{1,3}\s?[°º](?:[.)])?)"
    r"\s*(?=[^\s\d.])"
)
_CLAUSE_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})+\.?")
_SENTENCE_END = re.compile(r"[.;:!?][\"»”’)\]*_\s]*$")
_OPEN_END = re.compile(r"(?:[,;:.!?]|\b(?:et|ou|and|or|et/ou|and/or))[\"»”)\s]*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SMALL_LETTER = re.compile("[a-zß-öø-ÿœ]")
CONTENTS_LINE = re.compile(r"(?:\.\s?){4,}\s*\d{1,4}\s*$|…{2,}[.\s]*\d{1,4}\s*$|_{4,}\s*\d{1,4}\s*$")

_HEADING_CHARACTERS = 160
_HEADER_CELL_CHARACTERS = 150
_SHORT_CHARACTERS = 90
_SHORT_WORDS = 14
_WIDEST_WRAP = 150  # columns; a text with longer lines is not hard-wrapped
_ROOM = 0.82  # a line whose next word would still have fitted within this share of the width ended on purpose


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, without its indent."""

    text: str
    start: int = 0  # of `text`, in code points of the whole text
    indent: float = 0  # columns or points
    gap: bool = False  # blank space parts it from the line above
    full: bool = True  # it reaches the right margin, so the next line may continue it
    rank: int = 0  # a heading level known from the type size; 0: not known
    page: int | None = None

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Group:
    """Consecutive lines that make one block: `lines[first:stop]`."""

    kind: BlockKind
    first: int
    stop: int
    level: int = 0
    label: str = ""


@dataclass(slots=True)
class Builder:
    """Gathers the blocks of an extracted text, one block a line, and counts what the reader did."""

    parts: list[str]
    blocks: list[Block]
    counts: dict[str, int]
    length: int = 0

    @classmethod
    def new(cls) -> Builder:
        return cls([], [], {})

    def add(
        self,
        kind: BlockKind,
        text: str,
        *,
        level: int = 0,
        label: str = "",
        header: tuple[str, ...] = (),
        page: int | None = None,
    ) -> int:
        """Append one block; returns where its text starts."""
        start = self.length
        self.parts.append(text)
        self.blocks.append(Block(kind, Span(start, start + len(text)), level, label, header, page))
        self.length += len(text) + 1
        return start

    def count(self, key: str, number: int = 1) -> None:
        self.counts[key] = self.counts.get(key, 0) + number

    @property
    def text(self) -> str:
        return "\n".join(self.parts)

    @property
    def notes(self) -> tuple[tuple[str, str], ...]:
        return tuple((key, str(number)) for key, number in sorted(self.counts.items()) if number)


def whole(written: str | None, default: int) -> int:
    """A whole number as an attribute holds it; the default where it holds something else."""
    try:
        return int(written or "")
    except ValueError:
        return default


def squeeze(text: str) -> str:
    """Runs of blanks as one space; no-break spaces stay, as French typography needs them."""
    return re.sub(r"[ \t\n\r\f\v\u2028\u2029]+", " ", text).strip()


def lines_of(text: str, start: int = 0, stop: int | None = None) -> list[Line]:
    """The non-blank lines of `text[start:stop]`, with gaps and fullness judged from line lengths."""
    stop = len(text) if stop is None else stop
    raw: list[tuple[str, int, float, bool]] = []
    gap = True
    position = start
    for piece in text[start:stop].split("\n"):
        stripped = piece.strip()
        if not stripped or not any(character.isalnum() for character in stripped):
            gap = True
        else:
            before = piece[: len(piece) - len(piece.lstrip())]
            raw.append((stripped, position + len(before), float(len(before.expandtabs(4))), gap or "\f" in before))
            gap = False
        position += len(piece) + 1
    width = _width([len(line[0]) + line[2] for line in raw])
    lines: list[Line] = []
    for index, (words, at, indent, apart) in enumerate(raw):
        following = raw[index + 1][0].split(maxsplit=1)[0] if index + 1 < len(raw) else ""
        full = width <= _WIDEST_WRAP and len(words) + indent + 1 + len(following) > _ROOM * width
        lines.append(Line(words, at, indent, apart, full))
    return lines


def _width(lengths: Sequence[float]) -> float:
    """The column at which lines are wrapped, as the ninth decile of their lengths."""
    if len(lengths) < 2:
        return lengths[0] if lengths else 0
    return quantiles(lengths, n=10, method="inclusive")[-1]


def group(lines: Sequence[Line], *, joined: bool = True) -> list[Group]:
    """Paragraphs, headings and items of the lines, in order.

    Args:
        lines: non-blank, in reading order.
        joined: False where every line is a paragraph by itself (RTF), so that none continues another.

    Returns:
        Groups that cover every line once.
    """
    groups: list[Group] = []
    ladder: list[tuple[float, str, str]] = []  # open list levels: indent, style, last label
    index = 0
    while index < len(lines):
        found = _heading(lines, index, joined)
        if found is not None:
            ladder = []
        else:
            found = _item(lines, index, joined, ladder)
        if found is None:
            ladder = ladder if _continues_item(lines, index, ladder) else []
            found = _paragraph(lines, index, joined)
        groups.append(found)
        index = found.stop
    return _settle(groups, lines)


def blocks_of(text: str, lines: Sequence[Line], *, joined: bool = True) -> list[Block]:
    """Blocks whose spans point into the text that the lines were taken from; contents pages are left out."""
    return [
        Block(
            made.kind,
            Span(lines[made.first].start, lines[made.stop - 1].end),
            made.level,
            made.label,
            page=lines[made.first].page,
        )
        for made in group(lines, joined=joined)
        if not CONTENTS_LINE.search(lines[made.stop - 1].text)
    ]


def looks_like_header(cells: Sequence[str], widest: int) -> bool:
    """Whether a table's first row names its columns."""
    filled = [cell for cell in cells if cell]
    short = all(len(cell) <= _HEADER_CELL_CHARACTERS and not cell.endswith((".", ";")) for cell in filled)
    return len(cells) == widest and len(filled) > 1 and short


def is_capitals(words: str) -> bool:
    """A line set in capitals, short words and digits aside."""
    small = len(_SMALL_LETTER.findall(words))
    if small > 0.1 * len(words):
        return False
    capitals = sum(map(str.isupper, words))
    return capitals > 3 and capitals > 9 * small


def enumerator(words: str) -> str:
    """The label that opens a list item ("a)", "(ii)", "3."), empty when there is none."""
    match = _ENUMERATOR.match(words)
    return match.group("label") if match else ""


def numbered_kind(label: str, words: str) -> BlockKind:
    """What an automatic number makes of a passage: "4.2.3." before whole sentences numbers a paragraph, as it would
    if it were typed; other labels, and members of a list that end in ";", are items."""
    whole_sentences = words.rstrip('»”"’) \u00a0')[-1:] in tuple(".:!?")
    return BlockKind.PARAGRAPH if whole_sentences and _CLAUSE_NUMBER.fullmatch(label) else BlockKind.ITEM


def heading_label(words: str) -> str:
    """The label that opens a heading or an article ("Chapitre II", "4.1.2", "Article 5"), empty when none."""
    if (division := _division(words)) is not None:
        return division[0]
    for pattern in (_NUMBERED, _ROMAN, _CAPITAL):
        if match := pattern.match(words):
            return match.group("label")
    return ""


def typed(words: str, *, bold: bool = False) -> tuple[BlockKind, int, str]:
    """What a paragraph with no style of its own is: kind, rank if a heading, and the label typed in it.

    Args:
        words: one paragraph.
        bold: all of it is bold, as pseudo-headings are.
    """
    division = _division(words)
    short = len(words) <= _HEADING_CHARACTERS and not _SENTENCE_END.search(words) and not words.endswith(",")
    if division is not None:
        label, rank, rest, _ = division
        return (BlockKind.HEADING if short or not rest else BlockKind.PARAGRAPH), rank, label
    if BULLET.match(words):
        return BlockKind.ITEM, 0, ""
    numbered = _NUMBERED.match(words)
    label = numbered.group("label") if numbered else ""
    if short and _WORD.search(words):
        capitals = is_capitals(words) and len(words.split()) > 1
        if bold or capitals or "." in label or _ROMAN.match(words):
            if label:
                return BlockKind.HEADING, _NUMBER_RANK + label.count("."), label
            if match := _ROMAN.match(words):
                return BlockKind.HEADING, _ROMAN_RANK, match.group("label")
            return BlockKind.HEADING, _CAPITALS_RANK if capitals else _SHORT_RANK, heading_label(words)
    if "." in label:
        return BlockKind.PARAGRAPH, 0, label
    if mark := enumerator(words):
        return BlockKind.ITEM, 0, mark
    return BlockKind.PARAGRAPH, 0, ""


def _division(words: str) -> tuple[str, int, str, bool] | None:
    """Label, rank, rest and whether a mark parts them, of "Chapitre II : ..."; None for a mere sentence."""
    match = _DIVISION.match(words)
    if match is None:
        return None
    rest = match.group("rest").strip()
    if rest and not match.group("mark") and not rest[0].isupper():
        return None
    word = match.group("word").lower().rstrip(".")
    if not match.group("word")[0].isupper():
        return None
    return match.group("label"), _RANKS.get(word, _ARTICLE_RANK), rest, bool(match.group("mark"))


def _chunk_stop(lines: Sequence[Line], index: int, joined: bool) -> int:
    """End of the run of lines that no gap parts and no label opens."""
    stop = index + 1
    while joined and stop < len(lines) and not lines[stop].gap and lines[stop].rank == lines[index].rank:
        words = lines[stop].text
        if _division(words) or _NUMBERED.match(words) or BULLET.match(words) or _ENUMERATOR.match(words):
            break
        if is_capitals(words) and not is_capitals(lines[index].text):
            break
        stop += 1
    return stop


def _heading(lines: Sequence[Line], index: int, joined: bool) -> Group | None:
    first = lines[index]
    if not _WORD.search(first.text) and not first.rank:
        return None
    stop = _chunk_stop(lines, index, joined)
    words = " ".join(line.text for line in lines[index:stop])
    above = lines[index - 1] if index else first
    apart = first.gap or index == 0 or not joined
    closed = stop == len(lines) or lines[stop].gap or not joined or _division(lines[stop].text) is not None
    if first.rank:
        if len(words) <= 2 * _HEADING_CHARACTERS:
            return Group(BlockKind.HEADING, index, stop, first.rank, heading_label(words))
        return None
    if BULLET.match(first.text):
        return None
    if (division := _division(words)) is not None:
        return _division_heading(lines, index, stop, division, closed)
    if (
        is_capitals(first.text)
        and (apart or not (above.full or is_capitals(above.text)))
        and not enumerator(first.text).startswith("(")
    ):
        while not is_capitals(words) and stop > index + 1:
            stop -= 1
            words = " ".join(line.text for line in lines[index:stop])
        if len(words) <= _HEADING_CHARACTERS and words[-1:] not in ";," and is_capitals(words):
            label = heading_label(words)
            rank = _NUMBER_RANK + label.count(".") if label[:1].isdigit() else _CAPITALS_RANK
            return Group(BlockKind.HEADING, index, stop, _ROMAN_RANK if _ROMAN.match(words) else rank, label)
    if not apart or len(words) > _HEADING_CHARACTERS or _SENTENCE_END.search(words) or words.endswith(","):
        return None
    if match := _NUMBERED.match(words):
        depth = match.group("label").count(".")
        follows = _next_label(lines, stop)
        if depth == 0 and (not closed or (follows.isdigit() and int(follows) == int(match.group("label")) + 1)):
            return None
        return Group(BlockKind.HEADING, index, stop, _NUMBER_RANK + depth, match.group("label"))
    if (match := _ROMAN.match(words)) and closed:
        return Group(BlockKind.HEADING, index, stop, _ROMAN_RANK, match.group("label"))
    if (match := _CAPITAL.match(words)) and closed:
        return Group(BlockKind.HEADING, index, stop, _LETTER_RANK, match.group("label"))
    if not joined or not closed or enumerator(first.text):
        return None
    short = len(words) <= _SHORT_CHARACTERS and len(words.split()) <= _SHORT_WORDS and "|" not in words
    opens = stop < len(lines) and not BULLET.match(lines[stop].text) and not enumerator(lines[stop].text)
    if short and opens and words[0].isupper() and "\t" not in words:
        return Group(BlockKind.HEADING, index, stop, _SHORT_RANK)
    return None


def _division_heading(
    lines: Sequence[Line], index: int, stop: int, division: tuple[str, int, str, bool], closed: bool
) -> Group | None:
    label, rank, rest, _ = division
    first = lines[index].text
    if rest and is_capitals(rest.split("\n")[0]) is False and is_capitals(first) and stop > index + 1:
        while stop > index + 1 and not is_capitals(" ".join(line.text for line in lines[index:stop])):
            stop -= 1
        return Group(BlockKind.HEADING, index, stop, rank, label)
    if not rest:
        return Group(BlockKind.HEADING, index, stop, rank, label)
    if len(rest) <= _HEADING_CHARACTERS and not _SENTENCE_END.search(rest) and (closed or stop == index + 1):
        return Group(BlockKind.HEADING, index, stop, rank, label)
    if first == label or len(first) <= len(label) + 2:
        return Group(BlockKind.HEADING, index, index + 1, rank, label)
    return None


def _next_label(lines: Sequence[Line], index: int) -> str:
    match = _NUMBERED.match(lines[index].text) if index < len(lines) else None
    return match.group("label") if match else ""


def _item(lines: Sequence[Line], index: int, joined: bool, ladder: list[tuple[float, str, str]]) -> Group | None:
    line = lines[index]
    bullet = BULLET.match(line.text)
    label = "" if bullet else enumerator(line.text)
    if not bullet and not label:
        return None
    if joined and index and not line.gap and not ladder:
        # NOTE: a dash or "1." that a wrap brought to the line start is no item.
        above = lines[index - 1]
        if above.full and not _OPEN_END.search(above.text):
            return None
    style = line.text[0] if bullet else style_of(label, ladder)
    level = climb(ladder, line.indent, style, label)
    if bullet and (inner := enumerator(line.text[bullet.end() :])):
        label = inner
    return Group(BlockKind.ITEM, index, _paragraph(lines, index, joined).stop, level, label)


def style_of(label: str, ladder: Sequence[tuple[float, str, str]]) -> str:
    """The kind of enumerator, dressing included ("(a)", "a)"); what went before tells roman from letter."""
    core = label.strip("().°º-–—/ ")
    dressing = label.replace(core, "#", 1).replace(" ", "")
    if core.isdigit():
        kind = "1"
    elif len(core) > 1 and core[0] == core[1] and core not in ("ii", "xx", "cc"):
        kind = "a"
    elif len(core) > 1:
        kind = "i"
    else:
        kind = "A" if core.isupper() else "a"
        if core in "ivx":
            earlier = [known for _, style, known in ladder if style == dressing.replace("#", "a")]
            previous = earlier[-1].strip("().-–—/ ") if earlier else ""
            follows = len(previous) == 1 and ord(previous) + 1 == ord(core)
            if not follows:
                kind = "i"
    return dressing.replace("#", kind)


def climb(ladder: list[tuple[float, str, str]], indent: float, style: str, label: str) -> int:
    """Depth of an item among the open list levels, which are updated."""
    while ladder and ladder[-1][0] > indent + 1:
        ladder.pop()
    for depth, (_, known, _last) in enumerate(ladder):
        if known == style and abs(ladder[depth][0] - indent) <= 2:
            del ladder[depth + 1 :]
            ladder[depth] = (indent, style, label)
            return depth
    if label and ladder and ladder[-1][0] + 1 >= indent and label.strip("().°º-–—/ ") not in ("1", "a", "A", "i"):
        ladder.clear()  # a sublist begins at its beginning; this goes on with an outer list that was cut
    ladder.append((indent, style, label))
    return len(ladder) - 1


def _continues_item(lines: Sequence[Line], index: int, ladder: Sequence[tuple[float, str, str]]) -> bool:
    return bool(ladder) and lines[index].indent > ladder[-1][0] + 1


def _paragraph(lines: Sequence[Line], index: int, joined: bool) -> Group:
    stop = index + 1
    while joined and stop < len(lines) and _continues(lines, stop):
        stop += 1
    label = ""
    if (division := _division(lines[index].text)) is not None:
        label = division[0]
    return Group(BlockKind.PARAGRAPH, index, stop, 0, label)


def _continues(lines: Sequence[Line], index: int) -> bool:
    """Whether a line goes on with the paragraph of the line above."""
    above, line = lines[index - 1], lines[index]
    if line.gap or line.rank != above.rank or CONTENTS_LINE.search(above.text):
        return False
    ended = bool(_SENTENCE_END.search(above.text))
    if not above.full:
        if ended:
            return False
        if line.text[0].isupper() and not above.text.endswith((",", "-")) and len(above.text) > _WIDEST_WRAP:
            return False
    open_end = ended or not above.full or bool(_OPEN_END.search(above.text))
    if open_end and (BULLET.match(line.text) or enumerator(line.text)):
        return False
    if (division := _division(line.text)) is not None and (ended or not above.full or division[3]):
        return False
    return not (ended and _NUMBERED.match(line.text))


def _settle(groups: list[Group], lines: Sequence[Line]) -> list[Group]:
    """Bring the ranks of headings to levels from one, without empty levels."""
    ranks = sorted({made.level for made in groups if made.kind is BlockKind.HEADING})
    levels = {rank: depth for depth, rank in enumerate(ranks, 1)}
    return [
        Group(made.kind, made.first, made.stop, levels[made.level], made.label)
        if made.kind is BlockKind.HEADING
        else made
        for made in groups
    ]
