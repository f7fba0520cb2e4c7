"""Triggers as data: (table, event, condition, message). The same words on both databases."""

from importlib import import_module

before = import_module("procurement.migrations.0002_what_never_changes")


def put(schema_editor, guards):
    """Create these triggers."""
    template = before.FUNCTION if schema_editor.connection.vendor == "postgresql" else before.TRIGGER
    for table, event, condition, message in guards:
        name = f"{table}_{event.lower()}_guard"
        schema_editor.execute(
            template.format(name=name, table=table, event=event, condition=condition, message=message)
        )


def drop(schema_editor, guards):
    """Take these triggers away."""
    for table, event, *_ in guards:
        name = f"{table}_{event.lower()}_guard"
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();")
        else:
            schema_editor.execute(f"DROP TRIGGER {name};")
