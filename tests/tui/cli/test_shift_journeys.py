"""A shift at the command line: tickets come in, are looked at, taken, answered and explained."""

import json
from datetime import datetime

import pytest

from tests.tui.command_runs import NOW, CommandLine, line

TICKET_KEYS = [
    "id", "source", "external_id", "subject", "customer", "tier", "severity", "priority",
    "assigned_priority_reason", "status", "assignee", "opened_by", "received_at",
    "first_response_at", "last_response_at", "waiting_since", "respond_by", "aim_by", "owed",
    "holder_away", "position", "deviation", "declined", "language", "facts",
    "targets", "resolve_by", "expected_by", "safe_by", "solved_at", "split_from",
    "merged_into",
]  # fmt: skip

DOWN = {"subject": "Instance down", "severity": 0}
SLOW = {"subject": "Search is slow", "customer": "Globex", "tier": "team"}
TRIAL = {"subject": "How do I?", "customer": "Trial", "tier": "presales"}
QUESTION = {"subject": "A question", "customer": "Hobby", "tier": "free", "severity": 3}


@pytest.fixture
def filled(numberone: CommandLine) -> CommandLine:
    """Give a desk with a p0, a p2, a declined trial ticket and a p3: #1 to #4."""
    numberone.take_in(DOWN, SLOW, TRIAL, QUESTION)
    return numberone


class TestNext:
    def test_an_empty_queue_is_a_friendly_sentence(self, numberone: CommandLine) -> None:
        assert "Nobody is waiting for us." in numberone("next").out
        assert numberone.json("next") == {
            "number_one": None, "why": [], "mode": "normal", "by_hand": None, "level": 1,
            "queue": 0,
        }  # fmt: skip

    def test_it_names_the_one_and_says_why(self, filled: CommandLine) -> None:
        said = filled("next").out
        assert "#1  p0  Enterprise  Acme · Instance down" in said
        assert "due now · unassigned" in said
        assert "The only p0 in the queue; #2 behind it is p2." in said
        assert "3 in the queue · level 1 · normal" in said

    def test_in_json(self, filled: CommandLine) -> None:
        document = filled.json("next")
        assert list(document) == ["number_one", "why", "mode", "by_hand", "level", "queue"]
        assert list(document["number_one"]) == TICKET_KEYS
        assert document["number_one"] == {
            "id": 1, "source": "import", "external_id": "1", "subject": "Instance down",
            "customer": "Acme", "tier": "enterprise", "severity": 0, "priority": "p0",
            "assigned_priority_reason": None, "status": "new", "assignee": None,
            "opened_by": "customer", "received_at": "2026-03-06T20:00:00Z",
            "first_response_at": None, "last_response_at": None,
            "waiting_since": "2026-03-06T20:00:00Z", "respond_by": "2026-03-06T22:00:00Z",
            "aim_by": "2026-03-06T22:00:00Z", "owed": True, "holder_away": None, "position": 1,
            "deviation": None, "declined": None, "language": None, "facts": {},
            "targets": {
                "first_response": "2026-03-06T22:00:00Z", "next_reply": None, "update": None,
                "resolution": None, "not_before": None,
            },
            "resolve_by": None, "expected_by": None, "safe_by": None, "solved_at": None,
            "split_from": None, "merged_into": None,
        }  # fmt: skip
        assert (document["mode"], document["level"], document["queue"]) == ("normal", 1, 3)


