"""A person's decision in words, the same in every report: who, when, why, and what the tool had said."""

from __future__ import annotations

from compliance.labels import Say
from compliance.model.judgement import Action, Decision, Doubt, Standpoint, Status
from compliance.model.law import Language

STATUS = {
    Status.COVERED: ("conforme", "covered"),
    Status.PARTIAL: ("partiellement conforme", "partly covered"),
    Status.GAP: ("lacune", "gap"),
    Status.CONFLICT: ("contraire", "conflict"),
    Status.NOT_APPLICABLE: ("sans objet", "not applicable"),
}
ACTION = {
    Action.CONFIRM: ("Constat confirmé", "Finding confirmed"),
    Action.OVERRULE: ("Constat corrigé", "Finding overruled"),
    Action.WAIVE: ("Dispense", "Waived"),
}
STANDING = {
    Standpoint.APPLIED: ("prise en compte", "applied"),
    Standpoint.STALE: ("à revoir", "stale"),
    Standpoint.EXPIRED: ("expirée", "expired"),
    Standpoint.REFUSED: ("refusée", "refused"),
    Standpoint.IDLE: ("sans objet", "idle"),
}
_DOUBT = {
    Doubt.UNBOUND: (
        "écrite à la main, pas encore liée au texte (compliance review bind)",
        "written by hand, not yet bound to the text (compliance review bind)",
    ),
    Doubt.ENCODING: ("ce que demande la disposition a été revu", "what the provision asks was revised"),
    Doubt.CLAUSE_CHANGED: ("une clause lue a changé ou disparu", "a clause that was read has changed or is gone"),
    Doubt.CLAUSE_ADDED: ("une clause que personne n’a lue y répond", "a clause that nobody read speaks to it now"),
    Doubt.WORSE: ("le constat est pire que celui qui était accepté", "the finding is worse than what was accepted"),
    Doubt.NEVER_WAIVE: ("le profil interdit cette dispense", "the profile forbids waiving this provision"),
    Doubt.MAX_WAIVERS: ("plus de dispenses que le profil n’en permet", "more waivers than the profile allows"),
}


def why(decision: Decision, language: Language) -> str:
    """Why a decision does not count; empty when it does."""
    french = language is Language.FR
    if decision.standing is Standpoint.EXPIRED and decision.expires:
        last = Say(language).due(decision.expires)
        return f"dernier jour\u00a0: {last}" if french else f"last day: {last}"
    return ("\u00a0; " if french else "; ").join(_DOUBT[doubt][not french] for doubt in decision.doubts)


def line(decision: Decision, language: Language) -> str:
    """One line on a decision, for a report."""
    french = language is Language.FR
    mark = "\u00a0: " if french else ": "
    head = ACTION[decision.action][not french]
    if decision.status is not None:
        head += mark + STATUS[decision.status][not french]
    if decision.expires is not None:
        head += (" jusqu’au " if french else " until ") + Say(language).due(decision.expires)
    who = f"{decision.by}, {Say(language).due(decision.on)}"
    said = decision.now or decision.said
    tool = ""
    if said is not None:
        tool = f" L’outil dit{mark}{STATUS[said][0]}." if french else f" The tool says{mark}{STATUS[said][1]}."
        if decision.said is not None and decision.said is not said:
            before = STATUS[decision.said][not french]
            tool += f" Il disait alors{mark}{before}." if french else f" It then said{mark}{before}."
    text = f"{head} ({who}){mark}{decision.reason.rstrip('.')}.{tool}"
    if decision.standing is not Standpoint.APPLIED:
        doubt = why(decision, language)
        name = ("Décision " if french else "Decision ") + STANDING[decision.standing][not french]
        text += f" {name}{mark + doubt if doubt else ''}."
    return text
