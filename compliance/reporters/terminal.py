"""What a drafter sees: conflicts first, then core gaps and partials, then counts. Readable at 80 columns."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from compliance.decision_wording import line as decision_line
from compliance.model.judgement import Assessment, Direction, Evidence, Finding, Standpoint, Status
from compliance.model.law import Expected, Force, Language, Mode

_STYLE = {
    Status.CONFLICT: "bold red",
    Status.GAP: "yellow",
    Status.PARTIAL: "cyan",
    Status.COVERED: "green",
    Status.NOT_APPLICABLE: "dim",
}
STATUS = {
    Status.CONFLICT: ("contraire", "conflict"),
    Status.GAP: ("lacune", "gap"),
    Status.PARTIAL: ("partiel", "partial"),
    Status.COVERED: ("conforme", "covered"),
    Status.NOT_APPLICABLE: ("sans objet", "not applicable"),
}
FORCE = {
    Force.IN_FORCE: ("en vigueur pour l’État", "in force for the State"),
    Force.RATIFIED_NOT_IN_FORCE: ("ratifiée, pas encore en vigueur", "ratified, not yet in force"),
    Force.SIGNED: ("signée, non ratifiée", "signed, not ratified"),
    Force.NOT_RATIFIED: ("non ratifiée : étape avant ratification", "not ratified: a step before ratification"),
    Force.UNKNOWN: ("force juridique non précisée", "legal force not stated"),
}
_TEXT = {
    "conflicts": ("Clauses contraires", "Conflicts"),
    "gaps": ("Lacunes essentielles", "Core gaps"),
    "partials": ("Réponses partielles sur des points essentiels", "Partial answers on core points"),
    "all": ("Toutes les dispositions", "Every provision"),
    "decisions": ("Décisions des réviseurs", "Reviewers’ decisions"),
    "waived": ("dispense", "waived"),
    "remarks": ("À vérifier dans le texte", "To check in the text"),
    "none": ("aucune", "none"),
    "counts": ("Décompte par instrument", "Counts by instrument"),
    "missing": ("manque", "missing"),
    "near": ("à vérifier", "to check"),
    "line": ("ligne", "line"),
    "page": ("page", "page"),
    "more": (
        "Liste complète : --all ; document : compliance report. L’outil propose, le juriste décide.",
        "Full list: --all; documents: compliance report. The tool proposes, a lawyer decides.",
    ),
    "words": ("mots", "words"),
    "clauses": ("clauses", "clauses"),
    "option": ("option non retenue", "option not taken up"),
}


def console() -> Console:
    return Console(highlight=False, soft_wrap=False)


def show(assessments: Iterable[Assessment], language: Language | None, everything: bool) -> None:
    """Print every assessment to standard output."""
    out = console()
    for assessment in assessments:
        _Page(out, assessment, language or assessment.language).show(everything)


class _Page:
    def __init__(self, out: Console, assessment: Assessment, language: Language) -> None:
        self.out = out
        self.assessment = assessment
        self.language = language
        self.column = 0 if language is Language.FR else 1

    def say(self, key: str) -> str:
        return (
            _TEXT[key][self.column].replace(" :", "\u00a0:").replace(" ;", "\u00a0;")
            if self.column == 0
            else _TEXT[key][1]
        )

    def show(self, everything: bool) -> None:
        document = self.assessment.document
        words = sum(len(clause.span.of(document.text).split()) for clause in self.assessment.clauses)
        self.out.print(Text(document.path, style="bold"))
        self.out.print(
            f"{len(self.assessment.clauses)} {self.say('clauses')}, {words} {self.say('words')}", style="dim"
        )
        findings = self.assessment.findings
        conflicts = [f for f in findings if f.status is Status.CONFLICT]
        core = [
            f for f in findings if f.provision.expected is Expected.CORE and f.provision.mode is not Mode.PERMISSIVE
        ]
        self.section("conflicts", conflicts)
        self.section("gaps", [f for f in core if f.status is Status.GAP], brief=True)
        self.section("partials", [f for f in core if f.status is Status.PARTIAL])
        if everything:
            self.section("all", list(findings))
        self.decisions()
        self.remarks()
        self.counts()
        self.out.print(self.say("more"), style="dim")

    def section(self, key: str, findings: list[Finding], brief: bool = False) -> None:
        self.out.print()
        self.out.rule(f"[bold]{self.say(key)}[/bold] ({len(findings) or self.say('none')})", align="left", style="dim")
        for finding in findings:
            self.finding(finding, brief)

    def finding(self, finding: Finding, brief: bool) -> None:
        head = Text()
        head.append(f"{finding.provision.id:<18}", style=_STYLE[finding.status])
        head.append(finding.provision.heading.in_(self.language))
        status = STATUS[finding.status][self.column]
        if finding.status is Status.GAP and finding.provision.mode is Mode.PERMISSIVE:
            status = self.say("option")
        if finding.waived:
            status += ", " + self.say("waived")
        head.append(f"  [{status}]", style=_STYLE[finding.status])
        self.out.print(head)
        if brief:
            for near in finding.near_misses[:1]:
                self._quote(
                    near.clause.number,
                    near.span.of(self.assessment.document.text),
                    near.clause.page,
                    near.span.start,
                    "dim",
                    self.say("near"),
                )
            return
        if finding.status in (Status.PARTIAL, Status.CONFLICT):
            self.out.print(Text("  " + finding.message.in_(self.language), style="italic"), soft_wrap=False)
        shown = [item for item in finding.evidence if item.direction is Direction.AGAINST] or list(finding.evidence)
        for item in shown[:2]:
            self._evidence(item)

    def _evidence(self, item: Evidence) -> None:
        style = "red" if item.direction is Direction.AGAINST else "default"
        self._quote(
            item.clause.number,
            item.span.of(self.assessment.document.text),
            item.clause.page,
            item.span.start,
            style,
            "",
        )

    def _quote(self, number: str, quote: str, page: int | None, start: int, style: str, note: str) -> None:
        document = self.assessment.document
        if page is not None:
            place = f"{self.say('page')} {page}"
        elif document.has_lines:
            place = f"{self.say('line')} {document.line(start)}"
        else:
            place = ""
        label = ", ".join(part for part in (note, number, place) if part)
        words = " ".join(quote.split())
        if len(words) > 230:
            words = words[:229].rsplit(" ", 1)[0] + "\u202f…"
        marks = ("«\u00a0", "\u00a0»") if self.language is Language.FR else ("“", "”")
        body = f"[dim]{escape(label)}[/dim] {escape(marks[0] + words + marks[1])}"
        grid = Table.grid(padding=(0, 0))
        grid.add_column(width=4)
        grid.add_column(style=style)
        grid.add_row("  ›", body)
        self.out.print(grid)

    def decisions(self) -> None:
        decided = [finding for finding in self.assessment.findings if finding.decision is not None]
        if not decided:
            return
        self.out.print()
        self.out.rule(f"[bold]{self.say('decisions')}[/bold] ({len(decided)})", align="left", style="dim")
        for finding in decided:
            if finding.decision is None:
                continue
            counts = finding.decision.standing is Standpoint.APPLIED
            row = Text(f"{finding.provision.id:<18}", style=_STYLE[finding.status] if counts else "bold magenta")
            row.append(decision_line(finding.decision, self.language), style="default")
            self.out.print(row)

    def remarks(self) -> None:
        if not self.assessment.remarks:
            return
        self.out.print()
        self.out.rule(f"[bold]{self.say('remarks')}[/bold]", align="left", style="dim")
        for remark in self.assessment.remarks:
            self.out.print(Text("  " + remark.message.in_(self.language)))
            sentence = remark.clause
            self._quote(
                sentence.number,
                remark.span.of(self.assessment.document.text),
                sentence.page,
                remark.span.start,
                "default",
                "",
            )

    def counts(self) -> None:
        self.out.print()
        self.out.rule(f"[bold]{self.say('counts')}[/bold]", align="left", style="dim")
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column("")
        order = [Status.COVERED, Status.PARTIAL, Status.GAP, Status.CONFLICT, Status.NOT_APPLICABLE]
        for status in order:
            table.add_column(STATUS[status][self.column], justify="right", style=_STYLE[status])
        for instrument in self.assessment.instruments:
            mine = [f for f in self.assessment.findings if f.provision.instrument == instrument.id]
            table.add_row(
                instrument.short.in_(self.language), *(str(sum(f.status is status for f in mine)) for status in order)
            )
            force = self.assessment.profile.standing(instrument.id).force
            table.add_row(Text("  " + FORCE[force][self.column], style="dim"))
        self.out.print(table)


def matches(assessment: Assessment, language: Language) -> None:
    """What one sentence says to every provision, with the words that decided."""
    out = console()
    page = _Page(out, assessment, language)
    found = [f for f in assessment.findings if f.evidence]
    if not found:
        out.print(page.say("none"))
    for finding in found:
        page.finding(finding, brief=False)
        for item in finding.evidence[:2]:
            cues = ", ".join(f"{cue.span.of(assessment.document.text)} = {cue.role}" for cue in item.cues)
            out.print(Text(f"      {item.commitment}; {cues}", style="dim"))
