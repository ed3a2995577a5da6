"""What is told of a Zendesk that hides something, is late or fails, and what is written there."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from connections.attempts import DeliveryOutcome
from connections.helpdesks.access import FixedAccess
from connections.helpdesks.help_desk import START, HelpDesk, StepKind, Unreachable
from connections.helpdesks.zendesk import zendesk
from policy.intake.conversation import MessageRole
from policy.words import Status
from tests.connections.helpdesks.telling import Telling, step
from tests.connections.helpdesks.zendesk_asked import DROPPED
from tests.connections.helpdesks.zendesk_over_there import CurrentAccess, ZendeskOverThere
from tests.connections.helpdesks.zendesk_server import RateWindow, ZendeskServer

SENT, NEVER, LOST = DeliveryOutcome.SENT, DeliveryOutcome.PERMANENT, DeliveryOutcome.UNKNOWN
NOT_NOW, NOT_TRIED = DeliveryOutcome.TEMPORARY, DeliveryOutcome.NOT_ATTEMPTED
A_MINUTE = timedelta(minutes=1)
WRITES = r"^PUT .*/tickets/\d+$"
COMMENTS = r"^GET .*/comments$"


@pytest.fixture
def server() -> Iterator[ZendeskServer]:
    """Give a Zendesk of the test's own, of which every request is one that is described."""
    with ZendeskServer() as server:
        yield server
    assert server.violations == []


@pytest.fixture
def over_there(server: ZendeskServer) -> ZendeskOverThere:
    """Give its other side."""
    return ZendeskOverThere(server)


@pytest.fixture
def speaks(over_there: ZendeskOverThere) -> Iterator[Callable[..., HelpDesk]]:
    """Give what makes help desks that are closed at the end."""
    opened: list[HelpDesk] = []

    def made(login: str = "numberone", **settings: object) -> HelpDesk:
        opened.append(over_there.help_desk(login, **settings))
        return opened[-1]

    yield made
    for each in opened:
        each.close()


@pytest.fixture
def ticket(over_there: ZendeskOverThere) -> str:
    """Return a ticket that was opened a while ago."""
    made = over_there.opens("A question", "How?")
    over_there.there.later(minutes=5)
    return made


@pytest.fixture
def told(speaks: Callable[..., HelpDesk], ticket: str) -> Telling:
    """Give what has read all that there is, the ticket too."""
    assert ticket
    return Telling(speaks())


# What a login lacks.


@pytest.mark.usefixtures("ticket")
def test_an_administrators_login_lacks_nothing(speaks: Callable[..., HelpDesk]) -> None:
    account = speaks().account()
    assert (account.login, account.name) == ("numberone@help.example", "The loop")
    assert account.lacks == ()


@pytest.mark.usefixtures("ticket")
def test_what_a_login_lacks_is_named(
    server: ZendeskServer, speaks: Callable[..., HelpDesk]
) -> None:
    (no_exports,) = speaks("plain").account().lacks
    assert "no administrator" in no_exports
    (no_agent,) = speaks("nobody").account().lacks
    assert "no agent" in no_agent
    server.denied = {r"GET /tickets/\d+/audits", "GET /deleted_tickets"}
    marks, deleted = speaks().account().lacks
    assert "mark" in marks
    assert "deleted" in deleted


def test_a_login_that_is_not_known_any_more_says_so(server: ZendeskServer) -> None:
    desk = zendesk({"address": server.address}, FixedAccess("another-token"))
    with pytest.raises(Unreachable) as refused:
        desk.changes(START, 100)
    desk.close()
    assert refused.value.for_good
    assert "login" in refused.value.why
    assert "another-token" not in refused.value.why


# Tokens, limits, failures.


def test_a_token_that_has_run_out_is_renewed_once(
    server: ZendeskServer, over_there: ZendeskOverThere, ticket: str
) -> None:
    access = CurrentAccess(server, "numberone")
    desk = zendesk({"address": server.address}, access)
    told = Telling(desk)
    server.expires("numberone")
    over_there.writes(ticket, "Hello?")
    told.read()
    assert told.texts(ticket) == ["How?", "Hello?"]
    server.expires("numberone")
    assert desk.write(step(StepKind.ANSWER, ticket, text="Yes.")).outcome is SENT
    desk.close()
    assert access.renewals == 2
    assert over_there.texts(ticket).count("Yes.") == 1


