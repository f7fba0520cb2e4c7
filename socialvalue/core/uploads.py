"""Uploads that must never be written to disk: held in memory, up to a limit, and gone with the request."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import View

from socialvalue.core.middleware import take_out_null_bytes


class InMemoryUpload(MemoryFileUploadHandler):
    """Django writes a larger file to a temporary one. This handler never does: it drops what is beyond ``limit``.

    The file keeps its true ``size``, so that a form can say that it is too large.
    """

    limit = 0

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True
        self.kept = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.kept <= self.limit:
            self.file.write(raw_data)
            self.kept += len(raw_data)


class MemoryOnly(View):
    """Mixin, first of a view's bases: its uploads stay in memory. ``max_upload`` is in bytes.

    The handler is set before anything reads the request, so the form token is checked here and not by the middleware.
    """

    max_upload: ClassVar[int]

    @method_decorator(csrf_exempt)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        handler = InMemoryUpload(request)
        handler.limit = self.max_upload
        request.upload_handlers = [handler]
        return self._checked(request, *args, **kwargs)

    @method_decorator(csrf_protect)
    def _checked(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            take_out_null_bytes(request)
        return super().dispatch(request, *args, **kwargs)
