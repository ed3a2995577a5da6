"""What is said of a Request Tracker that lacks something, hides something or fails."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connections.attempts import DeliveryOutcome
from connections.helpdesks.help_desk import HelpDesk, StepKind, Unreachable
from connections.helpdesks.request_tracker import request_tracker
from policy.intake.conversation import MessageRole
from policy.words import Status
from tests.connections.certificates import Authority
from tests.connections.helpdesks.request_tracker_over_there import RequestTrackerOverThere
from tests.connections.helpdesks.request_tracker_server import DROP, STALL, RequestTrackerServer
from tests.connections.helpdesks.request_tracker_written import by_rest
from tests.connections.helpdesks.telling import Telling, step
from tests.connections.web_server import Answer, WebServer

TOKEN = f"1-33-{0x5EC2E7:032x}"
WRITES = r"^POST .*/correspond$"
SENT, NEVER, LOST = DeliveryOutcome.SENT, DeliveryOutcome.PERMANENT, DeliveryOutcome.UNKNOWN
NOT_NOW, NOT_TRIED = DeliveryOutcome.TEMPORARY, DeliveryOutcome.NOT_ATTEMPTED


@pytest.fixture
def server() -> Iterator[RequestTrackerServer]:
    """Give a Request Tracker of the test's own."""
    with RequestTrackerServer() as server:
        yield server


class FaultyOverThere(RequestTrackerOverThere):
    """The other side of one whose ``faults`` can be set."""

    def __init__(self, server: RequestTrackerServer) -> None:
        super().__init__(server)
        self.faults = server.faults


@pytest.fixture
def over_there(server: RequestTrackerServer) -> FaultyOverThere:
    """Give its other side."""
    return FaultyOverThere(server)


@pytest.fixture
def speaks(over_there: RequestTrackerOverThere) -> Iterator[Callable[..., HelpDesk]]:
    """Give what makes help desks that are closed at the end."""
    opened: list[HelpDesk] = []

    def made(login: str = "numberone", **settings: object) -> HelpDesk:
        opened.append(over_there.help_desk(login, **settings))
        return opened[-1]

    yield made
    for each in opened:
        each.close()


@pytest.fixture
def ticket(over_there: RequestTrackerOverThere) -> str:
    """Return a ticket."""
    return over_there.opens("A question", "How?")


# What a login lacks.


@pytest.mark.usefixtures("ticket")
def test_a_login_that_lacks_nothing(speaks: Callable[..., HelpDesk]) -> None:
    account = speaks().account()
    assert (account.login, account.name, account.lacks) == ("numberone", "The loop", ())


def test_the_rights_and_fields_that_a_login_lacks_are_named(
    server: RequestTrackerServer,
    over_there: RequestTrackerOverThere,
    speaks: Callable[..., HelpDesk],
    ticket: str,
) -> None:
    server.tracker.mark_field = None
    note = server.tracker.transactions[-1]
    over_there.notes(ticket, "Between us.")
    server.tracker.tickets[int(ticket)].updated = note.created + timedelta(minutes=1)
    settings = {"queues": ["Support", "Payroll"], "tier_field": "Plan"}
    lacks = speaks("onlooker", **settings).account().lacks
    expected = (
        ("Support", "numberone", "carry our mark"),
        ("Support", "Plan", "tier"),
        ("Support", "CommentOnTicket"),
        ("Support", "ModifyTicket"),
        ("Payroll", "SeeQueue"),
        ("hidden", "ShowTicketComments"),
    )
    assert len(lacks) == len(expected)
    for sentence, words in zip(lacks, expected, strict=True):
        assert all(word in sentence for word in words), sentence


def test_more_notes_than_a_page_holds_hide_nothing_behind_them(
    server: RequestTrackerServer,
    over_there: RequestTrackerOverThere,
    speaks: Callable[..., HelpDesk],
    ticket: str,
) -> None:
    before = Telling(speaks("onlooker")).cursor
    tracker, note = server.tracker, by_rest({"Content": "Between us."})
    for _ in range(130):
        tracker.write(tracker.tickets[int(ticket)], tracker.agents["mariam"], "Comment", note)
    over_there.writes(ticket, "Is anybody there?")
    (read,) = speaks("onlooker").changes(before, 100).tickets
    assert [each.text for each in read.messages] == ["Is anybody there?"]
    whole = ["How?", "Is anybody there?"]
    assert [each.text for each in speaks("onlooker").conversation(ticket)] == whole
    from_the_first = {"read_to": 0, "tickets_to": 0, "closed_since": "2026-01-01"}
    (first,) = speaks("onlooker").changes(from_the_first, 100).tickets
    assert [each.text for each in first.messages] == whole


