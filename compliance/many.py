"""Many drafts judged side by side: order is kept, and a crash or a hang costs only the draft that caused it.

Each lane owns a child program (`compliance.worker`) and speaks to it over pipes: no socket, the same on every system.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from compliance import __version__
from compliance.audit import Auditor
from compliance.errors import ComplianceError, Place, ReadError, UsageError
from compliance.model.judgement import Assessment
from compliance.model.law import Profile

DATA_FOLDERS = ("conventions", "rules")


@dataclass(frozen=True, slots=True)
class Setup:
    """All that another process or machine needs to judge as this one does."""

    profile: Profile
    instruments: tuple[str, ...]
    extra: tuple[Path, ...]
    sha256: str  # of the knowledge; another one is refused
    files: tuple[tuple[int, str, bytes], ...] = ()  # of the folders `extra`, for a machine that has them not


@dataclass(frozen=True, slots=True)
class Task:
    """One draft to judge: its place in the order, its path, and its bytes where the path cannot be opened."""

    index: int
    name: str
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft: exactly one of the two is there."""

    index: int
    name: str
    assessment: Assessment | None = None
    fault: ComplianceError | None = None


Judge = Callable[[Task], Outcome]
Done = Callable[[Outcome], None]


def setup_of(engine: Auditor, extra: Sequence[Path]) -> Setup:
    """The setup that makes an engine like this one."""
    known = engine.knowledge
    restricted = len(engine.instruments) < len(known.instruments)
    chosen = tuple(instrument.id for instrument in engine.instruments) if restricted else ()
    return Setup(engine.profile, chosen, tuple(path.resolve() for path in extra), known.sha256)


def packed(setup: Setup) -> Setup:
    """The setup with the user's own folders inside, to be sent to another machine."""
    files = []
    for place, root in enumerate(setup.extra):
        for folder in DATA_FOLDERS:
            for path in sorted((root / folder).rglob("*")):
                if path.is_file():
                    files.append((place, path.relative_to(root).as_posix(), path.read_bytes()))
    return Setup(setup.profile, setup.instruments, setup.extra, setup.sha256, tuple(files))


def judge(engine: Auditor, task: Task) -> Outcome:
    """Read and judge one draft in this process; a refusal is an outcome, not an exception."""
    from compliance.readers import read, read_bytes

    try:
        document = read(Path(task.name)) if task.data is None else read_bytes(task.data, task.name)
        return Outcome(task.index, task.name, engine.audit(document))
    except ComplianceError as error:
        return Outcome(task.index, task.name, fault=error)


class Lane:
    """A child program that judges one draft after another, and is replaced when it stops or is late."""

    def __init__(self, setup: Setup, timeout: float | None) -> None:
        self._setup = setup
        self._timeout = timeout
        self._child: subprocess.Popen[bytes] | None = None
        self._late = False
        self._closed = False
        self._lock = threading.Lock()  # a lane may be closed from another thread, just as it starts its child

    def judge(self, task: Task) -> Outcome:
        """The outcome of one draft, whatever happens to the child.

        Raises:
            ComplianceError: the child has other knowledge than this process.
        """
        child = self._ready()
        self._late = False
        timer = threading.Timer(self._timeout, self._stop_late) if self._timeout else None
        if timer:
            timer.daemon = True
            timer.start()
        try:
            reply = _ask(child, task)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):  # ValueError: closed from another thread
            return Outcome(task.index, task.name, fault=self._fault(child, task))
        finally:
            if timer:
                timer.cancel()
        assert isinstance(reply, Outcome)
        return reply

    def close(self) -> None:
        """Stop the child; no other is started."""
        self._closed = True
        self._discard()

    def _discard(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream:
                with suppress(OSError):
                    stream.close()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._child is not None:
            return self._child
        # NOTE: -P keeps the working folder, full of a stranger's files, off the import path.
        command = [sys.executable, "-P", "-m", "compliance.worker"]
        with self._lock:
            if self._closed:
                raise UsageError("the run was stopped")
            child = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
            )
            self._child = child
        try:
            fault = _ask(child, self._setup)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError) as error:
            self._discard()
            raise UsageError("the program that judges drafts could not be started") from error
        if isinstance(fault, ComplianceError):
            self._discard()
            raise fault
        return child

    def _stop_late(self) -> None:
        self._late = True
        if self._child is not None:
            self._child.kill()

    def _fault(self, child: subprocess.Popen[bytes], task: Task) -> ReadError:
        late = self._late
        child.kill()
        code = child.wait()
        self._discard()
        if late:
            return ReadError(
                f"not judged: it took longer than {self._timeout:g} s", Place(task.name), "--timeout gives it more time"
            )
        return ReadError(f"not judged: the program stopped on it ({_cause(code)})", Place(task.name))


