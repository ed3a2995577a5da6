"""What Request Tracker really does, which its documents do not say: the in-process one as well."""

import base64
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx2
import pytest

from tests.connections.helpdesks.conftest import REQUEST_TRACKERS
from tests.connections.helpdesks.request_tracker_over_there import RequestTrackerOverThere

There = RequestTrackerOverThere
pytestmark = pytest.mark.parametrize("there", REQUEST_TRACKERS, indirect=True)
OF_TICKETS = "ObjectType = 'RT::Ticket'"


def rows(there: There, condition: str, by: str = "mariam", **query: str) -> list[dict[str, object]]:
    asked = {
        "query": f"{OF_TICKETS} AND {condition}",
        "fields": "Type,Creator,Created,ObjectId,Field,OldValue,NewValue,CustomFields",
        "orderby": "id",
        "per_page": "100",
        **query,
    }
    found: list[dict[str, object]] = there.asks("GET", "/transactions", by=by, query=asked).json()[
        "items"
    ]
    return found


def kinds(there: There, ticket: str) -> list[object]:
    return [row["Type"] for row in rows(there, f"ObjectId = {ticket}")]


def value(there: There, ticket: str, field: str) -> object:
    asked = {"query": f"id = {ticket}", "fields": field}
    return there.asks("GET", "/tickets", query=asked).json()["items"][0][field]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"Owner": "nemo"}, "does not exist"),
        ({"Owner": "ida@customer.example"}, "may not own"),
        ({"Status": "bogus"}, "isn't a valid status"),
        ({"CustomFields": {"Severity": "9"}}, "Invalid value"),
    ],
)
def test_a_refusal_is_a_sentence_and_a_success(
    there: There, fields: dict[str, object], words: str
) -> None:
    ticket = there.opens("Refused", "Hm.")
    answer = there.asks("PUT", f"/ticket/{ticket}", fields)
    assert answer.status_code == 200
    assert words in answer.text


@pytest.mark.parametrize("fields", [{"Status": "new"}, {"Nonsense": 1}])
def test_what_is_so_already_and_what_is_unknown_get_no_word(
    there: There, fields: dict[str, object]
) -> None:
    answer = there.asks("PUT", f"/ticket/{there.opens('So', 'Hm.')}", fields)
    assert (answer.status_code, answer.json()) == (200, [])


def test_taking_needs_a_body_and_an_owner_is_in_the_way(there: There) -> None:
    ticket = there.opens("Taken", "Hm.")
    assert there.asks("PUT", f"/ticket/{ticket}/take").status_code == 415
    there.asks("PUT", f"/ticket/{ticket}/take", {})
    assert there.owner(ticket) == "mariam"
    second = there.asks("PUT", f"/ticket/{ticket}/take", {}, by="tomasz")
    assert second.status_code == 200
    assert there.owner(ticket) == "mariam"
    there.asks("PUT", f"/ticket/{ticket}/steal", {}, by="tomasz")
    assert there.owner(ticket) == "tomasz"


def test_an_owner_is_changed_by_two_rows_with_numbers(there: There) -> None:
    ticket = there.opens("Owned", "Hm.")
    there.gives(ticket, "tomasz")
    changes = [row for row in rows(there, f"ObjectId = {ticket}") if row["Field"] == "Owner"]
    assert [row["Type"] for row in changes] == ["Set", "SetWatcher"]
    assert {row["OldValue"] for row in changes} == {"6"}
    assert all(str(row["NewValue"]).isdigit() for row in changes)


def test_an_etag_guards_fields_and_never_a_message(there: There) -> None:
    ticket = there.opens("Guarded", "Hm.")
    path = f"/ticket/{ticket}"
    known = {"If-Match": there.asks("GET", path).headers["ETag"]}
    assert there.asks("PUT", path, {"Status": "open"}, headers=known).json()
    assert there.asks("PUT", path, {"Status": "stalled"}, headers=known).status_code == 412
    assert there.status(ticket) == "open"
    words = {"Content": "Hm.", "ContentType": "text/plain"}
    for match, code in ((known, 412), ({"If-Match": "*"}, 201)):
        assert there.asks("POST", f"{path}/comment", words, headers=match).status_code == code


