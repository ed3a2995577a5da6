"""A notice is handed to a real mail server, which does not always behave."""

import logging
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from pydantic import SecretStr

from connections.attempts import Delivery, DeliveryOutcome
from connections.delivery.mail import Letter, MailSettings, mail_settings, message
from connections.delivery.smtp import MailSession, send
from tests.connections.certificates import Authority
from tests.connections.mail_server import DROP, STALL, Behaviour, MailServer

pytestmark = pytest.mark.filterwarnings(
    # The tests' server says so of itself; on this machine alone it is meant.
    "ignore:Requiring AUTH while not requiring TLS can lead to security vulnerabilities:UserWarning"
)

HOST = "127.0.0.1"
PASSWORD = SecretStr("correct horse, bättery")
USERS = {"support": PASSWORD.get_secret_value()}
SHORTLY = 2.0
"""Seconds in which a loaded machine takes every step but the one that is never answered."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


def settings(server: MailServer, **more: object) -> MailSettings:
    table: dict[str, object] = {
        "host": HOST,
        "port": server.port,
        "security": "none",
        "sender_address": "support@example.com",
        "sender_name": "Example support",
        "timeout": 5,
    }
    return mail_settings(table | more, "[mail]")


def notice(
    number: int = 1, to: str = "ada@customer.example", body: str = "We are few.\n"
) -> EmailMessage:
    sender = {"sender_address": "support@example.com", "sender_name": "Example support"}
    letter = Letter(
        message_id=f"<notice-{number}@example.com>",
        to_address=to,
        to_name="Ada",
        subject="When we can help you",
        body=body,
        written_at=datetime(2026, 3, 6, 22, tzinfo=UTC),
    )
    return message(mail_settings({"host": "localhost", **sender}, "[mail]"), letter)


def misbehaving(answers: dict[str, str]) -> MailServer:
    return MailServer(behaviour=Behaviour(answers))


def sent_to(server: MailServer, *notices: EmailMessage, **more: object) -> list[Delivery]:
    with MailSession(settings(server, **more)) as session:
        return [session.send(each) for each in notices or (notice(),)]


class TestASafeWay:
    def test_starttls_and_login(self, authority: Authority) -> None:
        with MailServer(tls=authority.server_context(HOST), users=USERS) as server:
            safe = settings(
                server, security="starttls", username="support", ca_file=authority.ca_file
            )
            delivery = send(safe, PASSWORD, notice())
        assert delivery == Delivery(
            outcome=DeliveryOutcome.SENT, why=f'{HOST}:{server.port} has taken it: 250 "OK"'
        )
        [taken] = server.taken
        assert taken.over_tls
        assert taken.logged_in_as == "support"
        assert (taken.sender, taken.recipient) == ("support@example.com", "ada@customer.example")
        assert taken.content == notice().as_bytes()

    def test_tls_from_the_start_and_the_older_login(self, authority: Authority) -> None:
        server = MailServer(
            tls=authority.server_context(HOST),
            from_the_start=True,
            users=USERS,
            mechanisms=("LOGIN",),
        )
        with server:
            safe = settings(server, security="tls", username="support", ca_file=authority.ca_file)
            delivery = send(safe, PASSWORD, notice())
        assert delivery.outcome is DeliveryOutcome.SENT
        assert server.taken[0].logged_in_as == "support"

    @pytest.mark.parametrize("from_the_start", [True, False])
    @pytest.mark.parametrize(
        ("hosts", "ends_in", "trusted", "words"),
        [
            (("mail.example.com",), timedelta(days=1), True, "IP address mismatch"),
            ((HOST,), timedelta(days=-1), True, "certificate has expired"),
            ((HOST,), timedelta(days=1), False, "unable to get local issuer certificate"),
        ],
    )
    def test_a_wrong_certificate_is_given_nothing(
        self,
        authority: Authority,
        hosts: tuple[str, ...],
        ends_in: timedelta,
        words: str,
        *,
        from_the_start: bool,
        trusted: bool,
    ) -> None:
        context = authority.server_context(*hosts, ends_in=ends_in)
        with MailServer(tls=context, from_the_start=from_the_start, users=USERS) as server:
            delivery = send(
                settings(
                    server,
                    security="tls" if from_the_start else "starttls",
                    username="support",
                    ca_file=authority.ca_file if trusted else None,
                ),
                PASSWORD,
                notice(),
            )
        assert delivery.outcome is DeliveryOutcome.NOT_ATTEMPTED
        assert f"shows a certificate that is not trusted: {words}" in delivery.why
        assert delivery.why.endswith("; nothing was sent")
        assert server.taken == []

    def test_no_starttls_offered_though_required(self) -> None:
        with MailServer(users=USERS) as server:
            [delivery] = sent_to(server, security="starttls", username="support")
        assert delivery.outcome is DeliveryOutcome.NOT_ATTEMPTED
        assert "offers no STARTTLS, and mail is not to travel in the open" in delivery.why

    def test_a_server_without_tls_where_tls_is_expected(self) -> None:
        with MailServer() as server:
            [delivery] = sent_to(server, security="tls")
        assert delivery.outcome is DeliveryOutcome.NOT_ATTEMPTED
        assert "does not speak TLS as it should" in delivery.why


class TestLoggingIn:
    def test_a_wrong_password_is_said_and_shown_nowhere(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        wrong = SecretStr("Tr0ub4dor&3")
        told = {"AUTH": "535 5.7.8 not your password: PASSWORD"}
        with MailServer(users=USERS, behaviour=Behaviour(told)) as server:
            session = MailSession(settings(server, username="support"), wrong)
            with session:
                delivery = session.send(notice())
        assert delivery.outcome is DeliveryOutcome.NOT_ATTEMPTED
        assert 'does not let support log in: 535 "5.7.8 not your password: …"' in delivery.why
        ours = [each.getMessage() for each in caplog.records if each.name != "mail.log"]
        for text in (str(delivery), repr(session), repr(vars(session)), *ours):
            assert wrong.get_secret_value() not in text

    def test_a_login_without_a_password(self) -> None:
        with MailServer(users=USERS) as server:
            [delivery] = sent_to(server, username="support")
        assert delivery.outcome is DeliveryOutcome.NOT_ATTEMPTED
        assert "wants the password of support, and none is known" in delivery.why

    def test_a_server_that_knows_no_login(self) -> None:
        with MailServer(mechanisms=()) as server:
            delivery = send(settings(server, username="support"), PASSWORD, notice())
        assert delivery.outcome is DeliveryOutcome.NOT_ATTEMPTED
        assert "offers no login by PLAIN or LOGIN" in delivery.why

    def test_a_server_that_wants_a_login_we_do_not_have(self) -> None:
        with MailServer(users=USERS) as server:
            [delivery] = sent_to(server)
        assert delivery.outcome is DeliveryOutcome.NOT_ATTEMPTED
        assert "takes no mail from support@example.com: 530" in delivery.why


class TestRefusals:
    def test_one_recipient_is_refused_and_the_others_get_theirs(self) -> None:
        unknown = {"RCPT gone@customer.example": "550 5.1.1 no such person"}
        notices = [
            notice(1, "ada@customer.example"),
            notice(2, "gone@customer.example"),
            notice(3, "bob@customer.example"),
        ]
        with misbehaving(unknown) as server:
            deliveries = sent_to(server, *notices)
        assert [each.outcome for each in deliveries] == [
            DeliveryOutcome.SENT,
            DeliveryOutcome.PERMANENT,
            DeliveryOutcome.SENT,
        ]
        assert deliveries[1].why == (
            f"{HOST}:{server.port} takes no mail for gone@customer.example:"
            ' 550 "5.1.1 no such person"'
        )
        assert not deliveries[1].may_try_again
        assert [each.recipient for each in server.taken] == [
            "ada@customer.example",
            "bob@customer.example",
        ]
        assert server.connections == 1

    @pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "END"])
    def test_not_now(self, step: str) -> None:
        with misbehaving({step: "451 4.7.1 come back later"}) as server:
            [delivery] = sent_to(server)
        assert delivery.outcome is DeliveryOutcome.TEMPORARY
        assert delivery.may_try_again
        assert 'now: 451 "4.7.1 come back later"' in delivery.why

    @pytest.mark.parametrize(
        ("step", "outcome"),
        [
            ("MAIL", DeliveryOutcome.NOT_ATTEMPTED),
            ("RCPT", DeliveryOutcome.PERMANENT),
            ("END", DeliveryOutcome.PERMANENT),
        ],
    )
    def test_never(self, step: str, outcome: DeliveryOutcome) -> None:
        with misbehaving({step: "554 5.7.1 not from here"}) as server:
            [delivery] = sent_to(server)
        assert delivery.outcome is outcome

    def test_what_a_server_says_is_one_harmless_line(self) -> None:
        with misbehaving({"RCPT": "550-\x1b[2Jone\r\n550 two" + "o" * 900}) as server:
            [delivery] = sent_to(server)
        assert delivery.why.isprintable()
        assert "[2Jone two" in delivery.why
        assert len(delivery.why) < 300

    def test_an_address_outside_ascii(self) -> None:
        with MailServer() as server:
            [delivery] = sent_to(server, notice(to="jürgen@bücher.example"))
        assert delivery.outcome is DeliveryOutcome.SENT
        assert server.taken[0].recipient == "jürgen@xn--bcher-kva.example"

    def test_an_address_outside_ascii_and_a_server_that_knows_none(self) -> None:
        with MailServer(utf8_addresses=False) as server:
            deliveries = sent_to(server, notice(1, "jürgen@customer.example"), notice(2))
        assert [each.outcome for each in deliveries] == [
            DeliveryOutcome.PERMANENT,
            DeliveryOutcome.SENT,
        ]
        assert "does not know addresses outside ASCII" in deliveries[0].why


class TestLostConnections:
    @pytest.mark.parametrize("step", ["MAIL", "RCPT"])
    def test_before_the_message_nothing_is_taken(self, step: str) -> None:
        with misbehaving({step: DROP}) as server:
            [delivery] = sent_to(server)
        assert delivery.outcome is DeliveryOutcome.TEMPORARY
        assert delivery.why == (
            f"{HOST}:{server.port} closed the connection; the message was not out yet"
        )

    def test_in_the_midst_of_the_message_nothing_is_taken(self) -> None:
        # Long enough that it cannot all be on its way before the other end is known to be gone.
        long = notice(body=f"{'long ' * 15}\n" * 250_000)
        with misbehaving({"DATA": DROP}) as server:
            [delivery] = sent_to(server, long)
        assert delivery.outcome is DeliveryOutcome.TEMPORARY
        assert "the message was not out yet" in delivery.why

    @pytest.mark.parametrize(
        ("what", "words"), [(DROP, "closed the connection"), (STALL, "does not answer in time")]
    )
    def test_after_the_final_dot_nobody_knows(self, what: str, words: str) -> None:
        with misbehaving({"END": what}) as server:
            [delivery] = sent_to(server, timeout=SHORTLY)
        assert delivery.outcome is DeliveryOutcome.UNKNOWN
        assert not delivery.may_try_again
        assert delivery.why == (
            f"{HOST}:{server.port} {words} when the whole message was out, and may have taken it;"
            " before sending it again, look there for its Message-ID <notice-1@example.com>"
        )
        assert len(server.taken) == 1  # and so it had

    def test_an_answer_to_the_message_that_means_nothing(self) -> None:
        with misbehaving({"END": "what?"}) as server:
            [delivery] = sent_to(server)
        assert delivery.outcome is DeliveryOutcome.UNKNOWN

    def test_the_next_message_gets_a_new_connection(self) -> None:
        with misbehaving({"RCPT ada@customer.example": DROP}) as server:
            deliveries = sent_to(server, notice(1), notice(2, "bob@customer.example"))
        assert [each.outcome for each in deliveries] == [
            DeliveryOutcome.TEMPORARY,
            DeliveryOutcome.SENT,
        ]
        assert server.connections == 2

    def test_a_server_that_takes_only_a_few_on_each_connection(self) -> None:
        with MailServer(behaviour=Behaviour(most_per_connection=3)) as server:
            deliveries = sent_to(server, *(notice(number) for number in range(10)))
        assert {each.outcome for each in deliveries} == {DeliveryOutcome.SENT}
        assert len(server.taken) == 10
        assert server.connections == 4

    @pytest.mark.parametrize("step", ["MAIL", "RCPT"])
    def test_a_stalling_server_is_given_up(self, step: str) -> None:
        with misbehaving({step: STALL}) as server:
            [delivery] = sent_to(server, timeout=SHORTLY)
        assert delivery.outcome is DeliveryOutcome.TEMPORARY
        assert "does not answer in time" in delivery.why


class TestNoServer:
    def test_nobody_listens_and_hundreds_do_not_wait_for_it(self) -> None:
        with MailServer() as server:
            pass
        with MailSession(settings(server)) as session:
            deliveries = [session.send(notice(number)) for number in range(300)]
        assert {each.outcome for each in deliveries} == {DeliveryOutcome.NOT_ATTEMPTED}
        assert "cannot be reached: Connection refused; nothing was sent" in deliveries[0].why

    def test_a_host_that_does_not_exist(self) -> None:
        with MailServer() as server:
            [delivery] = sent_to(server, host="nowhere.invalid", security="starttls")
        assert delivery.outcome is DeliveryOutcome.NOT_ATTEMPTED
        assert "nowhere.invalid" in delivery.why

    def test_a_session_that_sends_nothing_connects_to_nothing(self) -> None:
        with MailServer() as server:
            with MailSession(settings(server)):
                pass
            assert server.connections == 0


def test_five_hundred_notices_go_over_one_connection() -> None:
    with MailServer() as server:
        deliveries = sent_to(server, *(notice(number) for number in range(500)))
    assert {each.outcome for each in deliveries} == {DeliveryOutcome.SENT}
    assert len({each.message["Message-ID"] for each in server.taken}) == 500
    assert server.connections == 1


def test_lines_that_begin_with_a_dot_arrive() -> None:
    with MailServer() as server:
        sent_to(server, notice(body=".\n..\n.hidden\r\n.\r\nlast"))
    assert server.taken[0].message.get_content().splitlines() == [".", "..", ".hidden", ".", "last"]
