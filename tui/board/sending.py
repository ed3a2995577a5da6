"""How the board's wait notices go out: by what the config file says of mail and chat."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tui.board.context import Posting, SendNext

if TYPE_CHECKING:
    from store.desk import Desk


def posting_of(
    config: Mapping[str, Mapping[str, object]], file: Path, receipts: Path, worker: str
) -> Posting | None:
    """Return how notices go out as the config ``file`` says, None when it says nothing of it.

    ``receipts`` is where this machine remembers what was taken, ``worker`` names this board to
    the others. For a thread: what it imports is heavy, and a keyring may ask.

    Raises:
        Refusal: something in the file is wrong, or the password is missing.
    """
    from connections.delivery.outbox import deliver_due, outbox_of  # noqa: PLC0415 - heavy

    post = outbox_of(config, str(file), receipts)
    if not post.is_set_up:
        return None

    @contextmanager
    def session() -> Iterator[SendNext]:
        def send_next(desk: "Desk") -> object | None:
            return deliver_due(desk.waits, post, worker)

        with post:
            yield send_next

    return Posting(session=session, way=post.preferred, domain=post.domain)
