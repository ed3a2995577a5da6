"""What each command of the time screen does, and why it cannot be used just now."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from policy.phrases import span
from policy.words import Work
from tui.actions.time_actions import TIME_COMMANDS
from tui.board.time.entry_form import EntryAnswer, EntryForm
from tui.board.time.time_advice import spent_on
from tui.environment.keymap import display

if TYPE_CHECKING:
    from policy.time.entries import TimeEntry
    from store.desk import Desk
    from tui.board.time.time_screen import TimeScreen


def customer_work(screen: "TimeScreen") -> None:
    """Start the timer on customer work without a ticket."""
    _work_without_ticket(screen, Work.CUSTOMER)


def internal_work(screen: "TimeScreen") -> None:
    """Start the timer on internal work without a ticket."""
    _work_without_ticket(screen, Work.INTERNAL)


def _work_without_ticket(screen: "TimeScreen", work: Work) -> None:
    screen.board.link.act("timer", lambda desk: started(desk.time.start_timer(work=work).entry))


def protected_time(screen: "TimeScreen") -> None:
    """Take the internal ticket that is offered, and start the timer on it."""
    suggestion = screen.board.time.mine.suggestion if screen.board.time else None
    if suggestion is None:
        return
    ticket = suggestion.ticket

    def taking(desk: "Desk") -> str:
        with desk.transaction(), desk.one_action():
            desk.tickets.take(ticket.id)
            desk.time.start_timer(ticket.id)
        return f"#{ticket.id} is yours, and the timer runs on it: this time is protected."

    screen.board.link.act("timer", taking)


def edit_entry(screen: "TimeScreen") -> None:
    """Ask what is to become of the entry under the cursor, and change it."""
    entry = screen.entry
    if entry is None:
        return

    def answered(answer: EntryAnswer | None) -> None:
        if answer is None:
            return

        def editing(desk: "Desk") -> str:
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

        screen.board.link.act("timer", editing)

    form = EntryForm(entry, now=screen.board.setting.clock, zone=screen.board.setting.zone)
    screen.board.app.push_screen(form, answered)


def remove_entry(screen: "TimeScreen") -> None:
    """Take the entry under the cursor out; ``undo`` brings it back."""
    entry = screen.entry
    if entry is None:
        return

    def removing(desk: "Desk") -> str:
        gone = desk.time.remove_entry(entry.id)
        return f"Removed: {span(gone.length(desk.now()))} on {spent_on(gone)}.{back}"

    keys = screen.board.setting.keys
    back = f" {display(keys['undo'][0])} takes that back." if "undo" in keys else ""
    screen.board.link.act("timer", removing)


def started(entry: "TimeEntry", subject: str = "") -> str:
    """Return the sentence that says what the timer runs on."""
    return f"The timer runs on {spent_on(entry, subject)}."


TIME_DEEDS: Final[Mapping[str, Callable[["TimeScreen"], None]]] = {
    "protected_time": protected_time,
    "customer_work": customer_work,
    "internal_work": internal_work,
    "edit_entry": edit_entry,
    "remove_entry": remove_entry,
}
"""What each command of the time screen does."""


def why_not(screen: "TimeScreen", command: str) -> str | None:
    """Return why a command cannot be used now in one sentence, None when it can."""
    reason = TIME_COMMANDS[command].disabled(screen.board.situation())
    if reason is not None:
        return reason
    if command in ("edit_entry", "remove_entry") and screen.entry is None:
        return "there is no entry under the cursor"
    time = screen.board.time
    if command == "protected_time" and (time is None or time.mine.suggestion is None):
        return "no protected time is offered now"
    return None