# Reading.


def test_a_message_is_never_told_without_its_mark(
    server: RequestTrackerServer, speaks: Callable[..., HelpDesk], ticket: str
) -> None:
    told, writer = Telling(speaks()), speaks()
    out = step(StepKind.ANSWER, ticket, text="Ours.")

    def seen() -> bool:
        return any(each.kind == "Correspond" and each.done for each in server.tracker.transactions)

    with server.tracker.slow_marks():
        writing = threading.Thread(target=writer.write, args=(out,))
        writing.start()
        reading = threading.Thread(target=told.until, args=(lambda: told.texts(ticket),))
        reading.start()
        server.asked_for("CF.{numberone} IS NOT NULL")
        assert seen()
    writing.join()
    reading.join()
    assert [(each.text, each.mark) for each in told.messages(ticket)] == [("Ours.", out.mark)]


def test_a_message_that_somebody_elses_program_wrote_is_told_without_a_mark(
    over_there: RequestTrackerOverThere, speaks: Callable[..., HelpDesk], ticket: str
) -> None:
    told = Telling(speaks())
    words = {"Content": "By a script.", "ContentType": "text/plain"}
    over_there.asks("POST", f"/ticket/{ticket}/correspond", words)
    told.until(lambda: told.texts(ticket))
    (message,) = told.messages(ticket)
    assert (message.role, message.mark) == (MessageRole.US, None)


def test_a_ticket_leaves_our_queues_and_comes_back(
    over_there: RequestTrackerOverThere, speaks: Callable[..., HelpDesk], ticket: str
) -> None:
    told = Telling(speaks(queues=["Support"]))
    elsewhere = over_there.opens("Elsewhere", "Not ours.", queue="Engineering")
    over_there.sets(ticket, Queue="Engineering")
    over_there.writes(elsewhere, "Never was.")
    told.read()
    assert told.tickets[ticket][-1].deleted
    assert elsewhere not in told.tickets
    over_there.sets(ticket, Queue="Support")
    told.read()
    assert told.record(ticket)["Queue"] == {"Name": "Support"}


def test_a_ticket_that_may_not_be_seen_any_more_is_gone(
    over_there: RequestTrackerOverThere, speaks: Callable[..., HelpDesk], ticket: str
) -> None:
    told = Telling(speaks())
    over_there.sets(ticket, Priority=7)
    before = told.cursor
    over_there.sets(ticket, by="root", Queue="Payroll")
    reading = told.desk.changes(before, 100)
    assert reading.tickets == ()
    assert told.desk.conversation(ticket) == []


def test_whoever_asks_is_a_customer_even_one_of_the_agents_but_not_the_owner(
    over_there: RequestTrackerOverThere, speaks: Callable[..., HelpDesk]
) -> None:
    told = Telling(speaks())
    ticket = over_there.opens("My own", "Please.", by="tomasz@help.example")
    over_there.writes(ticket, "Well?", by="tomasz@help.example")
    told.read()
    assert [each.role for each in told.messages(ticket)] == [MessageRole.CUSTOMER] * 2
    over_there.gives(ticket, "tomasz")
    over_there.writes(ticket, "I do it myself.", by="tomasz@help.example")
    told.read()
    assert told.messages(ticket)[-1].role is MessageRole.US


def test_an_owner_is_known_by_the_address_that_the_team_has(
    server: RequestTrackerServer, over_there: RequestTrackerOverThere, ticket: str
) -> None:
    over_there.gives(ticket, "tomasz")
    settings, token = {"address": server.address}, server.tokens["numberone"]
    for team, member in (
        (frozenset({"Tomasz@help.example"}), "tomasz@help.example"),
        (frozenset({"tom@other.example"}), "tomasz"),
    ):
        told = Telling(request_tracker(settings, token, team))
        over_there.sets(ticket, Priority=len(team) + len(member))
        told.read()
        assert told.record(ticket)["Owner"]["Member"] == member
        told.desk.close()


def test_a_resolved_ticket_that_is_open_again_is_not_solved(
    over_there: RequestTrackerOverThere, speaks: Callable[..., HelpDesk], ticket: str
) -> None:
    told = Telling(speaks())
    over_there.sets(ticket, Status="resolved")
    told.read()
    assert told.record(ticket)["Resolved"] is not None
    over_there.writes(ticket, "Still broken.")
    told.read()
    assert told.record(ticket)["Resolved"] is None


