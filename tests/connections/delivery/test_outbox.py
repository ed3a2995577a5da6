"""Notices that are due go out through real servers, which do not always behave, each one once."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from connections.delivery.chat_way import ChatWay
from connections.delivery.mail import MailSettings
from connections.delivery.mail_way import MailWay
from connections.delivery.outbox import Delivered, Outbox, outbox_of
from connections.delivery.receipts import Receipts
from connections.delivery.retries import NOTICES
from connections.delivery.webhook import WebhookSettings
from connections.delivery.webhook_way import WebhookWay
from policy.refusal import Refusal
from policy.words import NoticeState, NoticeWay
from store.desk import Desk
from tests.connections.mail_server import DROP, STALL, Behaviour, MailServer, unflowed
from tests.connections.waiting import SetClock, fill, queued, states, waiting
from tests.connections.web_server import Answer, Asked, WebServer

OPEN_AFTER = 11
SHORTLY = 2.0
"""Seconds in which a loaded machine takes every step but the one that is never answered."""


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    with closing(Desk.open(str(tmp_path / "desk.db"), actor="mo", clock=clock)) as desk:
        yield desk


def mail_to(server: MailServer, **more: object) -> MailSettings:
    table: dict[str, object] = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "sender_address": "support@example.com",
        "sender_name": "Example support",
        "timeout": 5,
    }
    return MailSettings.model_validate(table | more)


def by(*settings: MailSettings | WebhookSettings) -> Outbox:
    """Return what sends as these settings say, the first way preferred."""
    return Outbox(
        tuple(
            MailWay(each) if isinstance(each, MailSettings) else WebhookWay(each)
            for each in settings
        )
    )


def deliver_all(desk: Desk, post: Outbox, worker: str = "one") -> list[Delivered]:
    """Deliver what is due by now, as one pass of a loop does."""
    with post:
        return list(iter(lambda: post.send_next(desk.waits, worker), None))


def recipients(server: MailServer) -> list[str]:
    return sorted(taken.recipient for taken in server.taken)


class TestOnTheWay:
    def test_a_notice_goes_out_after_ten_seconds_and_stands_in_the_history(
        self, desk: Desk, clock: SetClock
    ) -> None:
        fill(desk, 1, message_id="<the-customers-own@customer.example>")
        (notice,) = queued(desk)
        with MailServer() as server:
            post = by(mail_to(server))
            assert deliver_all(desk, post) == []
            clock.pass_by(seconds=OPEN_AFTER)
            (delivered,) = deliver_all(desk, post)
        assert delivered.notice.state is NoticeState.SENT
        (taken,) = server.taken
        mail = taken.message
        assert mail["To"] == "Person 1 <person1@customer.example>"
        assert mail["From"] == "Example support <support@example.com>"
        assert mail["Message-ID"] == notice.message_id
        assert mail["In-Reply-To"] == mail["References"] == "<the-customers-own@customer.example>"
        assert mail["Subject"] == notice.subject
        assert unflowed(mail.get_content()).splitlines() == notice.body.rstrip().splitlines()
        assert [event.kind for event in desk.tickets.history(1)][-2:] == [
            "wait_promised",
            "wait_told",
        ]
        assert desk.waits.read().drafts == ()

    def test_a_reply_that_comes_first_cancels_it(self, desk: Desk, clock: SetClock) -> None:
        fill(desk, 2)
        queued(desk)
        desk.tickets.reply(1)
        clock.pass_by(seconds=OPEN_AFTER)
        with MailServer() as server:
            deliver_all(desk, by(mail_to(server)))
        assert recipients(server) == ["person2@customer.example"]
        assert states(desk) == ["cancelled", "sent"]

    def test_taken_back_within_the_ten_seconds_it_never_goes_out(
        self, desk: Desk, clock: SetClock
    ) -> None:
        fill(desk, 2)
        notices = queued(desk)
        clock.pass_by(seconds=5)
        assert len(desk.waits.take_back([notices[0].id])) == 1
        clock.pass_by(seconds=OPEN_AFTER)
        with MailServer() as server:
            deliver_all(desk, by(mail_to(server)))
        assert recipients(server) == ["person2@customer.example"]
        assert desk.waits.take_back([notices[1].id]) == ()
        assert states(desk) == ["taken_back", "sent"]

    def test_many_go_over_one_connection(self, desk: Desk, clock: SetClock) -> None:
        fill(desk, 30)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        with MailServer() as server:
            assert len(deliver_all(desk, by(mail_to(server)))) == 30
            assert server.connections == 1
        assert len(set(recipients(server))) == 30

    def test_two_who_send_all_at_once_queue_each_once(self, desk: Desk, clock: SetClock) -> None:
        fill(desk, 5)
        drafts = desk.waits.read().drafts
        assert len(desk.waits.send(drafts, domain="a.example")) == 5
        assert desk.waits.send(drafts, domain="a.example") == ()
        clock.pass_by(seconds=OPEN_AFTER)
        with MailServer() as server:
            deliver_all(desk, by(mail_to(server)))
        assert recipients(server) == [f"person{number}@customer.example" for number in range(1, 6)]


class TestWays:
    def test_without_an_address_it_goes_to_the_chat_tool(self, desk: Desk, clock: SetClock) -> None:
        fill(desk, 1, requester_email=None)
        (notice,) = queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        with WebServer(lambda _: Answer()) as chat, MailServer() as server:
            post = by(mail_to(server), hook(chat))
            (delivered,) = deliver_all(desk, post)
        assert delivered.notice.state is NoticeState.SENT
        (asked,) = chat.asked
        assert asked.headers["Idempotency-Key"] == notice.message_id
        assert b"For Person 1, Customer 1" in asked.body
        assert server.taken == []

    def test_without_an_address_and_a_chat_tool_it_is_left_to_people(
        self, desk: Desk, clock: SetClock
    ) -> None:
        fill(desk, 1, requester_email=None)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        with MailServer() as server:
            (delivered,) = deliver_all(desk, by(mail_to(server)))
        assert delivered.notice.state is NoticeState.UNDELIVERABLE
        assert delivered.notice.outcome == "no address of Person 1 is known; tell them by hand"
        assert len(desk.waits.read().drafts) == 1, "they have not been told"

    def test_a_chat_tool_that_is_asked_for_gets_what_has_an_address_too(
        self, desk: Desk, clock: SetClock
    ) -> None:
        fill(desk, 1)
        queued(desk, NoticeWay.WEBHOOK)
        clock.pass_by(seconds=OPEN_AFTER)
        with WebServer(lambda _: Answer()) as chat, MailServer() as server:
            deliver_all(desk, by(mail_to(server), hook(chat)))
        assert (len(chat.asked), len(server.taken)) == (1, 0)

    def test_what_was_sent_by_hand_never_goes_out(self, desk: Desk, clock: SetClock) -> None:
        fill(desk, 1)
        queued(desk, NoticeWay.BY_HAND)
        clock.pass_by(seconds=OPEN_AFTER)
        with MailServer() as server:
            assert deliver_all(desk, by(mail_to(server))) == []
        assert states(desk) == ["sent"]

    def test_no_way_set_up(self, desk: Desk, clock: SetClock) -> None:
        fill(desk, 1)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        (delivered,) = deliver_all(desk, Outbox())
        assert delivered.notice.outcome.startswith("no way to send is set up")

    def test_a_chat_tool_that_is_busy_is_asked_again_when_it_likes(
        self, desk: Desk, clock: SetClock
    ) -> None:
        answers = [Answer(429, headers={"Retry-After": "90"}), Answer()]

        def answer(_: Asked) -> Answer:
            return answers.pop(0)

        fill(desk, 1, requester_email=None)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        with WebServer(answer) as chat:
            (delivered,) = deliver_all(desk, by(hook(chat)))
            assert delivered.notice.next_attempt_at == clock.at + timedelta(seconds=90)
            clock.pass_by(seconds=90)
            deliver_all(desk, by(hook(chat)))
        assert states(desk) == ["sent"]


class TestServersThatDoNotBehave:
    def test_one_that_refuses_for_now_is_asked_again_with_longer_rests(
        self, desk: Desk, clock: SetClock
    ) -> None:
        fill(desk, 1)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        behaviour = Behaviour({"RCPT": "451 later"})
        with MailServer(behaviour=behaviour) as server:
            post = by(mail_to(server))
            rests = []
            for _ in range(NOTICES.attempts):
                (delivered,) = deliver_all(desk, post)
                rests.append((delivered.notice.next_attempt_at - clock.at).total_seconds())
                clock.at = max(clock.at, delivered.notice.next_attempt_at)
            assert rests[:4] == [30, 60, 120, 240]
            assert delivered.notice.state is NoticeState.UNDELIVERABLE
            assert '451 "later"' in delivered.notice.outcome
            clock.pass_by(minutes=60)
            assert deliver_all(desk, post) == [], "a dead letter waits for a person"
            behaviour.answers.clear()
            assert len(desk.waits.retry([delivered.notice.id])) == 1
            deliver_all(desk, post)
        assert recipients(server) == ["person1@customer.example"]
        assert states(desk) == ["sent"]

    def test_one_recipient_is_refused_and_the_others_get_theirs(
        self, desk: Desk, clock: SetClock
    ) -> None:
        fill(desk, 3)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        behaviour = Behaviour({"RCPT person2@customer.example": "550 nobody of that name"})
        with MailServer(behaviour=behaviour) as server:
            deliver_all(desk, by(mail_to(server)))
        assert recipients(server) == ["person1@customer.example", "person3@customer.example"]
        assert states(desk) == ["sent", "undeliverable", "sent"]
        kinds = [event.kind for event in desk.tickets.history(2)]
        assert kinds[-1] == "wait_undeliverable"

    def test_an_address_that_nobody_has_is_told_as_such_until_it_changes(
        self, desk: Desk, clock: SetClock
    ) -> None:
        fill(desk, 2)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        behaviour = Behaviour(
            {
                "RCPT person1@customer.example": "550 5.1.1 nobody of that name",
                "RCPT person2@customer.example": "554 5.7.1 relay access denied",
            }
        )
        with MailServer(behaviour=behaviour) as server:
            first, _ = deliver_all(desk, by(mail_to(server)))
        assert first.notice.outcome.startswith("cannot be reached at person1@customer.example: ")
        waits = desk.waits.read()
        assert [each.customer for each in waits.unreachable] == ["Customer 1"]
        assert [each.customer for each in waits.drafts] == ["Customer 2"], "it may be told yet"
        desk.transfer.take_in([waiting(1, requester_email="ada@customer.example")])
        waits = desk.waits.read()
        assert waits.unreachable == ()
        assert [each.customer for each in waits.drafts] == ["Customer 1", "Customer 2"]

    def test_dropped_in_mid_data_it_is_neither_lost_nor_sent_twice(
        self, desk: Desk, clock: SetClock
    ) -> None:
        fill(desk, 1)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        behaviour = Behaviour({"DATA": DROP})
        with MailServer(behaviour=behaviour) as server:
            post = by(mail_to(server))
            (delivered,) = deliver_all(desk, post)
            # Whether all of it was out when the connection was lost is the network's to decide.
            assert delivered.notice.state in (NoticeState.QUEUED, NoticeState.IN_DOUBT)
            assert server.taken == []
            assert desk.waits.read().drafts == ()
            behaviour.answers.clear()
            desk.waits.retry([delivered.notice.id])
            clock.pass_by(minutes=1)
            deliver_all(desk, post)
        assert recipients(server) == ["person1@customer.example"]

    @pytest.mark.parametrize("end", [DROP, STALL])
    def test_no_answer_to_the_whole_message_is_left_to_a_person(
        self, desk: Desk, clock: SetClock, end: str
    ) -> None:
        fill(desk, 2)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        behaviour = Behaviour({"END": end})
        with MailServer(behaviour=behaviour) as server:
            post = by(mail_to(server, timeout=SHORTLY))
            first, second = deliver_all(desk, post)
            assert first.notice.state is second.notice.state is NoticeState.IN_DOUBT
            assert "may have taken it" in first.notice.outcome
            assert first.notice.message_id in first.notice.outcome
            clock.pass_by(minutes=5)
            behaviour.answers.clear()
            assert deliver_all(desk, post) == [], "never twice by itself"
            assert desk.waits.read().drafts == (), "nor drafted again"
            assert recipients(server) == ["person1@customer.example", "person2@customer.example"]
            assert len(desk.waits.retry([first.notice.id])) == 1
            deliver_all(desk, post)
        copies = [taken for taken in server.taken if "person1" in taken.recipient]
        assert {copy.message["Message-ID"] for copy in copies} == {first.notice.message_id}
        assert states(desk) == ["sent", "in_doubt"]

    def test_one_that_is_not_there_makes_nobody_wait_and_loses_nothing(
        self, desk: Desk, clock: SetClock
    ) -> None:
        fill(desk, 20)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        with MailServer() as server:
            settings = mail_to(server)
        delivered = deliver_all(desk, by(settings))
        assert {each.notice.state for each in delivered} == {NoticeState.QUEUED}
        assert "nothing was sent" in delivered[0].notice.outcome
        clock.pass_by(seconds=30)
        with MailServer() as server:
            deliver_all(desk, by(mail_to(server)))
        assert len(recipients(server)) == len(set(recipients(server))) == 20

    def test_without_tls_that_is_required_nothing_is_said(
        self, desk: Desk, clock: SetClock
    ) -> None:
        fill(desk, 1)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        with MailServer() as server:
            settings = mail_to(server, security="starttls", username="support")
            password = SecretStr("never to be seen")
            (delivered,) = deliver_all(desk, Outbox((MailWay(settings, password),)))
        assert delivered.notice.state is NoticeState.QUEUED
        assert "nothing was sent" in delivered.notice.outcome
        assert "never to be seen" not in delivered.notice.outcome
        assert server.taken == []


class TestInterruptions:
    def test_claimed_and_never_ended_it_is_due_again_after_the_lease(
        self, desk: Desk, clock: SetClock
    ) -> None:
        fill(desk, 1)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        with MailServer() as server:
            post = by(mail_to(server))
            assert desk.waits.claim("gone", post.lease) is not None
            assert deliver_all(desk, post) == [], "somebody else has it"
            clock.at += post.lease
            (delivered,) = deliver_all(desk, post)
        assert delivered.notice.attempts == 2
        assert recipients(server) == ["person1@customer.example"]

    def test_taken_and_not_recorded_it_is_recorded_and_not_sent_again(
        self, desk: Desk, clock: SetClock, tmp_path: Path
    ) -> None:
        fill(desk, 1)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        receipts = Receipts(tmp_path / "taken")
        with MailServer() as server:
            post = Outbox((MailWay(mail_to(server)),), receipts)
            claimed = desk.waits.claim("killed just then", post.lease)
            assert claimed is not None
            receipts.keep(claimed.message_id)
            clock.at += post.lease
            assert deliver_all(desk, post) == []
        assert server.taken == []
        assert states(desk) == ["sent"]
        assert receipts.kept() == []

    def test_who_comes_back_after_the_lease_does_not_undo_what_another_did(
        self, desk: Desk, clock: SetClock
    ) -> None:
        fill(desk, 1)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        slow = desk.waits.claim("slow", timedelta(minutes=2))
        assert slow is not None
        clock.pass_by(minutes=2)
        with MailServer() as server:
            deliver_all(desk, by(mail_to(server)), "another")
        told = desk.waits.record(slow, NoticeState.QUEUED, "no connection", clock.at)
        assert told.state is NoticeState.SENT
        assert states(desk) == ["sent"]

    def test_one_that_stops_everybody_who_sends_it_is_given_up(
        self, desk: Desk, clock: SetClock
    ) -> None:
        fill(desk, 1)
        queued(desk)
        clock.pass_by(seconds=OPEN_AFTER)
        for _ in range(NOTICES.attempts):
            assert desk.waits.claim("stopped", timedelta(minutes=2)) is not None
            clock.pass_by(minutes=2)
        (delivered,) = deliver_all(desk, Outbox())
        assert delivered.notice.state is NoticeState.UNDELIVERABLE
        assert delivered.delivery is None

    def test_receipts_of_others_are_let_be(self, desk: Desk, tmp_path: Path) -> None:
        receipts = Receipts(tmp_path / "taken")
        receipts.keep("<of-another-database@example.com>")
        Outbox(receipts=receipts).settle(desk.waits)
        assert receipts.kept() == ["<of-another-database@example.com>"]

    def test_a_folder_that_cannot_be_written_is_no_error(self, tmp_path: Path) -> None:
        (tmp_path / "taken").write_text("a file is in the way")
        receipts = Receipts(tmp_path / "taken")
        receipts.keep("<one@example.com>")
        receipts.drop("<one@example.com>")
        assert receipts.kept() == []

    def test_the_lease_outlasts_the_longest_attempt(self) -> None:
        with MailServer() as server:
            settings = mail_to(server, timeout=30)
        assert by(settings).lease > settings.longest_attempt
        assert Outbox().lease > timedelta(0)

    def test_of_dead_letters_to_one_requester_only_one_goes_out_again(
        self, desk: Desk, clock: SetClock
    ) -> None:
        fill(desk, 1)
        ids = []
        for _ in range(2):
            queued(desk)
            clock.pass_by(seconds=OPEN_AFTER)
            (delivered,) = deliver_all(desk, Outbox())
            ids.append(delivered.notice.id)
        assert states(desk) == ["undeliverable", "undeliverable"]
        assert [each.id for each in desk.waits.retry(ids)] == ids[:1]


def test_several_who_deliver_at_once_send_each_notice_once(tmp_path: Path) -> None:
    """Interleaved one by one, as the transactions of two loops and a board are."""
    clock = SetClock()
    with ExitStack() as open_desks, MailServer() as server:
        desks = [
            open_desks.enter_context(
                closing(Desk.open(str(tmp_path / "desk.db"), actor="mo", clock=clock))
            )
            for _ in range(3)
        ]
        fill(desks[0], 24)
        drafts = [desk.waits.read().drafts for desk in desks]
        sent = [
            len(d.waits.send(each, domain="a.example"))
            for d, each in zip(desks, drafts, strict=True)
        ]
        assert sent == [24, 0, 0]
        clock.pass_by(seconds=OPEN_AFTER)
        posts = [open_desks.enter_context(by(mail_to(server))) for _ in desks]
        for _ in range(8):
            for number, (desk, post) in enumerate(zip(desks, posts, strict=True)):
                assert post.send_next(desk.waits, f"worker {number}") is not None
    assert len(recipients(server)) == len(set(recipients(server))) == 24


class TestSettings:
    def test_both_ways(self, tmp_path: Path) -> None:
        config = {
            "mail": {
                "host": "mail.example.com",
                "username": "support",
                "sender_address": "support@example.com",
                "sender_name": "Support",
            },
            "webhook": {"address": "https://chat.example.com/hooks/secret"},
        }
        post = outbox_of(config, "c.toml", tmp_path, {"NUMBERONE_SMTP_PASSWORD": "s3cret"})
        assert post.is_set_up
        assert [way.way for way in post.ways] == ["mail", "webhook"]
        assert post.domain == "example.com"
        assert "s3cret" not in repr(post)
        assert "hooks/secret" not in repr(post)

    def test_addresses_that_are_kept_apart(self) -> None:
        environment = {
            "NUMBERONE_CHAT_ADDRESS": "json://127.0.0.1:9/hooks/secret",
            "NUMBERONE_WEBHOOK_ADDRESS": "https://chat.example.com/hooks/secret",
        }
        config: dict[str, dict[str, object]] = {"webhook": {}, "chat": {}}
        post = outbox_of(config, "c.toml", environment=environment)
        assert [type(way) for way in post.ways] == [ChatWay, WebhookWay]
        assert "hooks/secret" not in repr(post)
        assert outbox_of(config, "c.toml", environment=None).domain == "numberone.invalid"
        for missing in config:
            with pytest.raises(Refusal, match=f"no address for .*{missing}"):
                outbox_of({missing: {}}, "c.toml", environment={})

    def test_neither(self) -> None:
        post = outbox_of({}, "c.toml")
        assert not post.is_set_up
        assert post.domain == "numberone.invalid"

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ({"mail": {"host": 5}}, "c.toml: [mail]: host: expected "),
            ({"mail": {"password": "x"}}, "c.toml: [mail]: password: expected in NUMBERONE_SMTP_"),
            ({"webhook": {"address": "ftp://x"}}, "c.toml: [webhook]: address: expected "),
        ],
    )
    def test_a_wrong_value_is_named(self, config: dict[str, dict[str, object]], said: str) -> None:
        with pytest.raises(Refusal) as refused:
            outbox_of(config, "c.toml")
        assert refused.value.reason.startswith(said)
        assert "\n" not in refused.value.reason


def hook(chat: WebServer) -> WebhookSettings:
    return WebhookSettings.model_validate({"address": f"{chat.address}/hooks/secret"})
