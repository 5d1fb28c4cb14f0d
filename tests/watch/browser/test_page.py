"""The page in a real browser."""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from made_up import COLORS, SECONDS, MadeUpStudio, beat, served, three_beats
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import CDPSession, Page, Route

expect = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is not installed; `make test BROWSER=1` installs it"
).expect
HTML = "<script>document.title = 'run'</script><img src=x onerror=alert(1)><b>bold</b>"
COUNT_RETURNS = """
    let last = 0, returns = 0;
    new MutationObserver(() => {
      const now = parseFloat(document.querySelector("#time").textContent);
      if (now < last) document.body.dataset.returns = ++returns;
      last = now;
    }).observe(document.querySelector("#time"), { childList: true });
"""
MISTAKE = {"message": "frame 2 is not free", "file": "a.toml", "line": 52, "text": "frames = [2]"}


def shows(page: Page, name: str) -> None:
    expect(page.locator("#screen")).to_have_attribute("data-shown", name)


def is_at(page: Page, name: str) -> None:
    expect(page.locator("#beats .here h3 button")).to_have_text(name)


def run(page: Page, script: str) -> None:
    """Run a script in the page, which Playwright's own way cannot: the policy forbids eval."""
    protocol(page).send("Runtime.evaluate", {"expression": script})


