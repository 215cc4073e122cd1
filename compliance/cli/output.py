"""Writing files whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
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


def _mode(target: Path) -> int:
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
