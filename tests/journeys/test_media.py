"""A picture, a document and a film from a draft to a learner; and a course from its owner to those who adopt it."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

from PIL import Image
from playwright.sync_api import Route

from tests.journeys.visit import Visit

COURSE = "pirmieji-zingsniai"
PAGE, FILE = "ko-laukiama", "01-mokymasis/01-ko-laukiama.en.md"
CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:01.000\nLabas rytas\n"
# A second of film, made by the browser itself.
FILM = """async () => {
    const canvas = document.createElement('canvas'); canvas.width = 64; canvas.height = 36;
    const pen = canvas.getContext('2d'), pieces = [];
    const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: 'video/webm;codecs=vp8' });
    recorder.ondataavailable = (event) => pieces.push(event.data);
    const over = new Promise((done) => { recorder.onstop = done; });
    recorder.start();
    for (let n = 0; n < 10; n += 1) {
        pen.fillStyle = n % 2 ? 'green' : 'white'; pen.fillRect(0, 0, 64, 36);
        await new Promise((done) => setTimeout(done, 60));
    }
    recorder.stop(); await over;
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
    return btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(''));
}"""
# What a person does who drags files from a folder onto the page.
DROP = """([zone, files]) => {
    const carried = new DataTransfer();
    for (const [name, type, data] of files) {
        const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
        carried.items.add(new File([bytes], name, { type }));
    }
    for (const kind of ['dragenter', 'dragover', 'drop'])
        document.querySelector(zone).dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(out, "JPEG")
    return out.getvalue()


def carried(*files: tuple[str, str, bytes]) -> list[list[str]]:
    return [[name, kind, base64.b64encode(data).decode()] for name, kind, data in files]


def test_a_picture_a_document_and_a_film_reach_a_learners_phone(visit: Callable[..., Visit]) -> None:
    jolanta = visit(lang="en").become("jolanta")
    jolanta.open(f"/teaching/courses/{COURSE}").press("Edit in the studio").press("Media library")
    library = jolanta.path
    film = base64.b64decode(jolanta.page.evaluate(FILM))
    document = b"%PDF-1.7\n" + bytes(9_000_000)
    broken: list[str] = []

    def break_once(route: Route) -> None:
        """The line breaks in the middle of the document."""
        if not broken and route.request.headers.get("upload-offset", "0") != "0":
            broken.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    jolanta.page.route("**/teaching/files/*", break_once)
    files = carried(
        ("Salė.JPG", "image/jpeg", picture("teal")),
        ("Sąrašas.pdf", "application/pdf", document),
        ("Pamoka.webm", "video/webm", film),
    )
    jolanta.page.evaluate(DROP, ["[data-drop]", files])
    assert jolanta.page.locator("input[type=file]").evaluate("field => field.files.length") == 3
    jolanta.press("Add")
    assert broken, "the line did not break"
    jolanta.complaints[:] = [
        one for one in jolanta.complaints if "ERR_FAILED" not in one
    ]  # which we have made ourselves
    assert jolanta.sees("What does this picture show?")
    text = jolanta.page.get_by_label("What does picture 1 show?")
    text.fill("Salė su trimis eilėmis kėdžių")
    jolanta.press("Save", within="section:has(#texts-title)")
    for name in ("sale.jpg", "sarasas.pdf", "pamoka.webm"):
        jolanta.press(name, within=".shelf")
        if name == "pamoka.webm":
            jolanta.attach("captions", "pamoka.vtt", CAPTIONS, "text/vtt").press("Save the captions")
            jolanta.fill("transcript", "Mokytoja pasisveikina.").press("Save the transcript")
        jolanta.choose("page", FILE).press("Add to the end of this page")
        jolanta.open(library)
    assert not jolanta.sees("Not used in any page") and not jolanta.sees("Captions are missing")
    jolanta.open(library.rpartition("/")[0]).press("Publish…")
    jolanta.press("See what changes, and publish")
    jolanta.tick("input[name=level][value=minor]").press("Publish", within="form")
    assert jolanta.sees("Version 1.1 is published.")
    rasa = visit(width=390, lang="en", touch=True).become("rasa")
    rasa.open(f"/courses/{COURSE}")
    if rasa.page.locator("form[action$='/enrol']").count():
        rasa.click("form[action$='/enrol'] button")
    rasa.open(f"/courses/{COURSE}/pages/{PAGE}")
    shown = rasa.page.locator("main img[alt='Salė su trimis eilėmis kėdžių']")
    shown.scroll_into_view_if_needed()
    rasa.page.wait_for_function("image => image.complete && image.naturalWidth === 320", arg=shown.element_handle())
    heard: dict[str, Any] = rasa.page.locator("main video").evaluate(
        """async (film) => {
            const track = film.textTracks[0]; track.mode = 'showing';
            film.preload = 'auto'; film.load();
            const cues = () => track.cues && track.cues.length;
            while (!cues() || film.readyState < 2) await new Promise((done) => setTimeout(done, 50));
            return { said: track.cues[0].text, kind: track.kind, wide: film.videoWidth };
        }"""
    )
    assert heard == {"said": "Labas rytas", "kind": "captions", "wide": 64}
    assert rasa.page.locator("main figcaption a").filter(has_text="Transcript").count() == 1
    assert rasa.page.locator("main a[href$='sarasas.pdf']").count() == 1


def test_without_script_the_same_is_done_by_forms(visit: Callable[..., Visit]) -> None:
    jolanta = visit(lang="en", script=False, width=390).become("jolanta")
    jolanta.open("/teaching").press("Vasaros skaitymai: kaip surengti renginį").press("Media library")
    assert jolanta.sees("What does this picture show?")
    jolanta.attach("file", "kedes.png", picture("teal"), "image/png").press("Add")
    assert jolanta.sees("What do these 2 pictures show?")
    jolanta.page.get_by_label("What does picture 1 show?").fill("Kėdės po medžiu")
    jolanta.page.get_by_label("Picture 2 only decorates").check()
    jolanta.press("Save", within="section:has(#texts-title)")
    jolanta.press("kedes.jpg", within=".shelf")
    jolanta.press("Add to the end of this page")
    assert jolanta.sees("It stands at the end of")
    jolanta.press("Media library", within="nav, main").press("dalyviu-sarasas.pdf", within=".shelf")
    assert jolanta.sees("These pages use it. Take it out of them first:")


def test_a_course_is_adopted_and_its_original_is_followed(visit: Callable[..., Visit]) -> None:
    jolanta = visit(lang="en").become("jolanta")
    jolanta.open("/teaching").press("Courses of others").follow_to("/teaching/shared/")
    jolanta.fill("id", "bdar-centre").press("Adopt the course")
    assert jolanta.sees("The copy is a draft now.")
    admin = visit(lang="en", width=390).become("admin")
    admin.open("/teaching").press("The original has changed")
    assert admin.sees("Changed in the original, not by you")
    admin.page.get_by_label("Take the original’s").first.check()
    admin.press("Go on with what I chose")
    assert admin.sees("What you took stands in the draft.")
