"""The command that says what is wrong, in plain words, and what to do about it."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from policy.refusal import Refusal
from policy.words import Action, Role
from store.file_access import is_a_groups, who_else
from tui.cli.exit_codes import REFUSED
from tui.cli.grammar import CommandHeading, ShellCommand, pass_invocation
from tui.cli.invocation import Invocation
from tui.cli.progress import progress_bar
from tui.cli.render import printing
from tui.cli.server_login import told_login, wrong_with_login
from tui.cli.stopping import done_beside
from tui.environment.config import config_file, read_config, state_folder
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from policy.conversation.connections import ConnectionStatus
    from store.desk import Desk

# What it looks at is heavy to import: help and completion do without.
# ruff: noqa: PLC0415


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: ``about`` which part, what it is, and what to ``do``."""

    about: str
    problem: str
    do: str = ""

    @property
    def line(self) -> str:
        """All of it in one line."""
        return plain_line("; ".join(filter(None, (f"{self.about}: {self.problem}", self.do))))


@click.command(
    "doctor",
    cls=ShellCommand,
    action=Action.LOOK,
    heading=CommandHeading.PROGRAM,
    short_help="Say what is wrong, and what to do.",
    examples=[
        ("numberone doctor", "exit 0 when nothing is wrong, 1 when something is"),
        ("numberone doctor --json", "the same for a program"),
        ("numberone doctor --report faults.json", "what to send with a report of a fault"),
    ],
)
@click.option(
    "--report", "report", metavar="FILE",
    help="Also write a report of the program's own faults to FILE: no word of a customer's.",
)  # fmt: skip
@pass_invocation
def doctor_command(invocation: Invocation, report: str | None) -> None:
    """Look at config, files, team, policy, connections, logins, mail, alerts and the database.

    Says what is wrong in a line each, with what to do. Nothing is changed or sent, and no help desk
    is asked; secrets are only looked for, never printed.
    """
    findings = list(_findings(invocation))
    shared = shared_by(_files(invocation))
    if report is not None:
        _write_report(invocation, Path(report), findings)
    for finding in findings:
        sys.stderr.write(f"numberone: {finding.line}\n")
    if invocation.json:
        listed = [
            {"about": each.about, "problem": each.problem, "do": each.do or None}
            for each in findings
        ]
        printing.print_json({"problems": listed, "shared": shared})
    else:
        for each in shared:
            invocation.printer().say(f"{each}: a group's folder, so its group may read and write.")
        if not findings:
            invocation.printer().say("Nothing is wrong.")
        _say_login(invocation)
    if findings:
        raise click.exceptions.Exit(REFUSED)


def _say_login(invocation: Invocation) -> None:
    """Say which login of a server this is, where there is one that answers."""
    if "://" not in invocation.address:
        return
    try:
        with invocation.desk() as desk:
            told = told_login(desk)
    except Refusal:
        return  # that is among what was found
    if told is not None:
        invocation.printer().say(told)


def _findings(invocation: Invocation) -> Iterator[Finding]:
    yield from _refused("config", _read_keys)
    yield from _refused("mail", _look_for_mail)
    yield from whose_files_are(_files(invocation))
    if not invocation.has_database():
        yield from _alerts(None)
        yield Finding("database", f"{invocation.place}: there is none yet", "import your tickets")
        return
    try:
        with invocation.desk() as desk:
            yield from _alerts(desk)
            yield from _team(desk)
            yield from _policy(desk)
            yield from _connections(desk)
            for problem, do in wrong_with_login(desk):
                yield Finding("roles", problem, do)
            with progress_bar("Checking the database", shown=not invocation.json) as progress:
                problems = done_beside(lambda stop: desk.transfer.problems(progress, stop))
            for problem in problems:
                yield Finding("database", problem, "see numberone db restore")
    except Refusal as refusal:
        yield Finding("database", refusal.reason)


def _files(invocation: Invocation) -> list[Path]:
    """Return the files with customers' data, where they would be; a config file has none."""
    folder = state_folder()
    database = invocation.database_file
    beside = [] if database is None else sorted(database.parent.glob(f"{escape(database.name)}*"))
    return [*beside, *(each for each in sorted(folder.rglob("*")) if each.is_file())]


def whose_files_are(files: Iterable[Path]) -> Iterator[Finding]:
    """Yield which of the files others may read though they are their owner's alone."""
    for file in files:
        if (who := who_else(file)) is not None:
            yield Finding("files", f"{file}: may be read by {who}", f"chmod go= {quote(str(file))}")


