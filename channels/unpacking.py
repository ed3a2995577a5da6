"""Gzip unpacked piece by piece, so that a file which breaks off still gives what came before."""

import zlib
from collections.abc import Iterator
from typing import Final

from policy.refusal import Refusal

_PIECE = 256 * 1024

GZIP: Final = b"\x1f\x8b"
"""How every gzip file begins."""


def unpacked(stored: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack gzip members, one after the other, at most 256 KiB at a time.

    Raises Refusal where the file is damaged or breaks off, after all that could be unpacked.
    """
    member = _Member()
    for piece in stored:
        packed = piece
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
