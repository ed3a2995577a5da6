"""Remembers: tables, migrations, queries, and Desk, one method per thing a person does."""
