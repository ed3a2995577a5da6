"""A real IMAP server, Debian's Dovecot, in a folder of its own, run as whoever runs the tests."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

USER: Final = "support@example.com"
PASSWORD: Final = "a-secret-of-the-tests"  # noqa: S105 - of nobody else

_INSTALL: Final = Path(__file__).parent / "dovecot.sh"
_MAIL_USER: Final = "nobody"
_PATIENCE: Final = 20.0
_CONFIGURATION: Final = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_location = mdbox:{folder}/mail/%u
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """Listens on 127.0.0.1 while the ``with`` statement lasts; STARTTLS with a ``certificate``."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.port = 0
        self._certificate = certificate
        self._folder = Path()

    def __enter__(self) -> Self:
        """Install it where it is not, and start it."""
        subprocess.run([_INSTALL], check=True, capture_output=True)
        self._folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.port = _free_port()
        (self._folder / "dovecot.conf").write_text(self._configuration())
        for name in ("run", "state", "mail", "home"):
            (self._folder / name).mkdir()
        self._give_to_the_mail_user()
        self._control("start")
        self._wait_until_it_listens()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it, and leave nothing behind."""
        self._control("stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def log(self) -> str:
        """What the server wrote down."""
        return (self._folder / "log").read_text()

    def _configuration(self) -> str:
        user = _mail_user()
        pem = self._certificate
        return _CONFIGURATION.format(
            folder=self._folder,
            ssl="no" if pem is None else "yes",
            certificate="" if pem is None else f"ssl_cert = <{pem}\nssl_key = <{pem}",
            user=user.pw_name,
            group=_group(user.pw_gid),
            uid=user.pw_uid,
            gid=user.pw_gid,
            port=self.port,
            password=PASSWORD,
        )

    def _give_to_the_mail_user(self) -> None:
        """Root keeps no mail: what root's server writes belongs to somebody who may do nothing."""
        user = _mail_user()
        self._folder.chmod(0o755)
        if user.pw_uid != os.getuid():
            for name in ("mail", "home"):
                os.chown(self._folder / name, user.pw_uid, user.pw_gid)

    def _control(self, what: str) -> None:
        command = ["/usr/sbin/dovecot", "-c", str(self._folder / "dovecot.conf")]
        subprocess.run([*command, *([] if what == "start" else [what])], check=True, timeout=60)

    def _wait_until_it_listens(self) -> None:
        ends_at = time.monotonic() + _PATIENCE
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    if connection.recv(4) == b"* OK":
                        return
            except OSError:
                pass
            if time.monotonic() > ends_at:
                raise TimeoutError(self.log)
            time.sleep(0.05)  # nothing tells when it listens


def _mail_user() -> pwd.struct_passwd:
    return pwd.getpwnam(_MAIL_USER) if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def _group(number: int) -> str:
    import grp  # noqa: PLC0415 - beside pwd, and only here

    return grp.getgrgid(number).gr_name


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
