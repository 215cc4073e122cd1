"""YAML with line numbers, and without its traps.

Scalars are read by the core schema of YAML 1.2, so `no`, `22:30` and `2003-06-05` stay text. Aliases, tags, keys that
are not text, repeated keys and a second document are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from compliance.errors import DataError, DataErrors, Place

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - a PyYAML built without libyaml is slower, not different
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

MAX_DEPTH = 32  # our own files nest to 7; libyaml slows down and the C stack breaks on thousands
MAX_BYTES = 16_000_000

Event = Any  # the stubs do not say which event carries what
Key = str | int
Path_ = tuple[Key, ...]

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

_HINTS = (
    ("cannot start any token", "indent with spaces, and quote a text that begins with a sign such as @ ` % or a tab"),
    ("mapping values are not allowed", "quote the text if it holds ': ', or check the indentation"),
    ("expected ':'", "a key is followed by ': '"),
    ("unknown escape", "write \\\\ for a backslash, or use single quotes"),
    ("unexpected end of stream", "close the quote or bracket that is open"),
    ("did not find expected", "check the indentation, the commas and the closing quotes"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A YAML file as plain data, with the place of every key and value."""

    path: Path
    data: Any
    _text: str = field(repr=False)
    _places: dict[Path_, tuple[Place, Place]] = field(default_factory=dict, repr=False, compare=False)

    def place(self, path: Sequence[Key], *, key: bool = False) -> Place:
        """Where the value at `path` begins (or its key); the nearest enclosing place for a path not in the file."""
        if not self._places:  # faults are rare: marks are gathered only for them
            _Builder(self.path, self._text, self._places).build()
        wanted = tuple(path)
        while wanted not in self._places and wanted:
            wanted, key = wanted[:-1], False
        at_key, at_value = self._places.get(wanted, (Place(self.path, 1, 1),) * 2)
        return at_key if key else at_value

    def fault(self, message: str, path: Sequence[Key], hint: str | None = None, *, key: bool = False) -> DataError:
        """A fault at `path`."""
        return DataError(message, self.place(path, key=key), hint)


