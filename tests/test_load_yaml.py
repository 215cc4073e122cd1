"""YAML is read without its traps, and every refusal names its file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import DataError, DataErrors, Place
from compliance.load.yaml import MAX_BYTES, parse, read_yaml, refuse

FILE = Path("f.yaml")


def faults_of(raw: bytes | str) -> list[str]:
    faults: list[DataError] = []
    assert parse(FILE, raw.encode() if isinstance(raw, str) else raw, faults) is None
    return [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("a: 1\na: 2\n", "f.yaml:2:1: duplicate key 'a'; it is already on line 1", id="repeated key"),
        pytest.param("- {x: 1, x: 2}\n", "f.yaml:1:10: duplicate key 'x'", id="repeated key in braces"),
        pytest.param("- &a x\n- *a\n", "f.yaml:2:3: alias '*a'; aliases are not allowed", id="alias"),
        pytest.param("&a [*a]", "f.yaml:1:5: alias '*a'", id="alias to itself"),
        pytest.param("1: x", "f.yaml:1:1: a key must be text, found 1; quote it", id="number as key"),
        pytest.param("? [a]\n: b", "f.yaml:1:3: a key must be text", id="list as key"),
        pytest.param("a: !x b", "f.yaml:1:4: tag '!x'; tags are not allowed", id="custom tag"),
        pytest.param("a: !!python/object:os.system b", "f.yaml:1:4: tag", id="python tag"),
        pytest.param("a: b: c", "f.yaml:1:5: not valid YAML: mapping values are not allowed", id="colon in text"),
        pytest.param("a: 1\n\tb: 2", "f.yaml:2:1: not valid YAML", id="tab"),
        pytest.param("a: 'x", "f.yaml:1:6: not valid YAML: found unexpected end of stream", id="open quote"),
        pytest.param('a: "\\q"', "f.yaml:1:5: not valid YAML: found unknown escape", id="bad escape"),
        pytest.param("a: 1\n---\nb: 2", "f.yaml:2:1: a second document", id="second document"),
        pytest.param("", "f.yaml:1:1: the file is empty", id="empty"),
        pytest.param("# nothing\n", "f.yaml:2:1: the file is empty", id="comments only"),
        pytest.param("[" * 50_000, "f.yaml:1:33: nested deeper", id="deep brackets"),
        pytest.param("- " * 50_000, "f.yaml:1:65: nested deeper", id="deep dashes"),
        pytest.param("é: é\nb: x".encode("latin-1"), "f.yaml:1:1: not UTF-8 (byte 0xe9); save the file", id="latin-1"),
        pytest.param(b"a: b\nc: d\xff", "f.yaml:2:5: not UTF-8 (byte 0xff)", id="stray byte"),
        pytest.param("a: b".encode("utf-16"), "f.yaml:1:1: encoded in UTF-16; save the file as UTF-8", id="UTF-16"),
        pytest.param("a: b\nc: \x07", "f.yaml:2:4: character U+0007 is not allowed", id="bell"),
        pytest.param('a: "\\x00"', "f.yaml:1:4: character U+0000 is not allowed; delete its escape", id="escaped nul"),
    ],
)
def test_refused_with_its_place(raw: bytes | str, expected: str) -> None:
    assert faults_of(raw)[0].startswith(expected)


def test_all_faults_of_a_file_at_once() -> None:
    found = faults_of("a: !x 1\nb: 2\nb: 3\n? [c]\n: d\ne: [&f g, *f]\n")
    assert [fault.split(": ")[0] for fault in found] == ["f.yaml:1:4", "f.yaml:3:1", "f.yaml:4:3", "f.yaml:6:11"]


def test_scalars_follow_the_core_schema() -> None:
    text = "[no, 22:30, 2003-06-05, 010, 1.5, true, ~, '1', .inf, é]"
    source = parse(FILE, text.encode(), [])
    assert source is not None
    assert source.data == ["no", "22:30", "2003-06-05", 10, 1.5, True, None, "1", ".inf", "é"]


def test_a_byte_order_mark_is_ignored() -> None:
    source = parse(FILE, "\ufeffa: 1".encode(), [])
    assert source is not None
    assert source.data == {"a": 1}


def test_places_of_keys_and_values() -> None:
    source = parse(FILE, "a:\n  b: [x, {c: 'é', d: 1}]\n".encode(), [])
    assert source is not None
    assert source.place(("a", "b", 1, "d")) == Place(FILE, 2, 22)
    assert source.place(("a", "b", 1, "d"), key=True) == Place(FILE, 2, 19)
    assert source.place(("a", "b", 0)) == Place(FILE, 2, 7)
    assert source.place(("a", "b", 9, "z"), key=True) == source.place(("a", "b"))
    assert source.place(()) == Place(FILE, 1, 1)


def test_unreadable_files(tmp_path: Path) -> None:
    faults: list[DataError] = []
    assert read_yaml(tmp_path / "absent.yaml", faults) is None
    assert read_yaml(tmp_path, faults) is None
    (tmp_path / "big.yaml").write_bytes(b" " * (MAX_BYTES + 1))
    assert read_yaml(tmp_path / "big.yaml", faults) is None
    assert ["cannot be read" in f.message for f in faults] == [True, True, False]
    assert "larger than" in faults[2].message


def test_faults_are_raised_in_file_and_line_order() -> None:
    places = [("b", 1), ("a", 10), ("a", 9), ("a", 9)]
    with pytest.raises(DataErrors) as raised:
        refuse([DataError("x", Place(path, line, 1)) for path, line in places])
    assert [str(fault.place) for fault in raised.value.faults] == ["a:9:1", "a:10:1", "b:1:1"]


@given(st.binary(max_size=80) | st.text("a:-[]{}?&*!|>'\"%@`#,\n\t ~1\\x", max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    faults: list[DataError] = []
    source = parse(FILE, raw, faults)
    assert (source is None) == bool(faults)
    if source is not None:
        assert source.place(("a", 0, "b")).line is not None
