"""What the report says was solved, from the command line: by the source's clock, and unanswered."""

import pytest

from tests.tui.command_runs import NOW, CommandLine

SOLVED = {
    "received_at": "2026-03-05T15:00:00Z",
    "first_response_at": "2026-03-05T16:00:00Z",
    "status": "solved",
    "solved_at": "2026-03-05T17:00:00Z",
}


@pytest.fixture
def desk(numberone: CommandLine) -> CommandLine:
    """Give a desk where one waits, one was solved there, one there without any answer."""
    unanswered = {name: value for name, value in SOLVED.items() if name != "first_response_at"}
    numberone.take_in({}, SOLVED, unanswered | {"solved_at": "2026-03-05T18:00:00Z"})
    numberone("status 1 solved --unanswered", "|spam|, again")
    return numberone


def test_json_counts_who_had_no_answer_and_names_who_decided_so(desk: CommandLine) -> None:
    found = desk.json("report --days 3 --at 2026-03-06T23:00Z")
    assert found["solved"] == {
        "count": 3, "unanswered": 2, "unanswered_share": pytest.approx(2 / 3),
        "unanswered_tickets": [3, 1], "median_seconds": 7200, "nine_of_ten_seconds": 10800,
        "longest_seconds": 10800,
    }  # fmt: skip
    assert found["solved_unanswered"] == [
        {"ticket": 1, "by": "mo", "at": NOW, "reason": "|spam|, again"}
    ]


def test_each_is_counted_on_the_day_it_was_solved_and_not_when_it_came_here(
    desk: CommandLine,
) -> None:
    days = desk.json("report --from 2026-03-05 --at 2026-03-06T23:00Z")["days"]
    assert [(each["day"], each["solved"]) for each in days] == [
        ("2026-03-05", 2),
        ("2026-03-06", 1),
    ]
    before = desk.json("report --from 2026-03-05 --until 2026-03-06")
    assert (before["solved"]["count"], before["solved"]["unanswered"]) == (2, 1)
    assert before["solved_unanswered"] == []


def test_in_words_and_for_a_wiki(desk: CommandLine) -> None:
    said = [
        " ".join(line.split())
        for line in desk("report --days 3 --at 2026-03-06T23:00Z").out.splitlines()
    ]
    place = said.index("Solved")
    assert said[place + 1 : place + 7] == [
        "solved 3",
        "without an answer 2 (66.6 %)",
        "half of them within 2 h",
        "nine of ten within 3 h",
        "the longest took 3 h",
        "which had no answer #3 and #1",
    ]
    place = said.index("Ended by a person without an answer")
    assert said[place + 1] == "ended once"
    assert said[place + 3] == "#1 mo Fri 6 Mar 22:00 |spam|, again"
    wiki = desk("report --days 3 --at 2026-03-06T23:00Z --format markdown").out
    assert "\n- without an answer: **2 (66.6 %)**\n" in wiki
    assert r"\|spam\|, again" in wiki


def test_what_is_taken_back_counts_for_nothing(desk: CommandLine) -> None:
    desk("undo")
    found = desk.json("report --days 3 --at 2026-03-06T23:00Z")
    assert (found["solved"]["count"], found["solved"]["unanswered"]) == (2, 1)
    assert found["solved_unanswered"] == []
