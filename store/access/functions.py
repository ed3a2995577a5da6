"""The functions by which a server refuses what the policy refuses, as SQL.

Each is made in the schema of our tables, and looks only there. ``session_user`` is whoever logged
in, whatever role they took on since. The owner of the tables may do everything.
"""

# The statements are made of our own names alone.
# ruff: noqa: S608

from collections.abc import Iterable, Iterator
from typing import Final

from policy.rulebook.rulebook import handbook
from policy.words import Action, Role
from store.access.logins import GROUP_OF, LOOP
from store.access.table_rights import (
    EVENTS,
    LED,
    OF_CLOSING,
    OF_REVIEWS,
    RIGHTS_OF_GROUPS,
    TABLES,
    TICKET_WORK,
)
from store.history.journal import PROGRAM
from store.schema.kept_names import ALERTS, MODE, POLICY

_REFUSED: Final = "USING ERRCODE = 'insufficient_privilege'"
_LAST_TIME_ENTRY: Final = "last_time_entry"


def literal(text: str) -> str:
    """Return a text as SQL writes one."""
    return "'" + text.replace("'", "''") + "'"


def array(words: Iterable[str]) -> str:
    """Return texts as an array in SQL, in the order of the alphabet."""
    return f"ARRAY[{', '.join(map(literal, sorted(words)))}]::text[]"


def _in_group(group: str) -> str:
    return f"pg_has_role(session_user, {literal(group)}, 'USAGE')"


_OWN = "numberone_is_own"
_MAY = "numberone_may"
_ANY_OF_THE_TEAMS = " OR ".join(map(_in_group, GROUP_OF.values()))
_LEADING = " ".join(
    f"WHEN EXISTS (SELECT FROM member WHERE entry->>'role' = {literal(role)})"
    f" THEN {_in_group(GROUP_OF[role])}"
    for role in (Role.LEAD, *(role for role in Role if role is not Role.LEAD))
)
"""Whoever leads: "while a team has no lead its support does what a lead would", and so on."""

_NEW_SINCE = "xmin::text = (txid_current() % (2^32)::bigint)::text"
"""Whether a row was written by the present transaction."""


def functions(owner: str) -> Iterator[tuple[str, str, str]]:
    """Yield each function's name with its arguments, what it returns, and its body.

    ``owner`` is the role that owns the tables.
    """
    words = handbook().vocabulary  # of a database that has adopted no other policy
    yield (
        "numberone_is_owner()",
        "boolean",
        _sql(f"SELECT pg_has_role(session_user, {literal(owner)}, 'USAGE')"),
    )
    yield (
        f"{_OWN}(login text)",
        "boolean",
        _sql(
            "SELECT lower(login) = lower(session_user) OR EXISTS (SELECT FROM member WHERE"
            " lower(member.login) = lower($1) AND lower(entry->>'email') = lower(session_user))"
        ),
    )
    yield (
        "numberone_first_priority()",
        "text",
        _sql(
            "SELECT coalesce((SELECT (value->>'rulebook')::json #>> '{priorities,order,0}'"
            f" FROM setting WHERE name = {literal(POLICY)}), {literal(words.first_priority)})"
        ),
    )
    yield (
        "numberone_is_trial(tier text)",
        "boolean",
        _sql(
            "SELECT coalesce((SELECT ((value->>'rulebook')::jsonb #> '{tiers,trial}') ? tier"
            f" FROM setting WHERE name = {literal(POLICY)}), tier = ANY({array(words.trial)}))"
        ),
    )
    yield f"{_MAY}(needed text[])", "boolean", _may()
    yield (
        "numberone_opened(number bigint)",
        "boolean",
        _sql(
            f"SELECT {_MAY}({array([Action.OPEN_TRIAL_TICKET])}) AND EXISTS (SELECT FROM ticket"
            " WHERE id = number AND numberone_is_trial(tier)) AND EXISTS (SELECT FROM event"
            f" WHERE ticket_id = number AND kind IN ('opened', 'redone') AND {_OWN}(actor))"
        ),
    )
    yield (
        "numberone_check_right(needed text[], what text)",
        "void",
        _plpgsql(
            f"IF NOT {_MAY}(needed) THEN"
            " RAISE EXCEPTION '%: % may not; that is for who may %', what, session_user,"
            f" array_to_string(needed, ' or ') {_REFUSED}; END IF;"
        ),
    )
    yield (
        "numberone_check_name(actor text, entered_by text)",
        "void",
        _plpgsql(
            f"IF entered_by IS NULL AND {_OWN}(actor) THEN RETURN; END IF;"
            f" IF entered_by IS NOT NULL AND entered_by = session_user AND ({_in_group(LOOP)}"
            f" OR {_MAY}({array([Action.ACT_FOR_OTHERS])})) THEN RETURN; END IF;"
            " RAISE EXCEPTION 'the history: % is logged in, and may not write as % (entered by %)',"
            f" session_user, actor, coalesce(entered_by, 'nobody else') {_REFUSED};"
        ),
    )
    for table, body in _checks().items():
        yield (
            f"numberone_check_{table}()",
            "trigger",
            _plpgsql(
                f"IF numberone_is_owner() THEN RETURN coalesce(NEW, OLD); END IF; {body}"
                " RETURN coalesce(NEW, OLD);"
            ),
        )
    yield (
        "numberone_check_team()",
        "trigger",
        _plpgsql(
            # a team comes row by row, after the one before went
            f"IF TG_OP = 'DELETE' OR EXISTS (SELECT FROM member WHERE NOT {_NEW_SINCE}) THEN"
            f" {_check([Action.IMPORT_TEAM], 'the team')} END IF; RETURN NULL;"
        ),
    )


