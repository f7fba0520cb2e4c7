"""The route for programs: the rule of the page and the command, asked over HTTP."""

from __future__ import annotations

from typing import Any

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from procurement.policies import queries, rules
from procurement.policies.vocabulary import Category, Route, VatBasis
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.api import REFUSALS, ApiView, ErrorAnswer
from socialvalue.core.errors import NotVisible, RuleBroken


class ThresholdAnswer(serializers.Serializer[Any]):
    regime = serializers.CharField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    vat_basis = serializers.ChoiceField(VatBasis.choices)
    effective_from = serializers.DateField()


class WeightingAnswer(serializers.Serializer[Any]):
    min = serializers.DecimalField(max_digits=5, decimal_places=2)
    max = serializers.DecimalField(max_digits=5, decimal_places=2)
    pass_fail = serializers.BooleanField()


class RouteAnswer(serializers.Serializer[Any]):
    """As ``rules.as_json`` gives it; a test holds the two together."""

    route = serializers.ChoiceField(Route.choices)
    band = serializers.CharField()
    threshold = ThresholdAnswer()
    compared_amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    compared_basis = serializers.ChoiceField(VatBasis.choices)
    net = serializers.DecimalField(max_digits=14, decimal_places=2)
    gross = serializers.DecimalField(max_digits=14, decimal_places=2)
    weighting = WeightingAnswer()
    policy = serializers.CharField()
    explanation = serializers.CharField()


PARAMETERS = [
    OpenApiParameter(
        "authority", description="Slug of the council or combined authority", required=True
    ),
    OpenApiParameter("category", enum=Category.values, required=True),
    OpenApiParameter(
        "estimate", description="Pounds over the whole life, as people write them", required=True
    ),
    OpenApiParameter("vat", enum=[*VatBasis.values, "unknown"], default="unknown"),
    OpenApiParameter("vat_rate", description="In per cent; 20 when left out, 0 when exempt"),
    OpenApiParameter(
        "other_estimate", description="On the other VAT basis, when several rates apply"
    ),
    OpenApiParameter("commenced", OpenApiTypes.DATE, required=True),
    OpenApiParameter("utilities", enum=["yes", "no"], default="no"),
]


class RouteApi(ApiView):
    access = BUYER

    @extend_schema(
        operation_id="route",
        summary="Which route a procurement takes, and why",
        parameters=PARAMETERS,
        responses={
            200: RouteAnswer,
            400: OpenApiResponse(ErrorAnswer, "Input that cannot be routed"),
            **REFUSALS,
        },
    )
    def get(self, request: Request) -> Response:
        asked = {name: request.GET.get(name, "").strip() for name in request.GET}
        unknown = sorted(set(asked) - {parameter.name for parameter in PARAMETERS})
        if unknown:
            raise RuleBroken(f"There is no parameter called {', '.join(unknown)}.")
        utilities = asked.pop("utilities", "no")
        if utilities not in ("yes", "no"):
            raise RuleBroken("utilities must be yes or no.")
        question = queries.Question(**asked, utilities=utilities == "yes")
        try:
            return Response(rules.as_json(queries.answer(question)))
        except NotVisible as error:
            # An authority that nobody knows is a word typed wrong, not a page that is missing.
            raise RuleBroken(error.message) from error


app_name = "api"
urlpatterns = [path("route/", RouteApi.as_view(), name="route")]
