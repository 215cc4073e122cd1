"""A draft's clauses to analysed sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from compliance.match import feature
from compliance.match.feature import Sentence
from compliance.model.law import Language
from compliance.model.policy import BlockKind, Clause, Document
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

    narrowed = _narrowed_terms(text, clauses)
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
            near = _subjects(lead | header | before)
            force_from = own | {concept for concept in lead if concept.startswith("force-")}
            named = feature.audience(own, [before, *inherited])
            if clause.language in narrowed and "person-migrant" in own:
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
                    commitment=feature.commitment(text, clause, span, words, frozenset(force_from), headings),
                    audience=named,
                    segments=feature.segments(text, clause.language, words, hits),
                )
            )
            before = own
    return found


def _subjects(concepts: frozenset[str]) -> frozenset[str]:
    return frozenset(concept for concept in concepts if not concept.startswith(_NOT_A_SUBJECT))


def _narrowed_terms(text: str, clauses: Sequence[Clause]) -> frozenset[Language]:
    """Languages in which the draft's own definition makes "migrant worker" a person in a regular situation."""
    return frozenset()