def triggers() -> Iterator[tuple[str, str, str]]:
    """Yield each trigger's table, when it fires, and its function."""
    for table in _checks():
        yield (
            table,
            f"BEFORE {_EVENTS_OF.get(table, _ALWAYS)} ON {table} FOR EACH ROW",
            (f"numberone_check_{table}()"),
        )
    yield "member", "BEFORE INSERT OR DELETE ON member FOR EACH STATEMENT", "numberone_check_team()"


_ALWAYS: Final = "INSERT OR UPDATE OR DELETE"
_EVENTS_OF: Final = {"event": "INSERT", "action": "INSERT OR UPDATE", "member": "UPDATE"}


def _sql(body: str) -> str:
    return f"LANGUAGE sql STABLE AS $$ {body} $$"


def _plpgsql(body: str) -> str:
    return f"LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def _may() -> str:
    groups = " ".join(
        f"IF needed && {array(rights)} AND {_in_group(group)} THEN RETURN true; END IF;"
        for group, rights in RIGHTS_OF_GROUPS.items()
    )
    engineers = f"EXISTS (SELECT FROM member WHERE entry->>'role' = {literal(Role.ENGINEER)})"
    return _plpgsql(
        f"IF numberone_is_owner() THEN RETURN true; END IF; {groups}"
        f" IF NOT EXISTS (SELECT FROM member) THEN RETURN {_ANY_OF_THE_TEAMS}; END IF;"
        f" IF needed && {array([Action.REVIEW])} AND {_in_group(GROUP_OF[Role.SUPPORT])}"
        f" AND NOT {engineers} THEN RETURN true; END IF;"
        f" RETURN needed && {array(LED)} AND (CASE {_LEADING} ELSE false END);"
    )


def _check(rights: Iterable[Action], what: str) -> str:
    return f"PERFORM numberone_check_right({array(rights)}, {literal(what)});"


def _refuse(what: str) -> str:
    return (
        f"RAISE EXCEPTION '%: % may not do this to it', {literal(what)}, session_user {_REFUSED};"
    )


