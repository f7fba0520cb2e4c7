"""The child process that reads an uploaded file once, before anything else does.

``python trial.py`` reads a workbook on its input and writes how large its sheets are. It is run as a script, with
bounds on memory and time, because a small file can name a cell so far away that reading it takes all there is.
"""

from __future__ import annotations

import io
import json
import resource
import sys

MEMORY = 1536 * 1024 * 1024
CPU_SECONDS = 30


def main() -> int:
    """0 with a JSON list of [lines, columns] of every sheet; 1 when the file cannot be read; 2 for a password."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sizes = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            sizes.append([sheet.total_height, sheet.total_width])
    except PasswordError:
        return 2
    except (CalamineError, OSError, ValueError, MemoryError):
        return 1
    sys.stdout.write(json.dumps(sizes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