def test_what_is_not_there(there: There) -> None:
    words = {"Content": "Hm.", "ContentType": "text/plain"}
    assert there.asks("GET", "/ticket/987654").status_code == 404
    assert there.asks("PUT", "/ticket/987654", {"Status": "open"}).status_code == 404
    assert there.asks("POST", "/ticket/987654/comment", words).status_code == 400
    assert there.asks("GET", "/transaction/987654").status_code == 500
    assert there.asks("GET", "/user/nemo").status_code == 404
    nothing = rows(there, "CF.{nosuch} = 'x'")
    assert nothing == []


def test_a_login_that_is_refused(there: There) -> None:
    def asked(**headers: str) -> int:
        with httpx2.Client(trust_env=False, headers={"User-Agent": "x", **headers}) as client:
            return client.get(f"{there.server.address}/REST/2.0/rt").status_code

    wrong = "token 1-29-00000000000000000000000000000000"
    assert asked() == 401
    assert asked(Authorization=wrong) == 401
    assert asked(**{"Authorization": wrong, "User-Agent": "Mozilla/5.0"}) == 302


def test_a_page_is_cut_before_what_is_hidden_is_left_out(there: There) -> None:
    ticket = there.opens("Hidden", "Hm.")
    there.notes(ticket, "Between us.")
    there.sets(ticket, Status="open")
    of_it = f"ObjectId = {ticket} AND Type != 'EmailRecord' AND Type != 'CommentEmailRecord'"
    all_of_it = rows(there, of_it)
    assert [row["Type"] for row in all_of_it] == ["Create", "Comment", "Status"]
    after_the_first = f"{of_it} AND id > {all_of_it[0]['id']}"
    assert rows(there, after_the_first, "onlooker", per_page="1") == []
    seen = rows(there, after_the_first, "onlooker", per_page="2")
    assert [row["Type"] for row in seen] == ["Status"]


def test_who_works_there_is_told_of_one_person_at_a_time(there: There) -> None:
    assert there.asks("GET", "/user/mariam").json()["Privileged"] == 1
    assert there.asks("GET", "/user/ida@customer.example").json()["Privileged"] == 0
    where = [{"field": "EmailAddress", "value": "MARIAM@help.example"}]
    asked = {"fields": "Name,Privileged"}
    (found,) = there.asks("POST", "/users", where, query=asked).json()["items"]
    assert (found["id"], found["Privileged"]) == ("mariam", "")


def test_times_in_queries_are_those_of_whoever_asks(there: There) -> None:
    ticket = there.opens("Timed", "Hm.")
    of_it = f"ObjectId = {ticket} AND Type = 'Create'"
    for by, zone in (("mariam", "Africa/Cairo"), ("numberone", "Asia/Tokyo")):
        ago = datetime.now(ZoneInfo(zone)) - timedelta(minutes=5)
        soon = ago + timedelta(minutes=10)
        form = "%Y-%m-%d %H:%M:%S"
        assert rows(there, f"{of_it} AND Created > '{ago.strftime(form)}'", by)
        assert not rows(there, f"{of_it} AND Created > '{soon.strftime(form)}'", by)
    day = datetime.now(ZoneInfo("Africa/Cairo")).date()
    assert rows(there, f"{of_it} AND Created > '{day}T23:59:59Z'"), "its hour is ignored"


def test_what_opens_a_ticket_again(there: There) -> None:
    ticket = there.opens("Again", "Hm.")
    there.answers(ticket, "Ours.")
    assert there.status(ticket) == "open"
    last = rows(there, f"ObjectId = {ticket} AND Type = 'Status'")[-1]
    assert last["Creator"]["id"] == "RT_System"  # type: ignore[index] # it is an object
    assert value(there, ticket, "Told") != "1970-01-01T00:00:00Z"
    for status, after in (("resolved", "open"), ("rejected", "open"), ("stalled", "stalled")):
        there.sets(ticket, Status=status)
        there.writes(ticket, f"Still, though {status}.")
        assert there.status(ticket) == after, status
    assert value(there, ticket, "Resolved") != "1970-01-01T00:00:00Z", "it stays"


