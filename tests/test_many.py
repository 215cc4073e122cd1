"""Many drafts: order kept, a crash or a hang costs one draft, a stopped run is taken up, standard input, watching."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from compliance.cli import drafts, options, watch
from compliance.cli.decisions import Rulings
from compliance.errors import ReadError, UsageError
from compliance.many import Lane, Outcome, Setup, Task, judge, judge_all, open_journal, packed, setup_of
from compliance.model.law import Language
from compliance.worker import engine_of

TEXT = "# Santé\n\nL’État garantit aux migrants les soins médicaux urgents, quelle que soit leur situation.\n"

# Read by the child program at its start: a draft of that name makes the reader crash, hang or take its time.
SABOTAGE = """
import os, signal, time
from compliance import readers

def wrapped(parse):
    def parse_or_fail(data, path):
        name = os.path.basename(path)
        if "crash" in name:
            os.kill(os.getpid(), signal.SIGKILL)
        if "hang" in name:
            time.sleep(600)
        if "slow" in name:
            time.sleep(0.4)
        if "print" in name:
            print("a library prints")
        return parse(data, path)
    return parse_or_fail

readers.READERS[".md"] = wrapped(readers.READERS[".md"])
"""


@pytest.fixture(scope="module")
def setup() -> Setup:
    return setup_of(options.auditor("generic", ["c143"]), ())


@pytest.fixture
def sabotage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(SABOTAGE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def written(folder: Path, *names: str) -> list[Task]:
    for number, name in enumerate(names):
        (folder / name).write_text(f"{TEXT}\nNuméro {number}.\n", encoding="utf-8")
    return [Task(index, str(folder / name)) for index, name in enumerate(names)]


def gone(group: int) -> bool:
    """Whether every process of a group has ended, given a little time."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def ignore(outcome: Outcome) -> None:
    pass


def test_a_crash_and_a_hang_cost_their_own_draft(tmp_path: Path, setup: Setup, sabotage: Path) -> None:
    tasks = written(tmp_path, "a.md", "crash.md", "print.md", "hang.md", "z.md")
    done: list[int] = []
    outcomes = list(judge_all(setup, tasks, 2, 3.0, lambda outcome: done.append(outcome.index)))
    assert [outcome.index for outcome in outcomes] == [0, 1, 2, 3, 4]
    assert sorted(done) == [0, 1, 2, 3, 4]
    assert [outcome.assessment is not None for outcome in outcomes] == [True, False, True, False, True]
    assert "not judged: the program stopped on it (SIGKILL)" in str(outcomes[1].fault)
    assert "not judged: it took longer than 3 s" in str(outcomes[3].fault)
    assert str(outcomes[1].fault).startswith(str(tmp_path / "crash.md"))


def test_a_child_judges_as_this_process_does(tmp_path: Path, setup: Setup) -> None:
    task = written(tmp_path, "a.md")[0]
    lane = Lane(setup, None)
    try:
        there = lane.judge(task)
    finally:
        lane.close()
    here = judge(engine_of(setup), task)
    assert there.assessment is not None
    assert here.assessment is not None
    from compliance.reporters.json import report

    assert report(there.assessment) == report(here.assessment)


def test_a_lane_that_is_closed_starts_no_child(tmp_path: Path, setup: Setup) -> None:
    lane = Lane(setup, None)
    lane.close()
    with pytest.raises(UsageError, match="stopped"):
        lane.judge(written(tmp_path, "a.md")[0])
    assert lane._child is None


def test_a_child_with_other_knowledge_is_refused(setup: Setup) -> None:
    other = Setup(setup.profile, setup.instruments, (), "0" * 64)
    with pytest.raises(UsageError, match="other conventions or rules"):
        list(judge_all(other, [Task(0, "a.md", TEXT.encode())], 1, None, ignore))


def test_own_folders_travel() -> None:
    example = Path(__file__).parent.parent / "examples" / "ecowas"
    from compliance.audit import Auditor
    from compliance.load import compiled, profile

    engine = Auditor(compiled.load([example]), profile.generic(), ["ecowas"])
    sent = packed(setup_of(engine, [example]))
    assert {name for _, name, _ in sent.files} >= {"conventions/ecowas/instrument.yaml", "rules/lexicon/ecowas.yaml"}
    again = engine_of(Setup(sent.profile, sent.instruments, (Path("absent"),), sent.sha256, sent.files))
    assert [instrument.id for instrument in again.instruments] == ["ecowas"]


