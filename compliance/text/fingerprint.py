"""What stays the same of a clause when it is moved, renumbered or typeset anew: its words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from compliance.model.law import Provision
from compliance.model.policy import Clause, Document
from compliance.text.token import tokens

_BEFORE_LABEL = re.compile(r"[\s*_#>\-–—•·▪|]*")
LENGTH = 16  # hexadecimal digits kept; 64 bits tell the clauses of any collection of drafts apart


def words(text: str, number: str = "") -> tuple[str, ...]:
    """The folded words of a clause, without the label that numbers it."""
    start = _BEFORE_LABEL.match(text)
    at = start.end() if start else 0
    if number and text.startswith(number, at):
        at += len(number)
    return tuple(token.form for token in tokens(text, at))


def of_words(found: Iterable[str]) -> str:
    """Fingerprint of a run of words."""
    return hashlib.sha256(" ".join(found).encode()).hexdigest()[:LENGTH]


def of_clause(document: Document, clause: Clause) -> str:
    """Fingerprint of a clause's words.

    The number and the headings stay out: a clause that is moved or renumbered keeps its fingerprint. The lead-in and
    the table header are in: "free care" below "The State guarantees:" and below "The following ends:" are two texts.
    """
    own = words(clause.span.of(document.text), clause.number)
    above = " ".join((clause.lead_in, *clause.header))
    # NOTE: numbers and single letters of a lead-in are its own numbering ("4.1", "a)").
    context = tuple(token.form for token in tokens(above) if len(token.form) > 1 and token.form.isalpha())
    return of_words((*context, "/", *own) if context else own)


def of_provision(provision: Provision) -> str:
    """Fingerprint of what the catalogue holds a provision to ask: kind, bearers, persons, summary, elements.

    Headings, model clauses and cross-references help a reader and decide nothing; they stay out.
    """
    asked = [provision.id, str(provision.mode), *sorted(provision.bearers), str(provision.persons)]
    for text in (provision.summary, *(element.summary for element in provision.elements)):
        if text is not None:
            asked += [text.fr, text.en]
    asked += [element.id for element in provision.elements]
    return hashlib.sha256("\0".join(asked).encode()).hexdigest()[:LENGTH]
