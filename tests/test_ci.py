"""The action, the hooks and the recipes of docs/ci.md, run in a repository with a stubbed runner."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from compliance.cli.app import app
from compliance.reporters import REPORTERS
from compliance.reporters.summary import escaped

ROOT = Path(__file__).parent.parent
BASE_TEXT = "# Santé\n\nL’État garantit aux travailleurs migrants l’égalité de chances et de traitement.\n"
NEW_TEXT = (
    "# Droits\n\nLes droits fondamentaux ne sont reconnus qu’aux travailleurs migrants titulaires d’un titre ; ceux qui "
    "sont en situation irrégulière ne peuvent s’en prévaloir.\n"
)
pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or not shutil.which("git") or not shutil.which("bash"), reason="needs bash and git"
)


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose last commit holds the old draft, and a program `compliance` on the path."""
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "compliance"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m compliance.cli.app "$@"\n', encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    repository = tmp_path / "dépôt de travail"
    repository.mkdir()
    for name in [name for name in os.environ if name.startswith(("GITHUB_", "CI_", "GIT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("GITHUB_ACTION_PATH", str(ROOT))
    monkeypatch.chdir(repository)
    (repository / "compliance.yaml").write_text("instruments: [c143]\n", encoding="utf-8")
    (repository / "politique.md").write_text(BASE_TEXT, encoding="utf-8")
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], check=True)
    (repository / "politique.md").write_text(NEW_TEXT, encoding="utf-8")
    return repository


def act(folder: Path, given: dict[str, str]) -> tuple[int, dict[str, str], str]:
    """Run the `run` steps of the action as a runner would: status of the job, outputs of the step, summary."""
    action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    inputs = {name: str(spec["default"]) for name, spec in action["inputs"].items()} | given
    outputs: dict[str, str] = {}

    def filled(text: str) -> str:
        def value(found: re.Match[str]) -> str:
            words = found.group(1)
            if words.startswith("inputs."):
                return inputs[words.removeprefix("inputs.")]
            return outputs.get(words.removeprefix("steps.check.outputs."), "")

        return re.sub(r"\$\{\{ (\S+) \}\}", value, text)

    summary, written = folder / "summary.md", folder / "outputs"
    code = 0
    for step in action["runs"]["steps"]:
        if "run" not in step or step["name"] == "Install" or code:
            continue
        assert "${{" not in step["run"], "an input in the text of a script is a command that a stranger writes"
        environment = {name: filled(value) for name, value in step.get("env", {}).items()}
        written.write_text("", encoding="utf-8")
        run = subprocess.run(
            [step["shell"], "-e", "-o", "pipefail", "-c", step["run"]],
            env=os.environ
            | environment
            | {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(written), "OUT": str(folder / "out")},
            timeout=60,
        )
        code = run.returncode
        if step.get("id") == "check":
            outputs |= dict(line.split("=", 1) for line in written.read_text("utf-8").splitlines())
    return code, outputs, summary.read_text("utf-8") if summary.exists() else ""


def test_the_action_fails_on_a_conflict_and_shows_the_change(runner: Path, tmp_path: Path) -> None:
    sarif = "true" if "sarif" in REPORTERS else "false"
    code, outputs, summary = act(tmp_path, {"drafts": "politique.md", "base": "HEAD", "sarif": sarif})
    assert (code, outputs["status"]) == (1, "1")
    assert "ne peuvent s’en prévaloir" in summary
    assert "c143" in Path(outputs["diff-file"]).read_text("utf-8")
    assert summary.index("## politique.md") > 0, "the change comes first, then the state of the draft"
    assert ("sarif-file" in outputs) == (sarif == "true")


def test_the_action_passes_when_nothing_must_fail(runner: Path, tmp_path: Path) -> None:
    given = {"drafts": "politique.md", "base": "HEAD", "sarif": "false", "fail-on": "never"}
    assert act(tmp_path, given)[0] == 0


def test_a_new_draft_has_nothing_to_be_compared_with(runner: Path, tmp_path: Path) -> None:
    name = 'nouveau "$(touch pwned)" `x`; é.md'
    (runner / name).write_text(BASE_TEXT, encoding="utf-8")
    code, outputs, summary = act(tmp_path, {"drafts": f"{name}\n", "base": "HEAD", "sarif": "false"})
    assert (code, outputs["status"]) == (0, "0")
    assert "diff-file" not in outputs
    assert "nouveau" in summary
    assert not (runner / "pwned").exists()


@pytest.mark.parametrize(
    ("drafts", "settings"), [("", "drafts: [politique.md]\ninstruments: [c143]\n"), (".", "instruments: [c143]\n")]
)
def test_drafts_of_the_settings_and_of_a_folder_are_compared(
    runner: Path, tmp_path: Path, drafts: str, settings: str
) -> None:
    (runner / "compliance.yaml").write_text(settings, encoding="utf-8")
    _, outputs, _ = act(tmp_path, {"drafts": drafts, "base": "HEAD", "sarif": "false", "fail-on": "never"})
    assert "politique.md" in Path(outputs["diff-file"]).read_text("utf-8")


def test_the_base_is_compared_with_its_own_decisions(
    runner: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = "version: 1\ndecisions:\n  - {provision: c143:10, decision: waive, expires: 2099-01-01, reason: r, by: b, on: 2026-01-01}\n"
    (runner / "compliance.review.yaml").write_text(decided, encoding="utf-8")
    commit = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", "commit", "-qm", "y"]
    for command in (["stash", "-q"], ["add", "-A"], commit, ["stash", "pop", "-q"]):
        subprocess.run(["git", *command], check=True)
    seen = tmp_path / "bin" / "seen"
    real = (tmp_path / "bin" / "compliance").read_text("utf-8")
    spy = f'if [ "$1" = diff ]; then for last; do :; done; ls -a "$(dirname "$(eval echo \\${{$(($# - 1))}})")" >"{seen}"; fi\n'
    (tmp_path / "bin" / "compliance").write_text(real.replace("exec", spy + "exec"), encoding="utf-8")
    act(tmp_path, {"drafts": "politique.md", "base": "HEAD", "sarif": "false", "fail-on": "never"})
    assert "compliance.review.yaml" in seen.read_text("utf-8").split()


def test_an_unreadable_draft_is_status_2(runner: Path, tmp_path: Path) -> None:
    code, outputs, _ = act(tmp_path, {"drafts": "politique.md\nabsent.md", "sarif": "false", "base": ""})
    assert (code, outputs["status"]) == (2, "2")


def recipe(name: str) -> str:
    text = (ROOT / "docs" / "ci.md").read_text("utf-8")
    found = re.search(rf"<!-- tested: {name} -->\n```\w+\n(.*?)```", text, re.DOTALL)
    assert found
    return found.group(1)


def test_the_shell_recipe(runner: Path) -> None:
    run = subprocess.run(["sh", "-c", recipe("shell")], env=os.environ | {"BASE": "HEAD"}, timeout=60)
    assert run.returncode == 1
    assert "c143" in (runner / "changes.md").read_text("utf-8")


def test_the_gitlab_recipe(runner: Path) -> None:
    job = yaml.safe_load(recipe("gitlab"))["compliance"]
    environment = os.environ | job["variables"] | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "HEAD"}
    codes = [subprocess.run(["sh", "-e", "-c", line], env=environment, timeout=60).returncode for line in job["script"]]
    assert codes == [0, 1]
    assert all((runner / name).stat().st_size for name in job["artifacts"]["paths"])


def test_the_hooks_name_commands_that_exist(runner: Path) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert {hook["id"] for hook in hooks} == {"compliance", "compliance-data"}
    for hook in hooks:
        assert CliRunner().invoke(app, [*hook["entry"].split()[1:], "--help"]).exit_code == 0
        re.compile(hook["files"])
    assert re.search(hooks[0]["files"], "textes/politique.DOCX".lower())
    run = subprocess.run([*hooks[0]["entry"].split(), "politique.md"], capture_output=True, timeout=60)
    assert run.returncode == 1


def test_words_of_a_draft_are_no_markup() -> None:
    assert escaped("a | <img src=x> @ministre\n[x](y) `z`") == (
        "a \\| &lt;img src=x\\> &#64;ministre \\[x\\]\\(y\\) \\`z\\`"
    )


def test_completion_knows_the_program() -> None:
    from typer.testing import CliRunner as Runner

    said = Runner().invoke(app, [], env={"_COMPLIANCE_COMPLETE": "complete_bash", "COMP_WORDS": "compliance ch", "COMP_CWORD": "1"}, prog_name="compliance")  # fmt: skip
    assert "check" in said.stdout


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("compliance check --profile ml", "mli"),
        ("compliance check --instrument c1", "c143"),
        ("compliance explain icrmw:2", "icrmw:28"),
    ],
)
def test_completion_knows_ids(words: str, wanted: str) -> None:
    environment = {
        "_COMPLIANCE_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    said = CliRunner().invoke(app, [], env=environment, prog_name="compliance")
    assert wanted in said.stdout.split()
