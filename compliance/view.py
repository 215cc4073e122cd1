"""What every report document shows, in order and in words; computed once, so that renderers only lay it out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise

from compliance.decision_wording import line as decision_line
from compliance.labels import (
    COMMITMENT,
    CONSEQUENCE,
    DEGREE,
    EXPECTED,
    FOOTING,
    FORCE,
    KIND,
    MODE,
    PRIORITY,
    REASON,
    STATE,
    Degree,
    Footing,
    Say,
    french,
)
from compliance.model.judgement import Assessment, Direction, Finding, Priority, Status
from compliance.model.law import Bilingual, Expected, Force, Instrument, Language, Mode, Part, Provision
from compliance.model.measure import Measure, Plan, PlanEntry, Register, Theme
from compliance.model.policy import BlockKind, Clause, Document, Span
from compliance.suggest import Kind, Suggestion, by_provision, corrections, place_after, wording
from compliance.suggest_wording import ADVICE

GAPS_SHOWN = 10
_OFFENDING = 4  # sentences whose offence and correction one row shows
_NOT_BINDING = (Force.NOT_RATIFIED, Force.SIGNED)
_RANK = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2, Priority.NONE: 3}
_SHORTFALL = (Degree.CONFLICT, Degree.PARTIAL, Degree.GAP)
_MARKUP = re.compile(
    r"\*\*|__|^#{1,6}\s+|\\(?=[\\*_#|\[\]()>-])|(?<![\w*])\*(?=\w)|(?<=[\w.,;:!?)])\*(?![\w*])", re.MULTILINE
)


# --- input -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report document is made from; rendering it twice gives the same bytes."""

    assessment: Assessment
    language: Language
    day: date
    themes: tuple[Theme, ...] = ()
    register: Register | None = None
    plan: Plan = field(default_factory=Plan)


# --- output ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage of the draft, with where it is; `cues` are the words that decided."""

    clause: str  # its id
    place: str
    spot: str  # the place without its heading
    quote: str
    against: bool
    note: str  # "answers: ...", "runs against"
    span: Span
    cues: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure as a row shows it."""

    id: str
    name: str
    kind: str
    date: str
    basis: str
    body: str
    status: str
    end: str
    flag: str  # set when the measure ends or has ended
    source: str
    note: str
    doubts: tuple[str, ...]
    serves: tuple[str, ...]  # labels of provisions and instruments

    @property
    def line(self) -> str:
        """One line that a table cell can hold."""
        facts = ", ".join(part for part in (self.kind, self.date, self.basis) if part)
        return f"{self.name} ({facts})" + (f". {self.flag}" if self.flag else "")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Wording that would mend a shortfall.

    Attributes:
        lead: where it goes, or what offends, in the report's language.
        text: in the draft's language; empty where the lead says all.
    """

    lead: str
    text: str

    @property
    def line(self) -> str:
        return " ".join(part for part in (self.lead, self.text) if part)


@dataclass(frozen=True, slots=True)
class Row:
    """One provision of the table of concordance."""

    id: str
    instrument: str
    instrument_short: str
    article: str
    group: str  # the whole article
    heading: str
    asks: str
    mode: str
    expected: str
    part: str
    theme: str
    degree: Degree
    degree_label: str
    reasons: str
    missing: str
    binding: bool
    force: Force
    force_label: str
    consequence: str
    priority: Priority
    priority_label: str
    proposals: tuple[Proposal, ...]
    wording_language: str
    citations: tuple[Citation, ...]
    near: tuple[Citation, ...]
    elements: tuple[tuple[str, bool], ...]
    measures: tuple[MeasureLine, ...]
    footing: Footing
    footing_label: str
    entry: PlanEntry
    due: str  # the deadline in words
    decision: str = ""  # what a person decided of it, by whom and when
    waived: bool = False

    @property
    def shortfall(self) -> bool:
        return self.degree in _SHORTFALL and not self.waived

    @property
    def wording(self) -> str:
        """The recommended wording as one text."""
        return "\n".join(proposal.line for proposal in self.proposals)

    @property
    def remark(self) -> str:
        """The comment column: what people wrote, and what they decided."""
        return "\n".join(part for part in (self.entry.comment, self.decision) if part)

    @property
    def anchor(self) -> str:
        return self.id.replace(":", "-").replace(".", "-")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows have each degree."""

    label: str
    by_degree: tuple[tuple[Degree, int], ...]

    @property
    def total(self) -> int:
        return sum(number for _, number in self.by_degree)

    def __getitem__(self, degree: Degree) -> int:
        return dict(self.by_degree)[degree]


@dataclass(frozen=True, slots=True)
class InstrumentView:
    id: str
    title: str
    short: str
    force: Force
    force_label: str
    since: str
    excluded: str
    reservations: str
    source: str
    links: tuple[str, ...]
    rows: tuple[Row, ...]
    counts: Counts
    measures: tuple[MeasureLine, ...]  # those that serve it as a whole


@dataclass(frozen=True, slots=True)
class Band:
    """Findings of treaties of the same force, never mixed with others."""

    title: str
    binding: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """One clause of the draft, and every provision of the same legal force that it runs against."""

    citation: Citation
    rows: tuple[Row, ...]
    provisions: str  # "CIPTM, Art. 20, par. 2 et Art. 21"


@dataclass(frozen=True, slots=True)
class ClashBand:
    title: str
    clashes: tuple[Clash, ...]


@dataclass(frozen=True, slots=True)
class ThemeView:
    """One theme under one legal force; rows from the best degree to the worst."""

    counts: Counts
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ThemeBand:
    title: str
    themes: tuple[ThemeView, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A Part or Annex that may be left out on ratification, and what that spares."""

    title: str
    counts: Counts
    sentence: str


