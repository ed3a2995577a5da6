"""What was written on tickets of a Zendesk: whose word each comment is, its text and its files."""

from collections.abc import Iterable, Mapping
from typing import Final

from connections.files.zendesk_conversation import is_program
from connections.helpdesks.help_desk import AttachmentRead, MessageRead
from connections.helpdesks.html_text import html_text
from connections.helpdesks.zendesk_people import ZendeskPeople
from connections.helpdesks.zendesk_wire import Json, moment, objects, text, whole
from policy.intake.conversation import MessageRole

MARK: Final = "numberone"
"""Under which name our mark stands in the metadata of what we write."""

_GENERATED: Final = 4
"""The flag of a comment that a machine sent, such as an out-of-office reply."""

_MACHINES: Final = ("mailer-daemon@", "postmaster@")
_MERGE: Final = "merge"
_BY_PROGRAM: Final = "api"


def mark_of(metadata: object) -> str | None:
    """Return our mark in the metadata of a change, None where there is none."""
    custom = metadata.get("custom") if isinstance(metadata, Mapping) else None
    mark = custom.get(MARK) if isinstance(custom, Mapping) else None
    return mark if isinstance(mark, str) and mark else None


def may_hide_mark(comment: Json) -> bool:
    """Return whether a comment may be ours and does not say what its change was marked with."""
    metadata = comment.get("metadata")
    tells = isinstance(metadata, Mapping) and "custom" in metadata
    return not tells and _via(comment).get("channel") == _BY_PROGRAM


def message_of(
    comment: Json, ticket: Json, people: Mapping[int, Json], mark: str | None, ours: ZendeskPeople
) -> MessageRead:
    """Return a comment on a ticket as a message, ``mark`` being that of its change."""
    author = people.get(whole(comment.get("author_id")), {})
    metadata = comment.get("metadata")
    system = metadata.get("system") if isinstance(metadata, Mapping) else None
    mail = text(system.get("message_id")) if isinstance(system, Mapping) else ""
    public = comment.get("public") is not False
    return MessageRead(
        external_id=text(comment.get("id")),
        at=moment(comment.get("created_at")),
        role=_role(comment, ticket, author, public, ours),
        public=public,
        author=address_of(author) or f"user-{text(comment.get('author_id'))}",
        name=text(author.get("name")),
        text=_text(comment),
        attachments=tuple(_files(comment)),
        mark=mark,
        message_id=mail or None,
    )


def address_of(user: Json) -> str:
    """Return a person's address, which is also what they log in with."""
    return text(user.get("email"))


def is_of_merge(comment: Json) -> bool:
    """Return whether a comment says that two tickets became one."""
    source = _via(comment).get("source")
    return isinstance(source, Mapping) and source.get("rel") == _MERGE


def _role(
    comment: Json, ticket: Json, author: Json, public: bool, ours: ZendeskPeople
) -> MessageRole:
    """Return whose word a comment is: "public ones of people, not of programs"."""
    number = whole(comment.get("author_id"))
    if is_of_merge(comment) or _is_automatic(comment, author):
        return MessageRole.PROGRAM
    is_ours = ours.is_ours(author)
    if not public:
        return MessageRole.US if is_ours else MessageRole.OTHER
    asks = number == whole(ticket.get("requester_id")) != whole(ticket.get("assignee_id"))
    return MessageRole.US if is_ours and not asks else MessageRole.CUSTOMER


def _is_automatic(comment: Json, author: Json) -> bool:
    """Return whether nobody wrote it: a trigger, an out-of-office reply, a bounce."""
    if is_program(comment.get("via"), comment.get("author_id")):
        return True
    metadata = comment.get("metadata")
    flags = metadata.get("flags") if isinstance(metadata, Mapping) else None
    if isinstance(flags, list) and _GENERATED in flags:
        return True
    return address_of(author).casefold().startswith(_MACHINES)


def _text(comment: Json) -> str:
    """Return what is written in a comment as plain text."""
    plain = comment.get("plain_body")
    if not isinstance(plain, str):
        html = comment.get("html_body")
        plain = html_text(html) if isinstance(html, str) else text(comment.get("body"))
    return plain.replace("\r\n", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}").rstrip()


def _files(comment: Json) -> Iterable[AttachmentRead]:
    for each in objects(comment.get("attachments")):
        if each.get("deleted") is not True:
            yield AttachmentRead(
                name=text(each.get("file_name")) or f"file-{text(each.get('id'))}",
                media_type=text(each.get("content_type")) or "application/octet-stream",
                size=whole(each.get("size")),
                reference=text(each.get("id")),
            )


def _via(comment: Json) -> Json:
    via = comment.get("via")
    return via if isinstance(via, Mapping) else {}
