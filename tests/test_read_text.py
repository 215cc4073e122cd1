"""Markdown, plain text and encodings: spans point into the file, blocks are what the drafter meant."""

from __future__ import annotations

import time

import pytest

from compliance.errors import ReadError
from compliance.model.policy import BlockKind, Document
from compliance.readers import read_bytes


def shown(document: Document) -> list[tuple[str, int, str]]:
    return [(block.kind.value, block.level, block.span.of(document.text)) for block in document.blocks]


def markdown(text: str) -> Document:
    return read_bytes(text.encode(), "draft.md")


def plain(text: str) -> Document:
    return read_bytes(text.encode(), "draft.txt")


def ascending(document: Document) -> bool:
    ends = [0]
    for block in document.blocks:
        if not (ends[-1] <= block.span.start < block.span.end <= len(document.text)):
            return False
        ends.append(block.span.end)
    return True


def test_markdown_headings_lose_their_marks_and_keep_their_level() -> None:
    assert shown(markdown("# Titre #\n\nTexte.\n\nSous-titre\n---\n\n####Sans espace\n")) == [
        ("heading", 1, "Titre"),
        ("paragraph", 0, "Texte."),
        ("heading", 2, "Sous-titre"),
        ("heading", 4, "Sans espace"),
    ]


def test_markdown_items_are_parted_from_the_items_inside_them() -> None:
    document = markdown(
        "L'État garantit :\n\n- les soins :\n  - d'urgence ;\n  - courants.\n- l'école.\n\n1. Un\n2. Deux\n"
    )
    assert shown(document) == [
        ("paragraph", 0, "L'État garantit :"),
        ("item", 0, "les soins :"),
        ("item", 1, "d'urgence ;"),
        ("item", 1, "courants."),
        ("item", 0, "l'école."),
        ("item", 0, "1. Un"),
        ("item", 0, "2. Deux"),
    ]
    assert [block.label for block in document.blocks[-2:]] == ["1.", "2."]


def test_markdown_lines_are_true() -> None:
    document = markdown("---\ntitle: x\n---\n\n# A\r\n\r\nUn texte\r\nsur deux lignes.\r\n\r\n- item\r\n")
    assert [document.line(block.span.start) for block in document.blocks] == [5, 7, 10]
    assert document.blocks[1].span.of(document.text) == "Un texte\nsur deux lignes."


def test_markdown_rows_know_their_header() -> None:
    document = markdown("| Objectif | **Action** |\n|---|---|\n| Informer | Ouvrir un guichet |\n")
    assert shown(document) == [("row", 0, "Informer | Ouvrir un guichet")]
    assert document.blocks[0].header == ("Objectif", "Action")


def test_markdown_comments_code_and_front_matter_make_no_block() -> None:
    text = "---\na: b\n---\n<!-- caché -->\n\nVu <!-- secret --> ici.\n\n```\ncode\n```\n\n<div>\nMot\n</div>\n"
    document = markdown(text)
    assert [words for _, _, words in shown(document)] == ["Vu", "ici.", "Mot"]
    assert ("code-skipped", "1") in document.notes


def test_markdown_quotes_notes_and_bold_headings() -> None:
    document = markdown("**Axe premier**\n\n> Une citation.\n\nTexte[^1].\n\n[^1]: La note.\n\n**Gras.** Suite.\n")
    assert [(kind, words) for kind, _, words in shown(document)] == [
        ("heading", "**Axe premier**"),
        ("paragraph", "Une citation."),
        ("paragraph", "Texte[^1]."),
        ("note", "La note."),
        ("paragraph", "**Gras.** Suite."),
    ]


def test_markdown_letters_make_items() -> None:
    document = markdown("Mesures :\na) informer ;\nb) former.\n\nc) suivre.\n")
    assert [(block.kind.value, block.label) for block in document.blocks] == [
        ("paragraph", ""),
        ("item", "a)"),
        ("item", "b)"),
        ("item", "c)"),
    ]


