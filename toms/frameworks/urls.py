from __future__ import annotations

from django.urls import path, re_path

from toms.frameworks import views

app_name = "frameworks"
urlpatterns = [
    path("", views.Catalogue.as_view(), name="catalogue"),
    re_path(r"^export\.(?P<form>csv|xlsx)$", views.CatalogueExport.as_view(), name="export"),
    path("adoption/", views.Adoptions.as_view(), name="adoption"),
    path("adoption/new/", views.ChooseEdition.as_view(), name="adopt_choose"),
    path("adoption/new/<slug:edition>/", views.Adopt.as_view(), name="adopt"),
    path("adoption/regions/<slug:region>/", views.Adoptions.as_view(), name="adoption_region"),
    path(
        "adoption/regions/<slug:region>/new/",
        views.ChooseEdition.as_view(),
        name="adopt_choose_region",
    ),
    path(
        "adoption/regions/<slug:region>/new/<slug:edition>/",
        views.Adopt.as_view(),
        name="adopt_region",
    ),
    path("adoption/<int:pk>/", views.AdoptionPage.as_view(), name="adoption_detail"),
    path("adoption/<int:pk>/change/", views.ChangeAdoption.as_view(), name="adoption_change"),
    path("adoption/<int:pk>/end/", views.EndAdoption.as_view(), name="adoption_end"),
    path("adoption/<int:pk>/remove/", views.RemoveCheck.as_view(), name="adoption_remove_check"),
    path("adoption/<int:pk>/removed/", views.RemoveAdoption.as_view(), name="adoption_remove"),
    path("adoption/<int:pk>/packs/new/", views.PackPage.as_view(), name="adoption_pack_new"),
    path("adoption/<int:pk>/packs/copy/", views.CopyPacks.as_view(), name="adoption_packs_copy"),
    path(
        "adoption/<int:pk>/packs/<slug:slug>/change/",
        views.PackPage.as_view(),
        name="adoption_pack",
    ),
    path(
        "adoption/<int:pk>/packs/<slug:slug>/remove/",
        views.RemovePackCheck.as_view(),
        name="adoption_pack_remove_check",
    ),
    path(
        "adoption/<int:pk>/packs/<slug:slug>/removed/",
        views.RemovePack.as_view(),
        name="adoption_pack_remove",
    ),
    *(
        path(
            f"adoption/<int:pk>/measures.{form}",
            views.AdoptedMeasures.as_view(),
            {"form": form},
            name=f"adoption_export_{form}",
        )
        for form in ("csv", "xlsx")
    ),
]
