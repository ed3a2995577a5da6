"""How an answer goes out: in its thread, to whom it is for, and once."""

from datetime import UTC, datetime, timedelta

import pytest

from connections.attempts import DeliveryOutcome
from connections.helpdesks.help_desk import HelpDesk, StepKind, Unreachable
from connections.helpdesks.mail_threads import reference_of
from policy.intake.conversation import MessageRole
from tests.connections.helpdesks.mailbox.mailboxes import DESK, Heard, Post, answer, mail
from tests.connections.mail_server import DROP, Behaviour

SENT, UNKNOWN = DeliveryOutcome.SENT, DeliveryOutcome.UNKNOWN
TEMPORARY, NEVER = DeliveryOutcome.TEMPORARY, DeliveryOutcome.PERMANENT
TICKET = "first@acme.example"


@pytest.fixture
def asked(post: Post, heard: Heard) -> HelpDesk:
    """Give the desk of a mailbox with one question of Ida's, with a copy to Bo."""
    post.comes(
        mail(
            "Why?",
            Subject="Down again",
            Message_ID=f"<{TICKET}>",
            Cc="Bo <bo@acme.example>, help@example.com, noreply@acme.example",
        )
    )
    heard.read()
    return heard.desk


def test_it_lands_in_the_customers_thread(post: Post, heard: Heard, asked: HelpDesk) -> None:
    post.comes(
        mail(
            "Also.",
            Subject="Re: Down again",
            Message_ID="<2@acme.example>",
            In_Reply_To=f"<{TICKET}>",
            Cc="Bo <bo@acme.example>",
        )
    )
    step = answer(TICKET, "Grüße,\n.\nLuz", made_at=datetime(2026, 3, 2, 9, 0, 7, tzinfo=UTC))
    delivery = asked.write(step)
    assert delivery.outcome is SENT
    (sent,) = post.smtp.taken
    message = sent.message
    assert message["In-Reply-To"] == "<2@acme.example>"
    assert message["References"].split() == [f"<{TICKET}>", "<2@acme.example>"]
    assert message["Subject"] == "Re: Down again"
    assert message["From"].addresses[0].display_name == "Luz Ortega (Example Support)"
    assert message["From"].addresses[0].addr_spec == DESK
    assert message["To"].addresses[0].addr_spec == "ida@acme.example"
    assert sent.recipient == "ida@acme.example,bo@acme.example"
    assert message["Date"].datetime == datetime(2026, 3, 2, 9, 0, 7, tzinfo=UTC)
    assert message["Auto-Submitted"] is None, "a person wrote it"
    assert message.get_content().splitlines() == ["Grüße,", ".", "Luz"]
    heard.until(3)
    assert heard.marks == {step.mark}
    (ours,) = [each for each in heard.messages[TICKET].values() if each.role is MessageRole.US]
    assert (ours.mark, ours.text, ours.public) == (step.mark, "Grüße,\n.\nLuz", True)
    assert ours.at == step.made_at


def test_nobody_gets_a_copy_who_takes_no_answers_nor_we_ourselves(
    post: Post, asked: HelpDesk
) -> None:
    assert asked.write(answer(TICKET)).outcome is SENT
    assert post.smtp.taken[0].recipient == "ida@acme.example,bo@acme.example"


def test_it_is_sent_once_however_often_it_is_tried(post: Post, asked: HelpDesk) -> None:
    step = answer(TICKET)
    assert asked.find(step) is False
    assert asked.write(step).outcome is SENT
    assert asked.find(step) is True
    again = post.desk()
    assert again.find(step) is True
    delivery = again.write(step)
    again.close()
    assert (delivery.outcome, delivery.why) == (SENT, "was sent; its copy is in Sent")
    assert len(post.smtp.taken) == 1
    ((message_id, flags),) = post.in_sent()
    assert message_id == post.smtp.taken[0].message["Message-ID"]
    assert flags == {b"\\Seen"}