def test_plain_wrapped_lines_make_one_paragraph() -> None:
    text = (
        "TITRE II\n\nDES DROITS DES TRAVAILLEURS\n\nChapitre 3 : Santé\n\n"
        "Les travailleurs migrants reçoivent les soins médicaux\nd'urgence dont ils ont besoin, dans les mêmes\nconditions"
        " que les nationaux.\n\nL'État :\n\n- informe les travailleurs migrants des droits qu'ils\n  tiennent de la loi ;\n"
        "    o par affiche ;\n- forme les agents.\n"
    )
    document = plain(text)
    kinds = [(block.kind.value, block.level) for block in document.blocks]
    assert kinds[:3] == [("heading", 1), ("heading", 3), ("heading", 2)]
    assert [words for _, _, words in shown(document)][3].count("\n") == 2
    assert kinds[5:] == [("item", 0), ("item", 1), ("item", 0)]
    assert ascending(document)


@pytest.mark.parametrize(
    ("line", "kind", "label"),
    [
        pytest.param("1.2 Cadre juridique", "heading", "1.2", id="numbered title"),
        pytest.param(
            "Article 12 - L'employeur remet un contrat écrit.",
            "paragraph",
            "Article 12",
            id="article with text",
        ),
        pytest.param("Article 12", "heading", "Article 12", id="article alone"),
        pytest.param("(ii) les soins d'urgence ;", "item", "(ii)", id="roman in brackets"),
        pytest.param("a) les soins d'urgence ;", "item", "a)", id="letter"),
        pytest.param("• les soins d'urgence ;", "item", "", id="bullet"),
        pytest.param("Chapitre 3 présente les mesures prises.", "paragraph", "", id="a sentence, not a chapter"),
        pytest.param("Le pays compte 2 millions d'habitants.", "paragraph", "", id="sentence"),
    ],
)
def test_plain_labels(line: str, kind: str, label: str) -> None:
    document = plain(f"Une première phrase, complète.\n\n{line}\n\nUne dernière phrase, complète.\n")
    block = document.blocks[1]
    assert (block.kind.value, block.label) == (kind, label)


def test_plain_bullets_by_indent_and_one_paragraph_a_line() -> None:
    long = (
        "L'État protège les travailleurs migrants et les membres de leur famille contre toute violence et toute menace. "
        * 2
    )
    document = plain(f"{long}\n{long}\n- un ;\n- deux.\n")
    assert [block.kind for block in document.blocks] == [BlockKind.PARAGRAPH] * 2 + [BlockKind.ITEM] * 2


FRENCH = "L’État garantit l’accès à l’école : « égalité », cœur, où, ça, Noël – été.\n"


@pytest.mark.parametrize(
    "codec",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"],
)
def test_encodings(codec: str) -> None:
    assert read_bytes(FRENCH.encode(codec), "draft.txt").text == FRENCH


@pytest.mark.parametrize("codec", ["latin_1", "iso8859_15", "cp850"])
def test_older_encodings(codec: str) -> None:
    text = "L'État garantit l'accès à l'école : égalité, où, ça, Noël, été.\n" * 3
    assert read_bytes(text.encode(codec), "draft.txt").text == text


def test_a_few_stray_bytes_in_utf8_are_mended() -> None:
    document = read_bytes(("é" * 20 + " ").encode() + "été".encode("cp1252"), "draft.txt")
    assert document.text.endswith(" été")
    assert document.notes == (("encoding-mended", "2"),)


def test_line_ends_are_folded() -> None:
    assert read_bytes(b"Un.\r\rDeux.\r\n\r\nTrois.", "draft.txt").text == "Un.\n\nDeux.\n\nTrois."


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b" \n\t\n", "no text", id="blank"),
        pytest.param(bytes(range(256)) * 50, "binary", id="junk"),
        pytest.param(b"- \n- \n***\n", "no text", id="only marks"),
    ],
)
@pytest.mark.parametrize("name", ["draft.md", "draft.txt", "draft.html"])
def test_text_refusals(data: bytes, words: str, name: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, name)
    assert words in caught.value.message


def test_forty_thousand_words_are_read_fast() -> None:
    draft = ("## Titre\n\n" + "Les travailleurs migrants ont droit aux soins. " * 10 + "\n\n- un ;\n- deux.\n\n") * 550
    started = time.perf_counter()
    markdown(draft)
    # NOTE: 0.1 s on a quiet machine; the margin is for busy ones.
    assert time.perf_counter() - started < 2
