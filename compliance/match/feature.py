"""What a sentence is, before any provision is asked: its concepts, force, persons and polarity.

Everything here is read from the lexicon's `force-*`, `polarity-*`, `limit-*`, `person-*` and `section-*` concepts, so a
lawyer finds in YAML every word that can decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Flag, auto

from compliance.model.judgement import Commitment
from compliance.model.law import Language
from compliance.model.policy import BlockKind, Clause, Span
from compliance.text.lexis import Hit, Lexis
from compliance.text.token import Token


class Audience(Flag):
    """Whom a sentence protects. Neither HERE nor ABROAD means nobody was named."""

    NOBODY = 0
    HERE = auto()  # foreigners in the country
    ABROAD = auto()  # nationals abroad or leaving
    RETURNEE = auto()
    REGULAR = auto()  # only those with papers
    IRREGULAR = auto()  # only those without, or they as well
    EVERY_STATUS = auto()  # "whatever their status"
    LIMITED = auto()  # a sector, a nationality, victims only
    CHILD = auto()
    FAMILY = auto()
    NEUTRAL = auto()  # "migrants", "everyone"


_PERSONS = {
    "person-migrant": Audience.NEUTRAL,
    "person-everyone": Audience.NEUTRAL,
    "person-foreigner": Audience.HERE,
    "both-sides": Audience.HERE | Audience.ABROAD,
    "person-regular": Audience.REGULAR,
    "person-irregular": Audience.IRREGULAR,
    "person-abroad": Audience.ABROAD,
    "person-returnee": Audience.RETURNEE,
    "person-family": Audience.FAMILY,
    "person-child": Audience.CHILD,
    "person-sector": Audience.LIMITED,
    "person-community": Audience.LIMITED,
    "person-victim": Audience.LIMITED,
    "person-refugee": Audience.LIMITED,
    "whatever-status": Audience.EVERY_STATUS,
}
# Beside these, nationals are the term of comparison, not those whom the clause protects.
_COMPARED = frozenset(
    {"same-treatment", "equality-with-nationals", "no-distinction", "reserved-for-nationals", "nationals-first"}
)
_SIDES = Audience.HERE | Audience.ABROAD | Audience.RETURNEE | Audience.NEUTRAL

_NEGATIONS = {
    Language.FR: frozenset(["ne", "n", "aucun", "aucune", "nul", "nulle", "pas", "jamais"]),
    Language.EN: frozenset(["not", "no", "never", "none", "neither", "cannot", "nobody", "nor"]),
}
_TURNS = {
    Language.FR: frozenset(["mais", "toutefois", "cependant", "neanmoins", "tandis", "alors"]),
    Language.EN: frozenset(["but", "however", "whereas", "although", "though"]),
}
# NOTE: "ne" after these denies nothing ("à moins qu'il ne", "avant qu'il ne").
_EXPLETIVE = {"moins", "avant", "crainte", "peur"}
_FUTURE_FR = re.compile(r"(?:er|ir|r)(?:a|ont)$")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a sentence within which a negation holds; `exception` when it takes something back."""

    first: int
    last: int
    exception: bool
    negations: tuple[int, ...]  # places of words that deny; those that fall on a word of denial are not kept

    @property
    def negated(self) -> bool:
        return bool(self.negations)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with all that was read in it."""

    index: int
    clause: Clause
    span: Span
    tokens: Sequence[Token]
    hits: tuple[Hit, ...]
    own: frozenset[str]  # concepts of the sentence itself
    near: frozenset[str]  # of its clause and lead-in
    far: frozenset[str]  # of its headings
    commitment: Commitment
    audience: Audience
    segments: tuple[Segment, ...]

    def segment_of(self, token: int) -> Segment:
        for segment in self.segments:
            if segment.first <= token < segment.last:
                return segment
        return self.segments[-1]

    def span_of(self, hit: Hit) -> Span:
        return Span(self.tokens[hit.first].start, self.tokens[hit.last - 1].end)


def audience(own: frozenset[str], inherited: Sequence[Iterable[str]]) -> Audience:
    """Whom a sentence speaks of: its own words first, then its lead-in, then its headings, the nearest first."""
    found = _named(own)
    alone = not found & (_SIDES | Audience.REGULAR | Audience.IRREGULAR | Audience.LIMITED)
    if "person-national" in own and alone and not own & _COMPARED:
        found |= Audience.ABROAD
    for concepts in inherited:
        if found & _SIDES:
            break
        found |= _named(concepts) & ~(Audience.CHILD | Audience.FAMILY)
    if not found & _SIDES and own & {"hint-abroad", "place-abroad"}:
        found |= Audience.ABROAD
    if found & Audience.EVERY_STATUS or found & Audience.IRREGULAR:
        found &= ~Audience.REGULAR
    return found


def _named(concepts: Iterable[str]) -> Audience:
    found = Audience.NOBODY
    for concept in concepts:
        found |= _PERSONS.get(concept, Audience.NOBODY)
    return found


def commitment(
    clause: Clause, words: Sequence[Token], hits: Sequence[Hit], own: frozenset[str], headings: frozenset[str]
) -> Commitment:
    """How firmly a sentence commits, by METHOD's second question."""
    if "section-background" in headings or (clause.kind is BlockKind.HEADING and "section-background" in own):
        return Commitment.NONE
    if "section-definition" in headings and clause.kind is not BlockKind.HEADING and "force-firm" not in own:
        return Commitment.NONE
    future = _has_future(clause.language, words)
    if ("force-past" in own or "force-reported" in own) and not future and not _binds(clause.language, words):
        return Commitment.NONE
    if "force-weak" in own:
        return Commitment.WEAK
    if (
        "force-may" in own
        and not _negated_modal(clause.language, words)
        and not _entitles(clause.language, words, hits)
    ):
        return Commitment.WEAK
    return Commitment.FIRM


