"""The child program of `compliance.many`: reads a setup, then judges drafts as they come; it prints nothing."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from compliance.audit import Auditor
from compliance.errors import ComplianceError, Place, ReadError, UsageError
from compliance.many import Outcome, Setup, Task, judge


def engine_of(setup: Setup) -> Auditor:
    """An engine that judges as the one the setup was taken from.

    Raises:
        ComplianceError: this machine has other conventions, rules or version.
    """
    from compliance.load import compiled

    if setup.files:
        with tempfile.TemporaryDirectory(prefix="compliance-") as folder:
            knowledge = compiled.load(_unpacked(setup, Path(folder)))
    else:
        knowledge = compiled.load(setup.extra)
    if knowledge.sha256 != setup.sha256:
        raise UsageError("a worker has other conventions or rules than this machine", hint="install the same version")
    return Auditor(knowledge, setup.profile, setup.instruments)


def _unpacked(setup: Setup, folder: Path) -> list[Path]:
    roots = [folder / str(place) for place in range(len(setup.extra))]
    for place, name, data in setup.files:
        path = roots[place] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return roots


def _judged(engine: Auditor, task: Task) -> Outcome:
    try:
        return judge(engine, task)
    except (Exception, RecursionError) as error:  # a fault of ours costs one draft, and is said
        fault = ReadError(f"not judged: an internal fault ({type(error).__name__}: {error})", Place(task.name))
        return Outcome(task.index, task.name, fault=fault)


def main() -> None:
    """Serve until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interruption means
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not break the replies
    requests = sys.stdin.buffer
    with suppress(EOFError, BrokenPipeError):
        setup: Setup = pickle.load(requests)
        try:
            engine = engine_of(setup)
        except ComplianceError as error:
            pickle.dump(error, replies)
            replies.flush()
            return
        pickle.dump(None, replies)
        replies.flush()
        while True:
            outcome = _judged(engine, pickle.load(requests))
            pickle.dump(outcome, replies)
            replies.flush()


if __name__ == "__main__":
    main()
