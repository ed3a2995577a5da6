"""How every command is called and explained: the options of all commands, and its help page."""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import Any, Generic, TypeVar

import click

from policy.words import Action
from tui.actions.only_here import OnlyHere
from tui.cli.invocation import Invocation

Examples = Sequence[tuple[str, str]]
"""What to type, each with what it does."""

Word = TypeVar("Word", bound=str)


_WIDEST_EXAMPLE = 50
_MOST_DIGITS = 9


class CommandHeading(StrEnum):
    """The headings under which the overview lists the commands."""

    LOOK = "See what comes first"
    WORK = "Work on a ticket"
    ENGINEERING = "Engineering"
    WHO = "Who is in, and who is told that they wait"
    TEAM = "Tickets, mode and policy of the team"
    PROGRAM = "The program"


class OptionOfAll(click.Option):
    """An option that every command takes, before its name or after."""


class OneOf(click.Choice[Word], Generic[Word]):
    """One of a few words, in any case; ``on hold`` and ``on-hold`` are ``on_hold``."""

    def __init__(self, words: Sequence[Word]) -> None:
        super().__init__(words, case_sensitive=False)

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's
        """Return the word as it is compared and shown."""
        return str(choice).strip().casefold().replace(" ", "_").replace("-", "_")


class Text(click.ParamType[str]):
    """Any text; what the terminal's encoding could not read is refused, no database takes it."""

    name = "text"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the text, or fail when it holds bytes that are none."""
        text = str(value)
        try:
            text.encode()
        except UnicodeEncodeError:
            self.fail("is not text in the terminal's encoding", param, ctx)
        return text


class Count(click.ParamType[int]):
    """A number of things: none or more."""

    name = "count"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number, or fail when it is none or absurdly large."""
        text = str(value)
        if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
            self.fail(f"{text!r} is not a number of tickets", param, ctx)
        return int(text)


class ShellCommand(click.Command):
    """A command with examples, and the options of all commands beside its own.

    ``action`` is the right that it needs: ``LOOK`` to read, None where no desk is touched.
    ``only_here`` is why the board does not do what it changes; what it does is declared there.
    """

    at_the_top = False

    def __init__(
        self,
        name: str | None,
        *,
        examples: Examples,
        action: Action | None,
        heading: CommandHeading | None = None,
        only_here: OnlyHere | None = None,
        **settings: Any,  # noqa: ANN401 - click's own settings, checked by click
    ) -> None:
        super().__init__(name, **settings)
        self.examples = examples
        self.action = action
        self.heading = heading
        self.only_here = only_here
        self.params += options_of_all(at_the_top=self.at_the_top)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what it is for, and examples."""
        super().format_help_text(ctx, formatter)
        with formatter.section("Examples"):
            formatter.write_dl(self.examples, col_max=_WIDEST_EXAMPLE)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write its own options, then those of all commands."""
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        own = [option for option in options if not isinstance(option, OptionOfAll)]
        shared = [option for option in options if isinstance(option, OptionOfAll)]
        _write_options("Options", own, ctx, formatter)
        _write_options("Options of all commands", shared, ctx, formatter)


class ShellGroup(ShellCommand, click.Group):
    """Commands under one name, listed under their headings."""

    command_class = ShellCommand

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the options."""
        self.format_commands(ctx, formatter)
        ShellCommand.format_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under their headings, each with a few words."""
        found = [self.get_command(ctx, name) for name in self.list_commands(ctx)]
        commands = [command for command in found if isinstance(command, ShellCommand)]
        width = max(len(str(command.name)) for command in commands)
        for heading in (*CommandHeading, None):
            rows = [
                (str(command.name).ljust(width), command.get_short_help_str())
                for command in commands
                if command.heading is heading
            ]
            if rows:
                with formatter.section(heading or "Commands"):
                    formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """Return the names in the order in which they were added."""
        return list(self.commands)


class TopGroup(ShellGroup):
    """The program itself; what its options say goes for the command that follows."""

    at_the_top = True


def options_of_all(*, at_the_top: bool) -> list[click.Parameter]:
    """Return the options of all commands; only those at the top look at the environment.

    Otherwise a variable would win over the option before the command's name.
    """
    shared = partial(OptionOfAll, expose_value=False, callback=_remember)
    db, policy, login = _VARIABLES if at_the_top else (None, None, None)
    return [
        shared(
            ["--db"],
            metavar="PATH|URL",
            type=click.Path(),
            envvar=db,
            help="The database: a file, or an SQLAlchemy URL. [NUMBERONE_DB]",
        ),
        shared(
            ["--policy"],
            metavar="FILE",
            type=click.Path(),
            envvar=policy,
            help="First adopt this policy, unless it is in force already. [NUMBERONE_POLICY]",
        ),
        shared(
            ["--as", "as_login"],
            metavar="LOGIN",
            type=Text(),
            envvar=login,
            help="Who acts; by default your login: the system's, or the server's. [NUMBERONE_AS]",
        ),
        shared(
            ["--at"],
            metavar="TIME",
            type=Text(),
            help="Use this time instead of now, for example 2026-03-06T17:00Z.",
        ),
        shared(["--json"], is_flag=True, help="Print JSON, where a command prints data."),
    ]


_VARIABLES = ("NUMBERONE_DB", "NUMBERONE_POLICY", "NUMBERONE_AS")


def _remember(ctx: click.Context, option: click.Parameter, value: object) -> None:
    """Keep an option that was given; after the command's name it wins over before."""
    invocation = ctx.ensure_object(Invocation)
    if value is not None and value is not False:
        setattr(invocation, str(option.name), value)


def _write_options(
    title: str,
    options: Sequence[click.Option],
    ctx: click.Context,
    formatter: click.HelpFormatter,
) -> None:
    records = [option.get_help_record(ctx) for option in options]
    rows = [record for record in records if record is not None]
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)


pass_invocation = click.make_pass_decorator(Invocation)
"""Give a command the invocation that the options of all commands made."""
