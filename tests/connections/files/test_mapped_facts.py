"""Facts of a policy out of real exports: by column, by custom field, by tag; out and in again."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from connections.files.exporting import export_file
from connections.files.formats import Format
from connections.files.import_report import ImportReport
from connections.files.importing import import_file
from connections.files.mapping_files import mapping_from
from policy.facts import Facts
from policy.refusal import Refusal
from policy.rulebook.book import text_in_the_book
from policy.rulebook.rulebook import load_rulebook
from policy.ticket import Ticket
from store.desk import Desk
from store.queue.query import Query, Scope
from tests.own_words import NEITHER, ours

SHOP = load_rulebook(text_in_the_book("skyltmax"), "skyltmax")
COLUMNS = """
source = "shop"
[columns]
external_id = "No"
subject = "Title"
customer = "Who"
received_at = "When"
"""
MAPPED = (
    COLUMNS
    + """
kind = "Type"
special = "VIP"
amount = "Sum"
currency = "In"
[values.kind]
"Quote" = "b2b_quote"
"Lost *" = "missing_order"
"*" = "wrong_item"
[values.special]
"x" = true
"*" = false
"""
)
HEADINGS = "No,Title,Who,When,Type,VIP,Sum,In"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a desk of a web shop, whose facts are of every kind."""
    with ExitStack() as desks:
        yield desks.enter_context(closing(shop_at(tmp_path / "desk.db")))


def shop_at(path: Path) -> Desk:
    desk = Desk.open(str(path), actor="mo")
    desk.policy.adopt(SHOP)
    return desk


def carried(desk: Desk) -> dict[str, Facts]:
    return {each.external_id: each.fact for each in tickets(desk)}


def tickets(desk: Desk) -> tuple[Ticket, ...]:
    return desk.queue.page(Query(Scope.ALL), 0, None)


def take_in(desk: Desk, folder: Path, mapping: str, *rows: str) -> ImportReport:
    """Import rows under the headings by a mapping."""
    (folder / "map.toml").write_text(mapping)
    (folder / "shop.csv").write_text("\n".join([HEADINGS, *rows]))
    report = import_file(desk.transfer, folder / "shop.csv", mapping=str(folder / "map.toml"))
    assert not report.rejected
    return report


def test_a_column_is_a_fact_and_its_values_translate(desk: Desk, tmp_path: Path) -> None:
    rows = (
        "1,A,Bo,2026-03-06,Quote,x,16000,sek",
        "2,B,Bo,2026-03-06,Lost parcel,no,99.90,EUR",
        "3,C,Bo,2026-03-06,,,,",
    )
    assert take_in(desk, tmp_path, MAPPED, *rows).admitted == 3
    assert carried(desk) == {
        "1": {"kind": "b2b_quote", "special": True, "amount": "16000 SEK"},
        "2": {"kind": "missing_order", "special": False, "amount": "99.9 EUR"},
        "3": {},
    }
    assert take_in(desk, tmp_path, MAPPED, *rows).unchanged == 3
    again = take_in(desk, tmp_path, MAPPED, "1,A,Bo,2026-03-06,Other,,16000,SEK", *rows[1:])
    assert (again.updated, again.unchanged) == (1, 2)
    assert carried(desk)["1"] == {"kind": "wrong_item", "amount": "16000 SEK"}


def test_a_constant_stands_in_only_where_nothing_is_told(desk: Desk, tmp_path: Path) -> None:
    mapping = COLUMNS + 'kind = "Type"\namount = "Sum"\n[constants]\nkind = "wrong_item"\n'
    mapping += 'currency = "SEK"\n'
    take_in(desk, tmp_path, mapping, "1,A,Bo,2026-03-06,b2b_quote,,5,", "2,B,Bo,2026-03-06,,,,")
    assert carried(desk) == {
        "1": {"kind": "b2b_quote", "amount": "5 SEK"},
        "2": {"kind": "wrong_item"},
    }
    (tmp_path / "less.jsonl").write_text(
        json.dumps({"No": "1", "Title": "A again", "Who": "Bo", "When": "2026-03-06"})
        + "\n"
        + json.dumps({"No": "4", "Title": "D", "Who": "Bo", "When": "2026-03-06"})
    )
    import_file(desk.transfer, tmp_path / "less.jsonl", mapping=str(tmp_path / "map.toml"))
    assert carried(desk)["1"] == {"kind": "b2b_quote", "amount": "5 SEK"}
    assert carried(desk)["4"] == {"kind": "wrong_item"}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ('knd = "Type"\n', 'map.toml: columns: "knd" is no field of a ticket; did you mean kind?'),
        ('kind = "Type"\n[values.kind]\nQuote = "b2b_qoute"\n',
         'map.toml: values.kind."Quote": "b2b_qoute"; expected b2b_quote, missing_order, wrong_item'
         " or damaged_goods; did you mean b2b_quote?"),
        ('[constants]\nspecial = "perhaps"\n',
         'map.toml: constants.special: expected true or false, not "perhaps"'),
        ('[constants]\namount = "5"\n',
         "map.toml: constants.amount: expected an amount and its currency such as"
         ' "16000 SEK", not "5"'),
        ('[constants]\ncurrency = "kronor"\n',
         'map.toml: constants.currency: "kronor"; expected a currency such as EUR'),
        ('[values.kind]\nQuote = "b2b_quote"\n',
         "map.toml: values.kind: nothing to translate; expected columns.kind too"),
    ],
)  # fmt: skip
def test_what_a_mapping_says_of_facts_is_checked(more: str, reason: str) -> None:
    with pytest.raises(Refusal) as caught:
        mapping_from(COLUMNS + more, "map.toml", SHOP.vocabulary)
    assert caught.value.reason == reason


