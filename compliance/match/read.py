"""A draft's clauses to analysed sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from compliance.match import feature
from compliance.match.feature import Sentence
from compliance.model.law import Language
from compliance.model.policy import BlockKind, Clause, Document, Span
from compliance.text.lexis import Lexis
from compliance.text.sentence import sentences
from compliance.text.token import tokens

# Concepts of these kinds say what a sentence is, not what it is about; they are not inherited as subject matter.
_NOT_A_SUBJECT = ("force-", "polarity-", "limit-", "section-")


def read(document: Document, clauses: Sequence[Clause], lexes: Mapping[Language, Lexis]) -> list[Sentence]:
    """Every sentence of every clause, with its features and the concepts around it, in reading order."""
    text = document.text
    context: dict[tuple[Language, str], frozenset[str]] = {}

    def concepts_of(language: Language, passage: str) -> frozenset[str]:
        if not passage:
            return frozenset()
        found = context.get((language, passage))
        if found is None:
            found = frozenset(hit.concept for hit in lexes[language].hits(tokens(passage)))
            context[language, passage] = found
        return found

    narrowed = _narrowed_terms(text, clauses, lexes)
    nationals = _demonyms(text)
    found: list[Sentence] = []
    for clause in clauses:
        lexis = lexes[clause.language]
        raw = [concepts_of(clause.language, heading) for heading in clause.headings]
        headings = frozenset().union(*raw) if raw else frozenset()
        lead = concepts_of(clause.language, clause.lead_in)
        header = concepts_of(clause.language, " ".join(clause.header))
        read_sentences = []
        spans = [clause.span] if clause.kind is BlockKind.ROW else sentences(text, clause.span)
        for span in spans:
            words = tokens(text, span.start, span.end)
            hits = feature.read(text, clause, span, words, lexis)
            read_sentences.append((span, words, hits, frozenset(hit.concept for hit in hits)))
        inherited = [lead, *reversed(raw)]
        before: frozenset[str] = frozenset()
        for span, words, hits, own in read_sentences:
            if feature.only(clause.language, words):
                own = own | {"polarity-only"}
            if nationals and nationals.search(text, span.start, span.end):
                own = own | {"person-national"}
            near = _subjects(lead | header | before)
            force_from = own | {concept for concept in lead if concept.startswith("force-")}
            named = feature.audience(own, [before, *inherited])
            if narrowed and narrowed.search(text, span.start, span.end) and "whatever-status" not in own:
                named |= feature.Audience.REGULAR
            found.append(
                Sentence(
                    index=len(found),
                    clause=clause,
                    span=span,
                    tokens=words,
                    hits=tuple(hits),
                    own=own,
                    near=near,
                    far=_subjects(headings),
                    commitment=feature.commitment(clause, words, hits, frozenset(force_from), headings),
                    audience=named,
                    segments=feature.segments(text, clause.language, words, hits),
                )
            )
            before = own
    return found


def _subjects(concepts: frozenset[str]) -> frozenset[str]:
    return frozenset(concept for concept in concepts if not concept.startswith(_NOT_A_SUBJECT))


# "On entend par « travailleur migrant » la personne admise régulièrement...": the draft's own definition narrows the term.
_DEFINED = re.compile(
    r"(?:on entend par|au sens|s[’']entend|désigne|means|refers to|in this (?:policy|act|bill|law))", re.IGNORECASE
)
_DEFINED_TERM = re.compile(
    r"[«“\"*]\s*((?:travailleu(?:r|se)s?|salariés?)\s+(?:migrant|étranger|immigré)e?s?|migrants?|étrangers?|(?:migrant|foreign) (?:worker|employee)s?)\s*[»”\"*]",
    re.IGNORECASE,
)


def _narrowed_terms(text: str, clauses: Sequence[Clause], lexes: Mapping[Language, Lexis]) -> re.Pattern[str] | None:
    """The terms that the draft itself defines as persons in a regular situation; None when there are none."""
    terms = set()
    for clause in clauses:
        words = clause.span.of(text)
        if not _DEFINED.search(words):
            continue
        for sentence in sentences(text, clause.span):
            passage = sentence.of(text)
            term = _DEFINED_TERM.search(passage)
            if term is None:
                continue
            rest = Span(sentence.start + term.end(), sentence.end)
            concepts = {hit.concept for hit in lexes[clause.language].hits(tokens(text, rest.start, rest.end))}
            if "person-regular" in concepts and "person-irregular" not in concepts:
                terms.add(_any_number(term.group(1)))
    return re.compile(r"\b(?:" + "|".join(sorted(terms)) + r")\b", re.IGNORECASE) if terms else None


def _any_number(term: str) -> str:
    return r"\s+".join(re.escape(word.rstrip("s")) + "(?:e?s)?" for word in term.split())


# "Les Sénégalais de l’extérieur", "Kenyans abroad": the draft itself tells what its nationals are called.
_DEMONYM = re.compile(
    r"\b([A-ZÉÈ][a-zéèêëïîôçñ]{3,}(?:-[A-Z][a-z]+)?)\s+(?:de l[’']extérieur|de l[’']étranger|à l[’']étranger|"
    r"établie?s? (?:à|hors)|résidant (?:à|hors)|vivant (?:à|hors)|expatriés|abroad|overseas|living abroad|working abroad|in the diaspora)"
)
_NO_DEMONYM = re.compile(
    r"^(?:Ressortiss|Nation|Citoy|Citizen|Person|Work|Travaill|Communaut|Migrant|Compatr|Emplo|Etabl|Jeune|Post)",
    re.IGNORECASE,
)


def _demonyms(text: str) -> re.Pattern[str] | None:
    """What the draft calls the State's own nationals; None when it does not tell."""
    stems = {
        re.sub(r"(?:ne|e)?s?$", "", match.group(1))
        for match in _DEMONYM.finditer(text)
        if not _NO_DEMONYM.match(match.group(1))
    }
    stems = {stem for stem in stems if len(stem) >= 4}
    return re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(stems))) + r")(?:ne|e)?s?\b") if stems else None
