"""compliance.yaml: found, obeyed, refused with line and column; and the shipped example of one's own instrument."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from compliance.cli import settings
from compliance.cli.app import app
from compliance.cli.init import template
from compliance.errors import DataErrors, UsageError
from compliance.load.config import load_config
from compliance.model.law import Language

RUN = CliRunner()
EXAMPLE = Path(__file__).parent.parent / "examples" / "ecowas"


def config(folder: Path, text: str) -> Path:
    path = folder / "compliance.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    home = tmp_path / "projet é"
    (home / "nôtre" / "rules").mkdir(parents=True)
    (home / "a.md").write_text("x", encoding="utf-8")
    found = load_config(
        config(
            home,
            "drafts: [a.md]\nextra: [nôtre]\nreview: r.yaml\nbaseline: b.json\noutputs: [{format: json, file: o/x.json}]\n",
        )
    )
    assert found.drafts == (home / "a.md",)
    assert found.extra == (home / "nôtre",)
    assert (found.review, found.baseline) == (home / "r.yaml", home / "b.json")
    assert found.outputs[0].path == home / "o" / "x.json"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("fail_onn: gap\n", "1:1: unknown key 'fail_onn'; did you mean 'fail_on'?", id="unknown key"),
        pytest.param("fail_on: conflicts\n", "1:10: unknown value 'conflicts' in 'fail_on'", id="unknown value"),
        pytest.param("profile: mli\ndrafts: a.md\n", "2:9: expected a list in 'drafts', found 'a.md'", id="not a list"),
        pytest.param("drafts:\n  - absent.md\n", "2:5: no such file as", id="missing draft"),
        pytest.param("extra: [., absent]\n", "1:12: no such folder as 'absent'", id="missing folder"),
        pytest.param("extra: [.]\n", "1:9: '.' holds neither conventions/ nor rules/", id="folder without data"),
        pytest.param("timeout: 0\n", "1:10: 0 is less than or equal to the minimum of 0 in 'timeout'", id="no time"),
        pytest.param("profile: mlx\n", "1:10: unknown profile 'mlx'; did you mean 'mli'?", id="unknown profile"),
        pytest.param(
            "instruments: [c143, c98]\n", "1:21: unknown instrument 'c98'; use one of", id="unknown instrument"
        ),
        pytest.param(
            "outputs:\n  - {format: jsn, file: a}\n", "2:14: unknown value 'jsn' in 'format'; did you mean", id="format"
        ),
        pytest.param("a: 1\na: 2\n", "2:1: duplicate key 'a'", id="repeated key"),
        pytest.param("", "1:1: the file is empty", id="empty"),
    ],
)
def test_mistakes_are_placed(tmp_path: Path, text: str, fault: str) -> None:
    path = config(tmp_path, text)
    with pytest.raises(DataErrors) as caught:
        load_config(path)
    assert f"{path}:{fault}" in str(caught.value)


def test_the_formats_are_those_of_check() -> None:
    import json

    from compliance.reporters import REPORTERS
    from compliance.resources import schema_path

    schema = json.loads(schema_path("config").read_text("utf-8"))
    assert schema["properties"]["outputs"]["items"]["properties"]["format"]["enum"] == list(REPORTERS)


def test_every_fault_at_once(tmp_path: Path) -> None:
    with pytest.raises(DataErrors) as caught:
        load_config(config(tmp_path, "fail_on: x\nlang: de\njobs: 0\n"))
    assert len(caught.value.faults) == 3


def test_options_come_from_the_working_folder_and_the_command_line_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config(tmp_path, "profile: mli\ninstruments: [c143]\nfail_on: never\nlang: en\n")
    monkeypatch.chdir(tmp_path)
    seen: dict[str, Any] = {}

    def taken(profile: str, instrument: list[str] | None) -> Any:
        seen.update(profile=profile, instrument=instrument, config=settings.current().path)
        raise UsageError("enough")

    monkeypatch.setattr("compliance.cli.options.auditor", taken)
    RUN.invoke(app, ["check", "x.md"])
    assert seen == {"profile": "mli", "instrument": ["c143"], "config": Path("compliance.yaml")}
    RUN.invoke(app, ["check", "x.md", "--profile", "generic", "--instrument", "icrmw"])
    assert (seen["profile"], seen["instrument"]) == ("generic", ["icrmw"])
    assert settings.current().path is None, "settings must not outlive the command"


def test_config_option_names_another_file(tmp_path: Path) -> None:
    path = config(tmp_path, "drafts: []\n")
    result = RUN.invoke(app, ["check", "--config", str(path)])
    assert isinstance(result.exception, DataErrors)
    assert RUN.invoke(app, ["check", "--help", "--config", str(path)]).exit_code == 0


def test_every_command_takes_config() -> None:
    for command in (["check"], ["match"], ["explain"], ["eval"], ["rules", "test"], ["conventions", "list"]):
        assert "--config" in RUN.invoke(app, [*command, "--help"], env={"COLUMNS": "200"}).stdout


@pytest.mark.parametrize("lang", list(Language))
def test_init_writes_what_can_be_read(tmp_path: Path, lang: Language) -> None:
    (tmp_path / "politique nationale: v2.md").write_text("x", encoding="utf-8")
    path = config(tmp_path, template([Path("politique nationale: v2.md")], "mli", lang))
    found = load_config(path)
    assert found.drafts == (tmp_path / "politique nationale: v2.md",)
    assert (found.profile, found.fail_on) == ("mli", "conflict")
    # Every line that is commented out is a setting once the sign is taken away.
    keys = ("instruments", "lang", "min_priority", "review", "baseline", "timeout", "jobs")
    open_ = "".join(
        line.removeprefix("# ") + "\n" for line in path.read_text("utf-8").splitlines() if line[2:].startswith(keys)
    )
    again = load_config(config(tmp_path, open_))
    assert again.jobs == 2
    assert again.instruments == ("icrmw", "c097", "c143")


def test_init_replaces_nothing_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert RUN.invoke(app, ["init"]).exit_code == 0
    config(tmp_path, "fail_on: gap\n")
    assert isinstance(RUN.invoke(app, ["init"]).exception, UsageError)
    assert (tmp_path / "compliance.yaml").read_text("utf-8") == "fail_on: gap\n"
    assert RUN.invoke(app, ["init", "--force", "--lang", "fr"]).exit_code == 0
    assert "Réglages" in (tmp_path / "compliance.yaml").read_text("utf-8")


def test_example_instrument_is_audited(monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    monkeypatch.chdir(EXAMPLE)
    result = RUN.invoke(app, ["check", "--format", "json"])
    assert result.exit_code == 1, result.output
    report = json.loads(result.stdout)
    status = {finding["provision"]: finding["status"] for finding in report["findings"]}
    assert len(status) == 10
    assert all(name.startswith("ecowas:") for name in status)
    assert status["ecowas:11.2"] == "conflict"
    assert status["ecowas:5.2"] == status["ecowas:12"] == "gap"


def test_example_rules_pass_their_own_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    from compliance.load.conventions import load_instruments
    from compliance.model.law import Protected
    from compliance.model.reach import reach
    from compliance.resources import data_root

    monkeypatch.chdir(EXAMPLE)
    ecowas = load_instruments(data_root(), EXAMPLE)[-1]
    unit = ecowas.provision("ecowas:2.1")
    if reach(unit, frozenset({Protected.ALL, Protected.SPECIFIED_EMPLOYMENT})).narrow:
        pytest.skip("the engine does not know persons: community yet")
    asked = [unit.id for unit in ecowas.provisions if unit.auditable]
    result = RUN.invoke(app, ["rules", "test", *asked])
    assert result.exit_code == 0, result.stdout
    assert "covered    22/22" in result.stdout
