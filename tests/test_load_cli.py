"""`compliance conventions` lists, shows and validates; it exits 2 when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from compliance.cli.conventions import app
from compliance.resources import data_root

pytestmark = pytest.mark.skipif(
    not list((data_root() / "conventions").glob("*/instrument.yaml")), reason="no shipped conventions yet"
)
RUN = CliRunner()


def test_list_by_instrument() -> None:
    everything = RUN.invoke(app, ["list", "--instrument", "c143"])
    auditable = RUN.invoke(app, ["list", "--instrument", "c143", "--auditable", "--lang", "fr"])
    assert everything.exit_code == auditable.exit_code == 0
    assert everything.stdout.count("c143:") == 51
    assert auditable.stdout.count("c143:") == 27


def test_show_in_both_languages() -> None:
    shown = [RUN.invoke(app, ["show", "icrmw:22.8", "--lang", lang]).stdout for lang in ("fr", "en")]
    assert "expulsion" in shown[0]
    assert shown[0] != shown[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "icrmw:228"], "unknown provision 'icrmw:228'; did you mean 'icrmw:22.8'?"),
        (["list", "--instrument", "c98"], "unknown instrument 'c98'; use one of: icrmw, c097, c143"),
        (["validate", "absent"], "absent: no such folder"),
        (["validate", "absent.yaml"], "absent.yaml: cannot be read"),
    ],
)
def test_refused(arguments: list[str], words: str) -> None:
    result = RUN.invoke(app, arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_validate_shipped() -> None:
    result = RUN.invoke(app, ["validate"])
    assert result.exit_code == 0, result.stderr
    assert "401 provisions" in result.stdout


def test_validate_reads_themes(tmp_path: Path) -> None:
    path = tmp_path / "themes.yaml"
    path.write_text('- id: a\n  fr: "A"\n  en: "A"\n  provisions: [icrmw:28, icrmw:299]\n', encoding="utf-8")
    result = RUN.invoke(app, ["validate", str(path)])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{path}:4:26: 'icrmw:299' names no provision; did you mean 'icrmw:29'?")


def test_validate_reads_the_folders_of_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from compliance.cli.app import app as whole

    (tmp_path / "own" / "conventions" / "states").mkdir(parents=True)
    (tmp_path / "own" / "conventions" / "states" / "x.yaml").write_text("id: x\nroles: []\n", encoding="utf-8")
    (tmp_path / "own" / "conventions" / "themes.yaml").write_text("- id: a\n", encoding="utf-8")
    (tmp_path / "compliance.yaml").write_text("extra: [own]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = RUN.invoke(whole, ["conventions", "validate"])
    assert result.exit_code == 2
    assert "x.yaml:1:1: no 'state'" in result.stderr
    assert "themes.yaml:1:3: no 'provisions'" in result.stderr


def test_validate_prints_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("id: X\nstate: {fr: a}\nroles: [orign]\n", encoding="utf-8")
    result = RUN.invoke(app, ["validate", str(path)])
    assert result.exit_code == 2
    lines = [line.removeprefix(f"{path}:") for line in result.stderr.splitlines()]
    assert [line.split(":")[0] for line in lines] == ["1", "2", "3"]
    assert lines[2] == "3:9: unknown value 'orign' in 'roles'; did you mean 'origin'?"
