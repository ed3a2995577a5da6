"""The lines of the team pane: who is in, arriving and out, folded to the room there is."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from policy.phrases import span
from policy.ticket import Ticket
from policy.vocabulary import NO_WORDS, Vocabulary
from store.team.team_models import Load
from tui.board.team.cover_strip import cover_lines
from tui.board.team.team_model import Person, TeamView
from tui.board.widgets.styles import Span, content, cut, spans_width, spread
from tui.phrasing import times
from tui.phrasing.badges import role_of
from tui.phrasing.text import left_aligned, plain_line, right_aligned

_ROOMY: Final = 70
"""From so many cells on, a section's name stands before its people instead of above them."""

_TALL: Final = 20
"""In so many lines and more the chart of cover is higher, and a gap is said in full."""

_LABEL: Final = 13
_NAME: Final = 16
_LOAD: Final = 4
_AT_LEAST: Final = 2
"""So many lines has every section with people in it, however little room there is."""


class Whose(NamedTuple):
    """What the cursor stands on: a person, what nobody has, or the rest of a section."""

    kind: str
    name: str = ""


NOBODY: Final = Whose("nobody")


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A line of the pane, and what the cursor stands on in it, if it can.

    ``whole`` are the lines in its place that leave nothing out, for where there is room for them.
    """

    spans: Sequence[Span]
    whose: Whose | None = None
    whole: "tuple[TeamLine, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFacts:
    """All that the pane shows: the team, who is assigned what, and how many are nobody's."""

    view: TeamView
    loads: tuple[Load, ...]
    unassigned: int
    words: Vocabulary = NO_WORDS

    @property
    def nobodys(self) -> str:
        """What those are called that are nobody's: some may have a holder who is away."""
        return "nobody's" if any(load.nobodys for load in self.loads) else "unassigned"


def facts_of(view: TeamView, loads: tuple[Load, ...], queue: int, words: Vocabulary) -> TeamFacts:
    """Return what the pane shows while ``queue`` tickets wait, in the policy's ``words``."""
    assigned = sum(load.total - load.nobodys for load in loads)
    unassigned = max(0, queue - assigned)
    return TeamFacts(view=view, loads=loads, unassigned=unassigned, words=words)


@dataclass(frozen=True, slots=True)
class Room:
    """The cells of a line, and the lines there are without scrolling."""

    cells: int
    lines: int


def team_lines(
    facts: TeamFacts,
    now: datetime,
    zone: tzinfo | None,
    room: Room,
    unfolded: AbstractSet[str] = frozenset(),
) -> list[TeamLine]:
    """Return the pane's lines; times are shown in ``zone``, as of ``now`` (UTC).

    Where not all people have room, each section names the soonest and says how many more there
    are, unless it is one of the ``unfolded``.
    """
    if not facts.view.people:
        return list(_assigned_lines(facts, room.cells))
    roomy = room.cells >= _ROOMY
    tall = room.lines >= _TALL
    chart = cover_lines(facts.view, now, zone, room.cells, tall=tall)
    cover = [TeamLine(spans) for spans in chart]
    sections = _sections(facts, _Words(facts, now, zone, room.cells))
    apart = [TeamLine([])] if cover else []
    heads = 0 if roomy else len(sections)
    left = room.lines - len(cover) - len(apart) - heads - bool(facts.unassigned)
    wanted = [len(section.people) for section in sections]
    shares = allot(wanted, left)
    airy = not roomy and sum(wanted) + len(sections) <= left
    lines: list[TeamLine] = []
    for section, share in zip(sections, shares, strict=True):
        lines += [TeamLine([])] if airy and lines else []
        shown = section.people if section.title in unfolded else _folded(section, share)
        lines += _beside(section, shown) if roomy else _below(section, shown, room.cells)
    if facts.unassigned:
        counted = [(f"{facts.unassigned:,}", "dim")]
        label = [(facts.nobodys, "dim")]
        lines += [TeamLine([])] if airy else []
        lines.append(TeamLine(spread(label, counted, room.cells), NOBODY))
    return _whole([*lines, *apart, *cover], room.lines)


