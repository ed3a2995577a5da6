"""What every help desk tells: once each, in order, by whom, and how a ticket is now."""

import json
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from connections.helpdesks.help_desk import START, HelpDesk, Unreachable
from policy.intake.conversation import MessageRole
from policy.words import Status
from tests.connections.helpdesks.over_there import AUTOMATIC, OverThere
from tests.connections.helpdesks.telling import Telling

OUR, THEIR, PROGRAM = MessageRole.US, MessageRole.CUSTOMER, MessageRole.PROGRAM


def test_a_new_ticket_is_told_with_what_is_written_in_it(there: OverThere, told: Telling) -> None:
    ticket = there.opens("Nobody can log in", "Since nine o'clock.\nAll of us.")
    told.read()
    (message,) = told.messages(ticket)
    assert (message.text, message.role, message.public) == (
        "Since nine o'clock.\nAll of us.",
        THEIR,
        True,
    )
    assert (message.author, message.name) == ("ida@customer.example", "Ida Berg")
    assert abs(message.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert message.mark is None


def test_nothing_is_told_twice_and_nothing_without_a_change(
    there: OverThere, told: Telling
) -> None:
    ticket = there.opens("Twice", "Once.")
    told.read()
    there.writes(ticket, "Again.")
    told.read()
    assert told.texts(ticket) == ["Once.", "Again."]
    ids = [each.external_id for each in told.messages(ticket)]
    assert len(set(ids)) == len(ids)
    told.forget()
    told.read()
    assert told.tickets == {}


def test_a_cursor_can_be_kept_as_json_and_read_from_anew(there: OverThere, told: Telling) -> None:
    ticket = there.opens("Kept", "Before.")
    before = json.loads(json.dumps(told.cursor))
    told.read()
    again = there.help_desk()
    reading = again.changes(before, 100)
    again.close()
    assert [each.text for read in reading.tickets for each in read.messages] == ["Before."]
    assert [read.external_id for read in reading.tickets] == [ticket]


def test_whose_word_it_is(there: OverThere, told: Telling) -> None:
    ticket = there.opens("Whose", "Mine.")
    there.answers(ticket, "Ours.")
    there.notes(ticket, "Between us.")
    there.writes(ticket, "I too.", by="omar@client.example")
    there.writes(ticket, "A stranger's.", by="someone@elsewhere.example")
    told.read()
    assert [(each.text, each.role, each.public) for each in told.messages(ticket)] == [
        ("Mine.", THEIR, True),
        ("Ours.", OUR, True),
        ("Between us.", OUR, False),
        ("I too.", THEIR, True),
        ("A stranger's.", THEIR, True),
    ]
    assert told.messages(ticket)[1].author == there.login("mariam")


@pytest.mark.parametrize(
    "headers",
    [AUTOMATIC, {"Precedence": "bulk"}, {"Auto-Submitted": "auto-generated; x=y"}],
    ids=["out of office", "bulk", "generated"],
)
def test_a_machine_is_nobody(there: OverThere, told: Telling, headers: dict[str, str]) -> None:
    ticket = there.opens("Away", "Help.")
    there.writes(ticket, "I am away until Monday.", headers=headers)
    told.read()
    assert [each.role for each in told.messages(ticket)] == [THEIR, PROGRAM]


def test_a_bounce_is_nobodys_word(there: OverThere, told: Telling) -> None:
    ticket = there.opens("Bounces", "Help.")
    there.writes(ticket, "No such user.", by="MAILER-DAEMON@mx.example", headers=AUTOMATIC)
    told.read()
    assert [each.role for each in told.messages(ticket)] == [THEIR, PROGRAM]


def test_files_are_named_and_can_be_had(there: OverThere, told: Telling, desk: HelpDesk) -> None:
    ticket = there.opens("Files", "See below.")
    content = bytes(range(256)) * 40
    there.writes(ticket, "Here.", file=("dump.bin", content))
    told.read()
    (file,) = told.messages(ticket)[-1].attachments
    assert (file.name, file.size) == ("dump.bin", len(content))
    assert desk.attachment(file.reference) == content
    assert told.messages(ticket)[-1].text == "Here."


def test_a_whole_conversation_is_told_when_asked(
    there: OverThere, told: Telling, desk: HelpDesk
) -> None:
    ticket = there.opens("Whole", "One.")
    there.answers(ticket, "Two.")
    there.notes(ticket, "Three.")
    told.read()
    asked = desk.conversation(ticket)
    assert list(asked) == told.messages(ticket)


def test_how_a_ticket_is_now(there: OverThere, told: Telling) -> None:
    ticket = there.opens("Now", "Help.", tier="enterprise")
    there.gives(ticket, "tomasz")
    told.read()
    fields = there.fields(told.record(ticket))
    assert fields.subject == "Now"
    assert fields.status == there.status(ticket)
    assert fields.owner == there.login("tomasz")
    assert fields.owner_email == "tomasz@help.example"
    assert fields.requester_email == "ida@customer.example"
    assert fields.organization == "Halcyon Ferry Lines"
    assert fields.tier == "enterprise"
    pending = there.theirs(Status.PENDING)
    there.gives(ticket, None)
    there.sets(ticket, Status=pending)
    told.read()
    fields = there.fields(told.record(ticket))
    assert (fields.owner, fields.status) == (None, pending)


def test_a_deleted_ticket_is_gone(there: OverThere, told: Telling) -> None:
    ticket = there.opens("Gone", "Never mind.")
    told.read()
    there.deletes(ticket)
    told.read()
    assert told.tickets[ticket][-1].deleted


def test_a_merged_ticket_says_into_which(there: OverThere, told: Telling, desk: HelpDesk) -> None:
    kept = there.opens("Kept", "First.")
    merged = there.opens("Merged", "Second.")
    told.read()
    there.merges(merged, kept)
    told.read()
    last = told.tickets[merged][-1]
    assert (last.merged_into, last.record, last.deleted) == (kept, None, False)
    there.writes(merged, "Third.")
    told.read()
    assert told.texts(kept)[-1] == "Third."
    written = [each.text for each in desk.conversation(kept) if each.role is THEIR]
    moved = ["Second."] if there.moves_what_is_merged else []
    assert written == ["First.", *moved, "Third."]


def test_the_first_reading_tells_all_in_pages_and_goes_on_where_it_stopped(
    there: OverThere,
) -> None:
    def opens(subject: str, text: str) -> str:
        return there.opens(subject, text, queue="Engineering")

    only = there.only("engineering")
    desk = there.help_desk(**(only or {}))
    elsewhere = there.opens("Elsewhere", "In another queue.")
    made = [opens(f"First {number}", f"Text {number}.") for number in range(5)]
    there.answers(made[1], "Answered.")
    merged = opens("To be merged", "Merged.")
    there.merges(merged, made[2])
    gone = opens("To be gone", "Gone.")
    there.deletes(gone)
    seen: dict[str, list[str]] = {}
    cursor, more, totals, during = START, True, set(), ""
    while more:
        limit = 2 if len(seen) < len(made) else 100
        reading = desk.changes(json.loads(json.dumps(cursor)), limit)
        assert len(reading.tickets) <= limit
        for read in reading.tickets:
            if read.record is not None and read.external_id not in seen:
                by_people = [each for each in read.messages if each.role is not PROGRAM]
                seen[read.external_id] = [each.text for each in by_people]
        if reading.total is not None:
            totals.add(reading.total)
        if not during:
            during = opens("Meanwhile", "While it was read.")
        cursor, more = reading.cursor, reading.more
    desk.close()
    assert [seen[ticket] for ticket in made] == [
        ["Text 0."],
        ["Text 1.", "Answered."],
        ["Text 2.", *(["Merged."] if there.moves_what_is_merged else [])],
        ["Text 3."],
        ["Text 4."],
    ]
    assert seen[during] == ["While it was read."]
    assert not {gone, merged} & seen.keys()
    assert (elsewhere in seen) is (only is None)
    (total,) = totals
    assert len(seen) - 1 <= total
    assert total <= len(seen) or only is None, "what is closed counts where there are no queues"


def test_what_is_done_late_is_not_lost(there: OverThere, told: Telling, desk: HelpDesk) -> None:
    late = there.opens("Late", "One.")
    early = there.opens("Early", "Two.")
    told.read()
    impatient = there.help_desk(timeout=2)
    with there.slow():
        answering = threading.Thread(target=there.answers, args=(late, "Begun first."))
        answering.start()
        noting = threading.Thread(target=there.notes, args=(early, "Begun second."))
        noting.start()
        with suppress(Unreachable):  # one that keeps everybody waiting loses nothing either
            for _ in range(20):
                told.desk = impatient
                told.read()
    told.desk = desk
    impatient.close()
    answering.join()
    noting.join()
    told.until(lambda: "Begun first." in told.texts(late))
    told.until(lambda: "Begun second." in told.texts(early))
    told.read()
    assert told.texts(late).count("Begun first.") == 1
    assert told.texts(early).count("Begun second.") == 1
