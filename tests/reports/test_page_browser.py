"""The page in a browser: opens quietly, filters, explains, switches, compares, prints.

Runs where playwright and a Chromium of the machine's own are present (`pip install
'kprules[browser]'`); elsewhere it says that they are not.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_parts import (
    HOSTILE,
    browser_path,
    data_of,
    elements_of,
    report,
    write_hostile,
)

from kprules.reports.page.outcomes import outcome_in

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install 'kprules[browser]'"
)
pytestmark = pytest.mark.skipif(browser_path() is None, reason="there is no Chromium here")

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-extensions", "--no-first-run",
]  # fmt: skip
CELL = """([id, definition]) => {
  const row = [...document.querySelectorAll("tr[data-c]")]
    .find((tr) => tr.querySelector("th code").textContent === id);
  const heads = [...document.querySelectorAll("thead th[data-d]")];
  return row.cells[heads.findIndex((th) => th.textContent === definition) + 1];
}"""


class Opened:
    """A page as a browser has it, with all that it complained of or asked for."""

    def __init__(self, browser: Any, path: Path, **options: Any) -> None:
        """Open a page."""
        self.said: list[str] = []
        self.asked: list[str] = []
        self.context = browser.new_context(
            **{"viewport": {"width": 1400, "height": 900}, **options}
        )
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append("dialog"), dialog.dismiss()))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        if options.get("java_script_enabled", True):
            self.page.evaluate("globalThis.kprules.ready")

    def cell(self, case: str, definition: str) -> Any:
        """Return the cell of a pair."""
        return self.page.evaluate_handle(CELL, [case, definition]).as_element()

    def explain(self, case: str, definition: str) -> str:
        """Open a cell and return what its reasons say."""
        self.cell(case, definition).click()
        return self.reasons()

    def reasons(self) -> str:
        """Return what the open reasons say."""
        self.page.wait_for_selector("#reasons[open]")
        self.page.wait_for_timeout(50)
        text: str = self.page.inner_text("#reasons")
        return text

    def shown(self) -> tuple[int, int]:
        """Count the rows and columns that are shown."""
        rows = self.page.locator("tr[data-c]:visible").count()
        return rows, self.page.locator("thead th[data-d]:visible").count()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return the machine's Chromium."""
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of the report on everything that ships."""
    folder = tmp_path_factory.mktemp("page")
    report(folder)
    return folder / "page.html"


@pytest.fixture
def opened(browser: Any, file: Path) -> Iterator[Opened]:
    """Open the page; in the end it has complained of nothing and asked for nothing but itself."""
    page = Opened(browser, file)
    yield page
    assert page.said == []
    assert page.asked == [file.as_uri()]
    page.context.close()


def test_it_opens_quietly_with_everything_shown(opened: Opened) -> None:
    """No complaint, no request; all rows and columns, and a line of counts."""
    rows, columns = opened.shown()
    assert rows > 50
    assert columns > 30
    assert f"{rows} of {rows} cases, {columns} of {columns} definitions" in opened.page.inner_text(
        "#shown"
    )


def test_outcomes_in_the_browser_are_those_of_the_data(opened: Opened, file: Path) -> None:
    """Twelve settings of the switches, every pair: scripts and Python read the same."""
    data = data_of(file.read_text(encoding="utf-8"), "outcomes")
    dice = random.Random(11)
    pool = [
        (f"{definition['id']}.{label}", name)
        for definition in data["definitions"]
        for label, _, names in definition["readings"]
        for name in names
    ]
    parties = ["", *(party for party, _, _ in data["parties"])]
    for turn in range(12):
        at = {
            "view": dice.choice(parties),
            "standard": dice.randrange(2),
            "readings": dict(dice.sample(pool, dice.randrange(5))),
            "every": turn % 4 == 3,
        }
        found = opened.page.evaluate(
            """([at, rows, columns]) => Array.from({length: rows}, (_, r) =>
              Array.from({length: columns}, (_, c) => kprules.outcome(r, c, at)))""",
            [at, len(data["cases"]), len(data["definitions"])],
        )
        wanted = [
            [outcome_in(data, r, c, **at) for c in range(len(data["definitions"]))]
            for r in range(len(data["cases"]))
        ]
        assert found == wanted


def test_filters_leave_what_was_asked_for(opened: Opened) -> None:
    """By text, by status, by wording, by country, by outcome; and everything again."""
    page = opened.page
    whole = opened.shown()
    page.fill("#filter-text", "unita angola")
    assert 0 < opened.shown()[0] < 8
    page.fill("#filter-text", "no such words")
    assert opened.shown()[0] == 0
    assert page.is_visible("#nothing")
    page.click("button[type=reset]")
    page.wait_for_selector("#nothing", state="hidden")
    assert opened.shown() == whole
    page.select_option("#filter-country", label="Angola")
    page.select_option("#filter-status", "blocked")
    rows, columns = opened.shown()
    assert 0 < rows < 40
    assert 0 < columns < 15
    page.select_option("#filter-outcome", "2")
    captured = page.locator("tr[data-c]:visible td.c:visible").count()
    assert captured > 0
    assert page.inner_text("#shown").count(f"{captured} captured") == 1
    page.click("button[type=reset]")
    playwright.expect(page.locator("tr[data-c]:not([hidden])")).to_have_count(whole[0])
    page.click("text=Wordings: all")
    page.locator("#filter-definitions input[data-all]").first.uncheck()
    assert opened.shown()[1] < whole[1]


def test_a_cell_opens_its_reasons(opened: Opened) -> None:
    """The wording's own words, the contested fact, who says so and where, what would settle it."""
    said = opened.explain("rus-ukr-2022", "west-2022")
    assert "undetermined" in said
    assert "to finance conflict" in said
    assert "What the proceeds pay for: contested" in said
    assert "Affirmed by Ukraine, United Kingdom" in said
    assert "Denied by Russia: nothing" in said
    assert "captured if what the proceeds pay for" in said
    assert "kprules explain rus-ukr-2022 west-2022" in said
    links = opened.page.locator("#reasons a.source")
    hrefs = [links.nth(n).get_attribute("href") or "" for n in range(links.count())]
    assert hrefs
    assert all(href.startswith(("http://", "https://", "#s-")) for href in hrefs)
    opened.page.keyboard.press("Escape")
    assert not opened.page.is_visible("#reasons")


