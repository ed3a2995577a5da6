"""Files of tickets for tests: written with a few words."""

import csv
import io
import json
from pathlib import Path

from hypothesis import strategies as st

from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.words import OpenedBy, Status
from tests.examples import SEVERITIES, TIERS, WORDS


def fields(number: int | str = 1, /, **changed: object) -> dict[str, object]:
    """Return a good ticket in the import's own format; a field changed to ``...`` is left out."""
    plain: dict[str, object] = {
        "external_id": str(number),
        "subject": f"Ticket {number}",
        "customer": "Acme",
        "tier": "team",
        "severity": 2,
        "received_at": "2026-03-02T09:00:00Z",
    }
    return {name: value for name, value in (plain | changed).items() if value is not ...}


def json_line(number: int | str = 1, /, **changed: object) -> bytes:
    """Return a good ticket as a JSON line, without its line break."""
    return json.dumps(fields(number, **changed)).encode()


def write_lines(path: Path, *lines: bytes) -> Path:
    """Write lines, each ended by a line feed."""
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def csv_row(ticket: IncomingTicket) -> dict[str, str]:
    """Return a ticket as the cells of a CSV, by heading."""
    dumped = ticket.model_dump(mode="json")
    tags = "".join(f"{tag}," for tag in ticket.tags)
    cells = {name: "" if value is None else str(value) for name, value in dumped.items()}
    return cells | {"tags": tags}


def as_csv(*tickets: IncomingTicket) -> bytes:
    """Return tickets as a CSV with all headings."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(IncomingTicket.model_fields))
    writer.writeheader()
    writer.writerows(csv_row(ticket) for ticket in tickets)
    return written.getvalue().encode()


_ANY = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
_WORDS = st.characters(exclude_characters="\0,", exclude_categories=["Cs", "Z", "Cc"])
_TIMES = st.datetimes().filter(lambda moment: 1970 < moment.year < 9000).map(lambda m: f"{m}Z")


def _text(longest: int) -> st.SearchStrategy[str]:
    return st.text(_ANY, max_size=longest)


def _line(longest: int) -> st.SearchStrategy[str]:
    return st.text(_ANY, min_size=1, max_size=longest).filter(lambda text: text.strip())


def tickets() -> st.SearchStrategy[IncomingTicket]:
    """Draw valid tickets with every field, texts in any script among them."""
    words = st.text(_WORDS, min_size=1, max_size=20)
    drawn = st.fixed_dictionaries(
        {
            "source": words.map(lambda word: word.replace(":", "-")),
            "external_id": _line(40),
            "subject": _line(60),
            "customer": _line(40),
            "tier": st.sampled_from(TIERS),
            "severity": st.sampled_from(SEVERITIES),
            "received_at": st.just("1970-01-01") | _TIMES,
        },
        optional={
            "body": _text(200),
            "opened_by": st.sampled_from(OpenedBy),
            "requester_name": _text(40),
            "requester_email": st.just("ada@example.com"),
            "requester_timezone": st.sampled_from(["UTC", "Africa/Cairo"]),
            "status": st.sampled_from(Status),
            "assignee": words,
            "first_response_at": st.just("9000-01-01T00:00:00.5Z"),
            "last_customer_message_at": _TIMES,
            "url": st.just("https://example.com/tickets/1?a=b"),
            "tags": st.lists(words, max_size=4),
        },
    )
    return drawn.map(lambda fields: incoming_ticket(fields, WORDS))
