"""The commands about the team: who is in it, who is out, and who covers which hours."""

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from policy.refusal import Refusal
from policy.words import Action
from tui.actions.only_here import OnlyHere
from tui.cli.grammar import CommandHeading, ShellCommand, ShellGroup, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.placed import placed_each
from tui.cli.render import printing
from tui.cli.render.ticket_lines import tell_left_behind
from tui.cli.text_files import toml_in
from tui.cli.whereabouts import standing
from tui.phrasing.times import typed_day

if TYPE_CHECKING:
    from policy.roster.absence import Guidance
    from policy.roster.time_off import Day, TimeOffEntry
    from store.desk import Desk


# What these tell brings the roster, which is heavy: help and completion do without.
# ruff: noqa: PLC0415

_MOST_HOURS = 2 * 366 * 24


@click.group(
    "team",
    cls=ShellGroup,
    action=Action.LOOK,
    heading=CommandHeading.WHO,
    invoke_without_command=True,
    short_help="Who is in the team, and who is in now.",
    examples=[
        ("numberone team", "everybody, with their local time"),
        ("numberone team --out", "who is out and will be, each entry with its number"),
        ("numberone team --export > team.toml", "the team's file, to be changed"),
        ("numberone team import team.toml", "make it the team"),
    ],
)
@click.option("--export", is_flag=True, help="Print the team as the file that import reads.")
@click.option("--out", "absences", is_flag=True, help="List all time off that runs or is to come.")
@pass_invocation
@click.pass_context
def team_group(ctx: click.Context, invocation: Invocation, export: bool, absences: bool) -> None:
    """List the team: who is in now, who is out and until when, and everybody's local time."""
    if ctx.invoked_subcommand is not None:
        if export or absences:
            option = "--export" if export else "--out"
            raise click.UsageError(f"{option} goes without another command.")
        return
    if export and absences:
        raise click.UsageError("--export goes without --out.")
    with invocation.snapshot() as desk:
        if export:
            _export(invocation, desk)
        elif absences:
            _list_absences(invocation, desk)
        else:
            _list(invocation, desk)


def _list(invocation: Invocation, desk: "Desk") -> None:
    from tui.cli.render.team_documents import standing_document
    from tui.cli.render.team_text import NO_TEAM, tell_team

    roster, now = desk.team.roster(), desk.now()
    standings = [standing(roster, member, now) for member in roster.members]
    if invocation.json:
        printing.print_json({"members": [standing_document(each, now) for each in standings]})
    elif standings:
        tell_team(invocation.printer(), standings, now)
    else:
        invocation.printer().say(NO_TEAM)


def _list_absences(invocation: Invocation, desk: "Desk") -> None:
    from tui.cli.render.team_documents import absences_document
    from tui.cli.render.team_text import tell_absences

    roster, now = desk.team.roster(), desk.now()
    absences = [
        (member, off)
        for member in roster.members
        for off in roster.off(member.login)
        if max((span.end for span in roster.spans(off)), default=off.interval.end) > now
    ]
    if invocation.json:
        printing.print_json(absences_document(absences, now))
    else:
        tell_absences(invocation.printer(), absences)


def _export(invocation: Invocation, desk: "Desk") -> None:
    import tomli_w

    from policy.roster.team_file import team_toml

    document = team_toml(desk.team.entries())
    if invocation.json:
        printing.print_json(document)
    else:
        printing.print_file(tomli_w.dumps(document))


@team_group.command(
    "import",
    action=Action.IMPORT_TEAM,
    only_here=OnlyHere("the team is a file, which is written in an editor"),
    short_help="Make a file the team.",
    examples=[
        ("numberone team import team.toml", "whoever is not in it is no longer in the team"),
        ("numberone team import -", "from standard input"),
    ],
)
@click.argument("file", type=click.Path())
@pass_invocation
def import_command(invocation: Invocation, file: str) -> None:
    """Make the members in a TOML file the team, in place of those before.

    Time off stays with those who stay, and so do tickets with those who go: these count as
    nobody's then, and are listed. For a lead, once there is one.
    """
    from policy.roster.members import ByLogin
    from policy.roster.team_file import load_team

    entries = load_team(toml_in(file, "a team"), file)
    after = ByLogin((entry.login, entry) for entry in entries)
    with invocation.transaction() as desk:
        before = ByLogin((entry.login, entry) for entry in desk.team.entries())
        held = desk.team.holders()
        desk.team.import_members(entries)
        left = desk.team.left_behind(held)
        holders = desk.team.holders()
        left_behind = placed_each(invocation, desk, left) if invocation.json else []
    come = [entry.login for entry in entries if entry.login not in before]
    gone = sorted(login for login in before if login not in after)
    changed = [
        each.login for each in entries if each.login in before and before[each.login] != each
    ]
    if invocation.json:
        document = {"members": len(entries), "come": come, "gone": gone, "changed": changed}
        printing.print_json({**document, "tickets": [each.document for each in left_behind]})
        return
    counts = [(come, "new"), (changed, "changed"), (gone, "gone")]
    said = ", ".join(f"{len(logins)} {what}" for logins, what in counts if logins)
    people = "1 member" if len(entries) == 1 else f"{len(entries)} members"
    out = invocation.printer()
    out.say(f"{people}: {said or 'nothing changed'}.")
    tell_left_behind(out, left, holders)


