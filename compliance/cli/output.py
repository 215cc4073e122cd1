"""Writing files whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from compliance.errors import Place, UsageError


def write_file(path: Path, data: bytes) -> None:
    """Put `data` at `path`; whatever happens on the way, the file there is the old one or the new one, whole.

    A symbolic link keeps pointing where it did; permissions of a file that exists are kept.

    Raises:
        UsageError: the folder is missing or read-only, the disk is full, the name is not allowed.
    """
    try:
        target = path.resolve()
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".tmp", dir=target.parent)
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot be written: {_why(error)}", Place(path)) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, _mode(target))
        os.replace(name, target)
    except OSError as error:
        raise UsageError(f"cannot be written: {_why(error)}", Place(path)) from error
    finally:
        with suppress(OSError):  # gone already where it took the file's place
            os.unlink(name)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let no other run of this program change `path` meanwhile; it waits for one that does.

    A lock on the folder leaves no file behind, and ends with the process that holds it.
    """
    # NOTE: Windows locks no folder; there, two runs in the same hundredth of a second are left to chance.
    if sys.platform == "win32":
        yield
        return
    import fcntl

    try:
        handle = os.open(path.resolve().parent, os.O_RDONLY)
    except OSError:  # the folder is missing or may not be listed: writing will tell
        yield
        return
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _mode(target: Path) -> int:
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
