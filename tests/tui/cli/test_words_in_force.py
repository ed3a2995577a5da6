"""Every command in the words of the policy in force, of which no handbook's word is left."""

import json
import shlex

import pytest

from tests.databases import address_of
from tests.own_words import NEITHER, OURS
from tests.tui.command_runs import NOW, CommandLine, line

LINES = (
    {"tier": "Standard", "severity": "critical", "subject": "Down"},
    {"tier": "premium", "severity": "2", "subject": "Slow"},
    {"tier": "self-support", "severity": "LOW", "subject": "A question"},
    {"tier": "ours", "severity": "low", "subject": "Runbook"},
)


@pytest.fixture
def ours(numberone: CommandLine) -> CommandLine:
    """Give a desk under a policy in words of its own, with a ticket of each tier."""
    (numberone.folder / "ours.toml").write_text(OURS)
    lines = [
        json.dumps({"external_id": number, "customer": "Acme", "received_at": NOW, **each})
        for number, each in enumerate(LINES, 1)
    ]
    (numberone.folder / "ours.jsonl").write_text("\n".join(lines))
    numberone(f"--policy {numberone.folder}/ours.toml import {numberone.folder}/ours.jsonl")
    return numberone


def test_tickets_are_listed_found_and_explained_in_its_words(ours: CommandLine) -> None:
    tickets = ours.json("list")["tickets"]
    assert [(each["tier"], each["severity"], each["priority"]) for each in tickets] == [
        ("standard", "critical", "sev1"),
        ("premium", 2, "sev3"),
        ("self_support", "low", "sev4"),
        ("ours", "low", "sev5"),
    ]
    assert [each["owed"] for each in tickets] == [True, True, True, False]
    assert "Self support  Acme  A question" in ours("list p:SEV4 tier:Self-Support sev:low").out
    why = ours.json("explain 2")["why"]
    assert why == "#2 is sev3, #3 is sev4."
    assert ours("next").out.startswith("#1  sev1  Standard  Acme · Down\n")


def test_a_word_that_it_does_not_know_is_named_with_the_nearest(ours: CommandLine) -> None:
    assert ours.refused("list tier:premum") == (
        "query: tier: 'premum'; expected premium, standard, self_support, ours;"
        " did you mean premium?"
    )
    assert ours.refused("list p:p0").startswith("query: priority: 'p0'; expected sev1, sev2")
    for typed, said in (
        (
            "new --subject A --customer B --tier premum --severity 2",
            "'premum' is not one of 'premium', 'standard', 'self_support', 'ours'."
            " Did you mean premium?",
        ),
        (
            "new --subject A --customer B --tier premium --severity 3",
            "'3' is not one of 'critical', '2', 'low'.",
        ),
        (
            "priority 1 sev9 --reason Why --input customer",
            "'sev9' is not one of 'sev1', 'sev2', 'sev3', 'sev4', 'sev5'.",
        ),
        ("split 1 --subject A --severity lo", "'lo' is not one of 'critical', '2', 'low'."),
        ("policy due --received 3h --priority p1", "'p1' is not one of 'sev1', 'sev2'"),
    ):
        assert said in ours(typed, code=2).err


def test_a_bad_line_of_a_file_is_told_in_its_words(ours: CommandLine) -> None:
    (ours.folder / "bad.jsonl").write_text(line(9, tier="premiums", severity=2))
    ran = ours(f"import {ours.folder}/bad.jsonl", code=1)
    assert 'tier: "premiums"; expected premium, standard, self_support or ours' in ran.err
    assert "did you mean premium?" in ran.err


def test_tickets_are_opened_assigned_and_split_in_its_words(ours: CommandLine) -> None:
    opened = ours.json("new --subject A --customer B --tier Self-Support --severity Critical")
    ticket = opened["ticket"]
    assert (ticket["tier"], ticket["severity"], ticket["priority"]) == (
        "self_support", "critical", "sev1",
    )  # fmt: skip
    ours("priority 2 SEV2 --reason Why --input customer")
    assert ours.json("show 2")["ticket"]["priority"] == "sev2"
    assert (
        ours.json("split 2 --subject Part --severity critical")["ticket"]["severity"] == "critical"
    )
    assert ours.json("split 2 --subject Another")["ticket"]["severity"] == 2
    assert "sev4: engineering drops everything for sev1 only" in ours.refused(
        "escalate 3 --because It-is-down"
    )
    assert not ours("db check").err


def test_the_shell_completes_its_words(ours: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = f"numberone --db {shlex.quote(address_of(ours.db))} new --tier s"
    monkeypatch.setenv("_NUMBERONE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    assert ours.plain([]).out.split() == ["plain,standard", "plain,self_support"]


def test_a_desk_without_tiers_and_severities_asks_for_none(numberone: CommandLine) -> None:
    (numberone.folder / "neither.toml").write_text(NEITHER)
    opened = numberone.json("--policy neither.toml new --subject Down --customer Acme")
    assert (opened["ticket"]["tier"], opened["ticket"]["severity"]) == (None, None)
    assert opened["ticket"]["priority"] == "low"
    (numberone.folder / "plain.csv").write_text(
        f"external_id,subject,customer,received_at\n1,Slow,Acme,{NOW}\n"
    )
    assert numberone.json("import plain.csv")["admitted"] == 1
    assert "low  Acme · Down" in numberone("show 1").out
    assert "severity" not in numberone("show 1").out
    ran = numberone("new --subject A --customer B --tier gold", code=2)
    assert "the policy in force names none" in ran.err


def test_a_policy_that_lacks_words_is_refused_and_told_beforehand(ours: CommandLine) -> None:
    (ours.folder / "handbook.toml").write_text("")
    told = ours.json("policy diff handbook.toml")["words_lost"]
    assert told[0] == {"field": "tier", "word": "premium", "tickets": 1}
    assert {(each["field"], each["word"]) for each in told} == {
        ("tier", "premium"), ("tier", "standard"), ("tier", "self_support"), ("tier", "ours"),
        ("severity", "critical"), ("severity", "low"),
    }  # fmt: skip
    assert "It cannot be adopted: 4 tickets carry words" in ours("policy diff handbook.toml").out
    assert ours.refused("--policy handbook.toml next").startswith("4 tickets carry words that")
    assert ours.json("next")["number_one"]["priority"] == "sev1"
