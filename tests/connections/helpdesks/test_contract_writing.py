"""What every help desk takes: each step once, and whether it is there is known."""

import threading
from dataclasses import replace

import pytest

from connections.attempts import DeliveryOutcome
from connections.helpdesks.help_desk import HelpDesk, StepKind
from policy.intake.conversation import MessageRole
from policy.words import Status
from tests.connections.helpdesks.over_there import OverThere
from tests.connections.helpdesks.telling import Telling, step

SENT, NEVER = DeliveryOutcome.SENT, DeliveryOutcome.PERMANENT
TEXTS = (
    "Plain.",
    "Two\nlines, and\n\nthree.",
    "0",
    "00",
    "false",
    "  indented\n\tand tabbed",
    "<b>not bold</b> &amp; \"quoted\" 'thus'",
    "Grüße, \N{SNOWMAN} \N{GRINNING FACE} e\N{COMBINING ACUTE ACCENT}",
    "\N{RIGHT-TO-LEFT OVERRIDE}turned",
    "$x {y} %s \\n",
    "long " * 4_000 + "end",
)


@pytest.fixture
def ticket(there: OverThere, told: Telling) -> str:
    """Return a ticket that has been told of."""
    ticket = there.opens("A question", "How?")
    told.read()
    told.forget()
    return ticket


@pytest.mark.parametrize("kind", [StepKind.ANSWER, StepKind.NOTE])
def test_a_message_goes_out_once_with_its_mark(
    there: OverThere, desk: HelpDesk, told: Telling, ticket: str, kind: StepKind
) -> None:
    out = step(kind, ticket, text="Like this.")
    assert desk.find(out) is False
    assert desk.write(out).outcome is SENT
    assert desk.find(out) is True
    assert [each.strip() for each in there.texts(ticket)] == ["How?", "Like this."]
    told.read()
    (message,) = told.messages(ticket)
    assert (message.text, message.mark) == ("Like this.", out.mark)
    assert (message.role, message.public) == (MessageRole.US, kind is StepKind.ANSWER)
    assert out.mark in told.tickets[ticket][-1].marks


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_words_arrive_as_they_were_written(
    desk: HelpDesk, told: Telling, ticket: str, text: str
) -> None:
    assert desk.write(step(StepKind.NOTE, ticket, text=text)).outcome is SENT
    told.read()
    (message,) = told.messages(ticket)
    assert message.text == text


def test_line_ends_of_other_systems_become_ours(desk: HelpDesk, told: Telling, ticket: str) -> None:
    assert desk.write(step(StepKind.NOTE, ticket, text="One\r\ntwo")).outcome is SENT
    told.read()
    assert told.texts(ticket) == ["One\ntwo"]


def test_a_message_without_words_is_refused(there: OverThere, desk: HelpDesk, ticket: str) -> None:
    assert desk.write(step(StepKind.ANSWER, ticket, text=" \n ")).outcome is NEVER
    assert len(there.texts(ticket)) == 1


def test_a_second_attempt_finds_the_first(there: OverThere, desk: HelpDesk, ticket: str) -> None:
    out = step(StepKind.ANSWER, ticket, text="Once.")
    assert desk.write(out).outcome is SENT
    again = step(StepKind.ANSWER, ticket, text="Once.", mark=out.mark, attempts=2)
    assert desk.write(again).outcome is SENT
    assert there.texts(ticket).count("Once.") == 1


def test_another_message_of_the_same_words_is_another(
    there: OverThere, desk: HelpDesk, ticket: str
) -> None:
    assert desk.write(step(StepKind.ANSWER, ticket, text="Yes.")).outcome is SENT
    again = step(StepKind.ANSWER, ticket, text="Yes.")
    assert desk.find(again) is False
    assert desk.write(again).outcome is SENT
    assert there.texts(ticket).count("Yes.") == 2


def test_the_loop_names_whose_words_they_are(
    there: OverThere, desk: HelpDesk, told: Telling, ticket: str
) -> None:
    out = step(StepKind.ANSWER, ticket, text="Mine.", author="mariam", author_name="Mariam Haddad")
    out = replace(out, author_email="mariam@help.example")
    assert desk.write(out).outcome is SENT
    told.read()
    (message,) = told.messages(ticket)
    assert message.text == "Mine.\n\n— Mariam Haddad"
    assert message.author == there.login("numberone")
    assert desk.find(out) is True


def test_a_person_who_has_logged_in_writes_as_themselves(
    there: OverThere, told: Telling, ticket: str
) -> None:
    mine = there.help_desk("mariam")
    out = step(StepKind.ANSWER, ticket, text="Mine.", author="Mariam", author_name="Mariam H.")
    out = replace(out, author_email="Mariam@Help.Example")
    assert mine.write(out).outcome is SENT
    mine.close()
    told.read()
    (message,) = told.messages(ticket)
    assert (message.text, message.author) == ("Mine.", there.login("mariam"))