def protocol(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


def test_it_plays_through_and_is_never_blank(page: Page) -> None:
    shows(page, "red.mp4")
    session = protocol(page)
    box = page.locator("#picture").bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    images: list[tuple[float, str]] = []  # with their times: they do not come in order

    def note(frame: dict[str, Any]) -> None:
        color = nearest(color_at(frame["data"], middle))
        images.append((frame["metadata"]["timestamp"], color))
        session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    session.on("Page.screencastFrame", note)
    session.send("Page.startScreencast", {"format": "jpeg"})
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    shows(page, "blue.mp4")
    expect(page.locator("#time")).to_have_text("3.0 of 3.0 s")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.locator("#line li").first.click(position={"x": 1, "y": 5})  # its film is not at hand
    shows(page, "red.mp4")

    def changes() -> list[str]:
        seen = [color for _, color in sorted(images)]
        return [now for now, before in zip(seen, [None, *seen], strict=False) if now != before]

    for _ in range(60):  # until the browser has shown it, too
        if len(changes()) == 4:
            break
        page.wait_for_timeout(250)
    session.send("Page.stopScreencast")
    assert changes() == ["red", "green", "blue", "red"]


def color_at(image: str, place: tuple[float, float]) -> tuple[int, ...]:
    picture = Image.open(io.BytesIO(base64.b64decode(image))).convert("RGB")
    found = picture.getpixel((round(place[0]), round(place[1])))
    assert isinstance(found, tuple)
    return found


def nearest(color: tuple[int, ...]) -> str:
    """Return the name of the colour that is seen, or its values, if it is none of ours."""
    for name, own in COLORS.items():
        if all(abs(a - b) < 20 for a, b in zip(color, own, strict=True)):
            return name
    return f"{color}"


def test_one_beat_loops(page: Page) -> None:
    page.keyboard.press("l")
    page.get_by_label("Speed").select_option("2")
    page.keyboard.press("ArrowRight")
    shows(page, "green.mp4")
    page.get_by_role("button", name="Play").click()
    run(page, COUNT_RETURNS)
    expect(page.locator("body")).to_have_attribute("data-returns", re.compile("[2-9]"))
    is_at(page, "middle")


def test_speed_and_full_screen(page: Page) -> None:
    shows(page, "red.mp4")
    page.get_by_label("Speed").select_option("0.25")
    assert value_of(page, "document.querySelector('video.front').playbackRate") == 0.25
    page.keyboard.press("ArrowRight")  # the next film has it, too
    shows(page, "green.mp4")
    assert value_of(page, "document.querySelector('video.front').playbackRate") == 0.25
    page.get_by_role("button", name="Full screen").click()
    expect(page.locator("#screen:fullscreen")).to_be_visible()
    page.keyboard.press("f")
    expect(page.locator("#screen:fullscreen")).to_have_count(0)


def test_arrow_keys_go_from_beat_to_beat(page: Page, studio: MadeUpStudio) -> None:
    shows(page, "red.mp4")
    for key, name, color in (
        ("ArrowRight", "middle", "green"),
        ("ArrowRight", "end", "blue"),
        ("ArrowRight", "end", "blue"),
        ("ArrowLeft", "middle", "green"),
    ):
        page.keyboard.press(key)
        shows(page, f"{color}.mp4")
        is_at(page, name)
        expect(page.locator("#caption")).to_have_text(f"This is {color}.")
    expect(page.locator("#time")).to_have_text("1.0 of 3.0 s")
    page.wait_for_timeout(100)  # it tells where it rests
    assert studio.looks[-1] == (1, 0.0)


def test_a_place_on_the_time_line_is_a_moment(page: Page) -> None:
    line = page.locator("#line li").nth(2)
    box = line.bounding_box()
    assert box
    line.click(position={"x": box["width"] / 2, "y": 5})
    shows(page, "blue.mp4")
    expect(page.locator("#time")).to_have_text("2.5 of 3.0 s")
    expect(page.locator("#line")).to_have_attribute("aria-valuetext", "end, 0.5 of 1.0 s")


def test_shape_and_theme_are_switched(page: Page, studio: MadeUpStudio) -> None:
    page.get_by_role("button", name="1:1").click()
    page.get_by_role("button", name="light").click()
    for name in ("1:1", "light"):
        expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    assert studio.choices == [{"shape": "1:1"}, {"theme": "light"}]
    studio._state["themes"] = ["light"]  # which the page does not know yet
    page.get_by_role("button", name="dark").click()
    expect(page.locator("#refused")).to_have_text("there is no theme 'dark'")


def test_it_asks_for_a_scene_where_none_is_chosen(page: Page, studio: MadeUpStudio) -> None:
    studio.show(scene=None, file=None, beats=[], seconds=0)
    expect(page.get_by_text("Which scene?")).to_be_visible()
    page.get_by_role("button", name="Others").click()
    expect(page.get_by_text("Which scene?")).to_be_hidden()
    assert studio.choices == [{"scene": "Others"}]
    expect(page.get_by_text("Nothing of it is drawn yet.")).to_be_visible()


def test_an_error_is_over_the_last_good_picture(page: Page, studio: MadeUpStudio) -> None:
    shows(page, "red.mp4")
    studio.show(error=MISTAKE)
    over = page.locator("#error")
    for text in ("frame 2 is not free", "a.toml:52", "frames = [2]"):
        expect(over.get_by_text(text, exact=True)).to_be_visible()
    shows(page, "red.mp4")
    studio.show(error=None)
    expect(over).to_be_hidden()


def test_what_comes_from_a_scene_is_text(page: Page, studio: MadeUpStudio) -> None:
    finding = {"rule": "r", "message": HTML, "at": 0.0, "box": [0.1, 0.1, 0.5, 0.5]}
    captions = [{"start": 0.0, "end": 1.0, "text": HTML}]
    first = beat(0, HTML, "red", captions=captions, file=HTML, findings=[finding])
    mistake = {"message": HTML, "file": HTML, "line": 1, "text": HTML}
    studio.show(beats=[first], error=mistake, printed=HTML, busy=HTML, story=HTML, scene=HTML)
    places = ("#caption", "#printed pre", "#error .message", "#error .text", "#status", "#scene")
    for place in (*places, "#line b", "#line span", "#beats h3 button", "#beats .caption"):
        expect(page.locator(place)).to_have_text(HTML)
    for made in ("main img[src='x']", "main script", "main b >> text=/^bold$/"):
        expect(page.locator(made)).to_have_count(0)
    expect(page).to_have_title(f"Error: {HTML} · watch")


def test_old_pictures_are_marked(page: Page, studio: MadeUpStudio) -> None:
    mark = page.get_by_text("From before the last save", exact=True)
    shows(page, "red.mp4")
    expect(mark).to_be_hidden()
    beats = three_beats()["beats"]
    studio.show(beats=[{**beats[0], "stale": True}, *beats[1:]])
    expect(mark).to_be_visible()
    expect(page.locator("#line li").first).to_have_class(re.compile("stale"))
    assert "grayscale" in look_of(page, "filter")
    page.keyboard.press("ArrowRight")
    shows(page, "green.mp4")
    expect(mark).to_be_hidden()
    assert look_of(page, "filter") == "none"


def test_what_is_seen_until_a_film_is_loaded_is_marked(page: Page, studio: MadeUpStudio) -> None:
    old = page.get_by_text("From before the last save", exact=True)
    other = page.get_by_text("Another beat: this one is loading")
    shows(page, "red.mp4")
    waiting: list[Route] = []
    page.route("**/media/green.mp4", lambda route: waiting.append(route))  # noqa: PLW0108 (looked into)
    page.reload()  # so that it is not at hand
    shows(page, "red.mp4")
    page.keyboard.press("ArrowRight")
    expect(other).to_be_visible()
    shows(page, "red.mp4")
    studio.show(beats=[beat(0, "opening", "blue"), beat(1, "middle", "green")])
    expect(old).to_be_visible()  # no beat has that picture any more
    expect(other).to_be_hidden()
    assert "grayscale" in look_of(page, "filter")
    for route in waiting:
        route.continue_()
    shows(page, "green.mp4")
    expect(old).to_be_hidden()
    assert look_of(page, "filter") == "none"


def look_of(page: Page, name: str) -> str:
    """Return a computed style of what is in front."""
    script = f"getComputedStyle(document.querySelector('#picture > .front')).{name}"
    return str(value_of(page, script))


def value_of(page: Page, script: str) -> object:
    found = protocol(page).send("Runtime.evaluate", {"expression": script})
    value: object = found["result"]["value"]
    return value


def test_all_of_it_fits_a_phone(page: Page, studio: MadeUpStudio) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    name = "Name" * 20
    long = beat(0, name, "red", file=f"{name}/{name}.py", captions=[])
    mistake = {"message": name * 3, "file": f"{name}.py", "line": 1, "text": name}
    studio.show(beats=[long], scene=name, scenes=[name, "Others"], error=mistake)
    expect(page.locator("#beats .place")).to_contain_text([name])
    assert value_of(page, "document.documentElement.scrollWidth") == 390
    place = "document.querySelector('#beats .place')"
    assert value_of(page, f"{place}.scrollWidth <= {place}.clientWidth")
    picture, error = (page.locator(each).bounding_box() for each in ("#picture", "#error"))
    assert picture
    assert error
    assert error["y"] > picture["y"] + picture["height"]


def test_beats_that_are_too_narrow_for_a_word_have_none(page: Page, studio: MadeUpStudio) -> None:
    expect(page.locator("#line b").first).to_be_visible()
    studio.show(beats=[beat(number, f"beat {number}", "red") for number in range(40)], seconds=40.0)
    expect(page.locator("#line li")).to_have_count(40)
    expect(page.locator("#line b").first).to_be_hidden()


def test_after_a_save_it_stays_at_the_moment_of_the_beat(page: Page, studio: MadeUpStudio) -> None:
    page.locator("#line li").nth(1).click(position={"x": 150, "y": 5})
    shows(page, "green.mp4")
    before = page.locator("#time").text_content()
    assert before
    at = float(before.split()[0])
    # A beat more before it; a still of it is there first, then its film.
    beats = [
        beat(0, "new", "green"),
        beat(1, "opening", "red"),
        beat(2, "middle", "blue", film=None),
    ]
    studio.show(beats=beats, seconds=3.0)
    shows(page, "blue.png")
    is_at(page, "middle")
    expect(page.locator("#time")).to_have_text(f"{at + SECONDS:.1f} of 3.0 s")
    studio.show(beats=[*beats[:2], beat(2, "middle", "blue")])
    shows(page, "blue.mp4")
    expect(page.locator("#time")).to_have_text(f"{at + SECONDS:.1f} of 3.0 s")


def test_it_goes_on_playing_when_a_film_comes(page: Page, studio: MadeUpStudio) -> None:
    beats = three_beats()["beats"]
    studio.show(beats=[beats[0], {**beats[1], "film": None}, beats[2]])
    page.keyboard.press("Space")
    shows(page, "green.png")
    studio.show(beats=beats)
    shows(page, "blue.mp4")


def test_it_plays_past_a_beat_without_length(page: Page, studio: MadeUpStudio) -> None:
    beats = [
        beat(0, "still", "red", film=None, seconds=0.0),
        beat(1, "moving", "green", start=0.0),
    ]
    studio.show(beats=beats, seconds=SECONDS)
    expect(page.locator("#line li")).to_have_count(2)
    expect(page.get_by_text("film not drawn yet")).to_have_count(0)
    page.keyboard.press("Space")
    shows(page, "green.mp4")


def test_nothing_is_shown_of_a_beat_that_is_not_drawn(page: Page, studio: MadeUpStudio) -> None:
    shows(page, "red.mp4")
    studio.show(beats=[beat(0, "opening", "red", film=None, still=None)], busy="draws opening")
    expect(page.get_by_text("Nothing of it is drawn yet.")).to_be_visible()
    expect(page.locator("#status")).to_have_text("draws opening")
    shows(page, "")


def test_a_finding_is_outlined_where_and_when_it_is(page: Page, studio: MadeUpStudio) -> None:
    finding = {
        "rule": "text-small",
        "message": "too small",
        "at": 0.7,
        "box": [0.25, 0.5, 0.5, 1.0],
    }
    nowhere = {"rule": "length", "message": "too long", "at": 0.0, "box": None}
    beats = three_beats()["beats"]
    studio.show(beats=[*beats[:2], {**beats[2], "findings": [finding, nowhere]}])
    expect(page.locator("#spots i")).to_have_count(0)
    page.get_by_text("too small").click()
    shows(page, "blue.mp4")
    expect(page.locator("#time")).to_have_text("2.7 of 3.0 s")
    expect(page.locator("#spots i")).to_have_count(1)
    spot, picture = (page.locator(name).bounding_box() for name in ("#spots i", "#spots"))
    assert spot
    assert picture
    assert abs(spot["x"] - picture["x"] - picture["width"] / 4) < 1
    assert abs(spot["width"] - picture["width"] / 4) < 1
    assert abs(spot["y"] - picture["y"] - picture["height"] / 2) < 1


def test_a_server_that_comes_back_is_found(browser: Any, media: Path, studio: MadeUpStudio) -> None:
    context = browser.new_context()
    page = context.new_page()
    gone = page.get_by_text("The server is gone, trying again")
    with served(studio) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        shows(page, "red.mp4")
        page.keyboard.press("ArrowRight")
        shows(page, "green.mp4")
        expect(gone).to_be_hidden()
    expect(gone).to_be_visible()
    other = MadeUpStudio(media, {**three_beats(), "busy": "draws anew"})
    with served(other, port) as again:
        assert again == port
        expect(gone).to_be_hidden()
        expect(page.locator("#status")).to_have_text("draws anew")
        is_at(page, "middle")
        page.wait_for_timeout(100)
        assert other.looks[-1] == (1, 0.0)  # the new server knows where the tab is
    context.close()


def test_two_tabs_are_each_where_they_are(page: Page, studio: MadeUpStudio, port: int) -> None:
    other = page.context.new_page()
    other.goto(f"http://127.0.0.1:{port}/")
    shows(other, "red.mp4")
    other.keyboard.press("ArrowRight")
    shows(other, "green.mp4")
    studio.show(busy="draws all")
    for tab, name in ((page, "red.mp4"), (other, "green.mp4")):
        expect(tab.locator("#status")).to_have_text("draws all")
        shows(tab, name)


def test_a_tab_that_was_asleep_is_right_at_once(page: Page, studio: MadeUpStudio) -> None:
    shows(page, "red.mp4")
    hide = "Object.defineProperty(document, 'hidden', {{ value: {}, configurable: true }});"
    tell = "document.dispatchEvent(new Event('visibilitychange'))"
    run(page, hide.format("true") + tell)
    expect(page.locator("#screen")).to_have_class("unsure")  # not shown as the present picture
    for number in range(20):
        studio.show(busy=f"draws {number}")
    expect(page.locator("#status")).to_have_text("")
    beats = [beat(0, "opening", "blue")]
    studio.show(beats=beats, busy="")
    run(page, hide.format("false") + tell)
    shows(page, "blue.mp4")
    expect(page.locator("#screen")).not_to_have_class("unsure")


def test_a_tab_that_is_loaded_again_is_where_it_was(page: Page) -> None:
    page.keyboard.press("ArrowRight")
    shows(page, "green.mp4")
    page.reload()
    shows(page, "green.mp4")
    is_at(page, "middle")
