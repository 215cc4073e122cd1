"""The file of decisions: read with every fault at once, and rewritten without touching what a person wrote there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

from compliance.errors import ComplianceError, DataError, DataErrors, Place
from compliance.load.conventions import day
from compliance.load.hint import nearest_or_all
from compliance.load.schema import check
from compliance.load.yaml import Key, Source, parse, read_yaml, refuse
from compliance.model.judgement import Action, ClauseMark, Decision, Reason, Status
from compliance.model.law import Instrument, Language

NAME = "compliance.review.yaml"

_FILE_KEYS = ("version", "drafts", "decisions")
_KEYS = ("provision", "decision", "status", "short", "reason", "by", "on", "expires", "said", "encoding", "clauses")
_CLAUSE_KEYS = ("words", "number", "quote", "bears")
# A status that some clause must bear.
_BORNE = (Status.COVERED, Status.PARTIAL, Status.CONFLICT)


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """What one file of decisions holds; `text` is the file itself, to be rewritten."""

    path: Path
    text: str = ""
    drafts: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()

    def about(self, draft: str) -> bool:
        """Whether the file speaks of a draft of that name."""
        name = Path(draft).name
        return not self.drafts or any(fnmatch(name, pattern) for pattern in self.drafts)

    def of(self, provision: str) -> Decision | None:
        return next((decision for decision in self.decisions if decision.provision == provision), None)


def beside(draft: Path) -> Path:
    """Where the decisions on a draft are kept when nothing else is said."""
    return draft.parent / NAME


def load(path: Path, instruments: Iterable[Instrument] = ()) -> ReviewFile:
    """Read a file of decisions.

    Args:
        path: the file; it must exist.
        instruments: every instrument known; a decision on a provision that none of them has is refused.

    Raises:
        DataErrors: every fault found, with line and column.
    """
    faults: list[DataError] = []
    source = read_yaml(path, faults)
    if source is None:
        raise DataErrors(faults)
    with path.open(encoding="utf-8", newline="") as stream:
        text = stream.read()
    return _file(source, text, instruments)


def loads(path: Path, text: str, instruments: Iterable[Instrument] = ()) -> ReviewFile:
    """As `load`, from the text of the file."""
    faults: list[DataError] = []
    source = parse(path, text.encode(), faults)
    if source is None:
        raise DataErrors(faults)
    return _file(source, text, instruments)


def _file(source: Source, text: str, instruments: Iterable[Instrument]) -> ReviewFile:
    faults: list[DataError] = []
    if not check(source, "review", faults):
        refuse(faults)
    known = {unit.id: unit.auditable for instrument in instruments for unit in instrument.provisions}
    data: Mapping[str, Any] = source.data
    faults.extend(_misspelt(source, (), data, _FILE_KEYS))
    decisions = tuple(_decisions(source, data.get("decisions") or (), known, faults))
    refuse(faults)
    return ReviewFile(source.path, text, tuple(data.get("drafts", ())), decisions)


def _decisions(
    source: Source, items: Sequence[Mapping[str, Any]], known: Mapping[str, bool], faults: list[DataError]
) -> Iterator[Decision]:
    first: dict[str, int | None] = {}
    for index, item in enumerate(items):
        path: tuple[Key, ...] = ("decisions", index)
        name = item["provision"]
        if name in first:
            advice = f"it is already on line {first[name]}; keep the one that stands"
            faults.append(source.fault(f"'{name}' is decided twice", (*path, "provision"), advice))
        first.setdefault(name, source.place((*path, "provision")).line)
        if known and not known.get(name):
            what = "is not audited" if name in known else "is no provision known"
            hint = nearest_or_all(name, [key for key, auditable in known.items() if auditable])
            faults.append(source.fault(f"'{name}' {what}", (*path, "provision"), hint))
        faults.extend(_misspelt(source, path, item, _KEYS))
        faults.extend(_inconsistent(source, path, item))
        on = day(source, (*path, "on"), faults)
        expires = day(source, (*path, "expires"), faults) if "expires" in item else None
        if on is None:
            continue
        yield Decision(
            provision=name,
            action=Action(item["decision"]),
            reason=item["reason"],
            by=item["by"],
            on=on,
            status=Status(item["status"]) if "status" in item else None,
            reasons=tuple(Reason(reason) for reason in item.get("short", ())),
            said=Status(item["said"]) if "said" in item else None,
            expires=expires,
            encoding=item.get("encoding", ""),
            clauses=tuple(_mark(source, (*path, "clauses", at), one, faults) for at, one in enumerate(_clauses(item))),
        )


def _clauses(item: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = item.get("clauses", ())
    return found


def _mark(source: Source, path: tuple[Key, ...], item: Mapping[str, Any], faults: list[DataError]) -> ClauseMark:
    faults.extend(_misspelt(source, path, item, _CLAUSE_KEYS))
    if not any(str(item.get(key, "")).strip() for key in ("words", "number", "quote")):
        faults.append(source.fault("a clause without a name", path, "give its 'number' or a 'quote'"))
    number = str(item.get("number", ""))
    return ClauseMark(item.get("words", ""), number, item.get("quote", ""), item.get("bears", False))


def _inconsistent(source: Source, path: tuple[Key, ...], item: Mapping[str, Any]) -> Iterator[DataError]:
    action = item["decision"]
    if (action == "overrule") != ("status" in item):
        if action == "overrule":
            yield source.fault("an overruled finding without its right 'status'", path, "add 'status'")
        else:
            yield source.fault(f"'status' beside '{action}'", (*path, "status"), "only an overruled finding has one")
    if (action == "waive") != ("expires" in item):
        if action == "waive":
            yield source.fault("a waiver without an end", path, "add 'expires', the last day on which it counts")
        else:
            yield source.fault(f"'expires' beside '{action}'", (*path, "expires"), "only a waiver expires")
    if (item.get("status") == "partial") != ("short" in item):
        if "short" in item:
            yield source.fault("'short' without the status 'partial'", (*path, "short"), "remove it")
        else:
            advice = "add 'short', as [persons], [missing-element] or [weak-commitment]"
            yield source.fault("'partial' without what is short", (*path, "status"), advice)
    if item.get("status") in _BORNE and not _clauses(item):
        yield source.fault(
            f"no clause bears '{item['status']}'", path, "name it under 'clauses' by 'number' or 'quote'"
        )


def _misspelt(
    source: Source, path: tuple[Key, ...], item: Mapping[str, Any], keys: Sequence[str]
) -> Iterator[DataError]:
    """A key of one's own is kept; one that is nearly a known key is a slip."""
    for key in item:
        near = get_close_matches(key, [known for known in keys if known not in item], n=1, cutoff=0.75)
        if key not in keys and near:
            yield source.fault(f"unknown key '{key}'", (*path, key), f"did you mean '{near[0]}'?", key=True)


