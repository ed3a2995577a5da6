"""The commands about conversations: what was written in a ticket, and answering in it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from policy.conversation.messages import LONGEST_MESSAGE, ConversationMessage
from policy.refusal import Refusal
from policy.words import Action, Status
from tui.cli.grammar import CommandHeading, ShellCommand, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.placed import PlacedTicket, placed, tell_placed
from tui.cli.render import printing, ticket_lines
from tui.cli.render.conversation_text import message_document, tell_conversation
from tui.cli.text_files import text_in
from tui.cli.ticket_commands import STATUS, ticket_command
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
        found = placed(desk, ticket)
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
        found = placed(desk, desk.tickets.get(number))
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
    ],
)
@click.argument("reference", metavar="ID", type=Text())
@click.option("--text", "file", metavar="FILE|-", type=Text(), help="What the answer says.")
@click.option("--edit", is_flag=True, help="Write it in $VISUAL or $EDITOR.")
@click.option("--internal", is_flag=True, help="A note for us, which no customer sees.")
@click.option("--status", type=STATUS, help="Whose step is next.")
@pass_invocation
def reply_command(
    invocation: Invocation,
    *,
    reference: str,
    file: str | None,
    edit: bool,
    internal: bool,
    status: Status | None,
) -> None:
    """Answer, or record that we answered elsewhere."""
    if edit and file is not None:
        raise click.UsageError("--text and --edit exclude each other.")
    if not edit and file is None:
        if internal:
            raise click.UsageError("--internal goes with --text or --edit: say what the note says.")
        with invocation.transaction() as desk:
            changed = placed(desk, desk.tickets.reply(desk.tickets.resolve(reference), status))
        tell_placed(invocation, changed, "We answered.")
        return
    with _worded(invocation, reference, file, public=not internal) as (desk, number, text):
        write = desk.conversation.note if internal else desk.conversation.answer
        found = placed(desk, write(number, text, status))
        messages = desk.conversation.of(number)
    if invocation.json:
        _print_conversation(found, messages)
    else:
        done = "The note is kept." if internal else _sent(messages)
        ticket_lines.tell_done(invocation.printer(), found.ticket, found.position, done)


@contextmanager
def _worded(
    invocation: Invocation, reference: str, file: str | None, *, public: bool
) -> "Iterator[tuple[Desk, int, str]]":
    """Give the desk in a transaction, the ticket's number, and what a person wrote.

    What was written in an editor is kept until it is in the database.
    """
    if file is not None:
        what = "an answer" if public else "a note"
        text = text_in(file, LONGEST_MESSAGE * _BYTES_A_CHARACTER, what)
        with invocation.transaction() as desk:
            yield desk, desk.tickets.resolve(reference), text
        return
    with invocation.desk() as desk:
        with desk.snapshot():
            invocation.zone.settle(desk.zone())
            number = desk.tickets.resolve(reference)
            draft = desk.conversation.draft(number)
        begun = draft.text if draft is not None and draft.public is public else ""
        kept = kept_answer(state_folder(), invocation.place, number, public=public)
        write_in_editor(kept, begun)
        with written(kept) as text, desk.transaction():
            yield desk, number, text


def _sent(messages: Sequence[ConversationMessage]) -> str:
    """Return what became of the answer that was written last."""
    last = max(messages, key=lambda each: each.id)
    return "The answer is on its way." if last.state == "sending" else "The answer is kept here."


def _print_conversation(found: PlacedTicket, messages: Sequence[ConversationMessage]) -> None:
    documents = [message_document(each) for each in messages]
    printing.print_json({"ticket": found.document, "messages": documents})
