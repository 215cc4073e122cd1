"""The harmonisation report: what every format shows, and what none may do."""

from __future__ import annotations

import html as entities
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import handmade
import pytest
from lxml import etree

from compliance.errors import DataErrors, UsageError
from compliance.labels import COLOUR, Degree, Footing, both
from compliance.load.measures import load_register, load_themes
from compliance.load.plan import read_plan
from compliance.model.judgement import Assessment, Finding, Priority, Status
from compliance.model.law import Bilingual, Force, Language, Part, Standing
from compliance.model.measure import Measure, MeasureKind, MeasureStatus, Plan, PlanEntry, Register, Theme
from compliance.model.policy import Document
from compliance.reporters import DOCUMENTS, document_writer
from compliance.reporters.xlsx import FILLED_COLUMNS, HEADERS
from compliance.view import Report, View, article

DAY = date(2026, 3, 2)
ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = Path(os.environ.get("AXE_CORE", ROOT / "node_modules" / "axe-core" / "axe.min.js"))
TEXT_FORMATS = ("md", "html")
MEASURE = Measure(
    id="centre",
    name=Bilingual("Centre d’accueil", "Reception centre"),
    kind=MeasureKind.INSTITUTION,
    status=MeasureStatus.ACTIVE,
    source="note",
    provisions=("icrmw:12",),
    end="2014-09",
)


def report(assessment: Assessment | None = None, language: Language = Language.FR, **more: Any) -> Report:
    register = Register(Bilingual("Ailleurs", "Elsewhere"), "2013", "note", None, (MEASURE,))
    themes = (Theme("care", Bilingual("Soins", "Care"), ("icrmw:10", "icrmw:11", "icrmw:12", "icrmw:13")),)
    return Report(assessment or handmade.every_status(), language, DAY, themes, more.pop("register", register), **more)


def words(name: str, data: bytes) -> str:
    """All the words of a document, whatever its format."""
    if name in TEXT_FORMATS:
        return entities.unescape(data.decode())
    if name == "pdf":
        from pypdfium2 import PdfDocument

        pages = PdfDocument(data)
        return " ".join(page.get_textpage().get_text_range() for page in pages)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(part) for part in archive.namelist() if part.endswith(".xml")]
    return " ".join("".join(etree.fromstring(part).itertext()) for part in parts)


def render(name: str, given: Report) -> bytes:
    if name == "pdf":
        pytest.importorskip("typst")
    return document_writer(name).render(given)


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("language", Language)
def test_every_format_shows_what_a_ministry_needs(name: str, language: Language) -> None:
    data = render(name, report(language=language))
    shown = " ".join(words(name, data).replace("\u00ad", "").split())
    expected = {
        Language.FR: [
            "Tableau de concordance",
            "contraire",
            "lacune",
            "sans objet",
            "en vigueur pour l’État",
            "risque de manquement",
            "Plan d’action",
            "Centre d’accueil",
            "Fin atteinte",
        ],
        Language.EN: [
            "Table of concordance",
            "conflict",
            "gap",
            "not applicable",
            "in force for the State",
            "breach risk",
            "Action plan",
            "Reception centre",
            "End reached",
        ],
    }[language]
    for text in [*expected, "projet.md", "0" * 64, "Les soins sont refusés aux étrangers.", "icrmw:12"]:
        assert text in shown, text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_same_report_gives_the_same_bytes(name: str) -> None:
    assert render(name, report()) == render(name, report())


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name in ("docx", "xlsx")])
def test_no_clock_is_left_in_the_zip(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(render(name, report()))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-03-02T00:00:00Z"}


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UsageError, match="doc"):
        document_writer("doc")


# --- the view ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("provision", "fr", "en"),
    [
        ("icrmw:28", "Art. 28", "Art. 28"),
        ("icrmw:43.1.a", "Art. 43, par. 1 a)", "Art. 43(1)(a)"),
        ("c097:6.1.a.ii", "Art. 6, par. 1 a) ii)", "Art. 6(1)(a)(ii)"),
        ("c097:annex-1.4", "Annexe I, art. 4", "Annex I, Art. 4"),
        ("c143:14.a", "Art. 14 a)", "Art. 14(a)"),
    ],
)
def test_articles_are_cited_as_lawyers_do(provision: str, fr: str, en: str) -> None:
    assert article(provision, Language.FR).replace("\u00a0", " ") == fr
    assert article(provision, Language.EN).replace("\u00a0", " ") == en