_AUTHORITIES = ("state", "government", "ministry", "minister", "authority", "employer", "agency", "police", "court")
_WHOEVER = frozenset(["whoever", "whatever", "whichever", "wherever", "however", "quel", "quelle", "quels", "quelles"])
_PASSIVE = {Language.FR: frozenset({"etre"}), Language.EN: frozenset({"be"})}


def _entitles(language: Language, words: Sequence[Token], hits: Sequence[Hit]) -> bool:
    """ "Migrants may join...", "l'intéressé peut revenir": a person's right, where the subject is the person."""
    for hit in hits:
        if hit.concept != "force-may":
            continue
        if _WHOEVER & {token.form for token in words[max(0, hit.first - 5) : hit.first]}:
            continue
        if any(token.form in _PASSIVE[language] for token in words[hit.last : hit.last + 2]):
            return False
        subject = [other for other in hits if other.last <= hit.first and hit.first - other.last <= 12]
        named = any(other.concept.startswith("person-") for other in subject)
        ruled = any(other.concept.startswith(_AUTHORITIES) for other in subject)
        return named and not ruled
    return True


_BINDING = {
    Language.FR: frozenset(
        [
            "doit",
            "doivent",
            "sera",
            "seront",
            "interdit",
            "interdite",
            "interdits",
            "interdites",
            "garantit",
            "garantissent",
        ]
    ),
    Language.EN: frozenset(["shall", "will", "must"]),
}


def _binds(language: Language, words: Sequence[Token]) -> bool:
    binding = _BINDING[language]
    return any(token.form in binding for token in words)


def _has_future(language: Language, words: Sequence[Token]) -> bool:
    if language is Language.EN:
        return any(token.form in {"shall", "will"} for token in words)
    return any(len(token.form) > 4 and _FUTURE_FR.search(token.form) for token in words)


def _negated_modal(language: Language, words: Sequence[Token]) -> bool:
    """ "ne peut", "may not", "no one may", "seuls ... peuvent", "may only": a prohibition or a limit, not a permission."""
    forms = [token.form for token in words]
    if language is Language.EN:
        places = [place for place, form in enumerate(forms) if form in {"may", "can"}]
        return any(
            {"not", "only", "solely"} & set(forms[place + 1 : place + 4])
            or {"no", "never", "none", "nobody", "neither", "nor", "only", "nothing"}
            & set(forms[max(0, place - 12) : place])
            for place in places
        )
    modal = {"peut", "peuvent", "pourra", "pourront"}
    return any(
        form in modal
        and (
            {"ne", "n"} & set(forms[max(0, place - 3) : place])
            or {"seul", "seuls", "seule", "seules"} & set(forms[max(0, place - 10) : place])
        )
        for place, form in enumerate(forms)
    )


