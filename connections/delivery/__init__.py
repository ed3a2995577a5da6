"""How wait notices go out: one outbox, by mail or to a chat tool."""