class TestList:
    def test_the_queue_in_its_order(self, filled: CommandLine) -> None:
        document = filled.json("list")
        assert list(document) == ["total", "tickets"]
        assert document["total"] == 3
        assert [(each["id"], each["position"]) for each in document["tickets"]] == [
            (1, 1), (2, 2), (4, 3),
        ]  # fmt: skip
        assert all(list(each) == TICKET_KEYS for each in document["tickets"])

    def test_in_columns(self, filled: CommandLine) -> None:
        assert filled("list").out.splitlines() == [
            "1  #1  p0  Enterprise  Acme    Instance down       due now",
            "2  #2  p2  Team        Globex  Search is slow   in 2 d 2 h",
            "3  #4  p3  Free        Hobby   A question      in 3 d 18 h",
            "3 in the queue",
        ]

    def test_a_limit_leaves_the_total(self, filled: CommandLine) -> None:
        document = filled.json("list --limit 1")
        assert (document["total"], len(document["tickets"])) == (3, 1)
        assert filled("list --limit 1").out.endswith("the first 1 of 3 in the queue\n")
        assert filled.json("list --limit 0") == {"total": 3, "tickets": []}

    def test_all_and_declined(self, filled: CommandLine) -> None:
        every = filled.json("list --all")["tickets"]
        assert [each["id"] for each in every] == [1, 2, 4, 3]
        declined = filled.json("list --declined")
        assert declined["total"] == 1
        assert declined["tickets"][0]["position"] is None
        assert declined["tickets"][0]["priority"] is None
        assert "a CE may open" in declined["tickets"][0]["declined"]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("tier:team", [2]),
            ("slow", [2]),
            ("tier:team,free", [2, 4]),
            ("-tier:team", [1, 4]),
            ("-tier:team -p:p0", [4]),
            ("-slow --limit 5", [1, 4]),
            ("'tier:enterprise instance'", [1]),
            ("tier:enterprise p:p0 assignee:nobody instance down", [1]),
            ("status:new", [1, 2, 4]),
            ("tier:presales --declined", [3]),
            ("nothing like this", []),
        ],
    )
    def test_a_query_finds(self, filled: CommandLine, query: str, found: list[int]) -> None:
        document = filled.json(f"list {query}")
        assert [each["id"] for each in document["tickets"]] == found
        assert document["total"] == len(found)

    def test_positions_are_the_queues_also_when_filtered(self, filled: CommandLine) -> None:
        assert [each["position"] for each in filled.json("list p:p3")["tickets"]] == [3]

    def test_nothing_found_is_said(self, filled: CommandLine) -> None:
        assert filled("list zebra").out == "Nothing matches.\n"

    def test_a_wrong_query_is_refused(self, filled: CommandLine) -> None:
        assert filled.refused("list tier:gold").startswith("query: tier: 'gold'; expected presales")


class TestShow:
    def test_in_json(self, filled: CommandLine) -> None:
        filled("take 1")
        document = filled.json("show 1")
        assert list(document) == ["ticket", "history"]
        assert list(document["ticket"]) == TICKET_KEYS
        assert document["ticket"]["position"] == 1
        assert [event["kind"] for event in document["history"]] == ["imported", "taken"]
        taken = document["history"][1]
        assert list(taken) == [
            *("id", "at", "actor", "kind", "ticket", "before", "after", "note"),
            *("action", "undoes", "entered_by"),
        ]
        assert (taken["at"], taken["actor"], taken["ticket"]) == (NOW, "mo", 1)
        assert (taken["before"]["assignee"], taken["after"]["assignee"]) == (None, "mo")

    def test_in_words(self, filled: CommandLine) -> None:
        said = filled("show 1").out
        for part in (
            "#1  p0  Enterprise  Acme · Instance down",
            "respond by  22:00, due now",
            "Why it stands here\n#1 is p0, #2 is p2.",
            "What to do next\nTake it:",
            "What the policy says\nAll customers' issues",
            "What happened\n22:00       mo took it in from import as p0",
        ):
            assert part in said

    def test_a_declined_one_with_its_ready_reply(self, filled: CommandLine) -> None:
        said = filled("show 3").out
        assert "#3  declined  Pre-sales  Trial · How do I?" in said
        assert "Ready reply\nHello Trial,\n\nthank you" in said

    def test_by_the_number_where_it_comes_from(self, filled: CommandLine) -> None:
        assert filled.json("show import:2")["ticket"]["id"] == 2
        assert filled.json("show", "#2")["ticket"]["id"] == 2

    def test_an_unknown_one_is_refused(self, filled: CommandLine) -> None:
        assert filled.refused("show 99") == '"99": no such ticket'
        assert "expected a number or source:external_id" in filled.refused("show nope")


