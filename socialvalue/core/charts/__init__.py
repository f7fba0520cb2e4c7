"""Charts as SVG, drawn on the server by one function for page and PDF.

``Decimal`` in, nothing rounded but coordinates; ticks are exact and their labels say exactly what
they are. Every chart carries a ``<title>``, a ``<desc>``, a pattern or a text beside each colour,
the name of its font (WeasyPrint does not inherit one) and a table of the same figures.
"""

from socialvalue.core.charts.bars import grouped_bars
from socialvalue.core.charts.drawing import Chart, Series
from socialvalue.core.charts.lines import line_through_time
from socialvalue.core.charts.scale import Scale, bar_width, nice_ticks
from socialvalue.core.charts.tiles import Tile, tile_map

__all__ = [
    "Chart",
    "Scale",
    "Series",
    "Tile",
    "bar_width",
    "grouped_bars",
    "line_through_time",
    "nice_ticks",
    "tile_map",
]