@dataclass(frozen=True, slots=True)
class Readiness:
    instrument: InstrumentView
    met: tuple[Row, ...]
    lift: tuple[Row, ...]
    complete: tuple[Row, ...]
    add: tuple[Row, ...]
    options: tuple[Option, ...]
    rule: str  # how many may be left out


@dataclass(frozen=True, slots=True)
class PlanRow:
    id: str
    instrument: str
    article: str
    heading: str
    degree: Degree
    degree_label: str
    consequence: str
    priority: Priority
    priority_label: str
    proposed: str
    entry: PlanEntry
    due: str
    settled: bool  # no longer a shortfall; kept for what people wrote


@dataclass(frozen=True, slots=True)
class Answer:
    """What one clause says to one provision."""

    id: str
    anchor: str
    label: str
    heading: str
    degree: Degree
    against: bool


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause of the draft."""

    id: str
    place: str
    number: str
    kind: BlockKind
    level: int
    text: str
    answers: tuple[Answer, ...]
    unanchored: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Text with one highlight: `provisions` are the anchors that it answers, `cue` when it decided."""

    text: str
    provisions: tuple[str, ...]
    against: bool
    cue: bool


@dataclass(frozen=True, slots=True)
class Material:
    """What a report to a supervisory body could cite on one article."""

    article: str
    heading: str
    clauses: tuple[Citation, ...]
    measures: tuple[MeasureLine, ...]


@dataclass(frozen=True, slots=True)
class Form:
    instrument: InstrumentView
    title: str
    note: str
    articles: tuple[Material, ...]
    empty: tuple[str, ...]


