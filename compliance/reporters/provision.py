"""One provision in full on a terminal: what it asks, how it is recognised, model clause and examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from compliance.model.law import Expected, Instrument, Language, Mode, Protected, Provision, Role
from compliance.model.rule import Example, ExampleKind, Rule

_MODE = {
    Mode.DUTY: ("obligation", "duty"),
    Mode.PROHIBITION: ("interdiction", "prohibition"),
    Mode.BEST_EFFORTS: (
        "obligation de moyens (une formule faible suffit)",
        "best efforts (a weak commitment is enough)",
    ),
    Mode.PERMISSIVE: (
        "faculté (ne pas en user n’est pas une insuffisance)",
        "option (leaving it unused is no shortfall)",
    ),
}
_ROLE = {
    Role.ORIGIN: ("d’origine", "of origin"),
    Role.EMPLOYMENT: ("d’emploi", "of employment"),
    Role.TRANSIT: ("de transit", "of transit"),
}
_PERSONS = {
    Protected.ALL: (
        "tous les travailleurs migrants et leur famille, quelle que soit leur situation",
        "all migrant workers and their families, whatever their status",
    ),
    Protected.REGULAR: (
        "les travailleurs migrants en situation régulière et leur famille",
        "migrant workers in a regular situation and their families",
    ),
    Protected.IRREGULAR: (
        "les travailleurs migrants en situation irrégulière",
        "migrant workers in an irregular situation",
    ),
    Protected.NATIONALS: ("les nationaux qui émigrent ou vivent à l’étranger", "nationals who leave or live abroad"),
    Protected.RETURNEES: ("les migrants de retour", "returnees"),
    Protected.FAMILY: ("les membres de la famille", "members of the family"),
    Protected.CHILDREN: ("les enfants de travailleurs migrants", "children of migrant workers"),
    Protected.FRONTIER: ("les travailleurs frontaliers", "frontier workers"),
    Protected.SEASONAL: ("les travailleurs saisonniers", "seasonal workers"),
    Protected.ITINERANT: ("les travailleurs itinérants", "itinerant workers"),
    Protected.PROJECT_TIED: ("les travailleurs employés au titre de projets", "project-tied workers"),
    Protected.SPECIFIED_EMPLOYMENT: (
        "les travailleurs admis pour un emploi spécifique",
        "specified-employment workers",
    ),
    Protected.SELF_EMPLOYED: ("les travailleurs indépendants", "self-employed workers"),
    Protected.PERMANENT: ("les travailleurs admis à titre permanent", "workers admitted permanently"),
    Protected.GROUP: ("les travailleurs recrutés en groupe", "workers recruited in groups"),
    Protected.EMPLOYERS: ("les employeurs poursuivis", "employers who are prosecuted"),
    Protected.COMMUNITY: ("les citoyens de la Communauté régionale", "citizens of the regional community"),
}
_EXPECTED = {
    Expected.CORE: ("essentielle à une politique migratoire", "core to a migration policy"),
    Expected.SUPPORTING: ("utile à une politique migratoire", "good practice in a migration policy"),
    Expected.GENERAL_LAW: (
        "relève d’ordinaire de la constitution ou d’un code : vérifier qu’elle y figure",
        "usually secured by the constitution or a code: check that it is",
    ),
}
_STATUS = {
    "covered": ("conforme", "covered"),
    "partial": ("partiel", "partial"),
    "conflict": ("contraire", "conflict"),
    "unrelated": ("sans rapport", "unrelated"),
}
_REASON = {
    "missing-element": ("élément manquant", "missing element"),
    "persons": ("personnes", "persons"),
    "weak-commitment": ("engagement faible", "weak commitment"),
}
_STYLE = {"covered": "green", "partial": "cyan", "conflict": "bold red", "unrelated": "dim"}
_TEXT = {
    "asks": ("Ce qui est demandé", "What it asks"),
    "kind": ("Nature", "Kind"),
    "binds": ("Lie l’État", "Binds the State"),
    "protects": ("Protège", "Protects"),
    "place": ("Place", "Place"),
    "elements": ("Éléments essentiels", "Essential elements"),
    "recognised": ("Comment une clause est reconnue", "How a clause is recognised"),
    "partly": ("répond en partie", "answers in part"),
    "against": ("va à l’encontre", "runs against"),
    "concepts": ("Notions employées", "Concepts used"),
    "nothing": ("Aucun motif n’est encore écrit.", "No pattern is written yet."),
    "model": ("Clause modèle", "Model clause"),
    "counter": ("La même, détournée", "The same, turned round"),
    "examples": ("Exemples", "Examples"),
    "more": ("et {} de plus dans les règles", "and {} more in the rules"),
    "related": ("Dispositions voisines", "Related provisions"),
    "official": ("Texte officiel", "Official text"),
    "unaudited": ("Pourquoi elle n’est pas auditée", "Why it is not audited"),
    "own-words": (
        "Tout est redit dans nos mots ; seul le texte officiel fait foi.",
        "All is restated in our own words; only the official text is authentic.",
    ),
    "frames": (
        "Sans préfixe : chose à accorder ; « ban: » acte interdit ; « plain: » ni l’un ni l’autre. & et, | ou, "
        "! sans ; @ dit ce qu’est la phrase, non ce dont elle parle.",
        "No prefix: a thing to be given; “ban:” a forbidden act; “plain:” neither. & and, | or, ! without; "
        "@ says what the sentence is, not what it is about.",
    ),
}
_NAME = re.compile(r'"[^"]+"|@?[a-z0-9][a-z0-9-]*')
_EXAMPLES_SHOWN = 3


def show(
    provision: Provision,
    instrument: Instrument,
    rule: Rule | None,
    glosses: Mapping[str, str],
    related: Sequence[Provision],
    language: Language,
    out: Console | None = None,
) -> None:
    """Print everything known of one provision, readable at 80 columns.

    Args:
        rule: how it is recognised; None when no rule speaks of it.
        glosses: what each concept of the lexicon means, by name.
        related: the provisions that its `related` names.
    """
    _Sheet(out or Console(highlight=False), language).show(provision, instrument, rule, glosses, related)


def concepts(rule: Rule) -> tuple[str, ...]:
    """Concepts of the lexicon that a rule's patterns name, sorted."""
    patterns = [*(text for texts in rule.elements.values() for text in texts), *rule.partly, *rule.conflicts]
    names = {name for text in patterns for name in _NAME.findall(re.sub(r"^\s*(?:grant|ban|plain):", "", text))}
    return tuple(sorted(name for name in names if name[0] not in '"@'))


