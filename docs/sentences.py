"""The policy's sentences side by side with the rules that carry them out, from their docstrings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from docs.where_it_shows import PLACES

_POLICY = Path(__file__).parent.parent / "policy"
_NO_RULES = frozenset({"problems", "refusal"})
"""Modules whose quotations are examples of what is printed."""

_QUOTED = re.compile(r'"([^"]+)"')
_FEWEST_WORDS = 4

_HEAD = """# The policy, and the rules that carry it out

The left side quotes the team's policy and the exact reading that was agreed on where it leaves
room; then comes what carries the sentence out, and where on the board that is seen. The numbers
themselves are data: see [handbook.toml](../policy/handbook.toml), and
[how to adopt your own](adopt-a-policy.md).
"""


class Rule(NamedTuple):
    """A sentence of the policy, and where it is carried out."""

    sentence: str
    module: str
    name: str


def page() -> str:
    """Return the page about the policy, as Markdown."""
    parts = [_HEAD]
    for path in sorted(_POLICY.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        rules = list(rules_in(tree, path.stem))
        if rules and path.stem not in _NO_RULES:
            parts += _section(path, tree, rules)
    return "\n".join(parts)


def sections() -> list[str]:
    """Return the modules that carry out sentences, by their paths in ``policy/``."""
    return [
        path.relative_to(_POLICY).with_suffix("").as_posix()
        for path in sorted(_POLICY.rglob("*.py"))
        if path.stem not in _NO_RULES
        and any(rules_in(ast.parse(path.read_text("utf-8")), path.stem))
    ]


def rules_in(tree: ast.Module, module: str) -> Iterator[Rule]:
    """Yield the sentences that a module's docstrings quote, in the order in which they stand."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            continue
        said = " ".join((ast.get_docstring(node) or "").split())
        for quoted in _QUOTED.findall(said):
            sentence = quoted.replace("``", "`")
            if len(sentence.split()) >= _FEWEST_WORDS:
                yield Rule(sentence, module, getattr(node, "name", ""))


def _section(path: Path, tree: ast.Module, rules: list[Rule]) -> Iterator[str]:
    first = " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].split())
    place = path.relative_to(_POLICY)
    heading = " / ".join(part.replace("_", " ") for part in place.with_suffix("").parts)
    yield f"## [{heading}](../policy/{place.as_posix()})"
    yield ""
    yield first
    yield ""
    yield "| the policy says | carried out by | on the board |"
    yield "|---|---|---|"
    shown = PLACES[place.with_suffix("").as_posix()]
    for rule in rules:
        name = f"`{rule.name}`" if rule.name else "the whole of it"
        yield f"| {rule.sentence.replace('|', chr(92) + '|')} | {name} | {shown} |"
    yield ""
