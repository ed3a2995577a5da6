"""The vocabulary: every word that the policy, the store and the board share."""

from enum import StrEnum

Tier = str
"""What kind of customer a ticket comes from: a word of ``[tiers] order``, the first the highest."""

Severity = int | str
"""What the contract calls the reported problem: a number or a word of ``[severities] order``, the
first the worst."""

FactKind = tuple[str, ...] | str
"""What a fact of ``[facts]`` may be: one of some words, or by its kind ``flag`` or ``money``."""

FactValue = str | bool
"""A word of a fact, an amount of money such as ``16000 SEK``, or whether a flag is set."""

Priority = str
"""What we assign: a word of ``[priorities] order``; the first comes first."""


class Status(StrEnum):
    """Whose step is next."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    CLOSED = "closed"


ACTIONABLE_STATUSES = frozenset({Status.NEW, Status.OPEN})
"""The statuses in which the next step is ours."""


DECIDED_STATUSES = frozenset({Status.SOLVED, Status.CLOSED})
"""The statuses in which a ticket keeps the priority it was solved with, whatever the policy says
later, until it is opened again."""


class CountedCases(StrEnum):
    """Which tickets are the cases that each available member has."""

    ACTIONABLE = "actionable"
    OWED = "owed"


class OpenedBy(StrEnum):
    """Who opened a ticket; a CE may open one for a trial customer."""

    CUSTOMER = "customer"
    CE = "ce"
    SUPPORT = "support"
    ENGINEERING = "engineering"


class PriorityInput(StrEnum):
    """What a priority assigned by a person rests on."""

    CUSTOMER = "customer"
    ANOTHER_TEAM = "another_team"
    CONTRACT = "contract"


class Mode(StrEnum):
    """Which of the two orders is in force."""

    NORMAL = "normal"
    HARD_CHOICES = "hard_choices"


class Criterion(StrEnum):
    """What the order looks at, one after the other; the id always comes last."""

    DEVIATION = "deviation"
    PRIORITY = "priority"
    OWED = "owed"
    TIER = "tier"
    GROUP = "group"
    RESPOND_BY = "respond_by"
    RESOLVE_BY = "resolve_by"
    RECEIVED_AT = "received_at"
    ID = "id"


class Role(StrEnum):
    """What a member of the team does here, which decides what they may do."""

    SUPPORT = "support"
    LEAD = "lead"
    ENGINEER = "engineer"
    CE = "ce"


class NoticeState(StrEnum):
    """How far a wait notice has come."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    IN_DOUBT = "in_doubt"
    """All of it went out and no answer came: a person decides whether it goes out again."""
    UNDELIVERABLE = "undeliverable"
    CANCELLED = "cancelled"
    TAKEN_BACK = "taken_back"


class NoticeWay(StrEnum):
    """How a wait notice goes out."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    BY_HAND = "by_hand"


class Work(StrEnum):
    """What a person's time goes to: "80% customer work, 20% internal"."""

    CUSTOMER = "customer"
    INTERNAL = "internal"


class Action(StrEnum):
    """Everything that a person does here, each said as what they would do."""

    LOOK = "look"
    OPEN_TICKET = "open tickets"
    OPEN_TRIAL_TICKET = "open tickets for trial customers"
    IMPORT_TICKETS = "import tickets"
    TAKE = "take tickets"
    ASSIGN = "assign tickets"
    REPLY = "record replies"
    HEARD = "record that a customer wrote"
    SET_STATUS = "set a ticket's status"
    ASSIGN_PRIORITY = "assign priorities"
    COMMENT = "comment on tickets"
    MERGE = "merge tickets"
    SPLIT = "split tickets"
    DEVIATE = "put tickets first"
    DEVIATE_ABOVE_FIRST = "put a ticket above a p0"
    """Above one of the first priority, whatever the policy calls it; databases keep these words."""
    FILL_CONTEXT = "fill in the context for engineering"
    HAND_OVER = "hand tickets over to engineering"
    ESCALATE = "ask engineering to drop everything"
    REVIEW = "review what was handed over"
    RECORD_TIME = "record time"
    CORRECT_TIME = "correct other people's time"
    SEND_WAITS = "send wait notices"
    DELIVER = "deliver wait notices"
    SYNC = "read and write connections"
    SET_UP_CONNECTIONS = "set up connections"
    IMPORT_TEAM = "change the team"
    MARK_ONESELF = "mark themselves out and back"
    CHANGE_WHO_IS_OUT = "change who is out"
    SET_MODE = "set the mode"
    ACT_FOR_OTHERS = "act in somebody else's name"
    ADOPT_POLICY = "adopt a policy"
    RESTORE = "restore a backup"
