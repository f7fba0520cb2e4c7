"""Every output of a report from one content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from reporting.cabinet.renderers.document import print_html
from reporting.cabinet.renderers.printing import pack, pdf
from reporting.cabinet.rules.annex import annex_tables, figures_table
from reporting.cabinet.rules.content import Json, ReportView, canonical, report_view, table_json
from reporting.cabinet.rules.outputs import ENDINGS
from reporting.cabinet.vocabulary import OutputKind, ReportKind
from socialvalue.core.errors import RuleBroken
from socialvalue.core.sheets import to_csv, to_xlsx
from socialvalue.core.tables import Table

TOO_MANY_WORDS = (
    "The one-page summary has {pages} pages although it is set in the smallest letters. Take words or a table out of "
    "it. The files are made with the pages that it has."
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One file. ``pages`` is of a PDF."""

    content: bytes
    sha256: str
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files by kind; ``problem`` says in a sentence why one is missing or not as it should be."""

    files: Mapping[OutputKind, Rendered]
    problem: str = ""


def outputs(content: Json, figures_hash: str, counts_only: bool = False) -> Outputs:
    """Every output of a content, frozen (with its hash) or of a draft. The same content gives the same bytes.

    Without a PDF, because Pango is missing or it took too long or too much memory, the others are made all the same.
    """
    view = report_view(content, figures_hash=figures_hash, counts_only=counts_only)
    tables = annex_tables(content, counts_only=counts_only)
    made: dict[OutputKind, Rendered] = {}
    problem = ""
    try:
        done = pdf(view)
        made[OutputKind.PDF] = _rendered(done.content, done.pages)
        if view.kind == ReportKind.SUMMARY and done.pages > 1:
            problem = TOO_MANY_WORDS.format(pages=done.pages)
    except RuleBroken as error:
        problem = str(error)
    made[OutputKind.HTML] = _rendered(print_html(view).encode())
    made[OutputKind.XLSX] = _rendered(to_xlsx(*tables, with_totals=True))
    made[OutputKind.CSV] = _rendered(to_csv(figures_table(content, counts_only=counts_only)))
    made[OutputKind.JSON] = _rendered(
        _counts_json(view, tables, figures_hash).encode()
        if counts_only
        else canonical(content).encode()
    )
    packed = pack({ENDINGS[kind]: file.content for kind, file in made.items()})
    made[OutputKind.ZIP] = _rendered(packed)
    return Outputs(made, problem)


def _rendered(content: bytes, pages: int | None = None) -> Rendered:
    return Rendered(content, hashlib.sha256(content).hexdigest(), pages)


def _counts_json(view: ReportView, tables: list[Table], figures_hash: str) -> str:
    """Where no pounds are to be seen: the report as it is read and the sheets of its annex.

    The whole content is text whose SHA-256 is its hash; this is not.
    """
    return canonical(
        {
            "counts_only": True,
            "sha256_of_the_whole": figures_hash,
            "report": json.loads(json.dumps(asdict(view), default=str)),
            "annex": [table_json(table) for table in tables],
        }
    )