def test_a_token_that_is_refused_twice_is_not_asked_with_for_ever(server: ZendeskServer) -> None:
    class Wrong:
        def token(self) -> str:
            return "first"

        def renewed(self, refused: str) -> str | None:
            return f"another than {refused}"

    desk = zendesk({"address": server.address}, Wrong())
    with pytest.raises(Unreachable) as error:
        desk.changes(START, 100)
    desk.close()
    assert error.value.for_good
    assert len(server.asked) == 2


def test_it_is_left_alone_for_as_long_as_it_asks(
    server: ZendeskServer, told: Telling, ticket: str
) -> None:
    server.faults.before = {r"^GET .*/tickets$": 429}
    with pytest.raises(Unreachable) as error:
        told.read()
    assert error.value.retry_after == timedelta(seconds=3)
    assert not error.value.for_good
    server.faults.before = {WRITES: 429}
    refused = told.desk.write(step(StepKind.ANSWER, ticket, text="Yes."))
    assert (refused.outcome, refused.retry_after) == (NOT_TRIED, timedelta(seconds=3))


def test_a_batch_ends_where_the_limit_is_near_and_goes_on_after_the_pause(
    server: ZendeskServer, over_there: ZendeskOverThere, speaks: Callable[..., HelpDesk]
) -> None:
    made = [over_there.opens(f"Question {number}", "How?") for number in range(30)]
    over_there.there.later(minutes=5)
    server.windows["account"] = RateWindow("", 20, A_MINUTE)
    desk = speaks()
    cursor, seen, pauses, more = START, list[str](), 0, True
    while more:
        reading = desk.changes(json.loads(json.dumps(cursor)), 100)
        cursor, more = reading.cursor, reading.more
        seen += [each.external_id for each in reading.tickets]
        if more and reading.pause:
            pauses += 1
            over_there.there.later(seconds=reading.pause.total_seconds())
    assert seen == made, "each once, in spite of the pauses"
    assert pauses >= 1
    limited = [each for each in server.asked if "tickets/" in each.path]
    assert len(limited) >= len(made)


@pytest.mark.parametrize("fault", [429, 500, DROPPED])
def test_what_is_listed_is_told_though_the_rest_cannot_be_had(
    server: ZendeskServer,
    over_there: ZendeskOverThere,
    told: Telling,
    ticket: str,
    fault: int | str,
) -> None:
    server.faults.before = {r"^GET .*/incremental/": fault, r"^GET .*/deleted_tickets": fault}
    over_there.there.later(minutes=2)
    over_there.writes(ticket, "Hello?")
    told.read()
    assert told.texts(ticket)[-1] == "Hello?"
    asked = len(server.asked)
    told.read()
    assert not any("incremental" in each.path for each in server.asked[asked:]), "not at once again"
    over_there.there.later(minutes=11)
    with pytest.raises(Unreachable):
        told.read()
    server.faults.before = {}
    told.read()


def test_a_batch_that_breaks_off_is_told_as_far_as_it_came(
    server: ZendeskServer, over_there: ZendeskOverThere, told: Telling
) -> None:
    made = [over_there.opens(f"Question {number}", "How?") for number in range(5)]
    server.faults.before = {rf"^GET .*/tickets/{made[3]}/comments$": 500}
    reading = told.read_once()
    assert [each.external_id for each in reading.tickets] == made[:3]
    assert reading.more
    with pytest.raises(Unreachable):
        told.read()
    server.faults.before = {}
    told.read()
    assert sorted(told.tickets) == sorted(made)
    assert all(len(reads) == 1 for reads in told.tickets.values())


def test_what_is_left_of_a_limit_sets_the_pace(server: ZendeskServer, told: Telling) -> None:
    server.windows["tickets-index"] = RateWindow(r"GET .*/tickets$", 10, A_MINUTE)
    first = told.read_once()
    last = first
    for _ in range(7):
        last = told.read_once()
    assert timedelta(seconds=8) < first.pause < timedelta(seconds=20)
    assert last.pause > first.pause