def test_an_answer_sets_a_status_with_it(there: OverThere, desk: HelpDesk, ticket: str) -> None:
    out = step(StepKind.ANSWER, ticket, text="Done?", status=Status.PENDING)
    assert desk.write(out).outcome is SENT
    assert there.status(ticket) == there.theirs(Status.PENDING)


@pytest.mark.parametrize(
    "ours", [Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED, Status.CLOSED]
)
def test_a_status_is_set(there: OverThere, desk: HelpDesk, ticket: str, ours: Status) -> None:
    out = step(StepKind.STATUS, ticket, status=ours)
    assert desk.find(out) is False
    assert desk.write(out).outcome is SENT
    assert desk.find(out) is True
    assert desk.write(out).outcome is SENT, "what is so already is done"
    assert there.status(ticket) == there.theirs(ours)


def test_a_ticket_is_given_by_address_by_login_and_to_nobody(
    there: OverThere, desk: HelpDesk, ticket: str
) -> None:
    by_address = step(StepKind.ASSIGN, ticket, assignee="tom", assignee_email="Tomasz@Help.Example")
    assert desk.write(by_address).outcome is SENT
    assert there.owner(ticket) == there.login("tomasz")
    by_login = step(StepKind.ASSIGN, ticket, assignee=there.login("Mariam"))
    by_login = replace(by_login, assignee_email="m@other.example")
    assert desk.write(by_login).outcome is SENT
    assert there.owner(ticket) == there.login("mariam")
    assert desk.write(step(StepKind.ASSIGN, ticket)).outcome is SENT
    assert there.owner(ticket) is None


def test_what_is_refused_is_refused_for_good_and_says_why(
    there: OverThere, desk: HelpDesk, ticket: str
) -> None:
    unknown = desk.write(step(StepKind.ASSIGN, ticket, assignee="nemo"))
    assert unknown.outcome is NEVER
    assert "nemo" in unknown.why
    customer = step(StepKind.ASSIGN, ticket, assignee="ida@customer.example")
    refused = desk.write(customer)
    assert refused.outcome is NEVER
    assert "may not own" in refused.why
    assert there.owner(ticket) is None
    assert desk.find(customer) is False


@pytest.mark.parametrize("kind", sorted(StepKind))
def test_a_ticket_that_is_not_there_takes_nothing(there: OverThere, kind: StepKind) -> None:
    fields: dict[str, object] = {"text": "Hello?", "status": Status.SOLVED, "assignee": "mariam"}
    out = step(kind, "987654", priority="first", **fields)
    writer = there.help_desk(priorities={"first": there.own_priority})
    assert writer.write(out).outcome is NEVER
    assert not writer.find(out)
    writer.close()


def test_a_priority_is_set_where_it_is_mapped(there: OverThere, told: Telling, ticket: str) -> None:
    out = step(StepKind.PRIORITY, ticket, priority="first")
    mapped = there.help_desk(priorities={"first": there.own_priority})
    assert mapped.find(out) is False
    assert mapped.write(out).outcome is SENT
    assert mapped.find(out) is True
    mapped.close()
    told.read()
    assert there.fields(told.record(ticket)).priority == there.own_priority
    unmapped = there.help_desk()
    delivery = unmapped.write(step(StepKind.PRIORITY, ticket, priority="other"))
    unmapped.close()
    assert delivery.outcome is SENT, "there is nothing to be done"
    assert "other" in delivery.why


def test_a_step_for_a_merged_ticket_goes_where_it_went(
    there: OverThere, desk: HelpDesk, ticket: str
) -> None:
    merged = there.opens("Merged", "Too.")
    there.merges(merged, ticket)
    out = step(StepKind.ANSWER, merged, text="For both.")
    assert desk.write(out).outcome is SENT
    assert desk.find(out) is True
    assert "For both." in there.texts(ticket)


def test_whoever_reads_meanwhile_is_told_our_messages_with_their_marks(
    there: OverThere, told: Telling, ticket: str
) -> None:
    steps = [step(StepKind.NOTE, ticket, text=f"Note {number}.") for number in range(12)]
    writer = there.help_desk()

    def write() -> None:
        for each in steps:
            assert writer.write(each).outcome is SENT

    writing = threading.Thread(target=write)
    writing.start()
    told.until(lambda: len(told.messages(ticket)) >= len(steps))
    writing.join()
    writer.close()
    told.read()
    assert [each.mark for each in told.messages(ticket)] == [each.mark for each in steps]
