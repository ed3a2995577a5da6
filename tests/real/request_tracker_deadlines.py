"""Run as a program: a real Request Tracker's own response deadlines beside those of a desk.

Many conversations of the last two weeks, open hours on both sides alike. They must be equal but
for the two conventions: what ends with the open hours is due at closing here, at the next opening
there.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tests.connections.helpdesks.request_tracker_over_there import RequestTrackerOverThere
from tests.real.request_tracker import RealRequestTracker, install

LEVELS: Final = {"p0": 120, "p1": 240, "p2": 480, "p3": 2_880}
"""Minutes of open time."""

OPENS, CLOSES = 9, 17
UNSET: Final = datetime(1970, 1, 1, tzinfo=UTC)
SITE: Final = """
Set(%ServiceAgreements, Default => 'p2', Levels => {
    {levels}
});
Set(%ServiceBusinessHours, 'Default' => {
    0 => { Name => 'Sunday', Start => undef, End => undef },
    (map { $_ => { Name => (qw(Sunday Monday Tuesday Wednesday Thursday Friday))[$_],
                   Start => '9:00', End => '17:00' } } 1 .. 5),
    6 => { Name => 'Saturday', Start => undef, End => undef },
});
"""
POLICY: Final = """
[calendar]
timezone = "UTC"
open = ["Mon-Fri 09:00-17:00"]
[[contract]]
when = { tier = ["internal"] }
first_response = "none"
"""


def plan(many: int, draw: random.Random, now: datetime) -> list[dict[str, Any]]:
    """Return conversations, each message a while after the one before, the last before now."""
    found = []
    for number in range(many):
        severity = number % 4
        at = now - timedelta(seconds=draw.randrange(14 * 86_400))
        if number % 5 == 0:  # exactly so long before closing as there is time
            at = at.replace(hour=draw.choice((9, 11, 13, 15)), minute=0, second=0)
        messages: list[dict[str, Any]] = [{"who": "customer", "at": int(at.timestamp())}]
        for _ in range(draw.randrange(5)):
            at += timedelta(seconds=draw.randrange(60, 2 * 86_400))
            who = draw.choice(("customer", "agent"))
            messages.append({"who": who, "at": int(at.timestamp())})
        kept = [each for each in messages if each["at"] < now.timestamp()]
        found.append({"level": f"p{severity}", "severity": severity, "messages": kept})
    return found


def at_closing(moment: datetime) -> datetime:
    """Return the closing before a moment at which the hours open, any other as it is."""
    if (moment.hour, moment.minute, moment.second) != (OPENS, 0, 0) or moment.weekday() > 4:
        return moment
    days = 3 if moment.weekday() == 0 else 1
    return (moment - timedelta(days=days)).replace(hour=CLOSES)


def theirs(there: RequestTrackerOverThere) -> dict[str, datetime | None]:
    """Return until when Request Tracker says each ticket is to be answered, None for answered."""
    found: dict[str, datetime | None] = {}
    for page in range(1, 100):
        query = {"query": "id > 0", "fields": "Due", "per_page": "100", "page": str(page)}
        items = there.asks("GET", "/tickets", query=query).json()["items"]
        if not items:
            return found
        for each in items:
            due = datetime.fromisoformat(each["Due"])
            found[str(each["id"])] = None if due == UNSET else due
    return found


def ours(folder: Path, server: RealRequestTracker) -> dict[str, datetime | None]:
    """Return until when the desk says that each ticket is to be answered, None for answered."""
    rows = "".join(
        f'[[contract]]\nwhen = {{ priority = ["{level}"] }}\n'
        f'first_response = "{minutes}m"\nnext_reply = "{minutes}m"\n'
        for level, minutes in LEVELS.items()
    )
    (folder / "policy.toml").write_text(POLICY + rows)
    (folder / "connections.toml").write_text(
        f'[[connection]]\nname = "desk"\nkind = "request_tracker"\naddress = "{server.address}"\n'
    )
    database = str(folder / "desk.db")
    told = os.environ | {"NUMBERONE_DESK_TOKEN": server.tokens["numberone"]}
    program = [sys.executable, "-c", "from tui.cli import main; main()", "--db", database]
    for command in (
        ["--policy", str(folder / "policy.toml"), "next"],
        ["connections", "import", str(folder / "connections.toml")],
        ["sync", "--once"],
    ):
        done = subprocess.run(
            [*program, *command], env=told, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    listed = subprocess.run(
        [*program, "list", "--all", "--limit", "100000", "--json"],
        env=told,
        capture_output=True,
        text=True,
        check=True,
    )
    return {
        each["external_id"]: each["respond_by"] and datetime.fromisoformat(each["respond_by"])
        for each in json.loads(listed.stdout)["tickets"]
    }


def main() -> None:
    """Compare them; exit 1 where one differs by more than the conventions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    wanted = parser.parse_args()
    install()
    folder = Path(tempfile.mkdtemp(prefix="numberone-deadlines-"))
    levels = "\n".join(
        f"{name} => {{ Response => {{ BusinessMinutes => {minutes} }} }},"
        for name, minutes in LEVELS.items()
    )
    now = datetime.now(UTC)
    conversations = plan(wanted.conversations, random.Random(wanted.seed), now)  # noqa: S311 - a plan
    (folder / "plan.json").write_text(json.dumps(conversations))
    with RealRequestTracker(site=SITE.replace("{levels}", levels)) as server:
        script = Path(__file__).with_name("request_tracker_conversations.pl")
        server.runs(script, str(folder / "plan.json"))
        there, here = theirs(RequestTrackerOverThere(server)), ours(folder, server)
    assert there.keys() == here.keys(), there.keys() ^ here.keys()
    alike = convention = 0
    for name in sorted(there, key=int):
        one, other = here[name], there[name]
        if one == other:
            alike += 1
        elif other is not None and one == at_closing(other):
            convention += 1
        else:
            print(f"{name}: {one} here, {other} there; {conversations[int(name) - 1]}")
    print(f"{len(there)} conversations, {sum(d is not None for d in there.values())} of them owed:")
    print(f"{alike} equal, {convention} at closing here and at the next opening there")
    sys.exit(alike + convention != len(there))


if __name__ == "__main__":
    main()