@pytest.mark.parametrize("fault", [500, 503, DROPPED])
def test_an_answer_that_may_have_arrived_is_looked_up_and_never_written_twice(
    server: ZendeskServer,
    over_there: ZendeskOverThere,
    told: Telling,
    ticket: str,
    fault: int | str,
) -> None:
    out = step(StepKind.ANSWER, ticket, text="Once.")
    server.faults.after = {WRITES: fault}
    assert told.desk.write(out).outcome is LOST
    server.faults.after = {}
    assert told.desk.find(out) is True
    assert told.desk.write(replace(out, attempts=2)).outcome is SENT
    server.faults.before = {WRITES: fault}
    other = step(StepKind.ANSWER, ticket, text="Another.")
    assert told.desk.write(other).outcome is LOST
    server.faults.before = {}
    assert told.desk.find(other) is False
    assert over_there.texts(ticket).count("Once.") == 1


def test_what_arrived_before_a_merge_is_not_written_once_more_after_it(
    server: ZendeskServer, over_there: ZendeskOverThere, told: Telling, ticket: str
) -> None:
    out = step(StepKind.ANSWER, ticket, text="Once.")
    server.faults.after = {WRITES: 500}
    assert told.desk.write(out).outcome is LOST
    server.faults.after = {}
    kept = over_there.opens("Kept", "How?")
    over_there.merges(ticket, kept)
    assert told.desk.find(out) is True
    assert told.desk.write(replace(out, attempts=2)).outcome is SENT
    assert "Once." not in over_there.texts(kept)


def test_a_conflict_is_no_end(
    server: ZendeskServer, over_there: ZendeskOverThere, told: Telling, ticket: str
) -> None:
    server.faults.before = {WRITES: 409}
    out = step(StepKind.ANSWER, ticket, text="Once.", status=Status.SOLVED)
    assert told.desk.write(out).outcome is NOT_NOW
    server.faults.before = {}
    server.faults.after = {WRITES: 409}
    assert told.desk.write(out).outcome is SENT, "it was done all the same, and is seen there"
    assert over_there.texts(ticket).count("Once.") == 1


def test_nothing_is_written_while_a_change_there_is_unread(
    over_there: ZendeskOverThere, told: Telling, ticket: str
) -> None:
    out = step(StepKind.STATUS, ticket, status=Status.PENDING, cursor=told.cursor)
    over_there.writes(ticket, "One more thing.")
    assert told.desk.write(out).outcome is NOT_NOW
    assert over_there.status(ticket) == "new"
    told.read()
    assert told.desk.write(replace(out, cursor=told.cursor)).outcome is SENT
    after = step(StepKind.NOTE, ticket, text="Between us.", cursor=told.cursor)
    assert told.desk.write(after).outcome is SENT, "what changed since is our own"


# Reading.


def test_what_changes_within_one_second_is_told(
    over_there: ZendeskOverThere, told: Telling, ticket: str
) -> None:
    for number in range(20):
        over_there.writes(ticket, f"{number}.")
        told.read()
    over_there.there.later(seconds=3)
    told.read()
    # Of a ticket that was quiet for long, all comes once more: it may have come back.
    assert told.texts(ticket) == ["How?", *(f"{number}." for number in range(20))]
    told.forget()
    told.read()
    assert told.tickets == {}


def test_what_the_list_does_not_show_comes_with_the_export(
    over_there: ZendeskOverThere, told: Telling, ticket: str
) -> None:
    over_there.there.hidden.add(int(ticket))
    over_there.writes(ticket, "Is anybody there?")
    told.read()
    assert told.tickets == {}
    over_there.there.later(seconds=130)
    told.read()
    assert told.texts(ticket)[-1] == "Is anybody there?"
    told.forget()
    over_there.there.later(seconds=130)
    told.read()
    assert told.tickets == {}, "once"


def test_without_the_exports_the_list_tells_what_it_shows(
    over_there: ZendeskOverThere, speaks: Callable[..., HelpDesk], ticket: str
) -> None:
    told = Telling(speaks("plain"))
    over_there.there.later(seconds=130)
    over_there.writes(ticket, "Hello?")
    told.read()
    assert told.texts(ticket)[-1] == "Hello?"


