"""How the policy says names, times and spans of time to a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from policy.words import Mode, Status

STATUS_NAMES = {
    Status.NEW: "new",
    Status.OPEN: "open",
    Status.PENDING: "pending",
    Status.ON_HOLD: "on hold",
    Status.SOLVED: "solved",
    Status.CLOSED: "closed",
}
"""The statuses as a person reads them."""

MODE_NAMES = {Mode.NORMAL: "normal", Mode.HARD_CHOICES: "hard choices"}
"""The modes as a person reads them."""


_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？")


def sentence(text: str) -> str:
    """Return what a person wrote as a sentence that another one can follow."""
    return text if text.endswith(_SENTENCE_ENDS) else f"{text}."


_VOWELS = frozenset("aeiouAEIOU")


def with_article(word: str) -> str:
    """Return a word of a policy as one of several: a p0, an urgent."""
    return f"{'an' if word[:1] in _VOWELS else 'a'} {word}"


_WEEK = timedelta(days=7)


def at(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """Return a moment in ``zone``, that of whoever reads, as short as is clear on the day of now.

    ``15:10`` today, ``Tue 15:10`` within a week, ``2 Dec 15:10`` this year, else ``2 Dec 2027``.
    "Times shown are in that same zone everywhere."
    """
    local, today = moment.astimezone(zone), now.astimezone(zone)
    clock = f"{local:%H:%M}"
    if local.date() == today.date():
        return clock
    if abs(local.date() - today.date()) < _WEEK:
        return f"{local:%a} {clock}"
    day = f"{local.day} {local:%b}"
    return f"{day} {clock}" if local.year == today.year else f"{day} {local.year}"


@dataclass(frozen=True, slots=True)
class ReadersClock:
    """The clock of whoever reads: what time it is (UTC), and the zone in which it is shown."""

    now: datetime
    zone: tzinfo

    def due(self, moment: datetime) -> str:
        """Return that something is due by a moment, or was: ``is due by 16:00``."""
        passed = moment < self.now
        return f"{'was' if passed else 'is'} due by {at(moment, self.now, self.zone)}"


def span(duration: timedelta) -> str:
    """Return a span of time as people say it, in its two largest units: ``1 h 5 m``.

    The sign is dropped: whether it is past or to come is for the sentence around it to say.
    """
    seconds = abs(int(duration.total_seconds()))
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    units = [(days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s")]
    first = next((index for index, (count, _) in enumerate(units) if count), len(units) - 1)
    largest = units[first : first + 2]
    return " ".join(f"{count} {unit}" for count, unit in largest if count) or "0 s"
