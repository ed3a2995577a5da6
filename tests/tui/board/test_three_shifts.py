"""The three people's shifts at the board, whole, with their keys counted.

The engineer's stands in ``test_engineering_journeys``. Text that is written in one go is not
counted: it is as long as there is to say.
"""

from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from policy.words import Status
from store.desk import Desk
from tests.databases import address_of
from tests.examples import incoming
from tests.tui.board.waits.test_waits_journeys import Office
from tests.tui.boards import NOW, Clock, Driver, Fingers, minutes_ago, opened_board, small_queue
from tests.tui.engineering import CONTEXT
from tests.tui.teams import nine_in_a_room, staffed, waiting
from tui.actions.commands import COMMANDS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a desk with the small queue, and a duplicate of its #3."""
    duplicate = incoming(
        7, customer="Initech", subject="Export loses columns", received_at=minutes_ago(45)
    )
    return staffed(tmp_path / "desk.db", nine_in_a_room(), [*small_queue(), duplicate])


def other(path: Path, actor: str = "m2") -> Desk:
    return Desk.open(address_of(path), actor=actor, clock=lambda: NOW)


async def test_a_support_engineers_shift_from_opening_the_board_to_the_hand_over_note(
    path: Path,
) -> None:
    async with opened_board(path, actor="m1", size=(160, 45)) as board:
        fingers = Fingers(board)
        assert "NUMBER ONE  #1" in board.banner
        await fingers.press("t", "i")
        assert "◷" in board.header
        await fingers.press("e", "n")
        await board.paste("their boats cannot leave the harbour")
        await fingers.press("enter")
        assert "asked engineering to drop everything" in board.ticket
        await fingers.press("r", "p", "i")
        assert "NUMBER ONE  #2" in board.banner
        assert fingers.pressed == 8, "the p0: taken, timed, escalated, answered"

        await fingers.press("g", "t", "r", "s")
        assert "NUMBER ONE  #3" in board.banner
        assert fingers.pressed == 12, "the p1: taken, answered and solved"

        await fingers.press("#")
        await board.paste("7")
        await fingers.press("enter", "m", "enter")
        assert "#7 is merged into #3, where the customer waits now." in board.toasts
        assert fingers.pressed == 16, "the duplicate"

        await fingers.press("g", "t", "r", "r", "e", "f")
        for number, text in enumerate(CONTEXT.values()):
            await fingers.press(*["tab"] * bool(number))
            await board.paste(text)
        await fingers.press("f2")
        assert "#3 is with engineering." in board.toasts
        assert fingers.pressed == 28, "the p2: taken, answered, its context filled in, handed over"

        await fingers.press("g", "space", "space", "a", "2")
        assert "2 tickets are m2's now: #4, #5." in board.toasts
        assert fingers.pressed == 33, "two at once"
        await fingers.press("z")
        assert "Took back: assigned it to m2 (#4, #5)." in board.toasts

        await fingers.press("N")
        page = board.said("#note-text")
        assert "#1" in page
        assert "Number one" in page
        await fingers.press("y", "escape", "q")
        assert fingers.pressed == 38
    with closing(other(path)) as desk:
        mine = {number: desk.tickets.get(number) for number in (1, 2, 3, 7)}
    assert {number: each.status for number, each in mine.items()} == {
        1: Status.PENDING,
        2: Status.SOLVED,
        3: Status.ON_HOLD,
        7: Status.CLOSED,
    }


TWENTY: Mapping[str, tuple[int, int, tuple[str, ...]]] = {
    "take it": (1, 1, ("t",)),
    "take it over from somebody who is out": (1, 1, ("t",)),
    "record an answer; the customer's step": (2, 2, ("r", "p")),
    "record an answer and solve it": (2, 2, ("r", "s")),
    "the customer wrote": (1, 1, ("c",)),
    "another status": (2, 2, ("s", "p")),
    "assign it to somebody": (3, 2, ("a", "2")),
    "assign it to nobody": (3, 2, ("a", "0")),
    "another priority, with its reason": (5, 3, ("p", "3", "*", "enter")),
    "put it first, with its reason": (2, 2, ("d", "*", "enter")),
    "comment": (2, 2, ("C", "*", "enter")),
    "fill in what engineering needs": (8, 8, ("e", "f", *("*", "tab") * 5, "*", "f2")),
    "hand it over once that is filled in": (2, 0, ()),
    "mine": (2, 1, ("4",)),
    "mine, and pending": (2, 1, ("5",)),
    "to number one": (1, 1, ("g",)),
    "to a number": (2, 2, ("#", "*", "enter")),
    "out, the person under the cursor": (2, 2, ("o", "enter")),
    "a timer on it": (1, 1, ("i",)),
    "take the last step back": (1, 1, ("z",)),
}
"""The twenty things done most: their keys before this board and on it, and which they are.

``*`` stands for a text that is written or pasted, which is not counted; of a login that was typed
to assign, one letter is.
"""


