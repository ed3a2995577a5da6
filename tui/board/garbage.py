"""When Python looks for what is used no more: not during the start, and never long during a key.

At the start nearly all that is made is kept to the end: modules, classes, widgets. A look at all of
it takes longer than a key may, and finds nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_YOUNG: Final = 5_000
"""How many things are made between two looks at the newest of them, which take under 1 ms."""


@contextmanager
def put_off() -> Iterator[None]:
    """Look for nothing, for the length of a ``with`` block or until ``settle`` is called in it."""
    before = gc.get_threshold()
    gc.disable()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.enable()


def settle() -> None:
    """Look once at all there is, and from now on only at what is made later.

    Nothing happens where it was not put off: whoever runs a board within another program, as tests
    do, keeps that program's ways.
    """
    if not gc.isenabled():
        gc.collect()
        gc.freeze()
        _, middle, old = gc.get_threshold()
        gc.set_threshold(_YOUNG, middle, old)
        gc.enable()
