"""The quality checks, each both ways: silent on what is good, and heard on what is not."""

from __future__ import annotations

from datetime import date

import pytest

from app.catalog.format.checks import check
from app.catalog.format.checks.people import control_digit, is_personal_code
from app.catalog.format.model import Severity
from tests.catalog.format.test_languages import TRANSLATED
from tests.catalog.format.test_questions import BANK, DRAW
from tests.catalog.format.writing import COURSE, MODULE, PAGE, QUIZ, course_of, reading, single

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8

TODAY = date(2026, 11, 24)
ERROR, WARNING, ADVICE = Severity

Changed = dict[str, str | bytes | None]


def found(
    changed: Changed | None = None, *, today: date = TODAY, review_demanded: bool = False
) -> list[tuple[str, Severity]]:
    read = reading(changed)
    assert read.errors == ()
    return [
        (problem.code, problem.severity)
        for problem in check(course_of(read), today=today, review_demanded=review_demanded)
    ]


def course(old: str, new: str) -> Changed:
    assert old in COURSE
    return {"course.md": COURSE.replace(old, new)}


def page(body: str, head: str = "") -> Changed:
    return {"01-pradzia/01-kodel.md": PAGE.replace("minutes: 2\n", f"minutes: 2\n{head}") + "\n" + body}


def quiz(old: str, new: str) -> Changed:
    assert old in QUIZ
    return {"01-pradzia/90-testas.md": QUIZ.replace(old, new)}


def test_a_good_course_passes_every_check():
    assert found() == []


def test_a_good_course_in_two_languages_passes_but_for_the_page_that_is_borrowed():
    read = reading(dict(TRANSLATED))
    told = check(course_of(read), today=TODAY)
    assert [(p.path, p.code) for p in told] == [("01-pradzia/01-kodel.md", "QC17")]


