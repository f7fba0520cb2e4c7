"""The record: what was done for an organisation, who came in and took what out, and the seals over all of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.functional import cached_property

from socialvalue.accounts.forms.records import AccessFilterForm, DeedFilterForm, RecordFilterForm
from socialvalue.accounts.permissions import RECORD_READER, SEALS_READER, SIGNED_IN
from socialvalue.accounts.queries.records import check_reader, people_of_record, scope_of
from socialvalue.audit.queries import records, seals
from socialvalue.audit.queries.records import DeedLine, Scope
from socialvalue.audit.rules import ACCESS_RECORD_DAYS
from socialvalue.core import clock
from socialvalue.core.errors import RuleBroken
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, Download, Page, TableDownload

PAGE_SIZE = 25
MOST_ROWS = 50_000
"""What one file holds: a spreadsheet of more is opened by nobody, and the days narrow it."""
JSON = "application/json"


def _check_size(count: int) -> None:
    if count > MOST_ROWS:
        raise RuleBroken(
            f"This is {count:,} rows, more than the {MOST_ROWS:,} that go into one file. Choose the days from and to, "
            "and take it out in parts."
        )


class OfRecord(BaseView):
    """What the pages of an organisation's record share."""

    access = RECORD_READER
    form_class: ClassVar[type[RecordFilterForm]]

    @cached_property
    def filter_form(self) -> RecordFilterForm:
        return self.form_class(self.request.GET, people=people_of_record(self.actor))

    def check_filter(self) -> None:
        """RuleBroken where the filter cannot be read: a file has no place to say that beside its rows."""
        for sentences in self.filter_form.errors.values():
            raise RuleBroken(f"The file was not made. {sentences[0]}.")


class OfDeeds(OfRecord):
    form_class = DeedFilterForm

    @cached_property
    def filter_form(self) -> RecordFilterForm:
        people, kinds = people_of_record(self.actor), records.deed_kinds(self.actor)
        return self.form_class(self.request.GET, people=people, kinds=kinds)

    def rows(self) -> Any:
        check_reader(self.actor)
        return records.deeds_of_organisation(self.actor, self.filter_form.wanted)

    def lines(self, rows: Sequence[Any]) -> list[DeedLine]:
        return _shown(self, records.deed_lines(self.actor, rows, with_values=True))


def _shown(view: BaseView, lines: list[DeedLine]) -> list[DeedLine]:
    """Where only counts are shown, without what they say of pounds of social value."""
    return [line.without_social_value() for line in lines] if view.counts_only else lines


class Deeds(OfDeeds, Page):
    """Every deed, newest first, each with what it changed."""

    template_name = "accounts/record.html"

    def get_page(self) -> dict[str, Any]:
        page = Paginator(self.rows(), PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "filter_form": self.filter_form,
            "page": page,
            "lines": self.lines(list(page.object_list)),
            "newest": seals.newest_seal(),
        }


class DeedsExport(OfDeeds, TableDownload):
    """Exactly what is filtered."""

    def get_table(self) -> tuple[str, Table]:
        self.check_filter()
        rows = self.rows()
        _check_size(rows.count())
        return "record", records.deed_table(self.lines(list(rows)), "Deeds")


class OfAccesses(OfRecord):
    form_class = AccessFilterForm

    def rows(self) -> Any:
        check_reader(self.actor)
        return records.accesses_of_organisation(self.actor, self.filter_form.wanted)


class Accesses(OfAccesses, Page):
    """Who signed in, took a file out or was refused, newest first."""

    template_name = "accounts/record_accesses.html"

    def get_page(self) -> dict[str, Any]:
        page = Paginator(self.rows(), PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "filter_form": self.filter_form,
            "page": page,
            "lines": records.access_lines(list(page.object_list)),
            "days": ACCESS_RECORD_DAYS,
        }


class AccessesExport(OfAccesses, TableDownload):
    def get_table(self) -> tuple[str, Table]:
        self.check_filter()
        rows = self.rows()
        _check_size(rows.count())
        return "accesses", records.access_table(records.access_lines(list(rows)))


class Seals(OfRecord, Page):
    """The chain of daily seals, newest first."""

    access = SEALS_READER
    template_name = "accounts/record_seals.html"

    def get_page(self) -> dict[str, Any]:
        chain = seals.chain()
        chain.reverse()
        return {
            "page": Paginator(chain, PAGE_SIZE).get_page(self.request.GET.get("page")),
            "newest": chain[0] if chain else None,
        }


class SealsFile(Download):
    """The whole chain, to be kept where nobody of this service can change it."""

    access = SEALS_READER

    def get_file(self) -> tuple[str, str, bytes]:
        told = {"taken_out_at": clock.now(), "seals": seals.chain()}
        text = json.dumps(told, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
        return f"seals-{clock.today().isoformat()}.json", JSON, text.encode()


class OfThing(BaseView):
    """The record of one thing, to whoever may open the thing itself."""

    access = SIGNED_IN

    @cached_property
    def scope(self) -> Scope:
        return scope_of(self.actor, self.kwargs["record"], self.kwargs["key"])

    @cached_property
    def filter_form(self) -> RecordFilterForm:
        return DeedFilterForm(self.request.GET)

    def rows(self) -> Any:
        return records.deeds_of_thing(self.scope, self.filter_form.wanted)

    def lines(self, rows: Sequence[Any]) -> list[DeedLine]:
        with_values = RECORD_READER.allows(self.actor)
        return _shown(self, records.deed_lines(self.actor, rows, with_values=with_values))


class Thing(OfThing, Page):
    """Everything done on one thing, with what changed for whoever reads the organisation's record."""

    template_name = "accounts/record_thing.html"

    def get_page(self) -> dict[str, Any]:
        scope = self.scope
        page = Paginator(self.rows(), PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "scope": scope,
            "filter_form": self.filter_form,
            "page": page,
            "lines": self.lines(list(page.object_list)),
            "reads_values": RECORD_READER.allows(self.actor),
            "export": {"record": self.kwargs["record"], "key": self.kwargs["key"]},
        }


class ThingExport(OfThing, TableDownload):
    def get_table(self) -> tuple[str, Table]:
        rows = self.rows()
        _check_size(rows.count())
        table = records.deed_table(self.lines(list(rows)), self.scope.title)
        return f"record-{self.kwargs['record']}-{self.kwargs['key'].replace(':', '-')}", table
