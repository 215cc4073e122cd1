"""What a real machine does to a program: odd names, links, line ends, locales, full disks, interruptions."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
TEXT = (
    "# Droits\n\nL’État garantit à tous les travailleurs migrants l’égalité de traitement.\n\n"
    "Les droits fondamentaux ne sont reconnus qu’aux travailleurs migrants titulaires d’un titre ; ceux qui sont en "
    "situation irrégulière ne peuvent s’en prévaloir.\n"
)
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")


def run(
    folder: Path, *arguments: str | bytes, env: dict[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[bytes]:
    """The program as a person starts it, in `folder`, on one instrument."""
    command = [sys.executable, "-m", "compliance.cli.app", *arguments]
    if arguments[0] == "check":
        command[4:4] = ["--instrument", "c143", "--fail-on", "never"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run(command, cwd=folder, env=environment, timeout=60, **piped)


def statuses(report: bytes) -> list[str]:
    return [finding["status"] for finding in json.loads(report)["findings"]]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("reference")
    (folder / "a.md").write_bytes(TEXT.encode())
    done = run(folder, "check", "a.md", "--format", "json")
    assert done.returncode == 0, done.stderr
    found = statuses(done.stdout)
    assert "conflict" in found
    return found


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("projet de politique (v 2).md", id="spaces and brackets"),
        pytest.param("stratégie été.md", id="accents"),
        pytest.param(unicodedata.normalize("NFD", "stratégie été.md"), id="accents as macOS writes them"),
        pytest.param("-politique.md", id="leading dash"),
        pytest.param("a\nb\tc.md", id="line end and tab", marks=posix),
        pytest.param("q\"u'o`t$e%PATH%;&.md", id="signs of a shell", marks=posix),
        pytest.param("🇲🇱 политика 政策.md", id="other scripts"),
        pytest.param("x" * 252 + ".md", id="longest"),
        pytest.param("[bold]a[red][\\].md", id="marks of the terminal library", marks=posix),
        pytest.param("MAJUSCULES.MD", id="capital suffix"),
    ],
)
def test_odd_names(tmp_path: Path, name: str, reference: list[str]) -> None:
    (tmp_path / name).write_bytes(TEXT.encode())
    done = run(tmp_path, "check", "--format", "json", "--", name)
    assert done.returncode == 0, done.stderr
    assert statuses(done.stdout) == reference
    assert json.loads(done.stdout)["document"]["path"] == name
    shown = run(tmp_path, "check", "--", name)
    assert shown.returncode == 0, shown.stderr
    missing = run(tmp_path, "check", "--", "absent" + name[-200:])
    assert missing.returncode == 2
    assert missing.stderr.count(b"\n") == 1


@posix
def test_a_name_that_is_no_text(tmp_path: Path, reference: list[str]) -> None:
    name = b"strat\xe9gie.md"
    try:
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_bytes(TEXT.encode())
    except OSError:
        pytest.skip("this file system refuses such names")
    for arguments in (("--format", "json"), (), ("--format", "json", "--timeout", "30")):
        done = run(tmp_path, "check", *arguments, "--", name)
        assert done.returncode == 0, done.stderr
        if len(arguments) == 2:
            assert statuses(done.stdout) == reference
            assert json.loads(done.stdout)["document"]["path"] == "strat\\xe9gie.md"
    assert run(tmp_path, "check", ".", "--format", "json").returncode == 0


@posix
def test_links(tmp_path: Path, reference: list[str]) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.md").write_bytes(TEXT.encode())
    (tmp_path / "link.md").symlink_to("real/a.md")
    (tmp_path / "nowhere.md").symlink_to("absent.md")
    (tmp_path / "ring.md").symlink_to("ring.md")
    (tmp_path / "real" / "up").symlink_to("..", target_is_directory=True)
    (tmp_path / "report.json").symlink_to("real/report.json")
    done = run(tmp_path, "check", "link.md", "--format", "json", "--output", "report.json")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "report.json").is_symlink()
    assert statuses((tmp_path / "real" / "report.json").read_bytes()) == reference
    for name in ("nowhere.md", "ring.md"):
        refused = run(tmp_path, "check", name)
        assert refused.returncode == 2
        assert b"Traceback" not in refused.stderr
    below = run(tmp_path, "check", "real", "--format", "json")
    assert json.loads(below.stdout)["document"]["path"] == "real/a.md"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="Windows line ends"),
        pytest.param(TEXT.replace("\n", "\r").encode(), id="old Mac line ends"),
        pytest.param(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode(), id="byte-order mark"),
        pytest.param(TEXT.encode("cp1252"), id="Windows-1252"),
        pytest.param(TEXT.encode("utf-16"), id="UTF-16"),
        pytest.param(unicodedata.normalize("NFD", TEXT).encode(), id="decomposed accents"),
        pytest.param(TEXT.rstrip("\n").encode(), id="no last line end"),
    ],
)
def test_line_ends_and_encodings(tmp_path: Path, data: bytes, reference: list[str]) -> None:
    (tmp_path / "a.md").write_bytes(data)
    done = run(tmp_path, "check", "a.md", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert statuses(done.stdout) == reference


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, id="locale C"),
        pytest.param({"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0", "LC_ALL": "C"}, id="console in Windows-1252"),
        pytest.param({"PYTHONIOENCODING": "ascii", "TERM": "dumb", "NO_COLOR": "1"}, id="console in ASCII"),
        pytest.param({"LC_ALL": "tr_TR.UTF-8"}, id="Turkish"),
        pytest.param({"COLUMNS": "20"}, id="narrow"),
    ],
)
def test_locales_and_consoles(tmp_path: Path, environment: dict[str, str], reference: list[str]) -> None:
    (tmp_path / "été.md").write_bytes(TEXT.encode())
    (tmp_path / "compliance.yaml").write_bytes("# réglages\r\ndrafts: [été.md]\r\nprofile: mli\r\n".encode())
    shown = run(tmp_path, "check", env=environment)
    assert shown.returncode == 0, shown.stderr
    assert b"Traceback" not in shown.stderr
    assert b"c143" in shown.stdout
    written = run(tmp_path, "check", "--format", "json", "--output", "r.json", env=environment)
    assert written.returncode == 0, written.stderr
    assert statuses((tmp_path / "r.json").read_bytes()) == reference
    refused = run(tmp_path, "check", "états.md", env=environment)
    assert refused.returncode == 2
    assert b"no such file" in refused.stderr


@posix
def test_a_full_disk_keeps_the_file_that_was_there(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(TEXT.encode())
    (tmp_path / "r.json").write_bytes(b"old")

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))

    done = run(tmp_path, "check", "a.md", "--format", "json", "--output", "r.json", preexec_fn=little_room)
    assert done.returncode == 2
    assert done.stderr.startswith(b"compliance: r.json: cannot be written: ")
    assert done.stderr.count(b"\n") == 1
    assert (tmp_path / "r.json").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "r.json"]


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", [("--format", "json"), ()], ids=["json", "terminal"])
def test_a_full_standard_output(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "a.md").write_bytes(TEXT.encode())
    with Path("/dev/full").open("wb") as full:
        done = run(tmp_path, "check", "a.md", *arguments, stdout=full)
    assert done.returncode == 2
    assert b"cannot be written" in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@posix
def test_no_home(tmp_path: Path) -> None:
    """Where nothing can be cached, a run takes longer and gives the same."""
    (tmp_path / "a.md").write_bytes(TEXT.encode())
    done = run(tmp_path, "check", "a.md", env={"HOME": "/nonexistent", "XDG_CACHE_HOME": "/dev/null/x"})
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""


def test_the_cache_keeps_the_last_forms_and_no_unfinished_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from compliance.load import compiled

    for age in range(12):
        compiled._write(tmp_path / f"{age:02}.json", {"sha256": str(age)})
        os.utime(tmp_path / f"{age:02}.json", (age, age))
    compiled._forget_old(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{age:02}.json" for age in range(4, 12)]

    def interrupted(*arguments: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(compiled.json, "dump", interrupted)
    with pytest.raises(KeyboardInterrupt):
        compiled._write(tmp_path / "new.json", {})
    assert len(list(tmp_path.iterdir())) == 8


@posix
def test_a_reader_that_leaves_early(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(TEXT.encode())
    end, beginning = os.pipe()
    os.close(end)
    with os.fdopen(beginning, "wb") as pipe:
        done = run(tmp_path, "check", "a.md", "--all", stdout=pipe)
    assert b"Traceback" not in done.stderr


@posix
@pytest.mark.parametrize(
    ("mount", "why"),
    [
        pytest.param("mount -o remount,ro .", "Read-only file system", id="read-only folder"),
        pytest.param("head -c 999999 /dev/zero >filler 2>&-; true", "No space left on device", id="full disk"),
    ],
)
def test_a_folder_that_takes_no_file(tmp_path: Path, mount: str, why: str) -> None:
    """On a small file system of its own, which only root may mount."""
    alone = ["unshare", "-m", "sh", "-c"]
    place = f"mount -t tmpfs -o size=64k none {tmp_path} && cd {tmp_path}"
    try:
        subprocess.run([*alone, place], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this user cannot mount a file system")
    program = f"{sys.executable} -m compliance.cli.app"
    tries = [
        f"{program} check a.md --instrument c143 --fail-on never --format json > /dev/null",
        f"{program} check a.md --format json --output r.json",
        f"{program} init",
        f"{program} check a.md --resume j",
    ]
    script = f"""{place}
        printf '%s' "$TEXT" > a.md
        {mount}
        for number in 1 2 3 4; do eval "$(printf '%s' "$TRIES" | sed -n ${{number}}p)"; echo "status $?" >&2; done
        ls -A >&2"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TEXT": TEXT, "TRIES": "\n".join(tries) + "\n"}
    done = subprocess.run([*alone, script], env=environment, capture_output=True, text=True, timeout=60)
    codes = [line for line in done.stderr.splitlines() if line.startswith("status ")]
    assert codes == ["status 0", "status 2", "status 2", "status 2"], done.stderr
    assert done.stderr.count(f"cannot be written: {why}") == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert ".tmp" not in done.stderr, "an unfinished file was left"


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "terminated"])
def test_an_interruption_leaves_the_old_file_or_the_new_one(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "a.md").write_bytes(TEXT.encode() * 40)
    command = [sys.executable, "-m", "compliance.cli.app", "check", "a.md", "--instrument", "c143", "--format", "json"]
    codes = []
    for step in range(7):
        (tmp_path / "r.json").write_bytes(b"old")
        process = subprocess.Popen(
            [*command, "--output", "r.json"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
        )
        time.sleep(0.35 + 0.15 * step)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
        codes.append(process.returncode)
        content = (tmp_path / "r.json").read_bytes()
        assert content == b"old" or statuses(content)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "r.json"], said
    # Before the program is loaded the system's own answer stands: the signal, or Python's 1 or 130.
    assert set(codes) <= {0, 1, 128 + number, -number}


