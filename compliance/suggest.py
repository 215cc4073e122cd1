"""What would mend each shortfall: wording, its place, and what offends; then a draft with all of it applied."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from compliance.model.judgement import Assessment, Commitment, Direction, Evidence, Finding, Priority, Reason, Status
from compliance.model.law import Bilingual, Language, Provision
from compliance.model.policy import BlockKind, Clause, Span
from compliance.model.reach import needed_sides, reach
from compliance.suggest_wording import ADVICE, AGAINST, WEAK, join
from compliance.text.sentence import sentences
from compliance.text.token import tokens

_WEIGHTS = {"near": 6.0, "article": 5.0, "related": 4.0}
_STEM = 6  # letters of a word that count when a provision is compared with a place
_SHORTEST = 4
_WORDS_SHOWN = 3
_STATE_WORDS = frozenset({"letat", "etat", "state", "migra", "trava", "worke"})
_ANAPHORA = re.compile(
    r"(?:il|ils|elle|elles|ce|cet|cette|ces|ceux|celui|celle|celles|leur|leurs|son|sa|ses|y|en outre|à défaut|"
    r"la même|le même|les mêmes|it|he|she|they|this|that|these|those|such|their|its|his|her|where|otherwise|"
    r"the same)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[\s*_#>•·▪–—-]*")
_AFTER_LABEL = re.compile(r"\s*[.)\]:°–—-]*[\s*_]*")


class Kind(StrEnum):
    ADD = "add"  # a gap: a new clause
    COMPLETE = "complete"  # a partial answer: wording that follows the clause that answers
    REPLACE = "replace"  # a conflict: the sentence gives way
    KEEP = "keep"  # what a replaced sentence answered is said again


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to mend one finding.

    Attributes:
        text: the wording, in both languages; a draft receives the one of its own language.
        advice: what lacks or offends.
        after: id of the clause that it follows; "" for the end of the draft.
        span: REPLACE: the words of the draft that give way.
        correction: the draft's own sentence mended, where that is simple; "" elsewhere.
    """

    provision: str
    kind: Kind
    text: Bilingual
    advice: Bilingual
    after: str
    span: Span | None = None
    correction: str = ""


def suggest(assessment: Assessment) -> tuple[Suggestion, ...]:
    """One suggestion for every shortfall, in catalogue order; none for what a person waived."""
    places = _Places(assessment)
    short = [finding for finding in assessment.findings if is_short(finding)]
    replaced = [
        item.span
        for finding in short
        for item in finding.evidence
        if finding.status is Status.CONFLICT and item.direction is Direction.AGAINST
    ]
    found: list[Suggestion] = []
    for finding in assessment.findings:
        if finding in short:
            match finding.status:
                case Status.CONFLICT:
                    found += _replace(assessment, finding)
                case Status.PARTIAL:
                    found.append(_complete(assessment, finding))
                case _:
                    model = finding.provision.model_clause or Bilingual("", "")
                    after = places.of(finding)
                    found.append(Suggestion(finding.provision.id, Kind.ADD, model, ADVICE["gap"], after))
        elif finding.status is Status.COVERED and replaced and _lost(finding, replaced):
            model = finding.provision.model_clause or Bilingual("", "")
            after = finding.evidence[0].clause.id
            found.append(Suggestion(finding.provision.id, Kind.KEEP, model, ADVICE["keep"], after))
    return tuple(found)


def by_provision(assessment: Assessment) -> dict[str, tuple[Suggestion, ...]]:
    """The suggestions that every report shows, by provision."""
    found: dict[str, list[Suggestion]] = defaultdict(list)
    for one in suggest(assessment):
        found[one.provision].append(one)
    return {provision: tuple(listed) for provision, listed in found.items()}


def wording(suggestions: Iterable[Suggestion]) -> Bilingual:
    """The clause that mends a finding; empty where nothing is asked for."""
    return next((one.text for one in suggestions if one.kind is not Kind.KEEP), Bilingual("", ""))


def corrections(suggestions: Iterable[Suggestion]) -> tuple[str, ...]:
    """The draft's own sentences mended, each once."""
    return tuple(dict.fromkeys(one.correction for one in suggestions if one.correction))


