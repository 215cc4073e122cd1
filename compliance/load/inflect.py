"""Dictionary words to their inflected forms, at the time the data is compiled."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from compliance.model.law import Language
from compliance.text.token import ARTICLES, CONTRACTED, fold

_TOKEN = re.compile(r"\.\.\.|=?[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")


@lru_cache(maxsize=2)
def _tables(language: Language) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Form to lemma, and lemma to forms. Source: simplemma's tables (MIT)."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    lemma_of = dict(DefaultDictionaryFactory().get_dictionary(str(language)).items())
    forms_of: dict[str, list[str]] = defaultdict(list)
    for form, lemma in lemma_of.items():
        forms_of[lemma].append(form)
    return lemma_of, forms_of


class Inflector:
    """Gathers the keys of wordings, and every form that may stand for a key."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.forms: dict[str, set[str]] = defaultdict(set)
        self._keys: dict[str, str] = {}

    def keys(self, wording: str) -> tuple[str, ...]:
        """The keys of one wording, "..." among them; empty where nothing but articles is left."""
        found = []
        for match in _TOKEN.finditer(wording):
            word = match.group()
            if word == "...":
                found.append(word)
            elif fold(word.lstrip("=")) not in ARTICLES[self.language]:
                found.append(self._key(word))
        while found and found[-1] == "...":
            found.pop()
        return tuple(found)

    def _key(self, word: str) -> str:
        key = self._keys.get(word)
        if key is None:
            if fold(word) in CONTRACTED[self.language].values() or fold(word) in CONTRACTED[self.language]:
                key = CONTRACTED[self.language].get(fold(word), fold(word))
                self.forms[fold(word)].add(key)
                self.forms[key].add(key)
                for form, preposition in CONTRACTED[self.language].items():
                    if preposition == key:
                        self.forms[form].add(key)
            elif word.startswith("="):
                key = "=" + fold(word[1:])
                self.forms[fold(word[1:])].add(key)
            else:
                base = self._base(word.lower())
                key = fold(base)
                for form in self._inflected(base, word.lower()):
                    self.forms[fold(form)].add(key)
            self._keys[word] = key
        return key

    def _base(self, word: str) -> str:
        """The dictionary form; a word that is one already stays, though it be an inflection of another."""
        lemma_of, forms_of = _tables(self.language)
        return word if word in forms_of else lemma_of.get(word, word)

    def _inflected(self, base: str, word: str) -> Iterable[str]:
        _, forms_of = _tables(self.language)
        yield from (base, word)
        yield from forms_of.get(base, ())
        if len(base) < 4 or not base.isalpha():
            return
        yield base + "s"
        if self.language is Language.FR:
            # NOTE: simplemma keeps many participles as words of their own ("expulsés" is "expulsé", not "expulser").
            if base.endswith("er"):
                yield from (base[:-2] + ending for ending in ("é", "ée", "és", "ées", "ant"))
            elif base.endswith("ir"):
                yield from (base[:-1] + ending for ending in ("", "e", "s", "es"))
            else:
                yield from (base + "e", base + "es")
        elif base.endswith("e"):
            yield from (base + "d", base[:-1] + "ing")
        else:
            yield from (base + "ed", base + "ing")
