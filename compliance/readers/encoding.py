"""From bytes to text: the encodings that drafts really come in."""

from __future__ import annotations

import codecs
import re

from compliance.readers.limits import refuse

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In order of likelihood: the first wins a tie.
_LEGACY = ("cp1252", "mac_roman", "iso8859_15", "cp850", "latin_1")
_SAMPLE = 200_000  # bytes weighed to choose among legacy encodings
_LETTERS = frozenset("éèàêçôûîâùëïüœÉÈÀÊÇÔÛÎÂÙËÏÜŒæÆÿ")
# Letters of Malian languages and of the names of neighbours, and the typographic signs of both languages.
_SIGNS = frozenset("«»’‘“”–—…•€°§º·œ\u00a0ñáíóúãõäöß©®½¼²³")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_MAX_CONTROL_SHARE = 0.01
_MIN_PLAUSIBLE_SHARE = 0.6
_RARE_SHARE = 0.01  # of bytes beyond ASCII: too few to make a text unreadable
_UTF16_ZERO_SHARE = 0.3  # of every second byte, in a text of Latin letters


def decode(data: bytes, name: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text of a file, line ends folded to LF and byte-order mark dropped; notes name a guess.

    Raises:
        ReadError: binary content, or no known encoding gives plausible French or English.
    """
    text, notes = _decode(data, name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(_CONTROL.findall(text)) > _MAX_CONTROL_SHARE * len(text):
        raise refuse(name, "the file is binary, not text")
    return text, notes


def _decode(data: bytes, name: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :] if codec == "utf-8" else data, codec, name), ()
    if wide := _utf16_without_mark(data):
        return _strictly(data, wide, name), (("encoding", wide),)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    if (repaired := _mended_utf8(data)) is not None:
        return repaired
    if data.count(0) or len(_CONTROL.findall(data[:_SAMPLE].decode("latin_1"))) > _MAX_CONTROL_SHARE * len(
        data[:_SAMPLE]
    ):
        raise refuse(name, "the file is binary, not text")
    return _legacy(data, name)


def _strictly(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        # NOTE: a file cut in the middle of a character is still worth reading.
        text = data.decode(codec, "replace")
        if text.count("\ufffd") > 0.01 * len(text) + 1:
            raise refuse(name, f"the file says it is {codec.upper()} and is not") from error
        return text


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:4096]
    if len(sample) < 4 or len(data) % 2:
        return None
    half = len(sample) // 2
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > _UTF16_ZERO_SHARE and even < 0.05:
        return "utf-16-le"
    if even > _UTF16_ZERO_SHARE and odd < 0.05:
        return "utf-16-be"
    return None


def _mended_utf8(data: bytes) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """UTF-8 with a few stray bytes of Windows-1252 pasted in; None when UTF-8 is not the main encoding."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for character in text if character > "\x7f") - bad
    if good < 4 * bad:
        return None
    mended = data.decode("utf-8", "surrogateescape")
    mended = re.sub(
        "[\udc80-\udcff]+",
        lambda match: match.group().encode("utf-8", "surrogateescape").decode("cp1252", "replace"),
        mended,
    )
    return mended, (("encoding-mended", str(bad)),)


def _legacy(data: bytes, name: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The one-byte encoding that gives the most French letters and signs where they can stand.

    NOTE: statistical detectors take MacRoman for Icelandic Mac; with two languages, counting is surer.
    """
    sample = data[:_SAMPLE]
    best, best_share = "", -1.0
    for codec in _LEGACY:
        try:
            text = sample.decode(codec)
        except UnicodeDecodeError:
            continue
        share = _plausible_share(text)
        if share > best_share + 1e-9:
            best, best_share = codec, share
    rare = sum(1 for byte in sample if byte > 127) < _RARE_SHARE * len(sample)
    if best_share < _MIN_PLAUSIBLE_SHARE and not rare:
        raise refuse(name, "the encoding of the file is not known", "save it as UTF-8")
    return data.decode(best, "replace"), (("encoding", best),)


def _plausible_share(text: str) -> float:
    total = 0
    plausible = 0.0
    previous = " "
    for character in text:
        if character > "\x7f":
            total += 1
            if character in _LETTERS:
                # A capital in the middle of a small-letter word is how a wrong table shows itself.
                plausible += 0.0 if character.isupper() and previous.islower() else 1.0
            elif character in _SIGNS:
                plausible += 0.9
        previous = character
    return plausible / total if total else 1.0
