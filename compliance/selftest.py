"""Runs the rules' own examples: each is audited as a draft of one clause."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from compliance import resources
from compliance.audit import Auditor
from compliance.load import compiled
from compliance.load.profile import generic
from compliance.model.judgement import Finding, Status
from compliance.model.law import Language
from compliance.model.policy import Block, BlockKind, Document, Span
from compliance.model.rule import Example, ExampleKind, Rule

_WANTED = {
    ExampleKind.COVERED: Status.COVERED,
    ExampleKind.PARTIAL: Status.PARTIAL,
    ExampleKind.CONFLICT: Status.CONFLICT,
    ExampleKind.UNRELATED: Status.GAP,
}


@dataclass(frozen=True, slots=True)
class Trial:
    """One example and what the engine made of it."""

    provision: str
    example: Example
    finding: Finding

    @property
    def wanted(self) -> Status:
        return _WANTED[self.example.kind]

    @property
    def passed(self) -> bool:
        return self.finding.status is self.wanted


def one_clause(text: str) -> Document:
    """A draft that holds one paragraph."""
    return Document(
        path="<text>",
        media_type="text/plain",
        text=text,
        blocks=(Block(BlockKind.PARAGRAPH, Span(0, len(text))),),
        sha256="",
    )


def trials(auditor: Auditor, rules: Iterable[Rule]) -> Iterator[Trial]:
    """Every example of every rule, judged for its own provision."""
    for rule in rules:
        for example in rule.examples:
            yield Trial(rule.provision, example, finding_of(auditor, rule.provision, example.text, example.language))


def finding_of(auditor: Auditor, provision: str, text: str, language: Language) -> Finding:
    assessment = auditor.audit(one_clause(text), language)
    return next(finding for finding in assessment.findings if finding.provision.id == provision)


def main(arguments: Sequence[str]) -> int:
    """`python -m compliance.selftest [--match TEXT] [PROVISION...]`: a quick look while rules are written."""
    from compliance.load.conventions import load_instruments
    from compliance.load.rules import load_rules
    from compliance.match.pattern import names
    from compliance.text.language import of_text

    knowledge = compiled.load()
    auditor = Auditor(knowledge, generic())
    if arguments[:1] == ["--match"]:
        text = " ".join(arguments[1:])
        assessment = auditor.audit(one_clause(text), of_text(text) or Language.FR)
        for finding in assessment.findings:
            if finding.status is not Status.GAP:
                print(
                    finding.provision.id, finding.status, [str(r) for r in finding.reasons], "missing", finding.missing
                )
                for item in finding.evidence:
                    cues = [f"{cue.role}={cue.span.of(text)!r}" for cue in item.cues]
                    print("   ", item.direction, item.commitment, sorted(map(str, item.persons)), item.answers, *cues)
        return 0
    root = resources.data_root()
    _, rules = load_rules([root], load_instruments(root), pattern_names=names)
    chosen = [rule for rule in rules if not arguments or rule.provision in arguments]
    totals: Counter[tuple[str, bool]] = Counter()
    for trial in trials(auditor, chosen):
        totals[str(trial.example.kind), trial.passed] += 1
        if not trial.passed:
            reasons = ",".join(map(str, trial.finding.reasons))
            print(
                f"{trial.provision} {trial.example.language} wanted {trial.wanted} got {trial.finding.status} {reasons} "
                f"missing={','.join(trial.finding.missing)}\n    {trial.example.text}"
            )
            for item in trial.finding.evidence[:2]:
                print(
                    "   ",
                    item.direction,
                    item.commitment,
                    [f"{c.role}={c.span.of(trial.example.text)!r}" for c in item.cues],
                )
    for kind in ExampleKind:
        good, bad = totals[str(kind), True], totals[str(kind), False]
        print(f"{kind}: {good}/{good + bad}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
