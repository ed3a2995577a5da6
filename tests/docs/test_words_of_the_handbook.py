"""The handbook's words are the policy's, not the program's: where one stands all the same, and why.

"Nothing in the code names a tier or a priority of the handbook but `handbook.toml`, the demo and
tests."
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
ROOMS: Final = ("policy", "store", "connections", "tui")
OWN: Final = frozenset({"policy/handbook.toml"})
DEMO: Final = "tui/demo/"
BOOK: Final = "policy/book/"
"""Policies of other teams, in their own words, of which some are the same."""

WORDS: Final = re.compile(
    r"(?<![\w-])(?:pre-?sales|enterprise|open[_-]source|p[0-3])(?![\w-])", re.IGNORECASE
)
"""Those that mean nothing else; team, free and internal are words of the program, too."""

LEFT: Final = {
    "policy/words.py": "what databases keep of the right that a deviation above the first needs",
    "policy/rulebook/word_fields.py": "an example of a word with a sign in it, in a refusal",
    "tui/cli/intake_commands.py": "examples of help, printed where no policy is read",
    "tui/cli/policy_commands.py": "examples of help, printed where no policy is read",
    "tui/cli/list_command.py": "examples of help, printed where no policy is read",
    "tui/cli/ticket_commands.py": "an example of help, printed where no policy is read",
    "connections/files/mappings/request_tracker.toml": "shipped for the handbook, the same",
    "connections/files/mappings/zendesk.toml": "shipped for the handbook, put into other words",
    "connections/files/mappings/incident_event_log.toml": "shipped for the handbook, the same",
    "connections/files/mappings/incident_event_log_first_and_last.toml": "the same once more",
}
"""The files in which one of them is said, and why."""

INTERNAL: Final = {
    "store/migrations/versions/step_0003.py",  # what the tier was called in databases of its time
    "store/migrations/versions/step_0006.py",  # the same
    "store/tickets/ticket_json.py",  # what the history means that was written before
}
"""The files that compare a tier with the handbook's for our own work, and why."""

_COMPARED = re.compile(r"""tier['"]?\)?\s*(?:==|!=|=|in)\s*['"]internal['"]""")


def texts(path: Path) -> Iterator[str]:
    """Yield what a module says that is no docstring, and all of another file but its comments."""
    written = path.read_text("utf-8")
    if path.suffix != ".py":
        yield "\n".join(line.partition("#")[0] for line in written.splitlines())
        return
    tree = ast.parse(written)
    docstrings = {
        id(node.value)
        for parent in ast.walk(tree)
        if isinstance(parent, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for node in parent.body
        if isinstance(node, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in docstrings:
                yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Attribute):
            yield node.attr


def files() -> Iterator[tuple[str, Path]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            told = path.suffix in {".py", ".toml", ".tcss"}
            if told and name not in OWN and not name.startswith((DEMO, BOOK)):
                yield name, path


def test_the_handbooks_words_stand_nowhere_else_but_where_it_is_said_why() -> None:
    found = {name for name, path in files() if any(WORDS.search(each) for each in texts(path))}
    assert found == set(LEFT)


def test_our_own_work_is_told_by_the_policy() -> None:
    found = {name for name, path in files() if _COMPARED.search(path.read_text("utf-8"))}
    assert found == INTERNAL