def test_writing_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from compliance.cli import output

    target = tmp_path / "a.json"
    target.write_bytes(b"old")

    def stopped(*arguments: Any) -> None:
        raise KeyboardInterrupt

    for name in ("fsync", "chmod", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(output.os, name, stopped)
            with pytest.raises(KeyboardInterrupt):
                output.write_file(target, b"new")
        assert target.read_bytes() == b"old"
        assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    output.write_file(target, b"new")
    assert target.read_bytes() == b"new"


def test_windows_paths_in_messages_and_settings(tmp_path: Path) -> None:
    from compliance.cli.init import template
    from compliance.errors import Place, ReadError
    from compliance.load.config import load_config
    from compliance.model.law import Language

    assert str(ReadError("x", Place("C:\\Projets\\été\\a.md", 3, 4))) == "C:\\Projets\\été\\a.md:3:4: x"
    path = tmp_path / "compliance.yaml"
    assert yaml.safe_load(template([], "C:\\profils\\mli", Language.FR))["profile"] == "C:\\profils\\mli"
    text = template([], "mli", Language.FR).replace("# review: compliance", "review: C:\\décisions\\compliance")
    path.write_bytes(text.replace("\n", "\r\n").encode())
    named = load_config(path)
    assert named.profile == "mli"
    assert str(named.review).endswith("C:\\décisions\\compliance.review.yaml")