@click.command(
    "out",
    cls=ShellCommand,
    action=Action.MARK_ONESELF,
    heading=CommandHeading.WHO,
    short_help="Mark yourself out; a lead anybody.",
    examples=[
        ("numberone out gabe --reason sick", "from now until further notice"),
        ("numberone out gabe --until 3h", "for three hours"),
        ("numberone out gabe --from 2026-03-09 --until 2026-03-13", "whole days, the last too"),
        ("numberone out gabe --until 17:00 --dry-run", "only say what it would do"),
        ("numberone out gabe --entry 12 --until 2026-03-16", "change one, by its number"),
    ],
)
@click.argument("login", type=Text())
@click.option("--from", "start", metavar="TIME", type=Text(), help="From when; by default now.")
@click.option("--until", metavar="TIME", type=Text(), help="Until when; without it, not known yet.")
@click.option("--reason", metavar="TEXT", type=Text(), help="Why, in a few words.")
@click.option("--entry", metavar="N", type=int, help="Change this one; team --out numbers them.")
@click.option("--hand-over", is_flag=True, help="Assign their tickets to whoever is proposed.")
@click.option("--dry-run", is_flag=True, help="Only say what it would do.")
@pass_invocation
def out_command(
    invocation: Invocation,
    *,
    login: str,
    start: str | None,
    until: str | None,
    reason: str | None,
    entry: int | None,
    hand_over: bool,
    dry_run: bool,
) -> None:
    """Mark a member out, and say what that does: level, mode, number one, who will wait.

    A date is a whole day where the member lives; 3h, 17:00 and Fri 17:00 are as everywhere. With
    the reason of one that runs, its end is changed; any other is one of its own beside it.
    """
    from tui.cli.render.team_documents import consequence_document
    from tui.cli.render.team_text import tell_consequence

    begins = None if start is None else _typed_day(invocation, "--from", start)
    ends = None if until is None else _typed_day(invocation, "--until", until, end=True)
    with invocation.snapshot() if dry_run else invocation.transaction() as desk:
        targets_of = desk.policy.targets_of()
        if entry is None:
            wanted = login, begins, ends, reason or ""
            consequence = desk.team.if_out(*wanted)
        else:
            changed = _changed(desk, login, entry, (begins, ends, reason))
            consequence = desk.team.if_changed(*changed)
        if not dry_run:
            with desk.one_action():
                if entry is None:
                    desk.team.mark_out(*wanted)
                else:
                    desk.team.change_absence(*changed)
                if hand_over and consequence.guidance is not None:
                    _hand_over(desk, consequence.guidance)
    if invocation.json:
        printing.print_json(consequence_document(consequence, targets_of, done=not dry_run))
    else:
        tell_consequence(invocation.printer(), consequence, done=not dry_run)


def _changed(
    desk: "Desk", login: str, entry: int, typed: "tuple[Day | None, Day | None, str | None]"
) -> "tuple[str, TimeOffEntry, Day | None, Day | None, str]":
    """Return how an entry is to read: what was typed, and the rest as it is."""
    from policy.roster.time_off import TimeOffEntry, as_entered

    roster = desk.team.roster()
    member = roster.known(login)
    off = next((each for each in roster.off(member.login) if each.id == entry), None)
    start, until, reason = typed
    if off is not None:
        was_start, was_until = as_entered(member, off)
        start = was_start if start is None else start
        until = was_until if until is None else until
        reason = off.reason if reason is None else reason
    return login, TimeOffEntry(entry), start, until, reason or ""


def _typed_day(invocation: Invocation, option: str, text: str, *, end: bool = False) -> "Day":
    """Return the whole day, or the time in UTC, that a person typed for an option."""
    try:
        return typed_day(text, invocation.now(), invocation.zone, end=end)
    except Refusal as refusal:
        raise Refusal(f"{option}: {refusal.reason}") from None


def _hand_over(desk: "Desk", guidance: "Guidance") -> None:
    for each in guidance.hand_overs:
        if each.to is not None:
            desk.tickets.assign(each.ticket.id, each.to)