def is_short(finding: Finding) -> bool:
    """Whether a finding is a shortfall that still stands: no option left unused, nothing waived."""
    return (
        finding.status in (Status.CONFLICT, Status.GAP, Status.PARTIAL)
        and finding.priority is not Priority.NONE
        and not finding.waived
    )


def _lost(finding: Finding, replaced: Sequence[Span]) -> bool:
    """Whether some element is answered by nothing but sentences that give way."""
    gone = {place for place, item in enumerate(finding.evidence) if any(item.span.overlaps(span) for span in replaced)}
    return any(places and set(places) <= gone for _, places in finding.met)


# --- what to write -----------------------------------------------------------------------------------------------


def _replace(assessment: Assessment, finding: Finding) -> list[Suggestion]:
    text = assessment.document.text
    model = finding.provision.model_clause or Bilingual("", "")
    made = []
    for item in finding.evidence:
        if item.direction is not Direction.AGAINST:
            continue
        span = bare(assessment, item)
        words = offending(assessment, item)
        advice = ADVICE["conflict"]
        if words:
            template = ADVICE["conflict-words"]
            advice = Bilingual(
                template.fr.format(what=join(words, Language.FR)), template.en.format(what=join(words, Language.EN))
            )
        correction = _mended(span.of(text), AGAINST[item.clause.language])
        made.append(Suggestion(finding.provision.id, Kind.REPLACE, model, advice, item.clause.id, span, correction))
    return made


def _complete(assessment: Assessment, finding: Finding) -> Suggestion:
    provision = finding.provision
    item = next(item for item in finding.evidence if item.direction is Direction.SUPPORTS)
    missing = [element.summary for element in provision.elements if element.id in finding.missing]
    fr, en = [], []
    if Reason.MISSING_ELEMENT in finding.reasons and missing:
        fr.append(ADVICE["missing"].fr.format(what="\u00a0; ".join(text.fr.rstrip(".") for text in missing)))
        en.append(ADVICE["missing"].en.format(what="; ".join(text.en.rstrip(".") for text in missing)))
    if Reason.PERSONS in finding.reasons:
        advice = ADVICE[_absent_side(finding)]
        fr.append(advice.fr)
        en.append(advice.en)
    correction = ""
    if Reason.WEAK_COMMITMENT in finding.reasons:
        weak = next((one for one in finding.evidence if one.commitment is Commitment.WEAK), item)
        words = _distinct(cue.span.of(assessment.document.text) for cue in weak.cues if cue.role.startswith("force-"))[
            :_WORDS_SHOWN
        ]
        advice = ADVICE["weak-words" if words else "weak"]
        fr.append(advice.fr.format(what=join(words, Language.FR)) if words else advice.fr)
        en.append(advice.en.format(what=join(words, Language.EN)) if words else advice.en)
        correction = _mended(bare(assessment, weak).of(assessment.document.text), WEAK[weak.clause.language])
    wording = provision.model_clause or Bilingual("", "")
    if finding.reasons == (Reason.MISSING_ELEMENT,):
        wording = Bilingual(
            _sentences_for(wording.fr, [text.fr for text in missing]),
            _sentences_for(wording.en, [text.en for text in missing]),
        )
    advice = Bilingual(" ".join(fr), " ".join(en))
    return Suggestion(provision.id, Kind.COMPLETE, wording, advice, item.clause.id, None, correction)


def _absent_side(finding: Finding) -> str:
    if len(needed_sides(finding.provision)) < 2:
        return "persons"
    reached = [reach(finding.provision, item.persons) for item in finding.evidence]
    if not any(found.here for found in reached):
        return "here"
    return "abroad" if not any(found.abroad for found in reached) else "persons"


def _sentences_for(clause: str, missing: Sequence[str]) -> str:
    """The sentences of a model clause that say what is missing, with those that they lean on; else the whole clause."""
    spans = sentences(clause, Span(0, len(clause)))
    said = [_stems(span.of(clause)) for span in spans]
    kept: set[int] = set()
    for summary in missing:
        wanted = _stems(summary)
        best = max(range(len(spans)), key=lambda at: (len(wanted & said[at]), -at), default=None)
        if best is None or len(wanted & said[best]) < 2:
            return clause
        kept.add(best)
        while best > 0 and (_ANAPHORA.match(spans[best].of(clause)) or clause[spans[best].start].islower()):
            best -= 1
            kept.add(best)
    return " ".join(spans[at].of(clause) for at in sorted(kept)) if kept else clause


