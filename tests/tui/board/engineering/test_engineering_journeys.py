"""Engineering at the board: an engineer's shift, support's hand-over, a p0 that cannot wait."""

import sys
from contextlib import closing, nullcontext
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import TextArea

from policy.rulebook.rulebook import load_rulebook
from policy.words import Status
from store.desk import Desk
from tests.databases import address_of
from tests.tui.boards import NOW, Driver, Fingers, opened_board
from tests.tui.engineering import CONTEXT, p2s, staffed_with_hand_overs
from tests.tui.teams import nine_in_a_room, staffed
from tui.board.engineering.context_form import ContextForm
from tui.board.engineering.decision_form import DecisionForm
from tui.board.engineering.engineers_list import EngineersList
from tui.board.engineering.engineers_screen import EngineersScreen
from tui.board.queue.queue_view import alone
from tui.board.widgets.pick import Pick


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return staffed_with_hand_overs(tmp_path / "desk.db")


def other(path: Path, actor: str = "m1") -> Desk:
    return Desk.open(address_of(path), actor=actor, clock=lambda: NOW)


def waiting(board: Driver) -> list[str]:
    """Return the lines of the engineer's list, without the spaces between their words."""
    lines = board.app.screen.query_one(EngineersList)
    texts = [lines.render_line(y).text for y in range(lines.size.height)]
    return [" ".join(text.replace("▌", "").split()) for text in texts if text.strip()]


def shown(board: Driver) -> str:
    """Return the text about the ticket under the engineer's cursor."""
    return board.said("#context-text Static")


async def test_the_engineer_who_decides_the_timing_of_three_p2s_and_sends_one_back(
    path: Path,
) -> None:
    async with opened_board(path, actor="erin") as board:
        fingers = Fingers(board)
        assert isinstance(board.app.screen, EngineersScreen)
        assert "engineering 4 to review" in board.said(".over-heading")
        assert [line.split()[1] for line in waiting(board)] == [
            "Acme",
            "云雀智造",
            "Globex",
            "Initech",
        ]
        assert "p2 Acme · Enterprise · m1 has it" in shown(board)
        for name, text in CONTEXT.items():
            assert f"✓ {name.replace('_', ' ')} {' '.join(text.split())}" in shown(board)
        await fingers.press("n", "enter")
        assert "#1: now; support tells the customer." in board.toasts
        assert waiting(board)[0].split()[1] == "云雀智造"
        await fingers.press("r")
        await board.paste("With the new writer.")
        await fingers.press("enter")
        await fingers.press("s")
        await board.paste("5d")
        await fingers.press("enter")
        await fingers.press("a")
        await board.paste("Which browser?")
        await fingers.press("enter")
        assert fingers.pressed == 8, "two for each"
        assert waiting(board) == [
            "Nothing waits for engineering.", "What is handed over appears here by itself.",
        ]  # fmt: skip
    with closing(other(path)) as desk:
        reviews = [desk.tickets.get(number).review for number in range(1, 5)]
        assert [each and (each.timing, each.scheduled_for, each.note) for each in reviews] == [
            ("now", None, ""),
            ("next_release", None, "With the new writer."),
            ("scheduled", date(2026, 3, 9), ""),
            (None, None, "Which browser?"),
        ]
        assert {desk.tickets.get(number).status for number in range(1, 5)} == {Status.OPEN}


async def test_support_hands_over_and_tells_the_customer_what_was_decided(path: Path) -> None:
    async with opened_board(path, actor="m1") as board:
        await board.press("G", "e")
        form = board.app.screen
        assert isinstance(form, Pick)
        await board.press("h")
        assert "#5 lacks environment, steps to reproduce" in board.said(".said")
        assert board.app.screen is form, "what cannot be done says why, and stays"
        await board.press("f")
        assert isinstance(board.app.screen, ContextForm)
        for number, text in enumerate(list(CONTEXT.values())[:3]):
            await board.press(*["tab"] * bool(number))
            await board.paste(text)
        assert "3 of 6 filled in" in board.said(".said")
        await board.press("f2")
        assert "#5: the context is kept; 3 of it is missing still." in board.toasts
        assert "Fill in recent changes, who is affected and urgency for" in board.ticket
        assert "Context for engineering, 3 of 6 ✓ environment 4.2.1, self-hosted" in board.ticket
        assert "○ urgency missing" in board.ticket
        await board.press("e", "f")
        for number, text in enumerate(list(CONTEXT.values())[3:]):
            await board.press(*["tab"] * bool(number))
            await board.paste(text)
        assert "6 of 6 filled in, complete: F2 hands it over." in board.said(".said")
        await board.press("f2")
        assert "#5 is with engineering." in board.toasts
        assert board.cursor == 6
        with closing(other(path, "erin")) as desk:
            desk.engineering.review(5, "backlog", note="Ask again in summer.")
        await board.until(lambda: len(board.queue) == 2)
        await board.press("G")
        assert board.cursor == 5
        assert "Tell the customer: engineering keeps it in the backlog." in board.ticket
        assert "Drafted answer Hello Req 5, there is news about “Review queue" in board.ticket
        assert "their note Ask again in summer." in board.ticket
        await board.press("y", "d")
        assert board.app.clipboard.startswith("Hello Req 5,\n\nthere is news about")
        assert "summer" not in board.app.clipboard
        await board.press("r", "p")
        with closing(other(path)) as desk:
            review = desk.tickets.get(5).review
            assert review is not None
            assert review.told


