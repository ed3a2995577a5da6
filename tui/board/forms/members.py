"""A list of the team's people with a cursor, to choose one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tui.board.forms.lines import Lines
from tui.board.paint import Span
from tui.text import left_aligned, width

_NAME_AT_MOST: Final = 28


@dataclass(frozen=True, slots=True)
class Listed:
    """A member as the list shows them: the login, the name made harmless, and how they stand."""

    login: str
    name: str
    state: str
    out: bool


class MemberList(Lines[Listed]):
    """The members, each with how they stand."""

    def __init__(self, members: Sequence[Listed], login: str | None) -> None:
        places = [place for place, each in enumerate(members) if each.login == login]
        super().__init__(members, places[0] if places else 0)
        self._name_cells = min(
            _NAME_AT_MOST, max((width(each.name) for each in members), default=0)
        )

    @property
    def member(self) -> Listed:
        """Who is under the cursor."""
        return self.item

    def spans(self, item: Listed, *, here: bool) -> list[Span]:
        """Return a member's name, and how they stand."""
        name = left_aligned(item.name, self._name_cells)
        return [(name, self.role(here=here)), (f"   {item.state}", "dim")]
