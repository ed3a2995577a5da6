"""What proves who somebody is in a browser: the password of a run, or a login of the database's."""

import secrets
from pathlib import Path
from urllib.parse import quote

from connections.state_folder import STATE_VARIABLE
from tui.browser.doorkeeper import Board


class PasswordOfRun:
    """One password, another one at each start: who has it acts as whoever started it."""

    asks_login = False

    def __init__(self) -> None:
        self.password = secrets.token_urlsafe(16)

    def board_of(self, login: str, password: str) -> Board | None:  # noqa: ARG002 - it asks for none
        """Return the board of whoever started it."""
        typed = password.encode(errors="replace")
        return {} if secrets.compare_digest(typed, self.password.encode()) else None


class LoginOfServer:
    """A login and its password, as the database's server knows them: each acts as themselves.

    What the board remembers of a person lies in a folder of their own in ``state``.
    """

    asks_login = True

    def __init__(self, address: str, state: Path) -> None:
        self._address = address
        self._state = state

    def board_of(self, login: str, password: str) -> Board | None:
        """Return the board of a login.

        Raises:
            Refusal: the server does not answer, or did not ask for a password.
        """
        from store.engines.server_password import proven  # noqa: PLC0415 - if the driver is there

        found = proven(self._address, login, password)
        if found is None:
            return None
        folder = quote(found.login, safe="").replace(".", "%2E")
        return {
            "NUMBERONE_DB": found.address,
            "NUMBERONE_AS": found.login,
            STATE_VARIABLE: str(self._state / "browser" / folder),
        }
