"""`review`, `check` with decisions and baselines, and `diff`, from the command line, on a toy engine."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from toydraft import PROFILE, Said, ToyEngine
from typer.testing import CliRunner, Result

from compliance.cli import options, review
from compliance.cli.app import app
from compliance.errors import ComplianceError
from compliance.many import Outcome
from compliance.readers import read

DRAFT = """# Policy

1.1 The State guarantees emergency care to every migrant worker.

1.2 Workers may be sent home without any hearing at all.
"""
RUN = CliRunner()


class Bench:
    def __init__(self, folder: Path) -> None:
        self.draft = folder / "pnm é.md"
        self.draft.write_text(DRAFT, encoding="utf-8")
        self.review = folder / "compliance.review.yaml"
        self.engine = ToyEngine({"1": Said("covered", "emergency care"), "2": Said("conflict", "sent home")})

    def run(self, *arguments: str, text: str | None = None) -> Result:
        return RUN.invoke(app, list(arguments), input=text)

    def decide(self, *arguments: str) -> Result:
        return self.run("review", *arguments, "-d", str(self.draft), "--by", "Awa", "--today", "2026-11-24")

    def check(self, *arguments: str) -> Result:
        return self.run("check", str(self.draft), "-q", "--today", "2026-11-24", *arguments)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    found = Bench(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(options, "auditor", lambda *_: found.engine)
    return found


def test_a_waiver_lets_the_build_pass_till_it_expires(bench: Bench) -> None:
    assert bench.check().exit_code == 1
    assert bench.decide("waive", "toy:2", "--until", "2026-12-31", "-r", "law pending").exit_code == 0
    assert bench.check().exit_code == 0
    assert bench.run("check", str(bench.draft), "-q", "--today", "2027-01-01").exit_code == 1
    assert bench.check("--no-review").exit_code == 1


def test_quiet_writes_the_file_that_was_asked_for(bench: Bench) -> None:
    assert bench.check("-f", "json", "-o", "r.json").stdout == ""
    assert json.loads(Path("r.json").read_text("utf-8"))["document"]["path"] == str(bench.draft)


def test_a_stale_decision_fails_the_build(bench: Bench) -> None:
    assert bench.decide("overrule", "toy:2", "-s", "gap", "-r", "other object").exit_code == 0
    assert bench.check().exit_code == 0
    bench.draft.write_text(DRAFT.replace("without any", "after a"), encoding="utf-8")
    bench.engine.says = {**bench.engine.says, "2": Said("gap")}
    stale = bench.check()
    assert (stale.exit_code, "toy:2" in stale.stderr) == (1, True)
    assert bench.check("--allow-stale").exit_code == 0
    assert bench.run("review", "list", "-d", str(bench.draft)).exit_code == 1


def test_taken_again_the_reason_is_kept(bench: Bench) -> None:
    bench.decide("confirm", "toy:2", "-r", "as it reads")
    bench.draft.write_text(DRAFT.replace("without any", "without a"), encoding="utf-8")
    assert bench.decide("confirm", "toy:2").exit_code == 0
    assert bench.review.read_text(encoding="utf-8").count("as it reads") == 1
    assert bench.run("review", "list", "-d", str(bench.draft)).exit_code == 0


def test_shown_in_json_and_on_the_terminal(bench: Bench) -> None:
    bench.decide("overrule", "toy:3", "-s", "covered", "-c", "1.1", "-r", "says it otherwise")
    found = json.loads(bench.run("check", str(bench.draft), "-f", "json").stdout)
    finding = next(one for one in found["findings"] if one["provision"] == "toy:3")
    assert (finding["status"], finding["decision"]["tool_says"]) == ("covered", "gap")
    shown = bench.run("check", str(bench.draft)).stdout
    assert "says it otherwise" in " ".join(shown.split())
    listed = json.loads(bench.run("review", "list", "-d", str(bench.draft), "-f", "json").stdout)
    assert [one["provision"] for one in listed] == ["toy:3"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("confirm", "toy:99", "-r", "x"), "is no provision audited"),
        (("confirm", "toy:1"), "needs a reason"),
        (("waive", "toy:2", "--until", "2026-01-01", "-r", "x"), "before the day it is given"),
        (("waive", "toy:4", "--until", "2027-01-01", "-r", "x"), "forbids waiving toy:4"),
        (("overrule", "toy:3", "-s", "covered", "-r", "x"), "no clause bears"),
    ],
)
def test_refused_before_anything_is_written(bench: Bench, arguments: tuple[str, ...], words: str) -> None:
    bench.engine.profile = replace(PROFILE, never_waive=("toy:4",))
    result = bench.decide(*arguments)
    assert isinstance(result.exception, ComplianceError)
    assert words in str(result.exception)
    assert not bench.review.exists()


def test_no_more_waivers_than_the_profile_allows(bench: Bench) -> None:
    bench.engine.profile = replace(PROFILE, max_waivers=1)
    assert bench.decide("waive", "toy:2", "--until", "2026-12-31", "-r", "x").exit_code == 0
    assert "allows 1 waiver," in str(bench.decide("waive", "toy:3", "--until", "2026-12-31", "-r", "x").exception)
    # Given by hand, it is refused at the check.
    bench.engine.profile = replace(PROFILE, max_waivers=0)
    assert bench.check("--fail-on", "never").exit_code == 1


def test_walk_asks_of_each_open_finding_and_writes_at_once(bench: Bench) -> None:
    answers = "c\nit is so\no\nnonsense\no\ncov\n1.1\nsaid otherwise\nw\n2027-02-30\nw\n2027-01-01\nlater\ns\nz\nq\n"
    result = bench.run("review", "walk", "-d", str(bench.draft), "--by", "Awa", "--today", "2026-11-24", text=answers)
    assert result.exit_code == 0, result.output
    assert "sent home" in result.stdout
    for refused in ("'nonsense' is none of the answers", "'2027-02-30' is no day", "'z' is none of the answers"):
        assert refused in result.output
    text = bench.review.read_text(encoding="utf-8")
    assert [text.count(f"decision: {name}") for name in ("confirm", "overrule", "waive")] == [1, 1, 1]
    again = bench.run("review", "walk", "-d", str(bench.draft), "--by", "Awa", "--today", "2026-11-24", text="q\n")
    assert "1/2" in again.stdout


def test_bind_then_prune(bench: Bench) -> None:
    bench.review.write_text(
        "version: 1\ndecisions:\n"
        "  - {provision: toy:3, decision: overrule, status: covered, reason: r, by: b, on: 2026-01-01,"
        " clauses: [{number: 1.1}]}\n"
        "  - {provision: toy:4, decision: waive, expires: 2026-02-01, reason: r, by: b, on: 2026-01-01, mine: kept}\n",
        encoding="utf-8",
    )
    assert bench.check("--fail-on", "never").exit_code == 1
    assert bench.run("review", "bind", "-d", str(bench.draft)).exit_code == 0
    assert "mine: kept" in bench.review.read_text(encoding="utf-8")
    assert bench.check("--fail-on", "never").exit_code == 0
    assert "toy:4" in bench.run("review", "prune", "-n", "-d", str(bench.draft)).stdout
    assert "toy:4" in bench.review.read_text(encoding="utf-8")
    bench.run("review", "prune", "-d", str(bench.draft))
    assert "- {provision: toy:4" not in bench.review.read_text(encoding="utf-8")
    assert "toy:3" in bench.review.read_text(encoding="utf-8")


def test_what_cannot_be_bound_is_named_and_the_rest_is_bound(bench: Bench) -> None:
    row = "  - {{provision: toy:{}, decision: overrule, status: covered, reason: r, by: b, on: 2026-01-01, clauses: [{}]}}\n"
    rows = row.format(3, "{quote: no such words}") + row.format(5, "{number: 1.1}")
    bench.review.write_text("version: 1\ndecisions:\n" + rows, encoding="utf-8")
    result = bench.run("review", "bind", "-d", str(bench.draft))
    assert (result.exit_code, "1 bound" in result.stderr) == (2, True)
    assert "toy:3: no clause is named 'no such words'" in result.stderr
    assert "encoding:" in bench.review.read_text("utf-8").split("toy:5")[1]


def test_an_edit_made_meanwhile_is_kept(bench: Bench) -> None:
    """While one person walks, another writes in the same file."""
    bench.decide("confirm", "toy:2", "-r", "first")
    seen = review._ask

    def asked(desk, finding, *rest):  # type: ignore[no-untyped-def]
        if finding.provision.id == "toy:3":
            bench.decide("confirm", "toy:6", "-r", "from another desk")
        return seen(desk, finding, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review, "_ask", asked)
        walk = bench.run(
            "review", "walk", "-d", str(bench.draft), "--by", "Awa", "--today", "2026-11-24", text="c\nmine\nq\n"
        )
    assert walk.exit_code == 0, walk.output
    text = bench.review.read_text("utf-8")
    assert [text.count(reason) for reason in ("first", "mine", "from another desk")] == [1, 1, 1]


@pytest.mark.skipif(sys.platform == "win32", reason="locks folders")
def test_two_runs_at_the_same_moment_lose_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom compliance.cli.output import alone, write_file\n"
        "path = Path(sys.argv[1])\n"
        "for number in range(20):\n"
        "    with alone(path):\n"
        "        text = path.read_bytes() if path.exists() else b''\n"
        "        time.sleep(0.002)\n"
        "        write_file(path, text + b'x')\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "f")]) for _ in range(3)]
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    assert (tmp_path / "f").read_bytes() == b"x" * 60
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_stats(bench: Bench) -> None:
    bench.decide("confirm", "toy:1", "-r", "yes")
    bench.decide("overrule", "toy:2", "-s", "gap", "-r", "other object")
    found = json.loads(bench.run("review", "stats", str(bench.review), "-f", "json").stdout)
    assert (found["confirmed"], found["overruled"], found["too_severe"]) == (1, 1, 1)
    assert "other object" in bench.run("review", "stats").stdout


def test_a_baseline_lets_what_was_there_pass(bench: Bench) -> None:
    assert bench.check("--write-baseline", "b.json").exit_code == 0
    assert bench.check("--baseline", "b.json", "--fail-on", "partial").exit_code == 0
    bench.engine.says = {"2": Said("conflict", "sent home"), "3": Said("covered", "emergency care")}
    worse = bench.run(
        "check",
        str(bench.draft),
        "-q",
        "--today",
        "2026-12-24",
        "--baseline",
        "b.json",
        "--fail-on",
        "partial",
        "--prune-baseline",
    )
    assert worse.exit_code == 1
    assert "toy:1 [new]" in worse.stderr
    assert "toy:3 no longer applies" in worse.stderr
    assert "toy:3 no longer applies (gap, 2026-11-24, 30 days)" in worse.stderr
    assert "known since 2026-11-24 (30 days): 4 (toy:2, toy:4" in worse.stderr
    assert "toy:3" not in Path("b.json").read_text(encoding="utf-8")
    assert bench.check("--baseline", "b.json").exit_code == 0
    assert "no such baseline" in str(bench.check("--baseline", "none.json").exception)
    assert "needs --baseline" in str(bench.check("--prune-baseline").exception)


def test_diff_fails_by_its_threshold(bench: Bench) -> None:
    new = bench.draft.with_name("new.md")
    new.write_text(
        DRAFT.replace("1.1 The State guarantees emergency care to every migrant worker.", ""), encoding="utf-8"
    )
    bench.engine.says = {"2": Said("conflict", "sent home")}
    bench.run("check", str(new), "-f", "json", "-o", "new.json")
    bench.engine.says = {"1": Said("covered", "emergency care"), "2": Said("conflict", "sent home")}
    arguments = ("diff", str(bench.draft), "new.json")
    assert bench.run(*arguments).exit_code == 0
    assert bench.run(*arguments, "--fail-on", "gap").exit_code == 1
    assert bench.run(*arguments, "--fail-on", "gap", "-f", "md", "-o", "d.md").exit_code == 1
    assert "Lost (1)" in Path("d.md").read_text(encoding="utf-8")
    assert "unknown format 'odt'" in str(bench.run(*arguments, "-f", "odt").exception)
    assert bench.run("diff", "new.json", str(bench.draft), "--fail-on", "partial").exit_code == 0


def test_a_resumed_run_sees_decisions_and_their_changes(bench: Bench) -> None:
    def before(result: Result) -> bool:
        return "judged before" in result.stderr

    arguments = ("check", str(bench.draft), "-q", "--resume", "j", "--today", "2026-11-24")
    assert bench.run(*arguments).exit_code == 1
    again = bench.run(*arguments)
    assert (again.exit_code, before(again)) == (1, True)
    bench.decide("waive", "toy:2", "--until", "2026-12-31", "-r", "law pending")
    waived = bench.run(*arguments)
    assert (waived.exit_code, before(waived)) == (0, False)
    assert before(bench.run(*arguments))
    # The day on which the waiver ends is a change too, and so is leaving decisions out.
    assert bench.run(*arguments[:-1], "2027-01-01").exit_code == 1
    assert bench.run(*arguments, "--no-review").exit_code == 1
    # A comment is none.
    bench.review.write_text(bench.review.read_text("utf-8") + "# a thought\n", encoding="utf-8")
    assert before(bench.run(*arguments))
    bench.engine.profile = replace(PROFILE, never_waive=("toy:2",))
    refused = bench.run(*arguments, "--fail-on", "never")
    assert (refused.exit_code, before(refused)) == (1, False)
    kept = bench.run(*arguments, "--fail-on", "never")
    assert (kept.exit_code, before(kept)) == (1, True)
    assert "toy:2, decision refused" in kept.stderr
    assert bench.run(*arguments, "--fail-on", "never", "--allow-stale").exit_code == 0


def test_watching_sees_decisions(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from compliance.cli import watch

    steps = iter(
        [
            lambda: bench.decide("overrule", "toy:2", "-s", "gap", "-r", "other object"),
            lambda: None,
            lambda: bench.review.write_text("decisions: [", encoding="utf-8"),
            lambda: None,
            bench.review.unlink,
            lambda: None,
        ]
    )

    def pause(seconds: float) -> None:
        try:
            next(steps)()
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(watch, "judge", lambda engine, task: Outcome(0, task.name, engine.audit(read(Path(task.name)))))
    monkeypatch.setattr(watch.time, "sleep", pause)
    shown = bench.run("check", str(bench.draft), "--watch", "--today", "2026-11-24")
    assert shown.stdout.count("conflict → gap") == 1
    assert "other object" in shown.stdout
    assert "not valid YAML" in shown.stderr
    assert shown.stdout.count("gap → conflict") == 1
    assert "decision removed" in shown.stdout


def test_what_is_written_by_hand_names_the_command_that_binds_it(bench: Bench) -> None:
    bench.review.write_text(
        "version: 1\ndecisions:\n"
        "  - {provision: toy:2, decision: waive, expires: 2026-12-31, reason: r, by: b, on: 2026-11-01}\n",
        encoding="utf-8",
    )
    first = bench.check()
    assert first.exit_code == 1
    command = first.stderr.strip().rsplit(": ", 1)[1]
    assert command == f"compliance review bind --draft '{bench.draft}'"
    assert bench.run(*shlex.split(command)[1:]).exit_code == 0
    assert bench.check().exit_code == 0