def shared_by(files: Iterable[Path]) -> list[str]:
    """Return the folders of the files that are a group's."""
    folders = sorted({file.absolute().parent for file in files if file.exists()})
    return [str(each) for each in folders if is_a_groups(each)]


def _write_report(invocation: Invocation, path: Path, findings: Sequence[Finding]) -> None:
    from tui.environment.fault_report import fault_report
    from tui.report.saving import save

    engine = "postgresql" if invocation.database_file is None else "sqlite"
    known: dict[str, object] = {"engine": engine, "there": invocation.has_database()}
    with suppress(Refusal):
        if known["there"]:
            with invocation.desk() as desk:
                known["schema"] = desk.transfer.upgraded().schema
    save(path, fault_report(state_folder(), known, [each.about.split()[0] for each in findings]))


def _refused(about: str, look: Callable[[], object]) -> Iterator[Finding]:
    try:
        look()
    except Refusal as refusal:
        yield Finding(about, refusal.reason)


def _read_keys() -> None:
    from tui.environment.keymap import keymap
    from tui.environment.own_commands import own_commands

    file = config_file()
    config = read_config(file)
    own_commands(config.get("commands", {}), keymap(config.get("keys", {}), file), file)


def _look_for_mail() -> None:
    from tui.environment.configured_outbox import configured_outbox

    configured_outbox()


def _alerts(desk: "Desk | None") -> Iterator[Finding]:
    from connections.delivery.alerting import receivers_of, service_of

    file = str(config_file())
    try:
        receivers = receivers_of(read_config(config_file()), file)
    except Refusal as refusal:
        yield Finding("alerts", refusal.reason)
        return
    for receiver in receivers:
        yield from _refused("alerts", lambda each=receiver: service_of(each, file))  # type: ignore[misc]
    named = {receiver.name for receiver in receivers}
    for name, failure in ({} if desk is None else desk.alerts.failures()).items():
        if name in named:
            tried = "once" if failure.attempts == 1 else f"{failure.attempts} times"
            yield Finding(
                "alerts",
                f"{name} has not been told since {failure.since:%Y-%m-%dT%H:%M:%SZ}, tried {tried}:"
                f" {failure.why}",
            )


def _team(desk: "Desk") -> Iterator[Finding]:
    members = desk.team.roster().members
    if not members:
        yield Finding(
            "team", "there is none, so anyone may do anything and no level is measured",
            "see numberone team import",
        )  # fmt: skip
        return
    if not any(each.role is Role.LEAD for each in members):
        yield Finding("team", "nobody leads it, so its support may do what a lead may")


def _policy(desk: "Desk") -> Iterator[Finding]:
    from policy.rulebook.rulebook import handbook
    from policy.rulebook.warnings import warnings_of

    rulebook, company = desk.policy.rulebook(), handbook().waits.company
    for warning in warnings_of(rulebook):
        yield Finding("policy", warning)
    if _can_post() and rulebook.waits.company == company:
        yield Finding(
            "policy", f'waits.company: notices to customers are signed "{company}", as in the'
            " handbook", "say whose they are in [waits] of your policy",
        )  # fmt: skip


def _can_post() -> bool:
    from tui.environment.configured_outbox import can_post

    try:
        return can_post()
    except Refusal:
        return False  # what is wrong with the config is told by itself


def _connections(desk: "Desk") -> Iterator[Finding]:
    for status in desk.connections.statuses():
        yield from _connection(desk, status)


def _connection(desk: "Desk", status: "ConnectionStatus") -> Iterator[Finding]:
    from connections.sync.connection_file import mapping_of
    from connections.sync.kinds import KINDS
    from connections.sync.opening import access_to

    entry, about = status.entry, f"connection {status.entry.name}"
    if entry.kind not in KINDS:
        yield Finding(about, f"kind {entry.kind} is none of this version's")
        return
    yield from _refused(about, lambda: KINDS[entry.kind].check(entry, about))
    yield from _refused(about, lambda: mapping_of(entry, desk.policy.words()))
    yield from _refused(about, lambda: access_to(entry, desk.actor, os.environ))
    if status.error:
        since = status.failing_since
        when = "" if since is None else f" since {since:%Y-%m-%dT%H:%M:%SZ}"
        yield Finding(about, f"it fails{when}: {status.error}")
    elif status.last_ok is None:
        yield Finding(about, "it has never been read", "run numberone sync")
    if status.failed:
        yield Finding(
            about, f"{status.failed} steps of ours were refused for good", "see numberone messages"
        )
    if status.refused:
        first, why = next(iter(status.refused.items()))
        yield Finding(
            about, f"{len(status.refused)} tickets could not come in, {first} first: {why}",
            "change its mapping, and import the file again",
        )  # fmt: skip
