"""The wheel, built and installed elsewhere, does the main job with no repository around."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "mali" / "projet-pnm.docx"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the tree, so that nothing is written in it."""
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    home = tmp_path_factory.mktemp("wheel")
    copy = home / "source"
    for name in ("compliance", "conventions", "rules"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "data"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, copy / name)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(home / "dist"), str(copy)]
    subprocess.run(command, check=True, capture_output=True, cwd=home)
    return next((home / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`compliance` in a fresh environment, which borrows only the libraries that it depends on."""
    home = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    install = [scripts / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", wheel]
    subprocess.run(install, check=True, capture_output=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    # NOTE: a .pth file named by a .pth file is not read, so an editable install over there stays out.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return scripts / "compliance"


def run(program: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT") if key in os.environ}
    home = {"HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache"), "LOCALAPPDATA": str(folder / "cache")}
    return subprocess.run(
        [program, *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env={**kept, **home, "PYTHONUTF8": "1"},
    )


def test_the_wheel_holds_the_data_compiled(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        "compiled.json",
        "conventions/icrmw/part-3.yaml",
        "conventions/states/mli.yaml",
        "rules/icrmw/28.yaml",
    ):
        assert f"compliance/data/{name}" in names
    assert "compliance/schemas/report.schema.json" in names
    assert not [name for name in names if name.startswith(("tests/", "examples/", "benchmarks/"))]


def test_the_installed_program_audits_an_example(program: Path, tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path / "projet.docx")
    ran = run(program, tmp_path, "check", "projet.docx", "--profile", "mli", "--format", "json")
    assert ran.returncode == 1, ran.stderr
    assert ran.stderr == ""
    report = json.loads(ran.stdout)
    assert len(report["findings"]) == 242
    assert report["profile"]["instruments"]["icrmw"]["force"] == "in-force"
    assert report["summary"]["by_status"]["covered"] > 0
    assert not (tmp_path / "cache").exists(), "the shipped data is compiled already"


def test_the_installed_program_explains_and_imports_from_its_own_place(program: Path, tmp_path: Path) -> None:
    explained = run(program, tmp_path, "explain", "icrmw:28")
    assert explained.returncode == 0, explained.stderr
    assert "urgent-care" in explained.stdout
    place = subprocess.run(
        [program.parent / "python", "-c", "import compliance; print(compliance.__file__)"],
        capture_output=True, encoding="utf-8", cwd=tmp_path, check=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    ).stdout  # fmt: skip
    assert str(program.parent.parent) in place
