"""A notice is posted to a chat tool, by a real web server that does not always behave."""

import json
import logging
from datetime import timedelta

import pytest

from connections.attempts import Delivery, DeliveryOutcome
from connections.delivery.webhook import WebhookSettings, payload, post, webhook_settings
from policy.refusal import Refusal
from tests.connections.certificates import Authority
from tests.connections.web_server import STALL, Answer, Asked, WebServer

SECRET = "/services/T000/B000/s3cr3t"  # noqa: S105 - one of the tests' own
HANG_UP = Answer(code=None)


def settings(server: WebServer, **more: object) -> WebhookSettings:
    return webhook_settings({"address": server.address + SECRET, **more}, "[webhook]")


def answering(answer: Answer) -> WebServer:
    return WebServer(lambda _asked: answer)


def delivered(answer: Answer, **more: object) -> Delivery:
    with answering(answer) as server:
        delivery = post(settings(server, **more), "We are few.", "<notice-1@example.com>")
    assert delivery.why.startswith(f"{server.address} ")
    assert "s3cr3t" not in delivery.why
    assert delivery.why.isprintable()
    return delivery


def test_a_post_over_tls(tmp_path_factory: pytest.TempPathFactory) -> None:
    authority = Authority(tmp_path_factory.mktemp("certificates"))
    tls = authority.server_context("127.0.0.1")
    with WebServer(lambda _asked: Answer(body=b"ok"), tls) as server:
        safe = settings(server, ca_file=authority.ca_file)
        delivery = post(safe, "Ada, we are few: 山田　太郎 arrives.", "<notice-1@example.com>")
        untrusted = post(settings(server), "We are few.", "<notice-2@example.com>")
    assert delivery == Delivery(
        outcome=DeliveryOutcome.SENT, why=f'{server.address} has taken it: 200 "ok"'
    )
    [asked] = server.asked
    assert (asked.method, asked.path) == ("POST", SECRET)
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Idempotency-Key"] == "<notice-1@example.com>"
    assert json.loads(asked.body) == {"text": "Ada, we are few: 山田　太郎 arrives."}
    assert untrusted.outcome is DeliveryOutcome.NOT_ATTEMPTED
    assert "shows a certificate that is not trusted: unable to get local" in untrusted.why


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (200, DeliveryOutcome.SENT),
        (204, DeliveryOutcome.SENT),
        (400, DeliveryOutcome.PERMANENT),
        (404, DeliveryOutcome.PERMANENT),
        (408, DeliveryOutcome.TEMPORARY),
        (429, DeliveryOutcome.TEMPORARY),
        (503, DeliveryOutcome.TEMPORARY),
        (500, DeliveryOutcome.UNKNOWN),
        (504, DeliveryOutcome.UNKNOWN),
    ],
)
def test_what_the_codes_mean(code: int, outcome: DeliveryOutcome) -> None:
    body = b"" if code == 204 else b"invalid\x1b[2J_payload\n"
    delivery = delivered(Answer(code, body))
    assert delivery.outcome is outcome
    assert f" {code} " in delivery.why


def test_a_tool_that_asks_for_a_rest_gets_it() -> None:
    assert delivered(Answer(429, headers={"Retry-After": "90"})).retry_after == timedelta(
        seconds=90
    )
    assert delivered(Answer(503, headers={"Retry-After": "soon"})).retry_after is None
    assert delivered(Answer(503, headers={"Retry-After": "9" * 99})).retry_after is None


class TestWhatIsNotKnown:
    def test_it_hangs_up_without_an_answer(self) -> None:
        delivery = delivered(HANG_UP)
        assert delivery.outcome is DeliveryOutcome.UNKNOWN
        assert delivery.why.endswith(
            "closed the connection when the whole message was out, and may have taken it"
        )

    def test_it_never_answers(self) -> None:
        delivery = delivered(STALL, timeout=2.0)
        assert delivery.outcome is DeliveryOutcome.UNKNOWN
        assert "does not answer in time" in delivery.why

    def test_an_answer_that_breaks_off_still_counts(self) -> None:
        assert delivered(Answer(200, b"o", length=100)).outcome is DeliveryOutcome.SENT

    def test_an_answer_without_end(self) -> None:
        delivery = delivered(Answer(200, b"x" * 5_000_000))
        assert delivery.outcome is DeliveryOutcome.SENT
        assert len(delivery.why) < 300


