"""The question before the board is left while something is half written."""

from tui.board.widgets.pick import Option, Pick


class LeavingForm(Pick[bool]):
    """Asks whether to stay, which comes first, or to leave what was written and the board."""

    def __init__(self) -> None:
        super().__init__(
            "Leave the board? Something is half written.",
            [
                Option(value=False, key="s", label="stay", meaning="go on writing"),
                Option(value=True, key="l", label="leave", meaning="what is written is lost"),
            ],
        )
