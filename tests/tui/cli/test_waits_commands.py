"""Customers are told that they will wait, from the command line, and what came of it."""

from collections.abc import Iterator

import pytest

from tests.connections.mail_server import STALL, Behaviour, MailServer
from tests.tui.command_runs import NOW, CommandLine

TEAM = """
[[member]]
login = "mo"
name = "Mo"
role = "lead"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Fri 09:00-23:00"]

[[member]]
login = "ada"
name = "Ada"
role = "support"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Fri 15:00-24:00"]

[[member]]
login = "gabe"
name = "Gabe"
role = "support"
region = "US"
timezone = "America/New_York"
hours = ["Mon-Fri 09:00-18:00"]
"""
NOTICE_KEYS = [
    "requester", "tickets", "expected", "expect_by", "aim_by", "arrivals", "subject", "body",
    "state",
]  # fmt: skip
LATER = "2026-03-06T22:00:11Z"


@pytest.fixture
def waiting(numberone: CommandLine) -> CommandLine:
    """Give a desk in hard choices: three requesters wait, one of them with two tickets."""
    (numberone.folder / "team.toml").write_text(TEAM)
    numberone("team import team.toml")
    early = {"received_at": "2026-03-06T15:00:00Z"}
    numberone.take_in(
        {**early, "requester_name": "Kim", "requester_email": "kim@acme.example"},
        {**early, "requester_name": "Kim", "requester_email": "kim@acme.example"},
        {**early, "customer": "Globex", "requester_name": "Lee",
         "requester_email": "lee@globex.example", "message_id": "<lee1@globex.example>"},
        {**early, "customer": "Initech"},
    )  # fmt: skip
    numberone("out ada")
    return numberone


@pytest.fixture
def server(waiting: CommandLine) -> Iterator[MailServer]:
    """Give a mail server that the config file names."""
    with MailServer(behaviour=Behaviour()) as server:
        (waiting.folder / "config.toml").write_text(
            "[mail]\n"
            'host = "127.0.0.1"\n'
            f"port = {server.port}\n"
            'security = "none"\n'
            'sender_address = "support@example.com"\n'
            'sender_name = "Support"\n'
            "timeout = 10\n"
        )
        yield server


def at(when: str) -> str:
    return f"--at {when}"


def states(numberone: CommandLine) -> list[str]:
    return sorted(each["state"] for each in numberone.json("waits")["notices"])


class TestDrafts:
    def test_in_json(self, waiting: CommandLine) -> None:
        document = waiting.json("waits")
        assert list(document) == ["notices", "unreachable"]
        assert [list(each) for each in document["notices"]] == [NOTICE_KEYS] * 3
        assert {each["state"] for each in document["notices"]} == {"draft"}
        assert [(each["requester"], each["tickets"]) for each in document["notices"]] == [
            ("kim@acme.example", [1, 2]),
            ("lee@globex.example", [3]),
            ("Initech", [4]),
        ]
        kim = document["notices"][0]
        assert kim["arrivals"] == [{"login": "gabe", "at": "2026-03-09T13:00:00Z"}]
        assert kim["aim_by"] == "2026-03-06T17:00:00Z"
        assert "Ticket 1" in kim["body"]
        assert "Ticket 2" in kim["body"]

    def test_in_columns(self, waiting: CommandLine) -> None:
        assert waiting("waits").out.splitlines() == [
            "draft  kim@acme.example    #1 #2  an answer by Mon 15:15; gabe arrives in 2 d 15 h",
            "draft  lee@globex.example     #3  an answer by Mon 16:30; gabe arrives in 2 d 15 h",
            "draft  Initech                #4  an answer by Mon 17:45; gabe arrives in 2 d 15 h",
            "3 customers are to be told; numberone waits send --all sends all.",
        ]

    def test_in_normal_mode_nobody_is_told(self, waiting: CommandLine) -> None:
        waiting("mode normal --reason quiet --until 3h")
        assert waiting.json("waits") == {"notices": [], "unreachable": []}
        assert "Nobody needs to be told" in waiting("waits").out

    def test_they_can_be_read_first(self, waiting: CommandLine) -> None:
        said = waiting("waits send lee@globex.example --dry-run").out
        assert said.startswith("To lee@globex.example\n")
        assert "1 notice would be sent. This was a dry run." in said
        assert states(waiting) == ["draft"] * 3
        document = waiting.json("waits send --all --dry-run")
        assert [each["state"] for each in document["notices"]] == ["draft"] * 3