@pytest.mark.parametrize(
    ("code", "severity", "changed"),
    [
        ("QC01", ERROR, course("summary: Kaip rašyti gyventojui suprantamai.\n", "")),
        ("QC01", ERROR, course("owner: utenos-r-sav\n", "")),
        ("QC01", ERROR, course("contact: Mokymų skyrius, atsako per 2 darbo dienas\n", "")),
        ("QC01", ERROR, course("suprantamai.", "suprantamai. " * 30)),
        ("QC01", WARNING, course(", atsako per 2 darbo dienas", "")),
        ("QC02", WARNING, course("audience: Darbuotojams, kurie rašo gyventojams.\n", "")),
        ("QC03", WARNING, course("Taisyti sunkų sakinį", "Žinoti apie sunkų sakinį")),
        ("QC03", WARNING, course("Taisyti sunkų sakinį", "Sunkus sakinys")),
        ("QC04", ERROR, {"01-pradzia/module.md": MODULE.replace(", taisyti]", "]")}),
        ("QC04", ERROR, quiz(" outcomes=taisyti", "")),
        ("QC05", WARNING, course("minutes: 4", "minutes: 60")),
        ("QC05", WARNING, course("minutes: 4", "minutes: 2") | page("žodis " * 1000)),
        ("QC06", ERROR, quiz("mode=check", "mode=practice")),
        ("QC07", WARNING, page("žodis žodis. " * 800) | course("minutes: 4", "minutes: 12")),
        ("QC08", WARNING, quiz("- [ ] Mokėjimas vykdytinas\n", "")),
        ("QC08", WARNING, quiz("- [ ] Mokėjimas vykdytinas", "- [ ] Visi atsakymai teisingi")),
        ("QC08", WARNING, quiz("  > Taip.\n", "")),
        ("QC09", ERROR, page("", "sources: [{act: BDAR, article: 33 str.}]\n")),
        ("QC09", ADVICE, page("", "sources: [{act: BDAR, article: 33 str., unchecked: true}]\n")),
        ("QC09", WARNING, page("", "sources: [{act: BDAR, checked_on: 2026-11-01}]\n")),
        ("QC09", WARNING, page("", "sources: [{act: BDAR, article: 33 str., checked_on: 2025-11-01}]\n")),
        ("QC09", ERROR, page("", "sources: [{act: BDAR, article: 33 str., checked_on: 2024-11-01}]\n")),
        ("QC09", ERROR, course("certificate:", "sources: [{act: BDAR, article: 33 str.}]\ncertificate:")),
        ("QC10", ERROR, page("#### Per giliai\n")),
        ("QC10", ERROR, page("Spauskite [čia](https://example.lt).\n")),
        ("QC10", ERROR, page("|  |  |\n| --- | --- |\n| a | b |\n")),
        ("QC10", ERROR, page("![IMG_2044.jpg](media/a.png)\n") | {"media/a.png": PNG}),
        ("QC10", ERROR, page("![DSC 2044](media/a.png)\n") | {"media/a.png": PNG}),
        ("QC12", ADVICE, page("Labai ilgas sakinys, kuris " + "vis dar tęsiasi ir " * 60 + "baigiasi.\n")),
        ("QC13", WARNING, course("reviewed: {by: Recenzentė, on: 2026-11-01}\n", "")),
        ("QC13", WARNING, course("on: 2026-11-01", "on: 2025-11-01")),
        ("QC08", WARNING, quiz("id=naudinga type=scale", "id=naudinga type=order")),
        ("QC08", WARNING, quiz("id=naudinga type=scale -->\n\n- Ne <!-- id=ne -->\n- Iš dalies <!-- id=is-dalies -->\n- Taip <!-- id=taip -->",
                               "id=naudinga type=essay -->\n\nRašykite.\n\n> [!SAMPLE]\n> Taip.")),
        ("QC14", WARNING, quiz("id=naudinga type=scale", "id=naudinga type=order")),
        ("QC16", WARNING, {"media/a.pdf": b"%PDF-1.4"}),
        ("QC16", WARNING, {"media/a.pdf": b"%PDF-1.4"} | course("reviewed:", "media: [{file: media/a.pdf, licence: CC BY 4.0}]\nreviewed:")),
        ("QC05", WARNING, {"media/a.vtt": b"WEBVTT\n\n00:00.000 --> 00:59:00.000\nLabas.\n"}),
        ("QC17", WARNING, {"01-pradzia/01-kodel.en.md": "---\ntitle: Why\n---\n\nText.\n"}),
        ("QC18", ERROR, page("Asmens kodas 38505050006.\n")),
        ("QC18", ERROR, page("Rašykite jonas.jonaitis@gmail.com.\n")),
        ("QC18", ERROR, page("Skambinkite +370 612 34 987.\n")),
        ("QC18", ERROR, page("Skambinkite 8 612 34987.\n")),
        ("QC18", ERROR, {"media/a.md": b"Ring +47 912 34 987."}),
    ],
)  # fmt: skip
def test_each_check_is_heard(code: str, severity: Severity, changed: Changed):
    assert (code, severity) in found(changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"media/a.pdf": b"%PDF-1.4"} | course("reviewed:", "media: [{file: media/a.pdf, licence: CC BY 4.0, source: Utena}]\nreviewed:"),
        page("", "sources: [{act: BDAR, article: 33 str. 1 d., checked_on: 2026-11-01}]\n"),
        page("### Giliau\n\n## Vėl\n"),
        page("Skaitykite [kaip rašyti](https://example.lt/cia).\n"),
        page("|  | Buvo |\n| --- | --- |\n| a | b |\n"),
        page("Kodas 38505050001 neteisingas, 99999999999 irgi, o 12345678901234 ne kodas. ISBN 9786094371530.\n"),
        page("Rašykite vardas@example.lt arba [ada@ada.lt](mailto:ada@ada.lt), <info@ada.lt>.\n"),
        page("Skambinkite +370 600 00000, 112 arba [+370 5 271 2804](tel:+37052712804). Suma 8 700 eurų, 2026-11-24 16.30 val.\n"),
        page("Reglamentas (ES) 2016/679, įstatymas Nr. I-1374, byla C-340/21, 72 val.\n"),
        course("certificate: {valid_months: 24}\n", "") | quiz("mode=check", "mode=practice"),
        course("contact: Mokymų skyrius, atsako per 2 darbo dienas", "contact: mokymai@utena.lt, atsako per dieną"),
    ],
)  # fmt: skip
def test_no_check_blocks_what_is_good(changed: Changed):
    assert [told for told in found(changed) if told[1] is ERROR] == []


