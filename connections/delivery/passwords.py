"""Where the mail server's password comes from: the environment or the system's keyring."""

import os
from collections.abc import Mapping
from typing import Final

from pydantic import SecretStr

from connections.delivery.mail import PASSWORD_VARIABLE, MailSettings
from policy.refusal import Refusal

KEYRING_SERVICE: Final = "numberone"
"""The name under which the system's keyring keeps the password."""


def mail_password(
    settings: MailSettings, environment: Mapping[str, str] = os.environ
) -> SecretStr | None:
    """Return the password to log in with, None when the settings name nobody who logs in.

    The environment goes before the keyring. Raises Refusal that says where to put it when
    neither has one.
    """
    if settings.username is None:
        return None
    password = environment.get(PASSWORD_VARIABLE) or _from_keyring(_account(settings))
    return SecretStr(password)


def _account(settings: MailSettings) -> str:
    return f"{settings.username}@{settings.host}"


def _from_keyring(account: str) -> str:
    """Ask the keyring, which is imported only here: it is optional, and slow to come."""
    try:
        import keyring  # noqa: PLC0415 - see above
    except ImportError:
        raise _missing(account, "the package keyring is not installed") from None
    try:
        password = keyring.get_password(KEYRING_SERVICE, account)
    except Exception as error:  # every system has a keyring of its own, with errors of its own
        raise _missing(account, wrong_with_keyring(error)) from None
    if not password:
        raise _missing(account, "the system's keyring has none")
    return password


def wrong_with_keyring(error: Exception) -> str:
    """Return what is wrong with the system's keyring; its own words can be a paragraph."""
    known = {
        "NoKeyringError": "there is none",
        "KeyringLocked": "it is locked",
        "InitError": "it does not start",
    }
    kind = known.get(type(error).__name__, type(error).__name__)
    return f"the system's keyring cannot be used: {kind}"


def _missing(account: str, why: str) -> Refusal:
    return Refusal(
        f"no password for mail as {account}: {PASSWORD_VARIABLE} is not set and {why}; set it, or"
        f' run "keyring set {KEYRING_SERVICE} {account}"'
    )
