"""The timeline in sentences, from the events that a real desk writes."""

from contextlib import closing
from datetime import UTC, date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from policy.words import PriorityInput, Status, Work
from store.desk import Desk
from store.read_models import Event, EventFilter
from tests.databases import made
from tests.examples import incoming
from tests.tui.boards import NOW, Clock
from tui.actions.timeline import sentence

BERLIN = ZoneInfo("Europe/Berlin")


def test_every_kind_of_event_is_a_sentence(tmp_path: Path) -> None:
    with closing(Desk.open(made(tmp_path / "desk.db"), actor="mo", clock=lambda: NOW)) as desk:
        desk.transfer.take_in([incoming(1)])
        desk.transfer.take_in([incoming(1, subject="Another one", severity=1)])
        desk.tickets.take(1)
        desk.tickets.assign(1, "gabe")
        desk.tickets.assign(1, None)
        desk.tickets.reply(1)
        desk.tickets.reply(1, Status.PENDING)
        desk.tickets.heard(1)
        desk.tickets.set_status(1, Status.ON_HOLD)
        cause = PriorityInput.CUSTOMER
        desk.tickets.assign_priority(1, "p0", reason="They stopped", rests_on=cause)
        desk.tickets.assign_priority(1, "p0", reason="They\x1b stopped.", rests_on=cause)
        desk.tickets.heard(1)
        desk.deviations.put_first(1, reason="Their [launch]", until=NOW + timedelta(hours=3))
        desk.deviations.end(1)
        desk.deviations.put_first(1, reason="The board asked", until=None)
        said = [sentence(event, UTC) for event in desk.tickets.history(1)]
    assert said == [
        "mo took it in from test as p2",
        "mo took in a change of subject, severity, priority",
        "mo took it",
        "mo assigned it to gabe",
        "mo took it off gabe",
        "mo answered the customer",
        "mo answered the customer; now pending",
        "mo recorded that the customer wrote; now open",
        "mo changed the status from open to on hold",
        "mo changed the priority from p1 to p0: They stopped",
        "mo gave another reason for the priority: They␛ stopped.",
        "mo recorded that the customer wrote; now open",
        "mo put it first until Wed 4 Mar 17:05: Their [launch]",
        "mo put it back into its place in the order",
        "mo put it first until answered: The board asked",
    ]


def test_a_declined_ticket_and_one_opened_by_us(tmp_path: Path) -> None:
    with closing(Desk.open(made(tmp_path / "desk.db"), actor="mo", clock=lambda: NOW)) as desk:
        desk.transfer.take_in([incoming(1, tier="presales")])
        number = desk.tickets.open_ticket(incoming(2, severity=0)).id
        said = [
            sentence(event, UTC) for each in (1, number) for event in desk.tickets.history(each)
        ]
    assert said == ["mo took it in from test; intake declined it", "mo opened it as p0"]


def test_what_goes_to_engineering_and_comes_back_is_said(tmp_path: Path) -> None:
    with closing(Desk.open(made(tmp_path / "desk.db"), actor="mo", clock=lambda: NOW)) as desk:
        desk.transfer.take_in([incoming(1, severity=0)])
        desk.tickets.reply(1)
        names = desk.policy.rulebook().engineering.context
        desk.engineering.fill_context(1, {"logs": "502", "who_is_affected": "all"})
        desk.engineering.fill_context(1, {"logs": ""})
        desk.engineering.fill_context(1, {"who_is_affected": "", "logs": "503"})
        desk.engineering.fill_context(1, dict.fromkeys(names, "So."))
        desk.engineering.escalate(1, cannot_wait=True, because="boats stop")
        desk.engineering.escalate(1, cannot_wait=False)
        desk.engineering.hand_over(1)
        desk.engineering.send_back(1, "Which\u202e version?")
        desk.engineering.hand_over(1)
        desk.engineering.review(
            1, "scheduled", scheduled_for=date(2026, 3, 12), note="In the parser."
        )
        desk.tickets.comment(1, "Two\nlines.")
        said = [sentence(event, UTC) for event in desk.tickets.history(1)][2:]
    assert said == [
        "mo filled in logs and who is affected for engineering",
        "mo cleared logs in the context for engineering",
        "mo filled in logs for engineering, and cleared who is affected",
        "mo filled in environment, steps to reproduce, logs, recent changes, who is affected and"
        " urgency for engineering",
        "mo asked engineering to drop everything: it cannot wait a day, because boats stop",
        "mo said that it can wait a day",
        "mo handed it over to engineering",
        "mo sent it back to support: Which⟨U+202E⟩ version?",
        "mo handed it over to engineering",
        "mo decided the timing: scheduled for 2026-03-12: In the parser.",
        "mo commented: Two⏎lines.",
    ]


