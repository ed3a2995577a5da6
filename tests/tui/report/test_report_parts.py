"""How a report reads: its sections, and text from outside in each of its shapes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from policy.report.report import Report, report
from policy.ticket import Escalation
from policy.time.entries import TimeEntry
from policy.words import Work
from tests.examples import ticket
from tests.policy.pasts import change, past, put_first
from tests.policy.teams import HOUR, MINUTE, MONDAY
from tui.board.report.report_numbers import exceptions, numbers
from tui.board.report.report_plots import level_bars, nearness_bars, pick_up_bars, queue_bars
from tui.phrasing.shares import percent
from tui.report.report_markdown import markdown
from tui.report.report_sections import length, sections, share_of, times
from tui.report.spreadsheet import spreadsheet

SPENT = [
    TimeEntry(
        login="mo",
        work=Work.CUSTOMER,
        ticket=number,
        started_at=MONDAY + 2 * HOUR + begins * HOUR,
        stopped_at=MONDAY + 2 * HOUR + ends * HOUR,
    )
    for number, begins, ends in ((1, 0, 1), (2, 1, 3), (None, 3, 4))
]
NASTY = '=HYPERLINK("x")|<b>*loud*</b>\n\x1b[31mred [link](http://x)'


def with_exceptions() -> Report:
    """Return the report of a day with a deviation of each ending, and both answers."""
    one = ticket(1, priority="p0")
    first = replace(one, deviation=put_first(5, 60, reason=NASTY))
    over = replace(one, deviation=None)
    no = Escalation(by="mo", at=MONDAY + 90 * MINUTE, cannot_wait=True, because=NASTY)
    yes = Escalation(by="mo", at=MONDAY + 95 * MINUTE, cannot_wait=False, because="It is one.")
    refused, waits = replace(over, escalation=no), replace(over, escalation=yes)
    again = replace(waits, deviation=put_first(100))
    return report(
        past(
            tickets=[one],
            changes=[
                change(5, one, first),
                change(90, first, refused),
                change(95, refused, waits),
                change(100, waits, again),
                change(110, again, replace(again, assignee="mo"), "taken"),
            ],
        )
    )


def said(found: Report) -> dict[str, str]:
    """Return the numbers as the screen says them, by their labels."""
    return {label: "".join(text for text, _ in spans) for label, spans in numbers(found)}


def test_what_is_rare_is_told_one_by_one() -> None:
    found = with_exceptions()
    lines = ["".join(text for text, _ in spans) for _, spans in exceptions(found)]
    assert lines[0].startswith(
        "#1 put first by lena, Mon 2 Mar 09:05; its time was over: =HYPERLINK"
    )
    assert lines[1] == "#1 put first by lena, Mon 2 Mar 10:40; in force: The board asked."
    assert lines[2].startswith("#1 cannot wait, said mo, Mon 2 Mar 10:30: ")
    assert lines[3] == "#1 can wait, said mo, Mon 2 Mar 10:35: It is one."
    assert not any("\x1b" in line or "\n" in line for line in lines)
    assert said(found)["Exceptions"] == "2 put first  1 drop everything  1 could wait"


def test_what_people_wrote_stays_text_in_every_shape() -> None:
    found = with_exceptions()
    page = markdown(found)
    assert "\x1b" not in page
    assert "<b>" not in page.replace("\\<b", "")
    assert all(
        line.count("|") - line.count("\\|") in {0, 4, 5, 6, 7, 9} for line in page.splitlines()
    )
    cells = spreadsheet(found)
    assert "'=HYPERLINK" in cells
    assert ",=HYPERLINK" not in cells


def test_every_row_has_a_cell_for_each_heading() -> None:
    for section in sections(with_exceptions()):
        for row in section.rows:
            assert len(row) == len(section.header)
        assert all(place < len(section.header) for place in section.numbers)


def test_numbers_say_what_is_below_the_goal_in_words() -> None:
    late = replace(ticket(1), first_response_at=MONDAY + 9 * HOUR, waiting_since=None)
    found = report(past(answered=[(late, MONDAY + 8 * HOUR)], untouched_overdue=2))
    assert said(found)["Within contract"] == "0 %  0 of 1 owed, below 95 %  2 owed and not given"
    assert said(found)["Hard choices"] == "1 h 15 m  level 3 at worst"
    assert said(found)["Promises"] == "–  0 made, none due yet"


def test_bars_are_named_with_their_number() -> None:
    found = with_exceptions()
    assert [bar.name for bar in pick_up_bars(found)] == [
        "≤5m: 0", "≤15m: 0", "≤30m: 0", "≤1h: 0", ">1h: 1",
    ]  # fmt: skip
    assert [bar.height for bar in nearness_bars(found)] == [0, 0, 0, 0, 0]


def test_a_short_time_is_shown_by_the_hour_and_names_keep_their_room() -> None:
    found = with_exceptions()
    assert [bar.height for bar in queue_bars(found, 8)] == [2, 8, 1, 1, 1, 1, 1, 1]
    assert [bar.name for bar in level_bars(found, 8)] == [
        "09", "10!", "11!", "12", "13", "14", "15", "16",
    ]  # fmt: skip
    assert [bar.name for bar in level_bars(found, 3)] == ["09", "", "", "12", "", "", "15", ""]
    week = replace(found, start=found.start - timedelta(days=6))
    assert [bar.name for bar in queue_bars(week, 8)] == ["Mon 2"]


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (None, "–"),
        (1.0, "100 %"),
        (0.9499, "94.9 %"),
        (0.57, "57 %"),
        (0.9999, "99.9 %"),
        (0, "0 %"),
    ],
)
def test_a_share_never_rounds_up_to_what_was_not_reached(share: float | None, words: str) -> None:
    assert percent(share) == words


def test_words_for_numbers() -> None:
    assert [times(count) for count in (0, 1, 2, 1200)] == ["never", "once", "twice", "1,200 times"]
    assert share_of(0, 0) == "–"
    assert length(None) == "–"
    assert length(timedelta(minutes=9, seconds=5)) == "9 m 5 s"
    assert length(timedelta(minutes=47, seconds=45)) == "47 m"


def test_the_customers_time_stands_by_priority_beside_what_is_meant() -> None:
    found = report(past(entries=SPENT, priorities={1: "p0", 2: "p2"}))
    shown = said(found)
    assert shown["Customers' time"] == (
        "25 % p0 and p1, meant to be rare  50 % p2  0 % p3  25 % without a ticket"
    )
    page = markdown(found)
    assert "| who | customers | p0 and p1 | p2 | internal | recorded |" in page
    assert "| mo | 100 % | 25 % | 50 % | 0 % | 4 h |" in page
    assert "- meant for customers: **80 %**" in page


def test_what_only_the_history_knows_is_not_told_of_the_time_before_it() -> None:
    here = past(arrived=[MONDAY], history_since=MONDAY + 9 * HOUR)
    shown = said(report(here))
    begins = "–  not known: the history begins Mon 2 Mar 18:00"
    assert {shown[each] for each in ("Number one", "Promises", "Hard choices", "Exceptions")} == {
        begins
    }
    assert "## Number one" not in markdown(report(here))
    assert {each.height for each in level_bars(report(here), 24)} == {0}
    partly = report(replace(here, history_since=MONDAY + HOUR))
    assert "known since Mon 2 Mar 10:00, where the history begins" in said(partly)["Number one"]
    assert level_bars(partly, 24)[0].height == 0
    assert level_bars(partly, 24)[-1].height > 0
