"""Speed and memory, as ratios measured in one run: `python -m benchmarks.speed [--words 40000] [--rounds 3]`.

A long French policy is made up from the catalogue's clauses and the rules' examples, then written as Markdown, Word
and PDF. Each program is run as its users run it, a process a time, turn by turn; the fastest of the rounds counts.
Nothing here is a test: a busy machine moves the times, hardly the ratios.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

# What the project asks of itself.
WALL_RATIO, PDF_RATIO, DOUBLE_RATIO, VERSION_RATIO, MEMORY_MIB, REPORT_SECONDS = 1.5, 3.0, 2.2, 3.0, 150.0, 3.0
BARE = "import typer\napp = typer.Typer()\n@app.command()\ndef main(): print('bare 1')\napp()\n"


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one process: wall time in seconds, peak memory in MiB."""

    wall: float
    memory: float


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    options.add_argument("--words", type=int, default=40_000, help="length of the policy")
    options.add_argument("--rounds", type=int, default=3, help="runs of each program; the fastest counts")
    options.add_argument("--make", type=Path, metavar="FOLDER", help="only write the policies there")
    given = options.parse_args(arguments)
    if given.make:
        make(given.make, given.words)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), given.words, given.rounds)
    return 0


def make(folder: Path, words: int) -> None:
    """Write the policy in its formats, and one twice as long in Markdown."""
    text = policy(words)
    (folder / "policy.md").write_text(text, "utf-8")
    (folder / "double.md").write_text(policy(2 * words), "utf-8")
    write_docx(text, folder / "policy.docx")
    write_pdf(text, folder)


def measure(folder: Path, words: int, rounds: int) -> None:
    # NOTE: Linux counts the memory of the parent at the fork as the child's, so the parent must stay small: the
    # policies are made by another process, and the stages come last.
    command = [sys.executable, "-m", "benchmarks.speed", "--make", str(folder), "--words", str(words)]
    subprocess.run(command, check=True)
    markdown, double, word = folder / "policy.md", folder / "double.md", folder / "policy.docx"
    pdf = folder / "policy.pdf" if (folder / "policy.pdf").exists() else None
    text = markdown.read_text("utf-8")
    bare = folder / "bare.py"
    bare.write_text(BARE, "utf-8")
    print(f"{len(text.split()):,} words of French; fastest of {rounds} rounds, turn by turn")

    program = [sys.executable, "-m", "compliance.cli.app"]

    def check(draft: Path) -> list[str]:
        return [*program, "check", str(draft), "--format", "json"]

    runs: dict[str, list[str]] = {
        "Markdown": check(markdown),
        "Word": check(word),
        "twice the Markdown": check(double),
        "--version": [*program, "--version"],
        "bare typer": [sys.executable, str(bare)],
    }
    if pdf:
        runs["PDF"] = check(pdf)
    if proselint := shutil.which(
        "proselint", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    ):
        runs["proselint"] = [proselint, "check", str(markdown)]
    else:
        print("proselint is not installed: pip install proselint")
    best: dict[str, Cost] = {}
    run(check(markdown))  # whatever is compiled once is compiled now
    for _ in range(rounds):
        for name, command in runs.items():
            cost = run(command)
            known = best.get(name, cost)
            best[name] = Cost(min(cost.wall, known.wall), max(cost.memory, known.memory))
    for name, cost in best.items():
        print(f"  {name:<20}{cost.wall:7.2f} s  {cost.memory:6.0f} MiB")
    print("ratios (asked)")
    if "proselint" in best:
        ratio("Markdown / proselint", best["Markdown"].wall / best["proselint"].wall, WALL_RATIO)
        ratio("Word / proselint", best["Word"].wall / best["proselint"].wall, WALL_RATIO)
        if "PDF" in best:
            ratio("PDF / proselint", best["PDF"].wall / best["proselint"].wall, PDF_RATIO)
    ratio("twice the text", best["twice the Markdown"].wall / best["Markdown"].wall, DOUBLE_RATIO)
    ratio("--version / bare typer", best["--version"].wall / best["bare typer"].wall, VERSION_RATIO)
    peak = max(best[name].memory for name in ("Markdown", "Word", "PDF") if name in best)
    ratio("peak memory in MiB", peak, MEMORY_MIB)
    formats(markdown, rounds)
    stages(markdown, "Markdown")
    stages(word, "Word")
    if pdf:
        stages(pdf, "PDF")


