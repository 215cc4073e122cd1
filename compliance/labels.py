"""Words of the report documents, in French and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from compliance.model.judgement import Commitment, Priority, Reason
from compliance.model.law import Expected, Force, Language, Mode
from compliance.model.measure import MeasureKind, MeasureStatus

_BEFORE = re.compile(r" (?=[:;?!»%])")


def french(text: str) -> str:
    """The text with the no-break spaces that French sets inside « » and before : ; ? ! %."""
    return _BEFORE.sub("\u00a0", text).replace("« ", "«\u00a0")


class Degree(StrEnum):
    """Degree of conformity: a status, and an option that the draft does not take up told apart from a gap."""

    CONFORM = "conform"
    PARTIAL = "partial"
    GAP = "gap"
    CONFLICT = "conflict"
    OPTION = "option"
    NOT_APPLICABLE = "not-applicable"


class Footing(StrEnum):
    """What a provision rests on: the draft, a measure already taken, both or neither."""

    BOTH = "clause-and-measure"
    CLAUSE = "clause"
    MEASURE = "measure"
    NEITHER = "neither"


Pair = tuple[str, str]  # French, English

DEGREE: Mapping[Degree, Pair] = {
    Degree.CONFORM: ("conforme", "conforms"),
    Degree.PARTIAL: ("partiellement conforme", "partly conforms"),
    Degree.GAP: ("lacune", "gap"),
    Degree.CONFLICT: ("contraire", "conflict"),
    Degree.OPTION: ("option non retenue", "option not taken up"),
    Degree.NOT_APPLICABLE: ("sans objet", "not applicable"),
}
# One mark a provision, told apart without colour.
MARK: Mapping[Degree, str] = {
    Degree.CONFORM: "●",
    Degree.PARTIAL: "◐",
    Degree.GAP: "○",
    Degree.CONFLICT: "✕",
    Degree.OPTION: "◇",
    Degree.NOT_APPLICABLE: "–",
}
# Background and ink, each pair of contrast 7:1 or better; then the colour of the mark, 4.5:1 on white.
COLOUR: Mapping[Degree, tuple[str, str, str]] = {
    Degree.CONFORM: ("D5EFDF", "0B4A2B", "187A48"),
    Degree.PARTIAL: ("FDEBC3", "5A3A00", "96610A"),
    Degree.GAP: ("E4E7EC", "28303C", "5B6573"),
    Degree.CONFLICT: ("FAD7D3", "7A0F0B", "B3261E"),
    Degree.OPTION: ("DFE9F8", "16365F", "3465A8"),
    Degree.NOT_APPLICABLE: ("F4F4F5", "3F3F46", "71717A"),
}
FORCE: Mapping[Force, Pair] = {
    Force.IN_FORCE: ("en vigueur pour l’État", "in force for the State"),
    Force.RATIFIED_NOT_IN_FORCE: ("ratifiée, pas encore en vigueur", "ratified, not yet in force"),
    Force.SIGNED: ("signée, non ratifiée", "signed, not ratified"),
    Force.NOT_RATIFIED: ("non ratifiée", "not ratified"),
    Force.UNKNOWN: ("non précisée", "not stated"),
}
PRIORITY: Mapping[Priority, Pair] = {
    Priority.HIGH: ("haute", "high"),
    Priority.MEDIUM: ("moyenne", "medium"),
    Priority.LOW: ("basse", "low"),
    Priority.NONE: ("sans", "none"),
}
REASON: Mapping[Reason, Pair] = {
    Reason.MISSING_ELEMENT: ("élément manquant", "missing element"),
    Reason.PERSONS: ("personnes", "persons"),
    Reason.WEAK_COMMITMENT: ("engagement faible", "weak commitment"),
    Reason.BY_REFERENCE: ("par simple renvoi", "by reference only"),
}
MODE: Mapping[Mode, Pair] = {
    Mode.DUTY: ("obligation", "duty"),
    Mode.PROHIBITION: ("interdiction", "prohibition"),
    Mode.BEST_EFFORTS: ("obligation de moyens", "best efforts"),
    Mode.PERMISSIVE: ("faculté", "option"),
}
EXPECTED: Mapping[Expected, Pair] = {
    Expected.CORE: ("essentielle", "core"),
    Expected.SUPPORTING: ("utile", "supporting"),
    Expected.GENERAL_LAW: ("droit commun", "general law"),
}
COMMITMENT: Mapping[Commitment, Pair] = {
    Commitment.FIRM: ("ferme", "firm"),
    Commitment.WEAK: ("faible", "weak"),
    Commitment.NONE: ("aucun", "none"),
}
FOOTING: Mapping[Footing, Pair] = {
    Footing.BOTH: ("clause et mesure", "clause and measure"),
    Footing.CLAUSE: ("clause sans mesure", "clause without measure"),
    Footing.MEASURE: ("mesure sans clause", "measure without clause"),
    Footing.NEITHER: ("ni clause ni mesure", "neither clause nor measure"),
}
KIND: Mapping[MeasureKind, Pair] = {
    MeasureKind.LAW: ("texte de droit", "law"),
    MeasureKind.POLICY: ("politique", "policy"),
    MeasureKind.INSTITUTION: ("institution", "institution"),
    MeasureKind.PROGRAMME: ("programme", "programme"),
    MeasureKind.AGREEMENT: ("accord ou traité", "agreement or treaty"),
    MeasureKind.STUDY: ("étude", "study"),
    MeasureKind.EVENT: ("manifestation", "event"),
}
STATE: Mapping[MeasureStatus, Pair] = {
    MeasureStatus.ACTIVE: ("en cours", "active"),
    MeasureStatus.PLANNED: ("prévue", "planned"),
    MeasureStatus.ENDED: ("achevée", "ended"),
    MeasureStatus.UNKNOWN: ("inconnu", "unknown"),
}
# What a shortfall is called, by legal force: never a breach of a treaty that does not bind.
CONSEQUENCE: Mapping[Force, Mapping[Degree, Pair]] = {
    Force.IN_FORCE: {
        Degree.CONFLICT: ("risque de manquement", "breach risk"),
        Degree.GAP: ("lacune de mise en œuvre", "implementation gap"),
        Degree.PARTIAL: ("mise en œuvre incomplète", "incomplete implementation"),
    },
    Force.RATIFIED_NOT_IN_FORCE: dict.fromkeys(
        (Degree.CONFLICT, Degree.GAP, Degree.PARTIAL),
        ("à régler avant l’entrée en vigueur", "to settle before entry into force"),
    ),
    Force.SIGNED: {
        Degree.CONFLICT: ("obstacle à lever avant ratification", "obstacle to lift before ratification"),
        Degree.GAP: ("étape avant ratification", "step before ratification"),
        Degree.PARTIAL: ("étape avant ratification", "step before ratification"),
    },
    Force.NOT_RATIFIED: {
        Degree.CONFLICT: ("obstacle à lever avant ratification", "obstacle to lift before ratification"),
        Degree.GAP: ("étape avant ratification", "step before ratification"),
        Degree.PARTIAL: ("étape avant ratification", "step before ratification"),
    },
    Force.UNKNOWN: dict.fromkeys(
        (Degree.CONFLICT, Degree.GAP, Degree.PARTIAL),
        ("portée selon la force juridique, à préciser", "bearing depends on legal force, to be stated"),
    ),
}
PROGRESS: tuple[Pair, ...] = (
    ("à faire", "to do"),
    ("en cours", "in progress"),
    ("fait", "done"),
    ("abandonné", "dropped"),
)
MONTHS: Mapping[Language, tuple[str, ...]] = {
    Language.FR: (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    Language.EN: (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip

_TEXT: Mapping[str, Pair] = {
    "title": ("Rapport d’harmonisation", "Harmonisation report"),
    "subtitle": (
        "Tableau de concordance entre le projet et les conventions sur les travailleurs migrants",
        "Table of concordance between the draft and the conventions on migrant workers",
    ),
    "draft": ("Projet examiné", "Draft examined"),
    "hash": ("Empreinte SHA-256", "SHA-256 hash"),
    "state": ("État", "State"),
    "date": ("Date du rapport", "Date of the report"),
    "facts": ("Faits juridiques arrêtés au", "Legal facts as of"),
    "tool": ("Outil", "Tool"),
    "language": ("Langue du projet", "Language of the draft"),
    "french": ("français", "French"),
    "english": ("anglais", "English"),
    "size": ("Étendue", "Extent"),
    "extent": ("{clauses} clauses, {words} mots", "{clauses} clauses, {words} words"),
    "contents": ("Table des matières", "Contents"),
    "page": ("Page", "Page"),
    "of": ("sur", "of"),
    "summary": ("Synthèse", "Summary"),
    "instruments": ("Instruments et force juridique", "Instruments and legal force"),
    "instrument": ("Instrument", "Instrument"),
    "force": ("Force juridique", "Legal force"),
    "since": ("depuis le {date}", "since {date}"),
    "source": ("Source", "Source"),
    "read": ("lue en {date}", "read {date}"),
    "excluded": ("Parties ou annexes exclues", "Parts or Annexes left out"),
    "reservations": ("Réserves", "Reservations"),
    "none": ("aucune", "none"),
    "by-instrument": ("Décompte par instrument", "Counts by instrument"),
    "by-theme": ("Décompte par thème", "Counts by theme"),
    "theme": ("Thème", "Theme"),
    "count": ("Nombre", "Number"),
    "total": ("Total", "Total"),
    "marks": ("Une marque par disposition", "One mark a provision"),
    "conflicts": ("Clauses contraires", "Conflicts"),
    "no-conflicts": ("Aucune clause contraire n’a été trouvée.", "No conflict was found."),
    "top-gaps": ("Les dix lacunes qui comptent le plus", "The ten gaps that matter most"),
    "no-gaps": ("Aucune lacune prioritaire.", "No gap that matters."),
    "others-in-article": ("et, du même article : {list}", "and, in the same article: {list}"),
    "other-theme": ("Autres", "Other"),
    "binding": ("Traités qui lient l’État", "Treaties that bind the State"),
    "not-binding": ("Étapes avant ratification", "Steps before ratification"),
    "unknown-force": ("Force juridique non précisée", "Legal force not stated"),
    "gaps-elsewhere": (
        "Les lacunes des traités non ratifiés sont au chapitre « Avant la ratification ».",
        "Gaps against treaties not ratified are in the chapter “Ratification readiness”.",
    ),
    "options": ("Options non retenues", "Options not taken up"),
    "no-score": (
        "Ces nombres se lisent ligne par ligne : aucune note globale ne les résume, car une clause "
        "contraire ne se compense pas.",
        "These numbers are read line by line: no overall score sums them up, since a conflict cannot be offset.",
    ),
    "reading": ("Comment lire ce rapport", "How to read this report"),
    "concordance": ("Tableau de concordance", "Table of concordance"),
    "article": ("Article", "Article"),
    "asks": ("Ce qui est demandé", "What it asks"),
    "clause": ("Clause du projet", "Clause of the draft"),
    "degree": ("Degré de conformité", "Degree of conformity"),
    "missing": ("Ce qui manque ou heurte", "What is missing or offends"),
    "priority": ("Priorité", "Priority"),
    "consequence": ("Portée", "Bearing"),
    "wording": ("Rédaction recommandée", "Recommended wording"),
    "body": ("Organe compétent", "Competent body"),
    "deadline": ("Échéance", "Deadline"),
    "comment": ("Commentaire", "Comment"),
    "measures": ("Mesures déjà prises", "Measures taken"),
    "measure": ("Mesure", "Measure"),
    "footing": ("Clause ou mesure", "Clause or measure"),
    "part": ("Partie ou annexe", "Part or Annex"),
    "part-n": ("Partie {id} : {title}", "Part {id}: {title}"),
    "near": ("À vérifier", "To check"),
    "near-note": (
        "Clauses voisines, au-dessous du seuil d’un verdict : à lire par une personne.",
        "Nearby clauses, below the line for a verdict: for a person to read.",
    ),
    "against": ("va à l’encontre", "runs against"),
    "supports": ("répond", "answers"),
    "line": ("ligne {n}", "line {n}"),
    "page-n": ("p. {n}", "p. {n}"),
    "heading": ("sous « {heading} »", "under “{heading}”"),
    "no-place": ("clause sans numéro", "unnumbered clause"),
    "no-clause": ("Aucune clause.", "No clause."),
    "readiness": ("Avant la ratification", "Ratification readiness"),
    "readiness-intro": (
        "Pour chaque traité non ratifié : ce qui est déjà satisfait, ce qu’il faudrait changer, et ce "
        "qu’une partie ou une annexe "
        "laissée de côté épargnerait. Rien ici n’est un manquement : ces traités ne lient pas l’État.",
        "For each treaty not ratified: what is already met, what would have to change, and what leaving "
        "out a Part or an Annex "
        "would spare. Nothing here is a breach: these treaties do not bind the State.",
    ),
    "readiness-unknown": (
        "La force juridique n’est pas connue : choisissez un profil d’État (--profile) pour cette partie.",
        "Legal force is not known: choose a State profile (--profile) for this part.",
    ),
    "readiness-none": ("Tous les instruments examinés sont ratifiés.", "Every instrument examined is ratified."),
    "met": ("Déjà satisfait", "Already met"),
    "change": ("À changer", "To change"),
    "to-lift": ("Obstacles à lever", "Obstacles to lift"),
    "to-complete": ("À compléter", "To complete"),
    "to-add": ("À ajouter", "To add"),
    "left-out": ("Ce qui peut être laissé de côté", "What may be left out"),
    "may-all": ("toutes, ou certaines d’entre elles", "all of them, or some"),
    "may-one": ("l’une ou l’autre, pas toutes", "one or the other, not all"),
    "may-n": ("{n} au plus", "{n} at most"),
    "may-none": ("Aucune partie ne peut être laissée de côté.", "No Part may be left out."),
    "spares": ("Épargnerait {what}.", "Would spare {what}."),
    "loses": ("Laisserait de côté {what}.", "Would leave out {what}."),
    "spares-nothing": ("N’épargnerait rien.", "Would spare nothing."),
    "and": ("et", "and"),
    "register": ("Registre des mesures", "Register of measures"),
    "register-source": (
        "Source du registre : {source} ; état en {as_of}.",
        "Source of the register: {source}; as of {as_of}.",
    ),
    "no-register": (
        "Aucun registre des mesures n’a été fourni (--measures) : le rapport ne dit rien de ce que l’État fait déjà.",
        "No register of measures was given (--measures): the report says nothing of what the State already does.",
    ),
    "kind": ("Nature", "Kind"),
    "status": ("Statut", "Status"),
    "basis": ("Base juridique", "Legal basis"),
    "begin": ("Date", "Date"),
    "end": ("Fin", "End"),
    "serves": ("Dispositions servies", "Provisions served"),
    "unserved": ("rattachée à aucune disposition", "tied to no provision"),
    "doubts": ("À éclaircir", "To clear up"),
    "ended-flag": ("Fin atteinte ({date}) : à confirmer avant de citer", "End reached ({date}): confirm before citing"),
    "ends-flag": ("Prend fin en {date}", "Ends {date}"),
    "ending": ("Mesures qui prennent fin", "Measures that end"),
    "challenges": ("Défis nommés par l’État", "Challenges that the State names"),
    "plan": ("Plan d’action", "Action plan"),
    "plan-intro": (
        "Une ligne par insuffisance. Les colonnes vides sont à remplir ; un plan rempli se relit avec "
        "--plan et garde ce qui y est écrit.",
        "One row a shortfall. Empty columns are to be filled; a filled plan is read back with --plan and "
        "keeps what it holds.",
    ),
    "plan-file": (
        "Le plan d’action à remplir est la feuille « Plan d’action » du classeur Excel (--format xlsx).",
        "The action plan to fill is the sheet “Action plan” of the Excel workbook (--format xlsx).",
    ),
    "id": ("Identifiant", "Id"),
    "proposed": ("Action proposée", "Proposed action"),
    "action": ("Action retenue", "Action decided"),
    "indicator": ("Indicateur", "Indicator"),
    "progress": ("Avancement", "Progress"),
    "settled": ("réglé depuis", "settled since"),
    "do-gap": ("Insérer une clause après {place} : {heading}.", "Insert a clause after {place}: {heading}."),
    "do-gap-there": ("Insérer une clause ({place}) : {heading}.", "Insert a clause ({place}): {heading}."),
    "do-gap-end": ("Ajouter une clause à la fin : {heading}.", "Add a clause at the end: {heading}."),
    "insert": ("À insérer après {place} :", "To insert after {place}:"),
    "insert-there": ("À insérer ({place}) :", "To insert ({place}):"),
    "insert-end": ("À ajouter à la fin du projet :", "To add at the end of the draft:"),
    "replace-by": ("À remplacer par :", "To replace by:"),
    "do-partial": ("Compléter la clause ({place}) : {heading}.", "Complete the clause ({place}): {heading}."),
    "do-conflict": (
        "Récrire la clause contraire ({place}) : {heading}.",
        "Rewrite the clause that conflicts ({place}): {heading}.",
    ),
    "general-law": (
        "Vérifier d’abord si le droit commun y pourvoit déjà.",
        "Check first whether general law already provides for it.",
    ),
    "decision": ("Décision", "Decision"),
    "decisions": ("Décisions des réviseurs", "Reviewers’ decisions"),
    "decisions-intro": (
        "Ce que des personnes ont décidé d’un constat, et ce que l’outil en dit. Ce qui fait l’objet d’une dispense "
        "reste compté sous son degré, mais ne figure ni parmi les clauses contraires, ni parmi les lacunes, ni au plan "
        "d’action.",
        "What people decided of a finding, and what the tool says of it. What was waived stays counted under its "
        "degree, but stands neither among the conflicts nor among the gaps nor in the action plan.",
    ),
    "waived": ("dispense", "waived"),
    "more-conflicts": ("et {n} de plus : voir « Clauses contraires ».", "and {n} more: see “Conflicts”."),
    "summary-conflicts": ("Les clauses contraires", "The conflicts"),
    "reverse": ("Du projet vers les conventions", "From the draft to the conventions"),
    "reverse-intro": (
        "Chaque clause citée, et les dispositions dont elle traite.",
        "Every clause cited, and the provisions it speaks to.",
    ),
    "unanchored": ("Clauses qu’aucune disposition ne demande", "Clauses that no provision asks for"),
    "unanchored-intro": (
        "Ces clauses engagent l’État à quelque chose que les conventions ne demandent pas. Ce n’est pas un défaut.",
        "These clauses commit the State to something that the conventions do not ask for. That is no fault.",
    ),
    "provisions": ("Dispositions", "Provisions"),
    "words": ("Texte du projet", "Words of the draft"),
    "remarks": ("À vérifier dans le projet", "To check in the draft"),
    "annex": ("Annexe : matière pour les rapports", "Annex: material for reports"),
    "annex-intro": (
        "Par article, les clauses et les mesures qu’un rapport pourrait citer. Un projet n’est pas du "
        "droit en vigueur : citez-le comme tel.",
        "Article by article, the clauses and measures that a report could cite. A draft is not law in "
        "force: cite it as a draft.",
    ),
    "form-icrmw": (
        "Rapport au Comité des travailleurs migrants (art. 73 de la Convention)",
        "Report to the Committee on Migrant Workers (Art. 73 of the Convention)",
    ),
    "form-ilo": (
        "Rapport au titre de l’article 22 de la Constitution de l’OIT",
        "Report under article 22 of the ILO Constitution",
    ),
    "form-ilo-later": (
        "Convention non ratifiée : aucun rapport n’est dû au titre de l’article 22 ; un rapport peut être "
        "demandé au titre de "
        "l’article 19. Cette matière servira après ratification.",
        "Convention not ratified: no report is due under article 22; one may be asked for under article 19. "
        "This material will serve after ratification.",
    ),
    "form-later": (
        "Traité non ratifié : aucun rapport n’est dû ; cette matière servira après ratification.",
        "Treaty not ratified: no report is due; this material will serve after ratification.",
    ),
    "cite-clauses": ("Clauses à citer", "Clauses to cite"),
    "cite-measures": ("Mesures à citer", "Measures to cite"),
    "nothing": ("Rien à citer", "Nothing to cite"),
    "nothing-for": ("Articles sans clause ni mesure à citer", "Articles with no clause or measure to cite"),
    "priority-table": ("Comment la priorité se décide", "How priority is decided"),
    "priority-note": (
        "Un cran plus bas pour un traité signé ou non ratifié. Une option non retenue n’a pas de priorité.",
        "One step lower for a treaty signed or not ratified. An option not taken up has no priority.",
    ),
    "expected": ("Attente envers une politique migratoire", "Expectation of a migration policy"),
    "filter": ("Filtrer", "Filter"),
    "all": ("tous", "all"),
    "search": ("Chercher un mot", "Search a word"),
    "shown": ("dispositions affichées", "provisions shown"),
    "reset": ("Tout afficher", "Show everything"),
    "side": ("Projet et verdicts côte à côte", "Draft and verdicts side by side"),
    "draft-pane": ("Texte du projet", "Text of the draft"),
    "verdict-pane": ("Verdicts", "Verdicts"),
    "skip": ("Aller au contenu", "Skip to content"),
    "sections": ("Parties du rapport", "Parts of the report"),
    "legend": ("Légende", "Key"),
    "deciding": ("mots qui ont décidé", "deciding words"),
    "keys": (
        "Clavier : « / » cherche, « j » et « k » passent d’un verdict à l’autre, Entrée suit un lien, "
        "Retour arrière du navigateur revient.",
        "Keyboard: “/” searches, “j” and “k” move between verdicts, Enter follows a link, the browser’s Back returns.",
    ),
    "details": ("Élément par élément", "Element by element"),
    "element-met": ("trouvé", "found"),
    "element-missing": ("absent", "absent"),
    "see-clause": ("voir la clause", "see the clause"),
    "official": ("Texte officiel", "Official text"),
}

READING: tuple[Pair, ...] = (
    (
        "Conforme : le projet s’engage fermement sur chaque élément essentiel, pour toutes les personnes protégées.",
        "Conforms: the draft commits firmly to every essential element, for all the persons protected.",
    ),
    (
        "Partiellement conforme : un engagement existe, mais un élément manque, moins de personnes sont "
        "visées, ou la formule n’engage pas.",
        "Partly conforms: a commitment exists, but an element is missing, fewer persons are reached, or "
        "the wording does not bind.",
    ),
    (
        "Lacune : aucun engagement trouvé ; une simple promesse de respecter la convention reste une lacune.",
        "Gap: no commitment was found; a bare promise to respect the convention stays a gap.",
    ),
    (
        "Contraire : une clause, appliquée telle quelle, irait à l’encontre de la disposition. Elle "
        "l’emporte sur toute clause conforme.",
        "Conflict: a clause, carried out as written, would run against the provision. It prevails over "
        "any clause that conforms.",
    ),
    (
        "Option non retenue : la disposition permet sans obliger ; ne pas en user n’est pas une insuffisance.",
        "Option not taken up: the provision allows without obliging; leaving it unused is no shortfall.",
    ),
    (
        "Sans objet : le profil de l’État écarte la disposition (partie ou annexe exclue, rôle que l’État n’a pas).",
        "Not applicable: the State’s profile sets the provision aside (a Part or Annex left out, a role "
        "that the State does not have).",
    ),
)
WHAT_IT_IS: tuple[Pair, ...] = (
    (
        "Ce rapport est produit par un outil qui lit le projet clause par clause, hors ligne, et cite les "
        "mots qui ont décidé. "
        "Le même projet donne le même rapport.",
        "This report is made by a tool that reads the draft clause by clause, offline, and cites the "
        "words that decided. "
        "The same draft gives the same report.",
    ),
    (
        "Ce n’est ni un avis juridique ni une décision : l’outil propose, un juriste dispose. Il peut "
        "manquer une clause dite autrement "
        "ou en mal lire une ; chaque verdict se vérifie à la clause citée.",
        "It is neither legal advice nor a decision: the tool proposes, a lawyer disposes. It may miss a "
        "clause worded otherwise "
        "or misread one; every verdict can be checked at the clause cited.",
    ),
    (
        "Il juge le texte du projet, non le droit en vigueur ni la pratique. Ce qui est demandé est redit "
        "dans nos mots : seul le texte officiel fait foi.",
        "It judges the text of the draft, neither the law in force nor practice. What is asked is "
        "restated in our words: only the official text is authentic.",
    ),
    (
        "Une insuffisance au regard d’un traité qui ne lie pas l’État n’est pas un manquement : c’est une "
        "étape avant ratification.",
        "A shortfall against a treaty that does not bind the State is no breach: it is a step before ratification.",
    ),
)


# Counted nouns: one and many, in each language.
_COUNTED: Mapping[str, tuple[Pair, Pair]] = {
    "obstacle": (("obstacle", "obstacles"), ("obstacle", "obstacles")),
    "completion": (("complément", "compléments"), ("completion", "completions")),
    "addition": (("ajout", "ajouts"), ("addition", "additions")),
    "met": (
        ("disposition déjà satisfaite", "dispositions déjà satisfaites"),
        ("provision already met", "provisions already met"),
    ),
    "provision": (("disposition", "dispositions"), ("provision", "provisions")),
    "conflict": (("contraire", "contraires"), ("conflict", "conflicts")),
    "gap": (("lacune", "lacunes"), ("gap", "gaps")),
}  # fmt: skip


class Say:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._column = 0 if language is Language.FR else 1

    def __call__(self, key: str, **values: object) -> str:
        text = self.pair(_TEXT[key])
        return text.format(**values) if values else text

    def pair(self, pair: Pair) -> str:
        return french(pair[0]) if self._column == 0 else pair[1]

    def pairs(self, pairs: tuple[Pair, ...]) -> tuple[str, ...]:
        return tuple(self.pair(pair) for pair in pairs)

    def counted(self, number: int, noun: str) -> str:
        """ "3 obstacles", "1 obstacle"; in French, none is singular."""
        one, many = _COUNTED[noun][self._column]
        plural = number > 1 if self._column == 0 else number != 1
        return f"{number}\u00a0{many if plural else one}"

    def listed(self, items: list[str]) -> str:
        """ "a, b et c"."""
        return f" {self('and')} ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)

    def quoted(self, text: str) -> str:
        return f"«\u00a0{text}\u00a0»" if self._column == 0 else f"“{text}”"

    def time(self, text: str) -> str:
        """A date as precise as it is given: "5 juin 2003", "octobre 2008", "2013"."""
        parts = text.split("-")
        if len(parts) == 1:
            return text
        month = MONTHS[self.language][int(parts[1]) - 1]
        if len(parts) == 2:
            return f"{month} {parts[0]}"
        number = int(parts[2])
        day = "1er" if self.language is Language.FR and number == 1 else str(number)
        return f"{day}\u00a0{month} {parts[0]}"

    @property
    def joint(self) -> str:
        """What parts a list of phrases."""
        return "\u00a0; " if self._column == 0 else "; "

    def due(self, deadline: str | date) -> str:
        """A deadline as people read it; what they wrote in words stays."""
        return self.time(deadline.isoformat()) if isinstance(deadline, date) else deadline

    @property
    def words(self) -> dict[str, str]:
        """Every text of this language by key, for templates."""
        return {key: self.pair(pair) for key, pair in _TEXT.items()}


def both(key: str) -> Pair:
    """The text of a key in both languages."""
    fr, en = _TEXT[key]
    return french(fr), en