class TestSending:
    def test_some_and_then_all(self, waiting: CommandLine) -> None:
        document = waiting.json("waits send LEE@globex.example")
        assert [list(each) for each in document["notices"]] == [NOTICE_KEYS]
        assert document["notices"][0]["state"] == "queued"
        assert states(waiting) == ["draft", "draft", "queued"]
        said = waiting("waits send --all").out
        assert "2 notices will go out in ten seconds" in said
        assert "says no [mail], [chat] or [webhook]" in said
        assert states(waiting) == ["queued"] * 3
        assert waiting("waits send --all").out.startswith("Nobody needs to be told")

    def test_taken_back_it_is_a_draft_again(self, waiting: CommandLine) -> None:
        waiting("waits send --all")
        assert (
            waiting("waits take-back 2").out == "#2 to lee@globex.example\n1 notice taken back.\n"
        )
        assert "2 notices taken back." in waiting("waits take-back").out
        assert states(waiting) == ["draft"] * 3 + ["taken_back"] * 3
        assert waiting.json("waits take-back") == {"notices": []}

    def test_by_hand_it_counts_as_sent(self, waiting: CommandLine) -> None:
        said = waiting("waits send initech --by-hand").out
        assert said == "1 notice written down as sent.\n"
        assert states(waiting) == ["draft", "draft", "sent"]

    def test_a_reply_that_comes_first_cancels_it(self, waiting: CommandLine) -> None:
        waiting("waits send --all")
        waiting("reply 3")
        assert states(waiting) == ["cancelled", "queued", "queued"]

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("waits send kim@acme.exmple", "did you mean kim@acme.example?"),
            ("waits send nobody", '"nobody": there is no draft to them'),
        ],
    )
    def test_whom_nobody_knows(self, waiting: CommandLine, typed: str, said: str) -> None:
        assert said in waiting.refused(typed)

    @pytest.mark.parametrize(
        "typed",
        [
            "waits send",
            "waits send --all kim@acme.example",
            "waits send --all --by-hand --webhook",
            "waits taken",
            "waits retry 0",
        ],
    )
    def test_wrong_usage(self, waiting: CommandLine, typed: str) -> None:
        waiting(typed, code=2)


