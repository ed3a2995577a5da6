"""When Python looks for what is used no more: not during the start, and never long during a key.

At the start nearly all that is made is kept to the end: modules, classes, widgets. A look at all of
it takes longer than a key may, and finds nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_THRESHOLDS: Final = (1_000, 5, 5)
"""After how many new things Python looks at these, and after how many such looks further back.

What was made since the start is all looked at some times a minute, which takes a few ms: forms that
were closed would otherwise lie about until they take more room than all that is in use.
"""


@contextmanager
def put_off() -> Iterator[None]:
    """Look for nothing, for the length of a ``with`` block or until ``settle`` is called in it.

    Whoever opens a desk meanwhile lets Python look again; without a threshold it does not.
    """
    before = gc.get_threshold()
    gc.set_threshold(0)
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
    if not gc.get_threshold()[0]:
        gc.collect()
        gc.freeze()
        gc.collect()  # of nothing: the more the last look kept, the longer the next one waits
        gc.set_threshold(*_THRESHOLDS)
        gc.enable()
