"""The server of the Model Context Protocol: which tools there are, and how they are answered."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Final

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from policy.refusal import Refusal
from tui.cli.invocation import Invocation
from tui.environment.config import state_folder
from tui.environment.fault_log import note_fault
from tui.phrasing.text import plain_line
from tui.programs.drafting import Drafting, Told
from tui.programs.looking import ABOUT, Looking, Seen

_INSTRUCTIONS: Final = (
    "A support team's queue, in the order that its policy gives: there is always one ticket that"
    " comes first. The tools look, and put down drafts; nothing can be sent, taken or changed from"
    f" here, a person does that. {ABOUT}"
)
_LOOKS: Final = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_DRAFTS: Final = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

Reference = Annotated[str, Field(description="Our number, such as 4127, or source:external_id.")]
Query = Annotated[str, Field(description="Words and fields, as in: assignee:me is:late login")]
Limit = Annotated[int, Field(ge=1, le=200, description="At most so many tickets.")]
Days = Annotated[int, Field(ge=1, le=366, description="The last so many days.")]
Wording = Annotated[str, Field(description="The whole text, as the person may send it.")]
Answers = Annotated[
    dict[str, str], Field(description="A text for each name of the context that is missing.")
]


def serve(invocation: Invocation) -> None:
    """Answer on standard input and output until the program at the other end closes them."""
    server = MCPServer[None]("numberone", instructions=_INSTRUCTIONS, log_level="ERROR")
    one = threading.Lock()
    _add_looks(server, Looking(invocation), one)
    _add_drafts(server, Drafting(invocation), one)
    server.run("stdio")


def _add_looks(server: MCPServer[None], looking: Looking, one: threading.Lock) -> None:
    @server.tool(annotations=_LOOKS)
    def number_one() -> Seen:
        """Give the ticket that comes first now, and why."""
        with _told_in_words(one):
            return looking.number_one()

    @server.tool(annotations=_LOOKS)
    def queue(query: Query = "", limit: Limit = 20) -> Seen:
        """Give the queue in its order, or what a query finds, which may be beyond the queue."""
        with _told_in_words(one):
            return looking.queue(query, limit)

    @server.tool(annotations=_LOOKS)
    def ticket(ticket: Reference) -> Seen:
        """Give all about one ticket, with its conversation and what happened to it."""
        with _told_in_words(one):
            return looking.ticket(ticket)

    @server.tool(annotations=_LOOKS)
    def team() -> Seen:
        """Give who is in now, when the others arrive, and the level of capacity."""
        with _told_in_words(one):
            return looking.team()

    @server.tool(annotations=_LOOKS)
    def waits() -> Seen:
        """Give who is to be told that they will wait, and what became of the notices before."""
        with _told_in_words(one):
            return looking.waits()

    @server.tool(annotations=_LOOKS)
    def report(days: Days = 7) -> Seen:
        """Give what the last days looked like, in figures."""
        with _told_in_words(one):
            return looking.report(days)


def _add_drafts(server: MCPServer[None], drafting: Drafting, one: threading.Lock) -> None:
    @server.tool(annotations=_DRAFTS)
    def draft_answer(ticket: Reference, text: Wording, internal: bool = False) -> Told:
        """Put down an answer to the customer, or an internal note, for the person to send."""
        with _told_in_words(one):
            return drafting.answer(ticket, text, internal=internal)

    @server.tool(annotations=_DRAFTS)
    def draft_notice(ticket: Reference, subject: Wording, text: Wording) -> Told:
        """Put down other words for the notice to whoever waits, for the person to send."""
        with _told_in_words(one):
            return drafting.notice(ticket, subject, text)

    @server.tool(annotations=_DRAFTS)
    def draft_context(ticket: Reference, answers: Answers) -> Told:
        """Put down what is missing of the context for engineering, for the person to fill in."""
        with _told_in_words(one):
            return drafting.context(ticket, _as_lines(answers))


def _as_lines(answers: Mapping[str, str]) -> Mapping[str, str]:
    return {name: text.strip() for name, text in answers.items()}


@contextmanager
def _told_in_words(one: threading.Lock) -> Iterator[None]:
    """Answer one call after the other; a refusal, and a fault, is one line for the program."""
    with one:
        try:
            yield
        except Refusal as refusal:
            raise ToolError(plain_line(refusal.reason)) from None
        except Exception as fault:
            noted = note_fault(state_folder(), fault)
            raise ToolError(f"a fault of its own, {type(fault).__name__}; {noted}") from None
