"""Who may do what: the whole table, and what each refusal says."""

import pytest

from policy.refusal import Refusal
from policy.roster.members import Roster
from policy.roster.permissions import check, marking, opening, refusal_above, refusal_for
from policy.words import Action, Role, Tier
from tests.examples import TIERS, WORDS
from tests.policy.teams import member

TEAM = Roster(
    (
        member("sue", role=Role.SUPPORT),
        member("lee", role=Role.LEAD),
        member("eng", role=Role.ENGINEER),
        member("cee", role=Role.CE),
    )
)
LOGINS = {Role.SUPPORT: "sue", Role.LEAD: "lee", Role.ENGINEER: "eng", Role.CE: "cee"}

TABLE = """
                     support lead engineer ce  unknown
LOOK                 yes     yes  yes      yes yes
OPEN_TICKET          yes     yes  no       no  no
OPEN_TRIAL_TICKET    yes     yes  no       yes no
IMPORT_TICKETS       yes     yes  no       no  no
TAKE                 yes     yes  no       no  no
ASSIGN               yes     yes  no       no  no
REPLY                yes     yes  no       no  no
HEARD                yes     yes  no       no  no
SET_STATUS           yes     yes  no       no  no
ASSIGN_PRIORITY      yes     yes  no       no  no
COMMENT              yes     yes  yes      no  no
MERGE                yes     yes  no       no  no
SPLIT                yes     yes  no       no  no
DEVIATE              yes     yes  no       no  no
DEVIATE_ABOVE_FIRST     no      yes  no       no  no
FILL_CONTEXT         yes     yes  no       no  no
HAND_OVER            yes     yes  no       no  no
ESCALATE             yes     yes  no       no  no
REVIEW               no      yes  yes      no  no
RECORD_TIME          yes     yes  no       no  no
CORRECT_TIME         no      yes  no       no  no
SEND_WAITS           yes     yes  no       no  no
DELIVER              yes     yes  no       no  no
IMPORT_TEAM          no      yes  no       no  no
MARK_ONESELF         yes     yes  yes      yes no
CHANGE_WHO_IS_OUT    no      yes  no       no  no
SET_MODE             no      yes  no       no  no
ADOPT_POLICY         no      yes  no       no  no
RESTORE              no      yes  no       no  no
ACT_FOR_OTHERS       no      yes  no       no  no
SYNC                 yes     yes  no       no  no
SET_UP_CONNECTIONS   no      yes  no       no  no
"""


def cells() -> list[tuple[Action, str, bool]]:
    heading, *rows = [line.split() for line in TABLE.strip().splitlines()]
    logins = [LOGINS.get(Role(name), name) if name != "unknown" else name for name in heading]
    return [
        (Action[name], login, cell == "yes")
        for name, *row in rows
        for login, cell in zip(logins, row, strict=True)
    ]


def test_the_table_is_whole() -> None:
    assert len(cells()) == len(Action) * (len(Role) + 1)


@pytest.mark.parametrize(("action", "login", "may"), cells())
def test_who_may_do_what(action: Action, login: str, may: bool) -> None:
    reason = refusal_for(action, login, TEAM)
    assert (reason is None) == may
    if reason is None:
        check(action, login, TEAM)
    else:
        assert action in reason
        with pytest.raises(Refusal) as refused:
            check(action, login, TEAM)
        assert refused.value.reason == reason


@pytest.mark.parametrize("action", Action)
def test_until_a_team_exists_anyone_may_do_anything(action: Action) -> None:
    assert refusal_for(action, "anyone", Roster()) is None


def test_the_refusals_say_who_may() -> None:
    assert refusal_for(Action.CHANGE_WHO_IS_OUT, "eng", TEAM) == (
        "eng is an engineer, who may look, comment and review what was handed over,"
        " not change who is out; that is for a lead (lee)"
    )
    assert refusal_for(Action.SET_MODE, "sue", TEAM) == (
        "sue is in support, who may do everything about tickets and waits, not set the mode;"
        " that is for a lead (lee)"
    )
    assert refusal_for(Action.TAKE, "cee", TEAM) == (
        "cee is a CE, who may look, and open tickets for trial customers, not take tickets;"
        " that is for support"
    )
    assert refusal_for(Action.TAKE, "zoe", TEAM) == (
        '"zoe" is not in the team and may only look, not take tickets;'
        " a lead (lee) adds you to the team's file and runs: numberone team import FILE"
    )


