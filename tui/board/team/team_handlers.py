"""What is done about the team and who waits."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from policy.phrases import MODE_NAMES
from policy.roster.members import Roster
from policy.roster.permissions import refusal_for
from policy.words import Action
from tui.board.form_answers import carry_out
from tui.board.screen import BoardScreen
from tui.board.seen import Seen
from tui.board.team.capacity_panel import CapacityPanel
from tui.board.team.mode_form import ModeAnswer, ModeForm
from tui.board.team.out_form import AbsenceChange, OutAnswer, OutForm, WantedAbsence
from tui.board.waits.waits_screen import WaitsScreen

if TYPE_CHECKING:
    from store.desk import Desk
    from store.team.team_models import Consequence


def out(board: BoardScreen) -> None:
    """Ask who is out or back, say what that does, and do it.

    It begins with the person under the cursor, or else with oneself where only a lead may mark
    others, and stays until it is done.
    """
    under = board.panes.team.login if board.panes.current == "team" else None
    if under is None and not _may_mark_others(board):
        under = board.actor
    loads = {load.login: load.total for load in board.state.loads} if board.state else {}

    def change(answer: OutAnswer) -> None:
        on = Seen(ticket for ticket, _ in answer.hand_overs)
        is_full = _is_at_capacity(board, answer.wanted.login)
        carry_out(board, form, "out", lambda desk: _change(desk, answer, is_full), on=on)

    form = OutForm(
        board.team,
        under,
        foreseeing(board),
        board.context,
        loads=loads,
        stay=change,
    )
    board.app.push_screen(form)


def _may_mark_others(board: BoardScreen) -> bool:
    roster = board.team.of or Roster()
    return refusal_for(Action.CHANGE_WHO_IS_OUT, board.actor, roster) is None


def foreseeing(board: BoardScreen) -> "Callable[[WantedAbsence], Consequence]":
    """Return what asks the desk what a change would do; it refuses where the desk cannot say."""

    def foreseen(desk: "Desk", wanted: WantedAbsence) -> "Consequence":
        if wanted.change is AbsenceChange.BACK:
            return desk.team.if_back(wanted.login, which=wanted.which)
        times = wanted.start, wanted.until, wanted.reason
        if wanted.which is not None:
            return desk.team.if_changed(wanted.login, wanted.which, *times)
        return desk.team.if_out(wanted.login, *times)

    return lambda wanted: board.client.answer(lambda desk: foreseen(desk, wanted))


def _change(desk: "Desk", answer: OutAnswer, is_full: bool) -> str:
    wanted = answer.wanted
    if wanted.change is AbsenceChange.AT_CAPACITY:
        return desk.team.set_at_capacity(wanted.login, not is_full)
    if wanted.change is AbsenceChange.BACK:
        return desk.team.mark_back(wanted.login, which=wanted.which)
    times = wanted.start, wanted.until, wanted.reason
    with desk.transaction(), desk.one_action():
        if wanted.which is None:
            said = desk.team.mark_out(wanted.login, *times)
        else:
            said = desk.team.change_absence(wanted.login, wanted.which, *times)
        for ticket, login in answer.hand_overs:
            desk.tickets.assign(ticket.id, login)
    count = len(answer.hand_overs)
    tickets = "1 ticket is" if count == 1 else f"{count} tickets are"
    return f"{said} {tickets} handed over." if count else said


def mode(board: BoardScreen) -> None:
    """Ask which mode is to be in force, why and until when, and set it."""
    state, zone = board.state, board.context.zone
    if state is None:
        return

    def change(desk: "Desk", answer: ModeAnswer) -> str:
        in_force = desk.policy.set_mode(answer.mode, reason=answer.reason, until=answer.until)
        if answer.mode is None:
            return f"The mode is left to the level: {MODE_NAMES[in_force.mode]}."
        return f"{MODE_NAMES[in_force.mode].capitalize()} now. {in_force.why}"

    def answered(answer: ModeAnswer) -> None:
        carry_out(board, form, "mode", lambda desk: change(desk, answer), on=seen)

    seen = Seen(revision=state.overview.revision)
    form = ModeForm(state.overview.mode, board.context.clock, zone, answered)
    board.app.push_screen(form)


def at_capacity(board: BoardScreen) -> None:
    """Say that somebody takes no new tickets, or does again: the person under the cursor, or me."""
    under = board.panes.team.login if board.panes.current == "team" else None
    login = under or board.actor
    takes_none = not _is_at_capacity(board, login)
    board.client.act("at_capacity", lambda desk: desk.team.set_at_capacity(login, takes_none))


def _is_at_capacity(board: BoardScreen, login: str) -> bool:
    """Return whether somebody is at capacity as the board shows them, whatever they are by now."""
    member = (board.team.of or Roster()).member(login)
    return member is not None and member.at_capacity


def waits(board: BoardScreen) -> None:
    """Show who waits."""
    board.app.push_screen(WaitsScreen(board))


def capacity(board: BoardScreen) -> None:
    """Say why the level and the mode are what they are."""
    if board.state is not None:
        board.app.push_screen(CapacityPanel(board))
