"""Pictures, films and documents of a course: brought in, described, put into pages, replaced, taken out and put back."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import select

from app.accounts.models import Person
from app.catalog import actions, queries
from app.catalog.format import library, reader
from app.catalog.importer import bringing
from app.kit.actor import Role
from app.kit.database import Sessions, reading, writing
from tests.browser import Browser, Page
from tests.factories import a_person, actor_for, an_organisation, course_files

MP4 = b"\0\0\0\x18ftypmp42" + b"\0" * 64
VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nLabas\n"
SRT = b"\xef\xbb\xbf1\r\n00:00:00,000 --> 00:00:02,500\r\nLabas\r\n"


def photograph(colour: str = "red") -> bytes:
    """A JPEG that tells where it was taken."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x8825] = {1: "N", 2: (54.0, 41.0, 0.0)}
    exif[0x010F] = "A camera"
    Image.new("RGB", (40, 30), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


class Studio:
    """A trainer with a draft, and what its readers would be told."""

    def __init__(self, browser: Browser, sessions: Sessions, key: str) -> None:
        self.browser, self.sessions, self.key = browser, sessions, key

    def open(self, rest: str = "") -> Page:
        return self.browser.open(f"/teaching/drafts/{self.key}/media{rest}")

    def add(self, *files: tuple[str, bytes]) -> Page:
        page = self.open()
        form = page.form("Add").fill()
        for one in files:
            form.files = {"file": one}
            page = form.press("Add")
        return page

    def files(self) -> dict[str, bytes]:
        with reading(self.sessions) as db:
            draft = queries.draft_by_key(db, self.key)
            assert draft is not None
            return queries.draft_source(db, self.browser.app.state.blobs, draft)

    def codes(self) -> set[str]:
        return {problem.code for problem in reader.read_files(self.files()).problems}


@pytest.fixture
def studio(browser: Browser, sessions: Sessions) -> Studio:
    with writing(sessions) as db:
        person = a_person(db, an_organisation(db, "School", code="school"), roles=[Role.TRAINER])
        files = course_files("first-course", owner="school")
        actor = actor_for(db, person)
        key = actions.start_draft(
            db, actor, slug="first-course", title="First course", contents=actions.Contents(files)
        )
    return Studio(browser.as_(person), sessions, key)


def test_a_photograph_is_described_put_into_a_page_and_loses_its_place(studio: Studio) -> None:
    page = studio.add(("Mūsų salė (1).JPG", photograph()))
    assert page.sees("1 file is in the course.")
    assert page.sees("What does this picture show?")
    kept = studio.files()["media/musu-sale-1.jpg"]
    with Image.open(io.BytesIO(kept)) as picture:
        assert not dict(picture.getexif())
    one = page.follow("musu-sale-1.jpg")
    assert one.sees("Say first what the picture shows")
    assert one.press("Save", text=" ").sees("Say what the picture shows, or that it only decorates.")
    told = studio.open().press(
        "Save", **{f"text-{queries.file_key('media/musu-sale-1.jpg')}": "A hall with [40] seats"}
    )
    assert told.sees("1 picture is described.")
    one = told.follow("musu-sale-1.jpg")
    line = next(e.get("value") for e in one.all("input") if e.get("id") == "markdown")
    assert line == r"![A hall with \[40\] seats](media/musu-sale-1.jpg)"
    assert one.press("Add to the end of this page", page="01-start/02-page-2.md").sees(
        "It stands at the end of Page 2."
    )
    assert studio.files()["01-start/02-page-2.md"].decode().endswith(f"\n\n{line}\n")
    assert studio.open().sees("Used in: Page 2")
    course = reader.read_files(studio.files()).course
    assert course is not None and not studio.codes() & {"E170", "E181"}


def test_a_picture_that_stands_without_a_text_gets_it_where_it_stands(studio: Studio) -> None:
    studio.add(("dot.png", png()))
    with writing(studio.sessions) as db:
        draft = queries.draft_by_key(db, studio.key)
        assert draft is not None
        actor = actor_for(db, db.scalars(select(Person)).one())
        text = queries.draft_texts(db, draft.id, "01-start/01-page-1.md")[0]
        new = f"{text.text}\n![](media/dot.png)\n"
        actions.save_file(db, actor, draft=draft, path=text.path, text=new, base=text.revision)
    assert "E170" in studio.codes()
    one = studio.open().follow("dot.png")
    assert one.press("Save", text="A dot").sees("It is described, and so it is in 1 page.")
    assert "E170" not in studio.codes()
    assert b"![A dot](media/dot.png)" in studio.files()["01-start/01-page-1.md"]


def png(colour: str = "blue") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "PNG")
    return out.getvalue()


