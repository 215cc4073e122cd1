"""From blocks to clauses: each with the headings, the lead-in and the table header it inherits."""

from __future__ import annotations

import re

from compliance.model.law import Language
from compliance.model.policy import Block, BlockKind, Clause, Document, Span
from compliance.text import language

_LEAD_IN_END = re.compile(r":[\s*_»\"]*$")
_LABEL = re.compile(
    r"^[\s*_#>-]*((?:(?:article|art\.?|section|sec\.?|chapitre|chapter|titre|title|axe|objectif|annexe|annex|part(?:ie)?|"
    r"alinéa|paragraphe?|§)\s+)?(?:\d+(?:[.\-]\d+)*[a-z]?|[IVXLC]+|[a-z]|premier|1er|1ère)(?:\s*(?:bis|ter|er))?)\s*(?:[.)\]:°–—-]|\s|$)",
    re.IGNORECASE,
)
_WORDY = re.compile(r"[^\W\d_]{2,}")


def segment(document: Document, default: Language) -> tuple[Clause, ...]:
    """Split a draft into its clauses, in reading order.

    Args:
        document: as a reader made it; its blocks are disjoint and ascending.
        default: the language of the whole draft, for passages too short to tell.

    Returns:
        One clause for each paragraph, item, row, note or box that holds words; headings and list lead-ins are
        clauses as well (a heading may commit by itself: "Ratification de la convention n° 143").
    """
    text = document.text
    blocks = [block for block in document.blocks if _WORDY.search(text, block.span.start, block.span.end)]
    languages = language.of_passages((block.span.of(text) for block in blocks), default)
    headings: list[Block] = []
    leads: list[tuple[int, str]] = []  # item depth below which the lead-in holds, its words
    clauses: list[Clause] = []
    for index, (block, spoken) in enumerate(zip(blocks, languages, strict=True)):
        words = block.span.of(text)
        if block.kind is BlockKind.HEADING:
            while headings and headings[-1].level >= block.level:
                headings.pop()
            leads = []
        elif block.kind is BlockKind.ITEM:
            leads = [lead for lead in leads if lead[0] < block.level + 1]
        elif block.kind is not BlockKind.ROW:
            leads = []
        clauses.append(
            Clause(
                id=f"c{len(clauses) + 1}",
                number=block.label or _label(words),
                headings=tuple(heading.span.of(text).strip("#*_ \n") for heading in headings),
                lead_in=" ".join(lead for _, lead in leads),
                header=block.header,
                language=spoken,
                kind=block.kind,
                span=_trim(text, block.span),
                page=block.page,
            )
        )
        if block.kind is BlockKind.HEADING:
            headings.append(block)
        elif _opens_list(words, blocks, index):
            depth = block.level + 1 if block.kind is BlockKind.ITEM else 0
            leads = [lead for lead in leads if lead[0] < depth] + [(depth, _last_sentence(words))]
    return tuple(clauses)


def _opens_list(words: str, blocks: list[Block], index: int) -> bool:
    """A paragraph that ends with a colon, or an unfinished sentence before an item."""
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    if following is None or following.kind is not BlockKind.ITEM:
        return False
    if blocks[index].kind is BlockKind.ITEM and following.level <= blocks[index].level:
        return False
    return bool(_LEAD_IN_END.search(words)) or words.rstrip("*_ \n")[-1:] not in ".;!?"


def _last_sentence(words: str) -> str:
    cut = max(words.rfind(". "), words.rfind(".\n"), words.rfind("; "))
    return words[cut + 1 :].strip(" *_\n")


def _label(words: str) -> str:
    match = _LABEL.match(words)
    return match.group(1).strip() if match else ""


def _trim(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