def test_html_alone_is_told_as_text(
    server: RequestTrackerServer, speaks: Callable[..., HelpDesk]
) -> None:
    told = Telling(speaks())
    mail = (
        b"From: ida@customer.example\nSubject: HTML\nMIME-Version: 1.0\n"
        b"Content-Type: text/html; charset=utf-8\n\n<p>It is <b>down</b>.</p>\n"
    )
    server.tracker.mail(mail, "Support", "correspond")
    told.read()
    ((ticket, _),) = told.tickets.items()
    assert told.texts(ticket) == ["It is down."]


def test_of_two_forms_of_the_same_the_plain_one_is_told(
    server: RequestTrackerServer, speaks: Callable[..., HelpDesk]
) -> None:
    told = Telling(speaks())
    mail = (
        b"From: ida@customer.example\nSubject: Both\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain\n\n"
        b"Plain.\n--x\nContent-Type: text/html\n\n<p>Not <i>this</i>.</p>\n--x--\n"
    )
    server.tracker.mail(mail, "Support", "correspond")
    told.read()
    ((ticket, _),) = told.tickets.items()
    assert told.texts(ticket) == ["Plain."]
    assert told.messages(ticket)[0].attachments == ()


# What fails.


@pytest.mark.parametrize(
    ("fault", "words", "for_good"),
    [
        (401, "does not know this login", True),
        (302, "sends us on", True),
        (503, "does not answer now", False),
        (500, "failed", False),
        (400, "refuses to say", False),
        (DROP, "closed the connection", False),
        (STALL, "does not answer in time", False),
    ],
)
def test_what_gives_no_answer_to_rely_on_is_unreachable(
    server: RequestTrackerServer,
    speaks: Callable[..., HelpDesk],
    fault: int | str,
    words: str,
    for_good: bool,
) -> None:
    desk = speaks(timeout=0.3)
    server.faults.before["."] = fault
    asked: tuple[Callable[[], object], ...] = (
        lambda: desk.changes({}, 100),
        lambda: desk.changes({"read_to": 1}, 100),
        lambda: desk.conversation("1"),
        lambda: desk.attachment("1"),
        lambda: desk.find(step(StepKind.ANSWER, "1", text="x")),
        desk.account,
    )
    for each in asked:
        with pytest.raises(Unreachable) as unreachable:
            each()
        assert words in unreachable.value.why
        assert unreachable.value.for_good is for_good


def test_it_is_left_alone_for_as_long_as_it_asks(
    server: RequestTrackerServer, speaks: Callable[..., HelpDesk]
) -> None:
    server.faults.before["."] = 429
    server.faults.headers["Retry-After"] = "7"
    with pytest.raises(Unreachable) as unreachable:
        speaks().changes({}, 100)
    assert unreachable.value.retry_after == timedelta(seconds=7)


BEFORE = ((401, NOT_TRIED), (302, NOT_TRIED), (503, NOT_TRIED), (403, NEVER), (412, NOT_NOW))
AFTER = ((500, LOST), (DROP, LOST), (STALL, LOST))


@pytest.mark.parametrize(("fault", "outcome"), [*BEFORE, (500, LOST)])
def test_an_answer_that_was_not_written_is_written_again(
    over_there: FaultyOverThere,
    speaks: Callable[..., HelpDesk],
    ticket: str,
    fault: int,
    outcome: DeliveryOutcome,
) -> None:
    desk, out = speaks(), step(StepKind.ANSWER, ticket, text="Once.")
    faults = over_there.faults.before
    faults[WRITES] = fault
    assert desk.write(out).outcome is outcome
    faults.clear()
    assert desk.find(out) is False
    assert desk.write(replace(out, attempts=2)).outcome is SENT
    assert over_there.texts(ticket).count("Once.") == 1


@pytest.mark.parametrize(("fault", "outcome"), AFTER)
def test_an_answer_that_was_written_is_found_and_never_written_twice(
    over_there: FaultyOverThere,
    speaks: Callable[..., HelpDesk],
    ticket: str,
    fault: int | str,
    outcome: DeliveryOutcome,
) -> None:
    desk, out = speaks(timeout=0.5), step(StepKind.ANSWER, ticket, text="Once.")
    faults = over_there.faults.after
    faults[WRITES] = fault
    assert desk.write(out).outcome is outcome
    faults.clear()
    assert desk.find(out) is True
    assert desk.write(replace(out, attempts=2)).outcome is SENT
    assert over_there.texts(ticket).count("Once.") == 1


def test_where_nobody_listens_nothing_was_done(ticket: str) -> None:
    with RequestTrackerServer() as gone:
        desk = RequestTrackerOverThere(gone).help_desk()
    delivery = desk.write(step(StepKind.ANSWER, ticket, text="x"))
    assert delivery.outcome is NOT_TRIED
    assert "cannot be reached" in delivery.why
    desk.close()