def test_the_table_is_walked_by_keyboard(opened: Opened) -> None:
    """One stop of the tab key; arrows, Home and End; Enter opens; Escape comes back to the cell."""
    page = opened.page
    assert page.locator('#matrix-table td[tabindex="0"]').count() == 1
    page.locator('#matrix-table td[tabindex="0"]').focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "End", "Home", "ArrowRight"):
        page.keyboard.press(key)
    place = "[document.activeElement.parentElement.dataset.c, document.activeElement.cellIndex]"
    assert page.evaluate(place) == ["2", 2]
    page.keyboard.press("Enter")
    assert "Why" in opened.reasons()
    page.keyboard.press("Escape")
    assert page.evaluate(place) == ["2", 2]


def test_a_view_and_alleged_facts_change_marks(opened: Opened) -> None:
    """Ukraine and Russia part on the war; the cells that differ are ringed, and counted."""
    page = opened.page
    cell = opened.cell("rus-ukr-2022", "west-2022")
    assert cell.inner_text() == "undetermined"
    page.select_option("#switch-view", "ukraine")
    assert (cell.inner_text(), cell.get_attribute("class")) == ("captured", "c other")
    assert "The facts as Ukraine sees them." in page.inner_text("#conditions")
    page.select_option("#switch-view", "russia")
    assert cell.inner_text() == "not captured"
    said = opened.explain("rus-ukr-2022", "west-2022")
    assert "--view russia" in said
    page.click("#reasons button:has-text('Ukraine')")
    assert "captured" in opened.reasons()
    assert cell.inner_text() == "captured"
    page.keyboard.press("Escape")
    page.click("#reset-switches")
    assert cell.inner_text() == "undetermined"
    page.check('input[name="standard"][value="1"]')
    assert "Alleged facts count." in page.inner_text("#conditions")
    assert page.locator("td.other").count() > 0


def test_a_reading_holds_for_the_wordings_that_amend(opened: Opened) -> None:
    """Read cumulatively, recognition fails in the core and in what keeps it; all at once: open."""
    page = opened.page
    core = opened.cell("caf-rebels-2005-2012", "kpcs-core-2002")
    heir = opened.cell("caf-rebels-2005-2012", "west-2022")
    assert core.inner_text() == heir.inner_text() == "captured"
    page.click("#readings > summary")
    page.select_option('select[data-where="kpcs-core-2002.recognition"]', "cumulative")
    assert core.inner_text() == heir.inner_text() == "not captured"
    page.check("#switch-every")
    assert core.inner_text() == "undetermined"
    page.click("#readings > summary")
    said = opened.explain("caf-rebels-2005-2012", "kpcs-core-2002")
    assert "read as explanatory: captured, as cumulative: not captured" in " ".join(said.split())


