"""Whatever happens on both sides in whatever order, on good days and bad: in the end both agree.

"Killed at any point and started again, nothing is lost and nothing comes twice."
"""

import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from policy.intake.conversation import MessageRole
from policy.refusal import Refusal
from policy.words import Status
from store.desk import Desk
from tests.connections.sync.conftest import ENTRY, InStep
from tests.connections.sync.small_help_desk import Killed, SmallHelpDesk
from tests.store.checking import check
from tests.store.clock import Clock

NAMES = st.integers(1, 4).map(str)
THERE = st.sampled_from(["open", "pending", "on_hold", "solved"])
HERE = st.sampled_from([Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED])
PEOPLE = st.sampled_from(["mo", "luz", "ben"])
MOMENTS = ("read", "before writing", "after writing", "find")
BAD_DAYS = st.sampled_from([f"{how} {moment}" for how in ("lost", "killed") for moment in MOMENTS])


class BothSides(RuleBasedStateMachine):
    """People work on both sides; the loop goes round now and then, and dies now and then."""

    template: ClassVar[Path]

    @initialize()
    def begin(self) -> None:
        folder = Path(tempfile.mkdtemp(dir=self.template.parent))
        clock = Clock()
        path = str(shutil.copy(self.template, folder / "desk.db"))
        self.both = InStep(Desk.open(path, actor="mo", clock=clock), SmallHelpDesk(), clock, path)
        self.said: Counter[str] = Counter()
        self.written = 0

    def teardown(self) -> None:
        if not hasattr(self, "both"):
            return
        try:
            self.both.there.bad_days.clear()
            self.both.there.shown_until = None
            self.both.quiet()
            self._agree()
        finally:
            self.both.desk.close()

    # There

    @rule()
    def a_customer_asks(self) -> None:
        if len(self.both.there.tickets) < 4:
            self.both.there.asked()

    @rule(name=NAMES)
    def a_customer_writes(self, name: str) -> None:
        if name in self.both.there.tickets:
            there = self.both.there
            there.says(name, MessageRole.CUSTOMER, "Hello?", author="ada@acme.example")
            if there.tickets[name].status != "new":
                there.sets(name, status="open")

    @rule(name=NAMES)
    def an_agent_answers(self, name: str) -> None:
        if name in self.both.there.tickets:
            self.both.there.says(name, MessageRole.US, "Hello there.")
            if self.both.there.tickets[name].status == "new":
                self.both.there.sets(name, status="open")

    @rule(name=NAMES, status=THERE)
    def an_agent_sets_a_status(self, name: str, status: str) -> None:
        if name in self.both.there.tickets:
            self.both.there.sets(name, status=status)

    @rule(name=NAMES, person=st.none() | PEOPLE)
    def an_agent_assigns(self, name: str, person: str | None) -> None:
        if name in self.both.there.tickets:
            self.both.there.sets(name, assignee=person)

    # Here

    @rule(number=st.integers(1, 4), status=st.none() | HERE, internal=st.booleans())
    def somebody_writes(self, number: int, status: Status | None, internal: bool) -> None:
        text = f"Answer {self.written}."
        self.written += 1
        write = self.both.desk.conversation.note if internal else self.both.desk.conversation.answer
        with suppress(Refusal):
            write(number, text, status)
            self.said[text] += 1

    @rule(number=st.integers(1, 4), status=HERE)
    def somebody_sets_a_status(self, number: int, status: Status) -> None:
        with suppress(Refusal):
            self.both.desk.tickets.set_status(number, status)

    @rule(number=st.integers(1, 4), person=st.none() | PEOPLE)
    def somebody_assigns(self, number: int, person: str | None) -> None:
        with suppress(Refusal):
            self.both.desk.tickets.assign(number, person)

    @rule()
    def somebody_undoes(self) -> None:
        with suppress(Refusal):
            for event in self.both.desk.history.undo():
                if event.kind == "message_written" and event.after is not None:
                    self.said[event.after["message"]["text"]] -= 1

    # Between

    @rule(seconds=st.integers(1, 90))
    def time_passes(self, seconds: int) -> None:
        self.both.later(seconds=seconds)

    @rule(worker=st.sampled_from(["one", "two"]))
    def a_round(self, worker: str) -> None:
        with suppress(Killed):
            self.both.round(worker)

    @precondition(lambda self: not self.both.there.bad_days)
    @rule(bad=BAD_DAYS)
    def a_bad_day(self, bad: str) -> None:
        self.both.there.bad_days.append(bad)

    @rule()
    def changes_are_shown_late(self) -> None:
        there = self.both.there
        there.shown_until = len(there.feed) if there.shown_until is None else None

    @rule()
    def the_board_is_opened_again(self) -> None:
        self.both.desk.close()
        self.both.desk = Desk.open(self.both.address, actor="mo", clock=self.both.clock)

    # What holds

    @invariant()
    def nothing_is_written_twice(self) -> None:
        there = Counter(
            text
            for name in self.both.there.tickets
            for text in self.both.there.texts(name)
            if text.startswith("Answer")
        )
        assert all(times == 1 for times in there.values()), there

    @invariant()
    def everything_agrees_here(self) -> None:
        check(self.both.desk, self.both.address)
        assert self.both.desk.transfer.problems() == []

    def _agree(self) -> None:
        desk, there = self.both.desk, self.both.there
        wanted = Counter({text: times for text, times in self.said.items() if times})
        arrived = Counter(
            text
            for name in there.tickets
            for text in there.texts(name)
            if text.startswith("Answer")
        )
        assert arrived == wanted, "nothing is lost, and nothing comes twice"
        assert desk.connections.status("desk").waiting_out == 0
        for name, theirs in there.tickets.items():
            ours = desk.tickets.get(self.both.ticket(name))
            assert ours.assignee == theirs.assignee, name
            is_begun = (ours.status, theirs.status) == (Status.OPEN, "new")
            assert ours.status == theirs.status or is_begun, name
            here = Counter(each.text for each in desk.conversation.of(ours.id))
            assert here == Counter(each.text for each in theirs.messages), name
        check(desk, self.both.address)


def test_in_the_end_both_sides_agree(tmp_path: Path) -> None:
    template = tmp_path / "template.db"
    desk = Desk.open(str(template), actor="mo")
    desk.connections.import_entries([ENTRY])
    desk.close()
    machine = type("Machine", (BothSides,), {"template": template})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
