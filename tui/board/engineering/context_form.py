"""The context for engineering: a field for each name of the policy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Label, TextArea

from policy.engineering.wording import in_words
from policy.refusal import one_of
from policy.ticket import Ticket
from tui.actions.declaration import Offer
from tui.board.widgets.form import NEXT_FIELD, Form
from tui.board.widgets.styles import Span
from tui.phrasing.text import plain_line, shortened, typeable

if TYPE_CHECKING:
    from store.read_models import TowardsEngineering

_LONGEST_LABEL: Final = 20

_EXAMPLES: Final[Mapping[str, str]] = {
    "environment": "e.g. 4.2.1, self-hosted on Debian 12",
    "steps_to_reproduce": "e.g. 1. open a project  2. press Export",
    "logs": "e.g. the error with its time, or where the logs lie",
    "recent_changes": "e.g. updated on Monday; nothing else",
    "who_is_affected": "e.g. all 40 people of their team",
    "urgency": "e.g. they report on Friday; a workaround holds until then",
}
"""What may be said under names that many desks ask for; others have no example."""


@dataclass(frozen=True, slots=True)
class FilledContext:
    """What is no longer as it was, by its names, and whether it goes to engineering with it.

    ``as_it_is`` is the second word, where some of it says little.
    """

    answers: Mapping[str, str]
    hand_over: bool
    as_it_is: bool = False


class ContextForm(Form[FilledContext]):
    """Asks for what engineering needs; keeps what is there, complete or not.

    Once it is complete, the same key that keeps it hands the ticket over.
    """

    AUTO_FOCUS = "TextArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "keep", "Keep, and hand over", show=False),
        Binding("f3", "only_keep", "Only keep", show=False),
    ]
    verb = "keep"

    def __init__(self, ticket: Ticket, towards: "TowardsEngineering") -> None:
        super().__init__(f"Context for engineering: #{ticket.id} {plain_line(ticket.subject)}")
        self._areas = {
            name: TextArea(
                typeable(text or ""),
                tab_behavior="focus",
                compact=True,
                placeholder=plain_line(towards.examples.get(name, _EXAMPLES.get(name, ""))),
            )
            for name, text in towards.checklist
        }
        self._fewest_words = towards.fewest_words
        self._asked_about: tuple[str, ...] = ()
        self._began_as = {name: area.text for name, area in self._areas.items()}
        self._only_keep = False

    def fields(self) -> ComposeResult:
        """Yield a field a name, the first empty one with the keys."""
        with VerticalScroll(classes="context-fields", can_focus=False):
            for name, area in self._areas.items():
                label = Label(
                    shortened(plain_line(in_words(name)), _LONGEST_LABEL),
                    classes="label",
                    markup=False,
                )
                yield Horizontal(label, area, classes="field context-field")

    def on_mount(self) -> None:
        """Begin where something is missing."""
        empty = (area for area in self._areas.values() if not area.text)
        first = next(empty, next(iter(self._areas.values()), None))
        if first is not None:
            first.focus()
        self._count()

    def on_text_area_changed(self) -> None:
        """Say how much there is."""
        self._count()

    def keys(self) -> list[Span]:
        """Return the keys that the last line names."""
        return [
            ("F2", "key"), (" keep, and hand over once complete   ", "dim"),
            ("F3", "key"), (" only keep   ", "dim"), *NEXT_FIELD,
            ("esc", "key"), (" leave", "dim"),
        ]  # fmt: skip

    def offers(self) -> Iterator[Offer]:
        """Yield what the keys do."""
        hands_over = "Keep what is there; once it is complete, engineering has it"
        yield Offer("Keep and hand over", hands_over, None, self.action_keep)
        yield Offer("Only keep", "Keep what is there, and no more", None, self.action_only_keep)
        yield from (offer for offer in super().offers() if offer.use == self.action_leave)

    def action_keep(self) -> None:
        """Keep what is there, and hand the ticket over when that is all that is needed.

        "A field that says less is named as thin, and handing over then needs a second word."
        """
        self._only_keep = False
        little = self._thin
        if self._is_complete and little and little != self._asked_about:
            self._asked_about = little
            named = one_of(map(in_words, little), "and")
            self.say(
                ("! ", "soon"),
                (plain_line(f"{named} says little; "), "soon"),
                ("F2", "key"),
                (" once more hands it over as it is", "soon"),
            )
            return
        self.send()

    def action_only_keep(self) -> None:
        """Keep what is there, and no more."""
        self._only_keep = True
        self.send()

    def answer(self) -> FilledContext:
        """Return what is no longer as it was, and whether it is complete and goes on."""
        changed = {
            name: area.text
            for name, area in self._areas.items()
            if area.text != self._began_as[name]
        }
        hand_over = self._is_complete and not self._only_keep
        return FilledContext(changed, hand_over=hand_over, as_it_is=bool(self._asked_about))

    @property
    def _thin(self) -> tuple[str, ...]:
        """Return the names whose text has fewer words than the policy asks for."""
        return tuple(
            name
            for name, area in self._areas.items()
            if 0 < len(area.text.split()) < self._fewest_words.get(name, 0)
        )

    @property
    def _there(self) -> int:
        return sum(bool(area.text.strip()) for area in self._areas.values())

    @property
    def _is_complete(self) -> bool:
        return self._there == len(self._areas)

    def _count(self) -> None:
        spans: list[Span] = [(f"{self._there} of {len(self._areas)} filled in, ", "dim")]
        if self._is_complete:
            spans += [("complete: ", "bright"), ("F2", "key"), (" hands it over.", "bright")]
        else:
            spans += [("the rest is missing.", "dim")]
        self.say(*spans)
