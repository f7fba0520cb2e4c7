"""A contract type of our own for import-linter: what belongs to one room stays in it."""

from __future__ import annotations

from importlinter import Contract, ContractCheck, fields, output


class PrivateToRoom(Contract):
    """Nobody outside a room imports its private files, nor the bare package."""

    type_name = "private_to_room"
    rooms = fields.ListField(subfield=fields.StringField())
    roles = fields.ListField(subfield=fields.StringField())
    except_imports = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph, verbose):
        allowed = {tuple(p.strip() for p in text.split("->")) for text in self.except_imports or []}
        rooms = sorted(
            room
            for text in self.rooms
            for room in (graph.find_matching_modules(text) if "*" in text else {text})
        )
        found = []
        for room in rooms:
            for role in ["", *self.roles] if graph.find_children(room) else []:
                private = f"{room}.{role}".rstrip(".")
                if private not in graph.modules:
                    continue
                inside = graph.find_descendants(private) if role else set()
                for module in {private} | inside:
                    found += [
                        (importer, module)
                        for importer in graph.find_modules_that_directly_import(module)
                        if importer != room
                        and not importer.startswith(f"{room}.")
                        and (importer, role) not in allowed
                    ]
        return ContractCheck(kept=not found, metadata={"found": sorted(found)})

    def render_broken_contract(self, check):
        for importer, module in check.metadata["found"]:
            output.print_error(f"{importer} reaches into {module}, which is private to its room.")
