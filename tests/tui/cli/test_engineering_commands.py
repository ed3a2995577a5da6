"""Engineering at the command line: filled in, handed over, decided, told; and what is refused."""

import sys
from pathlib import Path

import pytest

from policy.rulebook.rulebook import handbook
from tests.tui.command_runs import CommandLine

NAMES = handbook().engineering.context
DOWN = {"subject": "Instance down", "severity": 0}


@pytest.fixture
def filled(numberone: CommandLine) -> CommandLine:
    """Give a desk with two p2s and a p0, all of them answered."""
    numberone.take_in({"subject": "Export drops columns"}, {"subject": "导出丢失列 🚢"}, DOWN)
    for number in (1, 2, 3):
        numberone(f"reply {number} --at 2026-03-06T20:01Z")
    return numberone


def complete(numberone: CommandLine, number: int) -> None:
    """Fill in the whole context of a ticket."""
    settings = [part for name in NAMES for part in ("--set", f"{name}=The {name}.")]
    numberone(f"context {number}", *settings)


def as_editor(folder: Path, monkeypatch: pytest.MonkeyPatch, *replaced: tuple[str, str]) -> None:
    """Let the editor replace some text by other text."""
    script = folder / "editor.py"
    script.write_text(
        "import sys, pathlib\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "text = file.read_bytes()\n"
        f"for old, new in {[(old.encode(), new.encode()) for old, new in replaced]!r}:\n"
        "    assert old in text, old\n"
        "    text = text.replace(old, new, 1)\n"
        "file.write_bytes(text)\n"
    )
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")


def test_from_the_first_line_of_context_to_the_drafted_answer(filled: CommandLine) -> None:
    assert filled.refused("handover 1").startswith("#1 lacks environment, steps to reproduce,")
    document = filled.json("context 1 --set logs='502\n at 9:14' --set urgency=high")
    assert list(document) == ["ticket", "context", "missing", "thin"]
    assert list(document["context"]) == list(NAMES)
    assert document["context"]["logs"] == "502\n at 9:14"
    assert document["context"]["environment"] is None
    assert document["missing"] == [
        "environment", "steps_to_reproduce", "recent_changes", "who_is_affected",
    ]  # fmt: skip
    said = filled("context 1").out
    assert "Context for engineering, 2 of 6" in said
    assert "○ environment         missing\n" in said
    assert "✓ logs                502\n                       at 9:14\n" in said
    complete(filled, 1)
    document = filled.json("handover 1")
    assert document["ticket"]["status"] == "on_hold"
    assert document["ticket"]["position"] is None
    document = filled.json("review")
    assert document["total"] == 1
    assert [each["id"] for each in document["tickets"]] == [1]
    document = filled.json('review 1 "Next release" --note "In the parser."')
    assert document["ticket"]["status"] == "open"
    assert document["ticket"]["position"] is not None
    assert document["tell_the_customer"].startswith("Hello Acme,\n\nthere is news about")
    assert "parser" not in document["tell_the_customer"]
    filled("take 1")
    shown = filled("show 1").out
    assert "Tell the customer: engineering wants it in the next release." in shown
    assert "Drafted answer\nHello Acme,\n" in shown
    assert "their note            In the parser.\n" in shown
    assert "mo decided the timing: next release: In the parser." in shown
    filled("reply 1 --status pending")
    assert "Drafted answer" not in filled("show 1").out


def test_one_that_is_owed_is_answered_first(filled: CommandLine) -> None:
    complete(filled, 1)
    filled("heard 1 --at 2026-03-06T20:30Z")
    refused = filled.refused("handover 1")
    assert refused == ("#1 is owed an answer: first an answer to the customer, then the hand-over")
    assert "drop everything" in filled("escalate 3 --because 'the boats stop'").out
    filled("reply 1")
    handed = filled.json("handover 1")["ticket"]
    assert (handed["status"], handed["owed"], handed["position"]) == ("on_hold", False, None)
    wrote = filled.json("heard 1")["ticket"]
    assert (wrote["status"], wrote["owed"]) == ("open", True)
    assert [each["id"] for each in filled.json("review")["tickets"]] == [3, 1]
    assert filled.json("reply 1")["ticket"]["status"] == "on_hold"


def test_what_waits_for_engineering_is_listed_what_cannot_wait_first(filled: CommandLine) -> None:
    assert filled("review").out == (
        "Nothing waits for engineering.\nIn 7 days: asked to drop everything never, could wait"
        " never\n"
    )
    for number in (2, 1):
        complete(filled, number)
        filled(f"handover {number} --at 2026-03-06T{20 + number // 2}:30Z")
    filled("escalate 3 --because 'the boats stop' --at 2026-03-06T21:50Z")
    assert filled("review").out.splitlines() == [
        "#3  p0  Acme  Instance down             10 m ago  drop everything",
        "#1  p2  Acme  Export drops columns  1 h 30 m ago",
        "#2  p2  Acme  导出丢失列 🚢             30 m ago",
        "3 with engineering",
        "In 7 days: asked to drop everything once, could wait never",
    ]


