"""The rule language: which concepts, together, answer an element.

    expulsion & (cost | fee) & !borne-by-state      concepts of the lexicon, and, or, not
    "sans bourse délier" & training                 words in quotes stand for themselves, inflected
    ban: keep-papers & employer                     the act is forbidden by the provision
    plain: joint-commission                         neither given nor forbidden: never turned round by a negation
    passport & @denied                              what the sentence itself is: see `match.feature.VIRTUAL`

A pattern with no frame describes something to be given (`grant`): a denial turns it against the provision.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

_TOKEN = re.compile(r'\s*(?:([@a-z0-9][a-z0-9-]*)|"([^"]+)"|([&|!()]))')
_FRAME = re.compile(r"\s*(grant|ban|plain):")

# An expression that unfolds into more alternatives than this is a mistake in the data.
MAX_TERMS = 400


class Frame(StrEnum):
    """What a provision does with the thing a pattern describes."""

    GRANT = "grant"
    BAN = "ban"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Term:
    """One alternative of a pattern: concepts that must all be found, and concepts that must not."""

    need: frozenset[str]
    forbid: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pattern:
    frame: Frame
    terms: tuple[Term, ...]
    source: str


def parse(expression: str) -> Pattern:
    """Read one pattern.

    Raises:
        ValueError: bad syntax, with what was expected.
    """
    frame = Frame.GRANT
    if match := _FRAME.match(expression):
        frame = Frame(match.group(1))
        body = expression[match.end() :]
    else:
        body = expression
    reader = _Reader(_split(body))
    terms = reader.alternatives(False)
    if reader.rest:
        raise ValueError(f"unexpected {reader.rest[0]!r}")
    kept = tuple(Term(need, forbid) for need, forbid in terms if need and not need & forbid)
    if not kept:
        raise ValueError("asks for no concept at all")
    return Pattern(frame, kept, expression)


def names(expression: str) -> tuple[str, ...]:
    """The concepts an expression names, literals (in quotes) and virtual ones (@) included, sorted."""
    return tuple(sorted({name for term in parse(expression).terms for name in term.need | term.forbid}))


def _split(body: str) -> list[str]:
    found, position = [], 0
    body = body.rstrip()
    while position < len(body):
        match = _TOKEN.match(body, position)
        if match is None:
            raise ValueError(f"cannot read {body[position:].strip()[:20]!r}")
        name, literal, sign = match.groups()
        found.append(name or (f'"{literal}"' if literal else sign))
        position = match.end()
    return found


_Terms = list[tuple[frozenset[str], frozenset[str]]]


class _Reader:
    """Recursive descent straight to alternatives (disjunctive normal form)."""

    def __init__(self, parts: list[str]) -> None:
        self.rest = parts

    def alternatives(self, negated: bool) -> _Terms:
        branches = [self._together(negated)]
        while self.rest[:1] == ["|"]:
            self.rest.pop(0)
            branches.append(self._together(negated))
        return _conjoin(branches) if negated else _bounded([term for branch in branches for term in branch])

    def _together(self, negated: bool) -> _Terms:
        members = [self._single(negated)]
        while self.rest[:1] == ["&"]:
            self.rest.pop(0)
            members.append(self._single(negated))
        return _bounded([term for member in members for term in member]) if negated else _conjoin(members)

    def _single(self, negated: bool) -> _Terms:
        if not self.rest:
            raise ValueError("ends where a concept was expected")
        part = self.rest.pop(0)
        if part == "!":
            return self._single(not negated)
        if part == "(":
            inner = self.alternatives(negated)
            if self.rest[:1] != [")"]:
                raise ValueError("a parenthesis is not closed")
            self.rest.pop(0)
            return inner
        if part in {"&", "|", ")"}:
            raise ValueError(f"{part!r} where a concept was expected")
        name = frozenset((part,))
        return [(frozenset(), name)] if negated else [(name, frozenset())]


def _conjoin(members: list[_Terms]) -> _Terms:
    return _bounded(
        [
            (frozenset().union(*(need for need, _ in choice)), frozenset().union(*(forbid for _, forbid in choice)))
            for choice in product(*members)
        ]
    )


def _bounded(terms: _Terms) -> _Terms:
    if len(terms) > MAX_TERMS:
        raise ValueError(f"unfolds into more than {MAX_TERMS} alternatives")
    return terms