async def test_a_p0_that_cannot_wait_comes_first_for_every_engineer(path: Path) -> None:
    async with (
        opened_board(path, actor="m1") as board,
        opened_board(path, actor="erin") as second,
    ):
        fingers = Fingers(board)
        await board.press("g")
        assert board.cursor == 6
        await fingers.press("e", "n", "enter")
        assert "! because: missing; say in a sentence why it cannot wait" in board.said(".said")
        await board.paste("their boats stop in two hours")
        await fingers.press("enter")
        assert fingers.pressed == 4
        assert "#6: engineering is asked to drop everything." in board.toasts
        assert "NUMBER ONE  #6" in board.banner
        await second.until(lambda: len(waiting(second)) == 5)
        assert waiting(second)[0] == "! p0 Halcyon Ferr… Instance down fo… now"
        await second.settle()
        assert "1 cannot wait" in second.said(".over-heading")
        assert "asked to drop everything 1×" in second.said(".over-heading")
        await second.press("home")
        assert "it cannot wait a day, because their boats stop" in shown(second)
        assert "○ not filled in environment," in shown(second)
        await board.press("e", "h")
        assert "#6 is owed an answer: first an answer to the customer" in board.said(".said")
        await board.press("escape", "r", "r", "e", "h")
        assert "#6 is p0 and cannot wait, as m1 said" in board.said(".said")
        await board.press("w")
        assert "#6 can wait; hand it over once its context is complete." in board.toasts
        await second.until(lambda: len(waiting(second)) == 4)


async def test_taking_back_and_what_changed_meanwhile(path: Path) -> None:
    async with opened_board(path, actor="erin") as board:
        await board.press("b")
        assert isinstance(board.app.screen, DecisionForm)
        with closing(other(path)) as desk:
            desk.engineering.fill_context(1, {"urgency": "More than it was."})
        await board.press("enter")
        assert "m1 filled in urgency for engineering" in board.said(".both-versions")
        await board.press("l")
        assert "! #1 was changed meanwhile by m1 (context filled)" in board.said(".said")
        await board.press("escape")
        with closing(other(path)) as desk:
            desk.tickets.set_status(1, Status.OPEN)
        await board.until(lambda: len(waiting(board)) == 3)
        await board.settle()
        assert "p2 云雀智造 · Enterprise" in shown(board), "the cursor is where it was"


async def test_every_timing_is_offered_on_enter_and_the_date_is_checked(path: Path) -> None:
    async with opened_board(path, actor="erin") as board:
        await board.press("enter", "s", "enter")
        assert "on: missing; say for which day" in board.said(".said")
        await board.paste("someday")
        await board.press("enter")
        assert "on: expected a time such as" in board.said(".said")
        await board.press(*["backspace"] * 7)
        await board.paste("2026-03-03")
        await board.press("enter")
        assert "on: 2026-03-03; expected a day that is not past" in board.said(".said")
        await board.press("backspace", "9", "enter")
        assert "#1: scheduled; support tells the customer." in board.toasts
        await board.press("escape")
        assert board.app.screen is board.app.board


async def test_a_comment_and_long_answers(path: Path) -> None:
    async with opened_board(path, actor="erin", size=(80, 24)) as board:
        await board.press("j")
        assert "写入第 0 行 ✅ [red]ok[/red]" in shown(board)
        assert " more ✓ recent changes 无" in shown(board)
        assert "✓ urgency 周五结账" in shown(board)
        whole = board.app.screen.query_one("#context-text").virtual_size.height
        await board.press("space")
        assert " more ✓" not in shown(board)
        assert "09:14:59 写入第 59 行 ✅ [red]ok[/red]" in shown(board)
        assert board.app.screen.query_one("#context-text").virtual_size.height > whole
        await board.press("C")
        await board.paste("Known since 4.1.")
        await board.press("enter")
        await board.settle()
        assert "erin commented: Known since 4.1." in shown(board)
        await board.press("escape")
        assert board.app.screen is board.app.board