def _whole(lines: Sequence[TeamLine], room: int) -> list[TeamLine]:
    """Return the lines, with nothing left out of those for which there is room."""
    spare = room - len(lines)
    shown: list[TeamLine] = []
    for line in lines:
        more = len(line.whole) - 1
        fits = 0 < more <= spare
        spare -= more if fits else 0
        shown += line.whole if fits else [line]
    return shown


def allot(wanted: Sequence[int], room: int) -> list[int]:
    """Return how many lines each section gets: as equal as can be, none more than it wants."""
    given = [min(each, _AT_LEAST) for each in wanted]
    left = room - sum(given)
    while left > 0:
        open_ones = [place for place, each in enumerate(wanted) if given[place] < each]
        if not open_ones:
            break
        place = min(open_ones, key=lambda place: given[place])
        given[place] += 1
        left -= 1
    return given


@dataclass(frozen=True, slots=True)
class _Section:
    """A title with how many people it has, and a line for each of them."""

    title: str
    note: str
    people: list[TeamLine]


def _sections(facts: TeamFacts, words: "_Words") -> list[_Section]:
    view = facts.view
    shown = {person.login for person in (*view.in_now, *view.arriving, *view.out)}
    others = [
        Person(login=load.login, name=view.name(load.login), at=None)
        for load in facts.loads
        if load.login not in shown
    ]
    nobody = [TeamLine([("nobody", "dim")])]
    sections = [
        _Section("In now", "left  has", [words.there(each) for each in view.in_now] or nobody),
        _Section("Arriving next", "", [words.arriving(each) for each in view.arriving]),
        _Section("Out", "", [words.out(each) for each in view.out]),
        _Section("Others", "", [words.other(each) for each in others]),
    ]
    return [section for section in sections if section.people]


class _Words:
    """Puts one person into one line."""

    def __init__(self, facts: TeamFacts, now: datetime, zone: tzinfo | None, cells: int) -> None:
        self._loads = {load.login: load for load in facts.loads}
        self._policy = facts.words
        self._now, self._zone = now, zone
        self._roomy = cells >= _ROOMY
        self._cells = cells - _LABEL if self._roomy else cells

    def there(self, person: Person) -> TeamLine:
        return self._line(person, f"{self._until(person.at)} left", _at_capacity(person))

    def arriving(self, person: Person) -> TeamLine:
        return self._line(person, f"in {self._until(person.at)}", _at_capacity(person))

    def out(self, person: Person) -> TeamLine:
        why: list[Span] = [(person.why, "dim")] if person.why else []
        if person.at is None:
            return self._line(person, "until further notice", why, narrow="open end")
        back = times.at(person.at, self._now, self._zone)
        return self._line(person, f"until {back}", why, narrow=back)

    def other(self, person: Person) -> TeamLine:
        return self._line(person, "", [])

    def _until(self, at: datetime | None) -> str:
        left = timedelta(0) if at is None else times.until(at, self._now)
        return span(max(left, timedelta(0)))

    def _line(
        self, person: Person, when: str, note: list[Span], *, narrow: str | None = None
    ) -> TeamLine:
        """Return the line: where there is room the time is put in words, and all in columns.

        Else the time stands short at the right, or what is ``narrow`` in place of time and load.
        """
        load = self._loads.get(person.login)
        role = "strong" if load else ""
        count = (right_aligned(f"{load.total:,}" if load else "–", _LOAD), role or "dim")
        name, whose = (person.name, role), Whose("person", person.login)
        if not self._roomy:
            compact = times.in_column(person.at, self._now) if person.at and when else ""
            right = [(compact, ""), count] if narrow is None else [(narrow, "")]
            return self._narrow_line(name, note, right, whose)
        left: list[Span] = [(left_aligned(person.name, _NAME), role), ("  ", "")]
        left += [(left_aligned(when, _WHEN), ""), *note]
        counts = list(_counts(load, self._policy)) if load else []
        fits = spans_width([*left, *counts, count]) < self._cells
        return TeamLine(spread(left, [*(counts if fits else []), count], self._cells), whose)

    def _narrow_line(
        self, name: Span, note: list[Span], right: list[Span], whose: Whose
    ) -> TeamLine:
        """Return the line; a note that does not fit is cut, or below it where there is room."""
        left = [name, ("  ", ""), *note] if note else [name]
        if not note or spans_width([*left, *right]) < self._cells:
            return TeamLine(spread(left, right, self._cells), whose)
        first = TeamLine(spread([name], right, self._cells), whose)
        below = content(note).wrap(max(1, self._cells - 2))
        rest = (TeamLine([("  ", ""), (text.plain, note[0][1])], whose) for text in below)
        short = [_FULL] if note == [_AT_CAPACITY] else note
        cut_line = spread([name, ("  ", ""), *short], right, self._cells)
        return TeamLine(cut_line, whose, (first, *rest))


