"""Alerts by the real program: to a real receiver, by several loops and a board, each once."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connections.delivery.alert_settings import AlertSender
from connections.delivery.alerting import Alerting, alerting_of
from policy.refusal import Refusal
from store.desk import Desk
from tests.connections.helpdesks.request_tracker_over_there import RequestTrackerOverThere
from tests.connections.helpdesks.request_tracker_server import RequestTrackerServer
from tests.connections.waiting import fill
from tests.connections.web_server import Answer, Asked, WebServer
from tests.databases import address_of
from tests.examples import incoming
from tests.tui.boards import opened_board

ROOT = Path(__file__).parents[3]
WORKING = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
LONG_ENOUGH = 120
PLANTED = "s3cr3t-planted"


@dataclass
class Room:
    """Where people are: what is told there, and how it answers; ``came`` is set with each."""

    answers: list[Answer] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    came: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            answer = self.answers.pop(0) if self.answers else Answer()
            if answer.code == 200:
                self.titles.append(json.loads(asked.body)["title"])
            self.came.set()
            return answer


@dataclass
class Alerted:
    """The program as processes on one desk, and the room it tells."""

    folder: Path
    room: Room
    address: str

    def configure(self, said: str = "[alerts.chat]\n") -> None:
        (self.folder / "config.toml").write_text(said)

    def start(self, *words: str, **environment: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", "from tui.cli import main; main()", "--as", "mo",
             "--at", WORKING.isoformat(), *words],
            env=os.environ
            | {
                "PYTHONPATH": str(ROOT),
                "NUMBERONE_DB": address_of(self.folder / "desk.db"),
                "NUMBERONE_STATE": str(self.folder / "state"),
                "NUMBERONE_CONFIG": str(self.folder / "config.toml"),
                "NUMBERONE_ALERTS_CHAT": self.address,
            }
            | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip

    def ran(self, *words: str, **environment: str) -> tuple[int, str, str]:
        process = self.start(*words, **environment)
        out, err = process.communicate(timeout=LONG_ENOUGH)
        return process.returncode, out, err

    def take_in(self, number: int, severity: int = 0) -> None:
        with closing(self.desk()) as desk:
            received = WORKING - timedelta(minutes=100 - number)
            desk.transfer.take_in([incoming(number, severity=severity, received_at=received)])

    def desk(self) -> Desk:
        return Desk.open(address_of(self.folder / "desk.db"), actor="mo", clock=lambda: WORKING)


@pytest.fixture
def alerted(tmp_path: Path) -> Iterator[Alerted]:
    room = Room()
    with WebServer(room.answer) as web:
        address = web.address.replace("http://", "json://")
        program = Alerted(tmp_path, room, f"{address}/{PLANTED}")
        program.configure()
        with closing(program.desk()) as desk:
            fill(desk, 0, now=WORKING)
        yield program


def test_one_pass_tells_what_is_due_and_the_next_one_nothing(alerted: Alerted) -> None:
    alerted.take_in(1)
    code, out, err = alerted.ran("deliver", "--once")
    assert (code, err) == (0, "")
    first = "#1 nobody has it, the new number one, and 1 more"
    assert out == f"Told alerts chat: {first}\n"
    code, out, _ = alerted.ran("deliver", "--once")
    assert (code, out) == (0, "Nothing is due.\n")
    assert alerted.room.titles == [first]


def test_several_loops_and_a_restart_tell_each_thing_once(alerted: Alerted) -> None:
    alerted.take_in(1)
    loops = [alerted.start("deliver", "--every", "0.2") for _ in range(3)]
    for number in range(2, 7):
        assert alerted.room.came.wait(LONG_ENOUGH)
        alerted.room.came.clear()
        loops[number % 3].kill()
        loops[number % 3].communicate()
        loops[number % 3] = alerted.start("deliver", "--every", "0.2")
        alerted.take_in(number)
    assert alerted.room.came.wait(LONG_ENOUGH)
    for loop in loops:
        loop.send_signal(signal.SIGTERM)
        loop.communicate(timeout=LONG_ENOUGH)
    alerted.ran("deliver", "--once")
    told = [title for title in alerted.room.titles if title.startswith("#")]
    assert len(told) == len(set(told))
    assert {title.split()[0] for title in told} >= {"#1"}


def test_a_board_tells_too_and_a_loop_after_it_nothing(alerted: Alerted) -> None:
    alerted.take_in(1)
    with closing(alerted.desk()) as desk:
        config: dict[str, dict[str, object]] = {"alerts": {"chat": {}}}
        environment = {"NUMBERONE_ALERTS_CHAT": alerted.address}
        board = alerting_of(config, "c.toml", AlertSender.BOARD, environment)
        assert [each.is_told for each in board.tell(desk)] == [True]
    assert alerted.ran("deliver", "--once")[1] == "Nothing is due.\n"


def test_what_is_refused_is_said_without_the_address_and_told_later(alerted: Alerted) -> None:
    alerted.take_in(1)
    alerted.room.answers = [Answer(403, PLANTED.encode())]
    code, out, err = alerted.ran("deliver", "--once")
    assert (code, out) == (0, "")
    assert err == (
        "numberone: alerts chat: #1 nobody has it, the new number one, and 1 more: JSON does not"
        " take it (403); is its address still the right one?\n"
    )
    assert alerted.room.titles == []
    with closing(Desk.open(address_of(alerted.folder / "desk.db"), actor="mo",
                           clock=lambda: WORKING + timedelta(minutes=1))) as desk:  # fmt: skip
        board = alerting_of({"alerts": {"chat": {}}}, "c.toml", AlertSender.LOOP,
                            {"NUMBERONE_ALERTS_CHAT": alerted.address})  # fmt: skip
        assert [each.is_told for each in board.tell(desk)] == [True]


def test_the_loop_that_keeps_in_step_alerts_too(alerted: Alerted) -> None:
    with RequestTrackerServer() as server:
        there = RequestTrackerOverThere(server)
        there.opens("It fails", "Help us.", tier="team")
        file = alerted.folder / "c.toml"
        kind = '[[connection]]\nname = "desk"\nkind = "request_tracker"\n'
        file.write_text(f'{kind}address = "{server.address}"\n')
        alerted.ran("connections", "import", str(file))
        token = server.tokens["numberone"]
        code, out, err = alerted.ran("sync", "--once", NUMBERONE_DESK_TOKEN=token)
        assert (code, err) == (0, "")
        assert out.endswith("Told alerts chat: #1 the new number one, and 1 more\n")
        alerted.room.came.clear()
        with alerted.start("sync", NUMBERONE_DESK_TOKEN=token) as loop:
            alerted.take_in(2)
            assert alerted.room.came.wait(LONG_ENOUGH)
            loop.send_signal(signal.SIGTERM)
            out, err = loop.communicate(timeout=LONG_ENOUGH)
        assert loop.returncode == 0, err
        broken = alerted.ran(
            "sync", "--once", NUMBERONE_DESK_TOKEN=token, NUMBERONE_ALERTS_CHAT="x"
        )
    assert broken[0] == 0
    assert broken[2].endswith("; nobody is alerted\n")
    assert alerted.room.titles == [
        "#1 the new number one, and 1 more", "#2 nobody has it, the new number one",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('[alerts.chat]\nabout = ["mode"]\n', ["hard choices"]),
        ('[alerts.chat]\nhours = ["Mon-Fri 13:00-14:00"]\ntimezone = "UTC"\n', []),
        ('[alerts.chat]\nhours = ["Mon-Fri 13:00-14:00"]\ntimezone = "Europe/Warsaw"\n',
         ["#1 nobody has it, the new number one, and 1 more"]),
        ('[alerts.chat]\nby = ["board"]\n[mail]\nhost = "localhost"\nsecurity = "none"\n'
         'sender_address = "a@example.com"\nsender_name = "A"\n', []),
    ],
)  # fmt: skip
def test_the_config_file_says_what_when_and_by_whom(
    alerted: Alerted, said: str, told: list[str]
) -> None:
    alerted.take_in(1)
    alerted.configure(said)
    code, _, err = alerted.ran("deliver", "--once")
    assert (code, err) == (0, "")
    assert alerted.room.titles == told


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (f'[alerts.chat]\naddress = "slack://{PLANTED}"\n', "an address is a secret"),
        ('[alerts.chat]\nabout = ["levels"]\n', 'about: expected a list of "number_one",'),
        ('[alerts.chat]\nhours = ["Mon 9-17"]\ntimezone = "UTC"\n', "hours: "),
        ('[alerts.chat]\nhours = ["Mon-Fri 09:00-17:00"]\n', "together with timezone"),
        ('[alerts.chat]\ntimezone = "Mars"\nhours = []\n', "timezone: expected a zone such as"),
        ('[alerts]\nchat = "x"\n', "expected a table for each who is alerted"),
        ('[alerts."a b"]\n', "expected a table for each who is alerted"),
        ("[alerts.pager]\n", "NUMBERONE_ALERTS_PAGER is not set"),
        ("[chat]\n", "NUMBERONE_CHAT_ADDRESS is not set"),
        (f'[chat]\naddress = "slack://{PLANTED}"\n', "expected no keys"),
        (f'[webhook]\ndialect = "slack"\naddress = "https://x.example/{PLANTED}"\n',
         "dialect: expected [chat] in place of [webhook] for slack"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_config_file_is_one_line(
    alerted: Alerted, said: str, line: str
) -> None:
    alerted.configure(said)
    code, out, err = alerted.ran("deliver", "--once", PYTHON_KEYRING_BACKEND=FAIL)
    assert (code, out, err.count("\n")) == (1, "", 1), err
    assert line in err
    assert PLANTED not in err


FAIL = "keyring.backends.fail.Keyring"


def test_notices_go_to_a_chat_tool_through_apprise(alerted: Alerted) -> None:
    alerted.configure("[chat]\n")
    with closing(alerted.desk()) as desk:
        fill(desk, 1, now=WORKING)
    assert alerted.ran("waits", "send", "--all", "--webhook")[0] == 0
    process = alerted.start(
        "--at", (WORKING + timedelta(seconds=11)).isoformat(), "deliver", "--once",
        NUMBERONE_CHAT_ADDRESS=alerted.address,
    )  # fmt: skip
    out, err = process.communicate(timeout=LONG_ENOUGH)
    assert (process.returncode, err) == (0, ""), out
    assert alerted.room.titles == [""]


async def test_an_open_board_tells_what_is_due(alerted: Alerted) -> None:
    alerted.take_in(1)
    config: dict[str, dict[str, object]] = {"alerts": {"chat": {}}}
    environment = {"NUMBERONE_ALERTS_CHAT": alerted.address}

    def alerting() -> Alerting:
        return alerting_of(config, "c.toml", AlertSender.BOARD, environment)

    async with opened_board(
        alerted.folder / "desk.db", clock=lambda: WORKING, actor="mo", alerting=alerting
    ) as board:
        await board.until(lambda: bool(alerted.room.titles))
    assert alerted.room.titles == ["#1 nobody has it, the new number one, and 1 more"]


def test_wrong_settings_are_refused_before_anything_is_sent() -> None:
    with pytest.raises(Refusal, match=r"\[alerts\]: chat: by"):
        alerting_of({"alerts": {"chat": {"by": ["cron"]}}}, "c.toml", AlertSender.LOOP, {})
