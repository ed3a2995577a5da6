"""Hands mail over to a server, and says exactly how far it came.

Until the final dot of a message is out, the server cannot have taken it; from then on, and until
its answer is here, nobody on this side can know. So the steps are made one by one.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from email.message import EmailMessage
from time import monotonic
from types import TracebackType
from typing import NoReturn, Self

from pydantic import SecretStr

from connections.attempts import Delivery, DeliveryOutcome
from connections.delivery.mail import MailSettings
from connections.delivery.smtp_connection import Answer, Connection, LostError, NotPossibleError

_GO_AHEAD, _CLOSING = 354, 421


def send(settings: MailSettings, password: SecretStr | None, message: EmailMessage) -> Delivery:
    """Hand one message over on a connection of its own; see ``MailSession.send``."""
    with MailSession(settings, password) as session:
        return session.send(message)


class MailSession:
    """One connection for many messages; made for the first of them, made again when lost.

    Use it in a ``with`` statement and from one thread.
    """

    def __init__(self, settings: MailSettings, password: SecretStr | None = None) -> None:
        self._settings = settings
        self._password = password
        self._connection: Connection | None = None
        self._not_possible: Delivery | None = None

    def __enter__(self) -> Self:
        """Return itself; nothing is connected yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.say_goodbye()
            self._connection = None

    def send(self, message: EmailMessage, before: Callable[[], None] | None = None) -> Delivery:
        """Hand over a message that ``mail.message`` made to those it is addressed to.

        It goes when the one in ``To`` is taken; who is refused of those in ``Cc`` is named.
        ``before`` is called when the server waits for the message, before any of it is out; what
        that raises, ``send`` does.
        Where no connection or login is possible, every further message of the session is
        answered the same at once, so that hundreds do not wait for a dead server one by one.
        Lasts at most ``settings.longest_attempt``, unless the server dawdles within its words.
        """
        if self._not_possible is not None:
            return self._not_possible
        try:
            connection, left_out = self._announced(_Envelope.of(message))
            if before is not None:
                self._call(before)
            return self._handed_over(connection, message, left_out)
        except NotPossibleError as reason:
            words = f"{reason}; nothing was sent"
            self._not_possible = self._delivery(DeliveryOutcome.NOT_ATTEMPTED, words)
            return self._not_possible
        except LostError as lost:
            self._hang_up()
            words = f"{lost}; the message was not out yet"
            return self._delivery(DeliveryOutcome.TEMPORARY, words)
        except _RefusedError as refused:
            delivery = self._delivery(refused.outcome, str(refused))
            return replace(delivery, no_such_address=refused.no_such_address)

    def _call(self, before: Callable[[], None]) -> None:
        try:
            before()
        except BaseException:
            self._hang_up()  # so that the server forgets what was begun
            raise

    def _announced(self, envelope: "_Envelope") -> tuple[Connection, str]:
        """Say whom a message is from and to, until the server waits for it.

        Gives the connection, and in words which copies it does not take.
        """
        ends_at = monotonic() + self._settings.time_to_hand_over.total_seconds()
        connection, answer = self._begun(envelope, ends_at)
        never = DeliveryOutcome.NOT_ATTEMPTED  # whoever it is to, so it is not their fault
        if not answer.yes:
            self._refuse(connection, answer, f"takes no mail from {envelope.sender}", never)
        answer = connection.say("RCPT", f"TO:<{envelope.recipient}>")
        if not answer.yes:
            what = f"takes no mail for {envelope.recipient}"
            self._refuse(connection, answer, what, no_such_address=answer.is_about_the_address)
        said = ((each, connection.say("RCPT", f"TO:<{each}>")) for each in envelope.copies)
        refused = [f"; not for {each}: {answer.shown}" for each, answer in said if not answer.yes]
        answer = connection.say("DATA")
        if answer.code != _GO_AHEAD:
            self._refuse(connection, answer, "does not take the message")
        return connection, "".join(refused)

    def _begun(self, envelope: "_Envelope", ends_at: float) -> tuple[Connection, Answer]:
        """Say who a message is from on the connection there is, or else on a new one.

        Servers close a connection that lay idle or carried many messages, when they like.
        """
        if self._connection is not None:
            self._connection.ends_at(ends_at)
            with suppress(LostError):
                answer = self._connection.say("MAIL", envelope.mail_from(self._connection))
                if answer.code != _CLOSING:
                    return self._connection, answer
            self._hang_up()
        connection = self._connection = Connection.open(self._settings, self._password, ends_at)
        return connection, connection.say("MAIL", envelope.mail_from(connection))

    def _handed_over(
        self, connection: Connection, message: EmailMessage, left_out: str
    ) -> Delivery:
        connection.give(_on_the_wire(message))
        try:
            answer = connection.answer(self._settings.time_to_answer.total_seconds())
        except LostError as lost:
            self._hang_up()
            return self._in_doubt(message, str(lost))
        if answer.yes:
            return self._delivery(DeliveryOutcome.SENT, f"has taken it: {answer.shown}{left_out}")
        if answer.never or answer.not_now:
            self._refuse(connection, answer, "does not take the message")
        self._hang_up()
        return self._in_doubt(message, f"answered {answer.shown}")

    def _in_doubt(self, message: EmailMessage, what: str) -> Delivery:
        return self._delivery(
            DeliveryOutcome.UNKNOWN,
            f"{what} when the whole message was out, and may have taken it; before sending it"
            f" again, look there for its Message-ID {message['Message-ID']}",
        )

    def _refuse(
        self,
        connection: Connection,
        answer: Answer,
        what: str,
        never: DeliveryOutcome = DeliveryOutcome.PERMANENT,
        *,
        no_such_address: bool = False,
    ) -> NoReturn:
        """Raise what a refusal means; the server forgets the message that was begun."""
        try:
            if answer.code == _CLOSING or not connection.say("RSET").yes:
                self._hang_up()
        except LostError:
            self._hang_up()
        if answer.never:
            raise _RefusedError(never, f"{what}: {answer.shown}", no_such_address)
        raise _RefusedError(DeliveryOutcome.TEMPORARY, f"{what} now: {answer.shown}")

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _delivery(self, outcome: DeliveryOutcome, what: str) -> Delivery:
        return Delivery(outcome=outcome, why=f"{self._settings.place} {what}")


