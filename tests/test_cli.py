"""The commands a drafter types: exit statuses, what goes where, refusals in one sentence."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from handmade import assessment, finding, permissive_gap
from jsonschema import Draft202012Validator

from compliance.cli import app, options
from compliance.cli.options import FailOn
from compliance.model.judgement import Finding, Priority, Status
from compliance.resources import schema_path

# A clause that breaches, one that commits, one that only hopes: what they become is the rules' affair.
DRAFT = """# Politique migratoire

## 1. Santé

1.1. Les soins d’urgence sont refusés aux migrants en situation irrégulière.

1.2. L’État garantit l’accès à l’école de tout enfant de travailleur migrant, à égalité avec les nationaux.

1.3. Des fiches seront distribuées dans les marchés, si les moyens le permettent.
"""


class Ran(NamedTuple):
    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs the program as its users do, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def ran(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["compliance", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            app.main()
        out, err = capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, out, err)

    return ran


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "projet.md"
    path.write_text(DRAFT, encoding="utf-8")
    return path


def test_version_and_help(run: Run) -> None:
    assert run("--version").out.startswith("compliance ")
    help_ = run("--help")
    assert help_.status == 0
    for command in ("check", "report", "annotate", "diff", "review", "explain", "match", "eval", "init"):
        assert command in help_.out


def test_a_conflict_is_told_first_and_makes_the_status_1(run: Run, draft: Path) -> None:
    ran = run("check", draft)
    assert ran.status == 1
    assert "icrmw:28" in ran.out
    assert ran.out.index("soins d’urgence sont refusés") < ran.out.index("Lacunes")
    assert max(map(len, ran.out.splitlines())) <= 80
    assert ran.err == ""


def test_the_report_speaks_the_language_asked_for(run: Run, draft: Path) -> None:
    assert "Clauses contraires" in run("check", draft).out
    assert "Conflicts" in run("check", draft, "--lang", "en").out


def test_never_failing_and_quiet(run: Run, draft: Path) -> None:
    assert run("check", draft, "--fail-on", "never").status == 0
    assert run("check", draft, "--quiet") == (1, "", "")
    assert run("check", draft, "--quiet", "--fail-on", "never") == (0, "", "")


def test_json_keeps_its_contract_and_its_bytes(run: Run, draft: Path) -> None:
    first, second = run("check", draft, "--format", "json"), run("check", draft, "--format", "json")
    assert first == second
    data = json.loads(first.out)
    Draft202012Validator(json.loads(schema_path("report").read_text("utf-8"))).validate(data)
    assert len(data["findings"]) == 242
    lines = DRAFT.splitlines()
    quoted = [item for found in data["findings"] for item in found["evidence"] + found["near_misses"]]
    assert quoted
    for item in quoted:
        assert item["quote"] in "\n".join(lines[item["location"]["line_start"] - 1 : item["location"]["line_end"]])


def test_one_instrument_only(run: Run, draft: Path) -> None:
    data = json.loads(run("check", draft, "--format", "json", "--instrument", "c143").out)
    assert {found["provision"].split(":")[0] for found in data["findings"]} == {"c143"}


def test_a_profile_tells_legal_force(run: Run, draft: Path) -> None:
    data = json.loads(run("check", draft, "--format", "json", "--profile", "mli").out)
    force = {key: value["force"] for key, value in data["profile"]["instruments"].items()}
    assert force == {"icrmw": "in-force", "c097": "not-ratified", "c143": "not-ratified"}


def test_a_file_takes_the_report(run: Run, draft: Path, tmp_path: Path) -> None:
    ran = run("check", draft, "--format", "json", "--output", tmp_path / "r.json")
    assert ran.status == 1
    assert ran.out == ""
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["document"]["path"] == str(draft)


def test_several_drafts_where_one_cannot_be_read(run: Run, draft: Path, tmp_path: Path) -> None:
    ran = run("check", draft, tmp_path / "absent.md", "--format", "json")
    assert ran.status == 2
    assert json.loads(ran.out)["document"]["path"] == str(draft)
    assert ran.err.startswith("compliance: ")
    assert "absent.md: no such file" in ran.err


# --- the threshold: by status, priority and --fail-on

C, G, P, OK = Status.CONFLICT, Status.GAP, Status.PARTIAL, Status.COVERED
HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
THRESHOLDS: list[tuple[str, Finding, FailOn, Priority, bool]] = [
    ("a conflict fails by default", finding(1, C), FailOn.CONFLICT, LOW, True),
    ("a gap does not fail by default", finding(1, G), FailOn.CONFLICT, LOW, False),
    ("a partial answer does not fail by default", finding(1, P), FailOn.CONFLICT, LOW, False),
    ("coverage never fails", finding(1, OK, Priority.NONE), FailOn.PARTIAL, LOW, False),
    ("a gap fails when gaps do", finding(1, G), FailOn.GAP, LOW, True),
    ("a conflict fails when gaps do", finding(1, C), FailOn.GAP, LOW, True),
    ("a partial answer does not fail when gaps do", finding(1, P), FailOn.GAP, LOW, False),
    ("a partial answer fails when partial answers do", finding(1, P), FailOn.PARTIAL, LOW, True),
    ("a gap fails when partial answers do", finding(1, G), FailOn.PARTIAL, LOW, True),
    ("nothing fails when told never", finding(1, C), FailOn.NEVER, LOW, False),
    ("a low gap is below a medium bar", finding(1, G, LOW), FailOn.GAP, MEDIUM, False),
    ("a medium gap is at a medium bar", finding(1, G, MEDIUM), FailOn.GAP, MEDIUM, True),
    ("a medium conflict is below a high bar", finding(1, C, MEDIUM), FailOn.CONFLICT, HIGH, False),
    ("an option not taken up never fails", permissive_gap(), FailOn.PARTIAL, LOW, False),
    ("what is set aside never fails", finding(1, Status.NOT_APPLICABLE, Priority.NONE), FailOn.PARTIAL, LOW, False),
]


@pytest.mark.parametrize(("found", "fail_on", "least", "fails"), [row[1:] for row in THRESHOLDS],
                         ids=[row[0] for row in THRESHOLDS])  # fmt: skip
def test_threshold(found: Finding, fail_on: FailOn, least: Priority, fails: bool) -> None:
    held = assessment(finding(9, OK, Priority.NONE), found)
    assert any(options.counts(one, fail_on, least) for one in held.findings) is fails


# --- refusals: one sentence, status 2, nothing on standard output, never a traceback


def zipped(**parts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/"), body)
    return packed.getvalue()


ITALIAN = "La Repubblica garantisce che i lavoratori migranti abbiano gli stessi diritti dei cittadini. " * 4
REFUSED: list[tuple[str, str, bytes, str]] = [
    ("an empty file", "a.md", b"", "the file is empty"),
    ("an empty Word file", "a.docx", b"", "the file is empty"),
    ("blank text", "a.txt", b" \n\n \t\n", "no text"),
    ("binary junk", "a.docx", bytes(range(256)) * 8, "is not a Word document"),
    ("a PDF that says it is Word", "a.docx", b"%PDF-1.4\n%%EOF", "is a PDF"),
    ("a picture", "a.pdf", b"\x89PNG\r\n\x1a\n" + bytes(64), "a PNG image"),
    ("a damaged zip", "a.docx", b"PK\x03\x04" + bytes(64), "damaged"),
    ("a zip that is no draft", "a.docx", zipped(hello="there"), "a zip archive, not a draft"),
    ("a spreadsheet", "a.docx", zipped(**{"[Content_Types].xml": "spreadsheetml"}), "an Excel workbook"),
    ("an unknown suffix", "a.xyz", b"L\xe9gislation", "unknown suffix '.xyz'"),
    ("no suffix", "projet", b"Une politique.", "no suffix"),
    ("old Word", "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), ".doc"),
    ("a third language", "a.md", ITALIAN.encode(), "neither French nor English"),
    ("headings alone", "a.md", b"# La politique de la migration\n\n## Les droits de tous\n", "no clause"),
]


@pytest.mark.parametrize(("name", "data", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_draft_is_refused(run: Run, tmp_path: Path, name: str, data: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    ran = run("check", path)
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith("compliance: ")
    assert words in ran.err
    assert len(ran.err.splitlines()) == 1
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--instrument", "c144"], "unknown instrument 'c144'; one of"),
        (["--profile", "zzz"], "zzz"),
        (["--format", "papyrus"], "papyrus"),
        (["--lang", "it"], "'it'"),
        (["--fail-on", "always"], "'always'"),
        (["--no-such-option"], "--no-such-option"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_bad_usage(run: Run, draft: Path, arguments: list[str], words: str) -> None:
    ran = run("check", draft, *arguments)
    assert ran.status == 2
    assert words in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err


# --- match, explain, eval


def test_match_gives_the_words_that_decided(run: Run) -> None:
    ran = run("match", "Les migrants en situation irrégulière n'ont pas droit aux soins d'urgence")
    assert ran.status == 0
    assert "icrmw:28" in ran.out
    assert "conforme" not in ran.out
    assert "urgent-care" in ran.out


def test_match_speaks_english_to_an_english_sentence(run: Run) -> None:
    assert "[conflict]" in run("match", "Emergency care shall be denied to migrants in an irregular situation.").out


def test_match_of_nothing(run: Run) -> None:
    ran = run("match", "  ")
    assert ran == (2, "", "compliance: the text is empty\n")


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("provision", ["icrmw:28", "c097:annex-1.4", "c143:14.a", "icrmw:72.1"])
def test_explain(run: Run, provision: str, lang: str) -> None:
    ran = run("explain", provision, "--lang", lang)
    assert ran.status == 0, ran.err
    assert ran.out.startswith(provision)
    assert max(map(len, ran.out.splitlines())) <= 80
    assert ("Texte officiel" if lang == "fr" else "Official text") in ran.out
    if provision == "icrmw:28":
        for part in ("urgent-care", "no-refusal", "plain: ", "icrmw:43.1.e"):
            assert part in ran.out


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("icrmw:288", "unknown provision 'icrmw:288'; did you mean 'icrmw:"),
        ("icrmw28", "did you mean 'icrmw:28'?"),
        ("quux", "unknown provision 'quux'; list them with: compliance conventions list"),
    ],
)
def test_explain_an_unknown_provision(run: Run, asked: str, words: str) -> None:
    ran = run("explain", asked)
    assert ran.status == 2
    assert ran.out == ""
    assert words in ran.err
    assert len(ran.err.splitlines()) == 1


def test_eval(run: Run, draft: Path, tmp_path: Path) -> None:
    labels = [
        {"provision": "icrmw:28", "status": "conflict", "evidence": ["Les soins d’urgence sont refusés"]},
        {"provision": "icrmw:9", "status": "covered", "evidence": ["la vie de toute personne"]},
    ]
    gold = tmp_path / "projet.gold.json"
    gold.write_text(json.dumps({"document": draft.name, "labels": labels}), encoding="utf-8")
    ran = run("eval", gold)
    assert ran.status == 0
    assert "accuracy" in ran.out
    assert "icrmw:9\tgold covered\treport gap" in ran.out
    assert "gold cites:   la vie de toute personne" in ran.out
    assert "icrmw:28\t" not in ran.out


def test_eval_of_what_is_no_gold_file(run: Run, draft: Path) -> None:
    ran = run("eval", draft)
    assert ran.status == 2
    assert "not a gold file" in ran.err