def _checks() -> dict[str, str]:
    """Return what is checked of each row of a table, as statements of PL/pgSQL."""
    checks = {table: _check(rights, table) for table, rights in TABLES.items()}
    checks["draft"] += (
        f" IF NOT {_OWN}(coalesce(NEW.login, OLD.login)) THEN"
        " PERFORM numberone_check_name(coalesce(NEW.login, OLD.login), session_user::text); END IF;"
    )
    checks["message"] += (
        f" IF NOT {_MAY}({array(TICKET_WORK)}) AND coalesce(NEW.public, OLD.public)"
        f" THEN {_refuse('an answer')} END IF;"
    )
    checks["outgoing_step"] += (
        f" IF NOT {_MAY}({array(TICKET_WORK | {Action.DELIVER})}) AND coalesce(NEW.kind, OLD.kind)"
        f" <> 'note' THEN {_refuse('a step on its way')} END IF;"
    )
    return checks | {
        "event": _event(),
        "action": _action(),
        "ticket": _ticket(),
        "ticket_order": _beside_ticket("ticket_order"),
        "body": _beside_ticket("body"),
        "setting": _setting(),
        "member": _member(),
        "time_off": _time_off(),
        "time_entry": _time_entry(),
        "connection": _connection(),
    }


def _event() -> str:
    kind = "(CASE WHEN NEW.kind IN ('undone', 'redone') THEN NEW.note ELSE NEW.kind END)"
    needed = " ".join(
        f"WHEN {literal(kind)} THEN {array(rights)}" for kind, rights in EVENTS.items()
    )
    return (
        f"IF NEW.actor = {literal(PROGRAM)} AND NEW.kind = 'closed_by_itself' THEN RETURN NEW;"
        " END IF; PERFORM numberone_check_name(NEW.actor, NEW.entered_by);"
        f" IF {kind} = 'team_imported' AND NOT EXISTS (SELECT FROM member WHERE NOT {_NEW_SINCE})"
        " THEN RETURN NEW; END IF;"
        f" PERFORM numberone_check_right(CASE {kind} {needed} ELSE {array(TICKET_WORK)} END,"
        " 'the history: ' || NEW.kind);"
        f" IF NEW.kind = 'deviated' THEN {_above_first('NEW.ticket_id')} END IF;"
    )


def _above_first(number: str) -> str:
    return (
        "IF EXISTS (SELECT FROM ticket JOIN ticket_order ON ticket_order.ticket_id = ticket.id"
        f" WHERE ticket.priority = numberone_first_priority() AND ticket.id <> {number})"
        f" THEN {_check([Action.DEVIATE_ABOVE_FIRST], 'a ticket')} END IF;"
    )


def _action() -> str:
    return (
        "IF TG_OP = 'UPDATE' THEN PERFORM numberone_check_right(ARRAY[OLD.wanted]::text[],"
        " 'the history'); RETURN NEW; END IF;"
        f" IF NEW.actor = {literal(PROGRAM)} AND NEW.wanted = {literal(Action.LOOK)}"
        " THEN RETURN NEW; END IF;"
        f" IF NOT {_OWN}(NEW.actor) THEN"
        " PERFORM numberone_check_name(NEW.actor, session_user::text); END IF;"
        f" IF NEW.wanted = {literal(Action.IMPORT_TEAM)} AND NOT EXISTS"
        f" (SELECT FROM member WHERE NOT {_NEW_SINCE}) THEN RETURN NEW; END IF;"
        " PERFORM numberone_check_right(ARRAY[NEW.wanted]::text[], 'the history');"
    )