def test_two_wordings_are_set_beside_each_other(opened: Opened) -> None:
    """Words as tracked changes, cases under the switches that are set, the proved relation."""
    page = opened.page
    base = page.locator("#change-base option", has_text="(kpcs-core-2002)").get_attribute("value")
    variant = page.locator("#change-variant option", has_text="(wars-2023)").get_attribute("value")
    page.select_option("#change-base", base)
    page.select_option("#change-variant", variant)
    playwright.expect(page.locator("#change-result")).to_contain_text("wars")
    said = page.inner_text("#change-result")
    assert page.locator("#change-result del", has_text="used by rebel movements").count() == 1
    assert page.locator("#change-result ins", has_text="used to finance wars").count() == 1
    assert "kpcs-core-2002 is narrower than wars-2023" in said
    assert "Russian rough diamonds and the war against Ukraine" in said
    before = page.inner_text("#change-counts")
    page.select_option("#switch-view", "ukraine")
    page.wait_for_timeout(100)
    assert page.inner_text("#change-counts") != before
    page.click("#change-swap")
    page.wait_for_timeout(100)
    assert "wars-2023 is broader than kpcs-core-2002" in page.inner_text("#change-result")


def test_every_mark_opens_some_reasons_under_any_switch(opened: Opened) -> None:
    """Twenty cells, a view each: the reasons have a clause at least, and sentences no hole."""
    page = opened.page
    page.evaluate("kprules.set({standard: 1})")
    parties = page.locator("#switch-view option")
    dice = random.Random(7)
    rows, columns = opened.shown()
    for _ in range(20):
        view = parties.nth(dice.randrange(parties.count())).get_attribute("value")
        page.evaluate("(view) => kprules.set({view})", view)
        page.locator("tr[data-c]").nth(dice.randrange(rows)).locator("td").nth(
            dice.randrange(columns)
        ).evaluate("(cell) => cell.click()")
        said = opened.reasons()
        assert page.locator("#reasons .reasons li").count() > 0
        assert "undefined" not in said
        assert "[object" not in said
        page.keyboard.press("Escape")


def test_it_is_whole_without_scripts(browser: Any, file: Path) -> None:
    """The table, the answers and the texts are read; what needs scripts is not offered."""
    page = Opened(browser, file, java_script_enabled=False)
    assert page.page.locator("td.c").count() > 300
    assert not page.page.is_visible("#filters")
    assert "read here without scripts" in page.page.inner_text("noscript >> nth=0")
    page.page.click("text=Due diligence by members >> nth=0")
    assert page.said == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Any, file: Path, scheme: str) -> None:
    """In light and dark: at least 4.5 to 1 for words, and for the marks that say something."""
    page = Opened(browser, file, color_scheme=scheme)
    for selector in ("body", ".small", ".label", "td.c", "td.u", ".legend .outcome.u", "a", "code"):
        ratio = page.page.evaluate(
            """(selector) => {
              const part = (text) => text.match(/[\\d.]+/g).map(Number);
              const light = (c) => { const [r, g, b] = part(c).map((v) => v / 255).map((v) =>
                v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
              const one = document.querySelector(selector);
              let ground = one, colour;
              do {
                colour = getComputedStyle(ground).backgroundColor;
                ground = ground.parentElement;
              } while (ground && colour === "rgba(0, 0, 0, 0)");
              const [a, b] = [light(getComputedStyle(one).color), light(colour)];
              return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            }""",
            selector,
        )
        assert ratio >= 4.5, (selector, ratio)
    page.context.close()


@pytest.mark.parametrize("width", [390, 1400])
def test_nothing_but_framed_tables_is_wider_than_the_screen(
    browser: Any, file: Path, width: int
) -> None:
    """A telephone scrolls the table in its frame, and the page only downwards."""
    page = Opened(browser, file, viewport={"width": width, "height": 800})
    assert page.page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_it_prints(opened: Opened) -> None:
    """A PDF of several pages comes out, without controls."""
    opened.page.emulate_media(media="print")
    assert not opened.page.is_visible("#filters")
    assert not opened.page.is_visible("nav")
    assert opened.page.is_visible("#matrix-table")
    printed = opened.page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") > 3


