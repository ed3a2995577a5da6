"""The filters that a person saved under a name, for ``list @name`` and for the board."""

import click

from store.queue.query import parse_query
from tui.cli.grammar import CommandHeading, ShellGroup, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.list_command import QueryCommand
from tui.cli.render import printing
from tui.environment.config import state_folder
from tui.environment.saved_filters import (
    SIGN,
    expanded,
    known_filter,
    remove_filter,
    save_filter,
    saved_filters,
)
from tui.phrasing.text import plain_line


@click.group(
    "filters",
    cls=ShellGroup,
    action=None,
    heading=CommandHeading.LOOK,
    invoke_without_command=True,
    short_help="The filters that you saved, for list @name.",
    examples=[
        ("numberone filters", "their names, and what each stands for"),
        ("numberone filters save mine assignee:me -tier:free", "then: numberone list @mine"),
        ("numberone filters remove mine", "forget it"),
    ],
)
@pass_invocation
@click.pass_context
def filters_group(ctx: click.Context, invocation: Invocation) -> None:
    """List the filters that you saved, here or on the board, which knows the same."""
    if ctx.invoked_subcommand is not None:
        return
    saved = saved_filters(state_folder())
    if invocation.json:
        printing.print_json({"filters": saved})
        return
    out = invocation.printer()
    out.table(
        [printing.TableColumn(), printing.TableColumn(at_least=20)],
        [
            [(plain_line(f"{SIGN}{name}"), "strong"), (plain_line(typed), "")]
            for name, typed in saved.items()
        ],
    )
    if not saved:
        out.say("No filter is saved; one is saved by: numberone filters save NAME QUERY")


@filters_group.command(
    "save",
    cls=QueryCommand,
    action=None,
    short_help="Save a query under a name.",
    examples=[("numberone filters save mine assignee:me", "another one called mine is replaced")],
)
@click.argument("name", type=Text())
@click.argument("query", nargs=-1, type=Text(), required=True)
@pass_invocation
def save_command(invocation: Invocation, name: str, query: tuple[str, ...]) -> None:
    """Save a query under a name; one that was called so is replaced, and said."""
    folder, word = state_folder(), name.removeprefix(SIGN)
    before = saved_filters(folder)
    typed = expanded(query, before)
    parse_query(typed, invocation.words)
    save_filter(folder, word, typed)
    if invocation.json:
        printing.print_json({"filters": saved_filters(folder)})
        return
    instead = f" instead of {before[word]}" if before.get(word, typed) != typed else ""
    invocation.printer().say(f"{SIGN}{word} is saved{instead}: numberone list {SIGN}{word}")


@filters_group.command(
    "remove",
    action=None,
    short_help="Forget a filter.",
    examples=[("numberone filters remove mine", "it says what it was")],
)
@click.argument("name", type=Text())
@pass_invocation
def remove_command(invocation: Invocation, name: str) -> None:
    """Forget a filter that was saved."""
    folder, word = state_folder(), name.removeprefix(SIGN)
    typed = known_filter(word, saved_filters(folder))
    remove_filter(folder, word)
    if invocation.json:
        printing.print_json({"filters": saved_filters(folder)})
    else:
        invocation.printer().say(f"{SIGN}{word} is removed; it was: {typed}")