class TestExplain:
    def test_the_next_one_and_any_other(self, filled: CommandLine) -> None:
        document = filled.json("explain 1")
        assert list(document) == ["ticket", "versus", "before", "criterion", "why"]
        assert list(document["ticket"]) == list(document["versus"]) == TICKET_KEYS
        assert (document["versus"]["id"], document["before"]) == (2, True)
        assert document["criterion"] == "priority"
        assert document["why"] == "#1 is p0, #2 is p2."
        behind = filled.json("explain 4 --versus 2")
        assert (behind["before"], behind["versus"]["position"]) == (False, 2)
        assert filled("explain 4 --versus 2").out == ("#4 stands behind #2.\n#2 is p2, #4 is p3.\n")

    def test_the_last_one_and_one_outside_the_queue(self, filled: CommandLine) -> None:
        last = filled.json("explain 4")
        assert (last["versus"], last["criterion"]) == (None, None)
        declined = filled.json("explain 3")
        assert (declined["before"], declined["ticket"]["position"]) == (False, None)
        assert filled("explain 3").out == "#3 was declined, so it is never ranked.\n"


class TestWork:
    def test_take_answer_and_hear_again(self, filled: CommandLine) -> None:
        taken = filled.json("take")
        assert list(taken) == ["ticket"]
        assert list(taken["ticket"]) == TICKET_KEYS
        assert (taken["ticket"]["id"], taken["ticket"]["assignee"]) == (1, "mo")
        answered = filled.json("reply 1 --status pending")["ticket"]
        assert (answered["status"], answered["position"]) == ("pending", None)
        assert (answered["first_response_at"], answered["last_response_at"]) == (NOW, NOW)
        assert (answered["waiting_since"], answered["owed"]) == (None, False)
        heard = filled.json("heard 1")["ticket"]
        assert (heard["status"], heard["position"], heard["waiting_since"]) == ("open", 1, NOW)
        assert heard["owed"] is True
        filled("reply 1")
        assert filled("status 1 solved").out == (
            "#1  p0  Enterprise  Acme · Instance down\nIt is solved, not in the queue.\n"
        )
        assert filled.json("next")["number_one"]["id"] == 2

    def test_take_is_refused_when_somebody_else_has_it(self, filled: CommandLine) -> None:
        filled("assign 1 mariam")
        assert filled.refused("take 1").startswith("#1 is mariam's already")
        assert filled.refused("take").startswith("#1 is mariam's already")

    def test_take_with_an_empty_queue(self, numberone: CommandLine) -> None:
        assert numberone.refused("take").startswith("the queue is empty")

    def test_assign(self, filled: CommandLine) -> None:
        assert filled.json("assign 2 mariam")["ticket"]["assignee"] == "mariam"
        assert filled.json("assign 2 me")["ticket"]["assignee"] == "mo"
        assert filled.json("assign 2 --nobody")["ticket"]["assignee"] is None
        filled("assign 2", code=2)
        filled("assign 2 mariam --nobody", code=2)
        assert filled.refused("assign 2 'two words'").startswith("login: ")

    def test_status_words_as_people_type_them(self, filled: CommandLine) -> None:
        for typed in ("on_hold", "'On hold'", "on-hold"):
            assert filled.json(f"status 2 {typed}")["ticket"]["status"] == "on_hold"
        filled("reply 2 --status closed")
        assert "closed" in filled.refused("status 2 open")

    def test_priority_beside_the_definition(self, filled: CommandLine) -> None:
        typed = "priority 4 P1 --reason 'they cannot ship' --input 'another team'"
        ticket = filled.json(typed)["ticket"]
        assert (ticket["priority"], ticket["assigned_priority_reason"]) == (
            "p1", "they cannot ship",
        )  # fmt: skip
        assert ticket["position"] == 2
        assert "By definition p3; mo assigned p1" in filled("show 4").out
        filled("priority 4 p1 --reason x", code=2)
        filled("priority 4 p7 --reason x --input customer", code=2)
        assert filled.refused("priority 3 p1 --reason x --input customer").startswith(
            "#3 was declined"
        )
        assert filled.refused("priority 4 p1 --reason ' ' --input contract").startswith("reason: ")

    def test_a_ticket_is_put_first_and_back_again(self, filled: CommandLine) -> None:
        ticket = filled.json("deviate 4 --reason 'their launch' --until 3h")["ticket"]
        assert (ticket["id"], ticket["position"]) == (4, 1)
        assert ticket["deviation"] == {
            "by": "mo", "reason": "their launch",
            "since": "2026-03-06T22:00:00Z", "until": "2026-03-07T01:00:00Z",
        }  # fmt: skip
        told = filled.json("next")
        assert told["number_one"] == ticket
        assert told["why"][:2] == [
            "#4 was put first by mo: their launch.", "Without it #1 (p0) would be first.",
        ]  # fmt: skip
        said = filled("next").out
        assert "First by deviation: mo put it first until Sat 01:00, in 3 h: their launch." in said
        assert "Without it #1 (p0) would be first." in said
        assert "▲ 1" in filled("list").out
        assert "put first" in filled("show 4").out
        explained = filled.json("explain 4")
        assert (explained["criterion"], explained["before"]) == ("deviation", True)

    def test_an_end_comes_by_itself_or_by_hand(self, filled: CommandLine) -> None:
        filled("deviate 4 --reason 'their launch' --until 3h")
        assert filled.json("next --at 2026-03-07T00:59:59Z")["number_one"]["id"] == 4
        over = filled.json("next --at 2026-03-07T01:00:00Z")["number_one"]
        assert (over["id"], over["position"]) == (1, 1)
        assert filled.json("show 4 --at 2026-03-07T01:00:00Z")["ticket"]["deviation"] is None
        assert filled("deviate 4 --end").out.endswith(
            "It is in its place again. It is new, number 3 in the queue.\n"
        )
        assert filled.json("next")["number_one"]["id"] == 1
        assert "until answered" in filled("deviate 4 --reason x --until Answered").out
        assert filled.json("show 4")["ticket"]["deviation"]["until"] is None

    def test_a_deviation_that_cannot_be(self, filled: CommandLine) -> None:
        for wrong in ("", "--reason x", "--until 3h", "--end --reason x", "--end --until 3h"):
            assert filled(f"deviate 4 {wrong}", code=2).err
        assert filled.refused("deviate 4 --end") == (
            "#4 was not put first, so there is no deviation to end"
        )
        assert filled.refused("deviate 3 --reason x --until 3h").startswith("#3 was declined")
        assert filled.refused("deviate 4 --reason ' ' --until 3h").startswith("reason: missing")
        assert filled.refused("deviate 4 --reason x --until noon").startswith("--until: expected")
        assert filled.refused("deviate 4 --reason x --until 2026-03-06T22:00Z").startswith("until")


