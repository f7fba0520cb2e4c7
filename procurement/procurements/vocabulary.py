from __future__ import annotations

from django.db.models import TextChoices


class ProcurementStatus(TextChoices):
    """Where the procurement stands. A later room moves it by this room's services."""

    DRAFT = "draft", "Draft"
    ROUTED = "routed", "Being prepared"
    DIVIDED = "divided", "Tendered in lots"
    PUBLISHED = "published", "Out to tender"
    EVALUATING = "evaluating", "Being evaluated"
    AWARDED = "awarded", "Awarded"
    COMPLETE = "complete", "Complete"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ProcurementSource(TextChoices):
    ENTERED = "entered", "Entered here"
    NOTICE = "notice", "Imported notice"


class EstimateBasis(TextChoices):
    EXCL = "excl", "Excluding VAT"
    INCL = "incl", "Including VAT"


class DecisionStage(TextChoices):
    ENTRY = "entry", "When entered"
    CHANGE = "change", "When changed"
    PUBLICATION = "publication", "At publication"
    AWARD = "award", "At award"
    OVERRIDE = "override", "By override"


class OverrideStatus(TextChoices):
    ASKED = "asked", "Waiting for a second person"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    TAKEN_BACK = "taken_back", "Taken back"


class PlanStage(TextChoices):
    """Where a planned procurement of the pipeline stands."""

    PLANNED = "planned", "Planned"
    STARTED = "started", "Started"
    DROPPED = "dropped", "Dropped"


class ImportStatus(TextChoices):
    PREVIEWED = "previewed", "Previewed"
    APPLIED = "applied", "Applied"


class NoticeAction(TextChoices):
    """What an import does with one notice."""

    CREATED = "created", "New"
    UPDATED = "updated", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    REFUSED = "refused", "Refused"


class BuyerMatch(TextChoices):
    """Whose notices an uploaded file brings in."""

    OWN = "own", "Only notices that name us as the buyer"
    ALL = "all", "Every notice in the file, as ours"


class ProcurementDeed(TextChoices):
    CREATED = "procurement_created", "Procurement entered"
    CHANGED = "procurement_changed", "Procurement changed"
    ROUTED = "route_decided", "Route decided"
    MOVED = "procurement_moved", "Procurement moved on"
    WITHDRAWN = "procurement_withdrawn", "Procurement withdrawn"
    NOTE_FINISHED = "light_touch_note_finished", "Light-touch note finished"
    IMPORT_PREVIEWED = "notices_previewed", "Notices previewed"
    IMPORT_APPLIED = "notices_imported", "Notices imported"
    LOTS_SET = "lots_set", "Lots set"
    DIVIDED = "tendered_in_lots", "Tendered in lots"
    OVERRIDE_ASKED = "override_asked", "Override asked for"
    OVERRIDE_ANSWERED = "override_answered", "Override answered"
    CONSIDERED = "consideration_recorded", "Consideration recorded"
    DEVIATION_EXPLAINED = "deviation_explained", "Deviation explained"
    PLANNED = "procurement_planned", "Procurement planned"
    PLAN_CHANGED = "planned_procurement_changed", "Planned procurement changed"
    PLAN_DROPPED = "planned_procurement_dropped", "Planned procurement dropped"
    SPEND_RECORDED = "yearly_spend_recorded", "Yearly spend recorded"
    PIPELINE_PUBLISHED = "pipeline_notice_published", "Pipeline notice recorded as published"
