"""The query language: what a person types, as values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.refusal import Refusal
from policy.words import OpenedBy, Status
from store.queue.fact_query import FactTerm
from store.queue.query import Query, QueryField, Scope, Term, parse_query
from tests.examples import PRIORITIES, SEVERITIES, TIERS, WORDS


def terms(text: str) -> tuple[Term | FactTerm, ...]:
    return parse_query(text, WORDS).terms


def test_nothing_typed_is_the_whole_queue() -> None:
    for nothing in ("", "  ", '""', '"" \t'):
        query = parse_query(nothing, WORDS)
        assert query == Query()
        assert query.whole_queue
    assert parse_query("", WORDS, Scope.ALL).unfiltered
    assert not parse_query("", WORDS, Scope.ALL).whole_queue


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("tier", [str(tier) for tier in TIERS]),
        ("priority", [str(priority) for priority in PRIORITIES]),
        ("p", [str(priority) for priority in PRIORITIES]),
        ("severity", [str(severity) for severity in SEVERITIES]),
        ("sev", [str(severity) for severity in SEVERITIES]),
        ("status", [str(status) for status in Status]),
        ("opened_by", [str(opened_by) for opened_by in OpenedBy]),
    ],
)
def test_every_word_of_every_field_is_known(field: str, words: list[str]) -> None:
    for word in words:
        (term,) = terms(f"{field}:{word}")
        assert term.values == (word,)
        assert terms(f"{field.upper()}:{word.upper().replace('_', '-')}") == (term,)
    (together,) = terms(f"{field}:{','.join(words)}")
    assert together.values == tuple(words)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("assignee:me", Term(QueryField.ASSIGNEE, ("me",))),
        ("to:jo,nobody", Term(QueryField.ASSIGNEE, ("jo", "nobody"))),
        ("customer:Acme", Term(QueryField.CUSTOMER, ("Acme",))),
        ('from:"Acme, Inc",x', Term(QueryField.CUSTOMER, ("Acme, Inc", "x"))),
        ('customer:Ac"me Co"rp', Term(QueryField.CUSTOMER, ("Acme Corp",))),
        ("customer::", Term(QueryField.CUSTOMER, (":",))),
        ("source:zendesk", Term(QueryField.SOURCE, ("zendesk",))),
        ('tag:"a b"', Term(QueryField.TAG, ("a b",))),
        ("number:12,#7", Term(QueryField.NUMBER, ("12", "7"))),
        ("-tag:vip", Term(QueryField.TAG, ("vip",), negated=True)),
        ("opened-by:ce", Term(QueryField.OPENED_BY, ("ce",))),
        ("-tier:free,team", Term(QueryField.TIER, ("free", "team"), negated=True)),
    ],
)
def test_terms(text: str, term: Term) -> None:
    assert terms(text) == (term,)


@pytest.mark.parametrize(
    ("text", "words", "without"),
    [
        ("two words", ("two", "words"), ()),
        ('"two words" more', ("two words", "more"), ()),
        ('"tier:free"', ("tier:free",), ()),
        ("https://example.com/a?b=c:d", ("https://example.com/a?b=c:d",), ()),
        ("at 10:30", ("at", "10:30"), ()),
        ("-not", (), ("not",)),
        ('-"two words"', (), ("two words",)),
        ("- -- --verbose", ("-", "--", "--verbose"), ()),
        ("系统 -崩溃", ("系统",), ("崩溃",)),
        ("a\u00a0b\u3000c", ("a", "b", "c"), ()),
        ('x"y z"w', ("xy zw",), ()),
        ("Re: Order", ("Re:", "Order"), ()),
        ("Re:Order", ("Re:Order",), ()),
        ("std::map C:\\logs file:/x", ("std::map", "C:\\logs", "file:/x"), ()),
        ("AW: Fwd: x", ("AW:", "Fwd:", "x"), ()),
        ("stats: -Note:", ("stats:",), ("Note:",)),
        ('" " "" -"\t"', (), ()),
    ],
)
def test_words(text: str, words: tuple[str, ...], without: tuple[str, ...]) -> None:
    assert parse_query(text, WORDS) == Query(words=words, without=without)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tier:gold", "query: tier: 'gold'; expected presales, enterprise, team, free, open_so"),
        ("p:p4", "query: priority: 'p4'; expected p0, p1, p2, p3"),
        ("sev:9", "query: severity: '9'; expected 0, 1, 2, 3"),
        ("status:done", "query: status: 'done'; expected new, open, pending, on_hold, solved, "),
        ("opened_by:me", "query: opened_by: 'me'; expected customer, ce, support, engineering"),
        ("tier:", "query: tier: nothing after the colon; expected presales, enterprise"),
        ("tier:,", "query: tier: nothing after the colon; expected presales, enterprise"),
        ("assignee:", "query: assignee: nothing after the colon; expected a login, me or nobody"),
        ("tag:", "query: tag: nothing after the colon; expected some text"),
        ("colour:red", "query: colour: is no field; expected tier, priority, severity, status, "),
        (
            "statsu:open",
            "query: statsu: is no field; did you mean status, or in quotation marks as ",
        ),
        ("Asignee:bo", "query: Asignee: is no field; did you mean assignee, or in quotation "),
        ("owner:bo", "query: owner: is no field; did you mean assignee, or in quotation marks"),
        ("company:acme", "query: company: is no field; did you mean customer, or in quotation"),
        ('a "b', 'query: a quotation mark is left open; expected another "'),
        ('customer:"a', 'query: a quotation mark is left open; expected another "'),
    ],
)
def test_what_is_not_understood_is_said(text: str, reason: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parse_query(text, WORDS)
    assert refusal.value.reason.startswith(reason)


def test_an_unknown_field_says_how_it_is_looked_for_as_text() -> None:
    with pytest.raises(Refusal, match=r'in quotation marks as text: "Error:timeout"$'):
        parse_query("Error:timeout", WORDS)
    assert parse_query('"Error:timeout"', WORDS).words == ("Error:timeout",)


@pytest.mark.parametrize("status", Status)
def test_asking_for_what_is_not_in_the_queue_looks_at_all(status: Status) -> None:
    in_queue = status in (Status.NEW, Status.OPEN)
    assert parse_query(f"status:{status}", WORDS).scope is (Scope.QUEUE if in_queue else Scope.ALL)
    assert parse_query(f"-status:{status}", WORDS).scope is Scope.QUEUE
    assert parse_query(f"status:new,{status}", WORDS).scope is (
        Scope.QUEUE if in_queue else Scope.ALL
    )
    assert parse_query(f"status:{status}", WORDS, Scope.DECLINED).scope is Scope.DECLINED


@given(st.text(st.sampled_from("ab:,-\" \t_系é/'\\")))
def test_anything_typed_is_a_query_or_a_refusal_in_one_line(text: str) -> None:
    reason, query = "", Query()
    try:
        query = parse_query(text, WORDS)
    except Refusal as refusal:
        reason = refusal.reason
    assert "\n" not in reason
    assert all(query.words)
    assert all(query.without)
    assert all(term.values for term in query.terms)


@given(st.lists(st.from_regex(r"[a-z系é]{1,5}", fullmatch=True)))
def test_plain_words_stay_as_they_are(words: list[str]) -> None:
    assert parse_query(" ".join(words), WORDS).words == tuple(words)
    assert parse_query(" ".join(f'"{word}"' for word in words), WORDS).words == tuple(words)
    assert parse_query(" ".join(f"-{word}" for word in words), WORDS).without == tuple(words)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * 10_001, "query: 10,001 characters; expected at most 10,000"),
        ("a " * 201, "query: 201 words and values; expected at most 200"),
        (f"tag:{'a,' * 201}", "query: 201 words and values; expected at most 200"),
        (f"{'n' * 300}:{'v' * 300}", f"query: {'n' * 60}…: is no field; expected tier, "),
    ],
    ids=["characters", "words", "values", "a long name"],
)
def test_a_query_that_nobody_types_is_refused_in_a_short_line(text: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_query(text, WORDS)
    assert refused.value.reason.startswith(reason)
    assert len(refused.value.reason) < 400