def test_an_option_not_taken_up_is_no_shortfall() -> None:
    view = View(report(handmade.assessment(handmade.permissive_gap())))
    assert view.rows[0].degree is Degree.OPTION
    assert view.plan == ()
    assert view.top_gaps == ()


def unratified(*findings: Finding) -> Assessment:
    """As `handmade.assessment`, of a treaty not ratified whose one Part may be left out."""
    found = handmade.assessment(*findings, force=Force.NOT_RATIFIED)
    part = Part("part-3", Bilingual("Troisième partie", "Part III"), excludable=True)
    return replace(found, instruments=(replace(found.instruments[0], parts=(part,)),))


def test_a_treaty_not_ratified_is_never_called_breached() -> None:
    assessment = unratified(handmade.finding(10, Status.CONFLICT), handmade.finding(11, Status.GAP))
    view = View(report(assessment, Language.EN))
    assert {row.consequence for row in view.rows} == {
        "obstacle to lift before ratification",
        "step before ratification",
    }
    assert [band.title.split(":")[0] for band in view.conflicts] == ["Steps before ratification"]
    for name in ("md", "html", "docx"):
        assert "breach risk" not in words(name, render(name, report(assessment, Language.EN)))


def test_readiness_tells_what_is_met_and_what_a_part_would_spare() -> None:
    states = [Status.COVERED, Status.PARTIAL, Status.GAP, Status.GAP, Status.CONFLICT]
    assessment = unratified(*(handmade.finding(10 + place, status) for place, status in enumerate(states)))
    (found,) = View(report(assessment, Language.EN)).readiness
    assert [len(found.met), len(found.complete), len(found.add), len(found.lift)] == [1, 1, 2, 1]
    sentence = found.options[0].sentence.replace("\u00a0", " ")
    assert sentence == "Would spare 1 obstacle, 1 completion and 2 additions. Would leave out 1 provision already met."


def test_treaties_of_different_force_are_counted_apart() -> None:
    found = handmade.every_status()
    other = replace(found.instruments[0], id="c999", provisions=())
    row = replace(handmade.finding(30, Status.GAP).provision, id="c999:1", instrument="c999")
    other = replace(other, provisions=(row,))
    standings = {**found.profile.standings, "c999": Standing(Force.NOT_RATIFIED)}
    mixed = replace(
        found,
        instruments=(*found.instruments, other),
        profile=replace(found.profile, standings=standings),
        findings=(*found.findings, replace(handmade.finding(30, Status.GAP), provision=row)),
    )
    view = View(report(mixed))
    assert [sum(theme.counts.total for theme in band.themes) for band in view.themes] == [len(found.findings), 1]


def test_ten_gaps_at_most_one_an_article_binding_treaties_first() -> None:
    gaps = [handmade.finding(10 + place, Status.GAP, Priority.MEDIUM) for place in range(14)]
    gaps.append(handmade.finding(50, Status.GAP, Priority.HIGH))
    (band,) = View(report(handmade.assessment(*gaps))).top_gaps
    assert len(band.rows) == 10
    assert band.rows[0].id == "icrmw:50"
    assert len({row.group for row in band.rows}) == 10


def test_a_measure_without_clause_is_told_apart_from_neither() -> None:
    view = View(report(handmade.assessment(handmade.finding(12, Status.GAP), handmade.finding(13, Status.GAP))))
    assert [row.footing for row in view.rows] == [Footing.MEASURE, Footing.NEITHER]


@pytest.mark.parametrize(("day", "said"), [(date(2014, 8, 31), "Prend fin"), (date(2014, 9, 1), "Fin atteinte")])
def test_a_measure_that_ends_is_flagged(day: date, said: str) -> None:
    assert View(replace(report(), day=day)).measures[0].flag.startswith(said)


def test_highlights_cut_a_clause_without_losing_a_letter() -> None:
    view = View(report())
    for clause in view.clauses:
        pieces = "".join(piece.text for piece in view.pieces[clause.id])
        assert "".join(pieces.split()) == "".join(clause.text.split())
    marked = [piece for pieces in view.pieces.values() for piece in pieces if piece.cue]
    assert marked
    assert all(piece.provisions for piece in marked)


def test_clauses_that_nothing_asks_for_close_the_table() -> None:
    assert [clause.id for clause in View(report()).unanchored] == ["c1"]


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, two: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("degree", Degree)
def test_colours_are_readable(degree: Degree) -> None:
    back, ink, mark = COLOUR[degree]
    assert _contrast(back, ink) >= 7
    assert _contrast("FFFFFF", mark) >= 4.5


