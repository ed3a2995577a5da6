"""The lines about the team as values: sections, folding, the chart of cover, and the header."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.capacity.levels import Capacity
from policy.capacity.mode import NORMAL
from policy.clocks.calendar import Interval
from policy.refusal import Refusal
from policy.roster.coverage import Cover, Turn, coverage
from policy.roster.holders import Holders
from policy.roster.members import Roster
from store.read_models import Overview
from store.team.team_models import Load
from tests.examples import WORDS
from tests.policy.teams import MONDAY, member, off
from tui.board.advice_bar import Said, Situations, advice_lines
from tui.board.header import HeaderState, heading_line
from tui.board.team.cover_strip import cover_cells, cover_lines
from tui.board.team.out_form import typed_end
from tui.board.team.team_lines import Room, TeamFacts, allot, team_lines
from tui.board.team.team_model import CoverHour, TeamView, cover_hours, team_view
from tui.board.team.team_strip import strip_lines
from tui.board.widgets.styles import Span, spans_width

HOUR = timedelta(hours=1)


def text(spans: list[Span]) -> str:
    return "".join(piece for piece, _ in spans)


def roster(people: int, out: int = 0) -> Roster:
    members = [member(f"m{number}", name=f"Member {number}") for number in range(people)]
    return Roster(tuple(members), tuple(off(f"m{number}", MONDAY, None) for number in range(out)))


def view(people: int, out: int = 0) -> TeamView:
    team = roster(people, out)
    return team_view(team, list(coverage(team, MONDAY, MONDAY + 48 * HOUR)), [], MONDAY)


def test_everybody_of_support_is_in_arriving_or_out() -> None:
    team = Roster(
        (
            member("ann"),
            member("bo", "Mon-Fri 12:00-20:00", at_capacity=True),
            member("cy"),
            member("di", "Sat 10:00-12:00"),
        ),
        (off("cy", MONDAY - HOUR, MONDAY + HOUR, "dentist"),),
    )
    seen = team_view(team, [], [], MONDAY)
    assert [(each.login, each.at) for each in seen.in_now] == [("ann", MONDAY + 8 * HOUR)]
    assert [(each.login, each.at_capacity) for each in seen.arriving] == [
        ("bo", True), ("di", False),
    ]  # fmt: skip
    assert [(each.login, each.at, each.why) for each in seen.out] == [
        ("cy", MONDAY + HOUR, "dentist")
    ]


VIEWS = [view(1), view(3, 1), view(12, 5), view(40, 40)]


@given(st.sampled_from(VIEWS), st.integers(1, 60), st.integers(12, 200))
def test_no_line_of_the_team_is_wider_than_the_pane(seen: TeamView, lines: int, cells: int) -> None:
    loads = (Load(login="m0", total=1234, by_priority={"p0": 1, "p2": 1233}, first=()),)
    facts = TeamFacts(view=seen, loads=loads, unassigned=12)
    drawn = team_lines(facts, MONDAY, UTC, Room(cells, lines))
    assert all(spans_width(line.spans) <= cells for line in drawn)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=4), st.integers(0, 100))
def test_room_is_shared_fairly_and_none_of_it_is_wasted(wanted: list[int], room: int) -> None:
    given_lines = allot(wanted, room)
    assert all(given <= want for given, want in zip(given_lines, wanted, strict=True))
    least = sum(min(2, want) for want in wanted)
    assert sum(given_lines) == max(least, min(room, sum(wanted)))


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), min_size=48, max_size=48
    ),
    st.integers(4, 120),
)
def test_the_chart_takes_no_more_than_its_width_and_shows_every_gap(
    hours: list[tuple[int, int, bool]], cells: int
) -> None:
    drawn = tuple(
        CoverHour(MONDAY + number * HOUR, max(scheduled, available), available, gap)
        for number, (scheduled, available, gap) in enumerate(hours)
    )
    seen = TeamView(people=1, hours=drawn)
    lines = cover_lines(seen, MONDAY, UTC, cells)
    assert all(spans_width(line) <= cells for line in lines)
    charted = cover_cells(seen, cells - 2)
    assert len(charted.cells) <= cells - 2
    assert charted.hours >= min(40, 4 * (cells - 2))
    shown = sum(text(line).count("!") for line in lines)
    assert shown == sum(cell.gap for cell in charted.cells)
    groups = [drawn[first : first + charted.per] for first in range(0, 48, charted.per)]
    for cell, group in zip(charted.cells, groups, strict=False):
        assert cell.gap == any(hour.gap for hour in group)
        assert (cell.scheduled, cell.available) in [(h.scheduled, h.available) for h in group]


GAPS = (Interval(MONDAY + 10 * HOUR, MONDAY + 33 * HOUR / 2),)


def some_in_and_out() -> TeamView:
    team = Roster(
        (
            member("ann", "Mon-Fri 06:00-11:00", name="Ann"),
            member("bo", name="Bo", at_capacity=True),
            member("cy", name="Cy"),
            member("di", "Mon-Fri 10:14-18:00", name="Di"),
        ),
        (off("cy", MONDAY - HOUR, MONDAY + HOUR, "dentist"),),
    )
    return team_view(team, list(coverage(team, MONDAY, MONDAY + 48 * HOUR)), GAPS, MONDAY)


def test_the_strip_says_in_a_line_who_is_in_next_and_out_and_the_gap() -> None:
    def strip(cells: int, lines: int = 1) -> list[str]:
        return [text(line) for line in strip_lines(some_in_and_out(), MONDAY, UTC, cells, lines)]

    there, coming = "in  Ann 2h00m  Bo 8h00m full", "next Di in 1h14m · out Cy"
    assert strip(90) == [f"{there} · {coming} · gap 19:00–Tue 01:30"]
    assert strip(68) == [f"{there} · next Di in 1h14m · 1 out · gap 19:00"]
    assert strip(60) == ["in  Ann 2h00m  +1 · next Di in 1h14m · 1 out · gap 19:00"]
    assert strip(40) == ["2 in, next Di 1h14m, 1 out, gap 19:00"]
    assert strip(90, 2) == [there, f"{coming} · gap 19:00–Tue 01:30"]
    assert strip(90, 3)[2].startswith("cover ")
    assert strip(90, 3)[2].endswith("  gap 19:00–Tue 01:30")


@given(st.sampled_from([*VIEWS, some_in_and_out()]), st.integers(1, 5), st.integers(1, 200))
def test_the_strip_always_fits(seen: TeamView, lines: int, cells: int) -> None:
    drawn = strip_lines(seen, MONDAY, UTC, cells, lines)
    assert 0 < len(drawn) <= min(3, lines)
    assert all(0 < spans_width(line) <= cells for line in drawn)


def test_the_chart_has_a_scale_and_the_gap_is_said_in_words() -> None:
    drawn = [text(line) for line in cover_lines(some_in_and_out(), MONDAY, UTC, 58, tall=True)]
    assert drawn[0].startswith("Cover 48 h")
    assert drawn[1].startswith("3┤")
    assert drawn[4].startswith("0└")
    assert drawn[5:] == ["! nobody covers 19:00–Tue 01:30, 6 h 30 m of open hours"]


def test_of_an_hour_in_which_people_leave_counts_where_most_are_missing() -> None:
    both, one = frozenset({"a", "b"}), frozenset({"a"})
    half = MONDAY + HOUR / 2
    covers = [
        Cover(start=MONDAY, end=half, scheduled=both, available=one),
        Cover(start=half, end=MONDAY + HOUR, scheduled=both, available=both),
        Cover(start=MONDAY + HOUR, end=MONDAY + 2 * HOUR, scheduled=one, available=one),
    ]
    assert cover_hours(covers, []) == (
        CoverHour(MONDAY, 2, 1, gap=False),
        CoverHour(MONDAY + HOUR, 1, 1, gap=False),
    )
    assert cover_hours([], []) == ()


def overview(level: int = 1, **fields: object) -> Overview:
    plain = {"closed_until": None, "scheduled": ("m0", "m1"), "available": ("m0",)}
    capacity = Capacity(
        level=level,
        why="Only 1 of 2 scheduled is in.",
        contingency="Everything but customer issues pauses.",
        actionable=3,
        owed=3,
        next_arrivals=(
            Turn(login="m0", at=MONDAY + 24 * HOUR),
            Turn(login="m1", at=MONDAY + 2 * HOUR + HOUR / 6),
        ),
        **{**plain, **fields},  # type: ignore[arg-type] # a test's own fields
    )
    return Overview(
        revision=1, now=MONDAY, number_one=None, why=(), runner_up=None, without_deviation=None,
        valid_until=None, holders=Holders(Roster(), MONDAY), mode=NORMAL,
        capacity=capacity, queue=3, declined=0, total=3, words=WORDS,
        next_step=None, late=0, parked=0,
    )  # fmt: skip


def test_the_header_says_who_is_in_and_who_comes_next() -> None:
    team = view(2)
    heading = HeaderState(place="demo", now=MONDAY, overview=overview(), team=team)
    assert "1 of 2 in, next Member 1 2 h 10 m" in text(heading_line(heading, 120, UTC))
    closed = HeaderState(
        place="demo", now=MONDAY, overview=overview(closed_until=MONDAY + HOUR), team=team
    )
    assert "closed until 10:00" in text(heading_line(closed, 80, UTC))


def test_a_prompt_comes_with_another_level_and_not_at_the_start() -> None:
    situations = Situations()
    assert situations.see(overview(2)) is None
    assert situations.see(overview(2)) is None
    said = situations.see(overview(3))
    assert said is not None
    assert said.worse
    assert said.title == "Level 3, up from 2"
    eased = situations.see(overview(2))
    assert eased is not None
    assert not eased.worse


@given(st.integers(10, 200), st.text(max_size=400), st.sampled_from([1, 3]))
def test_a_prompt_takes_four_lines_at_most_or_two(cells: int, words: str, below: int) -> None:
    said = Said("Level 3", words or ".", worse=True)
    lines = advice_lines(said, "", [("esc", "key")], cells, below)
    assert len(lines) <= 1 + below
    assert all(line.cell_length <= cells for line in lines)


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("", None),
        ("3h", MONDAY + 3 * HOUR),
        ("17:00", MONDAY + 8 * HOUR),
        ("Fri 17:00", MONDAY + timedelta(days=4, hours=8)),
        ("2026-03-06", MONDAY.date() + timedelta(days=4)),
    ],
)
def test_until_when_as_people_type_it(typed: str, until: datetime | None) -> None:
    assert typed_end(typed, MONDAY, UTC) == until


@pytest.mark.parametrize("typed", ["soon", "2026-02-30", "25:00"])
def test_what_is_no_time_is_refused_in_a_line(typed: str) -> None:
    with pytest.raises(Refusal, match="until: "):
        typed_end(typed, MONDAY, UTC)
