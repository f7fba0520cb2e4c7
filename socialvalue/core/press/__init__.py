"""The child process that makes a PDF. The only place where WeasyPrint is known.

``python -P press/__main__.py FONTS MEGABYTES`` reads HTML on its input and writes the PDF to its output, and last on
its error output what it took. It knows nothing of Django or the rooms, because what it imports is paid for with every
PDF. A document with long tables is laid out piece by piece, so that memory does not grow with its pages.
"""

from __future__ import annotations

EXIT_NO_PANGO = 3
EXIT_NO_MEMORY = 4
TOOK = "press took "
"""Before the JSON line that says what it took: ``pages``, ``seconds`` of CPU, ``megabytes`` at most."""

LONG_TABLE, ROW, LAST_ROW = "<!--long table-->", "<!--row-->", "<!--last row-->"
"""Before a table that may be cut, before each of its rows, and after the last of them."""