def test_a_p0_says_first_whether_it_can_wait(filled: CommandLine) -> None:
    complete(filled, 3)
    assert filled.refused("handover 3") == "#3 is p0: say first whether it can wait a day"
    assert filled.refused("escalate 1 --because 'so'").startswith("#1 is p2: engineering drops")
    said = filled("escalate 3 --because 'the boats stop'").out
    assert "Engineering is asked to drop everything. It is open, number 1 in the queue." in said
    assert filled.refused("handover 3").startswith("#3 is p0 and cannot wait, as mo said")
    assert filled.json("escalate 3 --can-wait")["ticket"]["id"] == 3
    assert filled.json("handover 3")["ticket"]["status"] == "on_hold"
    history = filled("show 3").out
    assert "mo asked engineering to drop everything: it cannot wait a day, because the" in history
    assert "mo said that it can wait a day" in history
    assert "mo handed it over to engineering" in history


def test_scheduled_names_its_day_and_a_question_goes_back(filled: CommandLine) -> None:
    for number in (1, 2):
        complete(filled, number)
        filled(f"handover {number}")
    assert filled.refused("review 1 scheduled").startswith("date: missing")
    assert filled.refused("review 1 --on soon").startswith("--on: expected a time")
    assert filled.refused("review 1 --on 2026-02-01").startswith("date: 2026-02-01; expected a day")
    assert filled.refused("review 1 later").startswith(
        'timing: "later"; expected now, next_release'
    )
    said = filled("review 1 --on 2d").out
    assert "Tell the customer: engineering has scheduled it for 8 Mar 2026." in said
    assert "8 Mar" not in said.partition("Hello")[2]
    document = filled.json("review 2 --question", "Which version?")
    assert document["tell_the_customer"] is None
    assert "they ask" in filled("context 2").out
    assert filled.refused("review 2 wont-do").startswith("#2 does not rest with engineering")


@pytest.mark.parametrize(
    "typed",
    [
        "review 1", "review 1 now --question why", "review 1 --question why --note so",
        "review --note so", "escalate 1", "escalate 1 --because so --can-wait",
        "context 1 --edit --set logs=502", "context 1 --set logs",
    ],
)  # fmt: skip
def test_wrong_usage_changes_nothing(filled: CommandLine, typed: str) -> None:
    assert filled(typed, code=2).err.startswith("Usage: ")


def test_a_comment_is_in_the_history_and_the_ticket_as_it_was(filled: CommandLine) -> None:
    before = filled.json("show 1")["ticket"]
    assert filled.json("comment 1 'The same as #2.'")["ticket"] == before
    assert "mo commented: The same as #2." in filled("show 1").out
    assert filled.refused("comment 1 ''") == "comment: missing; say something"


class TestEditor:
    def test_all_of_it_is_written_under_its_headings(
        self, filled: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        filled("context 1 --set 'urgency=A day or two.'")
        as_editor(
            filled.folder, monkeypatch,
            ("=== logs ===\n", "=== logs ===\n502\n\n  # not a remark\n"),
            ("A day or two.", ""),
        )  # fmt: skip
        document = filled.json("context 1 --edit")
        assert document["context"]["logs"] == "502\n\n  # not a remark"
        assert document["context"]["urgency"] is None
        assert not list((filled.folder / "state").rglob("*.txt"))
        (event,) = (each for each in filled.json("show 1")["history"][-1:])
        assert event["kind"] == "context_filled"

    @pytest.mark.parametrize(
        ("broken", "reason"),
        [
            (("=== logs ===", "=== log ==="), 'line 11: "log"; expected one of the headings'),
            (("=== logs ===", "=== urgency ==="), 'line 20: the heading "urgency" comes twice'),
            (("# Context", "Context"), "stands above the first heading"),
            (("=== logs ===\n", f"=== logs ===\n{'x' * 10_001}\n"), "logs: 10,001 characters"),
        ],
    )
    def test_a_broken_text_is_refused_with_its_line_and_not_lost(
        self, filled: CommandLine, monkeypatch: pytest.MonkeyPatch,
        broken: tuple[str, str], reason: str,
    ) -> None:  # fmt: skip
        as_editor(
            filled.folder,
            monkeypatch,
            broken,
            ("=== environment ===\n", "=== environment ===\n!\n"),
        )
        said = filled.refused("context 1 --edit")
        assert reason in said
        (kept,) = (filled.folder / "state").rglob("*.txt")
        assert f"your text is kept in {kept}" in said
        assert "=== environment ===\n!\n" in kept.read_text()
        as_editor(filled.folder, monkeypatch, broken[::-1])
        assert filled.json("context 1 --edit")["context"]["environment"] == "!"
        assert not kept.exists()

    def test_a_text_that_is_not_utf_8_is_kept(
        self, filled: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        as_editor(filled.folder, monkeypatch)
        editor = filled.folder / "editor.py"
        editor.write_text(editor.read_text() + "file.write_bytes(b'\\xff')\n")
        assert filled.refused("context 1 --edit").startswith("the text is not UTF-8; your text is")

    def test_an_editor_that_does_not_start_is_said(
        self, filled: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("VISUAL", "/nowhere/editor")
        assert "your text is kept in" in filled.refused("context 1 --edit")


def test_what_says_little_takes_a_second_word(filled: CommandLine) -> None:
    policy = filled.folder / "policy.toml"
    policy.write_text("[engineering.fewest_words]\nlogs = 3\n")
    complete(filled, 1)
    options = ("--policy", str(policy))
    assert filled.json("context 1", *options)["thin"] == ["logs"]
    assert "The logs.  says little" in filled("context 1", *options).out
    refusal = "#1 says little in logs; say more, or hand it over as it is"
    assert filled.refused("handover 1", *options) == refusal
    handed = filled.json("handover 1 --as-it-is", *options)
    assert handed["ticket"]["status"] == "on_hold"
