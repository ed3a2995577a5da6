"""An in-process Zendesk for tests: a web server on this machine that answers as it is described.

Where the description of its interface is there, each request and each answer is held against it.
"""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit

from tests.connections.helpdesks.zendesk_asked import (
    DROPPED,
    Answered,
    ZendeskAsked,
    ZendeskFaults,
)
from tests.connections.helpdesks.zendesk_description import ZendeskDescription
from tests.connections.helpdesks.zendesk_lists import FORBIDDEN, NOT_FOUND, ZendeskLists
from tests.connections.helpdesks.zendesk_state import (
    PRIORITIES,
    STATUSES,
    Person,
    TicketOverThere,
    ZendeskThere,
)

_ROOT: Final = "/api/v2"
_UPDATES: Final = 30
_UPDATES_WITHIN: Final = timedelta(minutes=10)
_ADMINS: Final = r"GET /incremental/"


@dataclass
class RateWindow:
    """So many requests of some kind within so many seconds, and how many there were."""

    form: str
    total: int
    lasts: timedelta
    began: datetime | None = None
    used: int = 0

    def take(self, now: datetime) -> timedelta | None:
        """Take one; return how long to wait where there is none left."""
        if self.began is None or now - self.began >= self.lasts:
            self.began, self.used = now, 0
        self.used += 1
        left = self.lasts - (now - self.began)
        return left if self.used > self.total else None

    def headers(self, name: str, now: datetime) -> dict[str, str]:
        """Return what it tells of itself."""
        left = max(0, self.total - self.used)
        resets = int((self.lasts - (now - (self.began or now))).total_seconds())
        if name == "account":
            return {
                "x-rate-limit": str(self.total),
                "x-rate-limit-remaining": str(left),
                "ratelimit-limit": str(self.total),
                "ratelimit-remaining": str(left),
                "ratelimit-reset": str(resets),
            }
        own = f"total={self.total}; remaining={left}; resets={resets}"
        return {f"zendesk-ratelimit-{name}": own}


