"""Lists and searches on real databases: every field, words of any script, and no injection."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.words import Mode
from store.desk import Desk
from store.queue.query import Query, Scope, parse_query
from store.queue.search import Probe, Search
from tests.databases import ENGINES
from tests.examples import WORDS, incoming
from tests.store.checking import set_mode
from tests.store.conftest import unmade_address

TICKETS = [
    incoming(1, subject="Login fails", body="Error 0x80070005 at 10:30 in v1.2.3", severity=0,
             tags=["vip", "a b"], assignee="mo"),
    incoming(2, subject="Café sync is SLOW", customer="Éclair GmbH", tier="team", severity=1,
             assignee="jo", requester_name="Zoë Ångström"),
    incoming(3, subject="系统崩溃了 after login", customer="株式会社テスト", tier="free",
             severity=3, tags=["VIP"]),
    incoming(4, subject='A "quoted" OR * NEAR (paren)', customer="100% Fun_Co", tier="presales",
             opened_by="ce", severity=1),
    incoming(5, subject="Straße gesperrt", tier="presales"),
    incoming(6, subject="Clean the log files", tier="internal", source="planner",
             opened_by="support"),
    incoming(7, subject="मेरा खाता बंद है", status="pending", tags=["vip-2"]),
    incoming(8, subject="مرحبا بالعالم", status="solved", body="login login login"),
    incoming(9, subject="ระบบล่มตอนเช้า", status="closed"),
    incoming(10, subject="시스템 오류", customer="Fun.Co", status="on_hold"),
]  # fmt: skip

ASKED = (
    *("tier:team", "-tier:team", "p:p1", "-p:p1", "severity:1", "customer:co", "-customer:co"),
    *("assignee:mo", "assignee:nobody", "is:owed", "tag:vip", "login", "-login", "l", "c", "e"),
    *(
        '"login fails"',
        "0x80070005",
        "v1.2.3",
        "cafe",
        "系统",
        "वि",
        "ระบบ",
        "100%",
        "source:planner",
    ),
)
"""Filters that find something, and some that may."""


@pytest.fixture(scope="module", params=ENGINES)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """Give mo's desk with ten tickets of all kinds, numbered as they come; only for reading."""
    address = unmade_address(request, tmp_path_factory.mktemp("search"))
    with closing(Desk.open(address, actor="mo")) as desk:
        desk.transfer.take_in(TICKETS)
        yield desk