class View:
    """A report in one language; each part is computed when first asked for."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.assessment = report.assessment
        self.language = report.language
        self.say = Say(report.language)
        self.document: Document = report.assessment.document

    # --- front matter

    @cached_property
    def title(self) -> str:
        return f"{self.say('title')} – {self.draft_name}"

    @cached_property
    def draft_name(self) -> str:
        return re.split(r"[/\\]", self.document.path)[-1]

    @cached_property
    def state(self) -> str:
        return self.assessment.profile.state.in_(self.language)

    @cached_property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The front matter, label and value."""
        say, profile = self.say, self.assessment.profile
        clauses = [clause for clause in self.assessment.clauses if clause.kind is not BlockKind.HEADING]
        words = sum(len(clause.span.of(self.document.text).split()) for clause in self.assessment.clauses)
        spoken = say("french") if self.assessment.language is Language.FR else say("english")
        found = [
            (say("draft"), self.draft_name),
            (say("hash"), self.document.sha256),
            (say("language"), spoken),
            (say("size"), say("extent", clauses=self.number(len(clauses)), words=self.number(words))),
            (say("state"), self.state),
        ]
        if profile.as_of:
            # NOTE: a profile may give a month only, read as its first day.
            known = profile.as_of.isoformat()
            found.append((say("facts"), say.time(known[:7] if profile.as_of.day == 1 else known)))
        found += [
            (say("date"), say.time(self.report.day.isoformat())),
            (say("tool"), f"compliance {self.assessment.tool_version}"),
        ]
        return tuple(found)

    def number(self, value: int) -> str:
        return f"{value:,}".replace(",", "\u202f" if self.language is Language.FR else ",")

    # --- rows

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every auditable provision, in catalogue order."""
        return tuple(self._row(finding) for finding in self.assessment.findings)

    @cached_property
    def _by_id(self) -> dict[str, Row]:
        return {row.id: row for row in self.rows}

    @cached_property
    def _instruments(self) -> dict[str, Instrument]:
        return {instrument.id: instrument for instrument in self.assessment.instruments}

    @cached_property
    def _headings(self) -> dict[str, Provision]:
        return {unit.id: unit for instrument in self.assessment.instruments for unit in instrument.provisions}

    def text(self, pair: Bilingual | None) -> str:
        """A text of our own in the report's language, well set."""
        if pair is None:
            return ""
        return french(pair.fr) if self.language is Language.FR else pair.en

    def _row(self, finding: Finding) -> Row:
        say, unit = self.say, finding.provision
        instrument = self._instruments[unit.instrument]
        force = self.assessment.profile.standing(unit.instrument).force
        degree = degree_of(finding)
        measures = tuple(line for line in self.measures if unit.id in self._ties[line.id])
        entry = self.report.plan.entry(unit.id)
        footing = _FOOTING[bool(finding.evidence), bool(measures)]
        spoken = self.assessment.language
        part = next((part for part in instrument.parts if part.id == unit.part), None)
        return Row(
            id=unit.id,
            instrument=unit.instrument,
            instrument_short=self.text(instrument.short),
            article=article(unit.id, self.language),
            group=article(whole_article(unit.id), self.language),
            heading=self.text(unit.heading),
            asks=self.text(unit.summary),
            mode=say.pair(MODE[unit.mode]) if unit.mode else "",
            expected=say.pair(EXPECTED[unit.expected]) if unit.expected else "",
            part=self.part(part) if part else unit.part,
            theme=self._theme(unit.id),
            degree=degree,
            degree_label=say.pair(DEGREE[degree]) + (f", {say('waived')}" if finding.waived else ""),
            reasons=", ".join(say.pair(REASON[reason]) for reason in finding.reasons),
            missing=self._missing(finding, degree),
            binding=force not in _NOT_BINDING,
            force=force,
            force_label=say.pair(FORCE[force]),
            consequence=say.pair(CONSEQUENCE[force][degree]) if degree in _SHORTFALL else "",
            priority=finding.priority,
            priority_label=say.pair(PRIORITY[finding.priority]),
            proposals=self._proposals(finding.status, self._suggested.get(unit.id, ())),
            wording_language=str(spoken),
            citations=self._citations(finding),
            near=tuple(self._passage(item.clause, item.span, False, say("near")) for item in finding.near_misses),
            elements=tuple(
                (self.text(element.summary), bool(places))
                for element in unit.elements
                for name, places in finding.met
                if name == element.id
            ),
            measures=measures,
            footing=footing,
            footing_label=say.pair(FOOTING[footing]),
            entry=entry,
            due=say.due(entry.deadline),
            decision=decision_line(finding.decision, self.language) if finding.decision else "",
            waived=finding.waived,
        )

    @cached_property
    def _suggested(self) -> dict[str, tuple[Suggestion, ...]]:
        return by_provision(self.assessment)

    def _proposals(self, status: Status, suggested: Sequence[Suggestion]) -> tuple[Proposal, ...]:
        """What would mend a shortfall and where it goes; for a conflict, what offends first."""
        asked = [one for one in suggested if one.kind is not Kind.KEEP]
        if not asked:
            return ()
        found: list[Proposal] = []
        if status is Status.CONFLICT:
            advice = dict.fromkeys(self.text(one.advice) for one in asked)
            found += [Proposal(text, "") for text in list(advice)[:_OFFENDING]]
        text = self._drafted(wording(asked).in_(self.assessment.language))
        if text:
            lead = self.say("replace-by") if status is Status.CONFLICT else self._insertion(asked[0])
            found.append(Proposal(lead, text))
        lead = self.text(ADVICE["corrected"])
        found += [Proposal(lead, self._drafted(text)) for text in corrections(asked)[:_OFFENDING]]
        return tuple(found)

    def _insertion(self, one: Suggestion) -> str:
        key, after = self._after(one.provision)
        return self.say(f"insert{key}", place=after)

    def _drafted(self, text: str) -> str:
        """Words in the draft's language, without the marks of its format."""
        text = " ".join(self.plain(text).split())
        return french(text) if self.assessment.language is Language.FR else text

    def _missing(self, finding: Finding, degree: Degree) -> str:
        if degree in (Degree.CONFORM, Degree.NOT_APPLICABLE):
            return ""
        message = self.text(finding.message)
        if degree is not Degree.GAP:
            return message
        needed = [self.text(element.summary).rstrip(".") for element in finding.provision.elements]
        lead = f"{self.say('to-add')}: " if self.language is Language.EN else f"{self.say('to-add')}\u00a0: "
        return f"{message} {lead}{self.say.joint.join(needed)}." if needed else message

    def _citations(self, finding: Finding) -> tuple[Citation, ...]:
        found: dict[tuple[str, int, bool], Citation] = {}
        names = {element.id: self.text(element.summary).rstrip(".") for element in finding.provision.elements}
        for item in finding.evidence:
            against = item.direction is Direction.AGAINST
            if against:
                note = self.say("against")
            else:
                answered = [names[element] for element in item.answers if element in names]
                note = self.say("supports") + (": ".replace(":", "\u00a0:") if self.language is Language.FR else ": ")
                note = note + self.say.joint.join(answered) if answered else self.say("supports")
                note += f" ({self.say.pair(COMMITMENT[item.commitment])})"
            key = (item.clause.id, item.span.start, against)
            if key not in found:
                found[key] = self._passage(item.clause, item.span, against, note, tuple(cue.span for cue in item.cues))
        return tuple(found.values())

    def _passage(self, clause: Clause, span: Span, against: bool, note: str, cues: tuple[Span, ...] = ()) -> Citation:
        quote = " ".join(self.plain(span.of(self.document.text)).split())
        return Citation(
            clause.id, self.place(clause, span), self.place(clause, span, brief=True), quote, against, note, span, cues
        )

    def plain(self, text: str) -> str:
        """The draft's words without the marks of Markdown."""
        return _MARKUP.sub("", text) if self.document.media_type == "text/markdown" else text

    def place(self, clause: Clause, span: Span | None = None, brief: bool = False) -> str:
        """Where a clause is, as a drafter finds it: number, heading unless `brief`, page or line."""
        number = clause.number.rstrip(". ")
        parts = [number] if number else []
        heading = self.plain(clause.headings[-1]).strip() if clause.headings else ""
        if heading and not brief and not re.match(r"[\dIVX]+[.\-]\d|art", clause.number, re.IGNORECASE):
            parts.append(self.say("heading", heading=_short(heading, 70)))
        if clause.page is not None:
            parts.append(self.say("page-n", n=clause.page))
        elif self.document.has_lines:
            parts.append(self.say("line", n=self.document.line((span or clause.span).start)))
        return ", ".join(parts) or self.say("no-place")

    def _theme(self, provision_id: str) -> str:
        best = max(self.report.themes, key=lambda theme: theme.weight(provision_id), default=None)
        if best is None or not best.weight(provision_id):
            return self.say("other-theme")
        return self.text(best.title)

    def part(self, part: Part) -> str:
        """The name of a Part or Annex, with its number."""
        title = self.text(part.title)
        return self.say("part-n", id=part.id, title=title) if re.fullmatch("[IVXLC]+", part.id) else title

    # --- groups and counts

    @cached_property
    def instruments(self) -> tuple[InstrumentView, ...]:
        return tuple(self._instrument(instrument) for instrument in self.assessment.instruments)

    def _instrument(self, instrument: Instrument) -> InstrumentView:
        say, standing = self.say, self.assessment.profile.standing(instrument.id)
        rows = tuple(row for row in self.rows if row.instrument == instrument.id)
        source = standing.source
        if source and standing.read:
            source = f"{source} ({say('read', date=say.time(standing.read.isoformat()[:7]))})"
        titles = {part.id: self.part(part) for part in instrument.parts}
        return InstrumentView(
            id=instrument.id,
            title=self.text(instrument.title),
            short=self.text(instrument.short),
            force=standing.force,
            force_label=say.pair(FORCE[standing.force]),
            since=say("since", date=say.time(standing.since.isoformat())) if standing.since else "",
            excluded=self.say.joint.join(titles.get(part, part) for part in standing.excluded),
            reservations=self.say.joint.join(standing.reservations),
            source=source,
            links=instrument.links,
            rows=rows,
            counts=counts(self.text(instrument.short), rows),
            measures=tuple(line for line in self.measures if instrument.id in self._measures[line.id].instruments),
        )

    @cached_property
    def themes(self) -> tuple[ThemeBand, ...]:
        """Counts by theme, in the table's order, for each legal force apart; a theme without provisions is left out."""
        order = [self.text(theme.title) for theme in self.report.themes] + [self.say("other-theme")]
        degrees = list(DEGREE)
        found = []
        for band in self._bands(self.rows):
            themes = []
            for name in dict.fromkeys(order):
                mine = sorted((r for r in band.rows if r.theme == name), key=lambda row: degrees.index(row.degree))
                if mine:
                    themes.append(ThemeView(counts(name, mine), tuple(mine)))
            found.append(ThemeBand(band.title, tuple(themes)))
        return tuple(found)

    @cached_property
    def conflicts(self) -> tuple[ClashBand, ...]:
        """Conflicts by clause, those of treaties that bind the State apart from the others."""
        found = []
        for band in self._bands([row for row in self.rows if row.degree is Degree.CONFLICT and row.shortfall]):
            clauses: dict[str, tuple[Citation, dict[str, Row]]] = {}
            for row in band.rows:
                for cited in row.citations:
                    if cited.against:
                        clauses.setdefault(cited.clause, (cited, {}))[1][row.id] = row
            found.append(
                ClashBand(
                    band.title,
                    tuple(
                        Clash(cited, tuple(rows.values()), self._listed(rows.values()))
                        for cited, rows in clauses.values()
                    ),
                )
            )
        return tuple(found)

    def _listed(self, rows: Iterable[Row]) -> str:
        groups: dict[str, list[str]] = {}
        for row in rows:
            groups.setdefault(row.instrument_short, []).append(row.article)
        return self.say.joint.join(f"{short}, {self.say.listed(articles)}" for short, articles in groups.items())

    @cached_property
    def top_gaps(self) -> tuple[Band, ...]:
        """The gaps that matter most: of treaties that bind first, one an article, those that unlock others first."""
        gaps = [row for row in self.rows if row.degree is Degree.GAP and row.shortfall]
        open_ = {row.id for row in gaps}

        def weight(row: Row) -> tuple[int, int, int, int]:
            unit = self._headings[row.id]
            eased = sum(other in open_ for other in unit.related)
            return (0 if row.binding else 1, _RANK[row.priority], 0 if row.footing is Footing.NEITHER else 1, -eased)

        best: dict[tuple[str, str], Row] = {}
        for row in sorted(gaps, key=weight):  # stable: catalogue order settles ties
            if row.priority is not Priority.NONE:
                best.setdefault((row.instrument, row.group), row)
        return self._bands(list(best.values())[:GAPS_SHOWN])

    @cached_property
    def gaps_note(self) -> str:
        """Where the gaps are that the list leaves out since their treaties do not bind; empty when there is none."""
        listed = {row.id for band in self.top_gaps for row in band.rows if not row.binding}
        left = any(row.degree is Degree.GAP and not row.binding for row in self.rows)
        return self.say("gaps-elsewhere") if left and not listed else ""

    def siblings(self, row: Row) -> str:
        """The other gaps of the same article, as a sentence; empty when there is none."""
        others = [
            one.article.removeprefix(row.group).lstrip(", ")
            for one in self.rows
            if one.group == row.group
            and one.instrument == row.instrument
            and one.id != row.id
            and one.degree is Degree.GAP
        ]
        return self.say("others-in-article", list=self.say.listed(others)) if others else ""

    def _bands(self, rows: Sequence[Row]) -> tuple[Band, ...]:
        found = []
        for title in ("binding", "unknown-force", "not-binding"):
            mine = tuple(row for row in rows if _band(row) == title)
            if mine:
                found.append(Band(self.say(title), title != "not-binding", mine))
        return tuple(found)

    @cached_property
    def decided(self) -> tuple[Row, ...]:
        """What people decided of, whether the decision counts or not."""
        return tuple(row for row in self.rows if row.decision)

    # --- ratification readiness

    @cached_property
    def readiness(self) -> tuple[Readiness, ...]:
        return tuple(
            self._readiness(view, self._instruments[view.id]) for view in self.instruments if view.force in _NOT_BINDING
        )

    @cached_property
    def readiness_note(self) -> str:
        """Why there is nothing on readiness; empty when there is something."""
        if self.readiness:
            return ""
        unknown = any(view.force is Force.UNKNOWN for view in self.instruments)
        return self.say("readiness-unknown" if unknown else "readiness-none")

    def _readiness(self, view: InstrumentView, instrument: Instrument) -> Readiness:
        def of(degree: Degree) -> tuple[Row, ...]:
            return tuple(
                sorted((row for row in view.rows if row.degree is degree), key=lambda row: _RANK[row.priority])
            )

        parts = [part for part in instrument.parts if part.excludable]
        limit = len(parts) if instrument.max_excluded is None else min(instrument.max_excluded, len(parts))
        if not parts or not limit:
            rule = self.say("may-none")
        elif limit >= len(parts):
            rule = self.say("may-all")
        else:
            rule = self.say("may-one") if limit == 1 and len(parts) == 2 else self.say("may-n", n=limit)
        options = []
        for part in parts if limit else ():
            mine = [row for row in view.rows if self._headings[row.id].part == part.id]
            options.append(self._option(self.part(part), counts(self.part(part), mine)))
        return Readiness(
            view, of(Degree.CONFORM), of(Degree.CONFLICT), of(Degree.PARTIAL), of(Degree.GAP), tuple(options), rule
        )

    def _option(self, title: str, found: Counts) -> Option:
        spared = [
            self.say.counted(found[degree], noun)
            for degree, noun in (
                (Degree.CONFLICT, "obstacle"),
                (Degree.PARTIAL, "completion"),
                (Degree.GAP, "addition"),
            )
            if found[degree]
        ]
        sentence = self.say("spares", what=self.say.listed(spared)) if spared else self.say("spares-nothing")
        if found[Degree.CONFORM]:
            sentence += " " + self.say("loses", what=self.say.counted(found[Degree.CONFORM], "met"))
        return Option(title, found, sentence)

    # --- measures

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        return {one.id: one for one in self.report.register.measures} if self.report.register else {}

    @cached_property
    def _ties(self) -> Mapping[str, frozenset[str]]:
        return {one.id: frozenset(one.provisions) for one in self._measures.values()}

    @cached_property
    def measures(self) -> tuple[MeasureLine, ...]:
        """Every measure of the register, in its order."""
        return tuple(self._measure(one) for one in self._measures.values())

    def _measure(self, one: Measure) -> MeasureLine:
        say = self.say
        serves = [
            self._instruments[name].short.in_(self.language) for name in one.instruments if name in self._instruments
        ]
        for name in one.provisions:
            unit = self._headings.get(name)
            if unit is not None:
                short = self._instruments[unit.instrument].short.in_(self.language)
                serves.append(f"{short}, {article(name, self.language)}")
        return MeasureLine(
            id=one.id,
            name=self.text(one.name),
            kind=say.pair(KIND[one.kind]),
            date=say.time(one.date) if one.date else "",
            basis=one.legal_basis,
            body=self.text(one.body),
            status=say.pair(STATE[one.status]),
            end=". ".join(part for part in (say.time(one.end) if one.end else "", self.text(one.end_note)) if part),
            flag=self._flag(one),
            source=one.source,
            note=self.text(one.note),
            doubts=tuple(self.text(doubt) for doubt in one.doubts),
            serves=tuple(serves),
        )

    def _flag(self, one: Measure) -> str:
        if not one.end:
            return ""
        reached = self.report.day.isoformat()[: len(one.end)] >= one.end
        return self.say("ended-flag" if reached else "ends-flag", date=self.say.time(one.end))

    @cached_property
    def ending(self) -> tuple[MeasureLine, ...]:
        return tuple(line for line in self.measures if line.flag)

    @cached_property
    def challenges(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each challenge the State names, with what its source leaves open."""
        register = self.report.register
        if register is None:
            return ()
        return tuple(
            (self.text(one.text), tuple(self.text(doubt) for doubt in one.doubts)) for one in register.challenges
        )

    @cached_property
    def register_note(self) -> str:
        register = self.report.register
        if register is None:
            return self.say("no-register")
        text = self.say("register-source", source=register.source, as_of=self.say.time(register.as_of))
        return f"{text} {self.text(register.note)}".strip()

    @cached_property
    def footings(self) -> tuple[tuple[Footing, str, int], ...]:
        """How many provisions rest on a clause, a measure, both or neither."""
        return tuple(
            (footing, self.say.pair(label), sum(row.footing is footing for row in self.rows))
            for footing, label in FOOTING.items()
        )

    # --- action plan

    @cached_property
    def plan(self) -> tuple[PlanRow, ...]:
        """Every shortfall, treaties that bind first; then what people wrote on provisions settled since."""
        rows = sorted(
            (row for row in self.rows if row.shortfall),
            key=lambda row: (0 if row.binding else 1, _RANK[row.priority], 0 if row.degree is Degree.CONFLICT else 1),
        )
        found = [self._plan_row(row, settled=False) for row in rows]
        for name, entry in self.report.plan.entries.items():
            row = self._by_id.get(name)
            if entry.written and (row is None or not row.shortfall):
                found.append(self._plan_row(row, settled=True) if row else self._lost(name, entry))
        return tuple(found)

    def _plan_row(self, row: Row, settled: bool) -> PlanRow:
        return PlanRow(
            id=row.id,
            instrument=row.instrument_short,
            article=row.article,
            heading=row.heading,
            degree=row.degree,
            degree_label=f"{row.degree_label} ({self.say('settled')})" if settled else row.degree_label,
            consequence=row.consequence,
            priority=row.priority,
            priority_label=row.priority_label,
            proposed="" if settled else self._action(row),
            entry=row.entry,
            due=row.due,
            settled=settled,
        )

    def _lost(self, name: str, entry: PlanEntry) -> PlanRow:
        """A row of the plan whose provision is not in this report."""
        label, due = self.say("settled"), self.say.due(entry.deadline)
        return PlanRow(name, "", "", "", Degree.NOT_APPLICABLE, label, "", Priority.NONE, "", "", entry, due, True)

    def _after(self, provision: str) -> tuple[str, str]:
        """The place where a clause fits best, and how it is told: after a number, under a heading, at the end."""
        suggested = self._suggested.get(provision, ())
        clause = place_after(self.assessment.clauses, suggested[0].after) if suggested else None
        if clause is None:
            return "-end", ""
        return ("" if clause.number else "-there"), self.place(clause)

    def _action(self, row: Row) -> str:
        cited = row.citations[0].place if row.citations else self.say("no-place")
        match row.degree:
            case Degree.CONFLICT:
                text = self.say("do-conflict", place=cited, heading=row.heading)
            case Degree.PARTIAL:
                text = self.say("do-partial", place=cited, heading=row.heading)
            case _:
                key, after = self._after(row.id)
                text = self.say(f"do-gap{key}", heading=row.heading, place=after)
        if row.degree is Degree.GAP and self._headings[row.id].expected is Expected.GENERAL_LAW:
            text += " " + self.say("general-law")
        return text

    # --- from the draft to the conventions

    @cached_property
    def clauses(self) -> tuple[ClauseView, ...]:
        """Every clause of the draft, with what it answers."""
        answers: dict[str, dict[str, Answer]] = {}
        for row in self.rows:
            for cited in row.citations:
                seen = answers.setdefault(cited.clause, {})
                against = cited.against or (row.id in seen and seen[row.id].against)
                label = f"{row.instrument_short}, {row.article}"
                seen[row.id] = Answer(row.id, row.anchor, label, row.heading, row.degree, against)
        levels = {block.span.start: block.level for block in self.document.blocks}
        loose = {clause.id for clause in self.assessment.unanchored}
        return tuple(
            ClauseView(
                id=clause.id,
                place=self.place(clause),
                number=clause.number,
                kind=clause.kind,
                level=levels.get(clause.span.start, 0),
                text=" ".join(self.plain(clause.span.of(self.document.text)).split()),
                answers=tuple(answers.get(clause.id, {}).values()),
                unanchored=clause.id in loose,
            )
            for clause in self.assessment.clauses
        )

    @cached_property
    def pieces(self) -> Mapping[str, tuple[Piece, ...]]:
        """Every clause's words by its id, cut where the highlight changes."""
        marks: dict[str, list[tuple[Span, str, bool]]] = {}
        cues: dict[str, list[Span]] = {}
        for row in self.rows:
            for cited in row.citations:
                marks.setdefault(cited.clause, []).append((cited.span, row.anchor, cited.against))
                cues.setdefault(cited.clause, []).extend(cited.cues)
        return {
            clause.id: self._pieces(clause.span, marks.get(clause.id, ()), cues.get(clause.id, ()))
            for clause in self.assessment.clauses
        }

    def _pieces(self, whole: Span, marks: Sequence[tuple[Span, str, bool]], cues: Sequence[Span]) -> tuple[Piece, ...]:
        edges = {whole.start, whole.end}
        for span in [*(mark[0] for mark in marks), *cues]:
            edges.update(edge for edge in (span.start, span.end) if whole.start < edge < whole.end)
        ordered = sorted(edges)
        found = []
        for start, end in pairwise(ordered):
            here = Span(start, end)
            over = [(anchor, against) for span, anchor, against in marks if span.overlaps(here)]
            found.append(
                Piece(
                    text=self.plain(here.of(self.document.text)),
                    provisions=tuple(dict.fromkeys(anchor for anchor, _ in over)),
                    against=any(against for _, against in over),
                    cue=bool(over) and any(cue.overlaps(here) for cue in cues),
                )
            )
        return tuple(piece for piece in found if piece.text)

    def cited(self, item: Citation) -> tuple[Piece, ...]:
        """The words of a citation, cut at the words that decided."""
        return self._pieces(item.span, [(item.span, "", item.against)], item.cues)

    @cached_property
    def reverse(self) -> tuple[ClauseView, ...]:
        """The clauses that speak to some provision."""
        return tuple(clause for clause in self.clauses if clause.answers)

    @cached_property
    def unanchored(self) -> tuple[ClauseView, ...]:
        return tuple(clause for clause in self.clauses if clause.unanchored)

    @cached_property
    def remarks(self) -> tuple[tuple[str, Citation], ...]:
        return tuple(
            (self.text(remark.message), self._passage(remark.clause, remark.span, False, ""))
            for remark in self.assessment.remarks
        )

    # --- material for reports

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        return tuple(self._form(view) for view in self.instruments)

    def _form(self, view: InstrumentView) -> Form:
        labour = view.id.startswith("c") and view.id[1:].isdigit()
        note = ""
        if view.force in _NOT_BINDING:
            note = self.say("form-ilo-later" if labour else "form-later")
        articles, empty = [], []
        groups: dict[str, list[Row]] = {}
        for row in view.rows:
            groups.setdefault(row.group, []).append(row)
        for group, rows in groups.items():
            clauses = {(item.clause, item.span): item for row in rows for item in row.citations if not item.against}
            measures = {line.id: line for row in rows for line in row.measures}
            if clauses or measures:
                articles.append(Material(group, rows[0].heading, tuple(clauses.values()), tuple(measures.values())))
            else:
                empty.append(group)
        title = self.say("form-ilo" if labour else "form-icrmw" if view.id == "icrmw" else "annex")
        return Form(view, title, note, tuple(articles), tuple(empty))


_FOOTING: Mapping[tuple[bool, bool], Footing] = {
    (True, True): Footing.BOTH,
    (True, False): Footing.CLAUSE,
    (False, True): Footing.MEASURE,
    (False, False): Footing.NEITHER,
}
_DEGREE = {
    Status.COVERED: Degree.CONFORM,
    Status.PARTIAL: Degree.PARTIAL,
    Status.CONFLICT: Degree.CONFLICT,
    Status.NOT_APPLICABLE: Degree.NOT_APPLICABLE,
}


def degree_of(finding: Finding) -> Degree:
    """The degree of conformity; a permissive provision left unused is an option, not a gap."""
    if finding.status is Status.GAP:
        return Degree.OPTION if finding.provision.mode is Mode.PERMISSIVE else Degree.GAP
    return _DEGREE[finding.status]


def _band(row: Row) -> str:
    """Under which legal force a finding is shown."""
    if not row.binding:
        return "not-binding"
    return "unknown-force" if row.force is Force.UNKNOWN else "binding"


def counts(label: str, rows: Iterable[Row]) -> Counts:
    listed = list(rows)
    return Counts(label, tuple((degree, sum(row.degree is degree for row in listed)) for degree in DEGREE))


def whole_article(provision_id: str) -> str:
    """The id of the article that holds a provision: icrmw:43 for icrmw:43.1.a, c097:annex-1.3 for c097:annex-1.3.2."""
    instrument, number = provision_id.split(":", 1)
    steps = number.split(".")
    kept = 2 if steps[0].startswith("annex") else 1
    return f"{instrument}:{'.'.join(steps[:kept])}"


def article(provision_id: str, language: Language) -> str:
    """A provision as lawyers cite it: "Art. 43, par. 1 a)", "Annex I, Art. 3(2)"."""
    steps = provision_id.split(":", 1)[1].split(".")
    fr = language is Language.FR
    lead = ""
    if steps[0].startswith("annex-"):
        number = steps.pop(0).removeprefix("annex-")
        roman = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}.get(number, number)
        lead = f"Annexe\u00a0{roman}" if fr else f"Annex\u00a0{roman}"
        if not steps:
            return lead
        lead += ", "
    shown = f"{lead}{'art.' if fr and lead else 'Art.'}\u00a0{steps[0]}"
    for step in steps[1:]:
        if not fr:
            shown += f"({step})"
        elif step.isdigit():
            shown += f", par.\u00a0{step}"
        else:
            shown += f"\u00a0{step})"
    return shown


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0] + "\u00a0…"
