"""Writing stories and answering them."""

from reporting.showcase.services.deciding import (
    publish_story,
    reopen_story,
    return_story,
    send_story,
    take_back_story,
    withdraw_story,
)
from reporting.showcase.services.photos import add_photo, describe_photo, remove_photo
from reporting.showcase.services.writing import change_story, start_story

__all__ = [
    "add_photo",
    "change_story",
    "describe_photo",
    "publish_story",
    "remove_photo",
    "reopen_story",
    "return_story",
    "send_story",
    "start_story",
    "take_back_story",
    "withdraw_story",
]
