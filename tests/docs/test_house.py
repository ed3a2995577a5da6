"""The house as its files tell of it: no module needs one that needs it, by whatever way."""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("policy", "store", "connections", "tui")

Graph = Mapping[str, frozenset[str]]


def module_of(file: Path) -> str:
    """Return a file's module; a package is its ``__init__``."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(file: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    """Yield every module of ours that a file names, for the type checker and in functions too.

    ``from package import name`` is the module where there is one of that name, else the package.
    """
    own = module_of(file)
    package = own if file.stem == "__init__" else own.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(above if node.level else ()), *filter(None, [node.module])])
            for alias in node.names:
                name = f"{base}.{alias.name}"
                if name in modules or base in modules:
                    yield name if name in modules else base


def house() -> Graph:
    """Return what each module of the program imports."""
    files = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]
    modules = {module_of(file): file for file in files}
    return {name: frozenset(imported(file, modules)) - {name} for name, file in modules.items()}


def circles(graph: Graph) -> list[frozenset[str]]:
    """Return the sets of modules of which each needs each."""
    found: list[frozenset[str]] = []
    after: dict[str, set[str]] = {name: reached(graph, name) for name in graph}
    seen: set[str] = set()
    for name in graph:
        tied = frozenset(each for each in after[name] if name in after[each])
        if tied and name not in seen:
            found.append(tied | {name})
            seen |= tied
    return found


def reached(graph: Graph, start: str) -> set[str]:
    """Return every module that one needs, at whatever remove."""
    waiting, found = list(graph[start]), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += graph[name]
    return found


def ties(graph: Graph, circle: Iterable[str]) -> list[str]:
    """Return the imports that tie a circle, one a line."""
    names = set(circle)
    return [f"{name} -> {other}" for name in sorted(names) for other in sorted(graph[name] & names)]


def test_no_module_needs_one_that_needs_it() -> None:
    graph = house()
    found = circles(graph)
    for circle in found:
        print(
            f"{len(circle)} modules in a circle:", *ties(graph, circle), sep="\n  ", file=sys.stderr
        )
    assert not found


def test_a_circle_is_found_wherever_the_import_stands() -> None:
    tied = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("bd"), "d": frozenset[str]()}
    assert circles(tied) == [frozenset("bc")]
    assert ties(tied, "bc") == ["b -> c", "c -> b"]
    graph = house()
    assert "policy.refusal" in graph["tui.board.app"]
    assert "store.desk" in graph["tui.board.app"], "an import for the type checker counts"
