"""Accuracy against labelled drafts: the figures of the public scoring script, and every error."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.errors import DataError, Place
from compliance.model.judgement import Assessment

STATUSES = ("covered", "partial", "gap", "conflict")


@dataclass(frozen=True, slots=True)
class Gold:
    """Labels of one draft; a provision without a label is a gap."""

    document: str
    statuses: Mapping[str, str]
    quotes: Mapping[str, tuple[str, ...]]


def load_gold(path: Path) -> Gold:
    """Read a gold file.

    Raises:
        DataError: not a gold file.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        labels = data["labels"]
        return Gold(
            document=data["document"],
            statuses={label["provision"]: label["status"] for label in labels},
            quotes={label["provision"]: tuple(label.get("evidence", ())) for label in labels},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"not a gold file: {error}", Place(path)) from error


@dataclass(frozen=True, slots=True)
class Ratio:
    """Precision, recall and F1; NaN where there is nothing to divide by."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Result:
    count: int
    accuracy: float
    kappa: float
    macro_f1: float
    addressed: Ratio
    conflict: Ratio
    evidence: float
    near: float  # of the gaps that should not be, the share whose near misses hold a gold passage
    matrix: Mapping[tuple[str, str], int]
    errors: tuple[str, ...]

    def line(self, name: str) -> str:
        a, c = self.addressed, self.conflict
        return (
            f"{name}: n {self.count}  accuracy {self.accuracy:.3f}  kappa {self.kappa:.3f}  macro-F1 {self.macro_f1:.3f}  "
            f"addressed P {a.precision:.3f} R {a.recall:.3f} F1 {a.f1:.3f}  "
            f"conflict P {c.precision:.3f} R {c.recall:.3f} F1 {c.f1:.3f}  "
            f"evidence {self.evidence:.3f}  near misses {self.near:.3f}"
        )

    def table(self) -> str:
        lines = ["gold \\ report  " + "  ".join(f"{status:>9}" for status in STATUSES)]
        for gold in STATUSES:
            cells = "  ".join(f"{self.matrix.get((gold, got), 0):>9}" for got in STATUSES)
            lines.append(f"{gold:>13}  {cells}")
        return "\n".join(lines)


def compare(gold: Gold, assessment: Assessment) -> Result:
    """Figures over every auditable provision of the assessment."""
    text = assessment.document.text
    got = {finding.provision.id: finding for finding in assessment.findings}
    pairs = [(gold.statuses.get(key, "gap"), str(finding.status)) for key, finding in got.items()]
    matrix = Counter(pairs)
    total = len(pairs)
    agree = sum(matrix[status, status] for status in STATUSES) / total
    left, right = Counter(g for g, _ in pairs), Counter(r for _, r in pairs)
    chance = sum(left[status] * right[status] for status in STATUSES) / total**2
    f1 = [_ratio(pairs, lambda s, k=status: s == k).f1 for status in STATUSES if left[status] or right[status]]  # type: ignore[misc]
    both = [
        key for key, finding in got.items() if gold.statuses.get(key, "gap") != "gap" and str(finding.status) != "gap"
    ]
    hits = sum(_overlap(gold.quotes.get(key, ()), [item.span.of(text) for item in got[key].evidence]) for key in both)
    missed = [
        key for key, finding in got.items() if gold.statuses.get(key, "gap") != "gap" and str(finding.status) == "gap"
    ]
    near = sum(
        _overlap(gold.quotes.get(key, ()), [item.span.of(text) for item in got[key].near_misses]) for key in missed
    )
    errors = []
    for key, finding in got.items():
        wanted = gold.statuses.get(key, "gap")
        if wanted != str(finding.status):
            errors.append(f"{key}\tgold {wanted}\treport {finding.status} {','.join(map(str, finding.reasons))}")
            errors += [f"\tgold cites:   {quote}" for quote in gold.quotes.get(key, ())]
            errors += [
                f"\treport cites: ({item.direction} {item.commitment}) {' '.join(item.span.of(text).split())[:200]}"
                f" [{', '.join(sorted({cue.role for cue in item.cues}))}]"
                for item in finding.evidence[:3]
            ]
    return Result(
        count=total,
        accuracy=agree,
        kappa=(agree - chance) / (1 - chance) if chance < 1 else math.nan,
        macro_f1=sum(f1) / len(f1),
        addressed=_ratio(pairs, lambda status: status not in ("gap", "not-applicable")),
        conflict=_ratio(pairs, lambda status: status == "conflict"),
        evidence=hits / len(both) if both else math.nan,
        near=near / len(missed) if missed else math.nan,
        matrix=matrix,
        errors=tuple(errors),
    )


def mean_line(results: Sequence[Result]) -> str:
    """The mean over drafts of each figure."""

    def mean(pick: Callable[[Result], float]) -> float:
        values = [value for value in map(pick, results) if not math.isnan(value)]
        return sum(values) / len(values) if values else math.nan

    return (
        f"mean of {len(results)}: accuracy {mean(lambda r: r.accuracy):.3f}  kappa {mean(lambda r: r.kappa):.3f}  "
        f"macro-F1 {mean(lambda r: r.macro_f1):.3f}  addressed P {mean(lambda r: r.addressed.precision):.3f} "
        f"R {mean(lambda r: r.addressed.recall):.3f}  conflict P {mean(lambda r: r.conflict.precision):.3f} "
        f"R {mean(lambda r: r.conflict.recall):.3f}  evidence {mean(lambda r: r.evidence):.3f}  "
        f"near misses {mean(lambda r: r.near):.3f}"
    )


def _ratio(pairs: Sequence[tuple[str, str]], test: Callable[[str], bool]) -> Ratio:
    true = sum(test(g) and test(r) for g, r in pairs)
    extra = sum(not test(g) and test(r) for g, r in pairs)
    lost = sum(test(g) and not test(r) for g, r in pairs)
    return Ratio(
        true / (true + extra) if true + extra else math.nan,
        true / (true + lost) if true + lost else math.nan,
        2 * true / (2 * true + extra + lost) if true + extra + lost else math.nan,
    )


def _fold(text: str) -> str:
    text = text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    text = re.sub(r"(\w)-\s*\n\s*(\w)", r"\1\2", text)
    return re.sub(r"[\s*_`|]+", " ", text).strip().lower()


def _overlap(gold: Sequence[str], got: Sequence[str]) -> bool:
    left, right = [_fold(quote) for quote in gold], [_fold(quote) for quote in got]
    return any(a and b and (a in b or b in a) for a in left for b in right)