def test_a_film_is_published_only_with_captions_and_a_transcript(studio: Studio) -> None:
    page = studio.add(("film.mp4", MP4))
    assert page.sees("Captions are missing") and page.sees("The transcript is missing")
    one = page.follow("film.mp4")
    one.press("Add to the end of this page", page="01-start/01-page-1.md")
    assert "E171" in studio.codes()
    assert one.press("Save the captions", captions=("film.png", png())).sees(
        "Captions are a file that ends in .vtt or .srt."
    )
    assert one.press("Save the captions", captions=("film.vtt", b"WEBVTT\n\nno times\n")).sees(
        "there is no caption in this file"
    )
    assert one.press("Save the captions", captions=("film.srt", SRT)).sees("The captions are there.")
    assert studio.files()["media/film.vtt"] == b"WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.500\nLabas\n"
    assert one.press("Save the transcript", transcript=" ").sees("Fill in this field.")
    done = one.press("Save the transcript", transcript="Somebody says hello.")
    assert done.sees("The transcript is there.") and done.sees("Somebody says hello.")
    assert "E171" not in studio.codes()
    listed = studio.open()
    assert not listed.sees("film.vtt") and not listed.sees("missing")
    film = next(e.get("src") for e in done.all("video"))
    piece = studio.browser.client.get(film, headers={"Range": "bytes=4-7"})
    assert (piece.status_code, piece.content) == (206, b"ftyp")
    assert studio.browser.client.head(film).headers["content-length"] == str(len(MP4))


def test_replacing_keeps_every_link(studio: Studio) -> None:
    studio.add(("dot.png", png()))
    one = studio.open().follow("dot.png")
    one.press("Save", text="A dot")
    studio.open().follow("dot.png").press("Add to the end of this page", page="01-start/01-page-1.md")
    before = studio.files()
    assert one.press("Replace", file=("film.mp4", MP4)).sees("Replace it with a file of the same kind: png.")
    assert one.press("Replace").sees("Choose a file.")
    assert one.press("Replace", file=("another name.png", png("green"))).sees(
        "It is replaced; every page shows the new one."
    )
    after = studio.files()
    assert [path for path in after if after[path] != before[path]] == ["media/dot.png"]


def test_a_file_in_use_stays_and_another_can_be_put_back(studio: Studio) -> None:
    studio.add(("dot.png", png()), ("form.pdf", b"%PDF-1.7\n"))
    studio.open().follow("form.pdf").press("Add to the end of this page", page="01-start/01-page-1.md")
    used = studio.open().follow("form.pdf")
    assert used.sees("These pages use it. Take it out of them first: Page 1")
    refused = studio.browser.post(f"{used.url}/remove", [])
    assert refused.sees("This file is used in: Page 1.")
    gone = studio.open().follow("dot.png").press("Take it out of the course")
    assert gone.sees("dot.png is out of the course.")
    assert "media/dot.png" not in studio.files()
    assert gone.press("Put back").sees("dot.png is back.")
    assert "media/dot.png" in studio.files()


def test_what_is_no_such_file_is_told_and_the_others_are_kept(studio: Studio) -> None:
    client = studio.browser.client
    files = [
        ("file", ("a.png", png())),
        ("file", ("b.png", b"MZ\x90")),
        ("file", ("c.exe", b"MZ")),
        ("file", ("d.md", b"#")),
    ]
    answer = client.post(f"/teaching/drafts/{studio.key}/media", files=files, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 422
    for said in (
        "b.png: a picture that cannot be read",
        "c.exe: files of this kind are not taken",
        "d.md: This file is empty",
    ):
        assert said in answer.text
    assert [path for path in studio.files() if path.startswith("media/")] == ["media/a.png"]
    assert studio.add(("a-again.png", png())).sees("1 file is in the course.")  # the same content, so the same file
    assert [path for path in studio.files() if path.startswith("media/")] == ["media/a.png"]
    many = [("file", (f"{n}.png", png())) for n in range(21)]
    answer = client.post(f"/teaching/drafts/{studio.key}/media", files=many, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code in (400, 422)


def test_where_a_file_is_used_is_found_however_it_is_written() -> None:
    texts = {
        "course.md": "---\nmedia:\n  - {file: media/a.png, licence: CC0, source: us}\n---\n",
        "01-a/01-b.md": "![x](../media/b%20c.png) and [film](<media/d.mp4>)\n\n[ref]: media/e.pdf\n",
        "02-c.md": "`![x](media/f.png)` [out](https://example.lt/media/g.png)\n",
    }
    found = library.uses(texts)
    assert found["media/a.png"] == ("course.md",)
    assert {path for path, places in found.items() if places == ("01-a/01-b.md",)} == {
        "media/b c.png", "media/d.mp4", "media/d.vtt", "media/d.md", "media/e.pdf"
    }  # fmt: skip
    assert "media/g.png" not in found
    assert library.free_name("Ąžuolas ir k°.PNG", ["media/azuolas-ir-k.jpg"]) == "media/azuolas-ir-k-2.png"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "this drawing cannot be taken"),
        ("a.webm", b"x", "this file is not what its name says"),
        ("a.vtt", b"WEBVTT\n\nlabas", "there is no caption"),
        ("a.jpg", photograph()[:200], "a picture that cannot be read"),
    ],
)
def test_what_could_do_harm_is_not_brought_in(name: str, data: bytes, why: str) -> None:
    assert bringing.bring(name, data).why.startswith(why)