class TestDelivering:
    def test_nothing_set_up_is_refused(self, waiting: CommandLine) -> None:
        said = waiting.refused("deliver --once")
        assert said.endswith(
            "config.toml: expected [mail], [chat], [webhook] or [alerts], and there is none"
        )

    def test_a_wrong_value_in_the_config_file_is_named(self, waiting: CommandLine) -> None:
        (waiting.folder / "config.toml").write_text('[mail]\nhost = "m.example"\nport = 0\n')
        said = waiting.refused("deliver --once")
        assert "config.toml: [mail]: port: expected a port from 1 to 65535, not 0" in said
        assert "sender_address" in said

    def test_a_password_in_the_config_file_is_refused(self, waiting: CommandLine) -> None:
        (waiting.folder / "config.toml").write_text('[mail]\npassword = "s3cret"\n')
        said = waiting.refused("deliver --once")
        assert "password: expected in NUMBERONE_SMTP_PASSWORD" in said
        assert "s3cret" not in said

    def test_what_is_due_goes_out_and_threads_with_the_customers_own_mail(
        self, waiting: CommandLine, server: MailServer
    ) -> None:
        waiting("waits send --all")
        assert waiting(at(NOW) + " deliver --once").out == "Nothing is due.\n"
        said = waiting(f"{at(LATER)} deliver --once").out.splitlines()
        assert said[0].startswith("#1 to kim@acme.example: sent: ")
        assert said[2] == (
            "#3 to Initech: undeliverable: no address of Initech is known; tell them by hand"
        )
        assert [each.recipient for each in server.taken] == [
            "kim@acme.example", "lee@globex.example",
        ]  # fmt: skip
        assert server.taken[1].message["In-Reply-To"] == "<lee1@globex.example>"
        assert states(waiting) == ["draft", "sent", "sent", "undeliverable"]
        assert [event["kind"] for event in waiting.json("show 3")["history"]][-2:] == [
            "wait_promised", "wait_told",
        ]  # fmt: skip

    @pytest.mark.usefixtures("server")
    def test_in_json(self, waiting: CommandLine) -> None:
        waiting("waits send --all")
        document = waiting.json(f"{at(LATER)} deliver --once")
        assert [list(each) for each in document["notices"]] == [NOTICE_KEYS] * 3
        assert [each["state"] for each in document["notices"]] == ["sent", "sent", "undeliverable"]

    def test_dead_letters_go_out_once_more(self, waiting: CommandLine, server: MailServer) -> None:
        server.behaviour.answers["RCPT lee@globex.example"] = "550 no"
        waiting("waits send kim@acme.example lee@globex.example")
        waiting(f"{at(LATER)} deliver --once")
        assert states(waiting) == ["draft", "sent", "undeliverable"]
        assert waiting.json("waits")["unreachable"] == [
            {"requester": "lee@globex.example", "customer": "Globex", "tickets": [3]}
        ]
        said = waiting("waits").out
        assert "Globex cannot be reached at lee@globex.example; tell them otherwise" in said
        assert "1 customer cannot be reached by mail; tell them some other way." in said
        server.behaviour.answers.clear()
        assert "1 notice on their way once more" in waiting("waits retry").out
        waiting(f"{at(LATER)} deliver --once")
        assert states(waiting) == ["draft", "sent", "sent"]

    def test_in_doubt_it_waits_for_a_person(self, waiting: CommandLine, server: MailServer) -> None:
        config = waiting.folder / "config.toml"
        config.write_text(config.read_text().replace("timeout = 10", "timeout = 0.5"))
        server.behaviour.answers["END"] = STALL
        waiting("waits send kim@acme.example lee@globex.example")
        said = waiting(f"{at(LATER)} deliver --once").out
        assert said.count("in doubt: 127.0.0.1") == 2
        server.behaviour.answers.clear()
        assert "0 notices" in waiting("waits retry").out, "not by itself"
        assert "1 notice written down as sent" in waiting("waits taken 1").out
        waiting("waits retry 2")
        waiting(f"{at(LATER)} deliver --once")
        assert states(waiting) == ["draft", "sent", "sent"]
        assert len({each.message["Message-ID"] for each in server.taken}) == 2

    @pytest.mark.usefixtures("server")
    def test_who_may_not_is_refused(self, waiting: CommandLine) -> None:
        assert "is not in the team" in waiting.refused("--as stranger deliver --once")


class TestPromises:
    @pytest.mark.usefixtures("server")
    def test_one_that_cannot_be_kept_is_renewed_and_the_share_is_told(
        self, waiting: CommandLine
    ) -> None:
        waiting("waits send kim@acme.example")
        waiting(f"{at(LATER)} deliver --once")
        waiting("out gabe --until 2026-03-09")
        renewed = waiting.json("waits")["notices"][0]
        assert renewed["requester"] == "kim@acme.example"
        assert renewed["body"].startswith("We wrote to you before")
        assert "what was promised cannot be kept" in waiting("waits").out
        assert (
            "0 of 1 promises kept in 30 days, 0 %"
            in waiting(f"{at('2026-03-10T21:00:00Z')} waits").out
        )