class TestMode:
    def test_automatic_until_set_by_hand(self, numberone: CommandLine) -> None:
        assert numberone.json("mode") == {
            "mode": "normal", "level": 1, "why": "A normal amount of work: we help when help is"
            " needed.", "set_by": None, "reason": None, "until": None,
        }  # fmt: skip
        set_by_hand = numberone.json("mode hard_choices --reason 'five of us out' --until 3h")
        assert set_by_hand == {
            "mode": "hard_choices", "level": 1, "why":
            "Set by mo until Sat 01:00: five of us out.",
            "set_by": "mo", "reason": "five of us out", "until": "2026-03-07T01:00:00Z",
        }  # fmt: skip
        assert numberone("mode").out.startswith("Hard choices, until")
        assert numberone.json("next")["mode"] == "hard_choices"
        assert numberone.json("capacity")["by_hand"] == numberone.json("next")["by_hand"] == {
            "by": "mo", "reason": "five of us out",
            "since": "2026-03-06T22:00:00Z", "until": "2026-03-07T01:00:00Z",
        }  # fmt: skip
        said = "Set by mo until Sat 01:00: five of us out."
        for command in ("mode", "capacity", "next"):
            assert said in numberone(command).out
        note = numberone("handover-note").out
        assert "**Mode set by hand:** mo until Sat 01:00: five of us out" in note
        assert numberone.json("handover-note")["by_hand"]["by"] == "mo"
        assert numberone.json("mode --at 2026-03-07T01:00:00Z")["mode"] == "normal"
        assert numberone.json("mode auto")["set_by"] is None

    def test_it_changes_the_order(self, numberone: CommandLine) -> None:
        early = {"tier": "team", "received_at": "2026-03-06T19:00:00Z"}
        numberone.take_in(early, {"tier": "enterprise"})
        assert numberone.json("next")["number_one"]["id"] == 1
        numberone("mode hard_choices --reason ill --until 3h")
        assert [each["id"] for each in numberone.json("list")["tickets"]] == [2, 1]
        assert numberone.json("explain 2")["criterion"] == "tier"

    def test_what_makes_no_sense(self, numberone: CommandLine) -> None:
        assert "after now" in numberone.refused("mode normal --reason x --until 2026-03-06T21:59Z")
        assert numberone.refused("mode normal --until soon").startswith("--until: expected a time")
        numberone("mode auto --until 3h", code=2)
        numberone("mode --reason x", code=2)
        numberone("mode panic", code=2)