def test_folders_are_opened_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    written(tmp_path, "z.md", "a.md", "b/c.md", ".git/x.md", "~$a.docx", "note.xyz")
    (tmp_path / "ring").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "link.md").symlink_to(tmp_path / "a.md")
    found = [Path(task.name).relative_to(tmp_path).as_posix() for task in drafts.gather([tmp_path], None)]
    assert found == ["a.md", "link.md", "z.md", "b/c.md"]
    assert "1 file of other kinds left out" in capsys.readouterr().err
    twice = drafts.gather([tmp_path / "a.md", tmp_path / "b" / ".." / "a.md"], None)
    assert len(twice) == 1


def test_a_folder_without_drafts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no draft in this folder"):
        drafts.gather([tmp_path], None)


def test_nothing_named_is_refused() -> None:
    with pytest.raises(UsageError, match="no draft is named"):
        drafts.gather([], None)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        buffer = io.BytesIO(TEXT.encode("cp1252"))

    monkeypatch.setattr(sys, "stdin", Input())
    (task,) = drafts.gather([Path("-")], "projet.txt")
    assert (task.name, task.data) == ("projet.txt", TEXT.encode("cp1252"))
    with pytest.raises(UsageError, match="once only"):
        drafts.gather([Path("-"), Path("-")], None)


def test_a_stopped_run_is_taken_up(tmp_path: Path, setup: Setup) -> None:
    engine = engine_of(setup)
    tasks = written(tmp_path, "a.md", "b.md", "c.md")
    manner = drafts.Manner(timeout=60, jobs=1, resume=tmp_path / "journal")
    first = drafts.reports(engine, tasks, manner, Rulings(()))
    kept = [next(first), next(first)]
    first.close()
    with (tmp_path / "journal").open("ab") as stream:
        stream.write(b'{"run": "cut in the mid')
    written(tmp_path, "b.md")  # changed since: other words than before
    judged: list[str] = []

    def noted(engine: object, left: list[Task], manner: object) -> Iterator[Outcome]:
        judged.extend(Path(task.name).name for task in left)
        return (judge(engine_of(setup), task) for task in left)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drafts, "outcomes", noted)
        again = list(drafts.reports(engine, tasks, manner, Rulings(())))
    assert "a.md" not in judged
    assert "b.md" in judged
    assert again[0] == kept[0]
    assert [Path(report["document"]["path"]).name for report in again if isinstance(report, dict)] == [
        "a.md",
        "b.md",
        "c.md",
    ]
    assert all(json.loads(line) for line in (tmp_path / "journal").read_bytes().splitlines())


@pytest.mark.parametrize("content", [b"not json\n", b"drafts: [a.md]", b'{"run": 1}\n'])
def test_another_file_is_no_journal(tmp_path: Path, setup: Setup, content: bytes) -> None:
    path = tmp_path / "j"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="is not a file of --resume"):
        open_journal(path, setup)
    assert path.read_bytes() == content


