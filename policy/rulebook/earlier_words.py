"""What the handbook said of waits in earlier versions, as databases may have kept it."""

from typing import Final

SUBJECT: Final = "We have your message, and more of our team arrives at $arrive_at"

BODY: Final = """\
Hello $customer,

we have your message, and we have not forgotten it. There is more to do than usual right now, so
our answer will take longer than the couple of hours we strive for.

More of our team arrives in $arrive_in, at $arrive_at, and will be able to help you: $arrivals.

This is what we are keeping for you:

$tickets

There is nothing you need to do. If it has become worse, or has solved itself, please answer this
message and tell us.

Thank you for your patience.
"""
