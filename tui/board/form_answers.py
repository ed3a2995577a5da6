"""A form and what is done with its answer: it stays open until that is known to be in.

"What is typed is never lost. A form stays open until its answer is in; refused, it keeps every word
and says why; left, it offers its draft again."
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from store.changed_meanwhile import ChangedMeanwhile
from tui.board.desk_client import title_of
from tui.board.desk_screen import DeskScreen
from tui.board.seen import Seen
from tui.board.widgets.form import Form
from tui.board.widgets.pick import Picked

if TYPE_CHECKING:
    from store.desk import Desk, DeskReading

Answer = TypeVar("Answer")
Found = TypeVar("Found")

NO_ANSWER = "the database does not answer yet"


def ask(
    screen: DeskScreen,
    form: Form[Answer],
    name: str,
    action: "Callable[[Desk, Answer], str]",
    then: Callable[[], None] | None = None,
    *,
    on: Seen | None = None,
) -> None:
    """Open a form over a screen, and do with its answer what ``action`` does and says.

    ``name`` is what the work is called, ``then`` is called after it was done, and ``on`` is what
    the person sees of the tickets that it changes.
    """
    form.stay_for(
        lambda answer: carry_out(screen, form, name, lambda desk: action(desk, answer), then, on=on)
    )
    screen.app.push_screen(form)


def carry_out(
    screen: DeskScreen,
    form: Form[Any],
    name: str,
    action: "Callable[[Desk], str]",
    then: Callable[[], None] | None = None,
    *,
    on: Seen | None = None,
) -> None:
    """Do what a form's answer asks for: it leaves once that is in, or says why it is not.

    Whoever has left it meanwhile is told in a toast, and finds the words as a draft. Where others
    changed since what the person saw, they are asked.
    """

    def refused(reason: str) -> None:
        if form in screen.app.screen_stack:
            form.refuse(reason)
        else:
            screen.refuse(reason)

    def done() -> None:
        form.taken()
        if then is not None:
            then()

    def again() -> None:
        if form in screen.app.screen_stack:
            form.wait()

    if screen.client.desk is None:
        refused(NO_ANSWER)
    else:
        act(screen, name, action, done, refused, on=on, mine=form.in_short, again=again)


def act(
    screen: DeskScreen,
    name: str,
    action: "Callable[[Desk], str]",
    then: Callable[[], None] | None = None,
    refused: Callable[[str], None] | None = None,
    *,
    on: Seen | None = None,
    mine: str = "",
    again: Callable[[], object] | None = None,
) -> None:
    """Do something to what the person saw, as ``DeskClient.act`` does.

    Where others changed it since, that and ``mine``, what was answered in short, are shown, and
    the person asked which is to hold. ``again`` is called before it is done all the same.
    """
    seen = on or Seen()

    def changed(meanwhile: ChangedMeanwhile) -> None:
        from tui.board.conflict_form import ConflictForm  # noqa: PLC0415 - seldom needed

        seen.told(meanwhile)
        if refused is not None:
            refused(meanwhile.reason)
        title = title_of(name)
        question = ConflictForm(meanwhile, f"{title}: {mine}" if mine else title, screen.context)

        def answered(answer: Picked[bool]) -> None:
            question.taken()
            if answer.value:
                if again is not None:
                    again()
                attempt()

        question.stay_for(answered)
        screen.app.push_screen(question)

    def attempt() -> None:
        screen.client.act(name, action, then, refused, on=seen, changed=changed)

    attempt()


def ask_to_read(
    screen: DeskScreen,
    form: Form[Answer],
    name: str,
    reading: "Callable[[Answer, DeskReading], Found]",
    show: Callable[[Found], None],
) -> None:
    """Open a form over a screen, and ``show`` what is read of its answer; it stays until that is.

    Whoever has left it meanwhile wants to see nothing of it.
    """

    def found(value: Found) -> None:
        if form in screen.app.screen_stack:
            form.taken()
            show(value)

    def read(answer: Answer) -> None:
        if screen.client.desk is None:
            form.refuse(NO_ANSWER)
        else:
            screen.client.fetch(name, lambda desk: reading(answer, desk), found, form.refuse)

    form.stay_for(read)
    screen.app.push_screen(form)
