"""The commands about conversations: what was written in a ticket, and answering in it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy.conversation.canned import fields_of, filled
from policy.conversation.messages import LONGEST_MESSAGE, Attachment, ConversationMessage
from policy.refusal import Refusal
from policy.words import Action, Status
from tui.cli.decided_on import as_seen, on_tickets, seen_before, takes_versions
from tui.cli.grammar import CommandHeading, ShellCommand, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.placed import PlacedTicket, placed, tell_placed
from tui.cli.render import printing, ticket_lines
from tui.cli.render.conversation_text import (
    attachment_document,
    message_document,
    tell_attachments,
    tell_conversation,
)
from tui.cli.text_files import text_in
from tui.cli.ticket_commands import STATUS, ticket_command
from tui.environment.attachment_files import save_new
from tui.environment.canned_answers import answers_folder, canned_answer
from tui.environment.config import state_folder
from tui.environment.editor import kept_answer, write_in_editor, written

if TYPE_CHECKING:
    from store.desk import Desk

_BYTES_A_CHARACTER = 4


@click.command(
    "messages",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.LOOK,
    short_help="What was written in a ticket, by whom.",
    examples=[
        ("numberone messages 4127", "the conversation, the first message first"),
        ("numberone messages zendesk:20417 --json", "as JSON"),
        ("numberone messages 4127 --send-again 31", "one of ours that was refused"),
        ("numberone messages 4127 --drop 31", "give it up"),
    ],
)
@click.argument("reference", metavar="ID", type=Text())
@click.option("--send-again", "again", metavar="N", type=int, help="Send one that has failed.")
@click.option("--drop", metavar="N", type=int, help="Give up one that has failed.")
@pass_invocation
def messages_command(
    invocation: Invocation, reference: str, again: int | None, drop: int | None
) -> None:
    """Show what was written in a ticket: by the customer, by us, internally, by programs.

    The description is the first message. Of ours it says whether they have gone out; what was
    refused for good stays until somebody sends it again or gives it up, by its number.
    """
    if again is not None and drop is not None:
        raise click.UsageError("--send-again and --drop exclude each other.")
    if again is not None or drop is not None:
        _decide(invocation, reference, again, drop)
        return
    with invocation.snapshot_then() as desk:
        ticket = desk.tickets.get(desk.tickets.resolve(reference))
        messages, now = desk.conversation.of(ticket.id), desk.now()
        found = placed(invocation, desk, ticket)
    if invocation.json:
        _print_conversation(found, messages)
    else:
        tell_conversation(invocation.printer(), ticket, messages, now)


def _decide(invocation: Invocation, reference: str, again: int | None, drop: int | None) -> None:
    """Send again, or give up, what was refused for good."""
    with invocation.transaction() as desk:
        number = desk.tickets.resolve(reference)
        wanted = again if drop is None else drop
        if wanted not in {each.id for each in desk.conversation.of(number)}:
            raise Refusal(f"message {wanted}: there is none in #{number}")
        if again is not None:
            desk.conversation.send_again(again)
        elif drop is not None:
            desk.conversation.drop(drop)
        found = placed(invocation, desk, desk.tickets.get(number))
        messages = desk.conversation.of(number)
    if invocation.json:
        _print_conversation(found, messages)
    else:
        done = "It is on its way again." if drop is None else "It is given up."
        ticket_lines.tell_done(invocation.printer(), found.ticket, found.position, done)


@ticket_command(
    "reply",
    [
        ("numberone reply 4127", "we answered elsewhere; the next step is ours"),
        ("numberone reply 4127 --status pending", "we answered; the next step is the customer's"),
        ("numberone reply 4127 --text answer.txt", "answer with what is in a file"),
        ("numberone reply 4127 --edit --status pending", "write the answer in your editor"),
        ("numberone reply 4127 --text - --internal", "a note that no customer sees"),
        ("numberone reply 4127 --canned restart --edit", "begin with a text of the folder"),
    ],
)
@click.argument("reference", metavar="ID", type=Text())
@click.option("--text", "file", metavar="FILE|-", type=Text(), help="What the answer says.")
@click.option("--canned", metavar="NAME", type=Text(), help="A text of the folder, filled in.")
@click.option("--edit", is_flag=True, help="Write it in $VISUAL or $EDITOR.")
@click.option("--internal", is_flag=True, help="A note for us, which no customer sees.")
@click.option("--status", type=STATUS, help="Whose step is next.")
@takes_versions
@pass_invocation
def reply_command(
    invocation: Invocation,
    *,
    reference: str,
    file: str | None,
    canned: str | None,
    edit: bool,
    internal: bool,
    status: Status | None,
) -> None:
    """Answer, or record that we answered elsewhere."""
    if file is not None and (edit or canned is not None):
        other = "--edit" if edit else "--canned"
        raise click.UsageError(f"--text and {other} exclude each other.")
    if not edit and file is None and canned is None:
        if internal:
            raise click.UsageError(
                "--internal goes with --text, --edit or --canned: say what the note says."
            )
        with on_tickets(invocation, [reference]) as (desk, (number,)):
            changed = placed(invocation, desk, desk.tickets.reply(number, status))
        tell_placed(invocation, changed, "We answered.")
        return
    wording = _Wording(file, canned, edit=edit, public=not internal)
    with _worded(invocation, reference, wording) as (desk, number, text):
        write = desk.conversation.note if internal else desk.conversation.answer
        found = placed(invocation, desk, write(number, text, status))
        messages = desk.conversation.of(number)
    if invocation.json:
        _print_conversation(found, messages)
    else:
        done = "The note is kept." if internal else _sent(messages)
        ticket_lines.tell_done(invocation.printer(), found.ticket, found.position, done)


@dataclass(frozen=True, slots=True)
class _Wording:
    """Where the words of an answer, or of a note that is not ``public``, come from."""

    file: str | None
    canned: str | None
    edit: bool
    public: bool


@contextmanager
def _worded(
    invocation: Invocation, reference: str, wording: _Wording
) -> "Iterator[tuple[Desk, int, str]]":
    """Give the desk in a transaction, the ticket's number, and what a person wrote.

    What was written in an editor is kept until it is in the database.
    """
    if wording.file is not None:
        what = "an answer" if wording.public else "a note"
        text = text_in(wording.file, LONGEST_MESSAGE * _BYTES_A_CHARACTER, what)
        with on_tickets(invocation, [reference]) as (desk, (number,)):
            yield desk, number, text
        return
    with invocation.desk() as desk:
        with desk.snapshot():
            invocation.zone.settle(desk.zone())
            ticket = desk.tickets.get(desk.tickets.resolve(reference))
            number, begun = ticket.id, _begun(desk, ticket.id, wording)
        seen = as_seen(invocation, desk, seen_before(invocation, ticket))
        if not wording.edit:
            with seen, desk.transaction():
                yield desk, number, begun
            return
        kept = kept_answer(state_folder(), invocation.place, number, public=wording.public)
        write_in_editor(kept, begun)
        with written(kept) as text, seen, desk.transaction():
            yield desk, number, text


def _begun(desk: "Desk", number: int, wording: _Wording) -> str:
    """Return what an answer begins with: a canned one filled in, else what was begun before."""
    if wording.canned is None:
        draft = desk.conversation.draft(number)
        return draft.text if draft is not None and draft.public is wording.public else ""
    ticket, roster = desk.tickets.get(number), desk.team.roster()
    member = roster.by_login.get(desk.actor)
    me = desk.actor if member is None else member.name
    canned = canned_answer(answers_folder(), wording.canned)
    return filled(canned, fields_of(ticket, desk.policy.words(), me))


@click.command(
    "attachments",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.LOOK,
    short_help="The files that came with a ticket's messages.",
    examples=[
        ("numberone attachments 4127", "each with its number, kind and size"),
        ("numberone attachments 4127 --save 2", "save the second one here"),
        ("numberone attachments 4127 --save 2 --to logs", "into the folder logs"),
    ],
)
@click.argument("reference", metavar="ID", type=Text())
@click.option("--save", "wanted", metavar="N", type=int, help="Fetch the one of this number.")
@click.option("--to", "folder", metavar="FOLDER", type=Text(), help="Where it is saved.")
@pass_invocation
def attachments_command(
    invocation: Invocation, reference: str, wanted: int | None, folder: str | None
) -> None:
    """List the files that came with a ticket's messages, or fetch and save one of them.

    They are numbered as they came. One that is saved is its owner's alone, under a harmless form of
    its name; nothing is written over, and nothing run.
    """
    if folder is not None and wanted is None:
        raise click.UsageError("--to goes with --save: say which one.")
    with invocation.desk() as desk:
        with desk.snapshot():
            invocation.zone.settle(desk.zone())
            ticket = desk.tickets.get(desk.tickets.resolve(reference))
            found = [
                (message, each)
                for message in desk.conversation.of(ticket.id)
                for each in message.attachments
            ]
        where: Path | None = None
        if wanted is not None:
            if not 1 <= wanted <= len(found):
                there = f"expected 1 to {len(found)}" if found else "nothing is attached there"
                raise Refusal(f"attachment {wanted} of #{ticket.id}: there is none; {there}")
            where = _saved(desk, *found[wanted - 1], Path(folder or "."))
    numbered = enumerate(found, start=1)
    shown = [(n, m, a) for n, (m, a) in numbered if wanted in (None, n)]
    if invocation.json:
        printing.print_json({"attachments": [attachment_document(*each, where) for each in shown]})
    else:
        tell_attachments(invocation.printer(), ticket, shown, where)


def _saved(
    desk: "Desk", message: ConversationMessage, attachment: Attachment, folder: Path
) -> Path:
    from connections.sync.attachments import fetched_attachment  # noqa: PLC0415 - heavy to import

    content = fetched_attachment(desk, desk.actor, message.source, attachment)
    return save_new(folder.expanduser().absolute(), attachment.name, content)


def _sent(messages: Sequence[ConversationMessage]) -> str:
    """Return what became of the answer that was written last."""
    last = max(messages, key=lambda each: each.id)
    return "The answer is on its way." if last.state == "sending" else "The answer is kept here."


def _print_conversation(found: PlacedTicket, messages: Sequence[ConversationMessage]) -> None:
    documents = [message_document(each) for each in messages]
    printing.print_json({"ticket": found.document, "messages": documents})
