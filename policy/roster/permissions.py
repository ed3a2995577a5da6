"""Who may do what: "from then on an unknown login may only look".

"`support` everything about tickets and waits; `lead` all of that, the team, who is out, the mode
and the policy; `engineer` reviews what was handed over and comments; `ce` opens tickets for trial
customers and reads."
"""

from collections.abc import Mapping
from types import MappingProxyType

from policy.names import same_name
from policy.phrases import with_article
from policy.refusal import Refusal, one_of, quoted
from policy.roster.members import Roster
from policy.vocabulary import Vocabulary
from policy.words import Action, Priority, Role, Tier


def opening(tier: Tier | None, words: Vocabulary) -> Action:
    """Return what opening a ticket for a customer of this tier is."""
    return Action.OPEN_TRIAL_TICKET if tier in words.trial else Action.OPEN_TICKET


def marking(roster: Roster, login: str, of: str) -> Action:
    """Return what it is when ``login`` says that ``of`` is out or back; both are any names.

    "Everybody may mark themselves out and back"; whoever else is out, a lead says.
    """
    oneself = same_name(roster.login_of(login), roster.login_of(of))
    return Action.MARK_ONESELF if oneself else Action.CHANGE_WHO_IS_OUT


FOR_LEADS = frozenset(
    {
        Action.IMPORT_TEAM,
        Action.SET_UP_CONNECTIONS,
        Action.CHANGE_WHO_IS_OUT,
        Action.SET_MODE,
        Action.ADOPT_POLICY,
        Action.DEVIATE_ABOVE_FIRST,
        Action.RESTORE,
        Action.CORRECT_TIME,
        Action.ACT_FOR_OTHERS,
    }
)
"""What is a lead's, or while the team has none, of whoever stands in."""

_FOR_ALL = frozenset({Action.LOOK, Action.MARK_ONESELF})
FOR_LOOPS = frozenset({Action.LOOK, Action.IMPORT_TICKETS, Action.SYNC, Action.DELIVER})
"""What runs by itself writes what sources say, and sends what is due."""

_MAY: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.LEAD: frozenset(Action),
        Role.SUPPORT: frozenset(Action) - FOR_LEADS - {Action.REVIEW},
        Role.ENGINEER: _FOR_ALL | {Action.REVIEW, Action.COMMENT},
        Role.CE: _FOR_ALL | {Action.OPEN_TRIAL_TICKET},
    }
)
_WHAT_THEY_DO: Mapping[Role, str] = MappingProxyType(
    {
        Role.LEAD: "may do everything",
        Role.SUPPORT: "may do everything about tickets and waits",
        Role.ENGINEER: "may look, comment and review what was handed over",
        Role.CE: "may look, and open tickets for trial customers",
    }
)
_NAMED_AT_MOST = 3


def refusal_for(
    action: Action, login: str, roster: Roster, *, said: str | None = None
) -> str | None:
    """Return why ``login`` may not do ``action``, None when they may.

    "Until a team exists anyone may do anything under the name they give; from then on an unknown
    login may only look, and is told how a lead adds it." While a team has no lead, its support
    may do what a lead may, or else whoever is in it: nobody can lock themselves out. While it has
    no engineer, its support writes down what engineering decided. ``said`` is the action in other
    words than its own.
    """
    what = action if said is None else said
    if not roster.members or action is Action.LOOK:
        return None
    member = roster.member(login)
    if member is None:
        near = roster.nearest(login)
        meant = "" if near is None else f" (did you mean {near.login}?)"
        return (
            f"{quoted(login)} is not in the team{meant} and may only look, not {what};"
            f" {_leads(roster)} adds you to the team's file and runs: numberone team import FILE"
        )
    if action in _MAY[member.role] or _stands_in(member.role, action, roster):
        return None
    return (
        f"{member.login} is {_ARTICLES[member.role]}, who {_WHAT_THEY_DO[member.role]},"
        f" not {what}; that is for {_who_may(action, roster)}"
    )


def refusal_above(first: int | None, priority: Priority, login: str, roster: Roster) -> str | None:
    """Return why ``login`` may not put a ticket first while another is of the first priority.

    "Above a p0 only a lead may", ``priority`` being the policy's word for it; ``first`` is that
    ticket's number, None when there is none in the queue.
    """
    reason = refusal_for(Action.DEVIATE, login, roster)
    if reason is not None or first is None:
        return reason
    said = f"put a ticket above {with_article(priority)}"
    reason = refusal_for(Action.DEVIATE_ABOVE_FIRST, login, roster, said=said)
    return None if reason is None else f"#{first} in the queue is {priority}: {reason}"


def rights_of(role: Role) -> frozenset[Action]:
    """Return what somebody of a role may do whoever else is in the team."""
    return _MAY[role]


def check_acting_for(login: str, actor: str, roster: Roster) -> None:
    """Raise a Refusal unless ``login``, as a server knows it, may act in the ``actor``'s name."""
    if not same_name(roster.login_of(login), roster.login_of(actor)):
        check(Action.ACT_FOR_OTHERS, login, roster)


def check_loop(action: Action, login: str) -> None:
    """Raise a Refusal unless what runs by itself, under a ``login`` of a server's, may do it."""
    if action not in FOR_LOOPS:
        raise Refusal(
            f"{login} runs by itself, which may import tickets, read and write connections and"
            f" deliver, not {action}; that is for a member of the team"
        )


def check(action: Action, login: str, roster: Roster) -> None:
    """Raise a Refusal unless ``login`` may do ``action``."""
    reason = refusal_for(action, login, roster)
    if reason is not None:
        raise Refusal(reason)


_ARTICLES: Mapping[Role, str] = MappingProxyType(
    {
        Role.LEAD: "a lead",
        Role.SUPPORT: "in support",
        Role.ENGINEER: "an engineer",
        Role.CE: "a CE",
    }
)


def _stands_in(role: Role, action: Action, roster: Roster) -> bool:
    """Return whether a role does what the role it is for would do, as the team has nobody of it."""
    if action is Action.REVIEW:
        has_engineers = any(member.role is Role.ENGINEER for member in roster.members)
        return role is Role.SUPPORT and not has_engineers
    return action in FOR_LEADS and role is _leading(roster)


def _who_may(action: Action, roster: Roster) -> str:
    if action in FOR_LEADS:
        return _leads(roster)
    return "an engineer" if action is Action.REVIEW else "support"


def _leading(roster: Roster) -> Role:
    """Return the role whose members do what a lead does."""
    roles = {member.role for member in roster.members}
    return next(role for role in (Role.LEAD, *tuple(Role)) if role in roles)


def _leads(roster: Roster) -> str:
    """Return who to ask: the leads by name, as long as they are few."""
    leads = [member.login for member in roster.members if member.role is _leading(roster)]
    if _leading(roster) is not Role.LEAD:
        return "a member" if len(leads) > _NAMED_AT_MOST else one_of(leads)
    return "a lead" if len(leads) > _NAMED_AT_MOST else f"a lead ({one_of(leads)})"