async def test_support_looks_on_and_is_told_who_decides(path: Path) -> None:
    async with opened_board(path, actor="m1") as board:
        await board.press("E")
        assert len(board.app.screen_stack) == 2
        for key in ("n", "enter", "a"):
            await board.press(key)
            assert "m1 is in support" in board.toasts[-1]
            assert "that is for an engineer" in board.toasts[-1]
        await board.press("E")
        assert board.app.screen is board.app.board


async def test_when_nothing_waits(tmp_path: Path) -> None:
    path = staffed(tmp_path / "desk.db", nine_in_a_room(), p2s())
    async with opened_board(path, actor="erin", size=(80, 24)) as board:
        assert waiting(board)[0] == "Nothing waits for engineering."
        await board.press("n", "C", "j", "space", "tab", "down")
        assert "Not done ×3 nothing waits for engineering" in board.toasts
        with closing(other(path)) as desk:
            desk.tickets.reply(3)
            desk.engineering.fill_context(3, CONTEXT)
            desk.engineering.hand_over(3)
        await board.until(lambda: len(waiting(board)) == 1 and "Globex" in waiting(board)[0])


async def test_what_says_little_is_named_and_takes_a_second_word(tmp_path: Path) -> None:
    path = staffed(tmp_path / "desk.db", nine_in_a_room(), p2s())
    demanding = (
        '[engineering.fewest_words]\nurgency = 40\n[engineering.examples]\nurgency = "by Friday"\n'
    )
    with closing(other(path, "mariam")) as desk:
        desk.policy.adopt(load_rulebook(demanding, "ours.toml"))
        desk.tickets.reply(3)
        desk.engineering.fill_context(3, {**CONTEXT, "urgency": ""})
    async with opened_board(path, actor="m1", size=(160, 45)) as board:
        board.board.look(alone(3))
        await board.settle()
        await board.press("e", "f")
        area = board.app.screen.query(TextArea)[-1]
        assert area.placeholder == "by Friday"
        await board.paste(CONTEXT["urgency"])
        await board.press("f2")
        assert board.said(".said") == "! urgency says little; F2 once more hands it over as it is"
        await board.press("f3", "e", "h")
        assert "#3 says little in urgency." in board.said(".form-title")
        await board.press("h")
        assert "#3 is with engineering." in board.toasts


async def test_the_timings_are_the_policys_with_keys_that_do_not_clash(path: Path) -> None:
    ours = '[engineering]\ntimings = ["today", "quickly", "aa", "jj", "日后"]\n'
    with closing(other(path, "mariam")) as desk:
        desk.policy.adopt(load_rulebook(ours, "ours.toml"))
    async with opened_board(path, actor="erin") as board:
        assert "t today" in board.footer
        assert "u quickly" in board.footer, "q leaves the board"
        assert "1 aa" in board.footer, "a asks support"
        assert "2 jj" in board.footer, "j moves"
        await board.press("3", "enter")
        with closing(other(path)) as desk:
            review = desk.tickets.get(1).review
            assert review is not None
            assert review.timing == "日后"


async def test_in_the_editor_and_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = path.parent / "editor.py"
    script.write_text(
        "import sys, pathlib\nfile = pathlib.Path(sys.argv[1])\n"
        "file.write_text(file.read_text().replace('=== logs ===', '=== logs ===\\n502'))\n"
    )
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    async with opened_board(path, actor="m1") as board:
        await board.press("G", "e", "v")
        assert "this terminal does not let the board step aside" in board.toasts[-1]
        monkeypatch.setattr(board.app, "suspend", nullcontext)
        await board.press("e", "v")
        assert "#5: the context is kept; 5 of it is missing still." in board.toasts
        assert "✓ logs 502" in board.ticket
        script.write_text("")
        await board.press("e", "v")
        assert "#5: the context is as it was." in board.toasts
        script.write_text(
            "import sys, pathlib\npathlib.Path(sys.argv[1]).write_text('=== log ===')"
        )
        await board.press("e", "v")
        assert 'line 1: "log"; expected one of the headings' in board.toasts[-1]
        assert "your text is kept in" in board.toasts[-1]


async def test_what_was_typed_is_there_again_and_f3_only_keeps_it(path: Path) -> None:
    async with opened_board(path, actor="m1", size=(80, 24)) as board:
        await board.press("G", "e", "f")
        await board.paste("4.2.1")
        await board.press("escape")
        assert board.app.screen is board.app.board
        await board.press("e", "f")
        assert "1 of 6 filled in" in board.said(".said")
        for text in list(CONTEXT.values())[1:]:
            await board.press("tab")
            await board.paste(text)
        with closing(other(path)) as desk:
            assert desk.tickets.get(5).context == ()
        await board.press("f3")
        assert "#5: the context is complete; it can be handed over." in board.toasts
        with closing(other(path)) as desk:
            assert desk.tickets.get(5).status is not Status.ON_HOLD
