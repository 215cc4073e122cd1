"""The harmonisation report as Markdown: reads in any editor, and in a diff."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from compliance.labels import DEGREE, MARK, READING, WHAT_IT_IS, Degree
from compliance.view import Band, InstrumentView, Report, Row, View

# What Markdown or HTML would read as its own in words that come from a draft.
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


class Document:
    suffix = ".md"

    def render(self, report: Report) -> bytes:
        return ("\n".join(_Page(View(report)).lines()).rstrip() + "\n").encode("utf-8", "replace")


def safe(text: str) -> str:
    """Text that stands for itself in a Markdown line or table cell."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


class _Page:
    def __init__(self, view: View) -> None:
        self.view = view
        self.say = view.say

    def lines(self) -> Iterable[str]:
        yield f"# {safe(self.view.title)}"
        yield ""
        yield f"*{self.say('subtitle')}*"
        yield ""
        yield from self.table(
            ("", ""), [(label, f"`{value}`" if len(value) == 64 else safe(value)) for label, value in self.view.facts]
        )
        yield from self.summary()
        yield from self.reading()
        yield from self.concordance()
        yield from self.readiness()
        yield from self.measures()
        yield from self.plan()
        yield from self.reverse()
        yield from self.annex()

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
        yield "| " + " | ".join(head) + " |"
        yield "|" + " --- |" * len(head)
        for row in rows:
            yield "| " + " | ".join(row) + " |"
        yield ""

    def title(self, key: str, level: int = 2) -> Iterable[str]:
        yield f"{'#' * level} {self.say(key)}"
        yield ""

    def summary(self) -> Iterable[str]:
        say = self.say
        yield from self.title("summary")
        head = [
            say("instrument"),
            say("force"),
            *(f"{MARK[degree]} {say.pair(label)}" for degree, label in DEGREE.items()),
        ]
        rows = [
            [
                safe(view.short),
                f"{view.force_label} {view.since}".strip(),
                *(str(number) for _, number in view.counts.by_degree),
            ]
            for view in self.view.instruments
        ]
        yield from self.table(head, rows)
        yield say("no-score")
        yield ""
        yield from self.title("by-theme", 3)
        head = [say("theme"), *(say.pair(label) for label in DEGREE.values()), say("marks")]
        for band in self.view.themes:
            yield f"**{band.title}**"
            yield ""
            rows = [
                [
                    one.counts.label,
                    *(str(number) for _, number in one.counts.by_degree),
                    "".join(MARK[row.degree] for row in one.rows),
                ]
                for one in band.themes
            ]
            yield from self.table(head, rows)
        yield from self.title("conflicts", 3)
        if not self.view.conflicts:
            yield say("no-conflicts")
            yield ""
        for clash_band in self.view.conflicts:
            yield f"**{clash_band.title}**"
            yield ""
            for one in clash_band.clashes:
                quote = say.quoted(safe(one.citation.quote))
                yield f"- {MARK[Degree.CONFLICT]} **{one.provisions}** – {quote} ({safe(one.citation.place)})"
            yield ""
        yield from self.decisions()
        yield from self.gaps(self.view.top_gaps)
        if self.view.gaps_note:
            yield self.view.gaps_note
            yield ""

    def decisions(self) -> Iterable[str]:
        if not self.view.decided:
            return
        yield from self.title("decisions", 3)
        yield self.say("decisions-intro")
        yield ""
        for row in self.view.decided:
            label = f"**{row.instrument_short}, {row.article}** ({row.degree_label})"
            yield f"- {MARK[row.degree]} {label} – {safe(row.decision)}"
        yield ""

    def gaps(self, bands: Sequence[Band]) -> Iterable[str]:
        yield from self.title("top-gaps", 3)
        if not bands:
            yield self.say("no-gaps")
            yield ""
        for band in bands:
            yield f"**{band.title}**"
            yield ""
            for row in band.rows:
                siblings = self.view.siblings(row)
                more = f" ({siblings})" if siblings else ""
                yield f"- {MARK[row.degree]} **{row.instrument_short}, {row.article}** – {row.heading}{more}"
            yield ""

    def reading(self) -> Iterable[str]:
        say = self.say
        yield from self.title("reading")
        for sentence in (*say.pairs(WHAT_IT_IS), *say.pairs(READING)):
            yield f"- {sentence}"
        yield ""
        yield from self.title("instruments", 3)
        head = [say("instrument"), say("force"), say("excluded"), say("source")]
        yield from self.table(
            head,
            [
                [
                    f"{safe(view.title)} ({view.short})",
                    f"{view.force_label} {view.since}".strip(),
                    safe(view.excluded) or say("none"),
                    safe(view.source),
                ]
                for view in self.view.instruments
            ],
        )
        if self.view.remarks:
            yield from self.title("remarks", 3)
            for message, cited in self.view.remarks:
                yield f"- {message} {say.quoted(safe(cited.quote))} ({safe(cited.place)})"
            yield ""

    def concordance(self) -> Iterable[str]:
        say = self.say
        yield from self.title("concordance")
        keys = [
            "article",
            "asks",
            "clause",
            "degree",
            "missing",
            "force",
            "priority",
            "wording",
            "body",
            "deadline",
            "comment",
        ]
        if self.view.report.register:
            keys.insert(3, "measures")
        for view in self.view.instruments:
            yield f"### {view.short}"
            yield ""
            yield from self.table([say(key) for key in keys], [self.cells(view, row, keys) for row in view.rows])

    def cells(self, view: InstrumentView, row: Row, keys: Sequence[str]) -> list[str]:
        quote = "<br>".join(
            f"{safe(item.place)}: {self.say.quoted(safe(item.quote))}"
            if self.say.language == "en"
            else f"{safe(item.place)}\u00a0: {self.say.quoted(safe(item.quote))}"
            for item in row.citations[:4]
        )
        found = {
            "article": f"**{row.article}**<br>`{row.id}`",
            "asks": f"**{safe(row.heading)}**<br>{safe(row.asks)}",
            "clause": quote or self.say("no-clause"),
            "measures": "<br>".join(safe(line.line) for line in row.measures),
            "degree": f"{MARK[row.degree]} **{row.degree_label}**" + (f"<br>{row.reasons}" if row.reasons else ""),
            "missing": safe(row.missing),
            "force": view.force_label + (f"<br>{row.consequence}" if row.consequence else ""),
            "priority": row.priority_label,
            "wording": "<br>".join(safe(proposal.line) for proposal in row.proposals),
            "body": safe(row.entry.body),
            "deadline": safe(row.due),
            "comment": "<br>".join(safe(line) for line in row.remark.split("\n")),
        }
        return [found[key] for key in keys]

    def readiness(self) -> Iterable[str]:
        say = self.say
        yield from self.title("readiness")
        yield self.view.readiness_note or say("readiness-intro")
        yield ""
        for one in self.view.readiness:
            yield f"### {one.instrument.short} – {one.instrument.force_label}"
            yield ""
            for key, rows in (
                ("met", one.met),
                ("to-lift", one.lift),
                ("to-complete", one.complete),
                ("to-add", one.add),
            ):
                listed = say.joint.join(f"{row.article} ({row.heading})" for row in rows) or say("none")
                yield f"- **{say(key)} ({len(rows)})** {listed}"
            yield f"- **{say('left-out')}** {one.rule}"
            for option in one.options:
                yield f"  - {option.title}. {option.sentence}"
            yield ""

    def measures(self) -> Iterable[str]:
        say = self.say
        yield from self.title("register")
        yield safe(self.view.register_note)
        yield ""
        if not self.view.measures:
            return
        yield from self.table(
            (say("footing"), say("count")), [(label, str(number)) for _, label, number in self.view.footings]
        )
        head = [
            say(key)
            for key in ("measure", "kind", "begin", "basis", "body", "status", "end", "serves", "doubts", "source")
        ]
        yield from self.table(
            head,
            [
                [
                    safe(line.name),
                    line.kind,
                    line.date,
                    safe(line.basis),
                    safe(line.body),
                    line.status,
                    safe(line.end) + (f"<br>**{line.flag}**" if line.flag else ""),
                    say.joint.join(line.serves) or say("unserved"),
                    "<br>".join(safe(doubt) for doubt in line.doubts),
                    safe(line.source),
                ]
                for line in self.view.measures
            ],
        )
        yield from self.title("challenges", 3)
        for text, doubts in self.view.challenges:
            yield f"- {safe(text)}" + "".join(f" {say('doubts')}: {safe(doubt)}" for doubt in doubts)
        yield ""

    def plan(self) -> Iterable[str]:
        say = self.say
        yield from self.title("plan")
        keys = (
            "article",
            "degree",
            "consequence",
            "priority",
            "proposed",
            "action",
            "body",
            "indicator",
            "deadline",
            "progress",
            "comment",
        )
        yield from self.table(
            [say(key) for key in keys],
            [
                [
                    f"{row.instrument}, {row.article}<br>`{row.id}`",
                    f"{MARK[row.degree]} {row.degree_label}",
                    row.consequence,
                    row.priority_label,
                    safe(row.proposed),
                    safe(row.entry.action),
                    safe(row.entry.body),
                    safe(row.entry.indicator),
                    safe(row.due),
                    safe(row.entry.progress),
                    safe(row.entry.comment),
                ]
                for row in self.view.plan
            ],
        )

    def reverse(self) -> Iterable[str]:
        say = self.say
        yield from self.title("reverse")
        yield say("reverse-intro")
        yield ""
        yield from self.table(
            [say("clause"), say("words"), say("provisions")],
            [
                [
                    safe(clause.place),
                    safe(clause.text),
                    "<br>".join(
                        f"{MARK[one.degree]} {one.label}" + (f" ({say('against')})" if one.against else "")
                        for one in clause.answers
                    ),
                ]
                for clause in self.view.reverse
            ],
        )
        yield from self.title("unanchored", 3)
        yield say("unanchored-intro")
        yield ""
        yield from self.table(
            [say("clause"), say("words")], [[safe(one.place), safe(one.text)] for one in self.view.unanchored]
        )

    def annex(self) -> Iterable[str]:
        say = self.say
        yield from self.title("annex")
        yield say("annex-intro")
        yield ""
        for form in self.view.forms:
            yield f"### {form.instrument.short} – {form.title}"
            yield ""
            if form.note:
                yield form.note
                yield ""
            yield from self.table(
                [say("article"), say("cite-clauses"), say("cite-measures")],
                [
                    [
                        f"**{one.article}**<br>{safe(one.heading)}",
                        "<br>".join(f"{say.quoted(safe(item.quote))} ({safe(item.place)})" for item in one.clauses),
                        "<br>".join(safe(line.line) for line in one.measures),
                    ]
                    for one in form.articles
                ],
            )
            if form.empty:
                yield f"{say('nothing-for')}{': ' if say.language == 'en' else chr(160) + ': '}{', '.join(form.empty)}."
                yield ""