def found(desk: Desk, text: str, scope: Scope = Scope.ALL) -> set[int]:
    """Return the numbers of the tickets that a query finds, in whichever way it is asked."""
    query = parse_query(text, WORDS, scope)
    tickets = desk.queue.page(query, 0, None)
    assert desk.queue.total(query) == len(tickets)
    for row, each in enumerate(tickets):
        assert desk.queue.row_of(each.id, query) == row
    assert desk.queue.page(query, 1, 2) == tickets[1:3]
    with desk.queue.listing(query) as listing:
        assert tuple(each for each, _ in listing.tickets) == tickets
    return {each.id for each in tickets}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("tier:presales", {4, 5}),
        ("tier:team,free", {2, 3}),
        ("-tier:enterprise", {2, 3, 4, 5, 6}),
        ("p:p0", {1}),
        ("p:p0,p1", {1, 2, 4}),
        ("-p:p2,p3", {1, 2, 4, 5}),
        ("sev:2", {5, 6, 7, 8, 9, 10}),
        ("status:solved,closed", {8, 9}),
        ("-status:new", {7, 8, 9, 10}),
        ("assignee:me", {1}),
        ("assignee:jo", {2}),
        ("assignee:nobody", set(range(3, 11))),
        ("-assignee:nobody", {1, 2}),
        ("-assignee:me", set(range(2, 11))),
        ("assignee:me,jo", {1, 2}),
        ("assignee:MO", {1}),
        ("customer:acme", {1, 5, 6, 7, 8, 9}),
        ("customer:eclair", {2}),
        ("customer:ÉCLAIR", {2}),
        ("customer:テスト", {3}),
        ("customer:%", {4}),
        ("customer:_co", {4}),
        ("customer:.", {10}),
        ('customer:"fun_co",gmbh', {2, 4}),
        ("-customer:acme,fun", {2, 3}),
        ("opened_by:ce", {4}),
        ("source:planner", {6}),
        ("-source:test", {6}),
        ("tag:vip", {1, 3}),
        ('tag:"a b"', {1}),
        ("tag:a", set()),
        ("tag:%", set()),
        ("-tag:vip", {2, 4, 5, 6, 7, 8, 9, 10}),
        ("tier:enterprise -assignee:nobody login", {1}),
    ],
)
def test_fields(filled: Desk, text: str, numbers: set[int]) -> None:
    assert found(filled, text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("login", {1, 3, 8}),
        ("LOGIN", {1, 3, 8}),
        ("log", {1, 3, 6, 8}),
        ("-log", {2, 4, 5, 7, 9, 10}),
        ("login -fails", {3, 8}),
        ("login fails", {1}),
        ("fails login", {1}),
        ('"login fails"', {1}),
        ('"fails login"', set()),
        ('-"login fails" login', {3, 8}),
        ("0x80070005", {1}),
        ("10:30", {1}),
        ("v1.2", {1}),
        ("v1.3", set()),
        ("cafe", {2}),
        ("CAFÉ", {2}),
        ("cafe\u0301", {2}),
        ("angstrom", {2}),
        ("strasse", {5}),
        ("STRASSE", {5}),
        ("系统", {3}),
        ("崩溃", {3}),
        ("溃崩", set()),
        ("系统 login", {3}),
        ("株式会社", {3}),
        ("テスト", {3}),
        ("खाता", {7}),
        ("بالعالم", {8}),
        ("ล่ม", {9}),
        ("오류", {10}),
        ("acme", {1, 5, 6, 7, 8, 9}),
        ("planner", set()),
        ('"1"', {1, 4, 10}),
        ("!!!", set()),
        ("\u202e", set()),
    ],
)
def test_words_of_any_script(filled: Desk, text: str, numbers: set[int]) -> None:
    assert found(filled, text) == numbers


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (('" OR *',), {4}),
        (("OR",), {4}),
        (("NEAR",), {4}),
        (("NEAR(login fails, 5)",), set()),
        (("AND",), set()),
        (("NOT", "login"), set()),
        (("login*",), {1, 3, 8}),
        (("*",), {4}),
        (("^login",), {1, 3, 8}),
        (("document:login",), set()),
        (("{document}:login",), set()),
        (("login'; DROP TABLE ticket; --",), set()),
        (("(paren)",), {4}),
        (("(((",), set()),
        (("(",), {4}),
        (("a & b | !c",), set()),
        (("login:*",), {1, 3, 8}),
        (("log\\in",), set()),
        (("' OR '1'='1",), set()),
        (("%",), {4}),
        (("x" * 5_000,), set()),
        (tuple(["login"] * 200), {1, 3, 8}),
    ],
)
def test_nothing_typed_is_taken_for_a_command(
    filled: Desk, words: tuple[str, ...], numbers: set[int]
) -> None:
    tickets = filled.queue.page(Query(scope=Scope.ALL, words=words), 0, None)
    assert {each.id for each in tickets} == numbers


@pytest.mark.parametrize("text", ["\ud800", "a\udcffb", "customer:\ud800", "assignee:\udc80"])
def test_broken_unicode_is_refused_or_finds_nothing(filled: Desk, text: str) -> None:
    reason = "expected text in Unicode"
    try:
        assert found(filled, text) in (set(), set(range(1, 11)), {1})
    except Refusal as refusal:
        reason = refusal.reason
    assert reason.endswith("expected text in Unicode")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=20))
def test_any_text_may_be_looked_for(filled: Desk, text: str) -> None:
    for query in (Query(words=(text,)), Query(without=(text,)), Query(words=(text, "login"))):
        assert filled.queue.total(query) == len(filled.queue.page(query, 0, None))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(ASKED) | st.text(max_size=6), min_size=1, max_size=3))
def test_many_are_met_where_few_are_found(filled: Desk, parts: list[str]) -> None:
    """A walk along the queue finds what sorting all that is found does."""
    try:
        query = parse_query(" ".join(parts), WORDS)
    except Refusal:
        return
    with filled._session.read() as reader:
        many, few = (
            Search(
                reader.connection,
                reader.kind,
                reader.queue,
                reader.assignees,
                away=reader.away_holders,
                closed_since=reader.now,
                probe=Probe(first=1, common=common, tried=1, walked=1_000),
            )
            for common in (0, 2)
        )
        found = few.ids(query)
        for search in (many, few):
            assert search.ids(query, 0, 100) == found
            assert search.ids(query, 1, 2) == found[1:3]
            assert search.total_in_sight(query) == search.total(query) == len(found)
            rows = {number: search.row_of(number, query) for number in range(1, 11)}
            assert {number for number, row in rows.items() if row is not None} == set(found)
            assert all(found[row] == number for number, row in rows.items() if row is not None)


@pytest.mark.parametrize("mode", Mode)
def test_lists_stand_in_the_order_of_the_mode(desk: Desk, mode: Mode) -> None:
    desk.transfer.take_in(TICKETS)
    set_mode(desk, mode)
    queue = desk.queue.page(Query(), 0, None)
    for text in ("-tier:internal", "login", "customer:acme", "assignee:nobody"):
        listed = desk.queue.page(parse_query(text, WORDS), 0, None)
        assert list(listed) == [each for each in queue if each in listed]