def test_what_is_printed_says_what_it_rests_on(opened: Opened) -> None:
    """The switches that are set, how many are shown, both wordings compared; controls are not."""
    page = opened.page
    page.evaluate('kprules.set({view: "ukraine", standard: 1})')
    page.emulate_media(media="print")
    assert "The facts as Ukraine sees them. Alleged facts count." in page.inner_text("#conditions")
    assert page.is_visible("#conditions")
    assert page.is_visible("#shown")
    assert not page.is_visible("#switch-view")
    assert not page.is_visible("#change-base")
    assert page.inner_text("#change-result").startswith("From ")


def test_the_caption_says_what_the_marks_rest_on(opened: Opened) -> None:
    """With every switch; back at the default it is what the page said before."""
    caption = "#matrix-table caption"
    plain = opened.page.text_content(caption)
    assert plain.endswith("on established facts and customary readings")
    opened.page.evaluate('kprules.set({view: "ukraine"})')
    said = opened.page.text_content(caption)
    assert said.endswith("on established facts as Ukraine sees them and customary readings")
    opened.page.evaluate('kprules.set({standard: 1, readings: {"wars-2023.war": "by_deaths"}})')
    said = opened.page.text_content(caption)
    assert "on alleged facts too as Ukraine sees them" in said
    assert said.endswith("and customary readings, wars-2023.war read as by deaths")
    opened.page.evaluate("kprules.set({every: true})")
    assert opened.page.text_content(caption).endswith("and every reading at once")
    opened.page.click("#reset-switches")
    assert opened.page.text_content(caption) == plain


def test_rows_are_told_apart_on_paper(opened: Opened) -> None:
    """Titles are printed whole, none cut at the edge of its cell, and ids below them."""
    opened.page.emulate_media(media="print")
    assert opened.page.is_visible("#matrix-table tbody th code >> nth=0")
    cut = """() => [...document.querySelectorAll("#matrix-table tbody th a")]
      .filter((a) => a.scrollWidth > a.clientWidth + 1).map((a) => a.textContent)"""
    assert opened.page.evaluate(cut) == []


def test_folded_parts_are_printed_and_folded_again(opened: Opened) -> None:
    """What was open stays open."""
    folded = "document.querySelectorAll('main details:not([open])').length"
    number = opened.page.evaluate(folded)
    assert number > 0
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.page.evaluate(folded) == 0
    opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.page.evaluate(folded) == number


def test_hostile_text_does_nothing(browser: Any, tmp_path: Path) -> None:
    """Whatever titles, quotes, sources and tags hold, nothing of it runs, opened or closed."""
    write_hostile(tmp_path)
    report(tmp_path, "--rules", "rules", "--cases", "cases")
    page = Opened(browser, tmp_path / "page.html")
    said = page.explain("hostile-case", "hostile-one")
    assert HOSTILE in said
    for view in ("one_side", "other_side", ""):
        page.page.evaluate("(view) => kprules.set({view})", view)
        page.page.wait_for_timeout(50)
    page.page.keyboard.press("Escape")
    page.page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    assert HOSTILE in page.page.inner_text("#change-result")
    assert page.page.evaluate("typeof globalThis.hacked") == "undefined"
    assert page.page.locator("img").count() == 0
    assert page.said == []
    assert page.asked == [(tmp_path / "page.html").as_uri()]
    page.context.close()


def test_the_policy_would_stop_what_got_in(browser: Any, file: Path, tmp_path: Path) -> None:
    """Were a script, a handler or an image to get into the page, the browser would refuse it."""
    text = file.read_text(encoding="utf-8")
    bad = "<script>globalThis.hacked=1</script><img src='data:,x' onerror='globalThis.hacked=1'>"
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(text.replace("<h1>", f"{bad}<h1>"), encoding="utf-8")
    assert any(e.tag == "img" for e in elements_of(spoilt.read_text(encoding="utf-8")))
    page = Opened(browser, spoilt)
    assert page.page.evaluate("typeof globalThis.hacked") == "undefined"
    assert any("Content Security Policy" in said for said in page.said)
    page.context.close()
