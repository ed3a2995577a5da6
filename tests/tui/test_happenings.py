"""The timeline in sentences, from the events that a real desk writes."""

from contextlib import closing
from pathlib import Path

from policy.words import Priority, PriorityInput, Status
from store.desk import Desk
from store.views import Event
from tests.examples import incoming
from tests.tui.boards import NOW
from tui.happenings import sentence


def test_every_kind_of_event_is_a_sentence(tmp_path: Path) -> None:
    with closing(Desk.open(str(tmp_path / "desk.db"), actor="mo", clock=lambda: NOW)) as desk:
        desk.take_in([incoming(1)])
        desk.take_in([incoming(1, subject="Another one", severity=1)])
        desk.take("1")
        desk.assign("1", "gabe")
        desk.assign("1", None)
        desk.reply("1")
        desk.reply("1", Status.PENDING)
        desk.heard("1")
        desk.set_status("1", Status.ON_HOLD)
        cause = PriorityInput.CUSTOMER
        desk.assign_priority("1", Priority.P0, reason="They stopped", rests_on=cause)
        desk.assign_priority("1", Priority.P0, reason="They\x1b stopped.", rests_on=cause)
        said = [sentence(event) for event in desk.history(1)]
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
    ]


def test_a_declined_ticket_and_one_opened_by_us(tmp_path: Path) -> None:
    with closing(Desk.open(str(tmp_path / "desk.db"), actor="mo", clock=lambda: NOW)) as desk:
        desk.take_in([incoming(1, tier="presales")])
        number = desk.open_ticket(incoming(2, severity=0)).id
        said = [sentence(event) for each in (1, number) for event in desk.history(each)]
    assert said == ["mo took it in from test; intake declined it", "mo opened it as p0"]


def test_an_event_of_a_kind_yet_unknown_is_still_said() -> None:
    event = Event(
        id=1, at=NOW, actor="mo", kind="handed_over", ticket=1, before=None, after=None, note="Why"
    )
    assert sentence(event) == "mo handed over: Why"