def test_where_nobody_knows_whether_it_went_out_it_is_not_sent_again(
    post: Post, heard: Heard, asked: HelpDesk
) -> None:
    post.smtp.behaviour = Behaviour(answers={"END": DROP})
    step = answer(TICKET)
    assert asked.write(step).outcome is UNKNOWN
    assert asked.find(step) is None
    post.smtp.behaviour = Behaviour()
    delivery = asked.write(step)
    assert delivery.outcome is UNKNOWN
    assert "whether it went out is not known" in delivery.why
    assert len(post.smtp.taken) == 1
    ((message_id, flags),) = post.in_sent()
    assert flags == {b"\\Seen", b"\\Flagged"}
    post.comes(mail("Thank you.", In_Reply_To=message_id, Subject="Re: Down again"))
    heard.until(2)
    assert heard.marks == set(), "a copy in doubt is nobody's word"
    assert asked.find(step) is True, "who answers it has it"
    assert asked.write(step).outcome is SENT
    assert len(post.smtp.taken) == 1


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (Behaviour(answers={"RCPT ida@acme.example": "550 no such user"}), NEVER),
        (Behaviour(answers={"RCPT ida@acme.example": "450 busy"}), TEMPORARY),
        (Behaviour(answers={"END": "554 not this"}), NEVER),
        (Behaviour(answers={"END": "451 later"}), TEMPORARY),
        (Behaviour(answers={"MAIL": "530 log in first"}), DeliveryOutcome.NOT_ATTEMPTED),
    ],
    ids=["nobody", "busy", "never", "later", "login"],
)
def test_what_is_refused_leaves_no_copy_and_may_be_tried_again(
    post: Post, asked: HelpDesk, behaviour: Behaviour, outcome: DeliveryOutcome
) -> None:
    post.smtp.behaviour = behaviour
    step = answer(TICKET)
    delivery = asked.write(step)
    assert delivery.outcome is outcome
    assert post.in_sent() == []
    assert asked.find(step) is False
    post.smtp.behaviour = Behaviour()
    assert asked.write(step).outcome is SENT
    assert len(post.in_sent()) == 1


def test_who_is_refused_a_copy_is_named(post: Post, asked: HelpDesk) -> None:
    post.smtp.behaviour = Behaviour(answers={"RCPT bo@acme.example": "550 no such user"})
    delivery = asked.write(answer(TICKET))
    assert delivery.outcome is SENT
    assert 'not for bo@acme.example: 550 "no such user"' in delivery.why


@pytest.mark.usefixtures("asked")
def test_the_folder_of_sent_mail_is_made_where_there_is_none(post: Post) -> None:
    own = post.desk(sent="Answers")
    lacks = own.account().lacks
    assert lacks == ("there is no folder Answers for copies of answers; the first answer makes it",)
    assert own.write(answer(TICKET)).outcome is SENT
    assert own.account().lacks == ()
    own.close()


@pytest.mark.parametrize("kind", sorted(set(StepKind) - {StepKind.ANSWER}))
def test_what_a_mailbox_has_no_place_for_stays_here(asked: HelpDesk, kind: StepKind) -> None:
    step = answer(TICKET, kind=kind)
    delivery = asked.write(step)
    assert delivery.outcome is SENT
    assert delivery.why.endswith("stays here: a mailbox has no place for it")
    assert asked.find(step) is True


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_an_answer_without_words_is_refused(post: Post, asked: HelpDesk, text: str) -> None:
    assert asked.write(answer(TICKET, text)).outcome is NEVER
    assert post.smtp.taken == []


def test_a_ticket_whose_mails_are_gone_is_answered_by_hand(post: Post, heard: Heard) -> None:
    delivery = heard.desk.write(answer("gone@acme.example"))
    assert delivery.outcome is NEVER
    assert "no mail of this conversation is in the mailbox any more" in delivery.why
    assert post.smtp.taken == []


def test_it_goes_to_where_the_customer_wants_answers(post: Post, heard: Heard) -> None:
    post.comes(mail("Why?", Message_ID=f"<{TICKET}>", Reply_To="Ida at home <ida@home.example>"))
    heard.read()
    assert heard.desk.write(answer(TICKET)).outcome is SENT
    assert post.smtp.taken[0].recipient == "ida@home.example"


def test_it_goes_to_whoever_wrote_last(post: Post, heard: Heard, asked: HelpDesk) -> None:
    post.comes(
        mail(
            "Bo here.",
            From="Bo <bo@acme.example>",
            To=f"{DESK}, ida@acme.example",
            In_Reply_To=f"<{TICKET}>",
        )
    )
    ooo = mail("Away.", In_Reply_To=f"<{TICKET}>", Auto_Submitted="auto-replied")
    post.comes(ooo)
    heard.until(3)
    assert asked.write(answer(TICKET)).outcome is SENT
    assert post.smtp.taken[0].recipient == "bo@acme.example,ida@acme.example"
    named = answer(TICKET, answers=f"<{TICKET}>")
    assert asked.write(named).outcome is SENT
    assert post.smtp.taken[1].recipient == "ida@acme.example,bo@acme.example"


