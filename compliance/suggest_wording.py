"""Words of suggestions, and the simple corrections that mend a sentence in place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from compliance.model.law import Bilingual, Language

Correction = tuple[re.Pattern[str], str]


def _corrections(*rows: tuple[str, str]) -> tuple[Correction, ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), put) for pattern, put in rows)


ADVICE: Mapping[str, Bilingual] = {
    "gap": Bilingual(
        "Aucune clause n’y répond\u00a0: insérer la rédaction proposée.",
        "No clause answers it: insert the proposed wording.",
    ),
    "missing": Bilingual("Compléter\u00a0: {what}.", "Complete: {what}."),
    "here": Bilingual(
        "Étendre aux étrangers présents dans le pays.",
        "Extend it to foreigners in the country.",
    ),
    "abroad": Bilingual("Étendre aux nationaux à l’étranger.", "Extend it to nationals abroad."),
    "persons": Bilingual(
        "Étendre à toutes les personnes protégées, quelle que soit leur situation administrative.",
        "Extend it to all the persons protected, whatever their status.",
    ),
    "weak": Bilingual(
        "Affermir\u00a0: la formulation n’engage pas l’État.",
        "Make it firm: the wording does not bind the State.",
    ),
    "weak-words": Bilingual(
        "Affermir la formulation, qui n’engage pas l’État\u00a0: {what}.",
        "Make the wording firm, since it does not bind the State: {what}.",
    ),
    "conflict": Bilingual(
        "Cette phrase va à l’encontre de la disposition.",
        "This sentence runs against the provision.",
    ),
    "conflict-words": Bilingual(
        "Mots en cause dans la phrase\u00a0: {what}.",
        "Words at issue in the sentence: {what}.",
    ),
    "keep": Bilingual(
        "La phrase remplacée y répondait\u00a0: le redire.",
        "The sentence replaced answered it: say it again.",
    ),
    "wording": Bilingual("Rédaction proposée\u00a0:", "Proposed wording:"),
    "corrected": Bilingual("Ou, en corrigeant la phrase\u00a0:", "Or, mending the sentence:"),
}

# What takes a right away, and what gives it back; every row that matches is applied, in order.
AGAINST: Mapping[Language, tuple[Correction, ...]] = {
    Language.FR: _corrections(
        (r"\s(?:en groupe|en bloc|collectivement)\b", ""),
        (r"\bsans (?:aucun )?(examen|contrôle)\b", r"après un \1"),
        (r"\bsans (?:aucune )?(décision)\b", r"sur une \1"),
        (r",?\s*(?:à l['’]exclusion|à l['’]exception) (?:de|des|du) [^,.;]+", ""),
        (r",?\s*sauf (?:en cas )?(?:de |des |du |d['’]|pour |si )[^,.;]+", ""),
        (r"\b(est|sont) réservé(e?s?) aux (?:seuls )?(?:nationaux|citoyens|Maliens)", r"\1 ouvert\2 à tous"),
        (r"\best subordonné(e?) à", r"ne peut être subordonné\1 à"),
        (r"\bsont subordonné(e?s) à", r"ne peuvent être subordonné\1 à"),
        (r"\best autorisée? à (conserver|retenir|garder|confisquer)", r"ne peut pas \1"),
        (r"\bpeut (conserver|retenir|garder|confisquer)", r"ne peut pas \1"),
        (r"\best refusé(e?)\b", r"n’est pas refusé\1"),
        (r"\bsont refusé(e?s)\b", r"ne sont pas refusé\1"),
        (r"\bà la charge (?:de l['’]étranger|du travailleur|du migrant)(?: \w+é)?\b", "à la charge de l’État"),
        (r"\bn['’](ont|a) pas (droit|accès)", r"\1 \2"),
    ),
    Language.EN: _corrections(
        (r"\s(?:in groups?|as a group|collectively)\b", ""),
        (r"\bwithout (?:any |an )?(individual )?(examination|review|hearing|decision)\b", r"after an individual \2"),
        (r",?\s*(?:with the exception of|except for|excluding) [^,.;]+", ""),
        (r"\breserved (?:for|to) (?:nationals|citizens)(?: only)?", "open to all"),
        (r"\bmay (keep|hold|retain|withhold|confiscate)\b", r"may not \1"),
        (r"\b(?:is|are|shall be|will be) (refused|denied)\b", r"may not be \1"),
        (r"\b(borne|paid|met) by the (?:foreigner|worker|migrant)(?: concerned)?\b", r"\1 by the State"),
        (r"\b(?:has|have) no (right|access) to\b", r"shall have \1 to"),
        (r"\b(?:are|is|shall) not (?:be )?entitled to\b", "shall be entitled to"),
    ),
}

# What makes wording weak, and the firm form of it; every row that matches is applied.
WEAK: Mapping[Language, tuple[Correction, ...]] = {
    Language.FR: _corrections(
        (r",?\s*(?:dans la mesure du possible|si possible|autant que possible|en tant que de besoin)", ""),
        (r",?\s*(?:si|lorsque) les (?:moyens|ressources) le permettent", ""),
        (r",?\s*(?:dans la limite|sous réserve) des (?:moyens|ressources|crédits|places)(?: disponibles)?", ""),
        (r"\b(est|sont) (?:encouragé|invité)(e?s?) à (?=[aeiouyhéèê])", r"\1 tenu\2 d’"),
        (r"\b(est|sont) (?:encouragé|invité)(e?s?) à\b", r"\1 tenu\2 de"),
        (r"\bs['’]efforce(?:ra)? de (garanti)r", r"\1t"),
        (r"\bs['’]efforce(?:ra)? d['’](assure|organise|accorde)r", r"\1"),
        (r"\b(?:sera|seront) étudié(e?s?)\b", r"sera assuré\1"),
        (r"\bdevrait\b", "doit"),
        (r"\bdevraient\b", "doivent"),
    ),
    Language.EN: _corrections(
        (r",?\s*(?:where|if|when(?:ever)?|as far as) (?:it is )?possible", ""),
        (r",?\s*(?:where|if|as) (?:resources|means|funds) (?:permit|allow)", ""),
        (r",?\s*subject to (?:available|the availability of) (?:resources|funds|means)", ""),
        (r"\bshould\b", "shall"),
        (r"\b(?:is|are) (?:encouraged|invited) to\b", "shall"),
        (r"\b(?:will|shall) (?:endeavou?r|strive|seek|try) to\b", "shall"),
    ),
}


def join(words: list[str], language: Language) -> str:
    """Quoted words as a list: « a », « b » et « c »."""
    if language is Language.FR:
        quoted = [f"«\u00a0{word}\u00a0»" for word in words]
    else:
        quoted = [f"“{word}”" for word in words]
    last = " et " if language is Language.FR else " and "
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + last + quoted[-1]
