"""Words of a text, folded so that typography never decides a verdict."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from compliance.model.law import Language

# NOTE: hyphens and apostrophes separate words, so "main-d'œuvre", "main d’oeuvre" and "main d'œuvre" are the same three
# words. Combining marks belong to the word, for files saved with decomposed accents.
WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_WRAPPED = re.compile(r"(?<=[^\W\d_])(?:-[ \t]*\n[ \t]*|\u00ad\n?|[\u0002\ufffe])(?=[^\W\d_])")

# Words that carry no meaning in a phrase; ignored in the lexicon's wordings and in the text alike. French "à" is not
# among them: "à condition que" is no "mêmes conditions que".
ARTICLES = {
    Language.FR: frozenset(["le", "la", "les", "l", "un", "une", "des", "de", "du", "d"]),
    Language.EN: frozenset(["the", "a", "an", "of"]),
}
# Contracted forms that stand for their preposition.
CONTRACTED = {Language.FR: {"au": "a", "aux": "a"}, Language.EN: {}}

_fold_cache: dict[str, str] = {}


def fold(word: str) -> str:
    """Lower case, without accents, ligatures opened: "ÉTAT", "État" and "ETAT" are all "etat"."""
    folded = _fold_cache.get(word)
    if folded is None:
        lowered = word.lower()
        if lowered.isascii():
            folded = lowered
        else:
            lowered = lowered.replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
            split = unicodedata.normalize("NFKD", lowered)
            folded = "".join(character for character in split if not unicodedata.combining(character))
        _fold_cache[word] = folded
    return folded


class Token(NamedTuple):
    """One word: its half-open place in the text, and its folded form."""

    start: int
    end: int
    form: str


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The words of `text[start:end]`, in order, with their places in `text`.

    A word cut by a hyphen at a line end is one word.
    """
    end = len(text) if end is None else end
    found = [Token(match.start(), match.end(), fold(match.group())) for match in WORD.finditer(text, start, end)]
    if "\n" not in text[start:end] and "\u00ad" not in text[start:end]:
        return found
    joined: list[Token] = []
    for token in found:
        if joined and _WRAPPED.fullmatch(text, joined[-1].end, token.start):
            last = joined.pop()
            joined.append(Token(last.start, token.end, last.form + token.form))
        else:
            joined.append(token)
    return joined
