"""Bytes → text: encodings told apart, Unicode in NFC, lines ended by LF."""

from __future__ import annotations

import codecs
import unicodedata

from ..errors import UnreadableDocument

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Characters that French prose uses beyond ASCII; a wrong single-byte decoding produces others.
_FRENCH = frozenset("àâäéèêëîïôöùûüÿçœæÀÂÄÉÈÊËÎÏÔÖÙÛÜŸÇŒÆ«»’‘“”…–—€°·•\u00a0")
_MIN_ZERO_SHARE = 0.3  # of NUL bytes in one of the two byte positions, for UTF-16 without a mark
_MAX_CONTROL_SHARE = 0.02


def normalize(text: str) -> str:
    """Put text in NFC with LF line ends."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def sniff(head: bytes) -> str:
    """Name the encoding of a file from its first bytes.

    Parameters
    ----------
    head
        The whole content, or enough of it (a truncated last character is forgiven).

    Returns
    -------
    str
        A codec name; ``"utf-8"``, ``"utf-8-sig"``, ``"utf-16"``, ``"utf-16-le"``, ``"utf-16-be"``, ``"cp1252"`` or ``"mac-roman"``.

    Raises
    ------
    UnreadableDocument
        If the bytes are no text.
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    wide = _wide(head)
    if wide:
        return wide
    if _is_binary(head):
        raise UnreadableDocument("holds binary data, not text; convert it to a known format")
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head, final=False)
    except UnicodeDecodeError:
        return max(("cp1252", "mac-roman"), key=lambda name: _plausibility(head, name))
    return "utf-8"


def decode(data: bytes) -> str:
    """Decode a whole file into normalized text.

    Raises
    ------
    UnreadableDocument
        If the bytes are no text.
    """
    name = sniff(data)
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        text = data.decode(name, errors="replace")
    if text.count("\x00"):
        raise UnreadableDocument("holds NUL characters: binary data, not text; convert it to a known format")
    return normalize(text.removeprefix("\ufeff"))


def _wide(head: bytes) -> str | None:
    sample = head[:4096]
    if len(sample) < 4:
        return None
    half = max(1, len(sample) // 2)
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    name = "utf-16-le" if odd > _MIN_ZERO_SHARE and even < 0.05 else "utf-16-be" if even > _MIN_ZERO_SHARE and odd < 0.05 else None
    if name is not None:
        text = sample[: len(sample) // 2 * 2].decode(name, errors="replace")
        if sum(char.isprintable() or char.isspace() for char in text) < 0.95 * len(text):
            return None
    return name


def _is_binary(head: bytes) -> bool:
    sample = head[:65536]
    if not sample:
        return False
    if sample.startswith((b"PK\x03\x04", b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"\x7fELF", b"\x1f\x8b")):
        return True
    control = sum(sample.count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13, 27))
    return b"\x00" in sample or control / len(sample) > _MAX_CONTROL_SHARE


def _plausibility(head: bytes, name: str) -> float:
    """Share of the non-ASCII characters that French prose uses."""
    text = head.decode(name, errors="replace")
    others = [char for char in text if ord(char) > 127]
    return sum(char in _FRENCH for char in others) / max(1, len(others))