def test_above_a_p0_the_refusal_names_it_and_who_may() -> None:
    assert refusal_above(12, "p0", "lee", TEAM) is refusal_above(None, "p0", "sue", TEAM) is None
    assert refusal_above(12, "p0", "sue", TEAM) == (
        "#12 in the queue is p0: sue is in support, who may do everything about tickets and waits,"
        " not put a ticket above a p0; that is for a lead (lee)"
    )
    assert refusal_above(12, "p0", "eng", TEAM) == refusal_above(None, "p0", "eng", TEAM)
    assert refusal_above(12, "p0", "eng", TEAM) == refusal_for(Action.DEVIATE, "eng", TEAM)
    assert refusal_above(12, "p0", "anyone", Roster()) is None


def test_many_leads_are_not_all_named() -> None:
    leads = [member(f"lead{number}", role=Role.LEAD) for number in range(4)]
    assert (refusal_for(Action.SET_MODE, "sue", Roster((member("sue"), *leads))) or "").endswith(
        "that is for a lead"
    )


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ENGINEER, Role.CE])
def test_a_team_without_a_lead_is_not_locked_out(role: Role) -> None:
    roster = Roster((member("one", role=role), member("cee", role=Role.CE)))
    for action in (Action.IMPORT_TEAM, Action.CHANGE_WHO_IS_OUT, Action.SET_MODE):
        assert refusal_for(action, "one", roster) is None
        assert (refusal_for(action, "cee", roster) is None) == (role is Role.CE)
    assert "; one " in (refusal_for(Action.SET_MODE, "zoe", roster) or "") or role is Role.CE


def test_support_writes_down_what_engineering_decided_while_the_team_has_no_engineer() -> None:
    roster = Roster((member("sue"), member("cee", role=Role.CE)))
    assert refusal_for(Action.REVIEW, "sue", roster) is None
    assert (refusal_for(Action.REVIEW, "cee", roster) or "").endswith("that is for an engineer")
    assert (refusal_for(Action.REVIEW, "sue", TEAM) or "").endswith("that is for an engineer")


@pytest.mark.parametrize("tier", TIERS)
def test_opening_for_a_trial_customer_is_an_action_of_its_own(tier: Tier) -> None:
    trial = tier == "presales"
    assert opening(tier, WORDS) is (Action.OPEN_TRIAL_TICKET if trial else Action.OPEN_TICKET)


def test_a_member_may_act_under_any_spelling_or_address_and_a_near_name_is_asked_about() -> None:
    team = Roster((*TEAM.members, member("bo", role=Role.LEAD, email="bo@us.example")))
    for name in ("SUE", "Sue", "BO@US.example"):
        assert refusal_for(Action.TAKE, name, team) is None
    assert (refusal_for(Action.REVIEW, "SUE", team) or "").startswith("sue is in support")
    assert (refusal_for(Action.TAKE, "suee", team) or "").startswith(
        '"suee" is not in the team (did you mean sue?) and may only look, not take tickets; '
    )


def test_everybody_marks_themselves_out_and_only_a_lead_others() -> None:
    team = Roster((*TEAM.members, member("bo", email="bo@us.example")))
    for named in ("bo", "Bo", "BO@us.example"):
        assert marking(team, "bo", named) is marking(team, named, "bo") is Action.MARK_ONESELF
    assert marking(team, "eng", "sue") is marking(team, "lee", "su") is Action.CHANGE_WHO_IS_OUT
    assert refusal_for(Action.MARK_ONESELF, "zoe", TEAM) == (
        '"zoe" is not in the team and may only look, not mark themselves out and back;'
        " a lead (lee) adds you to the team's file and runs: numberone team import FILE"
    )
