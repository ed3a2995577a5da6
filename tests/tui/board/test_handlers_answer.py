"""Every ``on_…`` of the board answers a message that there is.

Textual finds such a method by the names of two classes, so that one that is renamed leaves the
method behind: nothing calls it any more, and nothing says so.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from typing import TypeVar

import textual.widgets
from textual.message import Message
from textual.message_pump import MessagePump

import tui.board

Kind = TypeVar("Kind")


def import_all_of(package: str, path: Iterable[str]) -> None:
    """Import every module of a package, so that its classes are known."""
    for module in pkgutil.walk_packages(path, f"{package}."):
        importlib.import_module(module.name)


def all_below(kind: type[Kind]) -> Iterator[type[Kind]]:
    """Yield every class that is made from another one, however far below."""
    for each in kind.__subclasses__():
        yield each
        yield from all_below(each)


def answers(kind: type[object]) -> Iterator[str]:
    """Yield the methods of a class of ours that are named as handlers, and not Textual's own."""
    textual_s = [base for base in kind.__mro__ if base.__module__.startswith("textual.")]
    for name in vars(kind):
        if name.startswith(("on_", "_on_")) and not any(name in vars(base) for base in textual_s):
            yield name.removeprefix("_")


def test_every_handler_answers_a_message_that_there_is() -> None:
    import_all_of("textual.widgets", textual.widgets.__path__)
    import_all_of("tui.board", tui.board.__path__)
    messages = {message.handler_name for message in all_below(Message)}
    ours = {kind for kind in all_below(MessagePump) if kind.__module__.startswith("tui.")}
    dead = {f"{kind.__qualname__}.{name}" for kind in ours for name in answers(kind)}
    assert {each for each in dead if each.rpartition(".")[2] not in messages} == set()


def test_a_handler_that_nothing_calls_is_found() -> None:
    class Lost(MessagePump):
        def on_mount(self) -> None:
            """Answer a message of Textual's."""

        def on_lost_renamed(self) -> None:
            """Answer a message that there is not."""

    assert list(answers(Lost)) == ["on_mount", "on_lost_renamed"]
