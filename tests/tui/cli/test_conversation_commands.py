"""``messages`` and ``reply --text`` on a desk without any connection."""

from pathlib import Path

import pytest

from tests.tui.command_runs import NOW, CommandLine

KEYS = ["id", "at", "from", "role", "public", "text", "attachments", "state"]


@pytest.fixture
def asked(numberone: CommandLine) -> CommandLine:
    numberone.take_in({"body": "It broke.", "requester_name": "Ada"}, {"body": ""})
    return numberone


def test_the_description_is_the_first_message(asked: CommandLine) -> None:
    document = asked.json("messages 1")
    assert list(document) == ["ticket", "messages"]
    (first,) = document["messages"]
    assert list(first) == KEYS
    assert (first["from"], first["role"], first["text"], first["state"]) == (
        "Ada",
        "customer",
        "It broke.",
        "received",
    )
    assert asked.json("messages import:2")["messages"] == []


def test_an_answer_in_a_file_is_kept_as_sent(asked: CommandLine) -> None:
    (asked.folder / "answer.txt").write_text("Héllo,\n\nplease restart.\n", encoding="utf-8")
    document = asked.json("reply 1 --text answer.txt --status pending")
    assert (document["ticket"]["status"], document["ticket"]["owed"]) == ("pending", False)
    last = document["messages"][-1]
    assert (last["from"], last["role"], last["public"], last["state"], last["at"]) == (
        "mo",
        "us",
        True,
        "sent",
        NOW,
    )
    assert last["text"] == "Héllo,\n\nplease restart."
    assert asked.json("messages 1") == document


def test_a_note_is_internal_and_answers_nobody(asked: CommandLine) -> None:
    (asked.folder / "note.txt").write_text("An old customer.", encoding="utf-8")
    document = asked.json("reply 1 --text note.txt --internal")
    assert document["ticket"]["owed"]
    assert [each["public"] for each in document["messages"]] == [True, False]
    assert "internal, us" in asked("messages 1").out


def test_an_answer_is_written_in_an_editor_and_not_lost(
    asked: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = asked.folder / "editor.sh"
    editor.write_text('#!/bin/sh\nprintf "From the editor." > "$1"\n', encoding="utf-8")
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))
    refused = asked.refused("reply 1 --edit --status new")
    assert "your text is kept in" in refused
    kept = next(Path(asked.folder / "state" / "answers").iterdir())
    assert kept.read_text("utf-8") == "From the editor."
    assert asked.json("reply 1 --edit")["messages"][-1]["text"] == "From the editor."
    assert not kept.exists()


def test_a_bare_reply_writes_nothing(asked: CommandLine) -> None:
    assert list(asked.json("reply 1")) == ["ticket"]
    assert len(asked.json("messages 1")["messages"]) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("reply 1 --text empty.txt", "text: empty; expected what is to be said"),
        ("reply 1 --text nowhere.txt", "nowhere.txt: cannot be read: No such file or directory"),
        ("messages 99", '"99": no such ticket'),
    ],
)
def test_what_cannot_be_is_one_line_and_changes_nothing(
    asked: CommandLine, typed: str, said: str
) -> None:
    (asked.folder / "empty.txt").write_text(" \n", encoding="utf-8")
    before = asked.json("history")
    assert asked.refused(typed) == said
    assert asked.json("history") == before


def test_wrong_usage_says_what_goes_with_what(asked: CommandLine) -> None:
    assert "--internal goes with" in asked("reply 1 --internal", code=2).err
    assert "exclude each other" in asked("reply 1 --edit --text -", code=2).err
    assert "--text and --canned exclude" in asked("reply 1 --canned a --text -", code=2).err
    assert "--to goes with --save" in asked("attachments 1 --to x", code=2).err


def test_a_canned_answer_goes_out_with_the_tickets_fields(
    asked: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = asked.folder / "answers"
    folder.mkdir()
    monkeypatch.setenv("NUMBERONE_CONFIG", str(asked.folder / "config.toml"))
    (folder / "restart.txt").write_text("Dear $name,\nrestart #$number.\n$me", encoding="utf-8")
    (folder / "wrong.txt").write_text("Dear $nane", encoding="utf-8")
    assert asked.json("reply 1 --canned restart")["messages"][-1]["text"] == (
        "Dear Ada,\nrestart #1.\nmo"
    )
    assert asked.refused("reply 1 --canned wrong") == (
        "canned answer wrong: $nane is no field of a ticket; did you mean $name?"
    )
    assert "expected restart, wrong" in asked.refused("reply 1 --canned nothing")


def test_where_nothing_is_attached_that_is_said(asked: CommandLine) -> None:
    assert asked.json("attachments 1") == {"attachments": []}
    assert "Nothing is attached" in asked("attachments 1").out
    assert asked.refused("attachments 1 --save 1") == (
        "attachment 1 of #1: there is none; nothing is attached there"
    )
