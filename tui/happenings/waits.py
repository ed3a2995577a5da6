"""What customers were told about their wait, in words."""

from collections.abc import Mapping
from typing import Final

from store.views import Event
from tui.happenings.words import Describe, Facts, noted, when


def _wait_promised(_: Facts, after: Facts, __: Event) -> str:
    promised = _promised(after)
    what = f"that help arrives {promised}" if promised else "that no arrival is known yet"
    return f"sent the requester notice that they wait, and {what}"


def _wait_taken_back(_: Facts, __: Facts, ___: Event) -> str:
    return "took the notice about the wait back before it went out"


def _wait_told(_: Facts, after: Facts, event: Event) -> str:
    promised = _promised(after)
    what = f"help arrives {promised}" if promised else "they wait"
    return f"delivered the notice that {what}{noted(event)}"


def _wait_undeliverable(_: Facts, __: Facts, event: Event) -> str:
    return f"could not deliver the notice about the wait{noted(event)}"


def _wait_in_doubt(_: Facts, __: Facts, event: Event) -> str:
    return f"does not know whether the notice about the wait arrived{noted(event)}"


def _promised(after: Facts) -> str:
    arrives = when(after.get("arrive_at"))
    return f"by {arrives}" if arrives else ""


def _wait_cancelled(_: Facts, __: Facts, ___: Event) -> str:
    return "made the notice about the wait needless, as the reply came first"


def _wait_retried(_: Facts, __: Facts, ___: Event) -> str:
    return "sent the notice about the wait on its way once more"


WAITS: Final[Mapping[str, Describe]] = {
    "wait_promised": _wait_promised,
    "wait_taken_back": _wait_taken_back,
    "wait_told": _wait_told,
    "wait_undeliverable": _wait_undeliverable,
    "wait_cancelled": _wait_cancelled,
    "wait_retried": _wait_retried,
    "wait_in_doubt": _wait_in_doubt,
}
"""How the events of each kind are said."""
