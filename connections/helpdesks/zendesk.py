"""Zendesk, read and written by its interface, version 2, under a login of OAuth.

What it costs: a question of the list every few seconds while nothing changes, one more for each
ticket that changed, and six a minute for what the list does not tell.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from connections.attempts import Delivery
from connections.helpdesks.access import Access
from connections.helpdesks.help_desk import (
    Account,
    Cursor,
    HelpDesk,
    MessageRead,
    OutgoingStep,
    Reading,
    Unreachable,
)
from connections.helpdesks.zendesk_comments import address_of
from connections.helpdesks.zendesk_conversations import ZendeskConversations
from connections.helpdesks.zendesk_people import ZendeskPeople
from connections.helpdesks.zendesk_reading import ZendeskReader
from connections.helpdesks.zendesk_settings import ZendeskSettings, zendesk_settings
from connections.helpdesks.zendesk_wire import Json, ZendeskWire, text, whole
from connections.helpdesks.zendesk_writing import ZendeskWriter

_ROLES: Final = ("agent", "admin")
_READS: Final = ("read", "tickets:read")
_WRITES: Final = ("write", "tickets:write")
_A_WHILE: Final = timedelta(minutes=10)


def zendesk(
    settings: Mapping[str, object], access: Access, team: frozenset[str] = frozenset()
) -> HelpDesk:
    """Return the Zendesk that a connection names, under the login that ``access`` gives.

    ``team`` holds the addresses of our own people, who are ours there whatever their role. Raises
    Refusal with one line for settings that are none.
    """
    return Zendesk(zendesk_settings(settings), access, team)


class Zendesk:
    """One Zendesk under one login; see ``HelpDesk`` for what each method does."""

    def __init__(
        self, settings: ZendeskSettings, access: Access, team: frozenset[str] = frozenset()
    ) -> None:
        self._settings = settings
        self._wire = ZendeskWire(settings, access)
        self._people = ZendeskPeople(self._wire, team)
        conversations = ZendeskConversations(self._wire, self._people)
        self._reader = ZendeskReader(self._wire, settings, conversations)
        self._writer = ZendeskWriter(self._wire, settings, self._people, conversations, me=self._me)

    @property
    def settles_after(self) -> timedelta:
        """For how long Zendesk may go on with what we no longer wait for."""
        return self._settings.settles_after

    def account(self) -> Account:
        """Return whose login it is, and what it lacks in sentences; asks half a dozen questions."""
        me = self._me()
        login = address_of(me)
        return Account(login=login, name=text(me.get("name")) or login, lacks=tuple(self._lacks()))

    def changes(self, since: Cursor, limit: int) -> Reading:
        """Return what changed since a cursor."""
        return self._reader.changes(since, limit)

    def conversation(self, external_id: str) -> Sequence[MessageRead]:
        """Return all that was written on a ticket."""
        return self._reader.conversation(external_id)

    def attachment(self, reference: str) -> bytes:
        """Return a file that came with a message, from wherever Zendesk keeps it."""
        found = self._wire.read(f"/attachments/{whole(reference)}").named("attachment")
        if found.get("malware_scan_result") == "malware_found":
            raise Unreachable(f"{self._wire.place} has found malware in it, and does not give it")
        return self._wire.file(text(found.get("content_url")))

    def write(self, step: OutgoingStep) -> Delivery:
        """Carry out one step over there."""
        return self._writer.write(step)

    def find(self, step: OutgoingStep) -> bool | None:
        """Return whether a step is there."""
        return self._writer.find(step)

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def _me(self) -> Json:
        me = self._people.me()
        if not whole(me.get("id")):  # who is not logged in is answered all the same
            raise Unreachable(f"{self._wire.place} does not know this login", for_good=True)
        return me

    def _lacks(self) -> Iterator[str]:
        me = self._me()
        if me.get("role") not in _ROLES:
            yield "it is no agent there, and can read and answer only its own requests"
            return
        answer = self._wire.look("/oauth/tokens/current")
        scopes = None if answer is None else answer.named("token").get("scopes")
        if isinstance(scopes, list):
            yield from _scopes_lacking([text(each) for each in scopes])
        newest = self._wire.look("/tickets", {"page[size]": 1, "sort": "-id"})
        tickets = [] if newest is None else newest.rows("tickets")
        if newest is None:
            yield "it may not see the list of tickets"
        for ticket in tickets:
            if self._wire.look(f"/tickets/{whole(ticket.get('id'))}/audits") is None:
                yield (
                    "it may not read what changed a ticket (the scope read is missing): where"
                    " Zendesk does not tell our mark, an answer is known again by its words alone"
                )
        if self._wire.look("/deleted_tickets", {"per_page": 1}) is None:
            yield "it may not see which tickets are deleted: they are gone here a minute later"
        start = int((datetime.now(UTC) - _A_WHILE).timestamp())
        if self._wire.look("/incremental/tickets/cursor", {"start_time": start}) is None:
            yield (
                "it is no administrator and may not have the incremental exports: what the list of"
                " tickets does not show, and new names of customers and organizations, stay unseen"
            )


def _scopes_lacking(scopes: Sequence[str]) -> Iterator[str]:
    if not any(each in scopes for each in _READS):
        yield "its scopes lack read: nothing comes in"
    if not any(each in scopes for each in _WRITES):
        yield "its scopes lack write: no answers, no notes, no owner, no status"
