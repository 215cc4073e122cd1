"""The same job on a Dask cluster: for a collection that outgrows one machine. Needs the extra `dask`."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from compliance.errors import ComplianceError, MissingExtra, Place, ReadError, UsageError
from compliance.many import Done, Lane, Outcome, Setup, Task, packed, run_key

_CONNECT_SECONDS = 10
_own = threading.local()  # on a worker: the lane of each of its threads


def judge_all(
    address: str, setup: Setup, tasks: Sequence[Task], timeout: float | None, done: Done
) -> Iterator[Outcome]:
    """Every outcome, in the order of the tasks; a draft whose worker dies is given to another one.

    Args:
        address: of the scheduler, such as tcp://10.0.0.1:8786.
        setup: what the workers judge by; the user's own folders travel with it.
        tasks: the drafts, with their bytes: a worker does not share this machine's disk.
        timeout: seconds that one draft may take; None for no limit.
        done: told of each outcome as soon as it is there, out of order.

    Raises:
        MissingExtra: Dask is not installed.
        UsageError: no scheduler answers at that address.
    """
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise MissingExtra("--dask needs Dask", hint="pip install 'compliance[dask]'") from error
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}") from error
    with client:
        sent = packed(setup)
        run = f"compliance-{run_key(setup)}"
        futures = {
            client.submit(run_one, sent, task, timeout, key=f"{run}-{task.index}", pure=False): task for task in tasks
        }
        ready: dict[int, Outcome] = {}
        following = 0
        for future in as_completed(futures, loop=client.loop):
            task = futures[future]
            outcome = _outcome(future, task)
            future.release()
            done(outcome)
            ready[task.index] = outcome
            while following < len(tasks) and tasks[following].index in ready:
                yield ready.pop(tasks[following].index)
                following += 1


def run_one(setup: Setup, task: Task, timeout: float | None) -> Outcome:
    """Judge one draft on a worker, in a child program that may crash or be stopped without harm."""
    key = (setup.sha256, run_key(setup), timeout)
    if getattr(_own, "key", None) != key:
        if hasattr(_own, "lane"):
            _own.lane.close()
        _own.key, _own.lane = key, Lane(setup, timeout)
    try:
        outcome: Outcome = _own.lane.judge(task)
    except ComplianceError as error:
        return Outcome(task.index, task.name, fault=error)
    return outcome


def _outcome(future: object, task: Task) -> Outcome:
    try:
        result: Outcome = future.result()  # type: ignore[attr-defined]
    except Exception as error:
        fault = ReadError(f"not judged: the cluster gave it up ({type(error).__name__})", Place(task.name))
        return Outcome(task.index, task.name, fault=fault)
    return result
