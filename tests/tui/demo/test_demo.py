"""The demonstration: a whole made-up desk, the same for the same time, kept only when asked."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Event
from unicodedata import name

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connections.attempts import DeliveryOutcome
from connections.delivery.mail import Letter, MailSettings, message
from connections.delivery.smtp import MailSession
from policy.refusal import Refusal
from policy.roster.coverage import cover_at
from policy.roster.members import Roster
from policy.roster.team_file import member_of
from policy.rulebook.rulebook import handbook
from policy.ticket import Ticket
from policy.words import Mode, OpenedBy, Role, Status
from store.desk import Desk
from store.queue.query import Query, Scope
from store.team.public_holidays import holiday_dates
from tests.examples import PRIORITIES, SEVERITIES, TIERS
from tui.demo import filling
from tui.demo.demo_team import team
from tui.demo.filling import rulebook_for, scripted_until
from tui.demo.mail_sink import MailSink
from tui.demo.parts import members
from tui.demo.short_staffed import TURNS, ScriptedTurn, ShortStaffed
from tui.demo.throwaway import demo_database

NOW = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
ALL = Query(scope=Scope.ALL)
DECLINED = Query(scope=Scope.DECLINED)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def opened(path: str) -> Desk:
    return Desk.open(path, actor="mariam", clock=lambda: NOW)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with demo_database(None, NOW) as path, closing(opened(path)) as desk:
        yield desk


@pytest.fixture(scope="module")
def tickets(desk: Desk) -> tuple[Ticket, ...]:
    return desk.queue.page(ALL, 0, None)


@pytest.fixture(scope="module")
def queue(desk: Desk) -> tuple[Ticket, ...]:
    return desk.queue.page(Query(), 0, None)


def test_opens_on_an_outage_that_nobody_has_taken(desk: Desk) -> None:
    overview = desk.queue.overview()
    first, second = overview.number_one, overview.runner_up
    assert first is not None
    assert second is not None
    assert (first.subject, first.assignee) == ("Instance down for all users", None)
    assert (first.priority, first.tier) == ("p0", "enterprise")
    assert first.respond_by == NOW + HOUR + 5 * MINUTE
    assert overview.why[0] == f"The only p0 in the queue; #{second.id} behind it is p1."
    assert (second.tier, second.opened_by) == ("presales", OpenedBy.CE)


def test_several_hundred_tickets_in_all_tiers_severities_and_statuses(
    desk: Desk, tickets: tuple[Ticket, ...], queue: tuple[Ticket, ...]
) -> None:
    overview = desk.queue.overview()
    assert 25 <= overview.queue == len(queue) <= 30
    assert overview.total == len(tickets) >= 550
    assert {(t.tier, t.severity) for t in tickets} >= {
        (tier, severity) for tier in TIERS if tier != "internal" for severity in SEVERITIES
    }
    assert {t.status for t in tickets} == set(Status)
    assert {t.opened_by for t in tickets} == set(OpenedBy)
    assert {t.priority for t in queue} == set(PRIORITIES)
    assert len({t.subject for t in tickets}) > 0.9 * len(tickets)


def test_most_of_the_work_is_p2_and_p3(queue: tuple[Ticket, ...]) -> None:
    counted = Counter(ticket.priority for ticket in queue)
    assert counted["p0"] == 1
    assert 5 <= counted["p1"] <= 12
    assert counted["p2"] > 10


def test_deadlines_are_late_near_and_far(queue: tuple[Ticket, ...]) -> None:
    left = [ticket.respond_by - NOW for ticket in queue if ticket.respond_by]
    assert 1 <= sum(each < timedelta(0) for each in left) <= 5
    assert 2 <= sum(timedelta(0) <= each <= 15 * MINUTE for each in left) <= 10
    assert sum(each > 24 * HOUR for each in left) > 1
    assert len(left) < len(queue)


def test_trial_customers_are_declined_unless_a_ce_opened_it_for_p0_or_p1(
    desk: Desk, tickets: tuple[Ticket, ...]
) -> None:
    declined = desk.queue.page(DECLINED, 0, None)
    assert len(declined) >= 10
    assert {ticket.tier for ticket in declined} == {"presales"}
    assert {ticket.opened_by for ticket in declined} == {OpenedBy.CUSTOMER, OpenedBy.CE}
    admitted = {t.priority for t in tickets if t.tier == "presales" and t.declined is None}
    assert admitted == {"p0", "p1"}


def test_people_assigned_priorities_up_and_down_with_a_reason(queue: tuple[Ticket, ...]) -> None:
    changed = {
        (ticket.defined_priority, ticket.priority)
        for ticket in queue
        if ticket.assigned_priority and len(ticket.assigned_priority.reason) > 20
    }
    assert changed == {("p2", "p1"), ("p2", "p3")}


def test_most_people_have_their_share_and_much_is_not_taken(
    desk: Desk, tickets: tuple[Ticket, ...], queue: tuple[Ticket, ...]
) -> None:
    sharing = {member.login for member in members() if member.share}
    assert len(sharing) == 9
    assert {ticket.assignee for ticket in tickets} == {*sharing, None}
    loads = desk.queue.loads()
    assert len(loads) >= 7
    assert all(load.total <= 5 for load in loads)
    assert sum(ticket.assignee is None for ticket in queue) > 10


@pytest.mark.parametrize("script", ["CJK", "KATAKANA", "HANGUL", "ARABIC", "HEBREW", "DEVANAGARI"])
def test_subjects_and_customers_in_many_scripts(queue: tuple[Ticket, ...], script: str) -> None:
    def written(text: str) -> bool:
        return any(name(character, "").startswith(script) for character in text)

    assert any(written(ticket.subject) for ticket in queue[:50])
    assert any(written(ticket.customer) for ticket in queue)


@pytest.mark.parametrize(
    "held", ["[/]", "[bold red]", "\x1b[31;1m", "\x1b]0;", "\u202e", "👨‍👩‍👧‍👦", "=HYPERLINK("]
)
def test_subjects_that_a_terminal_must_not_obey_are_on_the_first_page(
    queue: tuple[Ticket, ...], held: str
) -> None:
    assert any(held in ticket.subject for ticket in queue[:25])


def test_one_subject_is_far_longer_than_a_line(queue: tuple[Ticket, ...]) -> None:
    assert any(len(ticket.subject) > 400 for ticket in queue[:50])


def test_everything_happened_in_order_and_before_now(
    desk: Desk, tickets: tuple[Ticket, ...]
) -> None:
    histories = [desk.tickets.history(ticket.id) for ticket in tickets]
    events = sorted((event for history in histories for event in history), key=lambda e: e.id)
    assert all(earlier.at <= later.at for earlier, later in pairwise(events))
    assert events[-1].at <= NOW
    assert sum(len(history) >= 3 for history in histories) >= 24
    assert max(map(len, histories)) >= 8
    assert {event.kind for event in events} >= {
        "imported", "taken", "assigned", "replied", "heard", "status_changed", "priority_assigned",
        "context_filled", "handed_over", "escalated", "can_wait", "reviewed", "sent_back",
    }  # fmt: skip


def test_hard_choices_lead_to_another_order_behind_the_same_number_one(desk: Desk) -> None:
    normal = desk.queue.page(Query(), 0, 30)
    desk.policy.set_mode(Mode.HARD_CHOICES, reason="try it", until=desk.now() + timedelta(hours=1))
    hard = desk.queue.page(Query(), 0, 30)
    desk.policy.set_mode(None)
    assert normal[0] == hard[0]
    assert normal != hard


def test_the_team_is_ten_people_of_whom_six_in_support_are_in(desk: Desk) -> None:
    roster, overview = desk.team.roster(), desk.queue.overview()
    assert len(roster.members) == 10
    assert {member.role for member in roster.members} == {Role.LEAD, Role.SUPPORT, Role.ENGINEER}
    assert (overview.capacity.level, overview.mode.mode) == (1, Mode.NORMAL)
    assert len(overview.capacity.available) == 6
    assert roster.out_at("hana", NOW) is not None
    assert [turn.login for turn in overview.capacity.next_arrivals][:1] == ["gabe"]
    assert sum(member.holidays is not None for member in roster.members) >= 5


def test_p2s_wait_for_engineering_and_two_came_back(
    desk: Desk, tickets: tuple[Ticket, ...], queue: tuple[Ticket, ...]
) -> None:
    found = desk.engineering.waiting()
    assert len(found.waiting) == found.total == 3
    assert not any(each.urgent for each in found.waiting)
    assert all(text for each in found.waiting for _, text in each.checklist)
    assert (found.escalations.cannot_wait, found.escalations.can_wait) == (1, 1)
    untold = [ticket for ticket in queue if ticket.review and not ticket.review.told]
    assert {ticket.review.timing for ticket in untold if ticket.review} == {"next_release", None}
    (to_tell,) = (ticket for ticket in untold if ticket.review and ticket.review.timing)
    assert desk.tickets.card(to_tell.id).next_step.sentence == (
        "kenji has it: tell the customer: engineering wants it in the next release."
    )
    told = [ticket for ticket in tickets if ticket.review and ticket.review.told]
    assert [ticket.review.timing for ticket in told if ticket.review] == ["now"]


def test_it_goes_short_staffed_while_one_looks_and_customers_are_to_be_told(
    tmp_path: Path,
) -> None:
    now = [NOW]
    turned = [0.0]
    with demo_database(str(tmp_path / "demo.db"), NOW) as path:
        with closing(Desk.open(path, actor="mariam", clock=lambda: now[0])) as desk:
            seen = []
            for turn in TURNS:
                now[0] += timedelta(seconds=turn.after - turned[-1])
                turned.append(turn.after)
                turn.do(desk, now[0])
                overview = desk.queue.overview()
                seen.append(
                    (overview.capacity.level, overview.mode.mode, len(desk.waits.read().drafts))
                )
        levels, modes, drafts = zip(*seen, strict=True)
        assert levels == (2, 3, 2)
        assert modes == (Mode.NORMAL, Mode.HARD_CHOICES, Mode.HARD_CHOICES)
        assert drafts[0] == 0
        assert drafts[1] > 5
        assert turned[-1] < 120, "the whole story in two minutes"


def test_the_turns_happen_by_themselves_and_stop_at_the_end(tmp_path: Path) -> None:
    happened = Event()
    never = Event()

    def happen(_desk: Desk, _now: datetime) -> None:
        happened.set()
        raise Refusal("somebody did it before")

    turns = (ScriptedTurn(0, happen), ScriptedTurn(3600, lambda _desk, _now: never.set()))
    path = str(tmp_path / "demo.db")
    with demo_database(path, NOW), ShortStaffed(path, lambda: NOW, turns):
        assert happened.wait(10)
    assert not never.is_set()


def test_mail_arrives_at_the_sink_as_it_was_sent() -> None:
    letter = Letter(
        message_id="<one@desk.example>",
        to_address="ada@customer.example",
        to_name="Ада",
        subject="Wir kümmern uns",
        body=".a line with a dot before it\nund Grüße\n",
        written_at=NOW,
    )
    with MailSink() as sink:
        settings = MailSettings.model_validate(
            {
                "host": "127.0.0.1",
                "port": sink.port,
                "security": "none",
                "sender_address": "support@desk.example",
                "sender_name": "Support",
            }
        )
        with MailSession(settings) as session:
            for _ in range(2):
                delivery = session.send(message(settings, letter))
                assert delivery.outcome is DeliveryOutcome.SENT
    assert len(sink.arrived) == 2
    assert sink.arrived[0].to == "Ада <ada@customer.example>"
    assert sink.arrived[0].subject == "Wir kümmern uns"
    assert sink.arrived[0].body.splitlines() == [".a line with a dot before it", "und Grüße"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 5 * 365 * 24 * 60))
def test_at_any_time_six_people_are_in(minutes: int) -> None:
    now = NOW + minutes * MINUTE
    years = range(now.year - 1, now.year + 2)
    people = [
        member_of(entry, holiday_dates(entry.holidays, years) if entry.holidays else frozenset())
        for entry in team(now)
    ]
    assert len(cover_at(Roster(tuple(people)), now).available) == 6


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 5 * 365 * 24 * 60))
def test_at_any_time_of_any_week_what_happened_is_past_and_in_order(minutes: int) -> None:
    now = NOW + minutes * MINUTE
    tickets = scripted_until(now, rulebook_for(now))
    outage = next(t for t in tickets if t.fields["subject"] == "Instance down for all users")
    assert outage.received_at == now - 55 * MINUTE
    for scripted in tickets:
        moments = [
            scripted.received_at,
            scripted.arrives_at,
            *(action.at for action in scripted.actions),
            now,
        ]
        assert moments == sorted(moments), scripted.fields["subject"]


def test_the_handbook_holds_on_a_working_day_and_the_weekend_is_covered() -> None:
    assert rulebook_for(NOW) == handbook()
    assert rulebook_for(NOW + timedelta(days=3)) != handbook()


def test_the_database_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "fill", lambda path, *_: Path(path).touch())
    with demo_database(None, NOW) as path:
        assert Path(path).exists()
    assert not Path(path).parent.exists()


def test_the_team_recorded_its_time_around_80_and_20(desk: Desk) -> None:
    found = desk.time.allocation()
    sharing = {member.login for member in members() if member.share}
    assert {each.login for each in found.members if each.split.recorded} == sharing
    assert 0.78 < (found.team.customer_share or 0) < 0.9
    assert all(10 * HOUR < each.split.recorded < 30 * HOUR for each in found.members)
    assert found.of("mariam").is_short(handbook().allocation)
    assert desk.time.timer() is None
    running = [
        entry for login in sharing for entry in desk.time.entries(login) if entry.stopped_at is None
    ]
    assert 1 <= len(running) <= 3


def test_keep_keeps_the_same_desk_for_the_same_time(
    tmp_path: Path, tickets: tuple[Ticket, ...]
) -> None:
    kept = str(tmp_path / "new folder" / "kept.db")
    steps: list[tuple[int, int]] = []
    with demo_database(kept, NOW, lambda done, total: steps.append((done, total))) as path:
        assert path == kept
    assert steps[-1][0] == steps[-1][1] == len(steps)
    with closing(opened(kept)) as desk:
        assert desk.queue.page(ALL, 0, None) == tickets


def test_keep_refuses_to_write_over_a_file(tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("mine")
    with (
        pytest.raises(Refusal, match=r"there\.db exists already; name a new file"),
        demo_database(str(there), NOW),
    ):
        pass
    assert there.read_text() == "mine"


@pytest.mark.parametrize("keep", ["sqlite:///x.db", "{file}/x.db"])
def test_a_place_that_cannot_be_kept_at_is_refused(tmp_path: Path, keep: str) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(Refusal), demo_database(keep.format(file=file), NOW):
        pass


def test_an_unfinished_one_is_not_kept(tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), demo_database(str(tmp_path / "x.db"), NOW, stop):
        pass
    assert list(tmp_path.iterdir()) == []
