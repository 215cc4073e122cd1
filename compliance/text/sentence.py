"""Sentences of a clause."""

from __future__ import annotations

import re

from compliance.model.policy import Span

_BREAK = re.compile(r"(?<=[.!?…;])[»\"”)\]*_]*\s+(?=[«\"“(\[*_]*[^\W_a-zà-ÿ])|\n[ \t]*\n|(?<=;)\s+")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(«\"'’])(?:[Aa]rt|[Aa]rts|al|p|pp|n|no|nos|cf|ch|par|paras?|sect|sec|M|MM|Mme|Dr|Prof|St|ex|etc|vol|éd|ed|op|cit|"
    r"Mr|Mrs|Ms|Hon|e\.g|i\.e|U\.S|S\.E|S\.M|v|vs|No|Nos|Reg|[A-Z])\.$",
)


def sentences(text: str, span: Span) -> list[Span]:
    """Split one clause into sentences, in order; together they hold every word of it.

    A semicolon ends a sentence: in legal French each member of such a list commits by itself.
    """
    found: list[Span] = []
    start = span.start
    for match in _BREAK.finditer(text, span.start, span.end):
        before = text[max(start, match.start() - 12) : match.start()]
        if _ABBREVIATION.search(before):
            continue
        if text[start : match.start()].strip():
            found.append(_trimmed(text, start, match.start()))
        start = match.end()
    if text[start : span.end].strip():
        found.append(_trimmed(text, start, span.end))
    return found


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
