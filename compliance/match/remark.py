"""Slips that a drafter should know of: a wrong convention number, a wrong date of accession."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from compliance.match.feature import Sentence
from compliance.model.judgement import Remark
from compliance.model.law import Bilingual
from compliance.model.policy import Document, Span

_C148 = re.compile(r"(?<![\w.])(?:conventions?|C)\b[^.;\n]{0,40}?\b(148)\b(?![/-])", re.IGNORECASE)


def remarks(document: Document, sentences: Sequence[Sentence]) -> tuple[Remark, ...]:
    """Slips found in the draft, in reading order."""
    return tuple(sorted(_number_148(document, sentences), key=lambda remark: remark.span))


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