# --- workbook ----------------------------------------------------------------------------------------------------


def hostile(text: str) -> Assessment:
    """An assessment whose draft is one clause of these words."""
    found = handmade.assessment(handmade.finding(10, Status.CONFLICT), handmade.finding(11, Status.PARTIAL))
    old: Document = found.document
    padded = text.ljust(len(old.text))
    return replace(found, document=replace(old, text=padded, path="=1+1.md"))


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\t=1", "=cmd|'/c calc'!A1\x00\x07"]
)
def test_a_draft_never_becomes_a_formula(text: str) -> None:
    from openpyxl import load_workbook

    entry = PlanEntry(action=text, body=text, comment=text)
    data = render("xlsx", report(hostile(text * 40), plan=Plan({"icrmw:10": entry})))
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                    assert cell.quotePrefix
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name)


def test_the_workbook_is_ready_to_use() -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(render("xlsx", report())))
    assert book.sheetnames[:3] == ["Synthèse", "CTM", "Plan d’action"]
    for name in ("CTM", "Plan d’action"):
        sheet = book[name]
        assert sheet.auto_filter.ref
        assert sheet.freeze_panes == "C2"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.print_area
        assert sheet["D2"].alignment.wrap_text
    assert book["Synthèse"]._charts


def test_what_people_wrote_survives_a_new_report(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    first = tmp_path / "plan.xlsx"
    first.write_bytes(render("xlsx", report()))
    book = load_workbook(first)
    sheet = book["Plan d’action"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    row = next(cell.row for cell in sheet["A"] if cell.value == "icrmw:12")
    sheet.cell(row, columns["Action retenue"]).value = "Rédiger l’article 12"
    sheet.cell(row, columns["Échéance"]).value = date(2027, 6, 30)
    sheet.cell(1, sheet.max_column + 1).value = "Budget"
    sheet.cell(row, sheet.max_column).value = "40 M"
    other = book["CTM"]
    places = {cell.value: cell.column for cell in other[1]}
    covered = next(cell.row for cell in other["B"] if cell.value == "icrmw:10")
    other.cell(covered, places["Commentaire"]).value = "Déjà au code"
    book.save(first)

    headers = {text.casefold(): key for key, pair in HEADERS.items() for text in pair}
    plan = read_plan(first, headers, frozenset(HEADERS) - frozenset(FILLED_COLUMNS))
    entry = plan.entry("icrmw:12")
    assert (entry.action, entry.deadline, entry.extra) == (
        "Rédiger l’article 12",
        date(2027, 6, 30),
        (("Budget", "40 M"),),
    )
    assert plan.entry("icrmw:10").comment == "Déjà au code"
    assert set(plan.entries) == {"icrmw:10", "icrmw:12"}

    again = tmp_path / "again.xlsx"
    again.write_bytes(render("xlsx", report(language=Language.EN, plan=plan)))  # another language reads it as well
    assert read_plan(again, headers, frozenset(HEADERS) - frozenset(FILLED_COLUMNS)) == plan


def test_what_people_wrote_on_a_provision_settled_since_stays_in_the_plan() -> None:
    plan = Plan({"icrmw:10": PlanEntry(action="fait en juin"), "icrmw:999": PlanEntry(comment="ancien")})
    settled = [row for row in View(report(plan=plan)).plan if row.settled]
    assert [(row.id, row.entry.written) for row in settled] == [("icrmw:10", True), ("icrmw:999", True)]


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken"], ids=["empty", "text", "broken"])
def test_a_plan_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="workbook"):
        read_plan(path, {}, frozenset())


def test_a_workbook_without_plan_is_refused(tmp_path: Path) -> None:
    from openpyxl import Workbook

    path = tmp_path / "other.xlsx"
    Workbook().save(path)
    with pytest.raises(UsageError, match="no action plan"):
        read_plan(path, {"identifiant": "id"}, frozenset())


# --- Word --------------------------------------------------------------------------------------------------------


def test_the_word_file_has_styles_headings_and_repeating_heads() -> None:
    import docx

    paper = docx.Document(io.BytesIO(render("docx", report())))
    headings = [one.text for one in paper.paragraphs if one.style is not None and one.style.name == "Heading 1"]
    for key in ("summary", "reading", "concordance", "readiness", "register", "plan", "reverse", "annex"):
        assert both(key)[0] in headings
    space = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    tables = paper.element.body.findall("w:tbl", space)
    headed = [table for table in tables if table.find("w:tr/w:trPr/w:tblHeader", space) is not None]
    assert len(headed) >= len(tables) - 2  # the front matter and the key have no head
    marks = {one.get(f"{{{space['w']}}}name") for one in paper.element.iter(f"{{{space['w']}}}bookmarkStart")}
    links = {one.get(f"{{{space['w']}}}anchor") for one in paper.element.iter(f"{{{space['w']}}}hyperlink")}
    assert links <= marks
    known = {style.style_id for style in paper.styles}
    used = {one.get(f"{{{space['w']}}}val") for one in paper.element.iter(f"{{{space['w']}}}pStyle")}
    assert used <= known
    assert [section.orientation for section in paper.sections] == [0, 1]
    assert "PAGE" in paper.sections[0].footer._element.xml


def test_a_draft_with_strange_letters_gives_well_formed_xml() -> None:
    text = "<b>&amp; \x00\x08\ufffe \ud800 ]]> \u202e#set|`*_ «" * 3
    for name in ("docx", "xlsx", "html", "md"):
        words(name, render(name, report(hostile(text))))


# --- HTML --------------------------------------------------------------------------------------------------------


def test_the_page_needs_no_network_and_links_both_ways() -> None:
    page = render("html", report()).decode()
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", page)
    assert "default-src 'none'" in page
    anchors = set(re.findall(r'\bid="([^"]+)"', page))
    for target in re.findall(r'href="#([^"]+)"', page):
        assert target in anchors
    assert re.search(r'<mark class="against cue" data-p="icrmw-13"', page)
    assert 'href="#v-icrmw-13"' in page
    assert 'href="#c2" data-v="icrmw-13"' in page


def test_a_draft_cannot_write_html() -> None:
    page = render("html", report(hostile("<script>alert(1)</script><img src=x onerror=y>"))).decode()
    assert "<script>alert" not in page
    assert "<img" not in page


def browse(page: str, script: str, folder: Path, width: int = 1280) -> Any:
    """What the script's promise resolves to, in headless Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    probe = f"""<script>addEventListener("load", async () => {{
      let found; try {{ found = await (async () => {{ {script} }})(); }} catch (error) {{ found = "error: " + error; }}
      document.title = "FOUND" + JSON.stringify(found); }});</script>"""
    path = folder / "page.html"
    path.write_text(page.replace("</body>", f"{probe}</body>"), "utf-8")
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder / 'profile'}",
        f"--window-size={width},900",
        "--virtual-time-budget=20000",
        "--dump-dom",
        path.as_uri(),
    ]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    title = re.search(r"<title>FOUND(.*?)</title>", shown, re.DOTALL)
    assert title, shown[:500]
    return json.loads(entities.unescape(title[1]))


def test_filters_links_and_keys_work(tmp_path: Path) -> None:
    script = """
      const form = document.getElementById("filters"), wait = () => new Promise(done => setTimeout(done, 50));
      const shown = () => [...document.querySelectorAll(".v")].filter(card => !card.hidden).map(card => card.id);
      form.elements.s.value = "conflict"; form.dispatchEvent(new Event("input")); const conflict = shown();
      form.elements.s.value = ""; form.elements.q.value = "etrangers";
      form.dispatchEvent(new Event("input")); const text = shown();
      location.hash = "v-icrmw-10"; await wait();
      const back = shown().length, lit = document.querySelectorAll("#draft mark.lit").length;
      const at = document.activeElement.id;
      const wide = document.documentElement.scrollWidth > innerWidth;
      document.dispatchEvent(new KeyboardEvent("keydown", {key: "/", bubbles: true}));
      document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "/", bubbles: true}));
      const search = document.activeElement.name;
      document.querySelector("#draft mark.against").click(); await wait();
      return {conflict, text, back, lit, at, wide, search, clicked: location.hash};
    """
    found = browse(render("html", report()).decode(), script, tmp_path)
    assert found["conflict"] == ["v-icrmw-13"]
    assert "v-icrmw-13" in found["text"]
    assert "v-icrmw-10" not in found["text"]
    assert found["back"] == len(handmade.every_status().findings)
    assert found["lit"]
    assert found["at"] == "v-icrmw-10"
    assert not found["wide"]
    assert found["search"] == "q"
    assert found["clicked"] == "#v-icrmw-13"


def test_the_page_fits_a_telephone(tmp_path: Path) -> None:
    script = "return document.documentElement.scrollWidth - innerWidth"
    assert browse(render("html", report()).decode(), script, tmp_path, 500) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(tmp_path: Path, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm install axe-core, or AXE_CORE)")
    page = render("html", report()).decode()
    if scheme == "dark":
        page = page.replace("(prefers-color-scheme:dark)", "all", 1)
    axe = AXE.read_text("utf-8").replace("</script", "<\\/script")
    page = page.replace("</body>", f"<script>{axe}</script></body>")
    script = (
        "return (await axe.run()).violations.map(one => one.id + ': ' + one.nodes.map(node => node.html).join(' | '))"
    )
    assert browse(page, script, tmp_path) == []


# --- measures and themes -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def instruments() -> Any:
    from compliance.load.conventions import load_instruments

    return load_instruments(ROOT)


def test_the_register_of_mali_flags_what_its_source_contradicts(instruments: Any) -> None:
    register = load_register(ROOT / "examples" / "mali" / "mesures.yaml", instruments)
    by_id = {measure.id: measure for measure in register.measures}
    assert by_id["icrmw-accession"].date == "2003-06-05"
    assert "2008" in by_id["icrmw-accession"].doubts[0].fr
    assert by_id["cigem"].end == "2014-09"
    assert "huit" in by_id["border-reception-centres"].doubts[0].fr
    ratify = next(one for one in register.challenges if one.instruments == ("c097", "c143"))
    assert "148" not in ratify.text.fr
    assert "148" in ratify.doubts[0].fr
    named = by_id["border-reception-centres"].body
    assert named is not None
    assert len(named.fr.split("\u00a0;")) == 8


GOOD = """state: {fr: Ailleurs, en: Elsewhere}
as_of: "2013"
source: note
measures:
  - {id: one, name: {fr: Un, en: One}, kind: law, status: active, provisions: ["icrmw:28"]}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("icrmw:28", "icrmw:2800", "unknown provision"),
        ("icrmw:28", "icrmw:1.1", "is not audited"),
        ("kind: law", "kind: rumour", "rumour"),
        ("status: active", "status: active, date: 2010-01, end: 2009-12", "before it begins"),
        ("fr: Un, en: One", "fr: Un", "no 'en'"),
        ("id: one", "id: one, colour: red", "unknown key 'colour'"),
        ("{id: one", "{id: one, instruments: [c098]", "unknown instrument"),
    ],
)
def test_faults_of_a_register_are_told(tmp_path: Path, instruments: Any, old: str, new: str, said: str) -> None:
    path = tmp_path / "mesures.yaml"
    path.write_text(GOOD, "utf-8")
    assert load_register(path, instruments).measures[0].provisions == ("icrmw:28",)
    path.write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(DataErrors, match=said):
        load_register(path, instruments)


