"""The fuzz campaign itself: it runs, it is the same twice, and it sees the faults it is there to see."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks")
BROKEN = """
from benchmarks import fuzz
import os, sys, time

def crash(data, folder): os.kill(os.getpid(), 9)
def wrong(data, folder):
    if len(data) != 27:
        raise KeyError("x")
    return "read"
def hungry(data, folder): global kept; kept = bytearray(700_000_000); kept += kept; return "read"
fuzz.MOST_SECONDS = 0.2
def slow(data, folder):
    began = time.process_time()
    while time.process_time() - began < 0.3: pass
    return "read"

known = [fuzz.Target(run.__name__, (b"abc" * 9,), run) for run in (crash, wrong, slow, hungry)]
found = fuzz.campaign(known, 24, "1", (), lambda line: None)
for name, tally in found.items():
    print(name, sum(tally.counts.values()), sorted({detail.split(" at ")[0] for detail in tally.faults}))
"""


def python(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_small_campaign_finds_nothing() -> None:
    table = python("-m", "benchmarks.fuzz", "--inputs", "300", "--no-office", "--seed", "tests")
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| ") and "target" not in line]
    assert len(rows) >= 12
    assert all(row[6].strip() == "0" for row in rows), table
    assert all(int(row[2]) > 0 for row in rows)


def test_the_campaign_sees_faults() -> None:
    lines = python("-c", BROKEN).splitlines()
    seen = dict(line.split(" ", 1) for line in lines)
    assert seen["wrong"] == "6 ['fault: KeyError']"
    assert "fault: 0.3 s" in seen["slow"]
    assert "MiB" in seen["hungry"]
    assert seen["crash"] == "6 ['fault: the process died']"


def test_the_same_number_is_the_same_input() -> None:
    sys.path.insert(0, str(ROOT))
    try:
        from benchmarks.fuzz import Target, damaged
    finally:
        sys.path.remove(str(ROOT))
    target = Target("x", (b"L'etat garantit les soins. " * 20,), lambda data, folder: "read")
    assert [damaged(target, n, "1") for n in range(50)] == [damaged(target, n, "1") for n in range(50)]
    assert len({damaged(target, n, "1") for n in range(50)}) > 40
