"""The docs as tests read them: the examples to be run, and every command that is named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`(numberone(?: [^`]+)?)`")
_ANYTHING = "…"


@dataclass(frozen=True)
class Example:
    """A command that is typed, and what it prints; ``…`` stands for anything."""

    page: str
    line: int
    typed: str
    printed: str

    def fits(self, printed: str) -> bool:
        """Return whether what was printed is as the page says."""
        return re.fullmatch(self._pattern(), printed.rstrip("\n"), re.DOTALL) is not None

    def _pattern(self) -> str:
        expected = self.printed.rstrip("\n")
        return ".*?".join(map(re.escape, expected.split(_ANYTHING)))


def examples(page: Path) -> list[Example]:
    """Return the examples of a page in their order: what stands in its ``console`` blocks."""
    text = page.read_text("utf-8")
    found: list[Example] = []
    for block in _BLOCK.finditer(text):
        if block[1] == "console":
            first = text.count("\n", 0, block.start(2)) + 1
            found += _in_block(page.name, block[2], first)
    return found


def _in_block(page: str, block: str, first: int) -> Iterator[Example]:
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
    line = first
    for part in parts:
        typed, _, printed = part.partition("\n")
        if typed:
            yield Example(page, line, typed, printed)
        line += part.count("\n")


def commands_named(page: Path) -> Iterator[tuple[int, str]]:
    """Yield every command that a page names, in whatever way, with its line."""
    text = page.read_text("utf-8")
    for example in examples(page):
        yield example.line, example.typed
    for block in _BLOCK.finditer(text):
        if block[1] == "sh":
            first = text.count("\n", 0, block.start(2)) + 1
            for offset, line in enumerate(block[2].splitlines()):
                if line.startswith("numberone"):
                    yield first + offset, line
    for span in _SPAN.finditer(_BLOCK.sub(lambda block: "\n" * block[0].count("\n"), text)):
        yield text.count("\n", 0, span.start()) + 1, span[1]
