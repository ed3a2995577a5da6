"""How old what connections told is, in the words of the header."""

from datetime import UTC, datetime, timedelta

import pytest

from policy.conversation.connections import ConnectionAge
from tests.examples import MONDAY
from tui.phrasing.connection_words import connection_words


def age(
    seconds: float | None,
    name: str = "desk",
    *,
    error: str = "",
    since: datetime | None = None,
    waiting: int = 0,
) -> ConnectionAge:
    """Return a connection that was read so many seconds ago, or never."""
    return ConnectionAge(
        name=name,
        read_until=None if seconds is None else MONDAY - timedelta(seconds=seconds),
        failing_since=since,
        error=error,
        waiting_out=waiting,
    )


def test_without_a_connection_nothing_is_said() -> None:
    assert connection_words([], MONDAY, UTC, why="no login") == ("", "")


@pytest.mark.parametrize(
    ("seconds", "said", "style"),
    [
        (0, "desk just now", "dim"),
        (4, "desk just now", "dim"),
        (8, "desk 5 s ago", "dim"),
        (59, "desk 55 s ago", "dim"),
        (60, "desk 1 m ago", "late"),
        (3_700, "desk 1 h 1 m ago", "late"),
        (-3, "desk just now", "dim"),
    ],
)
def test_how_old_it_is(seconds: float, said: str, style: str) -> None:
    assert connection_words([age(seconds)], MONDAY, UTC) == (said, style)


def test_of_several_the_oldest_is_told() -> None:
    assert connection_words([age(2), age(30, "mail")], MONDAY, UTC) == ("mail 30 s ago", "dim")


def test_one_that_fails_says_since_when_and_why_and_what_waits() -> None:
    failing = age(
        300, error="it\x1b[2J does not answer", since=MONDAY - timedelta(hours=1), waiting=3
    )
    said, style = connection_words([age(900, "mail"), failing], MONDAY, UTC)
    assert said == "! desk since 08:00: it␛[2J does not answer, 3 waiting to go out"
    assert style == "late"


def test_why_nothing_is_read_is_said_where_it_gets_old() -> None:
    why = "desk: mo is not logged in"
    assert connection_words([age(10)], MONDAY, UTC, why=why) == ("desk 10 s ago", "dim")
    assert connection_words([age(120)], MONDAY, UTC, why=why) == (f"desk 2 m ago; {why}", "late")
    assert connection_words([age(None)], MONDAY, UTC, why=why) == (f"! {why}", "late")
    assert connection_words([age(None)], MONDAY, UTC) == ("desk is read for the first time", "dim")