def _ask(child: subprocess.Popen[bytes], what: Any) -> Any:
    assert child.stdin is not None
    assert child.stdout is not None
    pickle.dump(what, child.stdin)
    child.stdin.flush()
    return pickle.load(child.stdout)


def _environment() -> dict[str, str]:
    """The child's: it must find this very package, wherever it was imported from."""
    home = str(Path(__file__).resolve().parent.parent)
    before = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join((home, before) if before else (home,))}


def _cause(code: int) -> str:
    if code >= 0:
        return f"exit status {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def judge_all(setup: Setup, tasks: Sequence[Task], jobs: int, timeout: float | None, done: Done) -> Iterator[Outcome]:
    """Every outcome, in the order of the tasks.

    Args:
        setup: what the children judge by.
        tasks: the drafts.
        jobs: how many are judged at the same time.
        timeout: seconds that one draft may take; None for no limit.
        done: told of each outcome as soon as it is there, out of order, from another thread.

    Raises:
        ComplianceError: no child could be started.
    """
    lanes: list[Lane] = []
    own = threading.local()

    def run(task: Task) -> Outcome:
        if not hasattr(own, "lane"):
            own.lane = Lane(setup, timeout)
            lanes.append(own.lane)
        outcome: Outcome = own.lane.judge(task)
        done(outcome)
        return outcome

    pool = ThreadPoolExecutor(max_workers=max(1, min(jobs, len(tasks))))
    try:
        futures: list[Future[Outcome]] = [pool.submit(run, task) for task in tasks]
        for future in futures:
            yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for lane in lanes:
            lane.close()


Key = tuple[str, str, str]  # a draft's name, the hash of its bytes, the mark of the decisions on it
_KEY = ("draft", "sha256", "decisions")  # what a line calls the three


@dataclass(slots=True)
class Journal:
    """What was judged in an earlier run that was stopped, one JSON line a draft; drafts that changed are not in it."""

    path: Path
    run: str  # of the engine's knowledge, profile and version: a line of another run is no use
    reports: dict[Key, dict[str, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, key: Key, report: dict[str, Any]) -> None:
        """Add one report; a line is on the disk before the next draft is counted as done."""
        entry = {"run": self.run, **dict(zip(_KEY, key, strict=True)), "report": report}
        line = json.dumps(entry, ensure_ascii=False)
        with self._lock:
            if key in self.reports:
                return
            self.reports[key] = report
            try:
                with self.path.open("ab") as stream:
                    stream.write(line.encode() + b"\n")
                    stream.flush()
                    os.fsync(stream.fileno())
            except OSError as error:
                raise UsageError(f"cannot be written: {error.strerror or error}", Place(self.path)) from error


def open_journal(path: Path, setup: Setup) -> Journal:
    """The journal at `path`, holding what this setup judged before.

    Raises:
        UsageError: the file cannot be read or is no journal.
    """
    journal = Journal(path, run_key(setup))
    try:
        raw = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror or error}", Place(path)) from error
    lines = raw.split(b"\n")
    # NOTE: what follows the last line end is a line cut by the interruption; it is written over.
    for number, line in enumerate(lines[:-1], 1):
        try:
            entry = json.loads(line)
            key, report = (entry["draft"], entry["sha256"], entry.get("decisions", "")), entry["report"]
            if entry["run"] == journal.run:
                journal.reports[key] = report
        except (ValueError, KeyError, TypeError) as error:
            hint = "name another file, or delete this one"
            raise UsageError("is not a file of --resume", Place(path, number), hint) from error
    if lines[-1]:
        if len(lines) == 1:
            raise UsageError("is not a file of --resume", Place(path, 1), "name another file, or delete this one")
        with path.open("r+b") as stream:
            stream.truncate(len(raw) - len(lines[-1]))
    return journal


def run_key(setup: Setup) -> str:
    """What must be the same for an earlier report to be worth keeping."""
    state = setup.profile
    told = (state.id, state.as_of, sorted(state.roles), state.standings, state.never_waive, state.max_waivers)
    profile = repr(told)
    parts = (__version__, setup.sha256, *setup.instruments, profile)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def failures(outcomes: Iterable[Outcome]) -> list[ComplianceError]:
    """The faults, in order."""
    return [outcome.fault for outcome in outcomes if outcome.fault is not None]
