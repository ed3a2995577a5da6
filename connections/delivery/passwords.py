"""Where secrets of delivery come from: the environment or the system's keyring."""

import os
import shlex
from collections.abc import Mapping
from typing import Final

from pydantic import SecretStr

from connections.delivery.mail import PASSWORD_VARIABLE, MailSettings
from policy.refusal import Refusal

KEYRING_SERVICE: Final = "numberone"
"""The name under which the system's keyring keeps what is ours."""


def mail_password(
    settings: MailSettings, environment: Mapping[str, str] = os.environ
) -> SecretStr | None:
    """Return the password to log in with, None when the settings name nobody who logs in.

    The environment goes before the keyring. Raises Refusal that says where to put it when
    neither has one.
    """
    if settings.username is None:
        return None
    account = f"{settings.username}@{settings.host}"
    return kept_secret(f"password for mail as {account}", PASSWORD_VARIABLE, account, environment)


def kept_secret(
    what: str, variable: str, account: str, environment: Mapping[str, str] = os.environ
) -> SecretStr:
    """Return a secret of this person's: the environment goes before the keyring.

    ``what`` says in words what it is, ``account`` under which name the keyring has it. Raises
    Refusal that says where to put it when neither has one.
    """
    found = environment.get(variable)
    if found:
        return SecretStr(found)
    try:
        return SecretStr(_from_keyring(account))
    except _NotKept as error:
        raise Refusal(
            f"no {what}: {variable} is not set and {error}; set it, or run"
            f' "keyring set {KEYRING_SERVICE} {shlex.quote(account)}"'
        ) from None


class _NotKept(Exception):  # noqa: N818 - it says what is so
    """The keyring has no such secret, or there is none that can be asked."""


def _from_keyring(account: str) -> str:
    """Ask the keyring, which is imported only here: it is slow to come."""
    import keyring  # noqa: PLC0415 - see above

    try:
        secret = keyring.get_password(KEYRING_SERVICE, account)
    except Exception as error:  # every system has a keyring of its own, with errors of its own
        raise _NotKept(wrong_with_keyring(error)) from None
    if not secret:
        raise _NotKept("the system's keyring has none")
    return secret


def wrong_with_keyring(error: Exception) -> str:
    """Return what is wrong with the system's keyring; its own words can be a paragraph."""
    known = {
        "NoKeyringError": "there is none",
        "KeyringLocked": "it is locked",
        "InitError": "it does not start",
    }
    kind = known.get(type(error).__name__, type(error).__name__)
    return f"the system's keyring cannot be used: {kind}"
