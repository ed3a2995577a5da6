"""Runs a command and prints, as its last line, how long it took and the most memory it held.

A process of its own, since a child starts out with its parent's peak: this one is small.
"""

import json
import resource
import subprocess
import sys
from time import perf_counter

KIBIBYTE = 1024


def main() -> int:
    """Run the command line's arguments as a command and return how it ended."""
    start = perf_counter()
    ended = subprocess.run(sys.argv[1:], check=False, stdout=subprocess.DEVNULL)
    seconds = perf_counter() - start
    # Linux counts ru_maxrss in kibibytes.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * KIBIBYTE
    print(json.dumps({"seconds": seconds, "peak": peak}))
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