def test_a_list_of_several_pages_is_read_to_its_end(
    over_there: ZendeskOverThere, told: Telling
) -> None:
    over_there.there.later(minutes=10)
    made = [over_there.opens(f"Question {number}", "How?") for number in range(230)]
    told.read()
    assert sorted(map(int, told.tickets)) == sorted(map(int, made))
    assert all(len(reads) == 1 for reads in told.tickets.values())


def test_a_customer_and_an_organization_that_change_are_told_with_their_tickets(
    over_there: ZendeskOverThere, told: Telling, ticket: str
) -> None:
    there = over_there.there
    there.later(minutes=5)
    told.read()
    told.forget()
    there.alters(there.ferry, name="Halcyon Lines", tags=["enterprise"])
    there.later(seconds=130)
    told.read()
    record = told.record(ticket)
    assert (record["organization"]["name"], record["organization"]["tags"]) == (
        "Halcyon Lines",
        ["enterprise"],
    )
    there.renames(there.by_address("ida@customer.example"), name="Ida Berg-Lund")
    there.later(seconds=130)
    told.read()
    assert told.record(ticket)["requester"]["name"] == "Ida Berg-Lund"
    told.forget()
    there.later(seconds=130)
    told.read()
    assert told.tickets == {}, "once each"


def test_closed_tickets_come_without_their_conversation_unless_long_closed(
    server: ZendeskServer, over_there: ZendeskOverThere, speaks: Callable[..., HelpDesk]
) -> None:
    old, late = over_there.opens("Old", "Then."), over_there.opens("Late", "Now.")
    over_there.sets(old, Status="closed")
    over_there.there.later(days=30)
    over_there.sets(late, Status="closed")
    over_there.there.later(minutes=5)
    asked = len(server.asked)
    desk = speaks(closed_days=20)
    reading = desk.changes(START, 100)
    (read,) = reading.tickets
    assert (read.external_id, read.messages) == (late, ())
    assert not any("comments" in each.path for each in server.asked[asked:])
    assert [each.text for each in desk.conversation(late)] == ["Now."]


def test_the_words_of_rules_of_machines_and_of_merging_are_nobodys(
    over_there: ZendeskOverThere, told: Telling, ticket: str
) -> None:
    there = over_there.there
    live = there.tickets[int(ticket)]
    there.changes(live, -1, {}, {"body": "We got your mail.", "public": True}, via="rule")
    over_there.writes(ticket, "I am away.", headers={"Auto-Submitted": "auto-replied"})
    other = over_there.opens("The same", "How?")
    over_there.merges(other, ticket)
    told.read()
    roles = [each.role for each in told.messages(ticket)]
    assert roles == [MessageRole.CUSTOMER, *[MessageRole.PROGRAM] * 3]
    assert told.tickets[other][-1].merged_into == ticket


def test_what_was_merged_into_what_is_gone_is_closed(
    over_there: ZendeskOverThere, told: Telling, ticket: str
) -> None:
    kept = over_there.opens("Kept", "How?")
    told.read()
    over_there.merges(ticket, kept)
    over_there.deletes(kept)
    told.read()
    assert told.tickets[ticket][-1].merged_into is None
    assert told.record(ticket)["status"] == "closed"
    assert told.tickets[kept][-1].deleted


def test_a_merge_that_cannot_be_followed_now_is_told_later(
    server: ZendeskServer, over_there: ZendeskOverThere, told: Telling, ticket: str
) -> None:
    kept = over_there.opens("Kept", "How?")
    told.read()
    over_there.opens("Another", "What?")
    over_there.there.later(seconds=2)
    over_there.merges(ticket, kept)
    server.faults.before = {rf"^GET .*/tickets/{kept}$": 429}
    reading = told.read_once()
    assert (reading.more, reading.pause) == (True, timedelta(seconds=3))
    server.faults.before = {}
    told.read()
    assert told.tickets[ticket][-1].merged_into == kept


