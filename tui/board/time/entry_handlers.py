"""What each command of the time screen does, and why it cannot be used just now."""

from typing import TYPE_CHECKING

from policy.phrases import span
from policy.words import Work
from tui.board.desk_screen import DeskScreen
from tui.board.form_answers import ask
from tui.board.time.entry_form import EntryAnswer, EntryForm
from tui.board.time.time_advice import spent_on
from tui.board.time.time_model import TimeView
from tui.environment.keymap import display

if TYPE_CHECKING:
    from policy.time.allocation import Suggestion
    from policy.time.entries import TimeEntry
    from store.desk import Desk


def work_without_ticket(screen: DeskScreen, work: Work) -> None:
    """Start the timer on work without a ticket."""
    screen.client.act("timer", lambda desk: started(desk.time.start_timer(work=work).entry))


def protected_time(screen: DeskScreen, suggestion: "Suggestion | None") -> None:
    """Take the internal ticket that is offered, and start the timer on it."""
    if suggestion is None:
        return
    ticket = suggestion.ticket

    def taking(desk: "Desk") -> str:
        with desk.transaction(), desk.one_action():
            desk.tickets.take(ticket.id)
            desk.time.start_timer(ticket.id)
        return f"#{ticket.id} is yours, and the timer runs on it: this time is protected."

    screen.client.act("timer", taking)


def edit_entry(screen: DeskScreen, entry: "TimeEntry | None") -> None:
    """Ask what is to become of an entry, and change it."""
    if entry is None:
        return

    def editing(desk: "Desk", answer: EntryAnswer) -> str:
        reference = answer.reference
        with desk.transaction():
            changed = desk.time.edit_entry(
                entry.id,
                started_at=answer.started_at,
                stopped_at=answer.stopped_at,
                ticket=None if reference is None else desk.tickets.resolve(reference),
                work=answer.work,
                note=answer.note,
            )
        return f"Changed: {span(changed.length(desk.now()))} on {spent_on(changed)}."

    form = EntryForm(entry, now=screen.context.clock, zone=screen.context.zone)
    ask(screen, form, "timer", editing)


def remove_entry(screen: DeskScreen, entry: "TimeEntry | None") -> None:
    """Take an entry out; ``undo`` brings it back."""
    if entry is None:
        return

    def removing(desk: "Desk") -> str:
        gone = desk.time.remove_entry(entry.id)
        return f"Removed: {span(gone.length(desk.now()))} on {spent_on(gone)}.{back}"

    keys = screen.context.keys
    back = f" {display(keys['undo'][0])} takes that back." if "undo" in keys else ""
    screen.client.act("timer", removing)


def started(entry: "TimeEntry", subject: str = "") -> str:
    """Return the sentence that says what the timer runs on."""
    return f"The timer runs on {spent_on(entry, subject)}."


def why_not(command: str, entry: "TimeEntry | None", time: TimeView | None) -> str | None:
    """Return why there is nothing to use a command on, None when there is."""
    if command in ("edit_entry", "remove_entry") and entry is None:
        return "there is no entry under the cursor"
    if command == "protected_time" and (time is None or time.mine.suggestion is None):
        return "no protected time is offered now"
    return None
