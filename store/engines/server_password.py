"""Asks a server whether a login is somebody's, by the password that they type.

It is imported by whoever has the driver only.
"""

from typing import Final, NamedTuple

import psycopg
from sqlalchemy import make_url

from policy.refusal import Refusal
from store.engines import server_settings

_LONGEST: Final = 1000
_OF_SOMEBODY_ELSE: Final = ("user", "password", "passfile")
"""What an address may say about whoever wrote it."""


class Proven(NamedTuple):
    """Who somebody is by the server's word, and the address by which they reach it."""

    login: str
    address: str


def proven(address: str, login: str, password: str) -> Proven | None:
    """Return who a password proves somebody to be, None where the server does not let them in.

    Being let in proves nothing where the server asked for no password.

    Raises:
        Refusal: the server did not ask, or does not answer.
    """
    if not login or not password or max(len(login), len(password)) > _LONGEST:
        return None  # without a password the driver would look for one of whoever runs this
    if "\0" in login + password:
        return None
    url = make_url(address).difference_update_query(_OF_SOMEBODY_ELSE)
    url = url.set(username=login, password=password)
    said = url.translate_connect_args(username="user", database="dbname")
    try:
        with psycopg.connect(**said, **server_settings.with_settings(url.query)) as connection:
            asked = connection.pgconn.used_password
            name = connection.execute("SELECT session_user::text").fetchone()
    except psycopg.OperationalError as error:
        asked, name = error.pgconn is not None and error.pgconn.used_password, None
    if not asked:
        raise Refusal("the database does not answer, or asks that login for no password")
    return None if name is None else Proven(name[0], url.render_as_string(hide_password=False))
