"""Facts at the command line: said of a new ticket, looked for, shown, and completed by a shell."""

import shlex

import pytest

from tests.databases import address_of
from tests.tui.command_runs import CommandLine

UNIVERSITY = "new --subject Down --customer Library"
SHOP = "new --subject Order --customer Bo"


@pytest.fixture
def university(numberone: CommandLine) -> CommandLine:
    """Give a desk whose matrix sets the priority by two facts."""
    numberone("--policy bu next")
    return numberone


@pytest.fixture
def shop(numberone: CommandLine) -> CommandLine:
    """Give a desk whose facts are of every kind."""
    numberone("--policy skyltmax next")
    return numberone


def test_a_matrix_decides_by_the_facts_of_a_new_ticket(university: CommandLine) -> None:
    typed = f"{UNIVERSITY} --fact impact=campus --fact urgency=Critical --fact kind=incident"
    would_be = university.json(f"{typed} --dry-run")["ticket"]
    opened = university.json(typed)["ticket"]
    assert opened["priority"] == "P1"
    assert opened["facts"] == {"impact": "campus", "kind": "incident", "urgency": "critical"}
    assert (opened["tier"], opened["severity"]) == (None, None)
    assert would_be == opened | {"id": None, "external_id": None}
    assert university(f"{UNIVERSITY} --fact impact=group --dry-run").out.startswith(
        "It would be P4, number 2 in the queue: Its impact and urgency are not known yet."
    )


def test_facts_of_every_kind_are_kept_as_due_reads_them(shop: CommandLine) -> None:
    typed = "--fact kind=B2B-quote --fact special=yes --fact contract=false"
    opened = shop.json(f"{SHOP} {typed}", "--fact", "amount=16000.50 sek")["ticket"]
    assert opened["facts"] == {
        "amount": "16000.5 SEK", "contract": False, "kind": "b2b_quote", "special": True,
    }  # fmt: skip
    assert opened["respond_by"] is not None
    due = shop.json(f"policy due --received 2026-03-06T22:00Z --priority normal {typed}")
    assert due["respond_by"] == opened["respond_by"]
    apart = shop.json(f"{SHOP} --fact amount=5 --fact currency=EUR")["ticket"]
    assert apart["facts"] == {"amount": "5 EUR"}


WORDS = "expected b2b_quote, missing_order, wrong_item or damaged_goods"


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("kind=b2b_qoute", f'kind: "b2b_qoute"; {WORDS}; did you mean b2b_quote?'),
        ("kind=", f'kind: ""; {WORDS}'),
        ("special=perhaps", 'special: expected true or false, not "perhaps"'),
        ("amount=16000", 'amount: expected an amount and its currency such as "16000 SEK", not'
         ' "16000"'),
        ("knd=wrong_item", '"knd": expected a fact, kind, special, contract, has_deadline or'
         " amount; did you mean kind?"),
        ("special", 'expected NAME=VALUE, not "special"'),
    ],
)  # fmt: skip
def test_what_is_no_fact_is_named_in_one_line(shop: CommandLine, fact: str, said: str) -> None:
    assert shop.refused(f"{SHOP} --fact", fact) == f"--fact: {said}"
    assert shop.refused("policy due --received 3h --fact", fact) == f"--fact: {said}"
    assert shop.json("list --all")["total"] == 0


def test_a_fact_that_is_said_twice_is_refused(shop: CommandLine) -> None:
    refused = shop.refused(f"{SHOP} --fact special=yes --fact special=no")
    assert refused == '--fact: "special": expected each fact once, and it comes again'


def test_a_policy_without_facts_takes_none(numberone: CommandLine) -> None:
    refused = numberone.refused(f"{SHOP} --tier team --severity 2 --fact kind=incident")
    assert refused == '--fact: "kind": the policy in force names no facts'


def test_tickets_are_found_and_shown_by_their_facts(shop: CommandLine) -> None:
    shop(f"{SHOP} --fact kind=b2b_quote --fact special=yes", "--fact", "amount=16000 SEK")
    shop(f"{SHOP} --fact kind=wrong_item --fact contract=no")
    shop(SHOP)
    for query, numbers in (
        ("kind:wrong-item", [2]),
        ("-kind:wrong_item", [1, 3]),
        ("kind:none", [3]),
        ("special:true", [1]),
        ("special:no", [2, 3]),
        ("'amount:>15000'", [1]),
        ("amount:'16000 SEK'", [1]),
        ("amount:16000 SEK order", [1]),
    ):
        found = shop.json(f"list {query}")["tickets"]
        assert [each["id"] for each in found] == numbers, query
    assert shop.json("show 1")["ticket"]["facts"]["amount"] == "16000 SEK"
    assert shop.json("next")["number_one"]["facts"]["special"] is True
    assert "\nfacts       kind b2b_quote · special · amount 16000 SEK\n" in shop("show 1").out
    assert "\nfacts       kind wrong_item · not contract\n" in shop("show 2").out
    assert "facts" not in shop("show 3").out
    assert shop.refused("list kind:wrong_itm").endswith("did you mean wrong_item?")


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("new --fact ki", ["kind=b2b_quote", "kind=missing_order", "kind=wrong_item",
                           "kind=damaged_goods"]),
        ("policy due --fact spe", ["special=yes", "special=no"]),
        ("new --fact am", ["amount="]),
        ("list spe", ["special:"]),
        ("list st", ["status:"]),
        # Bash takes a colon and an equals sign for words of their own.
        ("new --fact kind = m", ["missing_order"]),
        ("new --fact special =", ["yes", "no"]),
        ("list kind : w", ["wrong_item"]),
        ("list kind :", ["b2b_quote", "missing_order", "wrong_item", "damaged_goods"]),
        ("list kind : wrong_item,d", ["wrong_item,damaged_goods"]),
        ("list p : no", ["normal"]),
        ("list tier : g", []),
        ("list assignee :", ["me", "nobody"]),
        ("list nothing : x", []),
    ],
)  # fmt: skip
def test_the_shell_completes_them(
    shop: CommandLine, monkeypatch: pytest.MonkeyPatch, typed: str, completed: list[str]
) -> None:
    words = f"numberone --db {shlex.quote(address_of(shop.db))} {typed}"
    monkeypatch.setenv("_NUMBERONE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    found = shop.plain([]).out.split()
    assert found == [f"plain,{each}" for each in completed]
