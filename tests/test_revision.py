"""Clauses are found again whatever was done to them, and each change of verdict has its name."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from toydraft import TOY, Said, assess

from compliance.errors import ReadError
from compliance.model.law import Language
from compliance.reporters import diff as reporters
from compliance.reporters.json import report
from compliance.resources import schema_path
from compliance.revision import Kind, Move, Passage, Stroke, Version, align, compare, of_assessment, of_report, strokes
from compliance.revision_wording import paragraph

ONE = "The State guarantees emergency medical care to every migrant worker and each member of the family"
TWO = "Recruitment fees may never be charged to the workers who are recruited for employment abroad"
THREE = "Labour inspectors visit every workplace where foreign seasonal staff are housed twice in a year"


def passages(*texts: str) -> list[Passage]:
    found = []
    for place, text in enumerate(texts, 1):
        number = text.split()[0] if text[0].isdigit() else ""
        found.append(Passage(f"c{place}", number, (), text))
    return found


@pytest.mark.parametrize(
    ("old", "new", "moves"),
    [
        pytest.param((ONE, TWO), (ONE, TWO), ["same", "same"], id="nothing"),
        pytest.param(("1. " + ONE, "2. " + TWO), ("4. " + ONE, "5. " + TWO), ["moved", "moved"], id="renumbered"),
        pytest.param(("1. " + ONE,), ("1 " + ONE,), ["same"], id="a number with and without its dot"),
        pytest.param((ONE, TWO, THREE), (TWO, THREE, ONE), ["same", "same", "moved"], id="moved to the end"),
        pytest.param((ONE, TWO), (ONE.replace("guarantees", "may offer"), TWO), ["reworded", "same"], id="reworded"),
        pytest.param((ONE + ". " + TWO,), (ONE, TWO), ["split"], id="split"),
        pytest.param((ONE, TWO), (TWO + ", and " + ONE,), ["merged"], id="merged"),
        pytest.param((ONE, TWO), (TWO,), ["same", "removed"], id="removed"),
        pytest.param((ONE,), (THREE, ONE), ["added", "same"], id="added"),
        pytest.param((ONE, ONE), (ONE, ONE, ONE), ["same", "same", "added"], id="repeated"),
        pytest.param(
            (ONE, TWO), (TWO.replace("never", "not"), THREE), ["reworded", "added", "removed"], id="all at once"
        ),
        pytest.param((), (ONE,), ["added"], id="from nothing"),
        pytest.param(("Care.",), ("Work.",), ["added", "removed"], id="a word for another"),
    ],
)
def test_alignment(old: tuple[str, ...], new: tuple[str, ...], moves: list[str]) -> None:
    assert [str(pairing.move) for pairing in align(passages(*old), passages(*new))] == moves


texts = st.lists(
    st.sampled_from([ONE, TWO, THREE, ONE + ". " + TWO, "Care.", TWO + " " + THREE, ONE.upper()]), max_size=8
)


@settings(max_examples=80, deadline=None)
@given(texts, texts)
def test_each_clause_is_in_one_pairing(old: list[str], new: list[str]) -> None:
    sides = passages(*old), passages(*new)
    pairings = align(*sides)
    for side, name in zip(sides, ("old", "new"), strict=True):
        found = [one for pairing in pairings for one in getattr(pairing, name)]
        assert sorted(one.id for one in found) == sorted(one.id for one in side)


def test_time_grows_with_the_draft_and_not_its_square() -> None:
    def took(size: int) -> float:
        old = passages(
            *(f"Point {n} of the plan sets aside funds for district {n * 7} and town {n * 3}" for n in range(size))
        )
        new = passages(*(one.text.replace("funds", "means") for one in old))
        start = time.process_time()
        align(old, new)
        return time.process_time() - start

    took(50)
    assert took(1600) < 16 * max(took(200), 0.01)


def test_strokes_keep_both_texts() -> None:
    found = strokes("The State may  offer care.", "The State shall offer CARE.")
    assert [(str(stroke), before, after) for stroke, before, after in found] == [
        ("kept", "The State ", "The State "),
        ("cut", "may ", ""),
        ("put", "", "shall "),
        ("kept", "offer care.", "offer CARE."),
    ]
    assert strokes("same words", "Same, words")[0][0] is Stroke.KEPT


OLD = f"1. {ONE}.\n\n2. {TWO}.\n\n3. {THREE}.\n"
ONE_NOW = ONE.replace("every migrant worker", "every worker with a permit")
NEW = f"1. {THREE}.\n\n2. {ONE_NOW}.\n\n4. Workers may be sent home.\n"


def revision(before: Said, after: Said, number: str = "1"):  # type: ignore[no-untyped-def]
    return compare(of_assessment(assess(OLD, {number: before})), of_assessment(assess(NEW, {number: after})), (TOY,))


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (Said("gap"), Said("covered", "emergency"), "covered"),
        (Said("conflict", "fees"), Said("covered", "emergency"), "covered"),
        (Said("gap"), Said("partial", "emergency", reasons=["persons"]), "strengthened"),
        (Said("conflict", "fees"), Said("gap"), "strengthened"),
        (Said("covered", "emergency"), Said("gap"), "lost"),
        (Said("partial", "emergency", reasons=["persons"]), Said("gap"), "lost"),
        (Said("covered", "emergency"), Said("partial", "emergency", reasons=["persons"]), "narrowed"),
        (Said("covered", "emergency"), Said("partial", "emergency", reasons=["weak-commitment"]), "weakened"),
        (
            Said("covered", "emergency"),
            Said("partial", "emergency", reasons=["persons", "weak-commitment"]),
            "weakened",
        ),
        (
            Said("partial", "emergency", reasons=["missing-element"], missing=["one"]),
            Said("partial", "emergency", reasons=["missing-element"], missing=["two"]),
            "weakened",
        ),
        (
            Said("partial", "emergency", reasons=["persons", "weak-commitment"]),
            Said("partial", "emergency", reasons=["persons"]),
            "strengthened",
        ),
        (
            Said("partial", "emergency", reasons=["weak-commitment"]),
            Said("partial", "emergency", reasons=["weak-commitment", "persons"]),
            "narrowed",
        ),
        (Said("covered", "emergency"), Said("conflict", "sent home"), "contradicted"),
        (Said("gap"), Said("conflict", "sent home"), "contradicted"),
        (Said("conflict", "inspectors"), Said("conflict", "inspectors"), "unchanged"),
        (Said("conflict", "inspectors"), Said("conflict", "inspectors", "sent home"), "contradicted"),
        (Said("conflict", "inspectors", "fees"), Said("conflict", "inspectors"), "strengthened"),
        (Said("covered", "emergency"), Said("covered", "emergency"), "unchanged"),
    ],
)
def test_kinds(before: Said, after: Said, kind: str) -> None:
    found = revision(before, after)
    assert str(found.changes[0].kind) == kind
    assert {str(change.kind) for change in found.changes[1:]} == {"unchanged"}


def test_the_words_before_and_after() -> None:
    change = revision(Said("covered", "emergency"), Said("partial", "emergency", reasons=["persons"])).changes[0]
    (pairing,) = change.pairings
    assert pairing.move is Move.REWORDED
    assert (pairing.old[0].number, pairing.new[0].number) == ("1.", "2.")
    assert change.reworded


def test_set_aside_is_no_change() -> None:
    found = revision(Said("not-applicable"), Said("gap"))
    assert [unit.id for unit in found.entered] == ["toy:1"]
    assert len(found.changes) == len(TOY.provisions) - 1


# --- a JSON report on either side --------------------------------------------------------------------------------

SAID = {"1": Said("covered", "emergency"), "2": Said("conflict", "fees"), "3": Said("covered", "inspectors")}


def both(text: str, said: dict[str, Said]) -> tuple[Version, Version]:
    assessment = assess(text, said)
    return of_assessment(assessment), of_report(json.loads(json.dumps(report(assessment))), "r.json")


def test_a_report_of_the_same_draft_differs_in_nothing() -> None:
    draft, read = both(OLD, SAID)
    for sides in ((draft, read), (read, draft), (read, read)):
        found = compare(*sides, (TOY,))
        assert {change.kind for change in found.changes} == {Kind.UNCHANGED}
        assert not any(change.reworded for change in found.changes)
        assert {pairing.move for pairing in found.pairings} == {Move.SAME}


def test_what_a_report_does_not_cite_is_not_called_added() -> None:
    old, new = both(OLD, SAID)[1], of_assessment(assess(NEW, {"1": Said("conflict", "sent home"), "3": SAID["3"]}))
    found = compare(old, new, (TOY,))
    first, second = found.changes[0], found.changes[1]
    assert {pairing.move for pairing in first.pairings} == {Move.REWORDED, Move.CITED}
    # The new text is known whole, so what it has not is gone.
    assert [pairing.move for pairing in second.pairings] == [Move.REMOVED]


@pytest.mark.parametrize("data", [{}, {"findings": 3}, {"findings": [{}]}, {"findings": [], "document": 1}])
def test_no_report(data: dict[str, object]) -> None:
    with pytest.raises(ReadError, match=r"x\.json: not a JSON report of one draft"):
        of_report(data, "x.json")


# --- formats -----------------------------------------------------------------------------------------------------

NASTY = "Care <script>alert(1)</script> | **for** @everyone & all of the migrant workers in the country"


@pytest.fixture(scope="module")
def shown():  # type: ignore[no-untyped-def]
    old = of_assessment(assess(f"{NASTY}.\n\n{OLD}", {**SAID, "4": Said("covered", "Care")}))
    new = of_assessment(
        assess(
            f"{NASTY} if funds allow.\n\n{NEW}",
            {"1": Said("partial", "emergency", reasons=["persons"]), "2": Said("conflict", "home"), "4": Said("gap")},
        )
    )
    return compare(old, new, (TOY,))


@pytest.mark.parametrize("name", sorted(reporters.DIFFS))
@pytest.mark.parametrize("language", list(Language))
def test_every_format_is_written_twice_the_same(shown, name: str, language: Language) -> None:  # type: ignore[no-untyped-def]
    data = reporters.writer(name)(shown, language, "1")
    assert data == reporters.writer(name)(shown, language, "1")
    if name == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read("word/document.xml")
    assert b"toy:1" in data
    assert b"<script" not in data.replace(b"\\<script", b"") or name == "json"


def test_json_follows_its_schema(shown) -> None:  # type: ignore[no-untyped-def]
    data = json.loads(reporters.writer("json")(shown, Language.FR, "1"))
    schema = json.loads(schema_path("diff").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(data)
    assert [one["provision"] for one in data["changes"] if one["regression"]] == ["toy:1", "toy:2", "toy:3", "toy:4"]


def test_word_opens_and_strikes_what_was_cut(shown) -> None:  # type: ignore[no-untyped-def]
    from docx import Document

    document = Document(io.BytesIO(reporters.writer("docx")(shown, Language.EN, "1")))
    runs = [
        run
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        for p in cell.paragraphs
        for run in p.runs
    ]
    assert "migrant " in "".join(run.text for run in runs if run.font.strike)
    assert "with a permit" in "".join(run.text for run in runs if run.font.underline)


def test_markdown_calls_nobody(shown) -> None:  # type: ignore[no-untyped-def]
    text = reporters.writer("md")(shown, Language.EN, "1").decode()
    assert "\\@everyone" in text
    assert "<details open>" in text


def test_terminal_fits_eighty_columns(shown) -> None:  # type: ignore[no-untyped-def]
    from rich.console import Console

    out = io.StringIO()
    reporters.show(shown, Language.FR, Console(file=out, width=80, highlight=False))
    assert max(map(len, out.getvalue().splitlines())) <= 80


def test_the_paragraph() -> None:
    two = paragraph(revision(Said("covered", "emergency"), Said("gap")))
    assert two.en == (
        "From “draft.md” to “draft.md”, the draft loses ground on 1 provision, out of 7 compared. "
        "It no longer answers 1: “Heading 1” (toy:1). 1 setback concerns a convention in force for the State. "
        "The tool proposes these findings; a lawyer confirms or corrects them."
    )
    assert "Il ne répond plus à 1 disposition\u00a0: «\u00a0Heading 1\u00a0» (toy:1)." in two.fr
    assert "no verdict changes" in paragraph(revision(Said("gap"), Said("gap"))).en
    # An option is neither progress nor retreat.
    assert "no verdict changes" in paragraph(revision(Said("covered", "emergency"), Said("gap"), "7")).en


def test_reading_a_report_from_a_file_that_is_none(tmp_path: Path) -> None:
    from compliance.cli.diff import _report

    path = tmp_path / "x.json"
    for content in (b"", b"[1]", b'{"reports": []}', b"\xff", b"[" * 100_000):
        path.write_bytes(content)
        with pytest.raises(ReadError):
            _report(path)