# --- rewriting ---------------------------------------------------------------------------------------------------

Node = Any  # PyYAML's stubs leave the marks of nodes untyped
_Edit = tuple[int, int, str]
_UNSAFE = re.compile("[\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]")
_TITLE = {
    Language.FR: (
        "# Décisions prises sur les constats de « compliance check ». Une ligne de repère par disposition : deux\n"
        "# personnes peuvent décider chacune de leur côté, git fusionne. Vos commentaires et vos clés sont conservés.\n"
    )
    .replace("« ", "«\u00a0")
    .replace(" »", "\u00a0»")
    .replace(" :", "\u00a0:"),
    Language.EN: (
        "# Decisions on the findings of 'compliance check'. One marker line a provision: two people can decide apart,\n"
        "# and git merges. Comments and keys of your own are kept.\n"
    ),
}


def skeleton(instruments: Iterable[Instrument], language: Language) -> str:
    """An empty file of decisions.

    Each provision has a marker line below which its decision goes. Lines added below two markers never touch, so git
    merges them; at the end of a bare list they would collide.
    """
    lines = [_TITLE[language], "version: 1\n", "decisions:\n"]
    for instrument in instruments:
        for unit in instrument.provisions:
            if unit.auditable:
                heading = " ".join(unit.heading.in_(language).split())
                lines.append(f"  # {unit.id} – {heading}\n")
    return "".join(lines)


def put(file: ReviewFile, decision: Decision, order: Sequence[str]) -> ReviewFile:
    """The file with `decision` in it, in place of an earlier one on the same provision.

    Args:
        file: as loaded; its `text` may be a skeleton.
        decision: what to write.
        order: provision ids in catalogue order.

    Raises:
        DataErrors: the file is laid out in a way that cannot be edited line by line.
    """
    kept = [one for one in file.decisions if one.provision != decision.provision]
    return _rewritten(file, _put(file.text, decision, order), [*kept, decision])


def drop(file: ReviewFile, provisions: Iterable[str]) -> ReviewFile:
    """The file without the decisions on these provisions."""
    gone = set(provisions)
    text = file.text
    nodes = [node for node in _items(_root(file.text)) if _scalar(node, "provision") in gone]
    for node in reversed(nodes):
        start = _line_start(text, node.start_mark.index)
        text = text[:start] + text[_line_end(text, _end(node)) :]
    return _rewritten(file, text, [one for one in file.decisions if one.provision not in gone])