class _Sheet:
    def __init__(self, out: Console, language: Language) -> None:
        self.out = out
        self.language = language
        self.column = 0 if language is Language.FR else 1

    def say(self, pair: tuple[str, str]) -> str:
        return re.sub(r" (?=[:;?!»])", "\u00a0", pair[0]).replace("« ", "«\u00a0") if self.column == 0 else pair[1]

    def text(self, key: str) -> str:
        return self.say(_TEXT[key])

    def show(
        self,
        provision: Provision,
        instrument: Instrument,
        rule: Rule | None,
        glosses: Mapping[str, str],
        related: Sequence[Provision],
    ) -> None:
        part = next(part for part in instrument.parts if part.id == provision.part)
        self.out.print(Text(f"{provision.id}  {provision.heading.in_(self.language)}", style="bold"))
        self.out.print(Text(f"{instrument.title.in_(self.language)} · {part.title.in_(self.language)}", style="dim"))
        if provision.reason:
            self.head("unaudited")
            self.body(provision.reason.in_(self.language))
        if provision.summary:
            self.head("asks")
            self.body(provision.summary.in_(self.language))
        if provision.auditable:
            self.facts(provision)
            self.head("elements")
            self.pairs((element.id, element.summary.in_(self.language)) for element in provision.elements)
            self.head("recognised")
            self.rule(rule, glosses)
        if provision.model_clause:
            self.head("model")
            self.body(provision.model_clause.in_(self.language))
        if provision.counter_clause:
            self.head("counter", self.say(_STATUS[provision.counter_clause.status]))
            self.body(provision.counter_clause.text.in_(self.language))
        if rule and rule.examples:
            self.head("examples")
            self.examples([example for example in rule.examples if example.language is self.language])
        if related:
            self.head("related")
            self.pairs((unit.id, unit.heading.in_(self.language)) for unit in related)
        self.head("official")
        self.body("\n".join(instrument.links))
        self.out.print()
        self.out.print(Text(self.text("own-words"), style="dim"))

    def facts(self, provision: Provision) -> None:
        roles = ", ".join(self.say(_ROLE[role]) for role in Role if role in provision.bearers)
        rows = [("binds", roles)]
        if provision.mode:
            rows.insert(0, ("kind", self.say(_MODE[provision.mode])))
        if provision.persons:
            rows.append(("protects", self.say(_PERSONS[provision.persons])))
        if provision.expected:
            rows.append(("place", self.say(_EXPECTED[provision.expected])))
        self.out.print()
        self.pairs(((self.text(key), words) for key, words in rows), style="default")

    def rule(self, rule: Rule | None, glosses: Mapping[str, str]) -> None:
        if rule is None or not (rule.elements or rule.partly or rule.conflicts):
            self.body(self.text("nothing"))
            return
        for element, patterns in rule.elements.items():
            self.patterns(element, patterns, "green")
        self.patterns(self.text("partly"), rule.partly, "cyan")
        self.patterns(self.text("against"), rule.conflicts, "red")
        self.out.print(Padding(Text(self.text("frames"), style="dim"), (0, 0, 0, 2)))
        named = [(name, glosses[name]) for name in concepts(rule) if name in glosses]
        if named:
            self.head("concepts")
            self.pairs(named)

    def patterns(self, label: str, patterns: Iterable[str], style: str) -> None:
        for place, pattern in enumerate(patterns):
            if place == 0:
                self.out.print(Text("  " + label, style=style))
            self.row("    ·", Text(pattern))

    def examples(self, examples: Sequence[Example]) -> None:
        for kind in ExampleKind:
            mine = [example for example in examples if example.kind is kind]
            if not mine:
                continue
            self.out.print(Text("  " + self.say(_STATUS[str(kind)]), style=_STYLE[str(kind)]))
            for example in mine[:_EXAMPLES_SHOWN]:
                words = Text(example.text)
                if example.reason:
                    words.append(f"  [{self.say(_REASON[str(example.reason)])}]", style="dim")
                self.row("    ·", words)
            if len(mine) > _EXAMPLES_SHOWN:
                self.row("", Text(self.text("more").format(len(mine) - _EXAMPLES_SHOWN), style="dim"))

    # --- layout

    def head(self, key: str, note: str = "") -> None:
        self.out.print()
        title = Text(self.text(key), style="bold")
        if note:
            title.append(f"  [{note}]", style="not bold dim")
        self.out.print(title)

    def body(self, words: str) -> None:
        self.out.print(Padding(Text(words), (0, 0, 0, 2)))

    def pairs(self, rows: Iterable[tuple[str, str]], style: str = "dim") -> None:
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=0)
        grid.add_column(max_width=26, style=style)
        grid.add_column()
        for name, words in rows:
            grid.add_row("", Text(name, overflow="fold"), Text(words))
        self.out.print(Padding(grid, (0, 0, 0, 0)))

    def row(self, mark: str, words: Text) -> None:
        grid = Table.grid(padding=0)
        grid.add_column(width=6)
        grid.add_column()
        grid.add_row(mark, words)
        self.out.print(grid)
