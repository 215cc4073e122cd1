"""JSON Schema check of what was read; a fault carries its place and what to try."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from compliance.errors import DataError
from compliance.load.hint import nearest_or_all
from compliance.load.yaml import Key, Source
from compliance.resources import schema_path

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

_NAMES = {
    "object": "keys and values",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "nothing",
}
_LANGUAGES = {"fr": "French", "en": "English"}


def check(source: Source, schema: str, faults: list[DataError]) -> bool:
    """Tell whether the data follows the JSON Schema named `schema`; `faults` receives every fault."""
    found: list[DataError] = []
    for error in _validator(schema).iter_errors(source.data):
        found.extend(_explain(source, error))
    faults.extend(found)
    return not found


@cache
def _validator(name: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    schema = json.loads(schema_path(name).read_text(encoding="utf-8"))
    return Draft202012Validator(_inlined(schema, schema.pop("$defs", {})))


def _inlined(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """The schema with its own definitions in place of `$ref`, which jsonschema follows slowly; none is recursive."""
    match schema:
        case list():
            return [_inlined(item, definitions) for item in schema]
        case {"$ref": str(name), **beside}:
            return _inlined({**definitions[name.removeprefix("#/$defs/")], **beside}, definitions)
        case dict():
            return {key: _inlined(item, definitions) for key, item in schema.items()}
        case _:
            return schema


def _explain(source: Source, error: Any) -> list[DataError]:
    path: tuple[Key, ...] = tuple(error.absolute_path)
    # The description beside a constraint tells a reader of the schema, and of the fault, what is wanted.
    advice = error.schema.get("description") if isinstance(error.schema, dict) else None
    match error.validator:
        case "additionalProperties" | "unevaluatedProperties":
            return _unknown_keys(source, error, path)
        case "propertyNames":
            return [source.fault(f"bad key '{error.instance}'", path, advice)]
        case "required":
            return _missing_keys(source, error, path)
        case "enum" | "const":
            allowed = error.validator_value if error.validator == "enum" else [error.validator_value]
            hint = nearest_or_all(str(error.instance), [_shown(one) for one in allowed])
            return [source.fault(f"unknown value {_quoted(error.instance)}{_of(path)}", path, hint)]
        case "type":
            return [source.fault(*_wrong_type(error, path))]
        case "minLength" | "minItems" | "minProperties":
            return [source.fault(f"empty{_of(path)}", path, advice)]
        case "pattern" if not error.instance.strip():
            return [source.fault(f"empty text{_of(path)}", path, "write it, or remove the key")]
        case "pattern" | "format":
            return [source.fault(f"bad value {_quoted(error.instance)}{_of(path)}", path, advice)]
        case "uniqueItems":
            return _repeated(source, error, path)
        case _:
            return [source.fault(f"{error.message}{_of(path)}", path, advice)]


def _unknown_keys(source: Source, error: Any, path: tuple[Key, ...]) -> list[DataError]:
    known = list(error.schema.get("properties", {}))
    return [
        source.fault(f"unknown key '{key}'", (*path, key), nearest_or_all(key, known), key=True)
        for key in error.instance
        if key not in known
    ]


def _missing_keys(source: Source, error: Any, path: tuple[Key, ...]) -> list[DataError]:
    missing = [key for key in error.validator_value if key not in error.instance]
    faults: list[DataError] = []
    hint: str | None
    for key in missing:  # jsonschema sends one error a key; the repeated faults fall away when ordered
        if error.schema["required"] == ["fr", "en"]:
            message, hint = f"no '{key}'{_of(path)}", f"write it in {_LANGUAGES[key]} too"
        else:
            message, hint = f"no '{key}'{_of(path)}", None
        faults.append(source.fault(message, path, hint))
    return faults


def _wrong_type(error: Any, path: tuple[Key, ...]) -> tuple[str, tuple[Key, ...], str | None]:
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    names = " or ".join(_NAMES[one] for one in wanted)
    message = f"expected {names}{_of(path)}, found {_found(error.instance)}"
    hint = None
    if error.instance is None:
        hint = "fill it in, or remove the key"
    elif "string" in wanted and isinstance(error.instance, bool | int | float):
        hint = "quote it"
    elif "boolean" in wanted and str(error.instance).lower() in ("yes", "no", "oui", "non", "on", "off"):
        hint = "write true or false"
    elif "array" in wanted:
        hint = "put it between [ ]"
    elif isinstance(error.instance, dict) and len(error.instance) == 1 and "string" in wanted:
        hint = "quote the text if it holds ': '"
    return message, path, hint


def _repeated(source: Source, error: Any, path: tuple[Key, ...]) -> list[DataError]:
    faults = []
    for index, item in enumerate(error.instance):
        if item in error.instance[:index]:
            faults.append(source.fault(f"{_quoted(item)} is repeated{_of(path)}", (*path, index), "remove it"))
    return faults


def _of(path: tuple[Key, ...]) -> str:
    names = [key for key in path if isinstance(key, str)]
    return f" in '{names[-1]}'" if names else ""


def _shown(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) or value is None else str(value)


def _quoted(value: Any) -> str:
    text = _shown(value)
    return f"'{text if len(text) <= 60 else text[:57] + '...'}'"


def _found(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case dict():
            return "keys and values"
        case list():
            return "a list"
        case _:
            return _quoted(value)
