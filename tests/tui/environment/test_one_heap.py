"""However many threads a board has had, the C library has one heap for them."""

import subprocess
import sys

_PROGRAM = """
import ctypes, sys, threading
from tui.environment.one_heap import share_one_heap

def taken():
    held = [bytearray(5_000) for _ in range(200)]
    all_there.wait()
    all_there.wait()

share_one_heap()
all_there = threading.Barrier(5)
threads = [threading.Thread(target=taken) for _ in range(4)]
for thread in threads:
    thread.start()
all_there.wait()
libc = ctypes.CDLL(None) if sys.platform == "linux" else None
if hasattr(libc, "malloc_info"):
    libc.fopen.restype = ctypes.c_void_p
    out = libc.fopen(b"/dev/stdout", b"w")
    libc.malloc_info(0, ctypes.c_void_p(out))
    libc.fclose(ctypes.c_void_p(out))
all_there.wait()
"""


def test_threads_share_one_heap() -> None:
    program = [sys.executable, "-c", _PROGRAM]
    told = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    assert told.count("<heap nr=") <= 1  # none is told of where the C library is another one