def test_what_is_not_in_the_queue_comes_after_it_latest_first(filled: Desk) -> None:
    everything = filled.queue.page(Query(scope=Scope.ALL), 0, None)
    assert [each.id for each in everything if not each.actionable] == [5, 8, 9]
    assert [each.actionable for each in everything] == [True] * 7 + [False] * 3


def test_the_declined_are_searched_by_themselves(filled: Desk) -> None:
    assert found(filled, "", Scope.DECLINED) == {5}
    assert found(filled, "strasse", Scope.DECLINED) == {5}
    assert found(filled, "login", Scope.DECLINED) == set()
    assert filled.queue.row_of(1, Query(scope=Scope.DECLINED)) is None


CHANGES: list[tuple[Callable[[Desk], object], str, set[int]]] = [
    (lambda desk: desk.tickets.take(3), "assignee:me", {1, 3}),
    (lambda desk: desk.tickets.reply(1), "status:open", {1}),
    (lambda desk: desk.tickets.heard(8), "status:open", {8}),
    (lambda desk: desk.transfer.take_in([incoming(8, subject="Bonjour")]), "مرحبا", set()),
    (lambda desk: desk.transfer.take_in([incoming(8, subject="Bonjour")]), "bonjour", {8}),
    (
        lambda desk: desk.transfer.take_in([incoming(1, customer="Zürich AG")]),
        "customer:zurich",
        {1},
    ),
    (lambda desk: desk.transfer.take_in([incoming(1, customer="Zürich AG")]), "zurich", {1}),
    (lambda desk: desk.transfer.take_in([incoming(1, requester_email="é@x.org")]), "e@x.org", {1}),
]


@pytest.mark.parametrize(("change", "text", "numbers"), CHANGES)
def test_what_changes_is_found_as_it_now_is(
    desk: Desk, change: Callable[[Desk], object], text: str, numbers: set[int]
) -> None:
    desk.transfer.take_in(TICKETS)
    change(desk)
    assert found(desk, text) == numbers


def test_a_page_beyond_the_end_is_empty(filled: Desk) -> None:
    for query in (Query(), Query(scope=Scope.ALL), Query(words=("login",))):
        assert filled.queue.page(query, 1_000, 5) == ()
        assert filled.queue.page(query, 0, 0) == ()


def test_a_long_list_is_read_whole(desk: Desk) -> None:
    desk.transfer.take_in([incoming(number) for number in range(1, 1_203)])
    tickets: tuple[Ticket, ...] = desk.queue.page(Query(), 0, None)
    assert [each.id for each in tickets] == list(range(1, 1_203))
    with desk.queue.listing(Query(scope=Scope.ALL)) as listing:
        assert [position for _, position in listing.tickets] == list(range(1, 1_203))


WITH_SIGNS = [
    incoming(1, subject="C++ build fails"),
    incoming(2, subject="Compile C code"),
    incoming(3, subject="🔥 site down", body="no reaction???"),
    incoming(4, subject="E-Mail kommt nicht an"),
    incoming(5, subject="Re: Order #4127 (100%)", body="see https://x.example/a?b=1"),
    incoming("N-77", subject="Wi-Fi", requester_name="Ada", requester_email="Ada@Acme.example"),
    incoming(7, subject="Our email and wifi", customer="AT&T"),
]


@pytest.fixture(scope="module", params=ENGINES)
def signs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """Give a desk whose tickets have signs and compounds in them; only for reading."""
    address = unmade_address(request, tmp_path_factory.mktemp("signs"))
    with closing(Desk.open(address, actor="mo")) as desk:
        desk.transfer.take_in(WITH_SIGNS)
        yield desk


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("C++", {1}),
        ("c", {1, 2}),
        ("c -C++", {2}),
        ("-🔥", set()),
        ('-"🔥"', {1, 2, 4, 5, 6, 7}),
        ("🔥", {3}),
        ("???", {3}),
        ("????", set()),
        ("!!!", set()),
        ("§", set()),
        ("email", {4, 7}),
        ("E-MAIL", {4, 7}),
        ("wifi", {6, 7}),
        ("wi-fi", {6, 7}),
        ("att", {7}),
        ("#4127", {5}),
        ("#77", set()),
        ("#N-77", {6}),
        ("(100%)", {5}),
        ("b=1", {5}),
        ("b=2", set()),
        ("Re: Order", {5}),
        ("ada@acme.example", {6}),
        ("ADA@ACME", {6}),
        ("acme.example", {6}),
        ("email wifi", {7}),
        ('"email and"', {7}),
        ("ᚠ", set()),
    ],
)
def test_signs_and_compounds(signs: Desk, text: str, numbers: set[int]) -> None:
    assert found(signs, text) == numbers