class ZendeskServer:
    """Listens on 127.0.0.1 in threads of its own while the ``with`` statement lasts.

    Files are kept on a second address, as they are by another company there.
    """

    def __init__(self) -> None:
        self.there = ZendeskThere()
        self.faults = ZendeskFaults()
        self.asked: list[ZendeskAsked] = []
        self.windows: dict[str, RateWindow] = {}
        self.description = ZendeskDescription.found()
        self.violations: list[str] = []
        self.denied: set[str] = set()
        self.tokens = {name: f"{name}-token-1" for name in self.there.logins}
        self._server = _Silent(("127.0.0.1", 0), self._handler(elsewhere=False))
        self._files = _Silent(("127.0.0.1", 0), self._handler(elsewhere=True))
        self._threads = [
            threading.Thread(target=each.serve_forever, args=(0.01,))
            for each in (self._server, self._files)
        ]
        self._lists = ZendeskLists(self.there, self.address)

    @property
    def address(self) -> str:
        """Its root, without the last slash."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def files_address(self) -> str:
        """Where files are kept."""
        return f"http://127.0.0.1:{self._files.server_port}"

    def __enter__(self) -> Self:
        """Listen."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up on everybody."""
        for server, thread in zip((self._server, self._files), self._threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()

    def hires(self, name: str, real: str) -> Person:
        """Make an agent who can log in."""
        self.tokens[name] = f"{name}-token-1"
        return self.there.hires(name, real)

    def expires(self, name: str) -> None:
        """Let a token run out; the next one is another."""
        kind, _, number = self.tokens[name].rpartition("-")
        self.tokens[name] = f"{kind}-{int(number) + 1}"

    def said(self, asked: ZendeskAsked) -> Answered:
        """Return what is answered to a request."""
        if asked.elsewhere:
            return self._kept(asked)
        if found := re.fullmatch(r"/attachments/token/(\d+)", asked.path):
            return 302, None, {"Location": f"{self.files_address}/kept/{found[1]}"}
        if asked.user is None:
            return 401, {"error": "invalid_token", "error_description": "It is invalid."}, {}
        limited = self._limited(asked)
        if limited is not None:
            return limited
        line = f"{asked.method} {asked.path.removeprefix(_ROOT)}"
        return self._found(asked, line) if self._may(asked.user, line) else FORBIDDEN

    def _found(self, asked: ZendeskAsked, line: str) -> Answered:
        for form, answer in self._routes.items():
            if matched := re.fullmatch(form, line):
                with self.there.lock:
                    return answer(asked, *matched.groups())
        return NOT_FOUND

    def _may(self, user: Person, line: str) -> bool:
        if user.role == "end-user":
            return line.startswith("GET /users/me")
        if re.match(_ADMINS, line) and user.role != "admin":
            return False
        return not any(re.match(form, line) for form in self.denied)

    @property
    def _routes(self) -> dict[str, Callable[..., Answered]]:
        lists = self._lists
        return {
            r"GET /users/me": lists.me,
            r"GET /users": lists.users,
            r"GET /users/show_many": lists.many_users,
            r"GET /tickets": lists.tickets,
            r"GET /tickets/count": lists.count,
            r"GET /tickets/show_many": lists.many,
            r"GET /tickets/(\d+)": lists.ticket,
            r"GET /tickets/(\d+)/comments": lists.comments,
            r"GET /tickets/(\d+)/audits": lists.audits,
            r"GET /deleted_tickets": lists.deleted,
            r"GET /incremental/tickets/cursor": lists.exported_tickets,
            r"GET /incremental/users/cursor": lists.exported_users,
            r"GET /incremental/organizations": lists.exported_organizations,
            r"GET /search": lists.search,
            r"GET /attachments/(\d+)": self._attachment,
            r"GET /oauth/tokens/current": self._token,
            r"PUT /tickets/(\d+)": self._change,
        }

    def _change(self, asked: ZendeskAsked, number: str) -> Answered:
        ticket = self.there.at(int(number))
        assert asked.user is not None
        if ticket is None:
            return NOT_FOUND
        sent = asked.content["ticket"]
        now = self.there.now
        mine = [at for who, at in ticket.last_changes if who == asked.user.id]
        if sum(now - at < _UPDATES_WITHIN for at in mine) >= _UPDATES:
            return 429, {"error": "TooManyUpdates"}, {"Retry-After": "60"}
        if ticket.status == "closed":
            return _wrong("status", "Status: closed prevents ticket update")
        stamp = sent.get("updated_stamp")
        if sent.get("safe_update") and stamp != ticket.said("")["updated_at"]:
            return 409, {"error": "UpdateConflict", "description": "Safe update prevented it."}, {}
        wrong = self._wrong(sent)
        if wrong is not None:
            return wrong
        ticket.last_changes.append((asked.user.id, now))
        audit = self._changed(ticket, asked.user, sent)
        return 200, {"ticket": ticket.said(self.address), "audit": audit}, {}

    def _wrong(self, sent: dict[str, Any]) -> Answered | None:
        if sent.get("status", "open") not in STATUSES or (
            sent.get("status") == self.there.refuses_status
        ):
            return _wrong("status", f"Status: {sent['status']} is not a valid status")
        if sent.get("priority", "low") not in PRIORITIES:
            return _wrong("priority", f"Priority: {sent['priority']} is not a valid priority")
        owner = sent.get("assignee_id")
        if owner is not None:
            person = self.there.people.get(owner)
            if person is None or person.role == "end-user":
                return _wrong("assignee", "Assignee: is invalid")
        if "comment" in sent and not str(sent["comment"].get("body", "")).strip():
            return _wrong("base", "Comment: cannot be blank")
        return None

    def _changed(
        self, ticket: TicketOverThere, user: Person, sent: dict[str, Any]
    ) -> dict[str, Any]:
        names = {"status": "status", "priority": "priority", "assignee_id": "assignee"}
        fields = {ours: sent[theirs] for theirs, ours in names.items() if theirs in sent}
        comment = sent.get("comment")
        custom = sent.get("metadata", {}).get("custom", {})
        author = (comment or {}).get("author_id", user.id)
        return self.there.changes(ticket, author, fields, comment, via="api", custom=custom)

    def _attachment(self, _: ZendeskAsked, number: str) -> Answered:
        if int(number) not in self.there.files:
            return NOT_FOUND
        return 200, {"attachment": self.attachment(int(number))}, {}

    def attachment(self, number: int) -> dict[str, Any]:
        """Return a file as it is said beside a comment."""
        name, content = self.there.files[number]
        return {
            "id": number,
            "file_name": name,
            "size": len(content),
            "content_type": "application/octet-stream",
            "content_url": f"{self.address}/attachments/token/{number}",
            "malware_scan_result": "malware_not_found",
        }

    def _kept(self, asked: ZendeskAsked) -> Answered:
        if "Authorization" in asked.headers:
            self.violations.append("a login was sent to where files are kept")
        found = re.fullmatch(r"/kept/(\d+)", asked.path)
        if found is None:
            return NOT_FOUND
        return 200, self.there.files[int(found[1])][1], {}

    def _token(self, asked: ZendeskAsked) -> Answered:
        assert asked.user is not None
        token = {"id": asked.user.id, "user_id": asked.user.id, "scopes": ["read", "write"]}
        return 200, {"token": token}, {}

    def _limited(self, asked: ZendeskAsked) -> Answered | None:
        now = self.there.now
        with self.there.lock:
            for window in self.windows.values():
                wait = window.take(now) if re.search(window.form, asked.line) else None
                if wait is not None:
                    rest = str(max(1, int(wait.total_seconds())))
                    return 429, {"error": "APIRateLimitExceeded"}, {"Retry-After": rest}
        return None

    def _rate_headers(self, asked: ZendeskAsked) -> dict[str, str]:
        now = self.there.now
        told: dict[str, str] = {}
        for name, window in self.windows.items():
            if re.search(window.form, asked.line):
                told |= window.headers(name, now)
        return told

    def answered(self, asked: ZendeskAsked) -> Answered | None:
        """Return what goes back to whoever asked, None for nothing."""
        before, after = self.faults.of(asked)
        if before == DROPPED:
            return None
        answer = _failed(before) if isinstance(before, int) else self.said(asked)
        if self.description is not None and not asked.elsewhere:
            self.violations += self.description.violations(asked, answer)
        if after == DROPPED:
            return None
        if isinstance(after, int):
            answer = _failed(after)
        code, content, headers = answer
        return code, content, {**self._rate_headers(asked), **headers, **self.faults.headers}

    def logged_in(self, headers: dict[str, str]) -> Person | None:
        """Return whose the token of a request is."""
        given = headers.get("Authorization", "").removeprefix("Bearer ")
        owner = next((name for name, token in self.tokens.items() if token == given), None)
        return None if owner is None else self.there.logins[owner]

    def _handler(self, *, elsewhere: bool) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                parts = urlsplit(self.path)
                headers = dict(self.headers)
                asked = ZendeskAsked(
                    self.command,
                    parts.path,
                    parse_qs(parts.query, keep_blank_values=True),
                    headers,
                    self.rfile.read(length),
                    server.logged_in(headers),
                    elsewhere,
                )
                server.asked.append(asked)
                answer = server.answered(asked)
                if answer is not None:
                    self._say(*answer)

            do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815 - the library's names

            def _say(self, code: int, content: object, headers: dict[str, str]) -> None:
                body = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def date_time_string(self, timestamp: float | None = None) -> str:
                """Return the time of the in-process Zendesk."""
                assert timestamp is None
                return format_datetime(server.there.now, usegmt=True)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
                """Say nothing."""

        return Handler


class _Silent(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up, for that is what some tests are about."""


def _failed(code: int) -> Answered:
    """Return an answer of a code that says that it was not done."""
    if code == 409:
        return 409, {"error": "DatabaseConflict", "description": "Try again."}, {}
    if code == 429:
        return 429, {"error": "APIRateLimitExceeded"}, {"Retry-After": "3"}
    return code, {"error": "Broken"}, {}


def _wrong(field: str, words: str) -> Answered:
    details = {field: [{"description": words}]}
    return 422, {"error": "RecordInvalid", "description": "Not valid", "details": details}, {}
