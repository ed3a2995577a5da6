"""A lead's shift at the board: who is out, what that does, and what every board says of it."""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from policy.roster.time_off import TimeOffEntry
from store.desk import Desk
from tests.databases import address_of
from tests.tui.boards import NOW, Clock, Driver, filled, opened_board, small_queue
from tests.tui.teams import member, nine_in_a_room, spread_team, staffed, waiting
from tui.board.team.member_list import MemberList
from tui.board.team.out_form import OutForm
from tui.board.team.team_lines import facts_of
from tui.board.team.team_strip import TeamStrip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return staffed(tmp_path / "desk.db", nine_in_a_room(), waiting(12))


def other(path: Path, actor: str = "mariam", clock: Clock | None = None) -> Desk:
    return Desk.open(address_of(path), actor=actor, clock=clock or (lambda: NOW))


async def test_five_of_nine_out_changes_level_mode_and_number_one_on_every_board(
    path: Path,
) -> None:
    async with opened_board(path) as board, opened_board(path, actor="m9") as second:
        assert "LEVEL 1 · NORMAL   9 of 9 in, next Zoe 3 h 55 m" in board.header
        assert "NUMBER ONE  #2" in board.banner
        for number in range(1, 5):
            await board.press("o", "home", "enter")
            assert f"M{number} is out from" in board.toasts[-1]
        assert "LEVEL 3" not in board.header
        await board.press("o", "home")
        assert "level 2 → 4" in board.said(".foreseen .said")
        assert "mode normal → hard choices" in board.said(".foreseen .said")
        assert "number one #2 → #1 Customer 1" in board.said(".foreseen .said")
        assert "8 customers are to be told" in board.said(".foreseen .said")
        assert "Safe times would be later for" in board.said(".foreseen .said")
        await board.press("enter")
        for each in (board, second):
            await each.until(lambda each=each: "LEVEL 4 · HARD CHOICES   4 of 9" in each.header)  # type: ignore[misc] # mypy does not see a default argument's type
            await each.until(lambda each=each: "waits 8" in each.footer)  # type: ignore[misc] # the same
            await each.settle()
            assert "NUMBER ONE  #1" in each.banner
            assert "▲ Level 4, up from" in each.prompt
            assert "24 hours" in each.prompt
            assert "8 customers are to be told that they will wait." in each.prompt
        await second.press("escape")
        assert second.prompt == ""


async def test_marking_back_returns_to_normal_after_the_calm_time_and_not_before(
    path: Path,
) -> None:
    with closing(other(path)) as desk:
        for number in range(1, 6):
            desk.team.mark_out(f"m{number}", reason="sick")
    clock = Clock()
    async with opened_board(path, clock=clock) as board:
        assert "LEVEL 4 · HARD CHOICES" in board.header
        await board.press("3", "G")
        clock.now += timedelta(minutes=1)
        for _ in range(2):
            await board.until(lambda: " out" in board.header)
            await mark_back_first(board)
        await board.until(lambda: "LEVEL 2 · HARD CHOICES, calm for" in board.header)
        assert "▼ Level 2, down from" in board.prompt
        clock.now += timedelta(minutes=14)
        await board.until(lambda: "14:20" in board.header)
        await board.settle()
        assert "HARD CHOICES" in board.header
        clock.now += timedelta(minutes=2)
        await board.until(lambda: "LEVEL 2 · NORMAL" in board.header)
        await board.settle()
        assert "back to normal" in board.prompt


async def mark_back_first(board: Driver) -> None:
    """Mark the first who is out back: Home, down to them, and the two keys."""
    await board.press("o")
    form = board.app.screen
    assert isinstance(form, OutForm)
    await board.press("home")
    while not form._members.member.out:
        await board.press("down")
    assert "mark back" in board.said(".form-keys")
    await board.press("enter")
    await board.until(lambda: any("is back" in toast for toast in board.toasts))