def test_an_interruption_leaves_whole_lines_and_no_child(tmp_path: Path, sabotage: Path) -> None:
    names = [f"slow{number}.md" for number in range(12)]
    written(tmp_path, *names)
    command = [
        sys.executable,
        "-m",
        "compliance.cli.app",
        "check",
        *names,
        "--resume",
        "j",
        "--jobs",
        "2",
        "--instrument",
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(Path(__file__).parent.parent), str(sabotage)))}
    run = subprocess.Popen(
        [*command, "c143", "--fail-on", "never"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    journal = tmp_path / "j"
    deadline = time.monotonic() + 60
    while (not journal.exists() or journal.read_bytes().count(b"\n") < 2) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=30)
    assert run.returncode == 130, said
    assert b"Traceback" not in said
    for line in journal.read_bytes().splitlines():
        json.loads(line)
    assert gone(run.pid), "a child program was left running"
    before = journal.read_bytes().count(b"\n")
    assert 2 <= before < 12
    second = subprocess.run(
        [*command, "c143", "--fail-on", "never"], cwd=tmp_path, env=environment, capture_output=True, timeout=60
    )
    assert second.returncode == 0, second.stderr
    assert f"{before} of 12 drafts were judged before".encode() in second.stderr
    assert journal.read_bytes().count(b"\n") == 12


def test_watching_prints_what_a_saving_changes(
    tmp_path: Path, setup: Setup, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    task = written(tmp_path, "a.md")[0]
    path = Path(task.name)
    steps = iter(
        [
            lambda: path.write_text(TEXT + "\nLes expulsions collectives sont permises.\n", encoding="utf-8"),
            lambda: None,
            lambda: path.unlink(),  # as Word does while it saves
            lambda: path.write_text("", encoding="utf-8"),
            lambda: None,
        ]
    )

    def pause(seconds: float) -> None:
        try:
            next(steps)()
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(watch.time, "sleep", pause)
    with pytest.raises(KeyboardInterrupt):
        watch.watch(engine_of(setup), [task], Language.EN, lambda: Rulings(()))
    shown = capsys.readouterr()
    assert shown.out.count("a.md: ") == 2, shown.out
    assert "the file is empty" in shown.err


def test_the_lines_of_a_change(setup: Setup, tmp_path: Path) -> None:
    engine = engine_of(setup)
    bare = judge(engine, Task(0, "a.md", "Le pays compte vingt millions d’habitants.\n".encode())).assessment
    full = judge(engine, Task(0, "a.md", "Les migrants n’ont droit à aucun droit fondamental.\n".encode())).assessment
    assert bare is not None
    assert full is not None
    assert "  nothing changed" in watch.lines(bare, bare, Language.EN)
    changed = {a.provision.id for a, b in zip(bare.findings, full.findings, strict=True) if a.status != b.status}
    said = watch.lines(bare, full, Language.FR)[1:]
    assert {line.split()[0] for line in said} == changed or not changed


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_a_cluster_loses_a_worker_and_no_draft(tmp_path: Path, setup: Setup, sabotage: Path) -> None:
    """A real scheduler and two real workers, one of which is killed on the way."""
    pytest.importorskip("distributed")
    from compliance import cluster

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(Path(__file__).parent.parent), str(sabotage)))}
    contact = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment, "cwd": tmp_path}
    dask = [sys.executable, "-m", "distributed.cli."]
    scheduler = [*dask[:2], "distributed.cli.dask_scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard"]
    worker = [*dask[:2], "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    running = [subprocess.Popen([*scheduler, "--scheduler-file", str(contact)], **quiet)]  # type: ignore[call-overload]
    try:
        deadline = time.monotonic() + 30
        while not contact.exists() or not contact.read_text("utf-8").strip():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        address = json.loads(contact.read_text("utf-8"))["address"]
        for _ in range(2):
            running.append(subprocess.Popen([*worker, address], **quiet))  # type: ignore[call-overload]
        names = [f"slow{number}.md" for number in range(14)]
        tasks = [drafts._loaded(task) for task in written(tmp_path, *names)]
        done: list[int] = []
        struck = threading.Event()

        def counted(outcome: Outcome) -> None:
            done.append(outcome.index)
            if len(done) == 3 and not struck.is_set():
                struck.set()
                running[1].kill()

        outcomes = list(cluster.judge_all(address, setup, tasks, 60, counted))
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()
    assert struck.is_set()
    assert [outcome.index for outcome in outcomes] == list(range(14))
    assert sorted(done) == list(range(14))
    assert [outcome.fault for outcome in outcomes if outcome.fault] == []
    texts = [outcome.assessment.document.text for outcome in outcomes if outcome.assessment]
    assert all(f"Numéro {number}." in text for number, text in enumerate(texts))


def test_a_cluster_that_does_not_answer(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    from compliance import cluster

    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.5)
    with pytest.raises(UsageError, match="no Dask scheduler answers"):
        list(cluster.judge_all("tcp://127.0.0.1:1", setup, [Task(0, "a.md", b"x")], None, ignore))


def test_without_dask_the_extra_is_named(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    from compliance import cluster

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"compliance\[dask\]"):
        list(cluster.judge_all("tcp://127.0.0.1:1", setup, [], None, ignore))


def test_a_refusal_is_an_outcome(setup: Setup) -> None:
    assert isinstance(judge(engine_of(setup), Task(0, "absent.md")).fault, ReadError)
