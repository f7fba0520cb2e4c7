"""The base of what programs ask: the same declared access as a page, answers and refusals in JSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import OpenApiResponse
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.response import Response
from rest_framework.views import APIView

from socialvalue.core.access import SIGNED_IN
from socialvalue.core.errors import Conflict, DomainError, NotAllowed, NotVisible
from socialvalue.core.views import BaseView

STATUS = {NotVisible: 404, NotAllowed: 403, Conflict: 409}
"""Any other failure of the domain is bad input: 400."""


class ErrorAnswer(serializers.Serializer[Any]):
    error = serializers.CharField()


REFUSALS = {
    401: OpenApiResponse(ErrorAnswer, "Nobody is signed in"),
    403: OpenApiResponse(ErrorAnswer, "The role does not include this"),
}
"""What every ``ApiView`` may answer, for its schema."""


class ApiView(BaseView, APIView):  # type: ignore[misc]  # both annotate ``request``: DRF wraps ours
    """A view for programs, signed in by session. ``access`` is declared and asked as everywhere."""

    limit = "api"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        if self.access.needs_sign_in and not actor.is_signed_in:
            return JsonResponse({"error": "Sign in first."}, status=401)
        if not self.access.allows(actor):
            return JsonResponse({"error": self.access.reason}, status=403)
        return APIView.dispatch(self, request, *args, **kwargs)

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """In JSON like every refusal here, not the page a person gets."""
        raise MethodNotAllowed(request.method)

    def handle_exception(self, exc: Exception) -> Response:
        """``{"error": sentence}``, whatever went wrong."""
        if isinstance(exc, DomainError):
            return Response({"error": exc.message}, status=STATUS.get(type(exc), 400))
        response = super().handle_exception(exc)
        response.data = {"error": str(getattr(exc, "detail", exc))}
        return response


class Schema(ApiView, SpectacularAPIView):  # type: ignore[misc]  # as above
    """What programs can ask, as an OpenAPI document."""

    access = SIGNED_IN
    renderer_classes = [OpenApiJsonRenderer]
