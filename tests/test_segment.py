"""Clauses and sentences: what they inherit, and what must hold of any draft."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.model.law import Language
from compliance.model.policy import Block, BlockKind, Clause, Document, Span
from compliance.readers import read_bytes
from compliance.text.segment import segment
from compliance.text.sentence import sentences

_WORDY = re.compile(r"[^\W\d_]{2,}")


def clauses(markdown: str, language: Language = Language.FR) -> tuple[Document, tuple[Clause, ...]]:
    document = read_bytes(markdown.encode(), "projet.md")
    return document, segment(document, language)


def clause_with(markdown: str, words: str) -> Clause:
    document, found = clauses(markdown)
    return next(clause for clause in found if words in clause.span.of(document.text))


DRAFT = """# Politique migratoire

Préambule du texte.

## 1. Protéger

### 1.1. Migrants en situation irrégulière

L’État garantit :

- l’accès aux soins d’urgence ;
- l’accès à l’école :
  - pour les filles ;
  - pour les garçons.

Un alinéa qui suit la liste.

## 2. Agir

1.2.3. Une clause numérotée à la main.

| N° | Action | Responsable |
| --- | --- | --- |
| A1 | Ouvrir un guichet | Région |
"""


def test_a_clause_inherits_its_headings() -> None:
    assert clause_with(DRAFT, "soins d’urgence").headings == (
        "Politique migratoire",
        "1. Protéger",
        "1.1. Migrants en situation irrégulière",
    )
    assert clause_with(DRAFT, "à la main").headings == ("Politique migratoire", "2. Agir")


def test_a_lead_in_belongs_to_each_of_its_items() -> None:
    assert clause_with(DRAFT, "soins d’urgence").lead_in == "L’État garantit :"
    assert clause_with(DRAFT, "garçons").lead_in == "L’État garantit : l’accès à l’école :"
    assert clause_with(DRAFT, "qui suit la liste").lead_in == ""


def test_a_row_keeps_its_header() -> None:
    row = clause_with(DRAFT, "guichet")
    assert row.kind is BlockKind.ROW
    assert row.header == ("N°", "Action", "Responsable")


def test_a_number_typed_by_hand_is_the_clause_s_number() -> None:
    assert clause_with(DRAFT, "à la main").number == "1.2.3"


def test_each_clause_has_its_language() -> None:
    mixed = (
        "L’État garantit à tous les travailleurs migrants les soins dont ils ont besoin.\n\n"
        "The Government shall ensure that all migrant workers have access to the care that they need.\n"
    )
    assert [clause.language for clause in clauses(mixed)[1]] == [Language.FR, Language.EN]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Une phrase. Une autre.", ["Une phrase.", "Une autre."]),
        ("Voir l’art. 22 de la loi.", ["Voir l’art. 22 de la loi."]),
        ("Voir la loi n. 12. Elle oblige.", ["Voir la loi n. 12.", "Elle oblige."]),
        ("informer ; former ; soigner", ["informer ;", "former ;", "soigner"]),
        ("See Art. 5 of the Act. It binds.", ["See Art. 5 of the Act.", "It binds."]),
        ("Est-ce dû ? Oui.", ["Est-ce dû ?", "Oui."]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert [span.of(text) for span in sentences(text, Span(0, len(text)))] == parts


# --- what holds of any draft

WORDS = st.text(alphabet="aé’bD 1.;:,|«»\u00a0-()", min_size=1, max_size=40).filter(lambda text: "\n" not in text)
KINDS = st.sampled_from(list(BlockKind))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Any blocks that a reader could make: disjoint, ascending, with text of no block between them."""
    text, blocks = "", []
    for kind, words, level, gap in draw(
        st.lists(st.tuples(KINDS, WORDS, st.integers(0, 4), st.sampled_from(["\n", "\n\n", " | "])), max_size=12)
    ):
        start = len(text)
        text += words
        blocks.append(Block(kind, Span(start, len(text)), level=level + (kind is BlockKind.HEADING)))
        text += gap
    return Document("x.md", "text/markdown", text, tuple(blocks), "")


@given(documents(), st.sampled_from(list(Language)))
def test_any_blocks_make_clauses_in_order(document: Document, language: Language) -> None:
    found = segment(document, language)
    held = [block for block in document.blocks if _WORDY.search(block.span.of(document.text))]
    assert len(found) == len(held)
    assert [clause.id for clause in found] == [f"c{place + 1}" for place in range(len(found))]
    for clause, block in zip(found, held, strict=True):
        assert block.span.start <= clause.span.start < clause.span.end <= block.span.end
        assert clause.span.of(document.text) == block.span.of(document.text).strip()
        assert clause.kind is block.kind
    for before, after in pairwise(found):
        assert before.span.end <= after.span.start


@given(documents())
def test_headings_come_from_above(document: Document) -> None:
    above: list[str] = []
    for clause in segment(document, Language.FR):
        assert {heading.strip() for heading in clause.headings} <= set(above)
        if clause.kind is BlockKind.HEADING:
            above.append(clause.span.of(document.text).strip("#*_ \n").strip())


@given(documents())
def test_segmenting_twice_gives_the_same(document: Document) -> None:
    assert segment(document, Language.FR) == segment(document, Language.FR)


@given(st.text(alphabet='aB é.;!?…»«"()’\n\u00a01', max_size=80), st.integers(0, 10), st.integers(0, 10))
def test_sentences_hold_every_word_once(text: str, cut: int, end: int) -> None:
    span = Span(min(cut, len(text)), max(min(cut, len(text)), len(text) - end))
    found = sentences(text, span)
    for before, after in pairwise(found):
        assert before.end <= after.start
    for one in found:
        assert span.start <= one.start < one.end <= span.end
    held = "".join(one.of(text) for one in found)
    assert re.findall(r"\w", held) == re.findall(r"\w", span.of(text))


# --- through a reader: quotes point into the text, and no word of the draft is lost

LINE = st.text(alphabet="abé ’DEF,.;:()", min_size=3, max_size=50).map(str.strip).filter(_WORDY.search)
PIECE = st.one_of(
    LINE.map(lambda words: f"# {words}"),
    LINE.map(lambda words: f"### {words}"),
    LINE.map(lambda words: f"- {words}"),
    LINE.map(lambda words: f"1.2. {words}"),
    st.tuples(LINE, LINE).map("\n".join),
    st.tuples(LINE, LINE).map(lambda cells: f"| Action | Date |\n| --- | --- |\n| {cells[0]} | {cells[1]} |"),
    LINE,
)


@settings(max_examples=80)
@given(st.lists(PIECE, min_size=1, max_size=10), st.sampled_from(["md", "txt"]))
def test_every_word_of_a_draft_is_in_one_clause(pieces: list[str], suffix: str) -> None:
    document = read_bytes("\n\n".join(pieces).encode(), f"projet.{suffix}")
    found = segment(document, Language.FR)
    covered = [False] * len(document.text)
    for clause in found:
        assert document.text[clause.span.start : clause.span.end] == clause.span.of(document.text)
        for place in range(clause.span.start, clause.span.end):
            assert not covered[place]
            covered[place] = True
    for word in _WORDY.finditer(document.text):
        if word.group() not in ("Action", "Date"):  # a table's header is inherited, not a clause
            assert all(covered[word.start() : word.end()]), word.group()
    for clause in found:
        assert document.line(clause.span.start) == document.text.count("\n", 0, clause.span.start) + 1