_AT_CAPACITY: Final[Span] = ("at capacity", "soon")
_FULL: Final[Span] = ("full", "soon")


def _at_capacity(person: Person) -> list[Span]:
    return [_AT_CAPACITY] if person.at_capacity else []


_WHEN: Final = 21


def _counts(load: Load, words: Vocabulary) -> Iterator[Span]:
    counts = load.by_priority
    for priority in sorted(counts, key=lambda each: (words.priority_rank(each), each)):
        if count := counts[priority]:
            yield words.priority_badge(priority), role_of(words, priority)
            yield f" {count:,}  ", "dim"


def _folded(section: _Section, lines: int) -> list[TeamLine]:
    if len(section.people) <= lines:
        return section.people
    kept = max(0, lines - 1)
    more = [(f"and {len(section.people) - kept:,} more", "dim")]
    return [*section.people[:kept], TeamLine(more, Whose("more", section.title))]


def _below(section: _Section, shown: Sequence[TeamLine], cells: int) -> list[TeamLine]:
    count = sum(line.whose is not None for line in section.people)
    title = [(section.title, "heading"), (f" {count:,}", "dim")]
    return [TeamLine(spread(title, [(section.note, "dim")], cells)), *shown]


def _beside(section: _Section, shown: Sequence[TeamLine]) -> list[TeamLine]:
    count = sum(line.whose is not None for line in section.people)
    labels = [f"{section.title.split()[0]} {count:,}"] + [""] * len(shown)
    return [
        TeamLine([(left_aligned(label, _LABEL), "heading"), *line.spans], line.whose)
        for label, line in zip(labels, shown, strict=False)
    ]


def _assigned_lines(facts: TeamFacts, cells: int) -> Iterator[TeamLine]:
    """Yield who is assigned what, a person a block: what is known without a team."""
    for load in facts.loads:
        for spans in load_lines(load, facts.words, cells):
            yield TeamLine(spans, Whose("person", load.login))
        yield TeamLine([], Whose("person", load.login))
    if facts.unassigned:
        counted = [(f"{facts.unassigned:,} ", "dim")]
        yield TeamLine(spread([(facts.nobodys, "dim")], counted, cells), NOBODY)


def load_lines(load: Load, words: Vocabulary, cells: int) -> list[list[Span]]:
    """Return a person's lines: who and how many, how many of each priority, the first ones."""
    total = [(f"{load.total:,} ", "strong")]
    name = [(plain_line(load.login), "strong")]
    firsts = [cut(_ticket(ticket), cells) for ticket in load.first]
    return [spread(name, total, cells), cut(list(_counts(load, words)), cells), *firsts]


def _ticket(ticket: Ticket) -> list[Span]:
    said = f"#{ticket.id} {plain_line(ticket.customer)} · {plain_line(ticket.subject)}"
    return [(said, "dim")]
