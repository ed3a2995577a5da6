"""Makes the pages that are made from the program: ``python -m docs.generate``.

With ``--check`` nothing is written, and the exit code is 1 when a page is not as it would be made.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from docs import keys, policies_side_by_side, roles, sentences, who_waits

FOLDER: Final = Path(__file__).parent
PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "keys.md": keys.page,
    "policies-side-by-side.md": policies_side_by_side.page,
    "policy.md": sentences.page,
    "roles.md": roles.page,
    "who-waits.md": who_waits.page,
}
"""The pages that are made, each with what makes it."""


def stale() -> list[str]:
    """Return the names of the pages that are not as they would be made now."""
    return [name for name, make in PAGES.items() if _written(name) != make()]


def main(arguments: Sequence[str]) -> int:
    """Make every page, or with ``--check`` name those that are stale."""
    names = stale()
    if "--check" not in arguments:
        for name in names:
            (FOLDER / name).write_text(PAGES[name](), encoding="utf-8")
        return 0
    for name in names:
        sys.stderr.write(f"docs/{name} is stale: python -m docs.generate makes it anew\n")
    return 1 if names else 0


def _written(name: str) -> str | None:
    path = FOLDER / name
    return path.read_text("utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
