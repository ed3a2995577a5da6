"""What may be done once only, however often it is asked for."""

from textual.app import ComposeResult
from textual.widgets import Input, Label

from tui.board.widgets.form import Form
from tui.board.widgets.once import OnceApp, OnceScreen, once


class _Over(OnceScreen[int]):
    def compose(self) -> ComposeResult:
        yield Label("over")


class _Ground(_Over):
    is_ground = True


def test_a_command_is_used_once() -> None:
    used: list[int] = []
    use = once(lambda: used.append(1))
    use()
    use()
    assert used == [1]


async def test_one_screen_of_a_kind_is_open_and_it_closes_once() -> None:
    app, answers = OnceApp[None](), list[int | None]()
    async with app.run_test() as pilot:
        first = _Over()
        app.push_screen(first, answers.append)
        await app.push_screen(_Over(), answers.append)
        await pilot.pause()
        assert app.screen_stack[1:] == [first]
        first.dismiss(1)
        first.dismiss(2)
        await pilot.pause()
        assert answers == [1]
        assert len(app.screen_stack) == 1
        await app.push_screen(_Over())
        assert len(app.screen_stack) == 2


async def test_over_another_ground_the_same_kind_opens_again() -> None:
    app = OnceApp[None]()
    async with app.run_test():
        for screen in (_Over(), _Ground(), _Over(), _Over(), _Ground()):
            await app.push_screen(screen)
        assert [type(each) for each in app.screen_stack[1:]] == [_Over, _Ground, _Over]


async def test_a_screen_under_another_is_not_closed_by_a_late_key() -> None:
    app = OnceApp[None]()
    async with app.run_test() as pilot:
        below, above = _Over(), _Ground()
        await app.push_screen(below)
        await app.push_screen(above)
        below.dismiss()
        await pilot.pause()
        assert app.screen_stack[1:] == [below, above]


class _Asking(Form[str]):
    def fields(self) -> ComposeResult:
        yield Input("said", id="word")

    def answer(self) -> str:
        return self.query_one("#word", Input).value


async def test_a_form_whose_fields_are_not_there_yet_or_no_more_sends_nothing() -> None:
    app, answers = OnceApp[None](), list[str | None]()
    async with app.run_test() as pilot:
        form = _Asking("A word")
        opened = app.push_screen(form, answers.append)
        form.send()
        await opened
        assert answers == []
        form.send()
        await pilot.pause()
        form.send()
        assert answers == ["said"]
