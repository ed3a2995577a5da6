"""Every form that changes something alike: whatever becomes of its answer, no word of it is lost.

Pasted into with ten lines, refused by the policy, by a database that fails and by one that is gone,
left and opened again, and at last sent twice in one packet.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input, TextArea

from policy.roster.team_file import load_team
from store.desk import Desk
from store.read_models import EventFilter
from tests.databases import address_of, another_writes, execute
from tests.examples import incoming
from tests.tui.boards import NOW, Driver, minutes_ago, opened_board
from tests.tui.engineering import staffed_with_hand_overs
from tests.tui.teams import nine_in_a_room
from tui.board.widgets.form import Form

TEN = "\n".join(f"line {number} of what there is to say" for number in range(1, 11))


@dataclass(frozen=True)
class Asked:
    """A form: the keys that lead to it, what is pasted into it, and the event that comes of it.

    The keys of ``then`` come behind each of the texts; ``send`` sends it.
    """

    keys: tuple[str, ...]
    event: str
    texts: tuple[str, ...] = (TEN,)
    then: tuple[str, ...] = ()
    send: str = "enter"
    actor: str = "m1"


FORMS = {
    "comment": Asked(("C",), "commented"),
    "priority": Asked(("p", "3"), "priority_assigned"),
    "deviation": Asked(("d",), "deviated"),
    "solved without an answer": Asked(("s", "s"), "solved_unanswered"),
    "it cannot wait": Asked(("e", "n"), "escalated"),
    "context": Asked(("e", "f"), "context_filled", send="f2"),
    "split": Asked(("S",), "opened", ("And the bill", "", TEN, ""), ("tab", "tab", "shift+tab")),
    "new": Asked(("n",), "opened", ("Acme", "It is slow"), ("tab",)),
    "merge": Asked(("m", "7"), "merged", ()),
    "timing": Asked(("n",), "reviewed", actor="erin"),
    "question": Asked(("a",), "sent_back", actor="erin"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a desk with hand-overs, whose number one #6 has another ticket of its customer."""
    path = staffed_with_hand_overs(tmp_path / "desk.db")
    with closing(lead(path)) as desk:
        another = incoming(7, customer="Halcyon Ferry Lines", received_at=minutes_ago(20))
        desk.transfer.take_in([another])
    return path


def lead(path: Path) -> Desk:
    return Desk.open(address_of(path), actor="mariam", clock=lambda: NOW)


def written(board: Driver) -> list[str]:
    form = board.app.screen
    lines = [each.value for each in form.query(Input)]
    return lines + [each.text for each in form.query(TextArea)]


async def write(board: Driver, asked: Asked) -> None:
    keys = iter(asked.then)
    for text in asked.texts:
        if text:
            await board.paste(text)
        await board.press(*[key for key in [next(keys, "")] if key])


def how_often(path: Path, asked: Asked) -> int:
    """Return how often what the form asks for has happened."""
    with closing(lead(path)) as desk:
        wanted = EventFilter(actor=asked.actor, kind=asked.event)
        with desk.history.events(wanted) as found:
            return len(list(found))


@contextmanager
def no_longer_in_the_team(path: Path, actor: str) -> Iterator[None]:
    """Let the policy refuse what an actor does: "an unknown login may only look"."""
    team = nine_in_a_room()
    for members in (team.replace(f'login = "{actor}"', 'login = "another"'), team):
        with closing(lead(path)) as desk:
            desk.team.import_members(load_team(members, "team.toml"))
        if members is not team:
            yield


@contextmanager
def broken(path: Path, way: str, mended: str) -> Iterator[None]:
    """Break the database in a way under the board, and mend it again."""
    execute(path, way)
    yield
    execute(path, mended)


FAILING = (
    "ALTER TABLE event RENAME COLUMN note TO no_room",
    "ALTER TABLE event RENAME COLUMN no_room TO note",
)
GONE = ("ALTER TABLE ticket RENAME TO gone", "ALTER TABLE gone RENAME TO ticket")


@pytest.mark.parametrize("name", FORMS)
async def test_no_word_is_lost(path: Path, name: str) -> None:
    asked = FORMS[name]
    async with opened_board(path, actor=asked.actor) as board:
        below = board.app.screen
        if asked.actor == "m1":
            await board.press("g")
        await board.press(*asked.keys)
        form = board.app.screen
        assert isinstance(form, Form)
        await write(board, asked)
        said = written(board)
        assert TEN not in asked.texts or TEN in said, "ten lines stay ten lines"
        for refusing in (
            no_longer_in_the_team(path, asked.actor),
            broken(path, *FAILING),
            broken(path, *GONE),
        ):
            with refusing:
                await board.press(asked.send)
                assert board.app.screen is form
                assert board.said(".said").startswith("! ")
                assert written(board) == said
        await board.until(lambda: board.board.trouble is None)
        await board.settle()
        await board.press("escape")
        assert board.app.screen is below
        await board.press(*asked.keys)
        assert written(board) == said
        before = how_often(path, asked)
        for _ in range(2):
            board.app.post_message(events.Key(asked.send, None))
        await board.settle()
        assert board.app.screen is below
        assert how_often(path, asked) == before + 1


async def test_what_is_typed_behind_an_answer_waits_for_it(path: Path) -> None:
    """And it is lost with it: what was meant for the board is not written into the form."""
    async with opened_board(path, actor="m1") as board:
        await board.press("g", "C")
        await board.paste("Seen it")
        with broken(path, *FAILING):
            for key in ("enter", "j", "x"):
                board.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await board.settle()
        assert written(board) == ["Seen it"]
        cursor = board.cursor
        for key in ("enter", "j"):
            board.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await board.settle()
        assert board.cursor != cursor


async def test_a_form_whose_answer_is_long_in_coming_says_so_and_can_be_left(path: Path) -> None:
    async with opened_board(path, actor="m1") as board:
        await board.press("g", "C")
        await board.paste("Seen it")
        with another_writes(path):
            board.app.post_message(events.Key("enter", None))
            await board.until(lambda: "has not answered yet" in board.said(".said"))
            board.app.post_message(events.Key("escape", None))
            await board.until(lambda: board.app.screen is board.app.board)
        await board.settle()
        assert "#6: commented." in board.toasts, "what became of it is told all the same"
        await board.press("C")
        assert written(board) == [""]
