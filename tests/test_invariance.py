"""What must not move a verdict, and what must."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from compliance.audit import Auditor
from compliance.model.judgement import Assessment, Direction, Status
from compliance.model.policy import Span
from compliance.readers import read, read_bytes

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
DRAFT = (EXAMPLES / "mali" / "projet-pnm.md").read_text("utf-8")
# Half of it is enough, and twice as fast: the parts on foreigners, justice and governance.
BODY = "# Politique nationale migratoire\n\n" + DRAFT[DRAFT.index("## 5. Axe 2") : DRAFT.index("## 9. Risques")]
NBSP = "\u00a0"


def audited(engine: Auditor, text: str) -> Assessment:
    return engine.audit(read_bytes(text.encode(), "projet.md"))


def verdicts(assessment: Assessment) -> dict[str, str]:
    """Status and reasons of each provision."""
    return {found.provision.id: " ".join([found.status, *found.reasons]) for found in assessment.findings}


@pytest.fixture(scope="module")
def whole(engine: Auditor) -> Assessment:
    return audited(engine, BODY)


def renumbered(text: str) -> str:
    """Every number typed in a heading or at a clause moves up by two chapters."""
    return re.sub(r"(?m)^(#* ?)(\d+)(?=\.)", lambda at: at.group(1) + str(int(at.group(2)) + 2), text)


def unnumbered(text: str) -> str:
    return re.sub(r"(?m)^(#+ )?\d+(?:\.\d+)*\. ", lambda at: at.group(1) or "", text)


def reflowed(text: str) -> str:
    """Paragraphs broken over lines of 60 characters, as a mail program does."""
    lines = []
    for line in text.split("\n"):
        if line.startswith(("#", "|", "- ", "[^")) or not line:
            lines.append(line)
        else:
            # NOTE: only plain spaces are broken at; a line that begins with a number or dash would be another list.
            wrapped = textwrap.wrap(line, 60, break_on_hyphens=False, break_long_words=False)
            lines.append("\n".join(wrapped) if not any(re.match(r"[\d#|+*–-]", part) for part in wrapped[1:]) else line)
    return "\n".join(lines)


ACCENTS = str.maketrans("ÉÈÊÀÂÎÔÇ", "EEEAAIOC")
SAME: list[tuple[str, Callable[[str], str]]] = [
    ("clauses are renumbered", renumbered),
    ("numbers are taken away", unnumbered),
    ("lines are broken elsewhere", reflowed),
    ("apostrophes are typed", lambda text: text.replace("’", "'")),
    ("no-break spaces are plain", lambda text: text.replace(NBSP, " ")),
    ("no-break spaces are narrow", lambda text: text.replace(NBSP, "\u202f")),
    ("French spaces are left out", lambda text: re.sub(NBSP + r"(?=[;:?!])", "", text)),
    ("words are two spaces apart", lambda text: re.sub(r"(?m)(?<=\w) (?=\w)", "  ", text)),
    ("capitals lose their accents", lambda text: text.translate(ACCENTS)),
    ("accents are typed as two characters", lambda text: _decomposed(text)),
    ("lines end as in Windows", lambda text: text.replace("\n", "\r\n")),
]


def _decomposed(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize("change", [change for _, change in SAME], ids=[name for name, _ in SAME])
def test_verdicts_do_not_move_when(change: Callable[[str], str], engine: Auditor, whole: Assessment) -> None:
    other = change(BODY)
    assert other != BODY
    assert verdicts(audited(engine, other)) == verdicts(whole)


UNRELATED = {
    "beekeeping": "Les ruchers communautaires de la vallée seront équipés de cadres en bois et d’extracteurs à miel.",
    "roads": "La route du marché au bétail sera regoudronnée sur quarante kilomètres avant la saison des pluies.",
    "weather": "Les pluviomètres du réseau agricole seront étalonnés chaque printemps par la météorologie.",
}


@pytest.mark.parametrize("clause", UNRELATED.values(), ids=UNRELATED)
@pytest.mark.parametrize("end", [True, False], ids=["at the end", "between two clauses"])
def test_an_unrelated_clause_changes_nothing(clause: str, end: bool, engine: Auditor, whole: Assessment) -> None:
    mark = "### 5.8. Logement\n\n"
    assert BODY.count(mark) == 1
    text = f"{BODY}\n## 12. Divers\n\n{clause}\n" if end else BODY.replace(mark, f"{mark}{clause}\n\n")
    assert verdicts(audited(engine, text)) == verdicts(whole)


def test_deleting_the_evidence_cited_removes_the_coverage(engine: Auditor, whole: Assessment) -> None:
    covered = [found for found in whole.findings if found.status is Status.COVERED]
    assert len(covered) > 10
    # NOTE: only the strongest passages are cited; a weaker one may stand in for them, until it is cited and deleted too.
    left, now = BODY, whole
    for _ in range(4):
        left = without(left, {item.clause.span for found in now.findings for item in found.evidence})
        now = audited(engine, left)
        after = {found.provision.id: found.status for found in now.findings}
        still = [found.provision.id for found in covered if after[found.provision.id] is Status.COVERED]
        if not still:
            break
    assert still == []


def without(text: str, spans: set[Span]) -> str:
    for span in sorted(spans, reverse=True):
        text = text[: span.start] + text[span.end :]
    return text


def test_deleting_what_runs_against_a_provision_ends_the_conflict(engine: Auditor, whole: Assessment) -> None:
    against = {
        item.clause.span for found in whole.findings for item in found.evidence if item.direction is Direction.AGAINST
    }
    assert against
    left, now = BODY, whole
    for _ in range(4):
        spans = {i.clause.span for found in now.findings for i in found.evidence if i.direction is Direction.AGAINST}
        left = without(left, spans)
        now = audited(engine, left)
        if not any(found.status is Status.CONFLICT for found in now.findings):
            break
    assert [found.provision.id for found in now.findings if found.status is Status.CONFLICT] == []


def test_a_paragraph_split_in_two_or_two_joined(engine: Auditor, whole: Assessment) -> None:
    """Sentences that name their own subject say the same in one paragraph or in two."""
    first = "L’État protège les migrants contre la violence et les menaces, d’où qu’elles viennent."
    second = "Le travail forcé et l’esclavage des migrants sont interdits et punis."
    joined = audited(engine, f"# Politique\n\n{first} {second}\n")
    split = audited(engine, f"# Politique\n\n{first}\n\n{second}\n")
    assert verdicts(joined) == verdicts(split)
    assert any(found.status is not Status.GAP for found in joined.findings)


@pytest.mark.parametrize("name", ["mali/projet-pnm", "policy-en/draft"])
def test_word_says_what_the_markdown_says(name: str, engine: Auditor) -> None:
    """Automatic numbering, accepted insertions, footnotes and tables of Word make no difference."""
    typed, word = (engine.audit(read(EXAMPLES / f"{name}.{suffix}")) for suffix in ("md", "docx"))
    assert dict(word.document.notes)["tracked-deletions"] != "0"
    assert verdicts(word) == verdicts(typed)


def test_the_same_draft_gives_the_same_assessment(engine: Auditor, whole: Assessment) -> None:
    assert audited(engine, BODY) == whole