@pytest.mark.parametrize("fault", [500, DROP])
def test_a_change_whose_answer_is_lost_is_made_again(
    server: RequestTrackerServer,
    over_there: RequestTrackerOverThere,
    speaks: Callable[..., HelpDesk],
    ticket: str,
    fault: int | str,
) -> None:
    desk, out = speaks(), step(StepKind.STATUS, ticket, status=Status.SOLVED)
    server.faults.after["^PUT"] = fault
    assert desk.write(out).outcome is NOT_NOW
    server.faults.after.clear()
    assert desk.write(out).outcome is SENT
    assert over_there.status(ticket) == "resolved"


def test_an_answer_whose_mark_was_lost_is_found_by_its_words(
    over_there: RequestTrackerOverThere, speaks: Callable[..., HelpDesk], ticket: str
) -> None:
    desk = speaks()
    out = step(StepKind.ANSWER, ticket, text="Once.")
    words = {"Content": "Once.", "ContentType": "text/plain"}
    over_there.asks("POST", f"/ticket/{ticket}/correspond", words, by="mariam")
    assert desk.find(out) is False, "that is somebody else's"
    over_there.asks("POST", f"/ticket/{ticket}/correspond", words, by="numberone")
    assert desk.find(out) is True
    assert desk.find(replace(out, text="Twice.")) is False


def test_without_a_field_for_the_mark_it_is_said_that_an_answer_has_none(
    server: RequestTrackerServer, speaks: Callable[..., HelpDesk], ticket: str
) -> None:
    server.tracker.mark_field = None
    delivery = speaks().write(step(StepKind.ANSWER, ticket, text="Hm."))
    assert delivery.outcome is SENT
    assert "without our mark" in delivery.why


def test_a_note_that_may_not_be_read_back_is_told_so(
    server: RequestTrackerServer, speaks: Callable[..., HelpDesk], ticket: str
) -> None:
    agent = server.tracker.agents["numberone"]
    agent.rights -= {"ShowTicketComments"}
    delivery = speaks().write(step(StepKind.NOTE, ticket, text="Hm."))
    assert delivery.outcome is SENT
    assert "ShowTicketComments" in delivery.why


def test_an_answer_is_sent_though_its_status_is_refused(
    over_there: RequestTrackerOverThere, speaks: Callable[..., HelpDesk], ticket: str
) -> None:
    out = step(StepKind.ANSWER, ticket, text="Once.", status=Status.ON_HOLD)
    delivery = speaks(statuses={"on_hold": "waiting"}).write(out)
    assert delivery.outcome is SENT
    assert "isn't a valid status" in delivery.why
    assert over_there.texts(ticket).count("Once.") == 1


def test_what_is_no_request_tracker_is_told_so() -> None:
    with WebServer(lambda _: Answer(body=b"<html>Welcome</html>")) as web:
        desk = request_tracker({"address": web.address}, TOKEN)
        with pytest.raises(Unreachable, match="not as Request Tracker 5 does"):
            desk.changes({}, 100)
        desk.close()


# Secrets.


def test_a_redirect_to_another_host_keeps_the_login_at_home(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with WebServer(lambda _: Answer(body=b"{}")) as other:
        onward = Answer(code=302, headers={"Location": f"{other.address}/REST/2.0/rt"})
        with WebServer(lambda _: onward) as web:
            desk = request_tracker({"address": web.address}, TOKEN)
            with pytest.raises(Unreachable) as unreachable:
                desk.account()
            desk.close()
        assert other.asked == []
    assert web.asked[0].headers["Authorization"] == f"token {TOKEN}"
    assert other.address in unreachable.value.why
    told = [unreachable.value.why, repr(desk), caplog.text, *(each.path for each in web.asked)]
    assert not any(TOKEN in each or TOKEN[-16:] in each for each in told)


def test_no_cookie_is_kept(server: RequestTrackerServer, speaks: Callable[..., HelpDesk]) -> None:
    server.faults.headers["Set-Cookie"] = "RT_SID=abc; path=/"
    desk = speaks()
    desk.account()
    desk.changes({}, 100)
    assert len(server.asked) > 3
    assert not any("Cookie" in asked.headers for asked in server.asked)


def test_certificates_are_checked(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with WebServer(lambda _: Answer(body=b"{}"), tls=authority.server_context("127.0.0.1")) as web:
        unknown = request_tracker({"address": web.address}, TOKEN)
        with pytest.raises(Unreachable, match="certificate that is not trusted"):
            unknown.changes({}, 100)
        unknown.close()
        assert web.asked == []
        settings = {"address": web.address, "ca_file": str(authority.ca_file)}
        known = request_tracker(settings, TOKEN)
        assert known.changes({"read_to": 1}, 100).tickets == ()
        known.close()