def test_an_answer_to_what_one_of_us_passed_on_goes_to_whoever_wrote_it(
    post: Post, heard: Heard
) -> None:
    passed_on = "---------- Forwarded message ---------\nFrom: Olga <olga@volga.example>\n\nHelp."
    post.comes(
        mail(passed_on, From="Luz <luz@example.com>", Subject="Fwd: Help", Message_ID=f"<{TICKET}>")
    )
    heard.read()
    assert heard.desk.write(answer(TICKET)).outcome is SENT
    assert post.smtp.taken[0].recipient == "olga@volga.example"


def test_a_colleague_who_asks_the_desk_is_answered(post: Post, heard: Heard) -> None:
    post.comes(mail("My screen?", From="Luz <luz@example.com>", Message_ID=f"<{TICKET}>"))
    heard.read()
    assert heard.records[TICKET]["opened_by"] == "us"
    assert heard.desk.write(answer(TICKET)).outcome is SENT
    assert post.smtp.taken[0].recipient == "luz@example.com"


def test_an_answer_finds_its_ticket_by_its_own_name_alone(post: Post, asked: HelpDesk) -> None:
    asked.write(answer(TICKET))
    ours = post.smtp.taken[0].message["Message-ID"]
    for folder in ("INBOX", "Sent"):
        post.imap.select_folder(folder)
        everything = post.imap.search("ALL")
        post.imap.delete_messages(everything)
        post.imap.uid_expunge(everything)
    post.comes(mail("Thanks.", From="bo@acme.example", In_Reply_To=ours))
    fresh = post.desk()
    later = Heard(fresh)
    later.read()
    fresh.close()
    assert later.texts(TICKET) == ["Thanks."]


def test_the_reference_in_a_subject_finds_the_ticket(post: Post, heard: Heard) -> None:
    post.comes(mail("Why?", Subject="Down", Message_ID=f"<{TICKET}>"))
    desk = post.desk(reference_in_subject=True)
    assert desk.write(answer(TICKET)).outcome is SENT
    subject = f"Re: Down [{reference_of(TICKET)}]"
    assert post.smtp.taken[0].message["Subject"] == subject
    post.comes(mail("By phone.", Subject=f"AW: {subject}", From="<ida@phone.example>"))
    post.comes(mail("A guess.", Subject="Re: x [n1-aaaaaaaaaa]", Message_ID="<guess@x.example>"))
    assert desk.write(answer(TICKET)).outcome is SENT
    assert post.smtp.taken[1].message["Subject"] == subject, "once is enough"
    desk.close()
    heard.until(5)
    assert "By phone." in heard.texts(TICKET)
    assert heard.texts("guess@x.example") == ["A guess."]


def test_a_ticket_with_a_very_long_name_is_answered_and_found_again(
    post: Post, heard: Heard
) -> None:
    long = f"{'x' * 400}@{'y' * 300}.example"
    post.comes(mail("Why?", Subject="Down", Message_ID=f"<{long}>"))
    heard.read()
    (ticket,) = heard.messages
    assert len(ticket) <= 190
    step = answer(ticket)
    assert heard.desk.write(step).outcome is SENT
    ours = post.smtp.taken[0].message["Message-ID"]
    assert len(ours) <= 200
    post.comes(mail("So?", In_Reply_To=ours, References=f"<{long}> {ours}"))
    heard.until(3)
    assert heard.texts(ticket)[0] == "Why?"
    assert len(heard.messages) == 1


@pytest.mark.parametrize("post", ["in-process"], indirect=True)
class TestAServerThatDoesNotBehave:
    def test_without_a_place_for_the_copy_nothing_is_sent(
        self, post: Post, asked: HelpDesk
    ) -> None:
        assert post.server
        post.server.answers["APPEND"] = "NO [OVERQUOTA] full"
        with pytest.raises(Unreachable, match="OVERQUOTA"):
            asked.write(answer(TICKET))
        assert post.smtp.taken == []

    def test_it_is_sent_when_the_mark_of_its_copy_stays(self, post: Post, asked: HelpDesk) -> None:
        assert post.server
        post.server.answers["UID STORE"] = "NO not now"
        step = answer(TICKET)
        assert asked.write(step).outcome is SENT
        assert asked.find(step) is None, "then only the answer of the server said so"

    def test_nothing_can_be_written_where_sent_mail_is_kept(
        self, post: Post, asked: HelpDesk
    ) -> None:
        assert post.server
        post.server.sent.read_only = True
        assert asked.account().lacks == (
            f"{post.user} may not write in Sent: no answer can go out",
        )
        with pytest.raises(Unreachable, match="NOPERM"):
            asked.write(answer(TICKET))
        assert post.smtp.taken == []


def test_it_settles_when_no_server_can_still_be_at_it(heard: Heard) -> None:
    assert heard.desk.settles_after > timedelta(seconds=2 * 2 * 5)