class _RefusedError(Exception):
    def __init__(self, outcome: DeliveryOutcome, words: str, no_such_address: bool = False) -> None:
        super().__init__(words)
        self.outcome = outcome
        self.no_such_address = no_such_address


@dataclass(frozen=True, slots=True)
class _Envelope:
    """What a server is told before the message itself."""

    sender: str
    recipient: str
    copies: tuple[str, ...] = ()

    @classmethod
    def of(cls, message: EmailMessage) -> "_Envelope":
        sender, recipient = (message[header].addresses[0].addr_spec for header in ("From", "To"))
        copied = message["Cc"].addresses if "Cc" in message else ()
        return cls(sender, recipient, tuple(each.addr_spec for each in copied))

    def mail_from(self, connection: Connection) -> str:
        foreign = next((each for each in (self.recipient, *self.copies) if not each.isascii()), "")
        if not foreign:
            return f"FROM:<{self.sender}>"
        if not connection.offers("smtputf8"):
            raise _RefusedError(
                DeliveryOutcome.PERMANENT,
                f"does not know addresses outside ASCII such as {foreign}",
            )
        return f"FROM:<{self.sender}> BODY=8BITMIME SMTPUTF8"


def _on_the_wire(message: EmailMessage) -> bytes:
    """Return a message with its dots doubled and the final one after it."""
    lines = message.as_bytes().splitlines()
    dotted = (b"." + line if line.startswith(b".") else line for line in lines)
    return b"\r\n".join([*dotted, b".", b""])