IMPORT_KEYS = ["read", "admitted", "declined", "updated", "unchanged", "rejected"]


class TestImport:
    def test_twice_changes_nothing_and_a_later_file_updates(self, filled: CommandLine) -> None:
        again = filled.json("import tickets.jsonl")
        assert list(again) == IMPORT_KEYS
        assert again == dict.fromkeys(IMPORT_KEYS, 0) | {
            "read": 4, "unchanged": 4, "rejected": [],
        }  # fmt: skip
        (filled.folder / "later.jsonl").write_text(line(1, **DOWN | {"subject": "Up again"}))
        assert filled.json("import later.jsonl")["updated"] == 1

    def test_bad_lines_are_named_and_the_good_ones_go_in(self, numberone: CommandLine) -> None:
        lines = [line(1), line(2, severity=9), "", "{", line(5, tier="presales")]
        (numberone.folder / "t.jsonl").write_text("\n".join(lines))
        ran = numberone("import t.jsonl", code=1)
        assert ran.out == "4 read: 1 admitted, 1 declined, 2 rejected.\n"
        assert ran.err.splitlines()[0] == (
            "numberone: t.jsonl, line 2: severity: 9; expected 0, 1, 2 or 3"
        )
        assert ran.err.splitlines()[1].startswith("numberone: t.jsonl, line 4: not JSON: ")
        again = numberone("import t.jsonl --json", code=1)
        assert [each["line"] for each in again.json["rejected"]] == [2, 4]
        assert again.json["rejected"][0] == {
            "line": 2, "error": "severity: 9; expected 0, 1, 2 or 3",
        }  # fmt: skip
        assert (again.json["read"], again.json["unchanged"]) == (4, 2)
        assert again.err.count("\n") == 2

    def test_strict_takes_in_nothing(self, numberone: CommandLine) -> None:
        (numberone.folder / "t.jsonl").write_text(f"{line(1)}\n{{}}\n")
        ran = numberone("import t.jsonl --strict", code=1)
        assert ran.out == "2 read: 1 rejected, 1 good but held back. Nothing was taken in.\n"
        assert numberone.json("list --all")["total"] == 0

    def test_a_dry_run_does_nothing(self, numberone: CommandLine) -> None:
        (numberone.folder / "t.jsonl").write_text(line(1))
        assert numberone.json("import t.jsonl --dry-run")["admitted"] == 1
        assert "Nothing was changed" in numberone("import t.jsonl --dry-run").out
        assert numberone.json("list --all")["total"] == 0

    def test_with_a_mapping(self, numberone: CommandLine) -> None:
        (numberone.folder / "t.csv").write_text("no,what,who,when\nA1,Down,Acme,2026-03-06\n")
        (numberone.folder / "map.toml").write_text(
            'source = "old"\n[columns]\nexternal_id = "no"\nsubject = "what"\ncustomer = "who"\n'
            'received_at = "when"\n[constants]\ntier = "team"\nseverity = 1\n'
        )
        assert numberone.json("import t.csv --map map.toml")["admitted"] == 1
        assert numberone.json("show old:A1")["ticket"]["priority"] == "p1"

    @pytest.mark.parametrize("file", ["nowhere.jsonl", ".", "empty.csv"])
    def test_a_file_that_is_of_no_use(self, numberone: CommandLine, file: str) -> None:
        (numberone.folder / "empty.csv").write_bytes(b"")
        assert file in numberone.refused(f"import {file}")

    def test_what_the_file_says_is_shown_harmlessly(self, numberone: CommandLine) -> None:
        numberone.take_in({"subject": "\x1b[31mred\u202e [/] end"})
        for command in ("next", "list", "show 1", "take 1"):
            said = numberone(command).out
            assert "␛[31mred⟨U+202E⟩ [/] end" in said
            assert "\x1b" not in said
        assert numberone.json("next")["number_one"]["subject"] == "\x1b[31mred\u202e [/] end"


