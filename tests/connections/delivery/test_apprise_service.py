"""Telling through Apprise: a real receiver on this machine, secret addresses, and bad days."""

import json
import logging
from email import charset
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from connections.attempts import DeliveryOutcome
from connections.delivery.apprise_service import AppriseService, harmless
from policy.refusal import Refusal
from tests.connections.certificates import Authority
from tests.connections.web_server import Answer, WebServer

SECRET = "/hooks/s3cr3t-planted"  # noqa: S105 - one of the tests' own


def service(web: WebServer) -> AppriseService:
    address = web.address.replace("https://", "jsons://").replace("http://", "json://")
    return AppriseService(SecretStr(f"{address}{SECRET}"), "[alerts.chat]")


def test_mails_are_written_as_before_once_a_service_is_known() -> None:
    before = charset.CHARSETS["utf-8"]
    AppriseService(SecretStr("jsons://alerts.example/"), "here")
    assert charset.CHARSETS["utf-8"] == before


def test_what_is_told_arrives_and_calls_nobody() -> None:
    with WebServer(lambda _asked: Answer()) as web:
        delivery = service(web).send(
            "#1 due", "Look @here: [x](https://evil.example)\n\x1b[2J<!all>"
        )
    assert (delivery.outcome, delivery.why) == (DeliveryOutcome.SENT, "JSON has taken it")
    [asked] = web.asked
    said = json.loads(asked.body)
    assert asked.path == SECRET
    assert said["title"] == "#1 due"
    assert said["message"] == (
        "Look @\u200bhere: [x]\u200b(https://evil.example)\n\ufffd[2J<\u200b!all>"
    )


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(404, b"s3cr3t-planted"), DeliveryOutcome.PERMANENT),
        (Answer(429), DeliveryOutcome.TEMPORARY),
        (Answer(503), DeliveryOutcome.TEMPORARY),
        (Answer(500), DeliveryOutcome.UNKNOWN),
        (Answer(302, headers={"Location": "http://localhost:9/"}), DeliveryOutcome.PERMANENT),
        (Answer(308, headers={"Location": "http://localhost:9/"}), DeliveryOutcome.PERMANENT),
        (Answer(None), DeliveryOutcome.UNKNOWN),
    ],
)
def test_what_answers_mean(
    answer: Answer, outcome: DeliveryOutcome, capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    with WebServer(lambda _asked: answer) as web, caplog.at_level(logging.DEBUG):
        # Words of a customer's that look as if they were the log's own change nothing.
        delivery = service(web).send("error=404.", "NewConnectionError error=429.")
        assert len(web.asked) == 1, "nobody else is told, and nobody twice"
    assert delivery.outcome is outcome
    printed = capsys.readouterr()
    assert "s3cr3t-planted" not in delivery.why + printed.out + printed.err + caplog.text


def test_nothing_is_sent_where_the_certificate_is_not_trusted(tmp_path: Path) -> None:
    tls = Authority(tmp_path).server_context("127.0.0.1")
    with WebServer(lambda _asked: Answer(), tls) as web:
        delivery = service(web).send("a", "b")
        assert web.asked == []
    assert delivery.outcome is DeliveryOutcome.NOT_ATTEMPTED
    assert delivery.why == "JSON shows a certificate that is not trusted; nothing was sent"


def test_who_cannot_be_reached_has_got_nothing() -> None:
    with WebServer(lambda _asked: Answer()) as web:
        gone = service(web)
    assert gone.send("a", "b").outcome is DeliveryOutcome.NOT_ATTEMPTED


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://example.com/s3cr3t-planted?x=y z", "an address that Apprise knows"),
        ("s3cr3t-planted", "an address that Apprise knows"),
        ("slack://s3cr3t-planted", "an address that Apprise knows"),
        ("jsons://example.com/s3cr3t-planted?verify=no", "certificates are always checked"),
        ("json://example.com/s3cr3t-planted", "begins with jsons://"),
        ("mailto://ada:s3cr3t-planted@mail.example.com", "begins with mailtos://"),
    ],
)
def test_an_address_of_no_use_is_one_line_without_it(
    address: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Refusal) as refused:
        AppriseService(SecretStr(address), "c.toml: [alerts.chat]")
    assert refused.value.reason.startswith("c.toml: [alerts.chat]: ")
    assert said in refused.value.reason
    assert "\n" not in refused.value.reason
    printed = capsys.readouterr()
    assert "s3cr3t-planted" not in refused.value.reason + printed.out + printed.err


@given(st.text())
def test_no_text_calls_anybody_or_holds_codes(text: str) -> None:
    said = harmless(text)
    assert all(each.isprintable() or each in "\n\u200b" for each in said)
    assert "@everyone" not in said.lower()
    assert "](" not in said
    assert "<!" not in said