async def test_a_key_held_down_marks_nobody_out(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press(*["o"] * 20)
        assert isinstance(board.app.screen, OutForm)
        await board.press("escape")
        assert "9 of 9 in" in board.header


async def test_until_and_reason_are_typed_and_what_is_wrong_is_said(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("o", "home", "tab", "tab")
        await board.paste("soon")
        assert "! until:" in board.said(".foreseen .said")
        await board.press("enter")
        assert isinstance(board.app.screen, OutForm)
        await board.press(*["backspace"] * 4)
        await board.paste("3h")
        await board.press("tab")
        await board.paste("dentist")
        assert "until Wed 4 Mar 2026 19:05 (Africa/Cairo): dentist." in board.said(
            ".foreseen .said"
        )
        await board.press("enter")
        with closing(other(path)) as desk:
            (off,) = desk.team.roster().off("m1")
        assert (off.until, off.reason) == (NOW + timedelta(hours=3), "dentist")
        await board.press("o", "end", "enter")
        assert not isinstance(board.app.screen, OutForm)


async def test_a_date_is_the_whole_day_where_they_are(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("o", "home", "tab", "tab")
        await board.paste("2026-03-05")
        await board.press("enter")
        with closing(other(path)) as desk:
            (off,) = desk.team.roster().off("m1")
        assert off.until == NOW.replace(day=5, hour=22, minute=0)


async def test_whose_tickets_need_another_hand_go_along_with_one_key(path: Path) -> None:
    with closing(other(path)) as desk:
        desk.tickets.assign(3, "m1")
        desk.tickets.assign(4, "m1")
    async with opened_board(path) as board:
        await board.press("o", "home")
        assert "hand over h ○ not now: #3 to M9, #4 to M9" in board.said(".foreseen .said")
        await board.press("h")
        assert "● too:" in board.said(".foreseen .said")
        await board.press("enter")
        assert "2 tickets are handed over." in board.toasts[-1]
        with closing(other(path)) as desk:
            assert {desk.tickets.get(3).assignee, desk.tickets.get(4).assignee} == {"m9"}


async def test_an_engineer_marks_themselves_and_is_told_why_not_others(path: Path) -> None:
    async with opened_board(path, actor="erin") as board:
        await board.press("escape")  # an engineer's board opens on the engineer's view
        assert "in M1 55m" in " ".join(board.team)
        await board.press("o")
        assert "Erin is out from" in board.said(".foreseen .said")
        await board.press("home")
        assert "! erin is an engineer" in board.said(".foreseen .said")
        assert "change who is out; that is for a lead (mariam)" in board.said(".foreseen .said")
        await board.press("enter")
        assert isinstance(board.app.screen, OutForm), "what cannot be keeps the form open"
        await board.press("escape", "o", "tab", "tab", "tab")
        await board.paste("a cold")
        await board.press("enter")
        assert "Erin is out from" in board.toasts[-1]
        await board.press("t")
        assert "not take tickets" in board.toasts[-1]
        assert len(board.app.screen_stack) == 1


async def test_at_capacity_is_said_by_oneself_or_by_the_lead(path: Path) -> None:
    async with opened_board(path, actor="m3", size=(80, 24)) as board:
        await board.press("b")
        assert "M3 takes no new tickets." in board.toasts
        await board.press("3", "end")
        assert any("M3" in line and "at capacity" in line for line in board.team)
    async with opened_board(path) as board:
        await board.press("o", "home", "down", "b")
        assert "M2 takes no new tickets." in board.toasts


async def test_why_the_level_is_what_it_is_on_request(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("v")
        said = board.said("#reasons")
        assert "All 9 scheduled are in, with 12 tickets in the queue" in said
        assert "As planned." in said
        assert "Zoe 18:00, in 3 h 55 m" in said
        with closing(other(path)) as desk:
            for number in range(1, 6):
                desk.team.mark_out(f"m{number}")
        await board.until(lambda: "Only 4 of 9 scheduled are in" in board.said("#reasons"))
        assert board.said(".form-title") == "Level 4, hard choices"
        told = "8 customers are to be told that they will wait."
        await board.until(lambda: told in board.said("#reasons"))
        await board.press("escape")
        assert len(board.app.screen_stack) == 1


async def test_a_closed_desk_says_until_when(tmp_path: Path) -> None:
    saturday = NOW + timedelta(days=3)
    path = staffed(tmp_path / "desk.db", nine_in_a_room())
    async with opened_board(path, clock=lambda: saturday) as board:
        assert "LEVEL 1 · NORMAL   closed until Sun 21:00" in board.header


async def test_without_a_team_the_board_stays_as_it_was(tmp_path: Path) -> None:
    async with opened_board(filled(tmp_path / "desk.db", small_queue())) as board:
        assert board.title.startswith("Queue 5")
        assert "waits" not in board.footer
        await board.press("o")
        assert "there is no team yet; a lead runs: numberone team import FILE" in board.toasts[-1]
        await board.press("v")
        assert "No team is known yet" in board.said("#reasons")


@pytest.mark.parametrize("people", [3, 12, 80])
@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (160, 45)])
async def test_every_team_fits_every_size(
    tmp_path: Path, people: int, size: tuple[int, int]
) -> None:
    path = staffed(tmp_path / "desk.db", spread_team(people), waiting(9))
    async with opened_board(path, size=size) as board:
        await board.press("3")
        pane = board.app.board.panes.team
        assert pane.virtual_size.height <= pane.size.height
        assert any(line.startswith("Cover 4") for line in board.team)
        assert people < 80 or sum("more" in line for line in board.team) >= 2


async def test_the_rest_of_a_section_unfolds(tmp_path: Path) -> None:
    path = staffed(tmp_path / "desk.db", spread_team(80))
    async with opened_board(path, size=(120, 36)) as board:
        pane = board.app.board.panes.team
        await board.press("3")
        while pane.login is not None:
            await board.press("j")
        before = pane.virtual_size.height
        await board.press("enter")
        assert pane.virtual_size.height > before
        assert pane.login is not None
        await board.press("enter")
        assert board.app.board.view.typed == f"assignee:{pane.login}"


async def test_a_low_pane_tells_the_team_in_a_strip_until_it_has_the_keys(path: Path) -> None:
    async with opened_board(path, size=(160, 45)) as board:
        board.board.query_one("#team").styles.height = 5
        await board.settle()
        assert [line.split()[0] for line in board.team if line] == ["in", "next", "cover"]
        await board.press("3")
        assert board.team[0].startswith("In now 9")
        await board.press("o")
        assert any(line.startswith("▌ M1") for line in lines(board))
        await board.press("escape", "1")
        assert board.team[0].startswith("in M1")


async def test_the_strip_can_stand_on_a_board(path: Path) -> None:
    async with opened_board(path, size=(80, 24)) as board:
        strip = TeamStrip(board.board.context.zone, NOW)
        strip.styles.height = 1
        await board.board.mount(strip, after=board.board.panes)
        await board.settle()
        assert strip.render().plain == ""
        state = board.board.state
        assert state is not None
        strip.show(facts_of(state.team, state.loads, state.overview.queue, state.overview.words))
        await board.settle()
        assert strip.render().plain.startswith("in  M1 55m  M2 55m")
        assert "next Zoe in 3h55m" in strip.render().plain
        strip.now = NOW + timedelta(minutes=10)
        assert "next Zoe in 3h45m" in strip.render().plain


async def test_a_name_that_tries_something_is_only_text(tmp_path: Path) -> None:
    team = member("mariam", role="lead") + member("x", name="[/] [red]", shift=0)
    async with opened_board(staffed(tmp_path / "desk.db", team)) as board:
        assert any("[/] [red]" in line for line in board.team)
        await board.press("o", "escape", "v", "escape")
        assert len(board.app.screen_stack) == 1


# One form for all of somebody's time off


def lines(board: Driver) -> list[str]:
    """Return the lines of the form's list with the cursor's mark, as many as there are."""
    form = board.app.screen
    assert isinstance(form, OutForm)
    at = form._members.highlighted
    return [
        ("▌ " if place == at else "  ") + "".join(text for text, _ in spans)
        for place, each in enumerate(form._members._items)
        for spans in [form._members.spans(each, here=False)]
    ]


def in_fields(board: Driver) -> list[str]:
    return [
        board.app.screen.query_one(f"#{name}", Input).value for name in ("from", "until", "reason")
    ]


async def fill(board: Driver, **fields: str) -> None:
    """Type into the fields named, by keys: Tab from the list, and everything in it replaced."""
    board.app.screen.query_one(MemberList).focus()
    for name in ("from", "until", "reason"):
        await board.press("tab")
        if name in fields:
            await board.press("ctrl+u", "end", *["backspace"] * 30)
            await board.paste(fields[name])


async def test_the_person_under_the_cursor_from_a_time_until_a_time(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("3", "down", "down", "o")
        assert lines(board)[2].startswith("▌ M3")
        await fill(board, **{"from": "Thu 14:00", "until": "Thu 18:00", "reason": "dentist"})
        said = (
            "M3 is out from Thu 5 Mar 2026 16:00 until Thu 5 Mar 2026 20:00 (Africa/Cairo):"
            " dentist."
        )
        assert said in board.said(".foreseen .said")
        assert "mark out" in board.said(".form-keys")
        await board.press("enter")
        assert board.toasts[-1] == said
        with closing(other(path)) as desk:
            (off,) = desk.team.roster().off("m3")
        day = NOW.replace(day=5, minute=0)
        assert (off.start, off.until) == (day.replace(hour=14), day.replace(hour=18))


async def test_time_off_stands_below_its_person_and_is_changed_there(path: Path) -> None:
    with closing(other(path)) as desk:
        desk.team.mark_out("m1", None, NOW + timedelta(hours=2), "dentist")
        desk.team.mark_out("m1", date(2026, 3, 9), date(2026, 3, 13), "holidays")
    async with opened_board(path) as board:
        await board.press("o", "home")
        form = board.app.screen
        assert isinstance(form, OutForm)
        while form._members.member.login != "m1":
            await board.press("down")
        assert in_fields(board) == ["", "", ""]
        assert "mark back" in board.said(".form-keys")
        await board.press("down", "down")
        assert "└ Mon 9 Mar to Fri 13 Mar: holidays" in "".join(lines(board))
        assert in_fields(board) == ["2026-03-09", "2026-03-13", "holidays"]
        assert "cancel it" in board.said(".form-keys")
        assert "Cancelled before it began: M1 is out from Mon 9" in board.said(".foreseen .said")
        await fill(board, until="2026-03-16")
        assert "change it" in board.said(".form-keys")
        assert (
            "M1 is out from Mon 9 Mar 2026 to Mon 16 Mar 2026: holidays."
            " Before, it was from Mon 9 Mar 2026 to Fri 13 Mar 2026: holidays."
        ) in board.said(".foreseen .said")
        await board.press("enter")
        assert "to Mon 16 Mar 2026" in board.toasts[-1]
        with closing(other(path)) as desk:
            assert [off.reason for off in desk.team.roster().off("m1")] == ["dentist", "holidays"]
        await board.press("z")
        assert "took back" in board.toasts[-1].lower()
        with closing(other(path)) as desk:
            assert desk.team.roster().off("m1")[1].until == NOW.replace(day=13, hour=22, minute=0)


async def test_what_runs_is_ended_there_and_the_rest_goes_on(path: Path) -> None:
    with closing(other(path, clock=Clock(NOW - timedelta(hours=1)))) as desk:
        desk.team.mark_out("m1", None, None, "ill")
        desk.team.mark_out("m1", None, NOW + timedelta(hours=2), "dentist")
    async with opened_board(path) as board:
        await board.press("o", "home")
        form = board.app.screen
        assert isinstance(form, OutForm)
        while form._members.member.off is None or form._members.member.off.reason != "ill":
            await board.press("down")
        assert "end it now" in board.said(".form-keys")
        assert "M1 is still out from" in board.said(".foreseen .said")
        await board.press("enter")
        assert board.toasts[-1].startswith("Ended: from Wed 4 Mar 2026 15:05 until further notice")
        assert "still out from Wed 4 Mar 2026 15:05 until Wed 4 Mar 2026 18:05" in board.toasts[-1]


async def test_only_the_field_that_was_typed_in_changes(path: Path) -> None:
    """A start with seconds stays to the second."""
    began = NOW - timedelta(minutes=30, seconds=-17)
    with closing(other(path, clock=Clock(began))) as desk:
        desk.team.mark_out("m1", None, None, "ill")
    async with opened_board(path) as board:
        await board.press("o", "home")
        form = board.app.screen
        assert isinstance(form, OutForm)
        while form._members.member.off is None:
            await board.press("down")
        assert in_fields(board) == ["2026-03-04T13:35", "", "ill"]
        await fill(board, until="18:00")
        await board.press("enter")
        with closing(other(path)) as desk:
            (off,) = desk.team.roster().off("m1")
        assert (off.start, off.until) == (began, NOW.replace(hour=18, minute=0))


async def test_what_was_typed_for_a_line_is_there_again_on_the_way_back(path: Path) -> None:
    with closing(other(path)) as desk:
        desk.team.mark_out("m1", date(2026, 3, 9), date(2026, 3, 13), "holidays")
    async with opened_board(path) as board:
        await board.press("o", "home")
        form = board.app.screen
        assert isinstance(form, OutForm)
        while form._members.member.off is None:
            await board.press("down")
        await fill(board, reason="holidays, then training")
        board.app.screen.query_one(MemberList).focus()
        await board.press("up")
        assert in_fields(board) == ["", "", ""]
        await fill(board, until="3h")
        board.app.screen.query_one(MemberList).focus()
        await board.press("down")
        assert in_fields(board) == ["2026-03-09", "2026-03-13", "holidays, then training"]
        await board.press("up")
        assert in_fields(board) == ["", "3h", ""]


async def test_what_somebody_changed_meanwhile_is_said_and_nothing_is_done(path: Path) -> None:
    with closing(other(path)) as desk:
        desk.team.mark_out("m1", date(2026, 3, 9), date(2026, 3, 13), "holidays")
    async with opened_board(path) as board:
        await board.press("o", "home")
        form = board.app.screen
        assert isinstance(form, OutForm)
        while form._members.member.off is None:
            await board.press("down")
        with closing(other(path, actor="m1")) as desk:
            (off,) = desk.team.roster().off("m1")
            desk.team.change_absence("m1", TimeOffEntry(off.id), off.start, None, "parental leave")
        await fill(board, until="2026-03-20")
        assert "! somebody changed it meanwhile: M1 is out from" in board.said(".foreseen .said")
        await board.press("enter")
        assert isinstance(board.app.screen, OutForm)
        assert in_fields(board) == ["2026-03-09", "2026-03-20", "holidays"]


async def test_what_is_refused_when_it_is_done_keeps_the_form_and_every_word(path: Path) -> None:
    with closing(other(path)) as desk:
        desk.team.mark_out("m1", date(2026, 3, 9), date(2026, 3, 13), "holidays")
    async with opened_board(path) as board:
        await board.press("o", "home")
        form = board.app.screen
        assert isinstance(form, OutForm)
        while form._members.member.off is None:
            await board.press("down")
        await fill(board, until="2026-03-20", reason="parental leave")
        assert "M1 is out from Mon 9 Mar" in board.said(".foreseen .said")
        with closing(other(path, actor="m1")) as desk:
            (off,) = desk.team.roster().off("m1")
            desk.team.change_absence("m1", TimeOffEntry(off.id), off.start, None, "ill")
        await board.press("enter", "enter")
        assert board.app.screen is form
        assert "! somebody changed it meanwhile" in board.said(".foreseen .said")
        assert in_fields(board) == ["2026-03-09", "2026-03-20", "parental leave"]
        await board.press("escape")
        assert len(board.app.screen_stack) == 1


async def test_a_draft_is_of_nobody_else(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("3", "down", "o")
        await fill(board, until="3h", reason="dentist")
        await board.press("escape", "up", "o")
        assert in_fields(board) == ["", "", ""]
        await board.press("escape", "down", "o")
        assert in_fields(board) == ["", "3h", "dentist"]
        await board.press("enter")
        assert "M2 is out from" in board.toasts[-1]


async def test_the_list_says_who_has_how_many_tickets_and_takes_no_more(path: Path) -> None:
    with closing(other(path)) as desk:
        desk.tickets.assign(3, "m2")
        desk.tickets.assign(4, "m2")
        desk.team.set_at_capacity("m2", True)
    async with opened_board(path) as board:
        await board.press("o")
        (said,) = (line for line in lines(board) if "M2 " in line)
        assert said.endswith(", at capacity · 2 tickets")


@pytest.mark.parametrize("size", [(80, 24), (100, 24), (120, 36)])
async def test_everybody_is_reached_and_what_it_does_is_seen_with_them(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    path = staffed(tmp_path / "desk.db", spread_team(80), waiting(3))
    async with opened_board(path, size=size) as board:
        await board.press("o", "home", "end", "up")
        form = board.app.screen
        assert isinstance(form, OutForm)
        people, foreseen = form._members, form.query_one(".foreseen")
        name = form._members.member.name
        shown = [people.render_line(y).text for y in range(people.size.height)]
        assert any(line.startswith(f"▌ {name}") for line in shown)
        assert f"{name} is out from" in board.said(".foreseen .said")
        beside = size[0] >= 100
        assert (foreseen.region.x >= people.region.right) is beside
        assert (foreseen.region.y >= people.region.bottom) is not beside
        assert foreseen.region.bottom < size[1]


async def test_keys_that_come_in_one_packet_act_on_the_line_they_lead_to(path: Path) -> None:
    with closing(other(path)) as desk:
        desk.team.mark_out("m1", date(2026, 3, 9), date(2026, 3, 13), "holidays")
    async with opened_board(path) as board:
        await board.press("o", "home")
        form = board.app.screen
        assert isinstance(form, OutForm)
        while form._members.member.login != "m1":
            await board.press("down")
        for key in ("down", "down", "enter"):  # m1's holidays, and then m2
            board.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await board.settle()
        assert board.toasts[-1].startswith("M2 is out from Wed 4 Mar 2026 16:05 until further")


async def test_a_support_engineer_s_form_begins_with_themselves(path: Path) -> None:
    async with opened_board(path, actor="m4") as board:
        await board.press("o")
        assert any(line.startswith("▌ M4") for line in lines(board))
        await board.press("enter")
        assert board.toasts[-1].startswith("M4 is out from")
        await board.press("o", "enter")
        assert board.toasts[-1].startswith("M4 is back.")