class TestRedirects:
    def test_on_the_same_host(self) -> None:
        def answer(asked: Asked) -> Answer:
            if asked.path == "/moved":
                return Answer()
            return Answer(308, headers={"Location": "/moved"})

        with WebServer(answer) as server:
            delivery = post(settings(server), "We are few.", "<notice-1@example.com>")
        assert delivery.outcome is DeliveryOutcome.SENT
        assert [asked.method for asked in server.asked] == ["POST", "POST"]
        assert server.asked[1].body == server.asked[0].body
        assert server.asked[1].headers["Idempotency-Key"] == "<notice-1@example.com>"

    def test_to_another_host(self) -> None:
        with answering(Answer()) as other:
            delivery = delivered(Answer(307, headers={"Location": f"{other.address}/s3cr3t"}))
        assert other.asked == []
        assert delivery.outcome is DeliveryOutcome.PERMANENT
        assert f"sends us on to {other.address}, and nothing is posted there" in delivery.why

    @pytest.mark.parametrize("code", [301, 302, 303])
    def test_to_be_read_instead_of_posted(self, code: int) -> None:
        delivery = delivered(Answer(code, headers={"Location": "/login"}))
        assert delivery.outcome is DeliveryOutcome.PERMANENT

    @pytest.mark.parametrize(
        "location",
        [
            "https://[::1",
            "https://x:9999999/",
            "mailto:x",
            "",
            "//",
            "https://xn--zz",
            "http://a..b/",
        ],
    )
    def test_to_nowhere(self, location: str) -> None:
        delivery = delivered(Answer(307, headers={"Location": location}))
        assert delivery.outcome is not DeliveryOutcome.SENT

    def test_round_and_round(self) -> None:
        delivery = delivered(Answer(307, headers={"Location": SECRET}))
        assert delivery.outcome is DeliveryOutcome.PERMANENT


def test_nobody_listens() -> None:
    with answering(Answer()) as server:
        pass
    delivery = post(settings(server), "We are few.", "<notice-1@example.com>")
    assert delivery.outcome is DeliveryOutcome.NOT_ATTEMPTED
    assert delivery.why == (
        f"{server.address} cannot be reached: Connection refused; nothing was sent"
    )


class TestSecrets:
    def test_the_address_is_shown_nowhere(self, caplog: pytest.LogCaptureFixture) -> None:
        with answering(Answer()) as server:
            hook = settings(server)
            post(hook, "We are few.", "<notice-1@example.com>")
        assert hook.place == server.address
        assert "s3cr3t" not in repr(hook) + str(hook)
        caplog.set_level(logging.DEBUG)
        with answering(Answer()) as server:
            post(settings(server), "We are few.", "<notice-1@example.com>")
        assert "s3cr3t" not in caplog.text

    @pytest.mark.parametrize(
        "address",
        [
            "http://hooks.example.com/s3cr3t",
            "https:///s3cr3t",
            "ftp://hooks.example.com/s3cr3t",
            "s3cr3t",
            "https://hooks.example.com:99999/s3cr3t",
            "https://[::1/s3cr3t",
            "https://hooks.example.com/ s3cr3t",
            7,
        ],
    )
    def test_a_wrong_one_is_refused_without_being_repeated(self, address: object) -> None:
        with pytest.raises(Refusal) as refused:
            webhook_settings({"address": address}, "config.toml: [webhook]")
        assert refused.value.reason.startswith("config.toml: [webhook]: address: ")
        assert "s3cr3t" not in refused.value.reason

    def test_other_wrong_settings(self) -> None:
        with pytest.raises(Refusal) as refused:
            webhook_settings({"dialect": "teams", "timeout": 0, "adress": "x"}, "[webhook]")
        assert refused.value.reason == (
            '[webhook]: address: expected this key, and it is missing; dialect: expected "text",'
            ' not "teams"; timeout: expected seconds, more than 0 and at most'
            " 300, not 0; adress: expected address, dialect, timeout or ca_file, not this key; did"
            " you mean address?"
        )


class TestWordsOfCustomers:
    def test_they_call_nobody(self) -> None:
        words = "Look @channel <users/all> @Here @everyone.example ada@all.example"
        assert payload(words) == {
            "text": "Look @\u200bchannel <\u200busers/all> @\u200bHere @\u200beveryone.example"
            " ada@\u200ball.example"
        }


@pytest.mark.parametrize("dialect", ["slack", "discord"])
def test_what_apprise_does_now_is_refused_with_what_to_write(dialect: str) -> None:
    with pytest.raises(Refusal) as refused:
        webhook_settings({"address": "https://x.example/s3cr3t", "dialect": dialect}, "[webhook]")
    assert refused.value.reason == (
        f"[webhook]: dialect: expected [chat] in place of [webhook] for {dialect}, and its address"
        ' in NUMBERONE_CHAT_ADDRESS or by "keyring set numberone chat"'
    )
