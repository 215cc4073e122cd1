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

from compliance.cli import watch
from compliance.cli.app import app

TEXT = "# Droits\n\nL’État garantit aux travailleurs migrants l’égalité de chances et de traitement.\n"
GOLD = '{"document": "a.md", "labels": {}}'

# Every command with arguments that make it work; {a} and {b} are drafts, {dir} a folder to write in.
COMMANDS: dict[str, list[str]] = {
    "check": ["{a}", "--format", "json"],
    "check (folder)": ["{dir}", "--timeout", "60", "--quiet"],
    "check (resumed)": ["{a}", "--resume", "{dir}/journal", "--quiet"],
    "check (watched)": ["{a}", "--watch"],
    "check (standard input)": ["-", "--stdin-filename", "a.md"],
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
    "rules test": ["icrmw:28"],
    "rules lint": [],
    "review list": ["--draft", "{a}"],
    "review confirm": ["icrmw:28", "--draft", "{a}", "--reason", "lu", "--by", "moi"],
    "review overrule": [
        "icrmw:9",
        "--draft",
        "{a}",
        "--status",
        "covered",
        "--clause",
        "égalité de chances",
        "--reason",
        "lu",
        "--by",
        "moi",
    ],
    "review waive": ["icrmw:10", "--draft", "{a}", "--reason", "lu", "--by", "moi", "--until", "2999-01-01"],
    "review walk": ["--draft", "{a}", "--by", "moi"],
    "review bind": ["--draft", "{a}"],
    "review prune": ["--draft", "{a}"],
    "review stats": [],
}


def _names(command: Any, above: str = "") -> set[str]:
    """The commands below a group as the program itself knows them, under the names that a person types."""
    found = set()
    for name, inner in command.commands.items():
        found |= _names(inner, f"{above}{name} ") if hasattr(inner, "commands") else {f"{above}{name}"}
    return found


NAMES = _names(typer.main.get_command(app))


INTERRUPTED = 130

# What a library may import stays a class that can be inherited from; using it is refused.
DENIAL = """
import socket

class Denied(socket.socket):
    def __init__(self, *arguments, **named):
        refused()

socket.socket = Denied
for name in ("create_connection", "socketpair", "getaddrinfo", "gethostbyname"):
    setattr(socket, name, lambda *arguments, **named: refused())
"""


@pytest.fixture
def no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("socket", "create_connection", "socketpair", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, getattr(socket, name))  # to be put back
    exec(DENIAL, {"refused": lambda: pytest.fail("a socket was opened")})
    # The programs that judge drafts beside this one are denied it too, and die of it.
    (tmp_path / "site").mkdir()
    deadly = "import os\n\ndef refused():\n    os._exit(77)\n"
    (tmp_path / "site" / "sitecustomize.py").write_text(deadly + DENIAL, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))


@pytest.mark.usefixtures("no_network")
def test_the_denial_works() -> None:
    with pytest.raises(pytest.fail.Exception):
        socket.socket()
    code = "import socket; socket.create_connection(('127.0.0.1', 9))"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 77


def test_every_command_is_tried() -> None:
    tried = {words(name) for name in COMMANDS}
    assert tried == NAMES, "add the new command to COMMANDS, or take the old one out"


def test_a_command_that_is_not_tried_is_noticed() -> None:
    program = typer.Typer()
    below = typer.Typer()
    program.command("one")(lambda: None)
    below.command()(test_every_command_is_tried)
    program.add_typer(below, name="more")
    assert _names(typer.main.get_command(program)) == {"one", "more test-every-command-is-tried"}


def words(name: str) -> str:
    """The command itself; what stands between brackets tells several trials of it apart."""
    return name.partition(" (")[0]


def interrupted(seconds: float) -> NoReturn:
    """What a person does to a command that watches."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.usefixtures("no_network")
def test_a_command_opens_no_socket(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.md").write_text(TEXT + "\nEncore une phrase sur les migrants.\n", encoding="utf-8")
    (tmp_path / "a.gold.json").write_text(GOLD, encoding="utf-8")
    (tmp_path / "compliance.review.yaml").write_text("version: 1\ndecisions: []\n", encoding="utf-8")
    if "{docx}" in COMMANDS[name]:
        from docx import Document

        document: Any = Document()
        document.add_paragraph("L’État garantit aux travailleurs migrants l’égalité de traitement.")
        document.save(str(tmp_path / "a.docx"))
    monkeypatch.chdir(tmp_path)
    if "--watch" in COMMANDS[name]:
        monkeypatch.setattr(watch.time, "sleep", interrupted)
    filled = {"a": "a.md", "b": "b.md", "dir": ".", "gold": "a.gold.json", "docx": "a.docx"}
    arguments = [argument.format(**filled) for argument in COMMANDS[name]]
    result = CliRunner().invoke(app, [*words(name).split(), *arguments], input=TEXT if "-" in arguments else "q\n" * 20)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code in ((INTERRUPTED,) if "--watch" in arguments else (0, 1)), result.output
    assert "not judged" not in result.output, result.output


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
