"""PDF drafts, written here by hand: reading order, running lines, cut words, refusals."""

from __future__ import annotations

import pytest

from compliance.errors import ReadError
from compliance.model.policy import Document
from compliance.readers import pdf, read_bytes

Text = tuple[float, float, float, str]  # left, baseline, size, words


def write_pdf(pages: list[list[Text]], *, image: bool = False) -> bytes:
    """A PDF with these words on its pages."""
    bodies = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
              "/Encoding /WinAnsiEncoding >>"]  # fmt: skip
    kids = []
    picture = "q 500 0 0 700 50 50 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI Q" if image else ""
    for page in pages:
        shown = [f"BT /F1 {size} Tf {left} {base} Td ({_escape(words)}) Tj ET" for left, base, size, words in page]
        content = "\n".join([*shown, picture])
        kids.append(f"{len(bodies) + 1} 0 R")
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {len(bodies) + 2} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        bodies.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    bodies[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    return out + f"trailer << /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()


def _escape(words: str) -> str:
    return words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def column(left: float, top: float, *lines: str, size: float = 10) -> list[Text]:
    return [(left, top - 12 * index, size, words) for index, words in enumerate(lines)]


def read(*pages: list[Text]) -> Document:
    return read_bytes(write_pdf(list(pages)), "projet.pdf")


def shown(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, block.span.of(document.text)) for block in document.blocks]


LINES = (
    "Les travailleurs migrants et les membres de leur famille ont droit à l'égalité",
    "de traitement avec les nationaux en ce qui concerne les soins médicaux et les",
    "écoles publiques.",
)


def test_lines_make_paragraphs_and_large_type_makes_headings() -> None:
    page = [(50.0, 760.0, 16.0, "1. Protection"), *column(50, 720, *LINES), *column(50, 670, *LINES)]
    document = read(page)
    assert shown(document) == [("heading", "1. Protection"), *[("paragraph", " ".join(LINES))] * 2]
    assert document.blocks[0].label == "1"
    assert [block.page for block in document.blocks] == [1, 1, 1]


def test_items_keep_their_depth() -> None:
    page = column(50, 700, "Le gouvernement prend les mesures suivantes, dans la limite de ses moyens et sans délai :")
    page += column(60, 688, "- informer les candidats au départ ;") + column(80, 676, "a) par la radio ;")
    page += column(60, 664, "- former les agents.")
    document = read(page)
    assert [(block.kind.value, block.level) for block in document.blocks] == [
        ("paragraph", 0),
        ("item", 0),
        ("item", 1),
        ("item", 0),
    ]


def test_running_headers_and_page_numbers_are_dropped() -> None:
    pages = [
        [
            (50, 780, 8, f"27/11/2025 Politique nationale - page {number}"),
            *column(50, 600, *LINES),
            (290, 30, 8, f"{number}/4"),
        ]
        for number in range(1, 5)
    ]
    document = read(*pages)
    assert shown(document) == [("paragraph", " ".join(LINES))] * 4
    assert document.notes == (("running-lines-dropped", "8"),)


def test_a_paragraph_goes_on_over_the_page() -> None:
    document = read(column(50, 100, *LINES[:2]), column(50, 760, LINES[2]))
    assert shown(document) == [("paragraph", " ".join(LINES))]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = column(50, 700, *(f"gauche {number} assez longue pour une colonne" for number in range(8)))
    right = column(320, 700, *(f"droite {number} assez longue pour une colonne" for number in range(8)))
    by_column = read(left + right)
    text = by_column.text
    assert text.index("gauche 7") < text.index("droite 0")


def test_a_word_cut_at_the_line_end_is_made_whole() -> None:
    document = read(
        column(
            50,
            700,
            "Les travailleurs qui se trouvent en situation de mi-",
            "gration irrégulière ont des droits.",
        )
    )
    assert "situation de migration irrégulière" in document.text


def test_table_rows_have_cells() -> None:
    rows = [
        ("Objectif", "Action", "Acteur"),
        ("Informer", "Ouvrir un guichet", "ANPE"),
        ("Former", "Recruter", "État"),
    ]
    page = column(50, 760, *LINES)
    page += [
        (left, 700 - 14 * index, 10, cell)
        for index, row in enumerate(rows)
        for left, cell in zip((50, 200, 400), row, strict=True)
    ]
    document = read(page)
    assert shown(document)[1:] == [
        ("row", "Informer | Ouvrir un guichet | ANPE"),
        ("row", "Former | Recruter | État"),
    ]
    assert document.blocks[1].header == ("Objectif", "Action", "Acteur")


def test_parallel_columns_are_followed_over_the_pages() -> None:
    def page(number: int) -> list[Text]:
        left = column(50, 600, f"suite {number}", *["ligne en français"] * 6, "français sans fin")
        return left + column(320, 600, f"English {number}", *["line in English"] * 6, "English to the end.")

    text = read(*[page(number) for number in range(6)]).text
    assert text.index("English") > text.rindex("français")


def test_a_scan_is_refused() -> None:
    with pytest.raises(ReadError, match="scanned"):
        read_bytes(write_pdf([[], []], image=True), "scan.pdf")


def test_a_blank_pdf_is_refused() -> None:
    with pytest.raises(ReadError, match="no text"):
        read_bytes(write_pdf([[]]), "vide.pdf")


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PDF_PAGES", 1)
    with pytest.raises(ReadError, match="more than 1 pages"):
        read(column(50, 700, *LINES), column(50, 700, *LINES))


def test_a_damaged_pdf_is_refused() -> None:
    for data in (b"%PDF-1.4\n", b"%PDF-1.7\n" + b"\xff" * 400):
        with pytest.raises(ReadError, match="damaged"):
            read_bytes(data, "projet.pdf")


def test_a_locked_pdf_is_refused() -> None:
    data = write_pdf([column(50, 700, *LINES)]).replace(
        b"trailer << ",
        b"trailer << /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (" + b"o" * 32 + b") /U (" + b"u" * 32 + b") >> "
        b"/ID [(aaaaaaaaaaaaaaaa) (aaaaaaaaaaaaaaaa)] ",
    )
    with pytest.raises(ReadError, match="password"):
        read_bytes(data, "projet.pdf")
