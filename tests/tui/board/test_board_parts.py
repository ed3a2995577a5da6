"""The board's lines as values: columns, banner, header, footer, pages and notices."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.alerting.desk_changes import WatchedDesk
from policy.capacity.levels import Capacity
from policy.capacity.mode import ModeInForce
from policy.refusal import Refusal
from policy.roster.holders import AwayReason, HolderAway, Holders
from policy.roster.members import Roster
from policy.ticket import Ticket
from policy.tickets.guidance import NextAction
from policy.words import Action, Mode, Status
from store.queue.query import Query, Scope
from store.read_models import Overview
from store.team.team_models import Load
from tests.examples import MONDAY, WORDS, ticket
from tests.policy.teams import member, off
from tui.board.alerts import Alert, Notices, desktop_sequence
from tui.board.header import HeaderState, heading_line
from tui.board.number_one.banner_lines import ALL_LINES, banner_lines
from tui.board.number_one.first_ticket import NumberOne
from tui.board.queue.pages import PAGE, PageCache, pages_around
from tui.board.queue.queue_rows import QueueRow, columns, row_spans
from tui.board.queue.queue_view import DECLINED, View, assigned_to
from tui.board.team.team_lines import load_lines
from tui.board.team.team_model import Person, TeamView
from tui.board.widgets.footer import FooterKey, fitting_keys
from tui.board.widgets.styles import Span, cut, spans_width, spread
from tui.environment.keymap import DEFAULT_KEYS

SUBJECTS = st.sampled_from(
    ["Short", "[/] [b]\x1b[31m", "北京云端科技" * 9, "تعذر تسجيل", "👨‍👩‍👧" * 30, "x" * 1000]
)
HARD = ModeInForce(mode=Mode.HARD_CHOICES, why="Set by hand.")


def capacity(level: int, **fields: object) -> Capacity:
    plain = Capacity(
        level=level,
        why="Because of how it is.",
        contingency="As planned.",
        scheduled=(),
        available=(),
        actionable=7,
        owed=7,
        next_arrivals=(),
    )
    return replace(plain, **fields)  # type: ignore[arg-type] # a test's own fields


def overview(number_one: Ticket | None, **fields: object) -> Overview:
    plain = Overview(
        revision=1,
        now=MONDAY,
        number_one=number_one,
        why=("The only p0 in the queue; #2 behind it is p1.", "A second sentence."),
        runner_up=None,
        without_deviation=None,
        valid_until=None,
        holders=Holders(Roster(), MONDAY),
        mode=ModeInForce(mode=Mode.NORMAL, why="."),
        capacity=capacity(1),
        queue=1234,
        declined=0,
        total=2000,
        words=WORDS,
        next_step=NextAction("Take it.", "take it", Action.TAKE),
        late=0,
        parked=0,
    )
    return replace(plain, **fields)  # type: ignore[arg-type] # a test's own fields


def block(number_one: Ticket | None, cells: int, **fields: object) -> list[list[Span]]:
    first = NumberOne(overview=overview(number_one, **fields), now=MONDAY, zone=UTC)
    return banner_lines(first, cells)


def text(spans: list[Span]) -> str:
    return "".join(piece for piece, _ in spans)


def row(**fields: object) -> QueueRow:
    one = ticket(12, subject="Search fails", **fields)
    return QueueRow(one, WORDS, position=7, now=MONDAY, zone=UTC, here=False, focused=False)


@given(st.integers(30, 220), SUBJECTS, SUBJECTS, st.integers(1, 10**6), st.booleans())
def test_a_line_of_the_queue_takes_exactly_its_width(
    cells: int, customer: str, subject: str, total: int, ranked: bool
) -> None:
    one = ticket(1, customer=customer, subject=subject, respond_by=MONDAY, assignee="mariam")
    drawn = QueueRow(one, WORDS, position=total, now=MONDAY, zone=UTC, here=True, focused=True)
    away = HolderAway(why=AwayReason.OUT, until=None)
    for each in (drawn, replace(drawn, away=away)):
        assert spans_width(row_spans(each, columns(cells, total, WORDS, ranked=ranked))) == cells


@pytest.mark.parametrize(
    ("fields", "due", "role"),
    [
        ({"respond_by": MONDAY + timedelta(minutes=65)}, "1h05m", ""),
        ({"respond_by": MONDAY + timedelta(minutes=15)}, "15m", "soon"),
        ({"respond_by": MONDAY - timedelta(minutes=12)}, "12m late", "late"),
        ({"respond_by": None, "waiting_since": MONDAY}, "–", "dim"),
        ({"respond_by": None, "waiting_since": None, "status": Status.OPEN}, "answered", "dim"),
        ({"status": Status.ON_HOLD, "waiting_since": None}, "on hold", "dim"),
        (
            {"status": Status.ON_HOLD, "respond_by": MONDAY + timedelta(minutes=15)},
            "parked 15m",
            "soon",
        ),
        ({"status": Status.SOLVED, "waiting_since": None}, "solved", "dim"),
        (
            {
                "respond_by": MONDAY + timedelta(minutes=65),
                "aim_by": MONDAY - timedelta(minutes=1),
                "waiting_since": MONDAY,
            },
            "past aim 1h",
            "",
        ),
        (
            {
                "status": Status.PENDING,
                "waiting_since": MONDAY,
                "respond_by": MONDAY + timedelta(minutes=65),
            },
            "parked 1h05m",
            "",
        ),
        ({"declined": "No.", "received_at": MONDAY - timedelta(hours=7)}, "7h", "dim"),
    ],
)
def test_the_last_column_says_how_long_is_left(
    fields: dict[str, object], due: str, role: str
) -> None:
    spans = row_spans(row(**fields), columns(80, 99, WORDS, ranked=True))
    assert (text(spans[-2:]).strip(), spans[-1][1]) == (due, role)


@given(st.integers(10, 220), SUBJECTS, SUBJECTS)
def test_the_banner_stays_inside_its_block(cells: int, customer: str, subject: str) -> None:
    one = ticket(1, customer=customer, subject=subject, respond_by=MONDAY, assignee="mariam")
    first = NumberOne(overview=overview(one), now=MONDAY, zone=UTC, keys=DEFAULT_KEYS)
    for most in (1, 2, ALL_LINES):
        lines = banner_lines(first, cells, most)
        assert len(lines) <= most
        assert all(spans_width(line) <= cells for line in lines)


@given(st.integers(10, 220), SUBJECTS)
def test_who_is_away_is_said_inside_the_block(cells: int, login: str) -> None:
    one = ticket(1, respond_by=MONDAY, assignee=login)
    lines = block(one, cells, holders=Holders(Roster((member("luz"),)), MONDAY))
    assert all(spans_width(line) <= cells for line in lines)


def test_the_banner_and_the_list_say_that_the_holder_is_away() -> None:
    out = off("luz", MONDAY, MONDAY + timedelta(hours=3))
    holders = Holders(Roster((member("luz"),), (out,)), MONDAY)
    one = ticket(1, respond_by=MONDAY, assignee="luz")
    line = block(one, 100, holders=holders)[1]
    assert line[-1] == ("! luz⌂ has it, and is out until 12:00", "block-late")
    drawn = QueueRow(one, WORDS, 1, MONDAY, UTC, here=False, focused=False, away=holders.away(one))
    assert (" luz⌂      ", "soon") in row_spans(drawn, columns(100, 9, WORDS, ranked=True))
    narrow = row_spans(drawn, columns(60, 9, WORDS, ranked=True))
    assert ("⌂ ", "soon") in narrow
    assert spans_width(narrow) == 60
    long = replace(drawn, ticket=replace(one, assignee="a-very-long-login"))
    assert (" a-very-l…⌂", "soon") in row_spans(long, columns(100, 9, WORDS, ranked=True))


def test_the_banner_says_only_whole_sentences_and_the_first_in_any_case() -> None:
    one = ticket(1, priority="p0")
    assert "second sentence." in text(block(one, 100)[2])
    assert "second" not in text(block(one, 60)[3])
    assert text(block(one, 40)[3]).startswith("The only p0 in")


@pytest.mark.parametrize("cells", [60, 78, 112, 200])
def test_the_block_tells_the_one_next_step_with_its_key(cells: int) -> None:
    first = NumberOne(overview=overview(ticket(1)), now=MONDAY, zone=UTC, keys=DEFAULT_KEYS)
    elsewhere = text(banner_lines(first, cells)[2])
    assert elsewhere.startswith("Next: take it   g   t  take")
    assert text(banner_lines(first, cells, 1)[0]).count("take it   g   t  take") == 1
    here = text(banner_lines(replace(first, at_hand=True), cells)[2])
    assert here.startswith("Next: take it   t  take")
    past = text(banner_lines(replace(first, keys=None), cells)[2])
    may_not = text(banner_lines(replace(first, refusals=frozenset({"take"})), cells)[2])
    assert " t  take" not in past + may_not


@pytest.mark.parametrize(
    ("fields", "said", "urgent"),
    [
        ({"respond_by": MONDAY + timedelta(minutes=50)}, "respond by 09:50, in 50 m", False),
        ({"respond_by": MONDAY + timedelta(minutes=15)}, "! in 15 m", True),
        ({"respond_by": MONDAY - timedelta(minutes=3)}, "! 3 m late", True),
        (
            {"respond_by": MONDAY + timedelta(hours=1), "aim_by": MONDAY - timedelta(minutes=5)},
            "in 1 h, past our aim",
            False,
        ),
    ],
)
def test_the_block_says_when_it_is_urgent(
    fields: dict[str, object], said: str, urgent: bool
) -> None:
    first = NumberOne(overview=overview(ticket(1, **fields)), now=MONDAY, zone=UTC)
    assert said in text(banner_lines(first, 112)[0])
    assert first.is_urgent == urgent


def test_the_block_says_until_when_its_holder_is_in() -> None:
    luz = Person(login="luz", name="Luz", at=MONDAY + timedelta(hours=3))
    one = ticket(1, assignee="Luz")
    there = Holders(Roster((member("luz"),)), MONDAY)
    first = NumberOne(
        overview=overview(one, holders=there), now=MONDAY, zone=UTC, team=TeamView(in_now=(luz,))
    )
    assert text(banner_lines(first, 112)[1]).endswith("Luz has it, in until 12:00")


def test_the_banner_without_a_deadline_and_without_a_ticket() -> None:
    internal = ticket(1, tier="internal", priority="p3")
    assert "no answer due" in text(block(internal, 80)[0])
    assert "Nobody is waiting" in text(block(None, 80)[0])


@given(st.integers(20, 220))
def test_the_header_is_one_line(cells: int) -> None:
    for heading in (
        HeaderState(place="demo", now=MONDAY),
        HeaderState(
            place="/a/long/path.db",
            now=MONDAY,
            overview=overview(None, mode=HARD, capacity=capacity(4)),
        ),
        HeaderState(place="demo", now=MONDAY, overview=overview(None), trouble="the disk is full"),
    ):
        assert spans_width(heading_line(heading, cells, UTC)) == cells


def test_the_header_says_hard_choices_in_words_and_trouble_in_a_line() -> None:
    hard = HeaderState(
        place="demo",
        now=MONDAY,
        overview=overview(None, mode=HARD, capacity=capacity(4), declined=3),
    )
    said = heading_line(hard, 120, UTC)
    assert ("LEVEL 4 · HARD CHOICES", "loud") in said
    assert "3 declined" in text(said)
    since, until = MONDAY - timedelta(minutes=6), MONDAY + timedelta(minutes=9)
    calming = replace(HARD, calm_since=since, until=until)
    calm = HeaderState(
        place="demo", now=MONDAY, overview=overview(None, mode=calming, capacity=capacity(2))
    )
    assert "LEVEL 2 · HARD CHOICES, calm for 6 of 15 m" in text(heading_line(calm, 80, UTC))
    lost = replace(hard, trouble="disk I/O error")
    assert "no answer from the database, trying again: disk I/O" in text(
        heading_line(lost, 120, UTC)
    )


def test_a_narrow_footer_leaves_out_what_is_last_and_reorders_nothing() -> None:
    keys = [
        FooterKey(name, name[0], name, usable=True) for name in ("take", "new", "palette", "help")
    ]
    assert [key.command for key in fitting_keys(keys, 100)] == ["take", "new", "palette", "help"]
    assert [key.command for key in fitting_keys(keys, 24)] == ["take", "new", "help"]
    assert [key.command for key in fitting_keys(keys, 5)] == ["take", "help"]


@given(st.integers(0, 60))
def test_what_stands_right_is_kept_and_what_stands_left_is_cut(cells: int) -> None:
    line = spread([("a long text at the left", "")], [("14:05", "")], cells)
    assert spans_width(line) == cells
    assert cells < 5 or text(line).endswith("14:05")
    assert spans_width(cut([("北京", ""), ("云端", "dim")], cells)) <= cells


def test_a_person_is_a_block_of_lines() -> None:
    load = Load(
        login="mariam", total=3, by_priority={"p2": 1, "p0": 2, "p1": 0},
        first=(ticket(1), ticket(2)),
    )  # fmt: skip
    assert [text(line).split() for line in load_lines(load, WORDS, 30)] == [
        ["mariam", "3"],
        ["p0", "2", "p2", "1"],
        ["#1", "Acme", "·", "Ticket", "1"],
        ["#2", "Acme", "·", "Ticket", "2"],
    ]


@given(st.integers(-5, 10**6), st.integers(1, 80), st.integers(0, 10**6))
def test_the_pages_around_cover_the_screen(top: int, height: int, total: int) -> None:
    pages = pages_around(top, height, total)
    assert len(pages) <= height // PAGE + 4
    for seen in range(max(top, 0), min(top + height, total)):
        assert seen // PAGE in pages


def test_the_cache_forgets_the_pages_looked_at_longest_ago() -> None:
    cache = PageCache()
    cache.add({number: (ticket(number * PAGE + 1),) for number in range(8)})
    assert cache[0] is not None
    cache.add({8: (ticket(8 * PAGE + 1),)})
    assert cache.held() == frozenset(range(9)) - {1}
    assert cache[PAGE] is None
    assert cache[8 * PAGE + 1] is None
    assert cache.row_of(8 * PAGE + 1) == 8 * PAGE
    cache.replace({})
    assert not cache.held()


def standing(number_one: Ticket | None, *due: Ticket, mine: tuple[Ticket, ...] = ()) -> WatchedDesk:
    shown = overview(number_one)
    return WatchedDesk(
        now=MONDAY,
        number_one=number_one,
        why=shown.why,
        capacity=shown.capacity,
        mode=shown.mode,
        holders=shown.holders,
        mine=mine,
        due=due,
        by={each.id: each.customer for each in mine},
    )


def test_what_is_there_at_the_start_is_no_news() -> None:
    due = ticket(2, respond_by=MONDAY + timedelta(minutes=9))
    notices = Notices()
    assert notices.see(standing(ticket(1), due), "mo") == []
    assert notices.see(standing(ticket(1), due), "mo") == []


def test_another_number_one_and_each_deadline_are_told_once() -> None:
    due = ticket(2, subject="Late\x1b", respond_by=MONDAY + timedelta(minutes=9))
    notices = Notices()
    notices.see(standing(ticket(1)), "mo")
    assert notices.see(standing(due, due), "mo") == [
        Alert("Another number one", "#2  p2  Acme · Late␛"),
        Alert("Due in 9 m", "#2  p2  Acme · Late␛"),
    ]
    assert notices.see(standing(due, due), "mo") == []
    assert notices.see(standing(None), "mo") == []
    later = replace(due, respond_by=MONDAY + timedelta(minutes=14))
    assert notices.see(standing(due, later), "mo")[-1].title == "Due in 14 m"


def test_an_update_that_comes_near_is_called_so() -> None:
    soon = MONDAY + timedelta(minutes=9)
    due = ticket(2, respond_by=soon, update_by=soon, waiting_since=None)
    notices = Notices()
    notices.see(standing(ticket(1)), "mo")
    assert notices.see(standing(ticket(1), due), "mo") == [
        Alert("Update due in 9 m", "#2  p2  Acme · Ticket 2")
    ]


def test_others_doings_with_ones_own_tickets_are_told_once_each_and_ones_own_are_not() -> None:
    was = ticket(2, customer="Acme", assignee="mo", status=Status.PENDING)
    wrote = replace(was, status=Status.OPEN, last_customer_message_at=MONDAY)
    notices = Notices()
    notices.see(standing(None, mine=(was,)), "mo")
    assert notices.see(standing(None, mine=(wrote,)), "mo") == [
        Alert("The customer wrote in #2", "#2  p2  Acme · Ticket 2", rings=False)
    ]
    assert notices.see(standing(None, mine=(was,)), "Acme") == []


def test_many_deadlines_at_once_are_one_notice() -> None:
    notices = Notices()
    notices.see(standing(None), "mo")
    due = [ticket(number, respond_by=MONDAY) for number in range(1, 6)]
    assert notices.see(standing(None, *due), "mo") == [Alert("Due soon", "#1, #2, #3 and 2 more")]


@pytest.mark.parametrize(
    ("environment", "sequence"),
    [
        ({"TERM_PROGRAM": "WezTerm"}, "\x1b]9;Due soon: #1␛\a"),
        ({"TERM": "xterm-kitty"}, "\x1b]9;Due soon: #1␛\a"),
        ({"TERM": "xterm-256color"}, None),
        ({}, None),
    ],
)
def test_the_desktop_is_told_only_by_terminals_known_to_do_it(
    environment: dict[str, str], sequence: str | None
) -> None:
    assert desktop_sequence(Alert("Due soon", "#1\x1b"), environment) == sequence


def test_views_keep_their_scope_while_they_are_filtered() -> None:
    assert View().filtered("tier:free  ", WORDS).typed == "tier:free"
    assert View().filtered("status:solved", WORDS).title(3) == "All tickets 3"
    assert DECLINED.filtered("acme", WORDS).query == Query(scope=Scope.DECLINED, words=("acme",))
    assert DECLINED.changed
    assert not View().changed
    assert assigned_to(None).typed == "assignee:nobody"
    with pytest.raises(Refusal):
        View().filtered("colour:red", WORDS)
    keys = [FooterKey(name, "n", name, usable=True) for name in ("new", "palette", "help")]
    assert [key.command for key in fitting_keys(keys, 5)] == ["new", "help"]  # what is first stays
    assert fitting_keys([], 5) == []
