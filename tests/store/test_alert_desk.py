"""Alerts of a real database: each given out once, to whoever asks first, over restarts."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from policy.alerting.team_alerts import AlertKind
from policy.refusal import Refusal
from policy.roster.team_file import load_team
from policy.words import Mode, Status
from store.desk import Desk
from tests.examples import incoming
from tests.store.clock import Clock

ALL = frozenset(AlertKind)
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TEAM = "".join(
    f'[[member]]\nlogin = "{login}"\nname = "{login}"\nrole = "{role}"\nregion = "EMEA"\n'
    f'timezone = "UTC"\nhours = ["Mon-Fri 09:00-17:00"]\n'
    for login, role in (("mo", "lead"), ("ada", "support"), ("eng", "engineer"))
)


@pytest.fixture
def new_desk(tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    opened: list[Desk] = []
    clock = Clock()
    clock.now = NOON

    def desk(actor: str = "mo") -> Desk:
        opened.append(Desk.open(str(tmp_path / "desk.db"), actor=actor, clock=clock))
        return opened[-1]

    desk("mo").team.import_members(load_team(TEAM, "team.toml"))
    yield desk
    for each in opened:
        with closing(each):
            pass


def take_in(desk: Desk, *severities: int) -> None:
    desk.transfer.take_in(
        [
            incoming(number, severity=severity, received_at=NOON - timedelta(minutes=number))
            for number, severity in enumerate(severities, 1)
        ]
    )


def told(desk: Desk, receiver: str = "chat") -> list[str]:
    claimed = desk.alerts.claim(receiver, ALL)
    return [] if claimed is None else [alert.short for alert in claimed.alerts]


def test_each_is_told_once_by_whoever_asks_first(new_desk: Callable[[str], Desk]) -> None:
    here, there = new_desk("mo"), new_desk("ada")
    assert told(here) == []
    take_in(here, 0, 2)
    assert told(there) == ["#1 nobody has it, the new number one"]
    assert told(here) == told(there) == []
    assert told(here, "pager") == ["#1 nobody has it, the new number one"], "each for themselves"
    here.tickets.take(1)
    here.policy.set_mode(Mode.HARD_CHOICES, reason="ill", until=NOON + timedelta(hours=3))
    assert told(here) == ["hard choices"]
    here.tickets.reply(1)
    here.tickets.set_status(1, Status.PENDING)
    assert told(there) == ["#2 the new number one"]
    assert told(here) == []


def test_many_at_once_are_told_once(new_desk: Callable[[str], Desk]) -> None:
    desks = [new_desk("mo") for _ in range(4)]
    take_in(desks[0], 0)
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda desk=each: found.append(told(desk))) for each in desks
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, found)) == [0, 0, 0, 1]


def test_what_failed_is_told_again_later_and_named(new_desk: Callable[[str], Desk]) -> None:
    desk = new_desk("mo")
    take_in(desk, 0)
    claimed = desk.alerts.claim("chat", ALL)
    assert claimed is not None
    desk.alerts.failed(claimed, "Slack does not take it", timedelta(minutes=1))
    assert told(desk) == [], "it rests"
    assert desk.alerts.failures()["chat"].why == "Slack does not take it"
    clock = desk._session._clock
    assert isinstance(clock, Clock)
    clock.advance(minutes=2)
    claimed = desk.alerts.claim("chat", ALL)
    assert claimed is not None
    assert (claimed.attempts, [each.short for each in claimed.alerts]) == (
        1, ["#1 nobody has it, the new number one"],
    )  # fmt: skip
    desk.alerts.told(claimed)
    assert desk.alerts.failures() == {}
    assert told(desk) == []


def test_at_night_nothing_is_told_and_in_the_morning_what_still_holds(
    new_desk: Callable[[str], Desk],
) -> None:
    desk = new_desk("mo")
    clock = desk._session._clock
    assert isinstance(clock, Clock)
    clock.now = NOON + timedelta(hours=12)
    take_in(desk, 0)
    assert told(desk) == []
    clock.now = NOON + timedelta(hours=22)
    assert told(desk)[0] == "#1 nobody has it, the new number one"


def test_what_is_due_soon_is_told_when_time_alone_brings_it(
    new_desk: Callable[[str], Desk],
) -> None:
    desk = new_desk("mo")
    clock = desk._session._clock
    assert isinstance(clock, Clock)
    take_in(desk, 0)
    desk.tickets.take(1)
    assert told(desk) == ["#1 the new number one"]
    due = desk.queue.overview().number_one
    assert due is not None
    assert due.respond_by is not None
    clock.now = due.respond_by - timedelta(minutes=15)
    assert told(desk) == []
    clock.advance(minutes=1)
    assert told(desk) == ["#1 due in 14 m"]
    clock.advance(minutes=1)
    assert told(desk) == []


def test_who_may_not_send_alerts_nobody(new_desk: Callable[[str], Desk]) -> None:
    with pytest.raises(Refusal, match="eng"):
        new_desk("eng").alerts.claim("chat", ALL)


def test_what_was_told_stays_told_in_a_copy(
    new_desk: Callable[[str], Desk], tmp_path: Path
) -> None:
    desk = new_desk("mo")
    take_in(desk, 0)
    assert told(desk)
    desk.transfer.back_up(tmp_path / "backup.db")
    desk.transfer.restore(tmp_path / "backup.db")
    assert told(desk) == []
    assert desk.transfer.problems() == []
