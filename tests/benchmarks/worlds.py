"""Databases full of data, one a size, that benchmarks turn to and leave as they were found or fuller."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from tests.benchmarks.generator import SIZES, World, generate


class Worlds:
    """Made when first asked for, each in a database of its own beside the tests' database, whose copy it was."""

    def __init__(self, size: str) -> None:
        self.large = size
        self.empty = str(connection.settings_dict["NAME"])
        self.made: dict[str, World] = {}

    @contextmanager
    def inside(self, size: str = "") -> Iterator[World]:
        """The connection of this process goes to the world of this size; without one, the size of this run."""
        size = size or self.large
        if size not in self.made:
            self._copy_empty(size)
        self._turn_to(self._name(size))
        try:
            if size not in self.made:
                self.made[size] = generate(SIZES[size])
            yield self.made[size]
        finally:
            self._turn_to(self.empty)

    def remove(self) -> None:
        self._turn_to("postgres")
        for size in self.made:
            self._execute(f'DROP DATABASE IF EXISTS "{self._name(size)}"')
        self._turn_to(self.empty)

    def _name(self, size: str) -> str:
        return f"{self.empty}_{size}"

    def _copy_empty(self, size: str) -> None:
        self._turn_to("postgres")
        self._execute(f'DROP DATABASE IF EXISTS "{self._name(size)}"')
        self._execute(f'CREATE DATABASE "{self._name(size)}" TEMPLATE "{self.empty}"')

    def _turn_to(self, name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name

    def _execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)