def test_every_auditable_provision_has_one_theme(instruments: Any) -> None:
    themes = load_themes(ROOT / "conventions" / "themes.yaml", instruments)
    for instrument in instruments:
        for unit in instrument.provisions:
            weights = sorted((theme.weight(unit.id) for theme in themes), reverse=True)
            assert not unit.auditable or weights[0] > weights[1], unit.id


# --- the command -------------------------------------------------------------------------------------------------


def test_formats_and_files_agree(tmp_path: Path) -> None:
    from compliance.cli.report import _targets

    draft = Path("projet.md")
    assert _targets(draft, [], None) == [("docx", Path("projet-harmonisation.docx"))]
    assert _targets(draft, [], Path("r.xlsx")) == [("xlsx", Path("r.xlsx"))]
    assert _targets(draft, ["md"], Path("-")) == [("md", Path("-"))]
    assert _targets(draft, ["md,html", "md"], tmp_path) == [
        ("md", tmp_path / "projet-harmonisation.md"),
        ("html", tmp_path / "projet-harmonisation.html"),
    ]
    for formats, output in ((["md", "html"], Path("r.md")), (["odt"], None), ([], Path("r.txt"))):
        with pytest.raises(UsageError):
            _targets(draft, formats, output)


def test_pdf_without_its_library_tells_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UsageError, match=r"compliance\[pdf\]"):
        document_writer("pdf").render(report())


def test_the_contents_hold_page_fields_and_word_asks_nothing() -> None:
    with zipfile.ZipFile(io.BytesIO(render("docx", report()))) as archive:
        body = archive.read("word/document.xml").decode()
        assert b"updateFields" not in archive.read("word/settings.xml")
    assert "w:dirty" not in body
    fields = re.findall(r"PAGEREF (\w+)", body)
    assert fields
    assert set(fields) <= set(re.findall(r'<w:bookmarkStart w:id="\d+" w:name="(\w+)"', body))