def test_merging_and_splitting_are_said_on_both_sides(tmp_path: Path) -> None:
    with closing(Desk.open(made(tmp_path / "desk.db"), actor="mo", clock=lambda: NOW)) as desk:
        desk.transfer.take_in([incoming(1), incoming(2), incoming(3, status="pending")])
        desk.tickets.reply(2, Status.PENDING)
        desk.merging.merge(1, 2)
        desk.merging.merge(3, 2)
        desk.merging.split(2, "Part")
        said = [
            [sentence(event, UTC) for event in desk.tickets.history(each)] for each in (1, 2, 4)
        ]
    assert said == [
        [
            "mo took it in from test as p2",
            "mo merged it into #2, where the customer is answered",
        ],
        [
            "mo took it in from test as p2",
            "mo answered the customer; now pending",
            "mo merged #1 into it, and so its wait; now open",
            "mo merged #3 into it",
            "mo split #4 off from it",
        ],
        ["mo split it off from #2 as p2"],
    ]


def test_an_event_of_a_kind_yet_unknown_is_still_said() -> None:
    event = Event(
        id=1, at=NOW, actor="mo", kind="walked_by", ticket=1, before=None, after=None, note="Why"
    )
    assert sentence(event, UTC) == "mo walked by: Why"


def test_the_events_of_waits_and_of_the_whole_desk_are_sentences() -> None:
    def event(kind: str, after: dict[str, object] | None = None, note: str = "") -> str:
        return sentence(
            Event(id=1, at=NOW, actor="mo", kind=kind, ticket=1, before={}, after=after, note=note),
            BERLIN,
        )

    promised: dict[str, object] = {"notice": 1, "arrive_at": "2026-03-04T18:00:00+00:00"}
    assert [
        event("wait_promised", promised),
        event("wait_promised", {"arrive_at": None}),
        event("wait_taken_back", promised),
        event("wait_told", promised, "250 taken"),
        event("wait_undeliverable", promised, "550 no such user"),
        event("wait_in_doubt", promised, "no answer came"),
        event("team_imported", note="9 members"),
        event("marked_out", note="Ann is out."),
        event("marked_back", note="Ann is back."),
        event("at_capacity_set", {"login": "ann", "at_capacity": True}),
        event("at_capacity_set", {"login": "ann", "at_capacity": False}),
        event("calendar_read", {"time_off": [{}, {}]}, "team.ics"),
        event("mode_set", {"mode": "hard_choices"}, "a release"),
        event("mode_set", {"mode": "normal", "until": "2027-03-04T23:30:00+00:00"}, "why"),
        event("mode_set"),
        event("policy_adopted"),
    ] == [
        "mo sent the requester notice that they wait, and that help arrives by Wed 4 Mar 19:00",
        "mo sent the requester notice that they wait, and that no time is known yet",
        "mo took the notice about the wait back before it went out",
        "mo delivered the notice that help arrives by Wed 4 Mar 19:00: 250 taken",
        "mo could not deliver the notice about the wait: 550 no such user",
        "mo does not know whether the notice about the wait arrived: no answer came",
        "mo changed the team: 9 members",
        "mo marked somebody out: Ann is out.",
        "mo marked somebody back: Ann is back.",
        "mo recorded that ann is at capacity",
        "mo recorded that ann takes new tickets again",
        "mo read the calendar team.ics: 2 came, 0 went",
        "mo set the mode to hard choices without an end: a release",
        "mo set the mode to normal until Fri 5 Mar 2027 00:30: why",
        "mo left the mode to the level again",
        "mo adopted a policy",
    ]


def test_the_events_of_the_timer_are_sentences(tmp_path: Path) -> None:
    clock = Clock()
    with (
        closing(Desk.open(made(tmp_path / "desk.db"), actor="mo", clock=clock)) as desk,
        closing(Desk.open(made(tmp_path / "desk.db"), actor="lee", clock=clock)) as lead,
    ):
        desk.transfer.take_in([incoming(1)])
        before = desk.history.revision()
        entry = desk.time.start_timer(1).entry
        clock.now += timedelta(minutes=90)
        desk.time.start_timer(work=Work.INTERNAL)
        lead.time.edit_entry(entry.id, stopped_at=NOW + timedelta(hours=1))
        desk.time.edit_entry(entry.id, work=Work.CUSTOMER)
        desk.time.remove_entry(entry.id)
        with desk.history.events(EventFilter()) as events:
            said = [sentence(event, UTC) for event in events if event.id > before]
    assert said == [
        "mo started the timer on #1",
        "mo stopped the timer on #1, 1 h 30 m",
        "mo started the timer on internal work",
        "lee edited mo's time on #1, 1 h",
        "mo edited time on customer work, 1 h",
        "mo removed time on customer work, 1 h",
    ]
