"""What a program may write: drafts, which wait where a person's own would, for them to send."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from policy.conversation.messages import checked_text
from policy.refusal import Refusal, quoted
from policy.words import Action
from tui.cli.invocation import Invocation
from tui.cli.notice_commands import notice_file, notice_text
from tui.environment.config import state_folder
from tui.environment.editor import kept_file, put_down
from tui.phrasing.engineering_facts import context_text, read_context_text

Told = dict[str, str]
"""What became of a draft: where it is kept for the person, and how they go on with it."""

_NOT_SENT: Final = (
    "It is a draft: nothing was sent or changed. A person reads, changes and sends it."
)


class Drafting:
    """Puts drafts down for one person, who alone can send them.

    What that person has begun themselves is never written over; a draft put down from here before
    may be replaced.
    """

    def __init__(self, invocation: Invocation) -> None:
        self._invocation = invocation
        self._put_down: dict[object, str] = {}

    def answer(self, reference: str, text: str, *, internal: bool) -> Told:
        """Put down an answer to the customer, or an internal note.

        Raises:
            Refusal: this person may not, there is no such ticket, nothing in the text, or the
                person has begun an answer themselves.
        """
        said = checked_text(text)
        with self._invocation.transaction() as desk:
            number = desk.tickets.resolve(reference)
            begun = desk.conversation.draft(number)
            if begun is not None and begun.text != self._put_down.get(number):
                raise Refusal(
                    f"#{number}: {desk.actor} has begun an answer, which is not written over"
                )
            desk.conversation.keep_draft(number, said, public=not internal)
            kept = desk.conversation.draft(number)
        self._put_down[number] = "" if kept is None else kept.text
        more = " --internal" if internal else ""
        return _told(f"r on the board, or: numberone reply {number} --edit{more}")

    def notice(self, reference: str, subject: str, text: str) -> Told:
        """Put down other words for the notice to whoever waits in a ticket.

        Raises:
            Refusal: this person may not send notices, nobody can be told of this ticket, nothing
                is in the text, or the person has worded it themselves.
        """
        with self._invocation.snapshot() as desk:
            _check(desk.look_only or desk.team.refusal_of(Action.SEND_WAITS))
            number = desk.tickets.resolve(reference)
            drafts = desk.waits.drafts_for([number])
        if not drafts:
            raise Refusal(f"#{number}: nobody waits in it who could be told")
        worded = notice_text(drafts[0].reworded(subject, text))
        file = notice_file(self._invocation, drafts[0])
        put_down(file, worded, before=self._put_down.get(file))
        self._put_down[file] = worded
        return _told(f"numberone waits draft {number} --send --edit")

    def context(self, reference: str, answers: Mapping[str, str]) -> Told:
        """Put down texts for names of a ticket's context for engineering that are still missing.

        Raises:
            Refusal: this person may not, there is no such ticket or name, a name is filled in
                already, or the person has begun to write the context themselves.
        """
        with self._invocation.snapshot() as desk:
            _check(desk.look_only or desk.team.refusal_of(Action.FILL_CONTEXT))
            card = desk.tickets.card(desk.tickets.resolve(reference))
        ticket, checklist = card.ticket, dict(card.engineering.checklist)
        for name in answers:
            if name not in checklist:
                raise Refusal(f"{quoted(name)}: {_expected(name, checklist)}")
            if checklist[name]:
                raise Refusal(f"#{ticket.id}: {name} is filled in already")
        written = context_text(ticket, tuple((checklist | dict(answers)).items()))
        read_context_text(written, card.engineering.checklist)
        file = kept_file(state_folder(), self._invocation.place, ticket.id)
        put_down(file, written, before=self._put_down.get(file))
        self._put_down[file] = written
        return _told(f"e on the board, then v; or: numberone context {ticket.id} --edit")


def _expected(name: str, checklist: Mapping[str, object]) -> str:
    near = get_close_matches(name, checklist, n=1)
    meant = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(checklist)}"
    return f"the policy asks for no such name; {meant}"


def _check(refusal: str | None) -> None:
    if refusal is not None:
        raise Refusal(refusal)


def _told(how: str) -> Told:
    return {"draft": _NOT_SENT, "the_person_goes_on_with": how}
