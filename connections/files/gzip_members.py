"""Unpacks gzip in pieces, never more of it than a file of its size may become."""

import zlib
from collections.abc import Iterator
from typing import Final

from connections.files.reading_limits import most_unpacked
from policy.refusal import Refusal

GZIP: Final = b"\x1f\x8b"
"""How every gzip file begins."""

_PIECE: Final = 256 * 1024
_STEP: Final = 16 * 1024
"""How much is given to zlib at a time: it copies what is left of that behind every member."""


def unpacked(stored: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Unpack gzip members, one after the other, at most 256 KiB at a time.

    ``size`` is that of all of it as stored. Raises Refusal where the file is damaged, breaks off or
    becomes larger than any export, after all that could be unpacked.
    """
    at_most = most_unpacked(size)
    for piece in _members(stored):
        at_most -= len(piece)
        if at_most < 0:
            raise Refusal(
                f"the file is not read on from here: {size:,} bytes of gzip become more than"
                f" {most_unpacked(size):,}; unpack it first if it is meant so"
            )
        yield piece


def _members(stored: Iterator[bytes]) -> Iterator[bytes]:
    member = _Member()
    for piece in stored:
        for start in range(0, len(piece), _STEP):
            packed = piece[start : start + _STEP]
            while packed:
                if member.ended:
                    packed = packed.lstrip(b"\0")  # zeros after the end are mere padding
                    if not packed:
                        break
                    member = _Member()
                yield from member.unpack(packed)
                packed = member.left_over
    if not member.ended:
        raise Refusal("the file breaks off here: the end of its gzip is missing")


class _Member:
    """One gzip member on its way out."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)

    @property
    def ended(self) -> bool:
        return self._zlib.eof

    @property
    def left_over(self) -> bytes:
        return self._zlib.unused_data

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        while not self._zlib.eof:
            piece = self._unpack_piece(packed)
            if piece:
                yield piece
            packed = self._zlib.unconsumed_tail
            if not packed and len(piece) < _PIECE:
                return

    def _unpack_piece(self, packed: bytes) -> bytes:
        try:
            return self._zlib.decompress(packed, _PIECE)
        except zlib.error:
            raise Refusal("the file is damaged here: it cannot be unpacked any further") from None
