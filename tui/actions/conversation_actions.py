"""What a person does in a conversation: read it whole, answer, and decide on what was refused."""

from collections.abc import Mapping
from typing import Final

from policy.words import Action
from tui.actions.declaration import ActionContext, Command, CommandGroup, never, without_ticket
from tui.actions.only_here import OnlyHere


def _nothing_refused(situation: ActionContext) -> str | None:
    reason = without_ticket(situation)
    if reason is not None:
        return reason
    if situation.past is not None:
        return "the past is for looking only; going back a step leads to now"
    if situation.conversation is not None and not situation.conversation.failed:
        return "no answer of ours in this ticket was refused"
    return situation.refusals.get("reply")


CONVERSATION_COMMANDS: Final = (
    Command(
        id="conversation",
        title="Read the whole conversation",
        label="conversation",
        keys=("V",),
        tooltip="Read all that was written, from the last message back",
        help="Shows all that was written in the ticket over the whole screen, the last message"
        " first: by the customer, by us, internally, by programs. The ticket's pane has the end of"
        " it.",
        typed=("messages",),
        group=CommandGroup.TICKET,
        unusable=without_ticket,
    ),
    Command(
        id="fold_quotes",
        title="Unfold facts and quotations, or fold them",
        label="unfold",
        keys=("F",),
        tooltip="Show all facts, and what only repeats an earlier message, or fold them",
        help="Shows all facts of the ticket, and the lines of messages that only repeat an earlier"
        " one, or folds them again into a line that says what is folded. None is ever left out.",
        typed=OnlyHere("the command line shows every line"),
        group=CommandGroup.TICKET,
        unusable=without_ticket,
    ),
    Command(
        id="attachments",
        title="Open or save attachments",
        label="attachments",
        keys=("A",),
        tooltip="Open or save a file that came with a message",
        help="Lists the files that came with the messages, with kind and size, the last one first."
        " One is fetched when it is asked for, and opened by what this system shows its kind with,"
        " or saved; nothing is run, and nothing written over.",
        typed=("attachments",),
        group=CommandGroup.TICKET,
        unusable=without_ticket,
    ),
    Command(
        id="refused_answer",
        title="Decide on a refused answer",
        label="refused",
        keys=("U",),
        tooltip="Send an answer again that was refused, give it up, or copy it",
        help="Asks what becomes of an answer, or a note, that the help desk refused for good: it is"
        " sent again as it is, given up, or copied to be written otherwise.",
        typed=("messages --send-again", "messages --drop"),
        group=CommandGroup.TICKET,
        unusable=_nothing_refused,
    ),
)
"""What can be done with the conversation under the cursor."""

ANSWER_COMMANDS: Final = {
    command.id: command
    for command in (
        Command(
            id="answer_send",
            title="Send",
            label="send",
            keys=("f2",),
            tooltip="Say whose step is next, and send it",
            help="Asks whose step is next, and sends what is written. For ten seconds it can be"
            " taken back by undo; what was written is then the draft again.",
            typed=("reply --text",),
            group=CommandGroup.ANSWER,
            action=Action.REPLY,
            unusable=never,
        ),
        Command(
            id="answer_internal",
            title="To the customer, or for us alone",
            label="internal",
            keys=("f3",),
            tooltip="Make it an internal note, or an answer again",
            help="Makes what is written an internal note, which no customer sees, or an answer to"
            " the customer again. Words and colour say which it is.",
            typed=("reply --internal",),
            group=CommandGroup.ANSWER,
            action=Action.REPLY,
            unusable=never,
        ),
        Command(
            id="answer_editor",
            title="Write it in $EDITOR",
            label="editor",
            keys=("f4",),
            tooltip="Go on in $VISUAL or $EDITOR, and come back",
            help="Goes on with what is written in $VISUAL or $EDITOR, and comes back with it.",
            typed=("reply --edit",),
            group=CommandGroup.ANSWER,
            action=Action.REPLY,
            unusable=never,
        ),
        Command(
            id="answer_canned",
            title="Put in a canned answer",
            label="canned",
            keys=("f5",),
            tooltip="Put in a text from the folder, with the ticket's fields",
            help="Puts in a text of the folder of canned answers where the cursor is, with the"
            " ticket's fields filled in: $subject, $name, $customer and more.",
            typed=("reply --canned",),
            group=CommandGroup.ANSWER,
            action=Action.REPLY,
            unusable=never,
        ),
    )
}
"""Every command of the answer's screen by its id, in the order in which help lists them."""

SHARED_WITH_CONVERSATION: Final = (
    *("reply", "fold_quotes", "attachments", "refused_answer", "take", "undo", "open_link"),
    *("down", "up", "page_down", "page_up", "first", "last", "back", "quit", "palette", "help"),
)
"""The board's commands that are as good while a whole conversation is read."""

SHARED_WITH_ANSWER: Final = (
    *("fold_quotes", "attachments"),
    *("down", "up", "page_down", "page_up", "first", "last", "back", "palette", "help"),
)
"""The board's commands that are as good while an answer is written: where keys are not text."""

HOLD_SECONDS: Final = 10
"""For how long an answer that was sent on the board can be taken back before it goes out."""

FOOTER_OF_CONVERSATION: Final[Mapping[str, tuple[str, ...]]] = {
    "conversation": ("reply", "fold_quotes", "attachments", "back"),
    "answer": ("answer_send", "answer_internal", "answer_canned", "answer_editor", "back"),
}
"""What the footer names, by the screen."""
