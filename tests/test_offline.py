"""Nothing leaves the machine: every command runs while any socket is refused."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest
import typer
from typer.testing import CliRunner

from compliance.cli.app import app

TEXT = "# Droits\n\nL’État garantit aux travailleurs migrants l’égalité de chances et de traitement.\n"
GOLD = '{"document": "a.md", "labels": {}}'

# Every command with arguments that make it work; {a} and {b} are drafts, {dir} a folder to write in.
COMMANDS: dict[str, list[str]] = {
    "check": ["{a}", "--format", "json"],
    "check folder": ["{dir}", "--timeout", "60", "--quiet"],
    "explain": ["icrmw:28"],
    "match": ["Les migrants ont droit aux soins médicaux d’urgence."],
    "eval": ["{gold}"],
    "init": ["--force"],
    "diff": ["{a}", "{b}"],
    "report": ["{a}", "--format", "docx", "--output", "{dir}/r.docx"],
    "annotate": ["{docx}", "--output", "{dir}/copie.docx"],
    "conventions list": [],
    "conventions show": ["icrmw:28"],
    "conventions validate": [],
    "conventions import-text": ["--help"],
    "rules test": ["icrmw:28"],
    "rules lint": [],
    "review list": ["--draft", "{a}"],
    "review confirm": ["icrmw:28", "--draft", "{a}", "--reason", "lu", "--by", "moi"],
    "review overrule": ["icrmw:9", "--draft", "{a}", "--status", "covered", "--reason", "lu", "--by", "moi"],
    "review waive": ["icrmw:10", "--draft", "{a}", "--reason", "lu", "--by", "moi", "--until", "2999-01-01"],
    "review walk": ["--draft", "{a}"],
    "review bind": ["--draft", "{a}"],
    "review prune": ["--draft", "{a}"],
    "review stats": [],
}


def _names(group: typer.Typer, above: str = "") -> list[str]:
    found = [
        f"{above}{command.name or command.callback.__name__}"
        for command in group.registered_commands
        if command.callback
    ]
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            found += _names(inner.typer_instance, f"{above}{inner.name} ")
    return found


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: Any, **named: Any) -> NoReturn:
        pytest.fail("a socket was opened")

    for name in ("socket", "create_connection", "socketpair", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refused)


def test_every_command_is_tried() -> None:
    assert set(_names(app)) <= set(COMMANDS), "add the new command to COMMANDS"


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.usefixtures("no_network")
def test_a_command_opens_no_socket(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = name.removesuffix(" folder")
    if words not in _names(app):
        pytest.skip("not there yet")
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.md").write_text(TEXT + "\nEncore une phrase sur les migrants.\n", encoding="utf-8")
    (tmp_path / "a.gold.json").write_text(GOLD, encoding="utf-8")
    if "{docx}" in COMMANDS[name]:
        from docx import Document

        document: Any = Document()
        document.add_paragraph("L’État garantit aux travailleurs migrants l’égalité de traitement.")
        document.save(str(tmp_path / "a.docx"))
    monkeypatch.chdir(tmp_path)
    filled = {"a": "a.md", "b": "b.md", "dir": ".", "gold": "a.gold.json", "docx": "a.docx"}
    arguments = [argument.format(**filled) for argument in COMMANDS[name]]
    result = CliRunner().invoke(app, [*words.split(), *arguments], input="q\n" * 20)
    assert result.exit_code in (0, 1, 2) or isinstance(result.exception, SystemExit), result.output
    assert "No such option" not in result.output, result.output
    assert "Missing argument" not in result.output, result.output
    assert "unexpected extra" not in result.output, result.output


def test_the_program_never_imports_a_network_library() -> None:
    """What a plain check loads; a library that could call home must not even be there."""
    code = (
        "import sys; sys.argv = ['compliance', 'match', 'Les migrants ont droit aux soins d’urgence.']\n"
        "from compliance.cli import app\n"
        "try:\n    app.main()\nexcept SystemExit:\n    pass\n"
        "bad = sorted({'http.client', 'urllib.request', 'requests', 'httpx', 'aiohttp', 'distributed', 'ftplib', 'ssl'}"
        " & set(sys.modules))\n"
        "assert not bad, bad"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=Path(__file__).parent.parent, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
