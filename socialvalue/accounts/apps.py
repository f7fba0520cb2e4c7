from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "socialvalue.accounts"
    label = "accounts"

    def ready(self) -> None:
        from socialvalue.accounts import receivers  # noqa: F401  # connects them
