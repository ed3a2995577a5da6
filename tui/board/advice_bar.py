"""What the board says in passing when level or mode change: a few lines that one may dismiss."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui.board.widgets.footer import Footer
from tui.board.widgets.styles import Span, content, cut, spread
from tui.environment.keymap import Keys, display
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from policy.capacity.advice import CapacityState
    from store.notices.notice_models import Waits
    from store.read_models import Overview

_SENTENCES: Final = 3
_TALL: Final = 30
"""On a screen of fewer lines than that a single line follows the title: the panel says it all."""


@dataclass(frozen=True, slots=True)
class Said:
    """A prompt: its title, its sentences, whether it has become more to bear, and why.

    ``worse`` is None for what is neither. ``offers`` are commands with a word for each, in place
    of the one that shows who waits.
    """

    title: str
    text: str
    worse: bool | None
    why: str = ""
    offers: tuple[tuple[str, str], ...] = ()


class AdviceBar(Widget):
    """Draws the prompt under the banner; it is no taller than it must be, and gone without one."""

    def __init__(self) -> None:
        super().__init__()
        self._said: Said | None = None
        self._waiting = ""
        self._keys: list[Span] = []

    @property
    def said(self) -> Said | None:
        """What is said now."""
        return self._said

    def say(self, said: Said | None) -> None:
        """Say something else, or nothing."""
        self._said = said
        self.set_class(said is not None, "-says")
        self.refresh()

    def remind(self, waits: "Waits | None", keys: Keys) -> None:
        """Say who is to be told that they will wait, and the keys for that."""
        offers = self._said.offers if self._said is not None else ()
        waiting = "" if offers else _who_waits(waits)
        if waiting:
            offers = (("waits", "waits"),)
        spans = [
            span
            for command, word in (*offers, ("back", "dismiss"))
            for span in ((display(keys[command][0]), "key"), (f" {word}  ", "dim"))
        ]
        self._remind(waiting, [*spans[:-1], (spans[-1][0].rstrip(), "dim")])

    def _remind(self, waiting: str, keys: list[Span]) -> None:
        if (waiting, keys) != (self._waiting, self._keys):
            self._waiting, self._keys = waiting, keys
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - as in Widget
        """Return how many lines there are to say."""
        return len(self._lines(width, viewport.height))

    def render(self) -> Content:
        """Return the lines, as many as there is room for."""
        return Content("\n").join(self._lines(self.content_size.width, self.app.size.height))

    def on_click(self) -> None:
        """Go back a step, as the key does that stands in the prompt."""
        self.post_message(Footer.Clicked("back"))

    def _lines(self, cells: int, height: int) -> list[Content]:
        if self._said is None:
            return []
        sentences = _SENTENCES if height >= _TALL else 1
        return advice_lines(self._said, self._waiting, self._keys, cells, sentences)


_SIGNS: Final[dict[bool | None, Span]] = {
    True: ("▲ ", "loud"),
    False: ("▼ ", "frame"),
    None: ("◷ ", "frame"),
}


def advice_lines(
    said: Said, waiting: str, keys: list[Span], cells: int, lines: int = _SENTENCES
) -> list[Content]:
    """Return the title with its keys, then what follows, who waits and why, in so many lines."""
    title = content(spread([_SIGNS[said.worse], (said.title, "bright")], keys, cells))
    text = plain_line(" ".join(filter(None, [said.text, waiting, said.why])))
    wrapped = content([(text, "")]).wrap(max(1, cells - 2))
    if len(wrapped) > lines:
        last = content(cut([(f"{wrapped[lines - 1].plain} …", "")], cells - 2))
        wrapped = [*wrapped[: lines - 1], last]
    return [title, *(Content("  ") + line for line in wrapped)]


def _who_waits(waits: "Waits | None") -> str:
    if waits is None or not waits.drafts:
        return ""
    from policy.capacity.advice import waits_sentence  # noqa: PLC0415 - heavy before the first frame

    return waits_sentence(waits.drafts, waits.words)


class Situations:
    """Compares each reading with the one before; the first is only remembered."""

    def __init__(self) -> None:
        self._before: CapacityState | None = None

    def see(self, overview: "Overview") -> Said | None:
        """Return what to say now that things stand as in ``overview``, None to say nothing."""
        # Both are there already once something was read; before that, they would cost too much.
        from policy.capacity.advice import CapacityState, advice_between  # noqa: PLC0415 - it brings the rules

        now = CapacityState(capacity=overview.capacity, mode=overview.mode)
        before, self._before = self._before, now
        prompt = None if before is None else advice_between(before, now, overview.words)
        if prompt is None:
            return None
        why = now.capacity.why  # the last to be said: it is what may be cut, and asked for
        return Said(prompt.title, prompt.text.removeprefix(why).strip(), prompt.worse, why)
