"""What a command runs with: which database, which policy, who, when, and how it prints."""

import gc
import getpass
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, TypeVar

from connections.state_folder import state_folder
from policy.clocks.typed_time import typed_past, typed_time
from policy.refusal import Refusal
from policy.tickets.actions import LONGEST_LOGIN
from policy.vocabulary import Vocabulary
from tui.cli.policy_files import read_policy
from tui.cli.progress import Progress, progress_bar
from tui.cli.render.printing import Printer, printer
from tui.phrasing.text import plain_line
from tui.phrasing.times import LocalZone, ReaderZone
from tui.phrasing.upgrade_words import are_back, why_back

if TYPE_CHECKING:
    from policy.rulebook.rulebook import Rulebook
    from store.desk import Desk, DeskReading
    from store.engines.kind import DatabaseKind
    from store.quick.look import FirstLook

Found = TypeVar("Found")

_NAMELESS = "somebody"
_WHERE_ALL_ARE = "numberone history --kind brought_back says each"


class _Person(TypedDict):
    """Who acts, None where nobody was named, and the login of the operating system."""

    actor: str | None
    login: str


class _PlaceOfWork(TypedDict):
    """This machine's zone, and where a server's database is kept before its schema changes."""

    zone: LocalZone
    backups: Path


@dataclass
class Invocation:
    """The options of all commands, each as it was given or None, and what they lead to."""

    db: str | None = None
    policy: str | None = None
    as_login: str | None = None
    at: str | None = None
    json: bool = False
    _adopted: "Rulebook | None" = field(default=None, init=False, repr=False)
    _words: Vocabulary | None = field(default=None, init=False, repr=False)

    @cached_property
    def zone(self) -> ReaderZone:
        """The person's zone: "the team file's for a member, else the machine's"."""
        return ReaderZone(self._looked_up_zone)

    @property
    def address(self) -> str:
        """The path or URL of the database."""
        if self.db is not None:
            return self.db
        from platformdirs import user_data_path  # noqa: PLC0415 - an address is mostly given

        return str(user_data_path("numberone", appauthor=False) / "numberone.db")

    @property
    def place(self) -> str:
        """Where the database is, in words that never hold a password."""
        if "://" not in self.address:
            return str(Path(self.address).expanduser())
        return self._database_kind.place

    @property
    def told_of_changes(self) -> str:
        """How what others change becomes known: told, or looked for, and why."""
        return self._database_kind.told_of_changes

    @property
    def limits(self) -> str | None:
        """How long the database is waited for, in words; they can stand in its address."""
        return self._database_kind.settings

    @property
    def database_file(self) -> Path | None:
        """The file that holds the database, None where a server does."""
        return self._database_kind.file

    def has_database(self) -> bool:
        """Return whether there is a database already; asking never makes one."""
        return self._database_kind.exists()

    def now(self) -> datetime:
        """Return the time to use, in UTC and whole seconds: the one given, else now."""
        return self._given_time or _whole_second()

    def check(self) -> None:
        """Raise a Refusal when the time or the policy given is wrong; nothing is opened.

        What the policy's times mean where that is not plain is said, before a board is opened.
        """
        self.now()
        rulebook = self._given_policy()
        if rulebook is not None:
            self.warn_of(rulebook)

    def typed(self, option: str, text: str, *, end: bool = False, back: bool = False) -> datetime:
        """Return the time, in UTC, that a person typed for an option; ``back`` of the time before.

        Raises:
            Refusal: it is no time; the line names the option.
        """
        try:
            typed = typed_past if back else typed_time
            return typed(text, self.now(), self.zone, end=end)
        except Refusal as refusal:
            raise Refusal(f"{option}: {refusal.reason}") from None

    def printer(self) -> Printer:
        """Return what prints for the person, in the policy's words and in their zone."""
        return printer(self.zone, lambda: self.words)

    @property
    def words(self) -> Vocabulary:
        """The words of the policy in force, as of what was read last."""
        if self._words is None:
            self._words = self.rulebook_in_force().vocabulary
        return self._words

    def rulebook_in_force(self) -> "Rulebook":
        """Return the policy in the file given, else the database's, else the handbook.

        No database is made, and none is changed.
        """
        given = self._given_policy()
        if given is not None:
            return given
        if self.has_database():
            with self.desk() as desk:
                return desk.policy.rulebook()
        from policy.rulebook.rulebook import handbook  # noqa: PLC0415 - heavy, and help is not

        return handbook()

    @contextmanager
    def desk(self) -> Iterator["Desk"]:
        """Give the desk, under the policy given, for the length of a ``with`` block.

        Raises:
            Refusal: the policy is wrong, or the database cannot be opened.
        """
        shown = self.policy is not None and not self.json
        with progress_bar("Ranking all tickets again", shown=shown) as progress:
            desk = self.open(progress)
        gc.freeze()  # nothing that was imported becomes garbage, but what is read does
        gc.enable()
        self._warn_of_what_was_adopted()
        self.say_who_is_back(desk.transfer.upgraded().brought_back)
        with closing(desk):
            yield desk

    @contextmanager
    def transaction(self) -> Iterator["Desk"]:
        """Give the desk so that all that is read and done in the ``with`` is one transaction.

        It is committed at the end of the ``with``, so that is when to say that it is done.

        Raises:
            Refusal: as for ``desk``; then nothing was changed.
        """
        with self.desk() as desk, desk.transaction():
            self._settle(desk.zone(), desk.policy.words())
            yield desk

    @contextmanager
    def rehearsal(self) -> Iterator["Desk"]:
        """Give the desk so that all that is done in the ``with`` is taken back at its end.

        Raises:
            Refusal: as for ``desk``.
        """
        with self.desk() as desk, desk.rehearsal():
            yield desk

    @contextmanager
    def snapshot(self) -> Iterator["Desk"]:
        """Give the desk so that all that is read in the ``with`` is read at one instant.

        Raises:
            Refusal: as for ``desk``.
        """
        with self.desk() as desk, desk.snapshot():
            self._settle(desk.zone(), desk.policy.words())
            yield desk

    def look(self, read: "Callable[[FirstLook], Found]", *, then: bool = False) -> Found:
        """Return what ``read`` finds at a first look at the desk, all of it at one instant.

        The whole desk is opened only where a quick look will not do: to adopt a policy, to use
        another time, to bring a database up to date, or to refuse what is to be refused. ``then``
        says that a time given is gone back to, as ``snapshot_then`` does.

        Raises:
            Refusal: as for ``desk``.
        """
        found = self.quick_look(read)
        if found is not None:
            return found
        with self.snapshot_then() if then else self.snapshot() as desk, desk.first_look() as look:
            return read(look)

    def quick_look(self, read: "Callable[[FirstLook], Found]") -> "Found | None":
        """Return what ``read`` finds at a quick look; None where the whole desk is to be opened."""
        if self.policy is not None or self.at is not None:
            return None
        from store.quick.look import quick_look  # noqa: PLC0415 - heavy, and help is not
        from store.quick.opening import NotQuickly  # noqa: PLC0415 - as above

        opened = quick_look(self.address, **self._person, clock=self.now, zone=LocalZone())
        try:
            with opened as look:
                found = read(look)
                self._settle(look.zone, look.words)
                return found
        except NotQuickly:
            return None

    @contextmanager
    def snapshot_then(self) -> Iterator["DeskReading"]:
        """Give the desk as it was at the time given, rebuilt from its history; else as it is now.

        All that is read in the ``with`` is read at one instant.

        Raises:
            Refusal: the policy is wrong, or the database cannot be opened.
        """
        with self.desk() as desk:
            with desk.snapshot():
                self._settle(desk.zone(), desk.policy.words())
                if self._given_time is None or not desk.history.is_past(self._given_time):
                    yield desk
                    return
            from store.history.past_desk import PastDesk  # noqa: PLC0415 - seldom needed

            with progress_bar("Going back", shown=not self.json) as progress:
                past = desk.history.as_of(self._given_time, progress)
            then = PastDesk(past, actor=desk.actor, zone=self.zone)
            with closing(then), then.snapshot():
                self._words = then.policy.words()
                yield then

    def open(self, progress: Progress | None = None) -> "Desk":
        """Return the desk, after the policy given was adopted.

        Raises:
            Refusal: the policy is wrong, and then nothing was opened; or the database cannot be.
        """
        rulebook = self._given_policy()
        from store.desk import Desk  # noqa: PLC0415 - heavy: help and completion do without

        desk = Desk.open(self.address, **self._person, **self._place_of_work(), clock=self.now)
        try:
            if rulebook is not None:
                adopted = desk.policy.adopt(rulebook, progress)
                self._adopted = rulebook if adopted else None
        except BaseException:
            desk.close()
            raise
        return desk

    def _settle(self, zone: tzinfo, words: Vocabulary) -> None:
        """Tell times in the person's zone, and words as the policy in force says them."""
        self.zone.settle(zone)
        self._words = words

    def warn_of(self, rulebook: "Rulebook") -> None:
        """Say on standard error what a policy's times mean, where that is not plain."""
        from policy.rulebook.warnings import warnings_of  # noqa: PLC0415 - as the rulebook

        for warning in warnings_of(rulebook):
            sys.stderr.write(f"numberone: mind: {plain_line(warning)}\n")

    def say_who_is_back(self, tickets: Sequence[int]) -> None:
        """Say on standard error which tickets an upgrade brought back, where it brought any."""
        if tickets:
            said = f"{are_back(tickets)}: {why_back(tickets)}"
            sys.stderr.write(f"numberone: mind: {said}; {_WHERE_ALL_ARE}\n")

    def _warn_of_what_was_adopted(self) -> None:
        if self._adopted is not None:
            self.warn_of(self._adopted)

    @property
    def _person(self) -> "_Person":
        return {"actor": self.as_login, "login": login_of_the_system()}

    def _place_of_work(self) -> "_PlaceOfWork":
        """Return what the machine says: its zone, and where a server's backups go."""
        return {"zone": LocalZone(), "backups": state_folder() / "backups"}

    @property
    def _database_kind(self) -> "DatabaseKind":
        from store.engines.addresses import kind_of  # noqa: PLC0415 - heavy: help and completion do without

        return kind_of(self.address)

    @property
    def is_on_server(self) -> bool:
        """Whether the database is on a server, which knows who somebody is."""
        return self._database_kind.file is None

    def _looked_up_zone(self) -> tzinfo:
        """Return the zone from the team in the database, where there is one that can be read.

        For a time that is typed before anything is opened: a database that cannot be opened is
        refused when it is.
        """
        if not self.has_database():
            return LocalZone()
        from store.desk import Desk  # noqa: PLC0415 - heavy: help and completion do without

        try:
            opened = Desk.open(self.address, **self._person, **self._place_of_work())
            with closing(opened) as desk:
                self.say_who_is_back(desk.transfer.upgraded().brought_back)
                return desk.zone()
        except Refusal:
            return LocalZone()

    def _given_policy(self) -> "Rulebook | None":
        return None if self.policy is None else read_policy(self.policy)

    @cached_property
    def _given_time(self) -> datetime | None:
        if self.at is None:
            return None
        try:
            moment = typed_time(self.at, _whole_second(), self.zone)
        except Refusal as refusal:
            raise Refusal(f"--at: {refusal.reason}") from None
        return moment.replace(microsecond=0)


def login_of_the_system() -> str:
    """Return the name that the person is logged in with, as one word that can be a login."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user, as in some containers
        return _NAMELESS
    word = "".join(sign for sign in name if sign.isprintable() and not sign.isspace())
    return word[:LONGEST_LOGIN] or _NAMELESS


def _whole_second() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
