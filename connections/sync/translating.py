"""What a help desk says, in its own fields, becomes what the desk takes in: by the mapping."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from connections.files.mapping import TicketMapping
from connections.helpdesks.help_desk import MessageRead, TicketRead
from policy.conversation.connections import ConversationRead
from policy.conversation.messages import LONGEST_MESSAGE, Attachment, IncomingMessage
from policy.intake.incoming import incoming_ticket
from policy.refusal import Refusal
from policy.vocabulary import Vocabulary

_CUT = "\n[…]"


def translated(
    tickets: Iterable[TicketRead], mapping: TicketMapping, words: Vocabulary
) -> list[ConversationRead]:
    """Return what tickets of a help desk are here; one that was read twice is told once.

    Those that the mapping leaves out are not among them.
    """
    by_name: dict[str, TicketRead] = {}
    for each in tickets:
        before = by_name.pop(each.external_id, None)
        by_name[each.external_id] = each if before is None else _together(before, each)
    return [
        _translated(each, mapping, words)
        for each in by_name.values()
        if each.record is None or not mapping.passes_over(each.record)
    ]


def _together(before: TicketRead, after: TicketRead) -> TicketRead:
    """Return a ticket that a reading tells twice: as it was told last, with all of its messages."""
    messages = {each.external_id: each for each in (*before.messages, *after.messages)}
    return replace(
        after,
        messages=tuple(messages.values()),
        marks=before.marks | after.marks,
        undelivered={**before.undelivered, **after.undelivered},
    )


def _translated(read: TicketRead, mapping: TicketMapping, words: Vocabulary) -> ConversationRead:
    said = ConversationRead(
        external_id=read.external_id,
        messages=tuple(incoming_message(each) for each in read.messages),
        marks=read.marks,
        undelivered=read.undelivered,
        merged_into=read.merged_into,
        deleted=read.deleted,
    )
    if read.record is None:
        return said
    try:
        told = mapping.told(_named(read.record, read.external_id, mapping))
        warnings = list(told.warnings)
        ticket = incoming_ticket(
            {**told.fields, "external_id": read.external_id},
            words,
            stand_ins=frozenset(told.stand_ins),
            references=told.references,
            warnings=warnings,
        )
    except Refusal as refusal:
        return replace(said, refused=refusal.reason)
    lacking = "" if told.lacking is None else told.lacking.reason
    return replace(said, ticket=ticket, lacking=lacking, warnings=tuple(warnings))


def _named(
    record: Mapping[str, object], external_id: str, mapping: TicketMapping
) -> Mapping[str, object]:
    """Return a record in which the ticket's own name stands where the mapping looks for it."""
    columns = mapping.columns.get("external_id")
    if columns is None or mapping.value(columns, record) is not None:
        return record
    return {**record, **{name: external_id for column in columns for name in column.names}}


def incoming_message(read: MessageRead) -> IncomingMessage:
    """Return a message as the desk takes it in, harmless for every database."""
    text = read.text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    text = text.encode("utf-8", "replace").decode()
    if len(text) > LONGEST_MESSAGE:
        text = text[: LONGEST_MESSAGE - len(_CUT)] + _CUT
    return IncomingMessage(
        external_id=read.external_id,
        at=read.at,
        role=read.role,
        public=read.public,
        author=read.author,
        name=read.name,
        text=text,
        attachments=tuple(
            Attachment(
                name=each.name,
                media_type=each.media_type,
                size=each.size,
                reference=each.reference,
            )
            for each in read.attachments
        ),
        mark=read.mark,
        message_id=read.message_id,
        answers=read.answers,
        subject=read.subject,
    )
