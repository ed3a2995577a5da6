"""Telling customers before they ask, at the board: drafts, sending, taking back, and what came."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import pytest

from connections.attempts import Delivery, DeliveryOutcome, never
from connections.delivery.outbox import Outbox
from policy.refusal import Refusal
from policy.words import NoticeState, NoticeWay, Status
from store.desk import Desk
from store.notices.notice_models import Notice
from tests.databases import address_of
from tests.tui.boards import NOW, Clock, opened_board
from tests.tui.teams import nine_in_a_room, staffed, waiting


def five_out(desk: Desk) -> None:
    for number in range(1, 6):
        desk.team.mark_out(f"m{number}", reason="sick")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return staffed(
        tmp_path / "desk.db", nine_in_a_room(), waiting(6, longer=timedelta(hours=1)), then=five_out
    )


def other(path: Path, clock: Callable[[], object] = lambda: NOW) -> Desk:
    return Desk.open(address_of(path), actor="mariam", clock=clock)  # type: ignore[arg-type] # a clock


class Office:
    """A way that takes what is due and says what came of it, as a mail server would."""

    way = NoticeWay.MAIL
    domain = "example.com"
    longest_attempt = timedelta(seconds=1)

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.refuses: set[str] = set()
        self.knows_no: set[str] = set()
        self.sessions = 0

    def outbox(self) -> Outbox:
        return Outbox((self,))

    def reaches(self, notice: Notice) -> bool:
        return bool(notice.name)

    def hand_over(self, notice: Notice, _: datetime) -> Delivery:
        if notice.name in self.refuses:
            return never("550 no such user")
        if notice.name in self.knows_no:
            return replace(never("550 no such user"), no_such_address=True)
        self.taken.append(notice.name)
        return Delivery(outcome=DeliveryOutcome.SENT, why="250 taken")

    def __enter__(self) -> Self:
        """Count how often it is gone to."""
        self.sessions += 1
        return self

    def __exit__(self, *_: object) -> None:
        """Keep nothing open."""


async def test_drafts_are_sent_after_ten_seconds_and_what_came_of_each_is_seen(path: Path) -> None:
    office, clock = Office(), Clock()
    office.refuses = {"Req 3"}
    async with opened_board(path, clock=clock, outbox=office.outbox) as board:
        await board.until(lambda: "waits 6" in board.footer)
        await board.until(lambda: "An answer is likely by 14:35, safe by 18:30" in board.ticket)
        assert "; the contract is before that." in board.ticket
        assert "safe only by 18:30" in board.banner
        await board.press("w")
        assert "waits 6 to tell" in board.said(".over-heading")
        assert board.waits[0].startswith("To tell 6")
        assert "! Customer 1 · Req 1" in board.waits[1]
        assert "promises an answer by 18:30, in 4 h 25 m" in board.said("#preview-text Static")
        await board.press("S")
        assert "6 notices go out in 10 s; until then they can be taken back." in board.toasts
        await board.until(lambda: "On their way 6" in board.waits[0])
        assert "goes out in 10 s" in board.waits[1]
        assert "6 go out in 10 s; u takes back" in board.said(".over-note")
        clock.now += timedelta(seconds=10)
        await board.until(lambda: "Before 5" in board.waits)
        assert board.waits[0].startswith("To tell 1")  # who could not be told is still to be told
        assert "Not delivered 1" in board.waits
        await board.press("home", "down")
        assert "outcome 550 no such user" in board.said("#preview-text Static")
        assert "1 not delivered" in board.said(".over-heading")
        office.refuses = set()
        await board.press("r")
        await board.until(lambda: "Req 3" in office.taken)
        await board.until(lambda: "Before 6" in board.waits)
        assert sorted(office.taken) == [f"Req {number}" for number in range(1, 7)]
        await board.press("escape")
        await board.until(lambda: "waits 6" not in board.footer)
        await board.settle()
        assert "delivered the notice that they have an answer by Wed 4 Mar 18:30" in board.ticket


async def test_what_is_marked_is_sent_and_can_be_taken_back(path: Path) -> None:
    office, clock = Office(), Clock()
    async with opened_board(path, clock=clock, outbox=office.outbox) as board:
        await board.until(lambda: "waits 6" in board.footer)
        await board.press("w", "space", "space")
        assert [line.startswith("✓") for line in board.waits[1:4]] == [True, True, False]
        await board.press("s")
        await board.until(lambda: "On their way 2" in board.waits)
        assert board.waits[0].startswith("To tell 4")
        await board.press("u")
        assert "2 taken back; they are drafts again." in board.toasts
        await board.until(lambda: board.waits[0].startswith("To tell 6"))
        clock.now += timedelta(minutes=1)
        await board.settle()
        assert office.taken == []
        await board.press("u")
        assert "Not done nothing is waiting to go out" in board.toasts


async def test_without_a_way_to_send_it_says_where_and_notices_go_by_hand(path: Path) -> None:
    async with opened_board(path) as board:
        await board.until(lambda: "waits 6" in board.footer)
        await board.press("w")
        assert "no mail and no chat is set up: [mail], [chat] or [webhook] in" in board.said(
            ".over-note"
        )
        await board.press("s")
        assert "copy the notice and mark it as sent by hand" in board.toasts[-1]
        await board.press("y")
        assert board.app.clipboard.startswith(
            "To: r1@example.org\nSubject: Our answer to you takes longer"
        )
        await board.press("m")
        assert "1 customer was told by hand." in board.toasts
        await board.until(lambda: "Before 1" in board.waits)
        assert any("told by hand 14:05" in line for line in board.waits)


async def test_a_wrong_password_is_said_where_notices_are_sent(path: Path) -> None:
    def refused() -> Outbox | None:
        raise Refusal("config.toml: [mail]: no password is known")

    async with opened_board(path, outbox=refused) as board:
        await board.press("w")
        assert "[mail]: no password is known" in board.said(".over-note")


async def test_edited_words_go_out_and_end_when_somebody_else_arrives(path: Path) -> None:
    office = Office()
    async with opened_board(path, outbox=office.outbox) as board:
        await board.until(lambda: "waits 6" in board.footer)
        await board.press("w", "e")
        await board.paste("Dear Req, ")
        await board.press("f2")
        assert "Dear Req, Hello Req 1," in board.said("#preview-text Static")
        await board.press("s")
        await board.until(lambda: any("On their way" in line for line in board.waits))
        with closing(other(path)) as desk:
            (notice,) = (each for each in desk.waits.read().ledger)
            assert notice.body.startswith("Dear Req, Hello Req 1,")
        await board.press("home", "e", "f2", "e", "escape")
        with closing(other(path)) as desk:
            desk.team.mark_out("zoe", reason="sick")
        await board.until(lambda: any("somebody else arrives" in each for each in board.toasts))


async def test_a_promise_that_cannot_be_kept_is_told_and_renewed(path: Path) -> None:
    office, clock = Office(), Clock()
    async with opened_board(path, clock=clock, outbox=office.outbox) as board:
        await board.until(lambda: "waits 6" in board.footer)
        await board.press("w", "s")
        clock.now += timedelta(seconds=10)
        await board.until(lambda: office.taken == ["Req 1"])
        with closing(other(path, clock)) as desk:
            for login in ("m6", "m7", "m8", "m9", "zoe"):
                desk.team.mark_out(login, reason="sick")
        await board.until(lambda: any("A promise cannot be kept" in each for each in board.toasts))
        await board.until(lambda: any("↻" in line for line in board.waits))


async def test_an_engineer_may_look_at_the_waits(path: Path) -> None:
    async with opened_board(path, actor="erin", outbox=Office().outbox) as board:
        await board.until(lambda: len(board.app.screen_stack) > 1)  # the engineer's view
        await board.press("escape")
        await board.until(lambda: "waits 6" in board.footer)
        await board.press("w", "s")
        assert "not send wait notices; that is for support" in board.toasts[-1]


async def test_the_waits_screen_has_the_boards_own_keys(path: Path) -> None:
    async with opened_board(path, size=(80, 24)) as board:
        await board.until(lambda: "waits 6" in board.footer)
        await board.press("w", "v", "escape", "question_mark", "escape", "ctrl+p")
        assert len(board.app.screen_stack) >= 2
        await board.press("escape")
        await board.press("j", "G", "home", "pagedown", "tab", "j", "T")
        for size in ((40, 10), (20, 5), (1, 1), (160, 45)):
            await board.pilot.resize_terminal(*size)
            await board.settle()


async def test_a_reply_that_comes_first_needs_no_notice(path: Path) -> None:
    office, clock = Office(), Clock()
    async with opened_board(path, clock=clock, outbox=office.outbox) as board:
        await board.until(lambda: "waits 6" in board.footer)
        await board.press("w", "s")
        with closing(other(path, clock)) as desk:
            desk.tickets.reply(1, Status.PENDING)
        await board.until(lambda: any("a reply came first" in line for line in board.waits))
        clock.now += timedelta(seconds=10)
        await board.settle()
        assert office.taken == []


async def test_a_notice_in_doubt_is_settled_by_whoever_finds_that_it_arrived(path: Path) -> None:
    later = NOW + timedelta(seconds=10)
    with closing(other(path)) as desk:
        desk.waits.send(desk.waits.read().drafts[:1], domain="example.com")
    with closing(other(path, lambda: later)) as desk:
        claimed = desk.waits.claim("loop")
        assert claimed is not None
        desk.waits.record(claimed, NoticeState.IN_DOUBT, "no answer came")
    async with opened_board(path, clock=lambda: later) as board:
        await board.until(lambda: "w waits" in board.footer)
        await board.press("w", "a")
        assert "Not done only of what is in doubt can somebody find that it arrived" in board.toasts
        assert "did arrive" not in board.footer
        await board.press("end")
        assert "a did arrive" in board.footer
        await board.press("a")
        assert "It is written down as sent." in board.toasts
        await board.until(lambda: "Before 1" in board.waits)
    with closing(other(path, lambda: later)) as desk:
        assert [each.state for each in desk.waits.read().ledger] == [NoticeState.SENT]


async def test_who_cannot_be_reached_is_named_once_and_not_drafted_to_again(path: Path) -> None:
    office, clock = Office(), Clock()
    office.knows_no = {"Req 3"}
    async with opened_board(path, clock=clock, outbox=office.outbox) as board:
        await board.until(lambda: "waits 6" in board.footer)
        await board.press("w", "S")
        await board.until(lambda: "On their way 6" in board.waits[0])
        clock.now += timedelta(seconds=10)
        await board.until(lambda: "Before 5" in board.waits)
        assert board.waits[0] == "Cannot be reached 1"
        assert "! r3@example.org" in board.waits[1]
        await board.press("home")
        said = board.said("#preview-text Static")
        assert "cannot be reached at r3@example.org: mail to it fails for good" in said
        await board.press("y")
        assert "there is no notice under the cursor" in board.toasts[-1]
