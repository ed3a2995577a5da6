"""Holds requests and answers against Zendesk's own description of its interface, if it is there.

A variable of the environment names the file, which is no part of this project. What the description
lacks is added, and the few objects we use are closed by hand, so that a misspelt key is found.
"""

import copy
import gzip
import json
import os
from functools import cache
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlencode

from tests.connections.helpdesks.zendesk_asked import Answered, ZendeskAsked

VARIABLE: Final = "NUMBERONE_ZENDESK_API"
_USED: Final = (
    "/api/v2/tickets",
    "/api/v2/tickets/count",
    "/api/v2/tickets/show_many",
    "/api/v2/tickets/{ticket_id}",
    "/api/v2/tickets/{ticket_id}/comments",
    "/api/v2/tickets/{ticket_id}/audits",
    "/api/v2/deleted_tickets",
    "/api/v2/incremental/tickets/cursor",
    "/api/v2/incremental/users/cursor",
    "/api/v2/incremental/organizations",
    "/api/v2/users",
    "/api/v2/users/me",
    "/api/v2/users/show_many",
    "/api/v2/search",
    "/api/v2/attachments/{attachment_id}",
    "/api/v2/oauth/tokens/{oauth_token_id}",
)
_PAGING: Final = {"page[size]", "page[after]", "per_page", "page", "sort", "sort_by", "sort_order"}
_BESIDE: Final = {"include"}
_MAY_BE_NULL: Final = (
    "assignee_id",
    "organization_id",
    "priority",
    "type",
    "group_id",
    "problem_id",
    "external_id",
    "recipient",
    "value",
)
_CLOSED: Final = (
    "TicketUpdateRequest",
    "TicketUpdateInput",
    "TicketCommentObject",
    "TicketObject",
    "TicketResponse",
    "TicketUpdateResponse",
)
_BESIDE_LISTS: Final = ("users", "organizations", "metric_sets", "meta", "links", "count")
_LISTS: Final = {
    "TicketsResponse": "tickets",
    "TicketCommentsResponse": "comments",
    "TicketAuditsResponseNoneCursor": "audits",
    "UsersResponse": "users",
    "CursorBasedExportIncrementalTicketsResponse": "tickets",
    "CursorBasedExportIncrementalUsersResponse": "users",
    "ExportIncrementalOrganizationsResponse": "organizations",
    "SearchResponse": "results",
}


class ZendeskDescription:
    """The description, ready to be asked."""

    def __init__(self, document: dict[str, Any]) -> None:
        from openapi_core import Config, OpenAPI  # noqa: PLC0415 - only where the file is there

        self._document = _patched(document)
        self._api = OpenAPI.from_dict(self._document, config=Config(spec_validator_cls=None))

    @classmethod
    def found(cls) -> Self | None:
        """Return what the environment names, None where it names nothing."""
        path = os.environ.get(VARIABLE)
        return cls(_document(path)) if path else None

    def violations(self, asked: ZendeskAsked, answer: Answered) -> list[str]:
        """Return what is wrong with a request, and with a successful answer to it."""
        from openapi_core.testing import MockRequest, MockResponse  # noqa: PLC0415 - as above

        if asked.path.startswith("/attachments/"):
            return []
        found = [f"{asked.line}: no parameter {name}" for name in self._unknown(asked)]
        path = asked.path.replace("/oauth/tokens/current", "/oauth/tokens/1")
        single = {name: values[0] for name, values in asked.query.items()}
        request = MockRequest(
            "https://example.zendesk.com",
            asked.method.lower(),
            path,
            args=single,
            data=asked.body or None,
        )
        try:
            self._api.validate_request(request)
            code, content, _ = answer
            if 200 <= code < 300:
                body = json.dumps(content).encode()
                self._api.validate_response(request, MockResponse(body, code))
        except Exception as error:
            cause = "; ".join(str(each) for each in getattr(error.__cause__, "schema_errors", ()))
            query = urlencode(single)
            found.append(f"{asked.line}?{query}: {error!r} {cause[:500]}")
        return found

    def _unknown(self, asked: ZendeskAsked) -> list[str]:
        """Return the names in a query that nobody has described."""
        parts = asked.path.split("/")
        operation: dict[str, Any] = {}
        for path in _USED:
            named = path.split("/")
            fits = len(named) == len(parts) and all(
                theirs == ours or theirs.startswith("{")
                for theirs, ours in zip(named, parts, strict=True)
            )
            if fits:
                item = self._document["paths"][path]
                operation = item.get(asked.method.lower(), {})
                listed = [*item.get("parameters", []), *operation.get("parameters", [])]
                known = {self._parameter(each)["name"] for each in listed}
                return sorted(asked.query.keys() - known - _PAGING - _BESIDE)
        return [asked.path]

    def _parameter(self, each: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in each:
            return each
        name = each["$ref"].rpartition("/")[2]
        found: dict[str, Any] = self._document["components"]["parameters"][name]
        return found


@cache
def _document(path: str) -> dict[str, Any]:
    content = Path(path).read_bytes()
    found: dict[str, Any] = json.loads(
        gzip.decompress(content) if path.endswith(".gz") else content
    )
    return found


def _patched(document: dict[str, Any]) -> dict[str, Any]:
    """Return the description of what we use, with what it lacks, and closed."""
    document = copy.deepcopy(document)
    document["paths"] = {path: document["paths"][path] for path in _USED}
    document.pop("security", None)
    components = document["components"]
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in ("get", "put"):
                operation.pop("security", None)
                for each in operation.get("parameters", []):
                    if each.get("name") == "start_time":
                        each["required"] = False
        own = item.get("parameters", [])
        item["parameters"] = [
            each
            for each in own
            if _resolved(each, components).get("in") != "path"
            or f"{{{_resolved(each, components)['name']}}}" in path
        ]
    components["parameters"]["IncrementalUnixTime"]["required"] = False
    schemas = components["schemas"]
    for name in ("TicketObject", "TicketUpdateInput"):
        _nullable(schemas[name]["properties"])
    schemas["TicketUpdateInput"]["properties"]["metadata"] = {
        "type": "object",
        "properties": {"custom": {"type": "object"}},
        "additionalProperties": False,
    }
    statuses = schemas["TicketObject"]["properties"]["status"]["enum"]
    schemas["TicketObject"]["properties"]["status"]["enum"] = [*statuses, "deleted"]
    for name in _CLOSED:
        schemas[name]["additionalProperties"] = False
    schemas["TicketUpdateRequest"]["required"] = ["ticket"]
    for name, rows in _LISTS.items():
        properties = schemas[name]["properties"]
        for beside in (*_BESIDE_LISTS, "next_page", "previous_page"):
            properties.setdefault(beside, {"nullable": True})
        schemas[name]["required"] = [rows]
        schemas[name]["additionalProperties"] = False
    return document


def _resolved(each: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in each:
        return each
    found: dict[str, Any] = components["parameters"][each["$ref"].rpartition("/")[2]]
    return found


def _nullable(properties: dict[str, Any]) -> None:
    for name, schema in properties.items():
        if name in _MAY_BE_NULL:
            schema["nullable"] = True
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]
