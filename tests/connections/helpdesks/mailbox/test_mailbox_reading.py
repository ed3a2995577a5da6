"""How a mailbox is read: once each, from where it stopped, whatever becomes of its folders."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest

from connections.helpdesks.help_desk import START, Unreachable
from policy.intake.conversation import MessageRole
from tests.connections.helpdesks.mailbox.mailboxes import DESK, Heard, Post, mail
from tests.connections.imap_server import DROP


def test_nothing_is_there(heard: Heard) -> None:
    reading = heard.read()
    assert (reading.tickets, reading.more, reading.total) == ((), False, None)


def test_each_mail_is_told_once(post: Post, heard: Heard) -> None:
    for number in range(7):
        post.comes(mail(f"Text {number}."))
    heard.read(limit=3)
    assert heard.told == 7
    heard.read()
    assert heard.told == 7, "n:* names the newest, though it is read"
    post.comes(mail("New."))
    heard.until(8)
    assert heard.told == 8


def test_numbers_with_gaps(post: Post, heard: Heard) -> None:
    for number in range(6):
        post.comes(mail(f"Text {number}."))
    post.imap.select_folder("INBOX")
    gone = post.imap.search("ALL")[1:4]
    post.imap.delete_messages(gone)
    post.imap.uid_expunge(gone)
    heard.read(limit=2)
    assert heard.told == 3


def test_a_folder_made_anew_is_read_anew_without_doubling(post: Post, heard: Heard) -> None:
    for number in range(3):
        post.comes(mail(f"Text {number}."))
    post.comes(mail("Without a name.", Message_ID=None))
    heard.read()
    before = {ticket: dict(messages) for ticket, messages in heard.messages.items()}
    post.is_made_anew()
    post.comes(mail("After it was made anew."))
    heard.until(4 + 5)
    assert heard.told == 4 + 5
    assert len(heard.messages) == 5
    for ticket, messages in before.items():
        assert heard.messages[ticket].keys() == messages.keys()


def test_the_first_reading_says_how_many_tickets_there_are(post: Post, heard: Heard) -> None:
    for number in range(5):
        post.comes(mail(f"Text {number}."))
    post.comes(mail("Again.", In_Reply_To="<question-1@acme.example>"))
    assert heard.desk.changes(START, 2).total == 5
    assert heard.read(2).total is None


def test_what_they_wrote_and_what_we_wrote_comes_in_the_order_of_time(
    post: Post, heard: Heard
) -> None:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    for number in range(4):
        post.comes(mail("Why?", Message_ID=f"<a{number}@x.example>"), at=at)
        ours = mail(
            "So.",
            From=DESK,
            To="ida@acme.example",
            Message_ID=f"<b{number}@x.example>",
            In_Reply_To=f"<a{number}@x.example>",
        )
        post.comes(ours, "Sent", at + timedelta(minutes=1))
        at += timedelta(hours=1)
    reading = heard.desk.changes(START, 2)
    (ticket,) = reading.tickets
    assert [each.text for each in ticket.messages] == ["Why?", "So."]
    heard.read(3)
    assert all(len(messages) == 2 for messages in heard.messages.values())


def test_only_mail_since_a_day(post: Post) -> None:
    post.comes(mail("Old."), at=datetime(2025, 3, 2, tzinfo=UTC))
    post.comes(mail("New."), at=datetime(2026, 3, 2, tzinfo=UTC))
    desk = post.desk(since="2026-01-01")
    heard = Heard(desk)
    heard.read()
    desk.close()
    assert [heard.texts(ticket) for ticket in heard.messages] == [["New."]]


def test_when_it_came_is_when_our_server_took_it(post: Post, heard: Heard) -> None:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    received = "from mx.acme.example by mail.example.com; Mon, 2 Mar 2026 10:30:00 +0100"
    years_ago = "Fri, 1 Jan 1999 00:00:00 +0000"
    post.comes(mail("One.", Received=received, Date=years_ago), at=at + timedelta(hours=3))
    post.comes(mail("Two.", Date="Mon, 2 Mar 2026 03:00:00 -0600"), at=at + timedelta(hours=1))
    post.comes(mail("Three.", Date="Tue, 5 Mar 2030 10:00:00 +0000"), at=at)
    heard.read()
    times = {each.text: each.at for told in heard.messages.values() for each in told.values()}
    assert times == {"One.": at + timedelta(minutes=30), "Two.": at, "Three.": at}


def test_a_reply_finds_its_thread_when_the_mails_before_it_were_put_away(
    post: Post, heard: Heard
) -> None:
    post.comes(mail("First.", Message_ID="<first@acme.example>", Subject="Down"))
    heard.read()
    post.imap.create_folder("Archive")
    post.imap.select_folder("INBOX")
    everything = post.imap.search("ALL")
    post.imap.copy(everything, "Archive") if post.server is None else None
    post.imap.delete_messages(everything)
    post.imap.uid_expunge(everything)
    again = post.desk()
    later = Heard(again, cursor=heard.cursor)
    reply = mail(
        "Second.",
        Subject="Re: Down",
        In_Reply_To="<ours@example.com>",
        References="<first@acme.example> <ours@example.com>",
    )
    post.comes(reply)
    later.read()
    again.close()
    assert later.texts("first@acme.example") == ["Second."]


def test_our_sent_mail_alone_makes_no_ticket(post: Post, heard: Heard) -> None:
    post.comes(mail("To a seller.", From=DESK, To="sales@shop.example"), "Sent")
    heard.read()
    assert heard.messages == {}


def test_our_answer_in_a_thread_whose_mails_are_gone_makes_no_new_ticket(
    post: Post, heard: Heard
) -> None:
    ours = mail("Answered.", From=DESK, To="ida@acme.example", References="<gone@acme.example>")
    post.comes(ours, "Sent")
    heard.read()
    assert heard.records == {"gone@acme.example": {"id": "gone@acme.example"}}
    assert [each.role for each in heard.messages["gone@acme.example"].values()] == [MessageRole.US]


def test_drafts_are_nobodys_word(post: Post, heard: Heard) -> None:
    post.imap.append("INBOX", mail("Not yet."), flags=("\\Draft",))
    heard.read()
    assert heard.messages == {}


def test_a_conversation_is_read_whole(post: Post, heard: Heard) -> None:
    post.comes(mail("One.", Message_ID="<one@acme.example>"))
    post.comes(mail("Two.", Message_ID="<two@acme.example>", In_Reply_To="<one@acme.example>"))
    post.comes(mail("Three.", Message_ID="<three@acme.example>", In_Reply_To="<two@acme.example>"))
    post.comes(mail("Of another."))
    heard.read()
    fresh = post.desk()
    assert [each.text for each in fresh.conversation("one@acme.example")] == [
        "One.",
        "Two.",
        "Three.",
    ]
    fresh.close()


def test_a_mail_without_a_name_is_found_again(post: Post, heard: Heard) -> None:
    post.comes(mail("Nameless.", Message_ID=None))
    heard.read()
    (ticket,) = heard.messages
    fresh = post.desk()
    assert [each.text for each in fresh.conversation(ticket)] == ["Nameless."]
    fresh.close()


def test_files_can_be_had_wherever_the_mail_lies_by_now(post: Post, heard: Heard) -> None:
    content = "--B\nContent-Type: text/plain\n\nSee.\n--B\nContent-Type: image/png;"
    content += ' name="p.png"\nContent-Transfer-Encoding: base64\n\nAAECAw==\n--B--'
    post.comes(mail(content, Content_Type='multipart/mixed; boundary="B"'))
    heard.read()
    (messages,) = heard.messages.values()
    ((file,),) = [each.attachments for each in messages.values()]
    assert (file.name, file.media_type, file.size) == ("p.png", "image/png", 4)
    assert heard.desk.attachment(file.reference) == b"\0\1\2\3"
    post.is_made_anew()
    assert heard.desk.attachment(file.reference) == b"\0\1\2\3"
    post.imap.select_folder("INBOX")
    everything = post.imap.search("ALL")
    post.imap.delete_messages(everything)
    post.imap.uid_expunge(everything)
    with pytest.raises(Unreachable, match="not there any more"):
        heard.desk.attachment(file.reference)
    with pytest.raises(Unreachable, match="reference of an attachment"):
        heard.desk.attachment("nonsense")


def test_the_server_tells_of_a_new_mail_by_itself(post: Post, heard: Heard) -> None:
    reading = heard.read()
    assert reading.pause == timedelta(seconds=1)
    before = len(post.server.said) if post.server else 0
    assert heard.desk.changes(heard.cursor, 10).tickets == ()
    if post.server is not None:
        assert len(post.server.said) == before, "it was asked nothing"
    post.comes(mail("New."))
    heard.until(1)


@pytest.mark.parametrize("post", ["in-process"], indirect=True)
class TestAServerThatDoesNotBehave:
    """Only the in-process one can be told how not to behave."""

    def test_without_idle_it_is_asked_every_few_seconds(self, post: Post) -> None:
        assert post.server
        post.server.can_idle = False
        desk = post.desk()
        assert desk.changes(START, 10).pause == timedelta(seconds=5)
        desk.close()

    def test_one_that_was_started_again_is_asked_again(self, post: Post, heard: Heard) -> None:
        assert post.server
        post.comes(mail("One."))
        heard.read()
        post.server.hang_up()
        post.server.inbox.add(mail("Two."))
        heard.until(2)

    def test_one_that_hangs_up_in_the_middle_is_no_answer_and_loses_nothing(
        self, post: Post, heard: Heard
    ) -> None:
        assert post.server
        for number in range(4):
            post.comes(mail(f"Text {number}."))
        post.server.answers["UID FETCH"] = DROP
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1:\d+ closed the connection"):
            heard.read()
        post.server.answers.clear()
        heard.read()
        assert heard.told == 4

    @pytest.mark.parametrize("command", ["EXAMINE", "UID SEARCH", "UID FETCH", "LIST"])
    @pytest.mark.parametrize("said", ["NO [LIMIT] later", "BAD what", "OK"])
    def test_whatever_it_says_it_is_one_line_or_nothing_new(
        self, post: Post, heard: Heard, command: str, said: str
    ) -> None:
        assert post.server
        post.comes(mail("One."))
        post.server.answers[command] = said
        with suppress(Unreachable), one_line_at_most():
            heard.read()
        post.server.answers.clear()
        heard.until(1)


@contextmanager
def one_line_at_most() -> Iterator[None]:
    """Let nothing else be raised, and that in one line."""
    try:
        yield
    except Unreachable as unreachable:
        if "\n" in unreachable.why or not unreachable.why:
            raise AssertionError(unreachable.why) from None
        raise
