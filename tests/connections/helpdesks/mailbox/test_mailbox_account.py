"""Logging in to a mailbox: what is missing is said in words, and nothing travels in the open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from connections.helpdesks.help_desk import START, Account, Unreachable
from connections.helpdesks.mailbox import mailbox
from tests.connections.certificates import Authority
from tests.connections.helpdesks.mailbox.mailboxes import DESK, PASSWORD, Heard, Post, mail
from tests.connections.imap_server import ImapServer
from tests.connections.mail_server import MailServer
from tests.real.dovecot import Dovecot

USER = "support"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Give who signs our servers' certificates."""
    return Authority(tmp_path)


@pytest.fixture
def smtp() -> Iterator[MailServer]:
    """Give a server that takes mail."""
    with MailServer() as server:
        yield server


def table(port: int, smtp: MailServer, **imap: object) -> dict[str, object]:
    return {
        "name": "desk",
        "address": DESK,
        "username": USER,
        "imap": {"host": "127.0.0.1", "port": port, "timeout": 5, **imap},
        "smtp": {"host": "127.0.0.1", "port": smtp.port, "security": "none", "login": False},
    }


def test_all_is_well(post: Post, heard: Heard) -> None:
    assert heard.desk.account() == Account(login=post.user, name="Example Support")


def test_a_wrong_password_is_said_without_it(post: Post) -> None:
    desk = mailbox(post.table(), SecretStr("hunter2"))
    with pytest.raises(Unreachable) as refused:
        desk.account()
    assert refused.value.for_good
    assert f"does not let {post.user} log in" in refused.value.why
    assert "hunter2" not in refused.value.why


def test_a_folder_that_is_not_there_is_named_with_those_that_are(post: Post) -> None:
    desk = post.desk(folder="Support")
    assert desk.account().lacks == ("there is no folder Support; there are INBOX, Sent",)
    with pytest.raises(Unreachable, match="there is no folder Support") as missing:
        desk.changes(START, 10)
    assert missing.value.for_good
    desk.close()


def test_where_no_mail_can_be_handed_over_it_says_so(post: Post) -> None:
    nobody = {"host": "127.0.0.1", "port": 9, "security": "none", "login": False, "timeout": 1}
    desk = post.desk(smtp=nobody)
    (lack,) = desk.account().lacks
    assert lack.startswith("127.0.0.1:9 cannot be reached")
    assert lack.endswith("no answer can go out")
    desk.close()


def test_a_server_that_is_not_there(smtp: MailServer) -> None:
    desk = mailbox(table(9, smtp, security="none"), SecretStr(PASSWORD))
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9 cannot be reached") as missing:
        desk.changes(START, 10)
    assert not missing.value.for_good


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_it_is_read_where_nobody_can_listen(
    authority: Authority, smtp: MailServer, security: str
) -> None:
    tls = authority.server_context("127.0.0.1")
    users = {USER: PASSWORD}
    with ImapServer(users=users, tls=tls, from_the_start=security == "tls") as server:
        server.inbox.add(mail("Safe."))
        settings = table(server.port, smtp, security=security, ca_file=str(authority.ca_file))
        desk = mailbox(settings, SecretStr(PASSWORD))
        heard = Heard(desk)
        heard.read()
        desk.close()
        assert heard.told == 1
        assert ("STARTTLS" in server.said) == (security == "starttls")
        assert server.said.index("LOGIN") > (security == "starttls")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_nobody_trusts_ends_it_before_the_password(
    authority: Authority, smtp: MailServer, security: str
) -> None:
    tls = authority.server_context("127.0.0.1")
    with ImapServer(users={USER: PASSWORD}, tls=tls, from_the_start=security == "tls") as server:
        desk = mailbox(table(server.port, smtp, security=security), SecretStr(PASSWORD))
        with pytest.raises(Unreachable, match="shows a certificate that is not trusted"):
            desk.changes(START, 10)
        assert "LOGIN" not in server.said


def test_a_server_without_starttls_is_not_told_the_password(smtp: MailServer) -> None:
    with ImapServer(users={USER: PASSWORD}) as server:
        desk = mailbox(table(server.port, smtp, security="starttls"), SecretStr(PASSWORD))
        with pytest.raises(Unreachable, match="not to travel in the open") as refused:
            desk.changes(START, 10)
        assert refused.value.for_good
        assert "LOGIN" not in server.said


@pytest.mark.real
@pytest.mark.xdist_group("dovecot")
def test_a_real_server_by_starttls(tmp_path: Path, smtp: MailServer) -> None:
    authority = Authority(tmp_path)
    authority.server_context("127.0.0.1")
    (pem,) = tmp_path.glob("127.0.0.1-*.pem")
    with Dovecot(PASSWORD, pem) as server:
        settings = table(server.port, smtp, security="starttls", ca_file=str(authority.ca_file))
        desk = mailbox(settings, SecretStr(PASSWORD))
        assert desk.account().lacks == ()
        desk.close()
        untrusting = mailbox(table(server.port, smtp, security="starttls"), SecretStr(PASSWORD))
        with pytest.raises(Unreachable, match="not trusted"):
            untrusting.account()
