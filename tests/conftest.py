"""What many tests share: the engine, prepared once."""

from __future__ import annotations

import pytest

from compliance.audit import Auditor


@pytest.fixture(scope="session")
def engine() -> Auditor:
    """The engine on the shipped data, with a State that has every role."""
    from compliance.load import compiled, profile

    return Auditor(compiled.load(), profile.generic())
