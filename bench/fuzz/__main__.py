"""``python -m bench.fuzz TARGET``: give one reader made-up input until it does what it may not.

With ``--hypothesis`` it is Hypothesis that edits the seeds, and shrinks what it finds; otherwise
atheris, guided by which code each input reaches (``pip install numberone[fuzz]``).
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# What is read is imported where atheris can see it.
# ruff: noqa: PLC0415

NAMES = (
    *("archives", "calendar", "importer", "mapping", "policy"),
    *("query", "restore", "team", "times"),
)
_TOKENS = (
    *(b"\0", b"\xff", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\n", b'"', b"'", b"[", b"{", b"*"),
    *(b"null", b"true", b"-1", b"1e999", b"NaN", b"[]", b"{}", b'""', b"9" * 5000, b"\\ud800"),
    *(b"[" * 2000, b"a." * 500, b"*a" * 60, b"%Y" * 40, b"9999-12-31T23:59:59", b"0001-01-01"),
    *(b"FREQ=DAILY", b"RRULE:", b"BEGIN:VEVENT\n", b"END:VEVENT\n", b"\xe2\x80\x8d" * 50, b"="),
)
_LONGEST = 64 * 1024


def main() -> None:
    """Run one target."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("target", choices=NAMES)
    parser.add_argument("--seconds", type=int, default=400)
    parser.add_argument("--hypothesis", action="store_true")
    parser.add_argument(
        "--found", type=Path, default=Path(".fuzz"), help="where the corpus and what it finds go"
    )
    asked = parser.parse_args()
    if asked.hypothesis:
        print(f"{asked.target}: {with_hypothesis(asked.target, asked.seconds):,} examples")
    else:
        with_coverage(asked.target, asked.seconds, asked.found)


def with_hypothesis(name: str, seconds: float) -> int:
    """Give edited seeds to a target until the time is over; return how many."""
    from bench.fuzz.seeds import seeds
    from bench.fuzz.targets import TARGETS

    target, first = TARGETS[name], seeds()[name]
    ends_at, count = monotonic() + seconds, 0

    def one(example: bytes) -> None:
        nonlocal count
        if monotonic() < ends_at:
            count += 1
            target(example)

    while monotonic() < ends_at:
        limits = settings(
            max_examples=500,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        limits(given(edited(first))(one))()
    return count


def edited(first: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Draw seeds with parts of them cut out, doubled, replaced, or taken from another seed."""
    place = st.integers(0, 2**16)
    new = st.sampled_from(_TOKENS) | st.binary(max_size=8)
    edit = st.tuples(place, st.integers(0, 64), new | st.none(), st.integers(0, 40))
    return st.builds(_with_edits, st.sampled_from(list(first)), st.lists(edit, max_size=6))


def _with_edits(seed: bytes, edits: Sequence[tuple[int, int, bytes | None, int]]) -> bytes:
    for place, length, new, times in edits:
        start = place % (len(seed) + 1)
        end = start + length
        put = seed[start:end] * times if new is None else new
        seed = seed[:start] + put + seed[end:]
    return seed[:_LONGEST]


def with_coverage(name: str, seconds: int, found: Path) -> None:
    """Let atheris look for new paths through a target; it ends the process."""
    import atheris

    with atheris.instrument_imports(include=["policy", "connections", "store"]):
        from bench.fuzz.seeds import seeds
        from bench.fuzz.targets import TARGETS
    target, corpus = TARGETS[name], found / f"{name}-corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()[name]):
        (corpus / f"seed-{number}").write_bytes(seed)
    limits = [f"-max_total_time={seconds}", f"-max_len={_LONGEST}", "-timeout=60"]
    limits += ["-rss_limit_mb=2048", f"-artifact_prefix={found}/{name}-", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *limits, str(corpus)], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
