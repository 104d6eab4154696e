"""A large course, checked and published, as ratios to parsing the same files alone: `make bench` prints them."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from markdown_it import MarkdownIt

from app.catalog import importer
from app.catalog.format.reader import read_folder
from app.cli.console import House, house, upgrade
from app.kit import clock
from app.kit.database import writing
from app.organisations.models import Organisation
from app.organisations.rules import Kind, Sector
from app.settings import Mode, Settings

PAGES, QUESTIONS = 200, 2000
_HEADING = "## Skyrius 0"
PROSE = (
    "Kai pažeidžiamas **asmens duomenų** saugumas, apie tai pranešama [priežiūros institucijai](https://vdai.lrv.lt) ne "
    "vėliau kaip per 72 valandas nuo sužinojimo. Pranešime nurodoma, kas atsitiko, kiek žmonių tai liečia ir ko imtasi."
)


def _question(page: int, number: int) -> str:
    name = f"k{page}-{number}"
    head = f"### Klausimas {number}: ką daryti {page} atveju?\n<!-- question id={name} "
    match number % 5:
        case 0:
            body = "-->\n\n- [x] Pranešti vadovui\n  > Taip.\n- [ ] Laukti\n  > Ne.\n- [ ] Nutylėti\n"
        case 1:
            body = (
                "points=2 scoring=partial -->\n\n- [x] Atjungti tinklą\n- [x] Užrašyti laiką\n- [ ] Ištrinti žurnalus\n"
            )
        case 2:
            body = "type=numeric unit=val. -->\n\n- [x] `72`\n- [50%] `70..74`\n"
        case 3:
            body = "type=match -->\n\n| Kas | Ką |\n| --- | --- |\n| Valdytojas | Nustato tikslus |\n| Tvarkytojas | Vykdo |\n"
        case _:
            body = "type=cloze -->\n\nPranešti per [[#72]]<!-- id=a --> valandas, o pavojus [[( ) tikras | (x) mažas]]<!-- id=b -->.\n"
    return f"{head}{body}\n> [!EXPLANATION]\n> Terminas eina nuo sužinojimo, o ne nuo pažeidimo.\n"


def files() -> dict[str, bytes]:
    """A course of ten modules."""
    made = {
        "course.md": "---\nkind: course\nid: didelis\ntitle: Didelis kursas\nlang: lt\nowner: salis\nsummary: Viskas.\n---\n\nApie viską.\n"
    }
    for module in range(10):
        folder = f"{module + 1:02d}-m"
        made[f"{folder}/module.md"] = f"---\nkind: module\nid: m{module}\ntitle: Modulis {module}\n---\n\nĮvadas.\n"
        for place in range(PAGES // 10):
            page = module * PAGES // 10 + place
            prose = "\n\n".join(f"## Skyrius {n}\n\n{PROSE}\n\n- {PROSE[:60]}\n- {PROSE[60:130]}" for n in range(4))
            asked = "\n".join(_question(page, number) for number in range(QUESTIONS // PAGES))
            made[f"{folder}/{place + 1:02d}-p.md"] = (
                f"---\nkind: page\nid: p{page}\ntitle: Puslapis {page}\n---\n\n{prose}\n\n## Testas\n<!-- quiz id=t{page} -->\n\n{asked}"
            )
    return {path: text.encode() for path, text in made.items()}


def _seconds(act: Callable[[], object]) -> float:
    """Processor time, since the machine has other things to do."""
    started = time.process_time()
    act()
    return time.process_time() - started


def report(runs: int = 5) -> None:
    course = files()
    texts = [data.decode() for data in course.values()]
    with tempfile.TemporaryDirectory(prefix="klasteris-bench-") as name:
        folder = Path(name) / "courses" / "didelis"
        for path, data in course.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        settings = Settings(
            mode=Mode.DEMO, database_url=f"sqlite:///{Path(name) / 'x.sqlite'}", files=Path(name) / "files"
        )
        home = house(settings)
        upgrade(home)
        with writing(home.sessions) as db:
            db.add(_country())
        measured = _measured(home, folder, texts, runs)
        home.sessions.kw["bind"].dispose()
    base = statistics.median(measured["parse the files alone"])
    print(f"{PAGES} pages, {QUESTIONS} questions, {sum(map(len, texts))} characters of Markdown")
    print(f"{'':32}{'s':>12}{'ratio':>8}   spread")
    for what, seconds in measured.items():
        median = statistics.median(seconds)
        print(f"{what:32}{median:12.2f}{median / base:8.2f}   {min(seconds):.2f}-{max(seconds):.2f}")


def _measured(home: House, folder: Path, texts: list[str], runs: int) -> dict[str, list[float]]:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])

    def parse() -> None:
        for text in texts:
            parser.parse(text)

    def check() -> None:
        checked = importer.check_reading(read_folder(folder), today=clock.today())
        assert checked.course is not None

    def publish() -> None:
        [synced] = importer.sync(home.sessions, home.blobs, folder.parent)
        assert synced.published is not None and synced.published.created, synced.problems[:3]

    def again() -> None:
        [synced] = importer.sync(home.sessions, home.blobs, folder.parent)
        assert synced.published is not None and not synced.published.created

    acts = {
        "parse the files alone": parse,
        "check": check,
        "publish": publish,
        "publish what is unchanged": again,
    }
    measured: dict[str, list[float]] = {what: [] for what in acts}
    for number in range(runs):
        # One sentence on every page, so that every publishing is a new version and nothing of it is known.
        for path in folder.rglob("*-p.md"):
            path.write_text(
                path.read_text("utf-8").replace(_HEADING, f"{_HEADING}\n\nPataisyta {number} kartą.", 1), "utf-8"
            )
        for what, act in acts.items():
            measured[what].append(_seconds(act))
    return measured


def _country() -> Organisation:
    return Organisation(
        parent_id=None, path="/1/", code="salis", name="Šalis", name_en="Country", sort_key="salis", kind=Kind.COUNTRY,
        sector=Sector.PUBLIC, county="", legal_code="",
    )  # fmt: skip


if __name__ == "__main__":
    report()