def ratio(name: str, value: float, asked: float) -> None:
    print(f"  {name:<24}{value:8.2f}  (at most {asked:g}){'' if value <= asked else '  <-- above'}")


def run(command: Sequence[str]) -> Cost:
    """One process, timed; its own peak memory, not that of those before it."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # 1: findings
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(wall, used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2))


def stages(draft: Path, name: str) -> None:
    """The time of each stage, in this process."""
    from compliance.assess import findings
    from compliance.audit import Auditor
    from compliance.load import compiled, profile
    from compliance.match.read import read as read_features
    from compliance.model.law import Language
    from compliance.readers import read
    from compliance.reporters import reporter
    from compliance.text import language
    from compliance.text.segment import segment
    from compliance.wording import Explain

    print(f"stages of one audit, {name}")
    knowledge = timed("load what is known", compiled.load)
    state = profile.generic()
    auditor = timed("prepare", lambda: Auditor(knowledge, state))
    document = timed("read", lambda: read(draft))
    spoken = timed("tell the language", lambda: language.of_text(document.text)) or Language.FR
    clauses = timed("segment", lambda: segment(document, spoken))
    sentences = timed("read features", lambda: read_features(document, clauses, knowledge.lexes))
    seen = timed("match", lambda: auditor.matcher.match(document, sentences))
    explain = Explain(state)
    timed(
        "assess",
        lambda: findings(auditor.instruments, state, seen.evidence, seen.near_misses, seen.by_reference, explain),
    )
    assessment = auditor.audit(document)
    timed("report (JSON)", lambda: reporter("json").render([assessment], None))


def formats(draft: Path, rounds: int) -> None:
    """What each format costs once the draft is judged: everything from the assessment to the bytes."""
    from datetime import date

    from compliance.annotate import annotator
    from compliance.audit import Auditor
    from compliance.cli.report import _themes
    from compliance.load import compiled, profile
    from compliance.model.law import Language
    from compliance.readers import read
    from compliance.reporters import DOCUMENTS, REPORTERS, document_writer, reporter
    from compliance.view import Report

    knowledge = compiled.load()
    assessment = Auditor(knowledge, profile.generic()).audit(read(draft))
    report = Report(assessment, Language.FR, date(2026, 1, 1), _themes(knowledge.instruments))
    data = draft.read_bytes()
    actions: dict[str, Callable[[], bytes]] = {
        **{name: partial(document_writer(name).render, report) for name in DOCUMENTS},
        **{name: partial(reporter(name).render, [assessment], None) for name in REPORTERS},
        "annotate": lambda: annotator(draft.name).annotate(data, assessment, Language.FR),
    }
    print("seconds beyond the check itself, by format (asked)")
    for name, action in actions.items():
        ratio(name, min(forked(action) for _ in range(rounds)), REPORT_SECONDS)


def forked(action: Callable[[], Any]) -> float:
    """The time that an action takes in a child process: Typst keeps what it has set once."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        begun = time.perf_counter()
        action()
        os.write(write, str(time.perf_counter() - begun).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with os.fdopen(read) as answer:
        return float(answer.read())


def timed(name: str, action: Callable[[], Any]) -> Any:
    begun = time.perf_counter()
    result = action()
    print(f"  {name:<20}{time.perf_counter() - begun:7.3f} s")
    return result


# --- the policy


def policy(words: int) -> str:
    """A French policy of about that many words; the same every time."""
    chance = random.Random(words)
    pool = clauses()
    lines = ["# Politique nationale migratoire", ""]
    count = section = 0
    while count < words:
        section += 1
        chapter, place = divmod(section - 1, 6)
        if place == 0:
            lines += [f"## {chapter + 1}. Axe {chapter + 1}\u00a0: protéger et accueillir", ""]
        lines += [f"### {chapter + 1}.{place + 1}. Mesures de la section {section}", ""]
        for number in range(1, 7):
            body = " ".join(chance.choice(pool) for _ in range(chance.choice((1, 1, 2, 3))))
            lines += [f"{chapter + 1}.{place + 1}.{number}. {body}", ""]
            count += len(body.split())
        lines += ["Le ministère veille à\u00a0:", ""]
        items = [chance.choice(pool) for _ in range(3)]
        lines += [f"- {body.rstrip('.')}\u00a0;" for body in items]
        lines += ["", "| Action | Responsable | Échéance |", "| --- | --- | --- |"]
        action = chance.choice(pool).replace("|", " ")
        lines += [f"| {action} | Ministère | 2028 |", ""]
        count += len(" ".join([*items, action]).split()) + 20  # headings, lead-in and header
    return "\n".join(lines)


def clauses() -> list[str]:
    """French clauses of every kind: model clauses, and the rules' own examples."""
    from compliance import resources
    from compliance.load.conventions import load_instruments
    from compliance.load.rules import load_rules
    from compliance.match.pattern import names
    from compliance.model.law import Language

    root = resources.data_root()
    instruments = load_instruments(root)
    _, rules = load_rules([root], instruments, pattern_names=names)
    models = [unit.model_clause.fr for one in instruments for unit in one.provisions if unit.model_clause]
    return models + [example.text for rule in rules for example in rule.examples if example.language is Language.FR]


def write_docx(text: str, path: Path) -> None:
    from docx import Document

    document = Document()
    for block in text.split("\n\n"):
        block = block.strip("\n")
        if block.startswith("#"):
            marks, words = block.split(" ", 1)
            document.add_heading(words, len(marks))
        elif block.startswith("|"):
            rows = [line.strip("| ").split(" | ") for line in block.split("\n") if "---" not in line]
            table = document.add_table(0, len(rows[0]))
            for row in rows:
                for cell, words in zip(table.add_row().cells, row, strict=True):
                    cell.text = words
        elif block.startswith("- "):
            for line in block.split("\n"):
                document.add_paragraph(line[2:], style="List Bullet")
        elif block:
            document.add_paragraph(block)
    document.save(str(path))


def write_pdf(text: str, folder: Path) -> Path | None:
    """The policy as a PDF, by typst if it is installed, else by LibreOffice; None with neither."""
    path = folder / "policy.pdf"
    try:
        import typst
    except ImportError:
        typst = None
    if typst:
        source = folder / "policy.typ"
        source.write_text(typeset(text), "utf-8")
        typst.compile(str(source), output=str(path))
        return path
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        print("neither typst nor LibreOffice is installed: no PDF is measured")
        return None
    command = [office, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "policy.docx")]
    subprocess.run(command, check=True, capture_output=True)
    return path


def typeset(text: str) -> str:
    """Markdown as typst source; every sign that typst would read is escaped."""
    lines = ['#set page(paper: "a4", numbering: "1")', '#set text(lang: "fr", size: 10pt)']
    for line in text.split("\n"):
        marks = len(line) - len(line.lstrip("#"))
        item = line.startswith("- ")
        words = line.lstrip("#").removeprefix("- ").strip()
        if line.startswith("|"):
            words = "" if "---" in line else words.strip("| ")
        for sign in "\\#*_`$<>@=~[]/'\"-+":
            words = words.replace(sign, "\\" + sign)
        lines.append("=" * marks + (" " if marks else "") + ("- " if item else "") + words)
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