@pytest.mark.parametrize("thing", TWENTY)
def test_the_twenty_things_take_no_more_keys_than_before(thing: str) -> None:
    before, now, keys = TWENTY[thing]
    assert len([key for key in keys if key != "*"]) == now <= before
    commands = {key for each in COMMANDS.values() for key in each.keys}
    assert not keys or keys[0] in commands


async def test_the_ones_that_became_shorter_do_what_they_say(path: Path) -> None:
    texts = iter(["their release waits for it"])
    wanted = ("assign it to somebody", "another priority, with its reason", "assign it to nobody")
    async with opened_board(path, actor="m1") as board:
        for thing in wanted:
            for key in TWENTY[thing][2]:
                await (board.paste(next(texts)) if key == "*" else board.press(key))
        assert "#1 is nobody's now." in board.toasts
        await board.press("a", "m")
        await board.press(*TWENTY["mine"][2])
        assert board.board.view.typed == "assignee:me"
        assert len(board.queue) == 1
        await board.press(*TWENTY["mine, and pending"][2])
        assert board.queue[0].strip() == "Nothing matches."
        await board.press(*TWENTY["mine, and pending"][2])
        assert not board.board.view.changed, "once more shows the queue again"
    with closing(other(path, "m1")) as desk:
        changed = desk.tickets.get(1)
        assert changed.assignee == "m1"
        assert changed.assigned_priority is not None
        assert changed.assigned_priority.reason == "their release waits for it"


def _who_waits_is_read(board: Driver) -> bool:
    """Return whether it was read beside, after a rest, how long all wait with two people out."""
    waits = board.board.waiting.waits
    return waits is not None and len(waits.capacity.available) == 7


async def test_the_leads_morning_with_two_people_out(tmp_path: Path) -> None:
    path = staffed(tmp_path / "desk.db", nine_in_a_room(), waiting(60, longer=timedelta(hours=1)))
    clock = Clock()
    async with opened_board(path, clock=clock, size=(160, 45), outbox=Office().outbox) as board:
        fingers = Fingers(board)
        assert "LEVEL 2 · NORMAL   9 of 9 in" in board.header
        await fingers.press("o", "enter", "o")
        assert "level 3 → 4" in board.said(".foreseen .said"), "it is foreseen before it is done"
        await fingers.press("enter")
        await board.until(lambda: "LEVEL 4 · HARD CHOICES   7 of 9 in" in board.header)
        await board.settle()
        assert fingers.pressed == 4, "two people are out"
        told = "60 customers are to be told that they will wait."
        await board.until(lambda: told in board.prompt and _who_waits_is_read(board))
        await fingers.press("w", "S")
        assert "60 notices go out in 10 s; until then they can be taken back." in board.toasts
        await fingers.press("escape")
        assert fingers.pressed == 7, "everybody who waits is told"
        await fingers.press("j", "d")
        await board.paste("their contract ends today")
        await fingers.press("enter")
        assert "First by deviation: mariam put it first until answered" in board.banner
        assert fingers.pressed == 10, "one ticket is put first"
        await fingers.press("P")
        await board.paste("10m")
        await fingers.press("enter")
        assert "PAST" in board.header
        assert "9 of 9 in" in board.header, "ten minutes ago nobody was out"
        await fingers.press("t")
        assert "the past is for looking only" in board.toasts[-1]
        await fingers.press("q")
        assert "7 of 9 in" in board.header
        assert fingers.pressed == 14, "what it was before is looked at"
    with closing(other(path)) as desk:
        drafts = desk.waits.read().drafts
        assert [each.renews for each in drafts] == [True], "the one put first passes a promise"
        assert len(desk.waits.read().ledger) == 60
