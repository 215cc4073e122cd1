"""The pipeline: a draft as read goes in, a reasoned assessment comes out."""

from __future__ import annotations

from collections.abc import Sequence

from compliance import __version__
from compliance.assess import findings
from compliance.errors import Place, ReadError
from compliance.load.compiled import Knowledge
from compliance.match import evidence as matching
from compliance.match.index import Index
from compliance.match.model import LinkModel
from compliance.match.read import read
from compliance.match.remark import remarks
from compliance.model.judgement import Assessment
from compliance.model.law import Instrument, Language, Profile
from compliance.model.policy import BlockKind, Document
from compliance.text import language
from compliance.text.segment import segment
from compliance.wording import Explain

# A draft needs at least this many words to be judged at all.
_FEWEST_WORDS = 3


class Auditor:
    """All that one run needs, prepared once for many drafts."""

    def __init__(self, knowledge: Knowledge, profile: Profile, instruments: Sequence[str] = ()) -> None:
        """`instruments` restricts the audit to those ids; empty means every one known."""
        self.knowledge = knowledge
        self.profile = profile
        self.instruments: tuple[Instrument, ...] = tuple(
            instrument for instrument in knowledge.instruments if not instruments or instrument.id in instruments
        )
        # NOTE: all are matched, whatever was asked: what a clause says to twins bears upon the verdict.
        self.matcher = matching.Matcher(knowledge.instruments, Index(knowledge.rules), LinkModel(knowledge.model))

    def audit(self, document: Document, spoken: Language | None = None) -> Assessment:
        """Judge one draft.

        Raises:
            ReadError: the draft has no clause, or is in neither French nor English.
        """
        spoken = spoken or language.of_text(document.text)
        if spoken is None:
            raise ReadError(
                "the draft is in neither French nor English", Place(document.path), "only these two languages are read"
            )
        clauses = segment(document, spoken)
        if not any(clause.kind is not BlockKind.HEADING for clause in clauses):
            raise ReadError("the draft holds no clause", Place(document.path), "it has no paragraph, item or table row")
        sentences = read(document, clauses, self.knowledge.lexes)
        sight = self.matcher.match(sentences)
        judged = findings(self.instruments, self.profile, sight.seen, sight.by_reference, Explain(self.profile))
        cited = {item.clause.id for finding in judged for item in finding.evidence}
        return Assessment(
            document=document,
            clauses=clauses,
            language=spoken,
            instruments=self.instruments,
            profile=self.profile,
            findings=judged,
            unanchored=tuple(clause for clause in sight.committing if clause.id not in cited),
            remarks=remarks(document, sentences, self.profile),
            tool_version=__version__,
        )
