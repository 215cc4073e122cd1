"""What a finding says, in French and English: it states what was found and what the article asks; it does not convict."""

from __future__ import annotations

from compliance.assess import Verdict
from compliance.model.judgement import Direction, Reason, Status
from compliance.model.law import Bilingual, Mode, Profile, Provision
from compliance.model.reach import needed_sides, reach

_NOTHING = Bilingual("", "")


def explain(profile: Profile) -> Explain:
    return Explain(profile)


class Explain:
    """Messages for one profile."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def __call__(self, provision: Provision, result: Verdict) -> tuple[Bilingual, Bilingual]:
        fr, en = _MESSAGES[result.status]
        message = Bilingual(fr, en)
        if result.status is Status.GAP and provision.mode is Mode.PERMISSIVE:
            message = Bilingual("Option non retenue par le projet.", "An option that the draft does not take up.")
        elif result.status is Status.GAP and Reason.BY_REFERENCE in result.reasons:
            message = Bilingual(
                "Le projet promet seulement de respecter la convention dans son ensemble ; aucune clause ne répond à cette disposition.",
                "The draft only promises to respect the convention as a whole; no clause answers this provision.",
            )
        if result.status is Status.PARTIAL:
            message = Bilingual(_partial_fr(provision, result), _partial_en(provision, result))
        return message, _NOTHING  # NOTE: the wording that mends is `suggest`'s, made when a report asks for it


_MESSAGES = {
    Status.COVERED: ("Le projet répond à chaque élément essentiel.", "The draft answers every essential element."),
    Status.PARTIAL: ("", ""),
    Status.GAP: ("Aucun engagement trouvé dans le projet.", "No commitment was found in the draft."),
    Status.CONFLICT: (
        "Appliquée telle quelle, une clause du projet irait à l’encontre de cette disposition.",
        "Carried out as written, a clause of the draft would run against this provision.",
    ),
    Status.NOT_APPLICABLE: ("Écarté par le profil de l’État.", "Set aside by the State’s profile."),
}


def _missing(provision: Provision, result: Verdict) -> list[Bilingual]:
    met = {element for element, places in result.met if places}
    return [element.summary for element in provision.elements if element.id not in met]


def _absent_side(provision: Provision, result: Verdict) -> str | None:

    sides = needed_sides(provision)
    if len(sides) < 2:
        return None
    reached = [reach(provision, item.persons) for item in result.evidence if item.direction is Direction.SUPPORTS]
    if not any(found.here for found in reached):
        return "here"
    return "abroad" if not any(found.abroad for found in reached) else None


def _partial_fr(provision: Provision, result: Verdict) -> str:
    parts = []
    missing = _missing(provision, result)
    if Reason.MISSING_ELEMENT in result.reasons and missing:
        parts.append("Il manque\u00a0: " + "\u00a0; ".join(text.fr.rstrip(".") for text in missing) + ".")
    if Reason.PERSONS in result.reasons:
        side = _absent_side(provision, result)
        whom = {
            "here": "les étrangers présents dans le pays ne sont pas visés",
            "abroad": "les nationaux à l’étranger ne sont pas visés",
            None: "la clause ne vise qu’une partie des personnes protégées",
        }[side]
        parts.append(f"Personnes\u00a0: {whom}.")
    if Reason.WEAK_COMMITMENT in result.reasons:
        parts.append("La formulation n’engage pas fermement l’État alors que la disposition est impérative.")
    return " ".join(parts)


def _partial_en(provision: Provision, result: Verdict) -> str:
    parts = []
    missing = _missing(provision, result)
    if Reason.MISSING_ELEMENT in result.reasons and missing:
        parts.append("Missing: " + "; ".join(text.en.rstrip(".") for text in missing) + ".")
    if Reason.PERSONS in result.reasons:
        side = _absent_side(provision, result)
        whom = {
            "here": "foreigners in the country are not reached",
            "abroad": "nationals abroad are not reached",
            None: "the clause reaches only some of the persons protected",
        }[side]
        parts.append(f"Persons: {whom}.")
    if Reason.WEAK_COMMITMENT in result.reasons:
        parts.append("The wording does not bind the State firmly, though the provision is mandatory.")
    return " ".join(parts)
