"""The mail server's password comes from the environment or the system's keyring."""

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import KeyringLocked

from connections.delivery.mail import MailSettings, mail_settings
from connections.delivery.passwords import mail_password
from policy.refusal import Refusal


class Kept(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # the library does not say
        self.passwords: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("a paragraph\nof explanations")
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.passwords[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.passwords[service, username]


@pytest.fixture
def kept() -> Iterator[Kept]:
    before = keyring.get_keyring()
    backend = Kept()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def settings(username: str | None = "ada") -> MailSettings:
    sender = {"sender_address": "support@example.com", "sender_name": "Support"}
    return mail_settings({"host": "mail.example.com", "username": username, **sender}, "[mail]")


def test_the_environment_goes_first(kept: Kept) -> None:
    kept.set_password("numberone", "ada@mail.example.com", "from the keyring")
    password = mail_password(settings(), {"NUMBERONE_SMTP_PASSWORD": "from the environment"})
    assert password is not None
    assert password.get_secret_value() == "from the environment"
    assert "environment" not in repr(password)


@pytest.mark.usefixtures("kept")
def test_the_keyring_goes_second() -> None:
    keyring.set_password("numberone", "ada@mail.example.com", "from the keyring")
    password = mail_password(settings(), {})
    assert password is not None
    assert password.get_secret_value() == "from the keyring"


def test_nobody_logs_in(kept: Kept) -> None:
    kept.locked = True
    assert mail_password(settings(username=None), {"NUMBERONE_SMTP_PASSWORD": "unused"}) is None


def missing() -> str:
    with pytest.raises(Refusal) as refused:
        mail_password(settings(), {})
    return refused.value.reason


def test_neither_has_one(kept: Kept) -> None:
    assert kept.passwords == {}
    assert missing() == (
        "no password for mail as ada@mail.example.com: NUMBERONE_SMTP_PASSWORD is not set and the"
        " system's keyring has none; set it, or run"
        ' "keyring set numberone ada@mail.example.com"'
    )


def test_a_locked_keyring(kept: Kept) -> None:
    kept.locked = True
    assert "the system's keyring cannot be used: it is locked;" in missing()


@pytest.mark.usefixtures("kept")
def test_a_machine_without_a_keyring() -> None:
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call] # as above
    assert "the system's keyring cannot be used: there is none;" in missing()


def test_a_keyring_that_breaks(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(kept, "passwords")
    assert "the system's keyring cannot be used: AttributeError;" in missing()
