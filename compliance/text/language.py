"""French or English, by function words; a third language is recognised by having too few of either."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.model.law import Language
from compliance.text.token import fold, tokens

_FRENCH = frozenset(
    fold(word)
    for word in [
        "le",
        "la",
        "les",
        "des",
        "du",
        "un",
        "une",
        "et",
        "est",
        "en",
        "à",
        "au",
        "aux",
        "pour",
        "par",
        "dans",
        "sur",
        "avec",
        "que",
        "qui",
        "ne",
        "pas",
        "sont",
        "ou",
        "ce",
        "cette",
        "ces",
        "son",
        "sa",
        "ses",
        "leur",
        "leurs",
        "il",
        "elle",
        "ils",
        "elles",
        "nous",
        "être",
        "sera",
        "seront",
        "ont",
        "l",
        "d",
        "qu",
        "n",
        "s",
        "se",
        "plus",
        "afin",
        "entre",
        "tout",
        "toute",
        "tous",
        "dont",
        "sans",
        "ainsi",
        "selon",
        "lors",
        "chaque",
        "sous",
        "été",
        "avoir",
    ]
)
_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "is",
        "are",
        "for",
        "by",
        "with",
        "on",
        "that",
        "which",
        "not",
        "be",
        "shall",
        "will",
        "or",
        "this",
        "these",
        "their",
        "its",
        "they",
        "from",
        "as",
        "at",
        "has",
        "have",
        "been",
        "any",
        "all",
        "such",
        "an",
        "who",
        "may",
        "must",
        "under",
        "between",
        "it",
        "was",
        "were",
        "should",
        "would",
        "into",
        "within",
    ]
)

# A running text has about 45 % function words in its own language; below this share it is neither.
_LEAST_SHARE = 0.12


def scores(text: str) -> tuple[int, int, int]:
    """Function words of French, of English, and all words."""
    french = english = total = 0
    for token in tokens(text):
        total += 1
        if token.form in _FRENCH:
            french += 1
        if token.form in _ENGLISH:
            english += 1
    return french, english, total


def of_text(text: str) -> Language | None:
    """The language of a whole draft; None where it is neither French nor English.

    Source: function-word shares measured on the texts the project was tried on; 0.12 leaves room for tables.
    """
    french, english, total = scores(text)
    if total == 0 or max(french, english) < _LEAST_SHARE * total:
        return None
    return Language.FR if french >= english else Language.EN


def of_passages(passages: Iterable[str], default: Language) -> list[Language]:
    """The language of each passage; a short or undecided one takes that of its neighbour above."""
    languages: list[Language] = []
    current = default
    for passage in passages:
        french, english, _ = scores(passage)
        if abs(french - english) >= 3 and max(french, english) >= 2 * min(french, english):
            current = Language.FR if french > english else Language.EN
        elif french + english < 3:
            current = languages[-1] if languages else default
        languages.append(current)
    return languages