def offending(assessment: Assessment, item: Evidence) -> list[str]:
    """The words that make a sentence run against a provision, longest runs first shown in reading order."""
    text = assessment.document.text
    merged: list[Span] = []
    for cue in sorted(cue.span for cue in item.cues if cue.span.overlaps(item.span)):
        if merged and cue.start <= merged[-1].end + 1:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, cue.end))
        else:
            merged.append(cue)
    chosen = sorted(merged, key=lambda span: span.start - span.end)[:_WORDS_SHOWN]
    return _distinct(span.of(text) for span in sorted(chosen))


def bare(assessment: Assessment, item: Evidence) -> Span:
    """The words of a passage without the clause's number or bullet; in a table row, the cell that decided."""
    text = assessment.document.text
    span = item.span
    if item.clause.kind is BlockKind.ROW:
        at = min((cue.span.start for cue in item.cues if cue.span.overlaps(span)), default=span.start)
        left = text.rfind("|", span.start, at) + 1 or span.start
        right = text.find("|", at, span.end)
        span = Span(left, span.end if right == -1 else right)
    start, end = span.start, span.end
    if item.span.start == item.clause.span.start:
        start = _skipped(_LABEL, text, start, end)
        number = item.clause.number
        if number and text.startswith(number, start):
            start = _skipped(_AFTER_LABEL, text, start + len(number), end)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else item.span


def _skipped(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    match = pattern.match(text, start, end)
    return match.end() if match else start


def _mended(sentence: str, corrections: Sequence[tuple[re.Pattern[str], str]]) -> str:
    mended = sentence
    for pattern, put in corrections:
        mended = pattern.sub(put, mended)
    return "" if mended == sentence else _tidy(mended)


def _tidy(sentence: str) -> str:
    sentence = re.sub(r"[ \t]{2,}", " ", sentence).strip(" ,")
    return sentence[:1].upper() + sentence[1:]


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(" ".join(word.split()) for word in words))


# --- where to write it -------------------------------------------------------------------------------------------


def _stems(text: str) -> frozenset[str]:
    return frozenset(token.form[:_STEM] for token in tokens(text, 0) if len(token.form) >= _SHORTEST) - _STATE_WORDS


def _article(provision: str) -> str:
    return re.split(r"[.]", provision)[0]


class _Places:
    """The clause after which a provision's wording fits best, among the parts of the draft that commit the State."""

    def __init__(self, assessment: Assessment) -> None:
        self._clauses = {clause.id: clause for clause in assessment.clauses}
        self._order = {clause.id: place for place, clause in enumerate(assessment.clauses)}
        self._cited: dict[str, list[str]] = defaultdict(list)
        for finding in assessment.findings:
            for item in finding.evidence[:3]:
                self._cited[finding.provision.id].append(item.clause.id)
                self._cited[_article(finding.provision.id)].append(item.clause.id)
        operative = {self._clauses[key].headings for keys in self._cited.values() for key in keys}
        self._open = {
            clause.id
            for clause in assessment.clauses
            if clause.headings in operative and clause.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
        }
        text = assessment.document.text
        self._postings: dict[str, list[tuple[str, float]]] = defaultdict(list)
        count: Counter[str] = Counter()
        above: dict[tuple[str, ...], frozenset[str]] = {}
        for key in sorted(self._open, key=self._order.__getitem__):
            clause = self._clauses[key]
            if clause.headings not in above:
                above[clause.headings] = _stems(" ".join(clause.headings))
            own = _stems(clause.span.of(text))
            for stem in own | above[clause.headings]:
                self._postings[stem].append((key, 1.0 * (stem in own) + 1.5 * (stem in above[clause.headings])))
                count[stem] += 1
        size = max(1, len(self._open))
        self._weight: Mapping[str, float] = {stem: math.log(1 + size / number) for stem, number in count.items()}
        self._language = assessment.language

    def of(self, finding: Finding) -> str:
        """The clause's id; "" when no part of the draft commits the State."""
        scores: dict[str, float] = defaultdict(float)
        provision = finding.provision
        for rank, near in enumerate(finding.near_misses):
            if near.clause.id in self._open:
                scores[near.clause.id] += _WEIGHTS["near"] * near.score / (1 + rank)
        for kind, others in (("article", (_article(provision.id),)), ("related", provision.related)):
            for other in others:
                for key in self._cited.get(other, ()):
                    if key in self._open:
                        scores[key] += _WEIGHTS[kind] / len(self._cited[other])
        for stem in sorted(_stems(_about(provision, self._language))):
            for key, times in self._postings.get(stem, ()):
                scores[key] += times * self._weight[stem] / 4
        return min(scores, key=lambda key: (-round(scores[key], 9), self._order[key]), default="")


