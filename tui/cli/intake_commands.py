"""The command that opens a ticket of our own: intake decides what becomes of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import click

from policy.ticket import OWN_SOURCE, Ticket
from policy.vocabulary import Vocabulary
from policy.words import OpenedBy, Severity, Tier
from tui.actions.commands import COMMANDS
from tui.cli.grammar import CommandHeading, OneOf, ShellCommand, Text, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.placed import PlacedTicket, placed, tell_placed
from tui.cli.policy_words import FactPair, WordKind, WordOf, meant, meant_facts
from tui.cli.render import printing
from tui.cli.text_files import text_in

if TYPE_CHECKING:
    from store.desk import Desk

_LONGEST_BODY: Final = 4_000_000
"""Bytes; how many characters a body may have, intake says."""

_NOT_YET: Final = ("id", "external_id")
"""What a ticket is only given when it is written."""


@click.command(
    "new",
    cls=ShellCommand,
    action=COMMANDS["new"].action,
    heading=CommandHeading.WORK,
    short_help=f"{COMMANDS['new'].tooltip}.",
    examples=[
        (
            "numberone new --subject Down --customer Acme --tier team --severity 1",
            "intake decides its priority",
        ),
        (
            "numberone new … --tier presales --severity 1 --opened-by ce",
            "a CE's, on behalf of a trial customer",
        ),
        ("numberone new … --fact kind=incident --fact special=yes", "with facts of the policy"),
        ("numberone new … --body - --dry-run < mail.txt", "what would intake decide?"),
    ],
)
@click.option("--subject", metavar="TEXT", type=Text(), required=True, help="What it is.")
@click.option("--customer", metavar="NAME", type=Text(), required=True, help="Who reports it.")
@click.option(
    "--tier",
    type=WordOf(WordKind.TIER),
    help="The customer's tier, a word of the policy; a CE's is that of trials.",
)
@click.option(
    "--severity",
    type=WordOf(WordKind.SEVERITY),
    help="What the contract calls it, a word of the policy.",
)
@click.option(
    "--fact",
    "facts",
    metavar="NAME=VALUE",
    type=FactPair(),
    multiple=True,
    help="What else it carries, a fact that the policy names; as often as there are.",
)
@click.option(
    "--opened-by", type=OneOf([*OpenedBy]), help="Who opens it; a CE's is ce, else customer."
)
@click.option("--body", metavar="FILE|-", type=click.Path(), help="More about it, from a file.")
@click.option("--dry-run", is_flag=True, help="Only say what intake would decide.")
@pass_invocation
def new_command(
    invocation: Invocation,
    *,
    subject: str,
    customer: str,
    tier: str | None,
    severity: str | None,
    facts: tuple[str, ...],
    opened_by: OpenedBy | None,
    body: str | None,
    dry_run: bool,
) -> None:
    """Open a ticket; intake decides its priority, or declines it.

    A declined one is kept with the reason, and with a reply: numberone show ID --reply. For a CE,
    who opens tickets for trial customers, the tier is the policy's for these unless another one is
    said.
    """
    said: dict[str, object] = {
        "subject": subject,
        "customer": customer,
        "opened_by": opened_by,
        "body": "" if body is None else text_in(body, _LONGEST_BODY, "text"),
    }
    with invocation.rehearsal() if dry_run else invocation.transaction() as desk:
        of_the_policy = {
            WordKind.TIER: tier,
            WordKind.SEVERITY: severity,
        }
        opened = placed(invocation, desk, _opened(desk, said, of_the_policy, facts))
    if not dry_run:
        tell_placed(invocation, opened, _decision(opened.ticket))
    elif invocation.json:
        printing.print_json({"ticket": opened.document | dict.fromkeys(_NOT_YET)})
    else:
        _tell_rehearsed(invocation, opened)


def _opened(
    desk: "Desk",
    said: Mapping[str, object],
    typed: Mapping[WordKind, str | None],
    facts: Sequence[str],
) -> Ticket:
    """Open a ticket as it was said, what was not said being the preset of this person's role.

    ``typed`` are the words of the policy; of what the desk has none, nothing is asked. ``facts``
    are as they were typed, too.
    """
    # What checks a ticket is heavy; the desk has it by now, help and completion do without.
    from policy.intake.incoming import incoming_ticket  # noqa: PLC0415 - heavy
    from policy.intake.opening import opening_preset  # noqa: PLC0415 - the same

    rulebook = desk.policy.rulebook()
    words, preset = rulebook.vocabulary, opening_preset(rulebook, desk.team.role())
    presets: dict[str, object] = {
        str(kind): word
        for kind in (WordKind.TIER, WordKind.SEVERITY)
        if (word := _said_or_preset(kind, typed[kind], words, preset.tier)) is not None
    }
    if facts:
        presets["facts"] = meant_facts(facts, words)
    presets["opened_by"] = said["opened_by"] or preset.opened_by
    own = {"source": OWN_SOURCE, "external_id": "new", "received_at": desk.now()}
    return desk.tickets.open_ticket(incoming_ticket({**said, **presets, **own}, words))


def _said_or_preset(
    kind: WordKind, typed: str | None, words: Vocabulary, preset: Tier | None
) -> Severity | None:
    option, known = f"--{kind}", kind.known(words)
    if typed is not None:
        return meant(option, typed, known)
    if kind is WordKind.TIER and preset is not None:
        return preset
    if known:
        raise click.UsageError(f"Missing option '{option}'.")
    return None


def _decision(ticket: Ticket) -> str:
    """Return what intake decided of a ticket, and why."""
    if ticket.declined is None:
        return ticket.because
    return f"Declined: {ticket.declined} What to tell them says numberone show {ticket.id} --reply."


def _tell_rehearsed(invocation: Invocation, opened: PlacedTicket) -> None:
    out, ticket = invocation.printer(), opened.ticket
    if ticket.declined is not None:
        out.say(f"It would be declined: {ticket.declined}")
    else:
        place = f", number {opened.position:,} in the queue" if opened.position else ""
        out.say(f"It would be {ticket.priority}{place}: {ticket.because}")
    out.say("This was a dry run.")
