"""Reports hold what their golden files say; `python -m tests.goldens` writes the files anew, to be read in the diff."""

from __future__ import annotations

from collections.abc import Callable

import goldens
import pytest

MADE = dict(goldens.files())


@pytest.mark.parametrize(("name", "made"), MADE.items(), ids=list(MADE))
def test_a_report_holds_what_its_golden_file_says(name: str, made: Callable[[], str]) -> None:
    if "pdf" in name:
        pytest.importorskip("typst")
    kept = (goldens.FOLDER / name).read_text("utf-8")
    assert made().splitlines() == kept.splitlines(), "write it anew with: python -m tests.goldens"


def test_every_golden_file_is_compared_and_small() -> None:
    kept = {path.name: path.stat().st_size for path in goldens.FOLDER.iterdir()}
    assert kept.keys() == MADE.keys()
    assert sum(kept.values()) < 300 * 1024
