"""Concept wordings compiled to tries, and the hits they have in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from compliance.model.law import Language
from compliance.text.token import ARTICLES, Token

# A wording's "..." stands for at most this many free words.
MAX_FREE_WORDS = 4

_END = ""  # the trie key under which a node keeps the concepts that end there
_GAP = "..."


class Hit(NamedTuple):
    """A concept found: half-open range of token indexes."""

    concept: str
    first: int
    last: int


class Lexis:
    """One language's wordings: inflected forms to keys, and a trie of keys to concepts."""

    def __init__(
        self, language: Language, forms: dict[str, list[str]], wordings: Iterable[tuple[str, Sequence[str]]]
    ) -> None:
        """`forms` maps a folded form to the keys it may stand for; a wording is a concept and its keys in order."""
        self.forms = forms
        self._skipped = ARTICLES[language]
        self._root: dict[str, Any] = {}
        for concept, keys in wordings:
            node = self._root
            for key in keys:
                node = node.setdefault(key, {})
            node.setdefault(_END, []).append(concept)

    def keys(self, form: str) -> Sequence[str]:
        """The dictionary keys that a word of the text may stand for; the word itself when unknown."""
        return self.forms.get(form) or (form,)

    def hits(self, words: Sequence[Token]) -> list[Hit]:
        """Every concept wording in a run of words, the longest of each concept at each start."""
        content = [(index, self.forms[word.form]) for index, word in enumerate(words) if word.form in self.forms]
        found: dict[tuple[str, int], int] = {}
        root = self._root
        after = self._following(words)
        for start, keys in content:
            for key in keys:
                node = root.get(key)
                if node is not None:
                    self._walk(words, after, node, start, start, found)
        return [Hit(concept, first, last + 1) for (concept, first), last in found.items()]

    def _following(self, words: Sequence[Token]) -> list[int]:
        """For each word, the index of the next one that is not an article."""
        following = [len(words)] * len(words)
        nearest = len(words)
        for index in range(len(words) - 1, -1, -1):
            following[index] = nearest
            if words[index].form not in self._skipped:
                nearest = index
        return following

    def _walk(
        self,
        words: Sequence[Token],
        after: list[int],
        node: dict[str, Any],
        start: int,
        at: int,
        found: dict[tuple[str, int], int],
    ) -> None:
        for concept in node.get(_END, ()):
            if found.get((concept, start), -1) < at:
                found[concept, start] = at
        following = after[at]
        if following >= len(words):
            return
        for key in self.forms.get(words[following].form, ()):
            child = node.get(key)
            if child is not None:
                self._walk(words, after, child, start, following, found)
        gap = node.get(_GAP)
        if gap is None:
            return
        reach = following
        for _ in range(MAX_FREE_WORDS + 1):
            if reach >= len(words):
                return
            for key in self.forms.get(words[reach].form, ()):
                child = gap.get(key)
                if child is not None:
                    self._walk(words, after, child, start, reach, found)
            reach = after[reach]
