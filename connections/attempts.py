"""What became of something sent: the same five answers for mail and for chat."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class DeliveryOutcome(StrEnum):
    """How far a delivery came, and so what may be done about it."""

    SENT = "sent"
    """The other side has taken it."""
    TEMPORARY = "temporary"
    """The other side has not taken it this time, and may another time."""
    PERMANENT = "permanent"
    """The other side will never take it: trying again changes nothing."""
    NOT_ATTEMPTED = "not_attempted"
    """It never came to this message: no connection, no safe one, no login, no right to send."""
    UNKNOWN = "unknown"
    """All of it went out and no answer came: the other side may have taken it or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of one message, and why in one line for people, without any secret.

    ``retry_after`` is how long the other side asked to be left alone, None when it did not say.
    ``no_such_address`` says that it is the address that is refused for good, whatever is sent.
    """

    outcome: DeliveryOutcome
    why: str
    retry_after: timedelta | None = None
    no_such_address: bool = False

    @property
    def may_try_again(self) -> bool:
        """Whether it is certain that nothing was taken, and trying again can help."""
        return self.outcome in (DeliveryOutcome.TEMPORARY, DeliveryOutcome.NOT_ATTEMPTED)


def never(why: str) -> Delivery:
    """Return that something cannot be delivered, and never will be, for a reason of ours."""
    return Delivery(outcome=DeliveryOutcome.PERMANENT, why=why)


def on_one_line(text: str, at_most: int = 200) -> str:
    """Return what another program said, in one line, printable and not too long."""
    words = " ".join(text.split())
    shown = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in words)
    return shown if len(shown) <= at_most else f"{shown[:at_most]}…"
