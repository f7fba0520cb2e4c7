"""A person at a browser: signs in, presses, fills in, and is told at every page what is wrong with it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    TimeoutError,
)

AXE = (Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js").read_text()
RUN_AXE = """async () => (await axe.run(document)).violations.map(
    found => `${found.id} (${found.impact}): ${found.nodes.slice(0, 3).map(node => node.html).join(' | ')}`)"""
TELL_OF_POLICY = """document.addEventListener('securitypolicyviolation',
    event => console.error(`Content policy: ${event.violatedDirective} ${event.blockedURI}`))"""
TOO_WIDE = """() => {
    // What opens may be as wide as the page and no wider.
    const shut = [...document.querySelectorAll('main details:not([open])')]
    shut.forEach(one => { one.open = true })
    const wide = document.documentElement.clientWidth, found = document.documentElement.scrollWidth
    const over = found <= wide ? [] : [...document.querySelectorAll('main *')]
        .filter(one => one.getBoundingClientRect().right > wide + 1)
        .slice(0, 5).map(one => one.outerHTML.slice(0, 120)).concat(`${found} pixels`)
    shut.forEach(one => { one.open = false })
    return over
}"""
WIDTH, PHONE = 1280, 390
LONGEST_SECONDS = float(os.environ.get("SV_BROWSER_SECONDS", "60"))


class Person:
    """One person with a browser of their own. ``clicks`` and ``fields`` count what they had to do."""

    def __init__(
        self,
        browser: Browser,
        site: str,
        email: str,
        password: str,
        width: int = WIDTH,
        *,
        script: bool = True,
    ):
        """``script``: whether the pages' JavaScript runs."""
        self.site, self.email, self.password = site, email, password
        self.width, self.script = width, script
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
            java_script_enabled=script,
        )
        self.context.set_default_timeout(10_000)
        self.context.add_init_script(TELL_OF_POLICY)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(f"Script error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)
        self.problems: list[str] = []
        self.visited: list[str] = []
        self.may_answer: set[int] = {409, 422}
        """Answers that are meant for a person: a form with errors, a record that changed."""
        self.clicks = self.fields = 0

    # --- what the browser complains of ---

    def _heard(self, message: ConsoleMessage) -> None:
        # A refused answer is counted by its status; the console only repeats it.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"Console at {self.page.url}: {message.text}")

    def _failed(self, request: Request) -> None:
        # A download, or a question asked while the person already went on, ends without a page.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"Failed request: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.may_answer:
            self.problems.append(f"{response.status} from {response.request.method} {response.url}")

    def look(self) -> None:
        """Hold the page as it is now against axe, and the browser's complaints against none."""
        if not self.script:
            # Without scripts axe does not run either; the same pages are looked at with them.
            self.visited.append(self.page.url)
            assert self.problems == []
            return
        # Evaluated, not added as a script: the content policy stays as it is for everybody.
        self.page.evaluate(AXE)
        found = [f"axe at {self.page.url}: {text}" for text in self.page.evaluate(RUN_AXE)]
        self.visited.append(self.page.url)
        everything = self.problems + found
        assert not everything, "\n".join(everything)

    def arrive(self) -> None:
        self.page.wait_for_load_state("load")
        self.look()

    # --- going ---

    def go(self, address: str) -> Person:
        """To an address that is known, as from a link in a letter; counts as nothing."""
        self.page.goto(self.site + address)
        self.arrive()
        return self

    def sign_in(self, address: str = "/") -> Person:
        """Through the front page and the real form. What is counted begins afterwards."""
        self.go(address)
        if address == "/":
            self.press("Sign in")
        self.type_sign_in()
        self.start_counting()
        return self

    def type_sign_in(self) -> None:
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_label("Password", exact=True).fill(self.password)
        self.press("Sign in", within=self.page.locator("main form"))

    def start_counting(self) -> None:
        self.clicks = self.fields = 0

    @property
    def effort(self) -> tuple[int, int]:
        return self.clicks, self.fields

    def close(self) -> None:
        self.context.close()

    # --- hands ---

    @property
    def main(self) -> Locator:
        return self.page.locator("#main-content")

    def control(self, name: str | re.Pattern[str], within: Locator | None = None) -> Locator:
        """The button or link of this name; the first where a page offers it twice."""
        place = within or self.page.locator("body")
        found = place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name))
        return found.first

    def press(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> Person:
        """Press a button or follow a link that leads to a page."""
        self.clicks += 1
        control = self.control(name, within)
        try:
            control.wait_for()
        except TimeoutError as error:
            raise AssertionError(f"No {name!r} at {self.page.url}: {self.text()}") from error
        with self.page.expect_navigation(wait_until="load"):
            control.click()
        self.arrive()
        return self

    def tap(self, name: str, *, within: Locator | None = None) -> Person:
        """Press what changes this page only."""
        self.clicks += 1
        self.control(name, within).click()
        self.look()
        return self

    def menu(self, name: str) -> Person:
        return self.press(name, within=self.page.get_by_role("navigation", name="Menu"))

    def box(self, label: str) -> Locator:
        return self.main.get_by_label(label).first

    def fill(self, label: str, text: str) -> Person:
        self.fields += 1
        self.box(label).fill(text)
        return self

    def pick(self, question: str, answer: str) -> Person:
        """Answer a question by one of its radio buttons."""
        self.fields += 1
        self.main.get_by_role("group", name=question).get_by_label(answer).first.check()
        return self

    def select(self, label: str, answer: str) -> Person:
        self.fields += 1
        self.box(label).select_option(label=answer)
        return self

    def tick(self, label: str) -> Person:
        """Tick one of many: a click."""
        self.clicks += 1
        self.box(label).check()
        return self

    def untick(self, label: str) -> Person:
        self.clicks += 1
        self.box(label).uncheck()
        return self

    def answer(self, question: str, *numbers: int) -> Person:
        """Answer a question by ticking some of its boxes: one field."""
        self.fields += 1
        boxes = self.main.get_by_role("group", name=question).get_by_role("checkbox")
        for number in numbers:
            boxes.nth(number).check()
        return self

    def date(self, label: str, day: date | None = None, *, typed: str = "") -> Person:
        """The three boxes of a date are one field."""
        self.fields += 1
        parts = typed.split(" ") if typed else [str(day.day), str(day.month), str(day.year)]  # type: ignore[union-attr]
        group = self.main.get_by_role("group", name=label)
        for name, part in zip(("Day", "Month", "Year"), parts, strict=True):
            group.get_by_label(name).fill(part)
        return self

    def date_typed(self, label: str) -> str:
        group = self.main.get_by_role("group", name=label)
        return " ".join(group.get_by_label(n).input_value() for n in ("Day", "Month", "Year"))

    def attach(self, label: str, *files: Any) -> Person:
        """Choose a file: a click on the button beside it."""
        self.clicks += 1
        self.box(label).set_input_files(list(files))
        return self

    def download(self, name: str | re.Pattern[str]) -> bytes:
        """Follow a link that gives a file."""
        self.clicks += 1
        with self.page.expect_download() as waiting:
            self.control(name).click()
        return Path(waiting.value.path()).read_bytes()

    # --- eyes ---

    def text(self) -> str:
        return re.sub(r"\s+", " ", self.main.inner_text())

    def reads(self, *texts: str) -> Person:
        """All of this stands on the page."""
        shown = self.text()
        missing = [text for text in texts if text not in shown]
        assert missing == [], f"{self.page.url} shows: {shown}"
        return self

    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        summary = self.page.locator(".govuk-error-summary__list li")
        return [text.strip() for text in summary.all_inner_texts()]

    def reload_until(self, text: str | Callable[[], bool]) -> Person:
        """Look again until it is so: the worker is at its own pace."""
        last = time.monotonic() + LONGEST_SECONDS
        while not (text() if callable(text) else text in self.text()):
            assert time.monotonic() < last, f"Waited {LONGEST_SECONDS} s for {text}: {self.text()}"
            self.page.reload(wait_until="load")
        self.look()
        return self