def read_yaml(path: Path, faults: list[DataError]) -> Source | None:
    """Read one YAML file.

    Args:
        path: file to read; UTF-8, with or without a byte-order mark.
        faults: receives every fault found.

    Returns:
        Its data; None when the file has any fault.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        faults.append(DataError(f"cannot be read: {error.strerror or error}", Place(path)))
        return None
    if len(raw) > MAX_BYTES:
        faults.append(DataError(f"larger than {MAX_BYTES // 1_000_000} MB", Place(path), "split the file"))
        return None
    return parse(path, raw, faults)


def parse(path: Path, raw: bytes, faults: list[DataError]) -> Source | None:
    """Read the bytes of one YAML file; as `read_yaml`."""
    text = _decode(path, raw, faults)
    if text is None:
        return None
    builder = _Builder(path, text, None)
    data = builder.build()
    faults.extend(builder.faults)
    return None if builder.faults else Source(path, data, text)


def ordered(faults: Sequence[DataError]) -> list[DataError]:
    """The faults in file and line order, each once."""
    unique = {str(fault): fault for fault in faults}.values()
    return sorted(unique, key=_order)


def refuse(faults: Sequence[DataError]) -> None:
    """Raise every fault at once, in file and line order.

    Raises:
        DataErrors: `faults` is not empty.
    """
    if faults:
        raise DataErrors(ordered(faults))


def _order(fault: DataError) -> tuple[str, int, int, str]:
    place = fault.place or Place("")
    return str(place.path), place.line or 0, place.column or 0, fault.message


def _decode(path: Path, raw: bytes, faults: list[DataError]) -> str | None:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        faults.append(DataError("encoded in UTF-16", Place(path, 1, 1), "save the file as UTF-8"))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", "replace")  # the codec may have stripped a mark
        byte = error.object[error.start]
        fault = DataError(f"not UTF-8 (byte 0x{byte:02x})", _at(path, before), "save the file as UTF-8")
        faults.append(fault)
        return None
    strange = [
        DataError(f"character U+{ord(found.group()):04X} is not allowed", _at(path, text[: found.start()]), "delete it")
        for found, _ in zip(_FORBIDDEN.finditer(text), range(20), strict=False)
    ]
    faults.extend(strange)
    return None if strange else text


def _at(path: Path, before: str) -> Place:
    return Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))


class _Stop(Exception):
    """Nothing more can be read from this file."""


class _Builder:
    """Builds plain data from the parser's events; a fault does not stop it unless the syntax is lost."""

    def __init__(self, path: Path, text: str, places: dict[Path_, tuple[Place, Place]] | None) -> None:
        self.path = path
        self.places = places
        self.faults: list[DataError] = []
        self._text = text
        self._depth = 0
        self._next: Callable[[], Event]

    def build(self) -> Any:
        try:
            events = _events(self._text)
            self._next = events.__next__
            return self._document()
        except yaml.MarkedYAMLError as error:
            self._syntax(error)
        except (yaml.YAMLError, ValueError) as error:  # ValueError: libyaml's binding on odd directives
            self._fault(f"not valid YAML: {' '.join(str(error).split())}", None)
        except _Stop:
            pass
        return None

    def _document(self) -> Any:
        event = self._next()  # StreamStart
        event = self._next()
        if not isinstance(event, DocumentStartEvent):
            self._fault("the file is empty", event)
            return None
        data = self._value(self._next(), ())
        self._next()  # DocumentEnd
        event = self._next()
        if isinstance(event, DocumentStartEvent):
            self._fault("a second document begins here", event, "keep one document a file; remove '---'")
        return data

    def _value(self, event: Event, path: Path_) -> Any:
        kind = event.__class__
        if self.places is not None and path not in self.places:  # a mapping has set the place of its key already
            self.places[path] = (self._place(event),) * 2
        if kind is ScalarEvent:
            return self._scalar(event)
        if kind is AliasEvent:
            self._fault(f"alias '*{event.anchor}'", event, "aliases are not allowed; repeat the text")
            return None
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._fault(f"nested deeper than {MAX_DEPTH} levels", event)
            raise _Stop
        if event.tag is not None and event.tag not in ("!", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"):
            self._tag(event)
        value = self._sequence(path) if kind is SequenceStartEvent else self._mapping(path)
        self._depth -= 1
        return value

    def _sequence(self, path: Path_) -> list[Any]:
        items: list[Any] = []
        while (event := self._next()).__class__ is not yaml.SequenceEndEvent:
            items.append(self._value(event, (*path, len(items)) if self.places is not None else path))
        return items

    def _mapping(self, path: Path_) -> dict[str, Any]:
        items: dict[str, Any] = {}
        lines: dict[str, int] = {}
        while (event := self._next()).__class__ is not yaml.MappingEndEvent:
            key = self._key(event, path)
            value = self._next()
            below = path
            if self.places is not None:
                below = (*path, "" if key is None else key)
                self.places[below] = (self._place(event), self._place(value))
            built = self._value(value, below)
            if key is None:
                continue
            if key in items:
                self._fault(f"duplicate key '{key}'", event, f"it is already on line {lines[key]}")
                continue
            items[key] = built
            lines[key] = event.start_mark.line + 1
        return items

    def _key(self, event: Event, path: Path_) -> str | None:
        if event.__class__ is not ScalarEvent:
            self._fault("a key must be text", event, "quote it, or check for a stray '{', '[' or '?'")
            self._skip(event)
            return None
        key = self._scalar(event)
        if not isinstance(key, str):
            self._fault(f"a key must be text, found {event.value or 'nothing'}", event, "quote it")
            return None
        return key

    def _skip(self, event: Event) -> None:
        depth = 0
        while True:
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise _Stop
            if depth == 0:
                return
            event = self._next()

    def _scalar(self, event: Event) -> str | int | float | bool | None:
        text: str = event.value
        if event.tag is not None and event.tag != "!":
            if event.tag != "tag:yaml.org,2002:str":
                self._tag(event)
            return text
        if event.style or event.tag == "!":
            if event.style == '"' and (found := _FORBIDDEN.search(text)):
                self._fault(f"character U+{ord(found.group()):04X} is not allowed", event, "delete its escape")
            return text
        if text in _NULLS:
            return None
        if text in _BOOLEANS:
            return _BOOLEANS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        return float(text) if _DECIMAL.fullmatch(text) else text

    def _tag(self, event: Event) -> None:
        self._fault(f"tag '{event.tag}'", event, "tags are not allowed; quote a text that begins with '!'")

    def _place(self, event: Event) -> Place:
        return Place(self.path, event.start_mark.line + 1, event.start_mark.column + 1)

    def _fault(self, message: str, event: Event | None, hint: str | None = None) -> None:
        self.faults.append(DataError(message, self._place(event) if event else Place(self.path), hint))

    def _syntax(self, error: yaml.MarkedYAMLError) -> None:
        problem = str(error.problem or error.context or "unreadable")
        mark = error.problem_mark or error.context_mark
        place = Place(self.path, mark.line + 1, mark.column + 1) if mark else Place(self.path)
        hint = next((advice for words, advice in _HINTS if words in problem), None)
        self.faults.append(DataError(f"not valid YAML: {problem}", place, hint))


def _events(text: str) -> Iterator[Event]:
    parser = _Loader(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    finally:
        parser.dispose()
