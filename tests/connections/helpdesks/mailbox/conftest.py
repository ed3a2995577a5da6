"""The mailboxes that a test is tried on: an in-process one, and with --real one of Dovecot."""

from collections.abc import Iterator
from itertools import count
from typing import Final

import pytest

from tests.connections.helpdesks.mailbox.mailboxes import PASSWORD, Heard, Post
from tests.connections.imap_server import ImapServer
from tests.connections.mail_server import MailServer
from tests.real.dovecot import Dovecot

_USERS: Final = count(1)
SERVERS: Final = (
    "in-process",
    pytest.param("dovecot", marks=[pytest.mark.real, pytest.mark.xdist_group("dovecot")]),
)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """Give a real IMAP server; whoever logs in with the password has a mailbox there."""
    with Dovecot(PASSWORD) as server:
        yield server


@pytest.fixture(params=SERVERS)
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    """Give a mailbox with nothing in it."""
    user = f"support{next(_USERS)}"
    with MailServer() as smtp:
        if request.param == "dovecot":
            real: Dovecot = request.getfixturevalue("dovecot")
            mailbox = Post(real.port, user, smtp)
            yield mailbox
            mailbox.close()
            return
        with ImapServer(users={user: PASSWORD}) as server:
            mailbox = Post(server.port, user, smtp, server)
            yield mailbox
            mailbox.close()


@pytest.fixture
def heard(post: Post) -> Iterator[Heard]:
    """Give what a mailbox tells, from its beginning."""
    desk = post.desk()
    yield Heard(desk)
    desk.close()