def test_deleted_and_merged_tickets_are_in_no_search(there: There) -> None:
    kept, merged = there.opens("Kept", "One."), there.opens("Merged", "Two.")
    deleted = there.opens("Deleted", "Three.")
    there.merges(merged, kept)
    there.deletes(deleted)
    asked = {"query": f"id = {merged} OR id = {deleted}"}
    assert there.asks("GET", "/tickets", query=asked).json()["items"] == []
    assert there.asks("GET", f"/ticket/{merged}").json()["id"] == int(kept)
    gone = there.asks("GET", f"/ticket/{deleted}")
    assert (gone.status_code, gone.json()["Status"]) == (200, "deleted")
    assert kinds(there, merged)[-1] == "AddLink"
    assert kinds(there, kept)[-1] == "AddLink"


def test_a_list_is_never_longer_than_a_hundred_and_counts_no_transactions(there: There) -> None:
    ticket = there.opens("Long", "Hm.")
    asked = {"query": f"{OF_TICKETS} AND ObjectId = {ticket}", "per_page": "1000"}
    content = there.asks("GET", "/transactions", query=asked).json()
    assert (content["per_page"], content["total"]) == (100, None)
    found = there.asks("GET", "/tickets", query={"query": f"id = {ticket}"}).json()
    assert found["total"] == 1


@pytest.mark.parametrize(("said", "kept"), [("0", ""), ("0\n", "0\n"), ("a\r\nb", "a\nb")])
def test_words_as_they_are_kept(there: There, said: str, kept: str) -> None:
    ticket = there.opens("Words", "Hm.")
    words = {"Content": said, "ContentType": "text/plain", "TxnCustomFields": {"nosuch": "x"}}
    answer = there.asks("POST", f"/ticket/{ticket}/comment", words)
    assert answer.status_code == 201
    assert "Unable to load transaction custom field: nosuch" in answer.json()
    number = answer.headers["Location"].rpartition("/")[2]
    where = [{"field": "TransactionId", "value": number}]
    (part,) = there.asks("POST", "/attachments", where, query={"fields": "Content"}).json()["items"]
    assert part["Content"] == kept


def test_a_file_keeps_its_name_in_ascii_alone(there: There) -> None:
    ticket = there.opens("Files", "Hm.")
    file = {
        "FileName": "ü.txt",
        "FileType": "text/plain",
        "FileContent": base64.b64encode(b"abc").decode(),
    }
    words = {"Content": "See.", "ContentType": "text/plain", "Attachments": [file]}
    answer = there.asks("POST", f"/ticket/{ticket}/comment", words)
    number = answer.headers["Location"].rpartition("/")[2]
    where = [
        {"field": "TransactionId", "operator": "IN", "value": [int(number)]},
        {"field": "Filename", "operator": "IS NOT", "value": "NULL"},
    ]
    asked = {"fields": "Filename,ContentLength"}
    (part,) = there.asks("POST", "/attachments", where, query=asked).json()["items"]
    assert (part["Filename"], part["ContentLength"]) == ("\N{REPLACEMENT CHARACTER}.txt", "3")
    content = there.asks("GET", f"/attachment/{part['id']}").json()["Content"]
    assert base64.b64decode(content) == b"abc"
    failed = there.asks("POST", "/attachments", where[:1], query={"fields": "Parent"})
    assert failed.status_code == 500, "the first part of all has none"


def test_a_new_ticket_takes_numbers_that_nobody_sees(there: There) -> None:
    before = int(str(rows(there, "id > 0", order="DESC", per_page="1")[0]["id"]))
    there.opens("Numbers", "Hm.")
    new = rows(there, f"id > {before}")
    assert int(str(new[0]["id"])) > before + 1
    now = datetime.now(UTC)
    assert abs(now - datetime.fromisoformat(str(new[0]["Created"]))) < timedelta(minutes=1)
