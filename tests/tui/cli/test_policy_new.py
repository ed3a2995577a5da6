"""``policy new``: answered through a pipe and at a terminal, stopped, refused, on a queue."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from policy.drafting.policy_text import policy_text
from policy.rulebook.rulebook import load_rulebook
from tests.databases import address_of
from tests.policy.drafting.drafts import begun, told, walked
from tests.policy.drafting.test_policies_answered import SHOP, UNIVERSITY
from tests.tui.command_runs import NOW, CommandLine, Ran
from tests.tui.pseudo_terminal import program_in_a_terminal

PROGRAM = [sys.executable, "-c", "from tui.cli import main; main()"]
HERE = Path(__file__).parents[3]
LONG_ENOUGH = 60
MANY = 60
"""More than there are questions, each answered with Enter."""

Typed = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    """Give what runs ``policy new`` as a process of its own, with answers from a pipe."""

    def run(
        file: str, answers: Sequence[str] | bytes, *more: str
    ) -> subprocess.CompletedProcess[str]:
        text = (
            answers if isinstance(answers, bytes) else "".join(f"{a}\n" for a in answers).encode()
        )
        ran = subprocess.run(
            [*PROGRAM, "--at", NOW, "policy", "new", file, *more],
            env=os.environ
            | {
                "NUMBERONE_DB": address_of(tmp_path / "desk.db"),
                "NUMBERONE_STATE": str(tmp_path / "state"),
                "PYTHONPATH": str(HERE),
                "PYTHONUTF8": "1",
            },
            cwd=tmp_path,
            input=text,
            capture_output=True,
            timeout=LONG_ENOUGH,
            check=False,
        )
        return subprocess.CompletedProcess(
            ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode()
        )

    return run


def keyboard(answers: dict[str, str], labels: Sequence[str]) -> list[str]:
    """Return the lines to type for questions in their order, Enter where nothing is answered."""
    return [answers.get(label, "") for label in labels]


class TestThroughAPipe:
    def test_enter_alone_writes_a_policy_that_is_right(
        self, typed: Typed, tmp_path: Path, numberone: CommandLine
    ) -> None:
        ran = typed("ours.toml", [""] * MANY)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert "ours.toml is written. Next:" in ran.stdout
        assert "shown on eight made-up tickets." in ran.stdout
        assert not (tmp_path / "desk.db").exists()
        assert (tmp_path / "ours.toml").read_text() == policy_text(told({}))
        assert numberone("policy check ours.toml").out == "ours.toml: nothing is wrong with it.\n"
        assert list(tmp_path.glob("*.toml")) == [tmp_path / "ours.toml"]

    @pytest.mark.parametrize("policy", [UNIVERSITY, SHOP], ids=["university", "shop"])
    def test_what_is_answered_is_written(
        self, typed: Typed, tmp_path: Path, policy: dict[str, str]
    ) -> None:
        _, order = walked(begun(), lambda question: policy.get(question.name, ""))
        ran = typed("ours.toml", keyboard(policy, order))
        assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
        written = (tmp_path / "ours.toml").read_text()
        assert written == policy_text(told(policy))
        assert load_rulebook(written, "ours.toml").vocabulary.facts

    def test_answers_are_echoed_and_a_wrong_one_is_explained_and_asked_again(
        self, typed: Typed
    ) -> None:
        ran = typed("ours.toml", ["premium, free", "premum", "premium", *[""] * MANY])
        assert ran.returncode == 0
        lines = ran.stdout.splitlines()
        place = lines.index("  paying [none]: premum")
        assert lines[place + 1] == '  expected premium or free, not "premum"; did you mean premium?'
        assert lines[place + 2] == "  paying [none]: premium"

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ([], 'not written, as the answers end before "plans" has one'),
            (["a, b", ""], 'not written, as the answers end before "trial" has one'),
            (["a!"], 'the answers end before "plans" has one: expected a word of at most 40'),
        ],
    )
    def test_answers_that_end_too_early_leave_nothing(
        self, typed: Typed, tmp_path: Path, *, answers: list[str], said: str
    ) -> None:
        ran = typed("ours.toml", answers)
        assert ran.returncode == 1
        assert ran.stderr.startswith("numberone: ours.toml: ")
        assert ran.stderr.count("\n") == 1
        assert said in ran.stderr
        assert not (tmp_path / "ours.toml").exists()

    def test_one_can_go_back_and_finds_what_was_typed(self, typed: Typed, tmp_path: Path) -> None:
        ran = typed("ours.toml", ["<", "a, b", "<", "", "a", *[""] * MANY])
        assert ran.returncode == 0
        assert "  this is the first question\n" in ran.stdout
        assert ran.stdout.count("  plans [none]: ") == 2
        assert "  plans [a, b]: \n" in ran.stdout
        rulebook = load_rulebook((tmp_path / "ours.toml").read_text(), "ours.toml")
        assert (rulebook.tiers.order, rulebook.tiers.paying) == (("a", "b"), ("a",))

    def test_what_is_no_text_is_no_answer(self, typed: Typed) -> None:
        ran = typed("ours.toml", b"\xff\xfe\n\x1b[2Jx\n" + b"\n" * MANY)
        assert ran.returncode == 0
        assert ran.stdout.count("expected one line of at most 2000 characters") == 2
        assert "\x1b[2J" not in ran.stdout

    def test_a_country_becomes_its_holidays(self, typed: Typed, tmp_path: Path) -> None:
        answers = [""] * 7 + ["Sweden", "SE"] + [""] * MANY
        ran = typed("ours.toml", answers)
        assert 'not "SWEDEN"' in ran.stdout
        written = (tmp_path / "ours.toml").read_text()
        assert "# The public holidays of SE in 2026 and 2027" in written
        assert "2026-06-06" in written


class TestTheFile:
    def test_one_that_exists_is_never_written_over(
        self, numberone: CommandLine, tmp_path: Path
    ) -> None:
        (tmp_path / "ours.toml").write_text("mine")
        (tmp_path / "gone.toml").symlink_to(tmp_path / "nowhere" / "x.toml")
        for name in ("ours.toml", "gone.toml", "."):
            assert (
                numberone.refused(f"policy new {name}")
                == f"{name}: exists already; name a new file"
            )
        assert (tmp_path / "ours.toml").read_text() == "mine"

    @pytest.mark.parametrize(
        ("file", "said"),
        [
            ("nowhere/ours.toml", "nowhere/ours.toml: cannot be written: No such file"),
            ("tickets.txt/ours.toml", "tickets.txt/ours.toml: cannot be written: "),
            ("-", "-: expected the name of a new file"),
        ],
    )
    def test_one_that_cannot_be_made_is_told_before_anything_is_asked(
        self, numberone: CommandLine, tmp_path: Path, *, file: str, said: str
    ) -> None:
        (tmp_path / "tickets.txt").touch()
        assert said in numberone.refused("policy new", file)

    def test_a_folder_in_which_nobody_writes(self, typed: Typed) -> None:
        ran = typed("/proc/ours.toml", [""] * MANY)  # root is told once all is answered
        assert ran.returncode == 1
        assert ran.stderr.startswith("numberone: /proc/ours.toml: cannot be written: ")

    def test_one_that_appears_meanwhile_is_kept_and_the_policy_is_printed(
        self, numberone: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Keyboard:
            """Presses Enter, while somebody else writes the file."""

            def isatty(self) -> bool:
                return False

            def readline(self, _: int = -1) -> str:
                (tmp_path / "ours.toml").write_text("theirs")
                return "\n"

        monkeypatch.setattr("sys.stdin", Keyboard())
        ran = numberone("policy new ours.toml", code=1)
        assert ran.err == "numberone: ours.toml: exists already; name a new file\n"
        assert (tmp_path / "ours.toml").read_text() == "theirs"
        assert ran.out.endswith(policy_text(told({})))


def answered(
    numberone: CommandLine, monkeypatch: pytest.MonkeyPatch, *answers: str, typed: str = ""
) -> Ran:
    """Answer within this process, Enter from then on."""
    lines = "".join(f"{each}\n" for each in (*answers, *[""] * MANY))
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    return numberone(f"policy new ours.toml {typed}")


class TestOnAQueue:
    def test_what_an_answer_does_is_shown_on_the_tickets(
        self, numberone: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        numberone.take_in({"severity": 0}, {"severity": 2}, {"severity": 3, "tier": "free"})
        before = numberone.json("history")
        ran = answered(numberone, monkeypatch, "", "", "", "", "", "high, low")
        out = ran.out
        assert "→ today's queue by the policy in force: p0 1, p1 0, p2 1, p3 1" in out
        assert "  plans [presales, enterprise, team, free, open_source, internal]: \n" in out
        assert "→ today's queue: high 1, low 2" in out
        assert "number one #1  high  Enterprise  Acme · Ticket 1" in out
        assert "first of today's queue in normal times:" in out
        assert numberone.json("history") == before
        assert numberone("policy check ours.toml").out.endswith("nothing is wrong with it.\n")

    def test_enter_keeps_what_is_in_force(
        self, numberone: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        numberone.take_in({"severity": 0}, {"severity": 2, "tier": "free"}, {"severity": 3})
        answered(numberone, monkeypatch)
        assert numberone.json("policy diff ours.toml")["moves"] == []

    def test_words_that_tickets_carry_and_the_policy_lacks_are_told(
        self, numberone: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        numberone.take_in({"severity": 0}, {"severity": 2, "tier": "free"})
        out = " ".join(answered(numberone, monkeypatch, "free, new").out.split())
        assert "1 ticket carries words that this policy does not know: tier enterprise (1)" in out
        assert "what it does is shown on the others." in out
        (numberone.folder / "ours.toml").unlink()
        out = " ".join(answered(numberone, monkeypatch, "old, new").out.split())
        assert "2 tickets carry words that this policy does not know" in out
        assert "what it does is shown on eight made-up tickets." in out

    def test_facts_that_no_ticket_carries_are_shown_on_made_up_ones(
        self, numberone: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        numberone.take_in({"severity": 0}, {"severity": 2})
        answers = ["none", "", "", "", "kind: incident, request", ""]
        answers += ["p0 if kind = request"]
        out = answered(numberone, monkeypatch, *answers).out
        assert "No ticket carries such facts yet: what they do is shown on eight made-up" in out
        assert "→ eight made-up tickets: p0 " in out

    def test_a_time_in_the_past_shows_the_queue_of_then(
        self, numberone: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        numberone.take_in({"severity": 0})
        numberone("reply 1 --at 2026-03-06T23:00Z")
        numberone("status 1 solved --at 2026-03-06T23:10Z")
        out = answered(numberone, monkeypatch, typed="--at 2026-03-07T00:00Z").out
        assert "The desk has no tickets" in out
        (numberone.folder / "ours.toml").unlink()
        out = answered(numberone, monkeypatch, typed="--at 2026-03-06T22:30Z").out
        assert "by the policy in force: p0 1, p1 0" in out

    def test_no_policy_is_adopted_by_it(
        self, numberone: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        numberone.take_in({"severity": 0})
        (numberone.folder / "other.toml").write_text('[response]\np0 = "9h"\n')
        answered(numberone, monkeypatch, typed="--policy other.toml")
        assert numberone.json("policy show")["response"]["p0"] == "2h"


class TestAtATerminal:
    def test_answered_line_by_line(self, tmp_path: Path) -> None:
        with program_in_a_terminal(tmp_path, "policy", "new", "ours.toml") as terminal:
            terminal.until("plans [none]:")
            terminal.press(b"premium, free\r")
            terminal.until("paying [none]:")
            terminal.press(b"premium\r")
            terminal.until("trial [none]:")
            terminal.press(b"\r" * MANY)
            terminal.until_written("is written. Next:")
            assert terminal.ended() == 0
            assert terminal.left_over() == []
        rulebook = load_rulebook((tmp_path / "ours.toml").read_text(), "ours.toml")
        assert rulebook.tiers.paying == ("premium",)

    @pytest.mark.parametrize(
        ("key", "said"), [(b"\x03", "it was stopped at"), (b"\x04", "the answers end before")]
    )
    def test_ctrl_c_and_ctrl_d_leave_nothing_behind(
        self, tmp_path: Path, *, key: bytes, said: str
    ) -> None:
        with program_in_a_terminal(tmp_path, "policy", "new", "ours.toml") as terminal:
            terminal.until("plans [none]:")
            terminal.press(b"premium, free\r")
            terminal.until("paying [none]:")
            terminal.press(key)
            if not terminal.ends_within(5.0):  # Python loses a signal just as it begins to wait
                terminal.press(key)
            assert terminal.ended() == 1
            assert terminal.left_over() == []
            last = terminal.plain.replace("\r", "").rstrip("\n").split("\n")[-1]
        assert last.startswith("numberone: ours.toml: not written, as ")
        assert said in last
        assert '"paying"' in last
        assert "Traceback" not in terminal.plain
        assert not (tmp_path / "ours.toml").exists()
