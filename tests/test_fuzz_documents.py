"""Drafts damaged at random: each is read or refused, never anything else."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_read_docx import docx
from test_read_pdf import column, write_pdf

from compliance.errors import ReadError
from compliance.model.policy import Document
from compliance.readers import read_bytes

MARKDOWN = """---
title: Projet
---
# Titre

1. L’État garantit :
   - les soins ;
   - l’école.

| A | B |
| - | - |
| Former les agents | 2028 |

[^1]: Une note. <!-- tu -->
""".encode()
BODY = (
    '<w:p><w:pPr><w:pStyle w:val="Titre1"/></w:pPr><w:r><w:t>Accueil</w:t></w:r></w:p>'
    '<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    "<w:r><w:t>L’État garantit les soins.</w:t></w:r></w:p>"
    '<w:p><w:ins w:id="1"><w:r><w:t>Ajout</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>Retrait</w:delText></w:r>'
    "</w:del></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Cellule</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)
SAMPLES = {
    "md": MARKDOWN,
    "docx": docx(BODY),
    "pdf": write_pdf([column(60, 700, "Accueil", "Le service est gratuit.", "1. Informer les agents.")]),
}

CHANGE = st.one_of(
    st.tuples(st.just("flip"), st.floats(0, 1), st.integers(0, 255)),
    st.tuples(st.just("cut"), st.floats(0, 1), st.integers(1, 200)),
    st.tuples(st.just("repeat"), st.floats(0, 1), st.integers(1, 200)),
    st.tuples(st.just("insert"), st.floats(0, 1), st.binary(min_size=1, max_size=8)),
)


def changed(data: bytes, changes: list[tuple[str, float, int | bytes]]) -> bytes:
    for kind, share, value in changes:
        place = int(share * len(data))
        match kind, value:
            case "flip", int(byte):
                data = data[:place] + bytes([byte]) + data[place + 1 :]
            case "cut", int(size):
                data = data[:place] + data[place + size :]
            case "repeat", int(size):
                data = data[: place + size] + data[place:]
            case "insert", bytes(piece):
                data = data[:place] + piece + data[place:]
    return data


@pytest.mark.parametrize("suffix", SAMPLES)
def test_the_sample_itself_is_read(suffix: str) -> None:
    assert read_bytes(SAMPLES[suffix], f"projet.{suffix}").blocks


@pytest.mark.parametrize("suffix", SAMPLES)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(CHANGE, min_size=1, max_size=6))
def test_a_damaged_draft_is_read_or_refused(suffix: str, changes: list[tuple[str, float, int | bytes]]) -> None:
    with suppress(ReadError):
        sound(read_bytes(changed(SAMPLES[suffix], changes), f"projet.{suffix}"))


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300), suffix=st.sampled_from(["md", "txt", "docx", "odt", "rtf", "pdf", "html"]))
def test_any_bytes_are_read_or_refused(data: bytes, suffix: str) -> None:
    with suppress(ReadError):
        sound(read_bytes(data, f"projet.{suffix}"))


def sound(document: Document) -> None:
    """What holds of every document: blocks that hold text, in order, within it."""
    assert document.blocks
    place = 0
    for block in document.blocks:
        assert place <= block.span.start < block.span.end <= len(document.text)
        place = block.span.end