def _rewritten(file: ReviewFile, text: str, wanted: Sequence[Decision]) -> ReviewFile:
    try:
        found = loads(file.path, text)
    except ComplianceError:
        found = None
    if found is None or {one.provision: one for one in found.decisions} != {one.provision: one for one in wanted}:
        raise DataErrors(
            [DataError("laid out in a way that cannot be rewritten safely", Place(file.path), "edit it by hand")]
        )
    return found


def _put(text: str, decision: Decision, order: Sequence[str]) -> str:
    root = _root(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    if root is None:
        return text
    items = _items(root)
    wanted = _plain(decision)
    for node in items:
        if _scalar(node, "provision") == decision.provision:
            return _apply(text, list(_edit_mapping(text, node, wanted, _KEYS, newline)))
    holder = _pair(root, "decisions")
    if holder is None:
        text = text if text.endswith(("\n", "\r")) or not text else text + newline
        return text + "decisions:" + newline + _item(wanted, 2, newline)
    if items and holder[1].flow_style:  # a list between brackets becomes lines
        rows = "".join(_item(_raw_pairs(text, node), 2, newline) for node in items)
        text = _apply(text, [(holder[1].start_mark.index, _end(holder[1]), newline + rows.rstrip("\r\n"))])
        return _put(text, decision, order)
    if not items and holder[1].start_mark.index < _end(holder[1]):  # "decisions: []", or null
        text = _apply(text, [(holder[1].start_mark.index, _end(holder[1]), "")])
    column = _dash_column(text, items[0]) if items else 2
    at = _place(text, holder, items, decision.provision, order)
    lead = "" if at == 0 or text[at - 1] in "\r\n" else newline
    return text[:at] + lead + _item(wanted, column, newline) + text[at:]


def _place(text: str, holder: tuple[Node, Node], items: Sequence[Node], provision: str, order: Sequence[str]) -> int:
    """Where a new decision goes: below its marker line, else by catalogue order."""
    top = _line_end(text, holder[0].end_mark.index)
    marker = re.compile(rf"^[ \t]*#[ \t]*{re.escape(provision)}(?![\w.:-])[^\r\n]*", re.MULTILINE)
    if found := marker.search(text, top):
        return _line_end(text, found.end())
    rank = {name: place for place, name in enumerate(order)}
    mine = rank.get(provision, len(rank))
    before = [node for node in items if rank.get(_scalar(node, "provision"), len(rank)) <= mine]
    return _line_end(text, _end(before[-1])) if before else top


def _root(text: str) -> Node:
    # NOTE: the pure-Python loader, since its marks count characters; the text was checked by `load.yaml` before.
    try:
        found = yaml.compose(text)
    except (yaml.YAMLError, ValueError) as error:
        raise DataErrors([DataError(f"not valid YAML: {' '.join(str(error).split())}")]) from error
    return found if isinstance(found, yaml.MappingNode) else None


def _pair(node: Node, name: str) -> tuple[Node, Node] | None:
    return next(((key, value) for key, value in node.value if key.value == name), None)


def _scalar(node: Node, name: str) -> str:
    pair = _pair(node, name)
    return str(pair[1].value) if pair else ""


def _items(root: Node) -> list[Node]:
    pair = _pair(root, "decisions") if root is not None else None
    return list(pair[1].value) if pair and isinstance(pair[1], yaml.SequenceNode) else []


def _end(node: Node) -> int:
    """Just after the last character of a node; a block collection's own mark lies after the comments that follow it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _line_end(text: str, at: int) -> int:
    """The start of the next line; `at` itself when it starts one already (after a block scalar)."""
    if at and text[at - 1] in "\r\n":
        return at
    found = re.compile(r"\r\n|\r|\n").search(text, at)
    return found.end() if found else len(text)


def _dash_column(text: str, node: Node) -> int:
    line = text[_line_start(text, node.start_mark.index) : node.start_mark.index]
    return len(line) - len(line.lstrip(" ")) if "-" in line else max(0, len(line) - 2)


def _apply(text: str, edits: Sequence[_Edit]) -> str:
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    return text


def _plain(decision: Decision) -> dict[str, Any]:
    """What the file says of a decision; None for a key it must not have."""
    return {
        "provision": decision.provision,
        "decision": str(decision.action),
        "status": decision.status and str(decision.status),
        "short": _Raw(f"[{', '.join(decision.reasons)}]") if decision.reasons else None,
        "reason": decision.reason,
        "by": decision.by,
        "on": decision.on.isoformat(),
        "expires": decision.expires.isoformat() if decision.expires else None,
        "said": decision.said and str(decision.said),
        "encoding": decision.encoding or None,
        "clauses": [
            {
                "words": mark.words or None,
                "number": mark.number or None,
                "quote": mark.quote or None,
                "bears": True if mark.bears else None,
            }
            for mark in decision.clauses
        ]
        or None,
    }


class _Raw(str):
    """A value exactly as it stands in the file."""

    __slots__ = ()


def _raw_pairs(text: str, node: Node) -> dict[str, Any]:
    return {key.value: _Raw(text[value.start_mark.index : _end(value)]) for key, value in node.value}


# Values that need no quotes; all others are quoted, fingerprints too, since a run of digits would be a number.
_PLAIN_KEYS = ("provision", "decision", "status", "on", "expires", "said")


def _value(key: str, value: Any) -> str:
    if isinstance(value, _Raw):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if key in _PLAIN_KEYS:
        return str(value)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(str(value), ensure_ascii=False))


def _lines(wanted: Mapping[str, Any], column: int, newline: str) -> str:
    """Key lines at a column; the first without its indentation."""
    rows = []
    for key, value in wanted.items():
        if value is None:
            continue
        if isinstance(value, list):
            rows.append(f"{key}:" + "".join(newline + _item(one, column + 2, newline).rstrip("\r\n") for one in value))
        else:
            rows.append(f"{key}: {_value(key, value)}")
    return (newline + " " * column).join(rows)


def _item(wanted: Mapping[str, Any], column: int, newline: str) -> str:
    return " " * column + "- " + _lines(wanted, column + 2, newline) + newline


def _edit_mapping(
    text: str, node: Node, wanted: Mapping[str, Any], keys: Sequence[str], newline: str
) -> Iterator[_Edit]:
    """Change the named keys of one mapping, and leave every other line as it is."""
    column = node.value[0][0].start_mark.column
    if node.flow_style:
        kept = {key: value for key, value in _raw_pairs(text, node).items() if key not in keys}
        column = _dash_column(text, node) + 2
        yield node.start_mark.index, _end(node), _lines({**wanted, **kept}, column, newline)
        return
    present = {key.value: (key, value) for key, value in node.value}
    after = None  # the last pair kept, below which a new key goes
    pending: dict[str, Any] = {}
    additions: list[tuple[int, dict[str, Any]]] = []
    for key in keys:
        value = wanted.get(key)
        if key not in present:
            if value is not None:
                pending[key] = value
            continue
        if pending and after is not None:
            additions.append((_line_end(text, _end(after[1])), pending))
            pending = {}
        if value is None:
            start = _line_start(text, present[key][0].start_mark.index)
            yield start, _line_end(text, _end(present[key][1])), ""
            continue
        after = present[key]
        yield from _edit_value(text, present[key], key, value, newline)
    if pending and after is not None:
        additions.append((_line_end(text, _end(after[1])), pending))
    for at, new in additions:
        lead = "" if text[at - 1] in "\r\n" else newline
        yield at, at, lead + " " * column + _lines(new, column, newline) + newline


def _edit_value(text: str, pair: tuple[Node, Node], key: str, value: Any, newline: str) -> Iterator[_Edit]:
    node = pair[1]
    start, end = node.start_mark.index, _end(node)
    if isinstance(value, list):
        if isinstance(node, yaml.SequenceNode) and not node.flow_style:
            yield from _edit_clauses(text, node, value, newline)
        else:
            rows = "".join(newline + _item(one, pair[0].start_mark.column + 2, newline).rstrip("\r\n") for one in value)
            yield start, end, rows
    elif isinstance(value, _Raw):
        if text[start:end] != value:
            yield start, end, value
    elif not isinstance(node, yaml.ScalarNode) or _differs(node, value):
        tail = newline if end > start and text[end - 1] in "\r\n" else ""  # a block scalar ends with its line
        lead = " " if text[start - 1 : start] == ":" else ""
        yield start, end, lead + _value(key, value) + tail


def _differs(node: Node, value: Any) -> bool:
    shown = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return bool(node.value.strip() != shown.strip())


def _edit_clauses(text: str, node: Node, wanted: Sequence[Mapping[str, Any]], newline: str) -> Iterator[_Edit]:
    left = [dict(one) for one in wanted]
    for item in node.value:
        same = next((one for one in left if _same_clause(item, one)), None)
        if same is None:
            yield _line_start(text, item.start_mark.index), _line_end(text, _end(item)), ""
            continue
        left.remove(same)
        yield from _edit_mapping(text, item, same, _CLAUSE_KEYS, newline)
    if left:
        at = _line_end(text, _end(node))
        lead = "" if text[at - 1] in "\r\n" else newline
        column = _dash_column(text, node.value[0])
        yield at, at, lead + "".join(_item(one, column, newline) for one in left)


def _same_clause(node: Node, wanted: Mapping[str, Any]) -> bool:
    for key in ("words", "number", "quote"):
        if found := _scalar(node, key):
            return bool(found == wanted.get(key))
    return False