def test_a_fact_is_no_column_under_a_policy_that_names_none() -> None:
    with pytest.raises(Refusal, match='"kind" is no field of a ticket; expected source, '):
        mapping_from(COLUMNS + 'kind = "Type"\n', "map.toml", ours(NEITHER).vocabulary)


def test_own_headings_and_names_are_facts_without_a_mapping(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    head = "external_id,subject,customer,received_at,tags,kind,special,amount,currency\n"
    file.write_text(
        f"{head}1,A,Bo,2026-03-06,,wrong-item,yes,5,EUR\n"
        "2,B,Bo,2026-03-06,special kind:b2b_quote,,,,\n"
        "3,C,Bo,2026-03-06,,broken,,,\n"
    )
    report = import_file(desk.transfer, file)
    assert [each.error for each in report.rejected] == [
        'kind: "broken"; expected b2b_quote, missing_order, wrong_item or damaged_goods'
    ]
    assert carried(desk) == {
        "1": {"kind": "wrong_item", "special": True, "amount": "5 EUR"},
        "2": {},  # its own columns are there, and say that nothing is
    }
    file.write_text(head.replace("kind", "kinds") + "1,A,Bo,2026-03-06,,x,,,\n")
    with pytest.raises(Refusal, match='unknown heading "kinds"; did you mean kind'):
        import_file(desk.transfer, file)


def zendesk(number: int, **fields: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "id": number,
        "subject": f"Ticket {number}",
        "requester_id": 7,
        "status": "new",
        "created_at": "2026-03-06T10:00:00Z",
        "updated_at": "2026-03-06T10:00:00Z",
        "tags": [],
    }
    return plain | fields


def write_zendesk(folder: Path, *each: dict[str, object]) -> Path:
    file = folder / "export.json"
    file.write_text(json.dumps({"tickets": each}))
    return file


def test_tags_of_zendesk_are_facts_and_go_as_the_tag_goes(desk: Desk, tmp_path: Path) -> None:
    tags = ["special", "kind:wrong_item", "vip"]
    import_file(desk.transfer, write_zendesk(tmp_path, zendesk(1, tags=tags)))
    assert carried(desk) == {"1": {"kind": "wrong_item", "special": True}}
    later = {"updated_at": "2026-03-06T11:00:00Z"}
    report = import_file(
        desk.transfer, write_zendesk(tmp_path, zendesk(1, tags=["kind:b2b_quote", "vip"], **later))
    )
    assert report.updated == 1
    assert carried(desk) == {"1": {"kind": "b2b_quote"}}


def test_custom_fields_of_zendesk_are_facts_by_a_mapping(desk: Desk, tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        """
source = "zendesk"
[columns]
external_id = "id"
subject = "subject"
customer = "requester {requester_id}"
received_at = "created_at"
kind = "custom_field:11"
special = "custom_field:12"
amount = "custom_field:13"
[values.kind]
shop_quote = "b2b_quote"
[constants]
currency = "SEK"
"""
    )

    def told(*values: object) -> dict[str, object]:
        numbered = zip((11, 12, 13), values, strict=False)
        return zendesk(1, custom_fields=[{"id": each, "value": value} for each, value in numbered])

    def taken(*values: object) -> Facts:
        file = write_zendesk(tmp_path, told(*values))
        report = import_file(desk.transfer, file, format=Format.ZENDESK, mapping=str(mapping))
        assert not report.rejected
        return carried(desk)["1"]

    assert taken("shop_quote", True, 1250.5) == {
        "kind": "b2b_quote", "special": True, "amount": "1250.5 SEK",
    }  # fmt: skip
    assert taken("shop_quote") == {"kind": "b2b_quote", "special": True, "amount": "1250.5 SEK"}
    assert taken(None, False, "") == {"special": False}


@pytest.mark.parametrize("file_format", [Format.JSONL, Format.CSV])
def test_what_is_exported_is_read_back_on_another_desk(
    desk: Desk, tmp_path: Path, file_format: Format
) -> None:
    take_in(
        desk,
        tmp_path,
        MAPPED,
        "1,A,Bo,2026-03-06,Quote,x,16000,sek",
        "2,B,Bo,2026-03-06,Lost parcel,no,99.90,EUR",
        "3,C,Bo,2026-03-06,,,,",
    )
    out = tmp_path / f"out.{file_format}"
    export_file(desk.transfer, str(out), file_format, tickets_only=True)
    with closing(shop_at(tmp_path / "other.db")) as other:
        report = import_file(other.transfer, out)
        assert (report.admitted, report.rejected) == (3, [])
        assert carried(other) == carried(desk)
        assert import_file(other.transfer, out).unchanged == 3
        take_in(desk, tmp_path, MAPPED, "1,A,Bo,2026-03-06,,,,", "2,B,Bo,2026-03-06,Quote,x,,")
        export_file(desk.transfer, str(out), file_format, tickets_only=True, force=True)
        assert import_file(other.transfer, out).updated == 2
        assert carried(other) == carried(desk) == {
            "1": {}, "2": {"kind": "b2b_quote", "special": True}, "3": {},
        }  # fmt: skip


@pytest.mark.parametrize("file_format", [Format.JSONL, Format.CSV])
def test_a_whole_desk_is_taken_back_with_its_facts(
    desk: Desk, tmp_path: Path, file_format: Format
) -> None:
    take_in(desk, tmp_path, MAPPED, "1,A,Bo,2026-03-06,Quote,x,16000,sek")
    out = tmp_path / f"all.{file_format}"
    export_file(desk.transfer, str(out), file_format)
    with closing(Desk.open(str(tmp_path / "other.db"), actor="mo")) as other:
        import_file(other.transfer, out)
        assert carried(other) == carried(desk) != {"1": {}}
        assert other.policy.rulebook() == SHOP