@click.command(
    "back",
    cls=ShellCommand,
    action=Action.MARK_ONESELF,
    heading=CommandHeading.WHO,
    short_help="Mark yourself back; a lead anybody.",
    examples=[
        ("numberone back gabe", "end what began last, or cancel the next to come"),
        ("numberone back gabe --all", "end all that runs"),
        ("numberone back gabe --entry 12", "end or cancel one, by its number"),
    ],
)
@click.argument("login", type=Text())
@click.option("--all", "everything", is_flag=True, help="End all time off that runs.")
@click.option("--entry", metavar="N", type=int, help="End this one; team --out numbers them.")
@click.option("--dry-run", is_flag=True, help="Only say what it would do.")
@pass_invocation
def back_command(
    invocation: Invocation, login: str, everything: bool, entry: int | None, dry_run: bool
) -> None:
    """Mark a member back: the time off that began last ends now, and what still holds is named.

    When none runs, the next that has not begun is cancelled.
    """
    if everything and entry is not None:
        raise click.UsageError("--all goes without --entry.")
    from policy.roster.time_off import TimeOffEntry
    from tui.cli.render.team_documents import consequence_document
    from tui.cli.render.team_text import tell_consequence

    with invocation.snapshot() if dry_run else invocation.transaction() as desk:
        which = None if entry is None else TimeOffEntry(entry)
        targets_of = desk.policy.targets_of()
        consequence = desk.team.if_back(login, everything=everything, which=which)
        if not dry_run:
            desk.team.mark_back(login, everything=everything, which=which)
    if invocation.json:
        printing.print_json(consequence_document(consequence, targets_of, done=not dry_run))
    else:
        tell_consequence(invocation.printer(), consequence, done=not dry_run)


@click.command(
    "coverage",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.WHO,
    short_help="Who covers the hours ahead, and the gaps.",
    examples=[
        ("numberone coverage", "the next 48 hours"),
        ("numberone coverage --hours 168 --from 2026-03-27T00:00", "a week with a clock change"),
    ],
)
@click.option(
    "--hours",
    metavar="N",
    type=click.IntRange(1, _MOST_HOURS),
    default=48,
    show_default=True,
    help="How many hours.",
)
@click.option("--from", "start", metavar="TIME", type=Text(), help="From when; by default now.")
@pass_invocation
def coverage_command(invocation: Invocation, hours: int, start: str | None) -> None:
    """Say who is scheduled and available when, and where the contract's hours have a gap."""
    from tui.cli.render.team_documents import coverage_document
    from tui.cli.render.team_text import tell_coverage

    begins = invocation.now() if start is None else invocation.typed("--from", start)
    with invocation.snapshot() as desk:
        view = desk.team.coverage(begins, begins + timedelta(hours=hours))
        roster = desk.team.roster()
    if invocation.json:
        printing.print_json(coverage_document(view))
    else:
        tell_coverage(invocation.printer(), view, roster)


@click.command(
    "capacity",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.WHO,
    short_help="The level, why, and who is in for how much work.",
    examples=[("numberone capacity", "the level, what it asks of everybody, who arrives next")],
)
@pass_invocation
def capacity_command(invocation: Invocation) -> None:
    """Say how much of the team is there for how much work, and what follows from it."""
    from tui.cli.render.forecast_text import durations_document
    from tui.cli.render.team_documents import capacity_document
    from tui.cli.render.team_text import tell_capacity

    with invocation.snapshot() as desk:
        overview, basis = desk.queue.overview(), desk.waits.basis()
    capacity, mode = overview.capacity, overview.mode
    if invocation.json:
        durations = {"durations": durations_document(basis)}
        printing.print_json({**capacity_document(capacity, mode), **durations})
    else:
        tell_capacity(invocation.printer(), capacity, mode, basis, overview.now)


@click.command(
    "at-capacity",
    cls=ShellCommand,
    action=Action.LOOK,  # everybody may say it of themselves
    heading=CommandHeading.WHO,
    short_help="Say that you, or somebody, takes no new tickets for now.",
    examples=[
        ("numberone at-capacity", "you take no new tickets until the queue is healthy"),
        ("numberone at-capacity --end", "you take new tickets again"),
        ("numberone at-capacity gabe", "a lead says it of gabe"),
    ],
)
@click.argument("login", metavar="[LOGIN]", type=Text(), required=False)
@click.option("--end", "ends", is_flag=True, help="They take new tickets again.")
@pass_invocation
def at_capacity_command(invocation: Invocation, login: str | None, *, ends: bool) -> None:
    """Say that a member takes no new tickets for now, or takes them again.

    Without LOGIN it is you; of somebody else a lead says it.
    """
    from tui.cli.render.team_documents import standing_document

    with invocation.transaction() as desk:
        said = desk.team.set_at_capacity(login or desk.actor, not ends)
        roster, now = desk.team.roster(), desk.now()
        member = standing(roster, roster.known(login or desk.actor), now)
    if invocation.json:
        printing.print_json({"member": standing_document(member, now)})
    else:
        invocation.printer().say(said)