def _about(provision: Provision, language: Language) -> str:
    return " ".join(
        text.in_(language) for text in (provision.heading, *(element.summary for element in provision.elements))
    )


def place_after(clauses: Sequence[Clause], after: str) -> Clause | None:
    """The clause whose block an insertion follows: a list and a table are never cut in two."""
    at = next((place for place, clause in enumerate(clauses) if clause.id == after), None)
    if at is None:
        return None
    kind = clauses[at].kind
    if kind in (BlockKind.ROW, BlockKind.ITEM):
        headings = clauses[at].headings
        while at + 1 < len(clauses) and clauses[at + 1].kind is kind and clauses[at + 1].headings == headings:
            at += 1
    if kind in (BlockKind.NOTE, BlockKind.BOX):
        while at > 0 and clauses[at].kind in (BlockKind.NOTE, BlockKind.BOX):
            at -= 1
    return clauses[at]


# --- a draft with the suggestions in it --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of the draft's text; an empty span inserts paragraphs after the block that ends there."""

    span: Span
    texts: tuple[str, ...]

    @property
    def inserts(self) -> bool:
        return self.span.start == self.span.end


def edits(assessment: Assessment, suggestions: Sequence[Suggestion]) -> tuple[Edit, ...]:
    """Every suggestion as changes of the text, in text order, disjoint, the same wording never twice."""
    language = assessment.language
    clauses = assessment.clauses
    replaced: dict[Span, list[str]] = {}
    for one in suggestions:
        if one.span is not None:
            _group(replaced, one.span).append(one.text.in_(language))
    said: set[str] = set()
    made: list[Edit] = []
    extra: dict[str, list[str]] = defaultdict(list)
    owners = {one.span: one.after for one in suggestions if one.span is not None}
    kinds = {clause.id: clause.kind for clause in clauses}
    for span in sorted(replaced):
        fresh = [text for text in dict.fromkeys(replaced[span]) if text and text not in said]
        said.update(fresh)
        if kinds[owners[span]] is BlockKind.HEADING or len(fresh) > 1:
            extra[owners[span]] += fresh[1:]
            fresh = fresh[:1]
        made.append(Edit(span, tuple(fresh)))
    for one in suggestions:
        text = one.text.in_(language)
        if one.span is None and text and text not in said:
            said.add(text)
            extra[one.after].append(text)
    grouped: dict[int, list[str]] = defaultdict(list)
    size = len(assessment.document.text)
    for after, texts in extra.items():
        place = place_after(clauses, after)
        grouped[size if place is None else place.span.end] += texts
    made += [Edit(Span(at, at), tuple(texts)) for at, texts in grouped.items()]
    return tuple(sorted(made, key=lambda edit: (edit.span.end, edit.inserts)))


def _group(replaced: dict[Span, list[str]], span: Span) -> list[str]:
    for known in replaced:
        if known.overlaps(span):
            return replaced[known]
    return replaced.setdefault(span, [])


def apply(assessment: Assessment, suggestions: Sequence[Suggestion]) -> str:
    """A Markdown or text draft with every suggestion in it: conflicting sentences replaced, wording added."""
    text = assessment.document.text
    for edit in reversed(edits(assessment, suggestions)):
        if edit.inserts:
            line_end = text.find("\n", edit.span.end)
            at = len(text) if line_end == -1 else line_end
            text = text[:at] + "".join(f"\n\n{paragraph}" for paragraph in edit.texts) + "\n" + text[at:]
        else:
            text = text[: edit.span.start] + " ".join(edit.texts) + text[edit.span.end :]
    return text