def test_a_review_blocks_only_where_the_organisation_demands_it():
    without = course("reviewed: {by: Recenzentė, on: 2026-11-01}\n", "")
    assert ("QC13", ERROR) in found(without, review_demanded=True)
    assert found(review_demanded=True) == []


def test_whoever_brings_a_course_cannot_be_its_reviewer():
    assert check(course_of(reading()), today=TODAY, author="Autorė Autorienė") == ()
    told = check(course_of(reading()), today=TODAY, author="recenzentė")
    assert [(p.code, p.severity, p.line) for p in told] == [("QC13", WARNING, 16)]


def test_a_recording_is_as_long_as_its_captions():
    film = {"media/a.vtt": b"WEBVTT\n\n00:00.000 --> 00:01.000\nLabas.\n\n01:00:00.000 --> 01:00:30.500\nViso.\n"}
    assert "QC05" in [code for code, _ in found(course("minutes: 4", "minutes: 60"))]
    assert found(film | course("minutes: 4", "minutes: 60")) == []


def test_time_alone_makes_a_review_and_a_source_old():
    sources = page("", "sources: [{act: BDAR, article: 33 str., checked_on: 2026-11-01}]\n")
    later = [found(sources, today=day) for day in (TODAY, date(2027, 11, 24), date(2028, 11, 24))]
    assert later[0] == []
    assert ("QC09", WARNING) in later[1] and ("QC13", WARNING) in later[1]
    assert ("QC09", ERROR) in later[2]


def test_a_text_that_reads_hard_is_told_at_its_longest_sentence():
    body = "Trumpas sakinys.\n\nKitas. Labai ilgas sakinys, kuris " + "vis dar tęsiasi ir " * 60 + "baigiasi.\n"
    read = reading(page(body))
    line = PAGE.count("\n") + 4
    told = [one for one in check(course_of(read), today=TODAY) if one.code == "QC12"]
    assert {(one.path, one.line, one.column) for one in told} == {("01-pradzia/01-kodel.md", line, 8)}


def test_a_draw_should_leave_something_to_choose_from():
    files: Changed = {"banks/bankas.md": BANK, "01-pradzia/95-egzaminas.md": DRAW}
    assert ("QC08", WARNING) in found(files)
    enough: Changed = {**files, "01-pradzia/95-egzaminas.md": DRAW.replace("count=2", "count=1")}
    course_told = check(course_of(reading(enough)), today=TODAY)
    assert not any("draws" in problem.message for problem in course_told)


def test_a_course_of_one_file_need_not_say_which_module_teaches_what():
    head = COURSE.replace("minutes: 4", "minutes: 3").partition("\n# ")[0] + "\n\n"
    body = QUIZ.partition("---\n\n")[2].replace(" see=kodel#pavyzdys", "")
    told = check(course_of(single(body, head)), today=TODAY)
    assert [problem for problem in told if problem.severity is ERROR] == []


def test_a_problem_stands_where_it_is_written():
    [told] = [
        p for p in check(course_of(reading(page("Asmens kodas 38505050006.\n"))), today=TODAY) if p.code == "QC18"
    ]
    assert (told.path, told.line, told.column) == ("01-pradzia/01-kodel.md", 21, 14)
    [told] = [
        p for p in check(course_of(reading(course("minutes: 4", "minutes: 60"))), today=TODAY) if p.code == "QC05"
    ]
    assert (told.path, told.line) == ("course.md", 10)


@pytest.mark.parametrize(
    ("ten", "control"), [("3850505000", 6), ("3330101000", 8), ("3330924006", 4), ("5000101000", None)]
)
def test_the_control_digit_of_a_personal_code(ten: str, control: int | None):
    digit = control_digit([int(one) for one in ten])
    assert 0 <= digit <= 9
    assert control is None or digit == control
    assert is_personal_code(f"{ten}{digit}")
    assert not any(is_personal_code(f"{ten}{other}") for other in range(10) if other != digit)


def test_a_number_without_a_day_of_birth_is_no_personal_code():
    for code in ("38513050002", "38502300000", "08505050002", "3850505000", "a8505050002"):
        assert not is_personal_code(code)