def test_every_time_is_utc_and_ends_with_z(filled: CommandLine) -> None:
    filled("reply 2")
    for ticket in filled.json("list --all")["tickets"]:
        for name in TICKET_KEYS:
            if name.endswith(("_at", "_by", "_since")) and name != "opened_by" and ticket[name]:
                assert ticket[name].endswith("Z")
                assert datetime.fromisoformat(ticket[name]).microsecond == 0


def test_json_is_one_document_also_of_a_long_list(numberone: CommandLine) -> None:
    numberone.take_in(*[{"subject": f"系统 {number}"} for number in range(1_200)])
    ran = numberone("list --json")
    assert ran.out.isascii()
    tickets = json.loads(ran.out)["tickets"]
    assert [each["position"] for each in tickets] == list(range(1, 1_201))
    every_third = numberone.json("list --all --limit 700")["tickets"]
    assert [each["position"] for each in every_third] == list(range(1, 701))


class TestLanguage:
    """The language that a customer writes in, from a file to what is asked for and back."""

    @pytest.fixture
    def spoken(self, numberone: CommandLine) -> CommandLine:
        """Give a desk with a ticket in German, one in Brazil's Portuguese, and one in neither."""
        numberone.take_in(DOWN | {"language": "DE"}, SLOW | {"language": "pt_br"}, QUESTION)
        return numberone

    @staticmethod
    def found(numberone: CommandLine, query: str) -> list[int]:
        """Return the numbers of the tickets that a query finds."""
        return [each["id"] for each in numberone.json(f"list {query}")["tickets"]]

    def test_it_is_told_searched_and_shown(self, spoken: CommandLine) -> None:
        told = [each["language"] for each in spoken.json("list")["tickets"]]
        assert told == ["de", "pt-BR", None]
        assert self.found(spoken, "language:de") == [1]
        assert self.found(spoken, "language:de,PT-br") == [1, 2]
        assert self.found(spoken, "-language:de") == [2, 3]
        lines = spoken("show 2").out.splitlines()
        assert "pt-BR" in next(line for line in lines if line.startswith("language"))
        assert "language" not in spoken("show 3").out

    def test_a_later_file_changes_it_and_undo_takes_that_back(self, spoken: CommandLine) -> None:
        said = spoken.take_in(DOWN | {"language": "fr"}, SLOW | {"language": "pt_br"}, QUESTION)
        assert "1 updated, 2 unchanged" in said.out
        assert self.found(spoken, "language:fr") == [1]
        spoken("undo")
        assert self.found(spoken, "language:de") == [1]

    @pytest.mark.parametrize("options", ["", "--format csv", "--tickets-only"])
    def test_it_goes_out_and_comes_back(self, spoken: CommandLine, options: str) -> None:
        ending = "csv" if "csv" in options else "jsonl"
        file = spoken.folder / f"all.{ending}"
        spoken(f"export {file} {options}")
        spoken.db = spoken.folder / "again.db"
        spoken(f"import {file}")
        assert self.found(spoken, "language:pt-BR") == [2]

    def test_what_is_no_tag_is_left_out_and_named(self, numberone: CommandLine) -> None:
        file = numberone.folder / "tickets.jsonl"
        file.write_text(line(1, language="German, I think"), encoding="utf-8")
        said = numberone("import", str(file)).err
        assert "language left out: " in said
        assert "expected the tag of a language such as de or pt-BR" in said
