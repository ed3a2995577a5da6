"""Makes what is made from the program: pages, and statements: ``python -m docs.generate``.

With ``--check`` nothing is written, and the exit code is 1 when one is not as it would be made.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from docs import keys, policies_side_by_side, roles, sentences, who_waits
from store.quick import compiling

FOLDER: Final = Path(__file__).parents[1]
MADE: Final[Mapping[str, Callable[[], str]]] = {
    "docs/keys.md": keys.page,
    "docs/policies-side-by-side.md": policies_side_by_side.page,
    "docs/policy.md": sentences.page,
    "docs/roles.md": roles.page,
    "docs/who-waits.md": who_waits.page,
    **{
        str(compiling.module_of(engine).relative_to(FOLDER)): partial(compiling.text_of, engine)
        for engine in compiling.DIALECTS
    },
}
"""What is made, by its path, each with what makes it."""


def stale() -> list[str]:
    """Return the paths of what is not as it would be made now."""
    return [name for name, make in MADE.items() if _written(name) != make()]


def main(arguments: Sequence[str]) -> int:
    """Make everything, or with ``--check`` name what is stale."""
    names = stale()
    if "--check" not in arguments:
        for name in names:
            (FOLDER / name).write_text(MADE[name](), encoding="utf-8")
        return 0
    for name in names:
        sys.stderr.write(f"{name} is stale: python -m docs.generate makes it anew\n")
    return 1 if names else 0


def _written(name: str) -> str | None:
    path = FOLDER / name
    return path.read_text("utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
