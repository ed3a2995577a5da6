"""How a rule says no."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A thing that may not or cannot be done, with one line that says why and what would do.

    Raised by the policy and by the store alike; whoever talks to a person shows ``reason``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
