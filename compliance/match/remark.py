"""Slips that a drafter should know of: a wrong convention number, a wrong date of accession."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from compliance.match.feature import Sentence
from compliance.model.judgement import Remark
from compliance.model.law import Bilingual, Profile
from compliance.model.policy import Document, Span
from compliance.text.token import fold

_C148 = re.compile(r"(?<![\w.])(?:conventions?|C)\b(?:[^.;\n]|\b(?:Nos?|n)\.){0,40}?\b(148)\b(?![/-])", re.IGNORECASE)

# The convention that a State's date of accession is compared with, where the draft names it.
_ICRMW = re.compile(r"convention.{0,60}?(?:\b1990\b|travailleurs migrants|migrant workers)", re.IGNORECASE | re.DOTALL)
_JOINED = re.compile(r"\b(?:ratifi|adh[ée]r|adh[ée]sion|acced|accession|partie à|party to)", re.IGNORECASE)
_FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_ENGLISH = "January February March April May June July August September October November December".split()
_MONTHS = {fold(name): number for names in (_FRENCH, _ENGLISH) for number, name in enumerate(names, 1)}
_DATE = re.compile(
    r"(?:(?:\b(\d{1,2})(?:er|st|nd|rd|th)?\s+)?\b("
    + "|".join([*_FRENCH, *_ENGLISH, *_MONTHS])
    + r")\s+)?\b((?:19|20)\d\d)\b",
    re.IGNORECASE,
)


def remarks(document: Document, sentences: Sequence[Sentence], profile: Profile) -> tuple[Remark, ...]:
    """Slips found in the draft, in reading order; dates are compared with the profile's."""
    found = [*_number_148(document, sentences), *_accession(document, sentences, profile)]
    return tuple(sorted(found, key=lambda remark: remark.span))


def _number_148(document: Document, sentences: Iterable[Sentence]) -> Iterable[Remark]:
    for sentence in sentences:
        match = _C148.search(document.text, sentence.span.start, sentence.span.end)
        if match is None or not _of_migration(sentence, document.text):
            continue
        yield Remark(
            code="convention-148",
            clause=sentence.clause,
            span=Span(match.start(1), match.end(1)),
            message=Bilingual(
                "La convention n° 148 de l’OIT porte sur la pollution de l’air, le bruit et les vibrations\u00a0; la convention "
                "sur les travailleurs migrants (dispositions complémentaires) est la n° 143.",
                "ILO Convention No. 148 is about air pollution, noise and vibration; the one on migrant workers "
                "(supplementary provisions) is No. 143.",
            ),
        )


def _of_migration(sentence: Sentence, text: str) -> bool:
    """Named beside C97 or migrants: the number of the working-environment convention is then a slip."""
    words = sentence.span.of(text).lower()
    if re.search(r"pollution|vibration|bruit|noise|air ", words):
        return False
    return bool(re.search(r"\b97\b|migra", words)) or any("person-" in concept for concept in sentence.near)


def _accession(document: Document, sentences: Iterable[Sentence], profile: Profile) -> Iterable[Remark]:
    since = profile.standing("icrmw").since
    if since is None:
        return
    today = profile.as_of or since
    for sentence in sentences:
        words = sentence.span.of(document.text)
        if not (_ICRMW.search(words) and _JOINED.search(words)):
            continue
        dates = [match for match in _DATE.finditer(words) if 1990 < int(match.group(3)) <= today.year]
        # NOTE: a sentence that lists several treaties holds several dates; one that is right speaks for the sentence.
        if not dates or any(_agrees(match, since) for match in dates):
            continue
        start = sentence.span.start
        yield Remark(
            code="accession-date",
            clause=sentence.clause,
            span=Span(start + dates[0].start(), start + dates[0].end()),
            message=Bilingual(
                f"Date à vérifier\u00a0: l’instrument de cet État pour la convention de 1990 a été déposé le {_french(since)}.",
                f"Date to check: this State's instrument for the 1990 convention was deposited on {_english(since)}.",
            ),
        )


def _agrees(match: re.Match[str], since: date) -> bool:
    """Whether a date as written, be it a year alone, may be that day."""
    day, month, year = match.groups()
    number = _MONTHS.get(fold(month)) if month else None
    return (
        int(year) == since.year
        and (number is None or number == since.month)
        and (day is None or number is None or int(day) == since.day)
    )


def _french(day: date) -> str:
    return f"{day.day if day.day > 1 else '1er'} {_FRENCH[day.month - 1]} {day.year}"


def _english(day: date) -> str:
    return f"{day.day} {_ENGLISH[day.month - 1]} {day.year}"