def segments(text: str, language: Language, words: Sequence[Token], hits: Sequence[Hit]) -> tuple[Segment, ...]:
    """Cut a sentence where its polarity may change: at "mais", at a colon, at an exception and at its end."""
    if not words:
        return (Segment(0, 0, False, ()),)
    neutral = {place for hit in hits if hit.concept == "polarity-neutral" for place in range(hit.first, hit.last)}
    exceptions = {hit.first for hit in hits if hit.concept == "polarity-except"}
    cuts: list[tuple[int, bool]] = [(0, 0 in exceptions)]
    in_exception = cuts[0][1]
    for place in range(1, len(words)):
        between = text[words[place - 1].end : words[place].start]
        if place in exceptions:
            cuts.append((place, True))
            in_exception = True
        elif (
            words[place].form in _TURNS[language]
            or ":" in between
            or ";" in between
            or (in_exception and cuts[-1][0] == 0 and "," in between)
        ):
            cuts.append((place, False))
            in_exception = False
    bounds = [first for first, _ in cuts[1:]] + [len(words)]
    return tuple(
        Segment(first, last, exception, _negations(language, words[first:last], first, neutral))
        for (first, exception), last in zip(cuts, bounds, strict=True)
    )


def _negations(language: Language, words: Sequence[Token], offset: int, neutral: set[int]) -> tuple[int, ...]:
    """Places of the words that deny, one for each denial ("ne ... pas" counts once)."""
    negations = _NEGATIONS[language]
    forms = [token.form for token in words]
    found = []
    for place, form in enumerate(forms):
        if form not in negations or offset + place in neutral:
            continue
        if language is Language.FR:
            before = forms[max(0, place - 5) : place]
            if form in {"ne", "n"}:
                if _EXPLETIVE & set(before) or _only(forms, place):
                    continue
            elif form in {"pas", "jamais"}:
                if place and forms[place - 1] not in {"et", "ou"}:
                    continue  # counted by its "ne"
            elif "ne" in forms or "n" in forms or before[-1:] == ["sans"]:
                continue
        elif form == "no" and place + 1 < len(forms) and forms[place + 1][0].isdigit():
            continue  # "No. 97"
        found.append(offset + place)
    return tuple(found)


# Words after which "que" opens a clause of its own, so that "ne" before it is a plain denial.
_OPENS = frozenset(
    [
        "motif",
        "fait",
        "ce",
        "parce",
        "afin",
        "sorte",
        "bien",
        "avant",
        "apres",
        "alors",
        "lors",
        "condition",
        "tant",
        "des",
        "depuis",
        "ainsi",
        "quel",
        "quelle",
    ]
)


def _only(forms: Sequence[str], place: int) -> bool:
    """ "ne ... que": only, not a denial, unless "pas", "plus" or "aucun" comes as well."""
    if {"aucun", "aucune", "nul", "nulle", "personne", "rien"} & set(forms[max(0, place - 12) : place]):
        return False
    ahead = forms[place + 1 : place + 9]
    if {"pas", "plus", "jamais", "aucun", "aucune", "nul", "nulle", "point", "guere", "saurait", "sauraient"} & set(
        ahead[:6]
    ):
        return False
    return any(
        form in {"que", "qu"} and (index == 0 or ahead[index - 1] not in _OPENS) for index, form in enumerate(ahead)
    )


def only(language: Language, words: Sequence[Token]) -> bool:
    """Whether the sentence is exclusive by grammar ("ne ... que")."""
    if language is Language.EN:
        return False
    forms = [token.form for token in words]
    return any(form in {"ne", "n"} and _only(forms, place) for place, form in enumerate(forms))


def read(text: str, clause: Clause, span: Span, words: Sequence[Token], lexis: Lexis) -> list[Hit]:
    """The hits of one sentence, by place."""
    hits = lexis.hits(words)
    places = [hit for hit in hits if hit.concept in ("place-abroad", "foreign-thing")]
    kept = [
        hit
        for hit in hits
        if hit.concept != "person-foreigner" or not any(p.first <= hit.first and hit.last <= p.last for p in places)
    ]
    return sorted(kept, key=lambda hit: (hit.first, hit.last, hit.concept))