def _ticket() -> str:
    changed_beside = "(to_jsonb(NEW) - {names}) = (to_jsonb(OLD) - {names})"
    review = changed_beside.format(names=array(OF_REVIEWS))
    closing = changed_beside.format(names=array(OF_CLOSING))
    told_before = (
        "EXISTS (SELECT FROM event WHERE ticket_id = NEW.id AND kind IN ('deviated',"
        " 'deviation_ended') AND NEW.deviation::jsonb IN ((event.after::jsonb)->'deviation',"
        " (event.before::jsonb)->'deviation'))"
    )
    trial = f"{_MAY}({array([Action.OPEN_TRIAL_TICKET])}) AND numberone_is_trial("
    return (
        f"IF {_MAY}({array(TICKET_WORK)}) THEN"
        " IF TG_OP = 'UPDATE' AND NEW.deviation IS NOT NULL"
        " AND NEW.deviation::text IS DISTINCT FROM OLD.deviation::text"
        f" AND NOT {told_before} THEN {_above_first('NEW.id')} END IF;"
        " RETURN coalesce(NEW, OLD); END IF;"
        f" IF TG_OP = 'INSERT' AND {trial}NEW.tier) THEN RETURN NEW; END IF;"
        " IF TG_OP = 'DELETE' AND numberone_opened(OLD.id) THEN RETURN OLD; END IF;"
        f" IF TG_OP = 'UPDATE' AND {_MAY}({array([Action.REVIEW])}) AND {review}"
        " AND (OLD.with_engineering_since IS NOT NULL OR EXISTS (SELECT FROM event"
        " WHERE ticket_id = OLD.id AND (kind IN ('reviewed', 'sent_back')"
        f" OR note IN ('reviewed', 'sent_back')) AND {_OWN}(actor)))"
        " THEN RETURN NEW; END IF;"
        " IF TG_OP = 'UPDATE' AND OLD.status = 'solved' AND NEW.status = 'closed'"
        f" AND {closing} THEN RETURN NEW; END IF;"
        f" {_refuse('a ticket')}"
    )


def _beside_ticket(table: str) -> str:
    """Return the check that somebody who works on no tickets wrote this one just now."""
    return (
        f"IF NOT {_MAY}({array(TICKET_WORK)}) AND EXISTS (SELECT FROM ticket WHERE id ="
        f" coalesce(NEW.ticket_id, OLD.ticket_id) AND NOT ticket.{_NEW_SINCE})"
        " AND NOT (TG_OP = 'DELETE' AND numberone_opened(OLD.ticket_id))"
        f" THEN {_refuse(table)} END IF;"
    )


def _setting() -> str:
    name = "coalesce(NEW.name, OLD.name)"
    return (
        f"IF {name} = {literal(POLICY)} THEN {_check([Action.ADOPT_POLICY], 'the policy')}"
        f" ELSIF {name} = {literal(MODE)} THEN {_check([Action.SET_MODE], 'the mode')}"
        f" ELSIF starts_with({name}, {literal(ALERTS)}) THEN {_check([Action.DELIVER], 'alerts')}"
        f" ELSIF {name} = {literal(_LAST_TIME_ENTRY)} THEN {_check([Action.RECORD_TIME], 'time')}"
        " END IF;"
    )


def _member() -> str:
    """Return the check of a member's row: everybody may say that they are at capacity."""
    others = array([Action.CHANGE_WHO_IS_OUT])
    return (
        "IF NEW.login = OLD.login AND NEW.place = OLD.place AND NEW.entry::jsonb - 'at_capacity' ="
        f" OLD.entry::jsonb - 'at_capacity' AND ({_OWN}(OLD.login) OR {_MAY}({others}))"
        f" THEN RETURN NEW; END IF; {_check([Action.IMPORT_TEAM], 'the team')}"
    )


def _time_off() -> str:
    return (
        f"IF (NEW.login IS NULL OR {_OWN}(NEW.login)) AND (OLD.login IS NULL OR {_OWN}(OLD.login))"
        f" THEN {_check([Action.MARK_ONESELF, Action.CHANGE_WHO_IS_OUT], 'time off')}"
        f" ELSE {_check([Action.CHANGE_WHO_IS_OUT, Action.IMPORT_TEAM], 'time off')} END IF;"
    )


def _time_entry() -> str:
    return (
        f"IF (NEW.login IS NULL OR {_OWN}(NEW.login)) AND (OLD.login IS NULL OR {_OWN}(OLD.login))"
        f" THEN {_check([Action.RECORD_TIME], 'time')}"
        f" ELSE {_check([Action.CORRECT_TIME], 'time')} END IF;"
    )


def _connection() -> str:
    return (
        "IF TG_OP = 'UPDATE' AND NEW.name = OLD.name AND NEW.place = OLD.place"
        " AND NEW.settings::text = OLD.settings::text"
        f" THEN {_check([Action.SYNC], 'a connection')}"
        f" ELSE {_check([Action.SET_UP_CONNECTIONS], 'a connection')} END IF;"
    )
