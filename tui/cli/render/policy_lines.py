"""What the commands about a policy tell a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from policy.refusal import one_of
from policy.words import Priority
from tui.cli.render.printing import Printer
from tui.cli.render.ticket_documents import instant

if TYPE_CHECKING:  # both know the rulebook, which is heavy
    from policy.contract.targets_due import TargetsDue
    from policy.rulebook.book import BookPolicy

_LABEL = 12


def tell_due(
    out: Printer, priority: Priority | None, because: str | None, due: "TargetsDue | None"
) -> None:
    """Print until when what is due, in the reader's zone and in UTC, and why, where rows say it.

    ``because`` is why intake gave the priority, None where it was said; then it isn't repeated.
    """
    if because is not None:
        whose = "declined" if due is None else str(priority)
        out.line((f"{'priority':<{_LABEL}}", "dim"), (whose, "strong"), (f"  {because}", "dim"))
    if due is None:
        return
    if due.row is not None and due.row.number is not None:
        calendars = one_of(due.row.calendars)
        out.line((f"{'contract':<{_LABEL}}", "dim"), (f"row {due.row.number}, {calendars}", ""))
    _tell_time(out, "respond by", due.respond_by)
    _tell_time(out, "we aim for", due.aim_by)
    for name, moment in due.targets.items():
        if name in due.by_rows and moment != due.respond_by:
            _tell_time(out, name.replace("_", " "), moment)


def _tell_time(out: Printer, label: str, moment: datetime | None) -> None:
    if moment is not None:
        local = moment.astimezone(out.zone)
        shown = f"{local:%a} {local.day} {local:%b %Y %H:%M:%S %Z}"
        out.line((f"{label:<{_LABEL}}", "dim"), (shown, "strong"), (f"  {instant(moment)}", "dim"))


def tell_book(out: Printer, policies: Sequence["BookPolicy"]) -> None:
    """Print each policy of the book with what it is."""
    width = max(len(each.name) for each in policies) + 2
    for each in policies:
        out.line((f"{each.name:<{width}}", "strong"), (each.about, ""))
