from __future__ import annotations

from django.urls import path, re_path

from procurement.remedies.views import changes, contract, kpis, oversight, shortfalls

app_name = "remedies"
CONTRACT = "contracts/<int:contract_pk>"
urlpatterns = [
    path(f"{CONTRACT}/shortfalls/", contract.ContractPage.as_view(), name="contract"),
    path(f"{CONTRACT}/shortfalls/terms/", contract.Terms.as_view(), name="terms"),
    path(
        f"{CONTRACT}/shortfalls/raise/<int:commitment_pk>/", contract.Raise.as_view(), name="raise"
    ),
    path(f"{CONTRACT}/changes/quantity/", changes.AskQuantity.as_view(), name="ask_quantity"),
    path(f"{CONTRACT}/changes/added/", changes.AskAdded.as_view(), name="ask_added"),
    path(f"{CONTRACT}/changes/end/", changes.AskEnd.as_view(), name="ask_end"),
    path(f"{CONTRACT}/kpis/", kpis.Kpis.as_view(), name="kpis"),
    path("changes/<int:change_pk>/", changes.Change.as_view(), name="change"),
    path("changes/<int:change_pk>/withdraw/", changes.Withdraw.as_view(), name="change_withdraw"),
    path("kpis/<int:kpi_pk>/end/", kpis.End.as_view(), name="kpi_end"),
    path("kpis/<int:kpi_pk>/<slug:quarter>/", kpis.Rate.as_view(), name="kpi_rate"),
    path("shortfalls/", shortfalls.Register.as_view(), name="register"),
    re_path(
        r"^shortfalls/shortfalls\.(?P<form>csv|xlsx)$", shortfalls.Export.as_view(), name="export"
    ),
    path("shortfalls/<int:shortfall_pk>/", shortfalls.ShortfallPage.as_view(), name="shortfall"),
    path("shortfalls/<int:shortfall_pk>/plan/", shortfalls.Plan.as_view(), name="plan"),
    path(
        "shortfalls/<int:shortfall_pk>/plan/agree/",
        shortfalls.AgreePlan.as_view(),
        name="plan_agree",
    ),
    path(
        "shortfalls/<int:shortfall_pk>/plan/<int:number>/done/",
        shortfalls.StepDone.as_view(),
        name="step_done",
    ),
    path("shortfalls/<int:shortfall_pk>/remedy/", shortfalls.Remedy.as_view(), name="remedy"),
    path("shortfalls/<int:shortfall_pk>/close/", shortfalls.Close.as_view(), name="close"),
    path(
        "shortfalls/<int:shortfall_pk>/end-contract/",
        shortfalls.EndContract.as_view(),
        name="end_contract",
    ),
    path("remedies/<int:decision_pk>/", shortfalls.Decide.as_view(), name="decide"),
    path(
        "remedies/<int:decision_pk>/withdraw/",
        shortfalls.WithdrawRemedy.as_view(),
        name="remedy_withdraw",
    ),
    path("overseeing/", oversight.Costs.as_view(), name="costs"),
    re_path(
        r"^overseeing/overseeing\.(?P<form>csv|xlsx)$",
        oversight.Export.as_view(),
        name="costs_export",
    ),
    path("overseeing/new/", oversight.New.as_view(), name="cost_new"),
    path("overseeing/<int:cost_pk>/remove/", oversight.Remove.as_view(), name="cost_remove"),
]
