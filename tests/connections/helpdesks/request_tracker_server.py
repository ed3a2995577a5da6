"""An in-process Request Tracker for tests: a web server on this machine that answers as it does.

It speaks the interface REST 2 and takes mail at the gateway, as far as anybody asks.
"""

import json
import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.connections.helpdesks.request_tracker_asked import Said, TrackerAsked
from tests.connections.helpdesks.request_tracker_lists import Lists
from tests.connections.helpdesks.request_tracker_query import WrongQuery
from tests.connections.helpdesks.request_tracker_state import (
    SEVERITIES,
    STATUSES,
    Tracker,
    TrackerTicket,
    User,
)
from tests.connections.helpdesks.request_tracker_written import by_rest

_REST: Final = "/REST/2.0"
_GATEWAY: Final = "/REST/1.0/NoAuth/mail-gateway"
_FIELDS: Final = {"severity": "Severity", "tier": "Tier"}

DROP: Final = "drop the connection"
STALL: Final = "never answer"


@dataclass
class Faults:
    """What goes wrong, for each request that fits ``METHOD path``: a code, DROP or STALL.

    A fault ``before`` keeps the request from being carried out, one ``after`` only the answer back.
    """

    before: dict[str, int | str] = field(default_factory=dict)
    after: dict[str, int | str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def of(faults: dict[str, int | str], asked: TrackerAsked) -> int | str | None:
        """Return what goes wrong with a request, None where nothing does."""
        line = f"{asked.method} {asked.path}"
        return next((what for form, what in faults.items() if re.search(form, line)), None)


class RequestTrackerServer:
    """Listens on 127.0.0.1 in threads of its own while the ``with`` statement lasts."""

    def __init__(self) -> None:
        self.tracker = Tracker()
        self.faults = Faults()
        self.asked: list[TrackerAsked] = []
        self.tokens = {
            name: f"1-{user.id}-{user.id:032x}" for name, user in self.tracker.agents.items()
        }
        self._heard = threading.Condition()
        self._over = threading.Event()
        self._server = _Quiet(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._lists = Lists(self.tracker, self.address)

    @property
    def address(self) -> str:
        """Its root, without the last slash."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up on everybody."""
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def slow_mail(self) -> AbstractContextManager[None]:
        """Have no mail go out in this block."""
        return self.tracker.slow_mail()

    def asked_for(self, words: str, within: float = 30) -> None:
        """Wait until somebody has asked a question with these words in it."""
        with self._heard:
            assert self._heard.wait_for(
                lambda: any(words in each.query.get("query", "") for each in self.asked), within
            )

    def said(self, asked: TrackerAsked) -> Said:
        """Return what is answered to a request of somebody who is logged in, or of nobody."""
        if asked.path == _GATEWAY:
            return self._gateway(asked)
        if asked.user is None:
            if "Mozilla" in asked.headers.get("User-Agent", "") or "Cookie" in asked.headers:
                return 302, "Login required", {"Location": "/"}
            return 401, {"message": "Unauthorized"}, {}
        path = asked.path.removeprefix(_REST)
        for form, answer in self._routes.items():
            if found := re.fullmatch(form, f"{asked.method} {path}"):
                return answer(asked, asked.user, *map(unquote, found.groups()))
        return 404, {"message": "Not Found"}, {}

    @property
    def _routes(self) -> dict[str, Callable[..., Said]]:
        lists = self._lists
        return {
            r"GET /rt": lambda *_: (200, {"Version": "5.0.3"}, {}),
            r"GET /queues/all": lists.queues,
            r"GET /queue/(\d+)": lists.queue,
            r"GET /user/([^/]+)": lists.user,
            r"POST /users": lists.users,
            r"GET /tickets": lists.tickets,
            r"GET /transactions": lists.transactions,
            r"GET /transaction/(\d+)": lists.transaction,
            r"POST /attachments": lists.attachments,
            r"GET /attachment/(\d+)": lists.attachment,
            r"GET /ticket/(\d+)/history": lists.history,
            r"GET /ticket/(\d+)": lists.ticket,
            r"POST /ticket": self._create,
            r"PUT /ticket/(\d+)": self._change,
            r"DELETE /ticket/(\d+)": self._delete,
            r"POST /ticket/(\d+)/(correspond|comment)": self._write,
            r"PUT /ticket/(\d+)/(take|untake|steal)": self._take,
        }

    def _create(self, asked: TrackerAsked, user: User) -> Said:
        content = asked.content
        queue = content["Queue"]
        who = content.get("Requestor", user.name)
        requestor = self.tracker.named(who) or self.tracker.users[14]
        subject = content.get("Subject", "")
        ticket = self.tracker.create(user, queue, subject, [requestor], by_rest(content))
        for name, value in content.get("CustomFields", {}).items():
            ticket.fields[name] = value
        made = {"type": "ticket", "id": str(ticket.id), "_url": f"{_REST}/ticket/{ticket.id}"}
        return 201, made, {"Location": f"{_REST}/ticket/{ticket.id}"}

    def _write(self, asked: TrackerAsked, user: User, number: str, way: str) -> Said:
        ticket = self.tracker.ticket(int(number))
        right = "CommentOnTicket" if way == "comment" else "ShowTicket"
        if ticket is None or not self.tracker.may(user, right, ticket.queue):
            return 400, {"message": "Permission Denied"}, {}
        if asked.headers.get("If-Match", "*") != "*":
            return 412, {"message": "Precondition Failed"}, {}
        content = asked.content
        if content.get("Content") not in (None, "", "0") and "ContentType" not in content:
            return 400, {"message": "ContentType is a required field for application/json"}, {}
        marks = content.get("TxnCustomFields", {})
        said = ["Comments added" if way == "comment" else "Correspondence added"]
        mark = None
        for name, value in marks.items():
            if name == self.tracker.mark_field:
                mark, words = value, "Custom fields updated"
            else:
                words = f"Unable to load transaction custom field: {name}"
            said.append(words)
        written = self.tracker.write(ticket, user, way.capitalize(), by_rest(content), mark)
        if "Status" in content:
            said += self._status(ticket, user, content["Status"])
        return 201, said, {"Location": f"{_REST}/transaction/{written.id}"}

    def _change(self, asked: TrackerAsked, user: User, number: str) -> Said:
        ticket = self.tracker.ticket(int(number))
        if ticket is None:
            return 404, {"message": "Resource does not exist; use POST to create"}, {}
        if not self.tracker.may(user, "ShowTicket", ticket.queue):
            return 403, {"message": "Forbidden"}, {}
        known = asked.headers.get("If-Match", "*").strip('"')
        if known not in ("*", str(self._lists.newest_seen(ticket, user))):
            return 412, {"message": "Precondition Failed"}, {}
        if not self.tracker.may(user, "ModifyTicket", ticket.queue):
            return 200, [f"Ticket {ticket.id}: Permission Denied"], {}
        said: list[str] = []
        for name, value in asked.content.items():
            said += self._set(ticket, user, name, value)
        return 200, said, {}

    def _set(
        self,
        ticket: TrackerTicket,
        user: User,
        name: str,
        value: Any,  # noqa: ANN401 - whatever is sent
    ) -> list[str]:
        start = f"Ticket {ticket.id}: "
        if name == "Status":
            return [start + each for each in self._status(ticket, user, value)]
        if name == "Owner":
            return [start + each for each in self._owner(ticket, user, value)]
        if name == "MergeInto":
            self.tracker.merge(ticket, self.tracker.tickets[int(value)], user)
            return ["Merge Successful"]
        if name in ("Priority", "Queue", "Subject"):
            self.tracker.set_value(ticket, user, name, str(value))
            return [f"{start}{name} changed"]
        fields = value if name == "CustomFields" else {}
        return [self._field(ticket, user, *each) for each in fields.items()]

    def _status(self, ticket: TrackerTicket, user: User, value: str) -> list[str]:
        if value not in STATUSES:
            return [f"Status '{value}' isn't a valid status for this ticket."]
        if value == ticket.status:
            return []
        old = ticket.status
        self.tracker.set_status(ticket, user, value)
        return [f"Status changed from '{old}' to '{value}'"]

    def _owner(self, ticket: TrackerTicket, user: User, value: str) -> list[str]:
        owner = self.tracker.named(value)
        if owner is None:
            return ["That user does not exist"]
        if owner is (ticket.owner or self.tracker.nobody):
            return []
        may = owner is self.tracker.nobody or "OwnTicket" in owner.rights
        if not may:
            return ["That user may not own tickets in that queue"]
        self.tracker.set_owner(ticket, user, owner)
        return [f"Owner changed to {owner.name}"]

    def _field(self, ticket: TrackerTicket, user: User, name: str, value: str) -> str:
        known = _FIELDS.get(name.casefold(), name)
        if known == "Severity" and value not in SEVERITIES:
            return "Invalid value for custom field"
        self.tracker.set_value(ticket, user, known, str(value))
        return f"{known} {value} added"

    def _take(self, asked: TrackerAsked, user: User, number: str, how: str) -> Said:
        if not asked.body:
            return 415, {"message": "Unsupported Media Type"}, {}
        ticket = self.tracker.tickets[int(number)]
        if how == "take" and ticket.owner is not None:
            return 200, ["You can only take tickets that are unowned"], {}
        owner = self.tracker.nobody if how == "untake" else user
        self.tracker.set_owner(ticket, user, owner)
        return 200, [f"Owner changed to {owner.name}"], {}

    def _delete(self, _asked: TrackerAsked, user: User, number: str) -> Said:
        self.tracker.set_status(self.tracker.tickets[int(number)], user, "deleted")
        return 204, None, {}

    def _gateway(self, asked: TrackerAsked) -> Said:
        form = _form(asked)
        self.tracker.mail(form["message"], form["queue"].decode(), form["action"].decode())
        return 200, "ok", {}

    def logged_in(self, headers: dict[str, str]) -> User | None:
        """Return whose the token of a request is."""
        given = headers.get("Authorization", "").removeprefix("token ")
        owner = next((name for name, token in self.tokens.items() if token == given), None)
        return None if owner is None else self.tracker.agents[owner]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                parts = urlsplit(self.path)
                headers = dict(self.headers)
                asked = TrackerAsked(
                    self.command,
                    parts.path,
                    {name: values[0] for name, values in parse_qs(parts.query).items()},
                    headers,
                    self.rfile.read(length),
                    server.logged_in(headers),
                )
                with server._heard:
                    server.asked.append(asked)
                    server._heard.notify_all()
                before = Faults.of(server.faults.before, asked)
                said = server._safely(asked) if before is None else (before, {}, {})
                after = Faults.of(server.faults.after, asked)
                self._say(*(said if after is None else (after, {}, {})))

            do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the library's names

            def _say(self, code: int | str, content: object, headers: dict[str, str]) -> None:
                if code == STALL:
                    server._over.wait()
                if isinstance(code, str):
                    return
                body = b"" if content is None else json.dumps(content).encode()
                self.send_response(code)
                self.send_header("Content-Length", str(len(body)))
                for name, value in {**headers, **server.faults.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
                """Say nothing."""

        return Handler

    def _safely(self, asked: TrackerAsked) -> Said:
        try:
            return self.said(asked)
        except WrongQuery as wrong:
            return 400, {"message": str(wrong)}, {}


class _Quiet(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up, for that is what some tests are about."""


def _form(asked: TrackerAsked) -> dict[str, bytes]:
    head = f"Content-Type: {asked.headers['Content-Type']}\r\n\r\n".encode()
    form = BytesParser(policy=default).parsebytes(head + asked.body)
    found: dict[str, bytes] = {}
    for part in form.walk():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str):
            content = part.get_payload(decode=True)
            found[name] = content if isinstance(content, bytes) else b""
    return found
