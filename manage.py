#!/usr/bin/env python3
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialvalue.settings")
    from django.core.management import execute_from_command_line

    from socialvalue.core.database import wide

    with wide("Whoever runs a command runs the service."):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
