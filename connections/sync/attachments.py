"""Fetches a file that came with a message from where its conversation is kept."""

from typing import TYPE_CHECKING

from connections.helpdesks.help_desk import Unreachable
from connections.sync.opening import OpenedHelpDesks
from policy.conversation.messages import Attachment
from policy.refusal import Refusal, quoted

if TYPE_CHECKING:
    from store.desk import DeskReading


def fetched_attachment(
    desk: "DeskReading", login: str, source: str, attachment: Attachment
) -> bytes:
    """Return what is in a file of a message that came by the connection ``source``.

    It is fetched under the person's own ``login`` there. Nothing of it is looked into or run.

    Raises:
        Refusal: there is no such connection any more, no login for it, or no answer to rely on.
    """
    entry = next((each for each in desk.connections.entries() if each.name == source), None)
    if entry is None:
        raise Refusal(
            f"{quoted(attachment.name)}: it is at {source}, which is no connection any more"
        )
    opened = OpenedHelpDesks(entry, login, desk.connections.team_addresses())
    try:
        return opened("").attachment(attachment.reference)
    except Unreachable as error:
        raise Refusal(f"{quoted(attachment.name)}: not fetched: {error.why}") from None
    except ValueError:  # what was to be decoded is not what it says
        raise Refusal(f"{quoted(attachment.name)}: not fetched: it came damaged") from None
    finally:
        opened.close()
