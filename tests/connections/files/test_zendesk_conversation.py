"""Answers and the customer's last word, from the comments, audits and metric sets of an export."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connections.files.import_report import ImportReport
from connections.files.importing import import_file
from policy.intake.incoming import IncomingTicket
from policy.words import Status
from tests.connections.recording_desk import RecordingDesk
from tests.connections.zendesk_pages import (
    ADA,
    BO,
    CC,
    MO,
    USERS,
    audit,
    clock,
    comment,
    page_ticket,
    said,
    set_to,
)

TIMES = ("first_response_at", "last_response_at", "last_customer_message_at", "solved_at")
UNTOLD = "untold"


def imported(tmp_path: Path, *documents: object) -> tuple[IncomingTicket, ImportReport]:
    path = tmp_path / "page.json"
    path.write_text("\n".join(json.dumps(each) for each in documents))
    desk = RecordingDesk()
    report = import_file(desk, path, format=None)
    assert report.rejected == []
    return desk.tickets["zendesk:7"], report


def told(tmp_path: Path, *documents: object) -> dict[str, object]:
    """Return what comes in of the times, in hours; ``untold`` what is not spoken of."""
    ticket, _ = imported(tmp_path, *documents)
    return {name: hour(ticket, name) for name in TIMES}


def hour(ticket: IncomingTicket, name: str) -> object:
    moment = getattr(ticket, name)
    if name not in ticket.spoken:
        assert moment is None
        return UNTOLD
    return moment.hour + moment.minute / 100 if moment else None


def page(*comments: object, users: object = USERS, **changed: Any) -> dict[str, object]:  # noqa: ANN401 - JSON
    return {"tickets": [page_ticket(comments=list(comments), **changed)], "users": users}


def metrics(**changed: Any) -> dict[str, object]:  # noqa: ANN401 - as JSON
    return {
        "id": 5,
        "ticket_id": 7,
        "created_at": clock(9),
        "replies": 1,
        "reply_time_in_minutes": {"calendar": 65, "business": 5},
        "latest_comment_added_at": clock(10, 5),
        "requester_updated_at": clock(9),
        "status_updated_at": clock(10, 5),
        "solved_at": None,
        **changed,
    }


def test_comments_tell_who_wrote_first_and_last(tmp_path: Path) -> None:
    comments = [comment(9), comment(10, MO), comment(11), comment(12, BO), comment(13, CC)]
    assert told(tmp_path, page(*comments)) == dict(zip(TIMES, (10, 12, 13, None), strict=True))


def test_notes_programs_and_the_agent_who_opened_it_answer_nobody(tmp_path: Path) -> None:
    comments = [
        comment(9, MO),
        comment(10, MO, public=False),
        comment(11, MO, via={"channel": "rule", "source": {"rel": "trigger"}}),
        comment(12, BO, via={"channel": "system"}),
        comment(13, -1),
        comment(14, BO, via={"channel": "answer_bot_for_agents"}),
    ]
    assert told(tmp_path, page(*comments)) == dict.fromkeys(TIMES)


def test_without_people_the_assignee_and_who_writes_notes_are_ours(tmp_path: Path) -> None:
    comments = [comment(9), comment(10, MO), comment(11, BO, public=False), comment(12, BO)]
    times = told(tmp_path, page(*comments, users=[]))
    assert (times["first_response_at"], times["last_response_at"]) == (10, 12)


def test_without_people_a_stranger_counts_as_the_customers(tmp_path: Path) -> None:
    times = told(tmp_path, page(comment(9), comment(10, MO), comment(11, CC), users=[]))
    assert times["last_customer_message_at"] == 11


def test_who_asks_is_the_customer_be_it_an_agent(tmp_path: Path) -> None:
    times = told(tmp_path, page(comment(9, BO), comment(10, MO), comment(11, BO), requester_id=BO))
    assert (times["last_response_at"], times["last_customer_message_at"]) == (10, 11)


def test_people_inside_a_ticket_of_a_json_export_say_who_is_who(tmp_path: Path) -> None:
    line = page_ticket(
        comments=[comment(9), comment(10, BO), comment(11, CC)],
        requester=USERS[0],
        collaborator=[USERS[2], USERS[3]],
    )
    times = told(tmp_path, line)
    assert (times["last_response_at"], times["last_customer_message_at"]) == (10, 11)


def test_comments_from_the_middle_on_do_not_say_that_there_was_nothing(tmp_path: Path) -> None:
    assert set(told(tmp_path, page(comment(12, BO, public=False))).values()) == {UNTOLD, None}
    times = told(tmp_path, page(comment(12, BO), comment(13)))
    assert times["first_response_at"] == UNTOLD
    assert (times["last_response_at"], times["last_customer_message_at"]) == (12, 13)


def test_a_first_page_of_more_comments_does_not_say_that_nobody_answered(tmp_path: Path) -> None:
    times = told(tmp_path, page(comment(9), comment_count=101))
    assert (times["first_response_at"], times["last_response_at"]) == (UNTOLD, UNTOLD)


def test_comments_beside_the_only_ticket_are_its_own(tmp_path: Path) -> None:
    comments = {"comments": [comment(9), comment(10, MO)], "users": USERS}
    other = {"ticket": page_ticket(8), "comments": [comment(9), comment(15, MO)]}
    for documents in (
        [{"ticket": page_ticket(), **comments}],
        [comments | {"tickets": [page_ticket()]}],
        [other, {"ticket": page_ticket(), **comments}, other | {"ticket": page_ticket(9)}],
        [{"tickets": [page_ticket()], **comments}, other],
    ):
        assert told(tmp_path, *documents)["last_response_at"] == 10


def test_comments_beside_several_tickets_need_the_tickets_number(tmp_path: Path) -> None:
    tickets = [page_ticket(), page_ticket(8)]
    beside = {"tickets": tickets, "users": USERS, "comments": [comment(9), comment(10, MO)]}
    ticket, report = imported(tmp_path, beside)
    assert hour(ticket, "first_response_at") == UNTOLD
    assert len(report.notes) == 1
    named = [each | {"ticket_id": 7} for each in (comment(9), comment(10, MO))]
    assert told(tmp_path, beside | {"comments": named})["first_response_at"] == 10


def test_audits_tell_of_answers_and_of_the_time_it_was_solved(tmp_path: Path) -> None:
    audits = [
        audit(9, ADA, said(1), {"id": 2, "type": "Create", "field_name": "status", "value": "new"}),
        audit(10, MO, said(3), set_to("pending")),
        audit(11, ADA, said(4)),
        audit(12, MO, said(5, via={"channel": "rule"}), {"id": 6, "type": "Notification"}),
        audit(13, BO, said(7), set_to("solved")),
        audit(14, ADA, said(8), set_to("open")),
        audit(15, BO, said(9, public=False), set_to("solved")),
        audit(17, -1, set_to("closed"), via={"channel": "rule"}),
    ]
    beside = {"users": USERS, "audits": audits}
    closed = {"tickets": [page_ticket(status="closed")], **beside}
    assert told(tmp_path, closed) == dict(zip(TIMES, (10, 13, 14, 15), strict=True))
    inside = {"tickets": [page_ticket(status="closed", audits=audits)], "users": USERS}
    assert told(tmp_path, inside) == told(tmp_path, closed)
    again = {"tickets": [page_ticket(status="open")], **beside}
    assert told(tmp_path, again)["solved_at"] is None


def test_a_comment_that_was_made_private_answers_nobody(tmp_path: Path) -> None:
    private = {"id": 9, "type": "CommentPrivacyChange", "comment_id": 3, "public": False}
    audits = [audit(9, ADA, said(1)), audit(10, MO, said(3)), audit(11, MO, private)]
    times = told(tmp_path, {"tickets": [page_ticket(audits=audits)], "users": USERS})
    assert times["first_response_at"] is None


def test_the_same_comment_in_its_audit_and_by_itself_is_one(tmp_path: Path) -> None:
    both = page_ticket(
        comments=[comment(9, id=1), comment(10, MO, id=3)],
        audits=[audit(9, ADA, said(1)), audit(10, MO, said(3))],
        comment_count=3,
    )
    times = told(tmp_path, {"tickets": [both], "users": USERS})
    assert times["first_response_at"] == UNTOLD


@pytest.mark.parametrize("with_comments", [True, False])
def test_the_incremental_export_of_events_tells_of_them_too(
    tmp_path: Path, with_comments: bool
) -> None:
    def change(at: int, author: int, **event: object) -> dict[str, object]:
        body: dict[str, object] = {"comment_present": True, "comment_public": True}
        if with_comments:
            body = {"author_id": author, "public": True, "body": "…", "type": "Comment"}
        return {
            "id": at,
            "ticket_id": 7,
            "timestamp": int(datetime(2026, 3, 2, at, tzinfo=UTC).timestamp()),
            "updater_id": author,
            "via": "Mail",
            "event_type": "Audit",
            "child_events": [
                {"id": 100 + at, "event_type": "Comment", "via": "Mail", **body, **event},
                {"id": 200 + at, "event_type": "Change", "status": "open", "via": "Rule"},
            ],
        }

    events = [change(9, ADA), change(10, MO), change(11, ADA), change(12, MO, via="Rule")]
    beside = {"ticket_events": events, "count": 4, "end_of_stream": True}
    tickets = {"tickets": [page_ticket()], "users": USERS}
    assert told(tmp_path, tickets, beside) == dict(zip(TIMES, (10, 10, 11, None), strict=True))
    later = {"ticket_events": events[2:]}
    times = told(tmp_path, later, tickets)
    assert (times["first_response_at"], times["last_customer_message_at"]) == (UNTOLD, 11)


@pytest.mark.parametrize("where", ["metric_set", "metric_sets", "ticket_metrics"])
def test_a_metric_set_tells_of_the_first_answer_and_the_last_word(
    tmp_path: Path, where: str
) -> None:
    measured = metrics(requester_updated_at=clock(12))
    if where == "metric_set":
        document: dict[str, object] = {"tickets": [page_ticket(metric_set=measured)]}
    else:
        document = {"tickets": [page_ticket()], where: [measured]}
    assert told(tmp_path, document) == dict(zip(TIMES, (10.05, 10.05, 12, None), strict=True))


@pytest.mark.parametrize(
    ("changed", "first", "newest"),
    [
        ({"replies": 0, "reply_time_in_minutes": {"calendar": None, "business": None}}, None, None),
        ({"replies": 0, "reply_time_in_minutes": {"calendar": 0, "business": 0}}, None, None),
        ({"replies": 3}, 10.05, UNTOLD),
        ({"replies": None}, 10.05, UNTOLD),
        ({"replies": 1, "reply_time_in_minutes": {"calendar": 0}}, 9, 9),
        ({"replies": 1, "reply_time_in_seconds": {"calendar": 3720}}, 10.02, 10.02),
        ({"replies": 2, "reply_time_in_minutes": {"business": 5}}, UNTOLD, UNTOLD),
        ({"replies": 2, "reply_time_in_minutes": {"calendar": 10**17}}, UNTOLD, UNTOLD),
        ({"replies": None, "reply_time_in_minutes": None}, UNTOLD, UNTOLD),
    ],
)
def test_a_metric_set_tells_of_the_newest_answer_only_where_there_was_one_at_most(
    tmp_path: Path, changed: dict[str, object], first: object, newest: object
) -> None:
    times = told(tmp_path, {"tickets": [page_ticket(metric_set=metrics(**changed))]})
    assert (times["first_response_at"], times["last_response_at"]) == (first, newest)


def test_comments_are_more_exact_than_a_metric_set(tmp_path: Path) -> None:
    measured = metrics(replies=2, requester_updated_at=clock(14), solved_at=clock(15))
    whole = page(comment(9), comment(10, MO), comment(11), metric_set=measured, status="solved")
    assert told(tmp_path, whole) == dict(zip(TIMES, (10, 10, 11, 15), strict=True))
    part = page(comment(12, BO), metric_set=measured)
    assert told(tmp_path, part) == dict(zip(TIMES, (10.05, 12, 14, None), strict=True))


def test_an_answer_that_only_the_metric_set_knows_of_is_not_denied(tmp_path: Path) -> None:
    whole = page(comment(9), comment(10, BO), users=[], metric_set=metrics(replies=2))
    times = told(tmp_path, whole)
    assert (times["first_response_at"], times["last_response_at"]) == (10.05, UNTOLD)


@pytest.mark.parametrize(
    "strange",
    [
        {"comments": 5},
        {"comments": [None, 5, "x", {"created_at": 7, "type": ["Comment"]}, {"id": {}}]},
        {"comments": [comment(10, MO, created_at="9999-12-31T23:59:59Z")]},
        {"comments": [comment(10, MO, created_at="0001-01-01T00:00:00+14:00")]},
        {"comments": [comment(10, MO, created_at=1e300, author_id=[1], via=[])]},
        {"audits": [{"events": "x"}, {"events": [[], {"type": {}}]}, 7]},
        {"metric_set": {"replies": [], "reply_time_in_minutes": 5, "requester_updated_at": {}}},
        {"status": "open", "created_at": "2026-03-02T09:00:00", "metric_set": []},
        {"requester": [], "requester_id": {}, "collaborators": [5], "organization": 5},
    ],
)
def test_what_is_of_no_use_is_passed_over(tmp_path: Path, strange: dict[str, object]) -> None:
    ticket, _ = imported(tmp_path, {"tickets": [page_ticket() | strange]})
    assert ticket.first_response_at is None


def test_an_import_that_tells_of_no_answer_says_what_to_ask_for(tmp_path: Path) -> None:
    _, bare = imported(tmp_path, {"tickets": [page_ticket(status="pending")]})
    assert [note[:40] for note in bare.notes] == [
        "no ticket says when it was answered, so ",
        "1 pending or on_hold ticket is without a",
    ]
    measured = page_ticket(metric_set=metrics(replies=0))
    assert imported(tmp_path, {"tickets": [measured, page_ticket(8)]})[1].notes == []
    several = page_ticket(metric_set=metrics(replies=2, requester_updated_at=clock(12)))
    _, unsure = imported(tmp_path, {"tickets": [several]})
    assert [note[:50] for note in unsure.notes] == [
        "1 ticket is left owed for want of last_response_at"
    ]


def test_a_deleted_ticket_says_no_more_than_that(tmp_path: Path) -> None:
    struck = page_ticket(status="deleted", subject="SCRUBBED", description="SCRUBBED")
    ticket, _ = imported(tmp_path, {"tickets": [struck], "users": USERS})
    assert ticket.status is Status.CLOSED
    told = {"source", "external_id", "received_at", "updated_at", "status", "url"}
    assert ticket.spoken == told
