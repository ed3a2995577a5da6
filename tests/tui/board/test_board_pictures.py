"""How the board looks: pictures kept beside this file, to be looked at when they change."""

from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from policy.intake.incoming import IncomingTicket
from policy.refusal import Refusal
from store.desk import Desk
from tests.databases import address_of
from tests.examples import incoming
from tests.tui.boards import NOW, board_app, filled, minutes_ago, settle, small_queue
from tui.board.widgets.theme import DARK, LIGHT

Compare = Callable[..., bool]

_STRANGE = (
    "[URGENT] [/] [bold red]cannot log in[/bold red]",
    "escape \x1b[31mred\x1b[0m and bell \x07 and NUL-like \x01",
    "spoofed \u202etxt.exe\u202c and \u2066isolated\u2069",
    "无法登录：所有用户都收到 502 错误，已经一个小时",
    "تعذر تسجيل الدخول بعد التحديث",
    "emoji 👨\u200d👩\u200d👧 🚀 ❤\ufe0f 👍🏽 in the middle",
    "combining e\u0301 and a very long subject that goes on and on and does not fit into any line",
    "two\nlines\tand a tab",
)


def lively_queue() -> list[IncomingTicket]:
    """Return eighty tickets of all tiers, near and far, some assigned."""
    tiers = ["enterprise", "team", "free", "open_source", "internal", "presales"]
    people = [None, None, "gabe", "ben", "kelsey", None, "mariam"]
    return [
        *small_queue(),
        *(
            incoming(
                number,
                customer=["Globex", "Initech", "Umbrella Health", "Stark Logistics"][number % 4],
                subject=["Search is slow", "A login loop", "Exports drop a column"][number % 3],
                tier=tiers[number % 6],
                severity=1 if number % 17 == 0 else 2 + number % 2,
                received_at=NOW - timedelta(minutes=40 + number * 7),
                assignee=people[number % 7],
                body="It began this morning.\n\nEvery page answers with 502.",
            )
            for number in range(10, 90)
        ),
    ]


def strange_queue() -> list[IncomingTicket]:
    """Return tickets whose texts try what a text can try."""
    return [
        incoming(
            number, subject=subject, customer=subject[:20], received_at=minutes_ago(10 * number),
            requester_name=subject, body=subject, tags=[subject],
        )
        for number, subject in enumerate(_STRANGE, start=1)
    ]  # fmt: skip


async def quiet(pilot: Pilot[Refusal]) -> None:
    """Wait until all is drawn, and keep the cursors of fields from blinking."""
    await settle(pilot)
    for field in pilot.app.screen.query(Input):
        field.cursor_blink = False
    for area in pilot.app.screen.query(TextArea):
        area.cursor_blink = False


def pressing(*keys: str) -> Callable[[Pilot[Refusal]], Awaitable[None]]:
    async def prepare(pilot: Pilot[Refusal]) -> None:
        await quiet(pilot)
        for key in keys:
            await pilot.press(key)
            await quiet(pilot)

    return prepare


@pytest.mark.parametrize(
    ("size", "theme"),
    [((80, 24), DARK), ((120, 36), DARK), ((160, 45), DARK), ((120, 36), LIGHT)],
    ids=["80x24", "120x36", "160x45", "120x36-light"],
)
def test_a_lively_queue(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    app = board_app(filled(tmp_path / "desk.db", lively_queue()), theme=theme)
    assert snap_compare(app, terminal_size=size, run_before=quiet)


@pytest.mark.parametrize(
    "size", [(80, 24), (120, 36), (160, 45)], ids=["80x24", "120x36", "160x45"]
)
def test_a_number_one_by_deviation(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int]
) -> None:
    path = filled(tmp_path / "desk.db", lively_queue())
    with closing(Desk.open(address_of(path), actor="mariam", clock=lambda: NOW)) as desk:
        desk.deviations.put_first(4, reason="Their launch is at five", until=None)
        desk.deviations.put_first(1, reason="Everybody is down", until=None)
        desk.deviations.end(4)
        desk.deviations.put_first(
            3, reason="The renewal is signed today", until=NOW + timedelta(minutes=85)
        )
    assert snap_compare(board_app(path), terminal_size=size, run_before=quiet)


def test_putting_a_ticket_first(snap_compare: Compare, tmp_path: Path) -> None:
    app = board_app(filled(tmp_path / "desk.db", lively_queue()))
    keys = ("j", "j", "d", *"Launch", "tab", "5", "h")
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing(*keys))


def test_an_empty_queue(snap_compare: Compare, tmp_path: Path) -> None:
    app = board_app(filled(tmp_path / "desk.db", []))
    assert snap_compare(app, terminal_size=(80, 24), run_before=quiet)


def test_texts_that_try_something(snap_compare: Compare, tmp_path: Path) -> None:
    app = board_app(filled(tmp_path / "desk.db", strange_queue()))
    assert snap_compare(app, terminal_size=(120, 36), run_before=pressing("j", "j"))


def test_the_declined(snap_compare: Compare, tmp_path: Path) -> None:
    app = board_app(filled(tmp_path / "desk.db", lively_queue()))
    assert snap_compare(app, terminal_size=(120, 36), run_before=pressing("x"))


def test_a_new_ticket(snap_compare: Compare, tmp_path: Path) -> None:
    app = board_app(filled(tmp_path / "desk.db", lively_queue()))
    keys = ("n", "tab", "tab", "p", "tab", "1")
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing(*keys))