def test_whoever_asks_is_the_customer_even_one_of_the_agents(
    over_there: ZendeskOverThere, told: Telling
) -> None:
    ticket = over_there.opens("My own", "Mine.", by="tomasz@help.example")
    over_there.answers(ticket, "Yours.")
    told.read()
    roles = [each.role for each in told.messages(ticket)]
    assert roles == [MessageRole.CUSTOMER, MessageRole.US]


@pytest.mark.parametrize("denied", [(), (r"GET /tickets/\d+/audits",)])
def test_our_mark_is_found_where_comments_do_not_tell_it(
    server: ZendeskServer,
    over_there: ZendeskOverThere,
    told: Telling,
    ticket: str,
    denied: tuple[str, ...],
) -> None:
    server.there.tells_marks = False
    server.denied = set(denied)
    out = step(StepKind.ANSWER, ticket, text="Like this.")
    assert told.desk.find(out) is False
    assert told.desk.write(out).outcome is SENT
    assert told.desk.find(out) is True
    other = step(StepKind.ANSWER, ticket, text="Like that.")
    assert told.desk.find(other) is False
    told.read()
    assert told.messages(ticket)[-1].mark == (None if denied else out.mark)
    assert over_there.texts(ticket).count("Like this.") == 1


def test_a_file_is_had_from_elsewhere_without_the_login(
    server: ZendeskServer, over_there: ZendeskOverThere, told: Telling, ticket: str
) -> None:
    over_there.writes(ticket, "Here.", file=("log.txt", b"content"))
    told.read()
    (file,) = told.messages(ticket)[-1].attachments
    assert told.desk.attachment(file.reference) == b"content"
    elsewhere = [each for each in server.asked if each.elsewhere]
    assert len(elsewhere) == 1
    assert "Authorization" not in elsewhere[0].headers
    assert file.reference.isdigit(), "its address would be a secret"


# Writing.


def test_a_closed_ticket_takes_nothing(
    over_there: ZendeskOverThere, told: Telling, ticket: str
) -> None:
    over_there.sets(ticket, Status="closed")
    for out in (
        step(StepKind.ANSWER, ticket, text="Late."),
        step(StepKind.STATUS, ticket, status=Status.OPEN),
    ):
        refused = told.desk.write(out)
        assert refused.outcome is NEVER
        assert "closed" in refused.why


def test_a_status_that_is_refused_does_not_keep_the_answer_back(
    server: ZendeskServer, over_there: ZendeskOverThere, told: Telling, ticket: str
) -> None:
    server.there.refuses_status = "hold"
    out = step(StepKind.ANSWER, ticket, text="We ask them.", status=Status.ON_HOLD)
    delivery = told.desk.write(out)
    assert delivery.outcome is SENT
    assert "the status is not on_hold there" in delivery.why
    assert over_there.texts(ticket).count("We ask them.") == 1
    refused = told.desk.write(step(StepKind.STATUS, ticket, status=Status.ON_HOLD))
    assert refused.outcome is NEVER
    assert "hold" in refused.why


def test_a_ticket_that_is_changed_too_often_waits(
    over_there: ZendeskOverThere, told: Telling, ticket: str
) -> None:
    outcomes = [
        told.desk.write(step(StepKind.NOTE, ticket, text=f"Note {number}.")) for number in range(31)
    ]
    assert [each.outcome for each in outcomes] == [SENT] * 30 + [NOT_TRIED]
    assert outcomes[-1].retry_after == A_MINUTE
    assert len(over_there.texts(ticket)) == 31


def test_each_write_says_as_of_when_it_knows_the_ticket(
    server: ZendeskServer, told: Telling, ticket: str
) -> None:
    before = replace(server.there.tickets[int(ticket)])
    out = step(StepKind.ANSWER, ticket, text="Yes.", status=Status.PENDING)
    assert told.desk.write(out).outcome is SENT
    (put,) = [each for each in server.asked if each.method == "PUT"]
    sent = put.content["ticket"]
    assert sent["safe_update"] is True
    assert sent["updated_stamp"] == before.said("")["updated_at"]
    assert sent["comment"] == {"body": "Yes.", "public": True}
    assert (sent["status"], sent["metadata"]) == ("pending", {"custom": {"numberone": out.mark}})