def editor(numberone: CommandLine, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let a script of sed be the person's editor."""
    monkeypatch.delenv("EDITOR", raising=False)
    (numberone.folder / "words.sed").write_text(script)
    monkeypatch.setenv("VISUAL", f"sed -i -f {numberone.folder / 'words.sed'}")


class TestDraftsToSeveral:
    def test_they_are_shown_due_or_not_and_sent_once_each(self, waiting: CommandLine) -> None:
        shown = waiting.json("waits draft 1 2 3")["notices"]
        assert [each["requester"] for each in shown] == ["kim@acme.example", "lee@globex.example"]
        assert [sorted(each["tickets"]) for each in shown] == [[1, 2], [3]]
        assert {each["state"] for each in shown} == {"draft"}
        said = waiting("waits draft 1 2 3").out
        assert said.startswith("To kim@acme.example\n")
        assert said.endswith("2 notices would be sent. Nothing was sent: --send does.\n")
        assert set(states(waiting)) == {"draft"}
        sent = waiting.json("waits draft 1 2 3 1 import:2 --send")["notices"]
        assert [(each["requester"], each["state"]) for each in sent] == [
            ("kim@acme.example", "queued"),
            ("lee@globex.example", "queued"),
        ]

    def test_who_was_told_by_hand(self, waiting: CommandLine) -> None:
        assert waiting("waits draft 4 --send --by-hand").out == "1 notice written down as sent.\n"

    def test_none_is_drafted_where_nobody_waits(self, waiting: CommandLine) -> None:
        waiting("reply 3 --status pending")
        assert waiting.refused("waits draft 3") == "no customer waits for us in #3"
        assert waiting.refused("waits draft 99") == '"99": no such ticket'

    def test_how_it_is_sent_goes_with_sending(self, waiting: CommandLine) -> None:
        for option in ("--by-hand", "--webhook", "--edit"):
            assert "go with --send" in waiting(f"waits draft 1 {option}", code=2).err
        assert "exclude" in waiting("waits draft 1 --send --by-hand --webhook", code=2).err


class TestOwnWords:
    def test_a_draft_is_sent_as_a_person_words_it(
        self, waiting: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        editor(waiting, monkeypatch, "1s/.*/Subject:  Soon  with you/\n4,$d\n3s/.*/Hold on./")
        (sent,) = waiting.json("waits send kim@acme.example --edit")["notices"]
        assert (sent["subject"], sent["body"]) == ("Soon with you", "Hold on.\n")
        assert list((waiting.folder / "state" / "notices").iterdir()) == []
        (again, told) = waiting.json("waits draft 3 4 --send --edit")["notices"]
        assert again["subject"] == told["subject"] == "Soon with you"

    @pytest.mark.parametrize(
        ("script", "said"),
        [
            ("1d", 'expected "Subject: …" on the first line'),
            ("1s/.*/Subject:/", "subject: empty; say what the customer is to know"),
            ("2,$d", "body: empty; say what the customer is to know"),
        ],
    )
    def test_words_that_are_none_are_kept_and_nothing_is_sent(
        self, waiting: CommandLine, monkeypatch: pytest.MonkeyPatch, script: str, said: str
    ) -> None:
        editor(waiting, monkeypatch, script)
        refused = waiting.refused("waits send --all --edit")
        assert refused.startswith(said)
        assert "your text is kept in" in refused
        assert set(states(waiting)) == {"draft"}
        editor(waiting, monkeypatch, "1s/.*/Subject: Mended\\n\\nBody/")
        monkeypatch.setenv("VISUAL", "true")
        assert waiting.refused("waits send --all --edit").startswith(said)  # it is gone on with

    def test_nothing_is_worded_in_a_dry_run(self, waiting: CommandLine) -> None:
        assert "exclude" in waiting("waits send --all --edit --dry-run", code=2).err
