"""What waits for engineering on a real desk, for the tests of the board."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from policy.intake.incoming import IncomingTicket
from store.desk import Desk
from tests.examples import incoming
from tests.tui.boards import NOW
from tests.tui.teams import nine_in_a_room, staffed

CONTEXT: Mapping[str, str] = {
    "environment": "4.2.1, self-hosted on Kubernetes 1.31, PostgreSQL 16, 3 replicas.",
    "steps_to_reproduce": "1. Open any report with more than 12 columns.\n2. Export it as CSV.\n"
    "3. Columns 13 and up are missing; as XLSX they are there.",
    "logs": "09:14:02 export: 14 columns requested\n09:14:02 export: writer initialised for 12\n"
    "09:14:03 export: done, 0 warnings",
    "recent_changes": "Upgraded from 4.1.8 on Monday. Nothing else.",
    "who_is_affected": "Everyone in finance, 40 people; not: those with fewer columns.",
    "urgency": "They close the month on Friday. XLSX works meanwhile.",
}
CHINESE: Mapping[str, str] = {
    "environment": "4.2.1，自托管，三个副本，数据库为 PostgreSQL 16",
    "steps_to_reproduce": "一、打开任意列数超过十二的报表 🚢\n二、导出为 CSV",
    "logs": "\n".join(
        f"09:14:{second:02} 写入第 {second} 行 ✅ [red]ok[/red]" for second in range(60)
    ),
    "recent_changes": "无",
    "who_is_affected": "财务部全体四十人 👩🏽‍💻",
    "urgency": "周五结账",
}


def p2s() -> list[IncomingTicket]:
    """Return five p2s of four customers, and a p0."""
    subjects = (
        ("Acme", "CSV export drops every column after the twelfth"),
        ("云雀智造", "导出报表时第十二列之后的所有列都会丢失，财务部门无法结账 🚢"),
        ("Globex", "Webhooks arrive twice when the receiver answers slowly"),
        ("Initech", "Search ignores quotes around two words"),
        ("Piper", "Review queue shows approvals of renamed groups"),
    )
    return [
        *(
            incoming(
                number,
                customer=customer,
                subject=subject,
                received_at=NOW - timedelta(days=3, hours=2 + number),
                requester_name=f"Req {number}",
                body="Hello,\n\nit began on Monday, and we cannot close the month like this.",
            )
            for number, (customer, subject) in enumerate(subjects, start=1)
        ),
        incoming(
            6, customer="Halcyon Ferry Lines", subject="Instance down for all users",
            severity=0, received_at=NOW - timedelta(minutes=30),
        ),
    ]  # fmt: skip


def staffed_with_hand_overs(path: Path, *, urgent: bool = False) -> Path:
    """Make a desk where #1 to #4 rest with engineering, the first the longest; #5 is m1's."""

    def then(desk: Desk) -> None:
        desk.act_as("m1")
        clock = [NOW]
        desk._session._clock = lambda: clock[0]
        for number in range(1, 6):
            clock[0] = NOW - timedelta(days=4 - number, hours=2, minutes=number)
            desk.tickets.assign(number, "m1")
            desk.tickets.reply(number)
            if number < 5:
                desk.engineering.fill_context(number, CHINESE if number == 2 else CONTEXT)
                desk.engineering.hand_over(number)
        if urgent:
            clock[0] = NOW - timedelta(minutes=20)
            desk.engineering.escalate(6, cannot_wait=True, because="their boats stop in two hours")

    return staffed(path, nine_in_a_room(), p2s(), then=then, now=NOW - timedelta(days=4))
