"""Moodle XML: what an export says, and what becomes of what only Moodle has."""

from __future__ import annotations

import base64
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from app.catalog import exchange
from app.catalog.exchange import Conversion, Outcome, source_inside
from app.catalog.format import reader
from app.catalog.format.model import Course
from tests.catalog.exchange.inventing import questions_of
from tests.catalog.format.every_type import FILES

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def every_type(**more: bytes) -> Course:
    course = reader.read_files({path: text.encode() for path, text in FILES.items()} | more).course
    assert course is not None
    return course


def question(xml: str, *, lang: str = "en", name: str = "x.xml") -> Conversion:
    return exchange.read(name, f'<?xml version="1.0"?><quiz>{xml}</quiz>'.encode(), lang=lang)


def parsed(found: Conversion) -> Course:
    reading = reader.read_files(dict(found.files))
    assert reading.course is not None
    return reading.course


def elements(data: bytes) -> dict[str, Element]:
    root = fromstring(data)
    return {str(one.findtext("idnumber")): one for one in root.iter("question") if one.get("type") != "category"}


def test_an_export_is_what_moodle_calls_each_thing() -> None:
    found = elements(exchange.write(every_type(), "moodle-xml").data)
    assert {name: one.get("type") for name, one in found.items()} == {
        "terminas": "multichoice",
        "pazeidimas": "multichoice",
        "visiems": "truefalse",
        "valandos": "numerical",
        "kas": "shortanswer",
        "vaidmenys": "matching",
        "zingsniai": "ordering",
        "taisykle": "cloze",
        "veiksmai": "essay",
        "forma": "essay",
    }
    assert [one.get("fraction") for one in found["pazeidimas"].iter("answer")] == ["50", "50", "0", "-50"]
    assert found["pazeidimas"].findtext("single") == "false"
    assert found["terminas"].findtext("penalty") == "0.1"
    assert [hint.findtext("text") for hint in found["terminas"].iter("hint")] == ["Skaičiuojama valandomis."]
    assert [one.findtext("tolerance") for one in found["valandos"].iter("answer")] == ["0", "2"]
    assert found["zingsniai"].findtext("gradingtype") == "RELATIVE_NEXT_EXCLUDE_LAST"
    assert "{1:SHORTANSWER:=priežiūros institucijai~=institucijai}" in str(
        found["taisykle"].findtext("questiontext/text")
    )
    assert found["forma"].findtext("responseformat") == "noinline"
    assert found["forma"].findtext("filetypeslist") == ".pdf,.odt"


def test_a_third_is_written_as_moodles_own_grade() -> None:
    text = FILES["01-pradzia/90-testas.md"].replace(
        "- [ ] Baigėsi popierius <!-- id=popierius -->", "- [x] Baigėsi popierius <!-- id=popierius -->"
    )
    written = exchange.write(every_type(**{"01-pradzia/90-testas.md": text.encode()}), "moodle-xml")
    shares = [one.get("fraction") for one in elements(written.data)["pazeidimas"].iter("answer")]
    assert shares == ["33.33333", "33.33333", "33.33333", "-50"]
    again = exchange.read("x.xml", source_inside.without(written.data, source_inside.XML))
    (back,) = [one for one in questions_of(parsed(again)) if one.id == "pazeidimas"]
    assert [option.fraction for option in back.texts["lt"].options] == [1 / 3, 1 / 3, 1 / 3, -0.5]


def test_what_an_export_loses_is_told_with_its_question() -> None:
    told = {(note.item, note.message) for note in exchange.write(every_type(), "moodle-xml").notes}
    assert ("naudingas", "a question of this kind has no place in this format: scale") in told
    assert ("terminas", '"outcomes" has no place in this format') in told
    assert ("bendravimas", "its other languages: en") in told


def test_pictures_go_with_the_text_that_shows_them_and_come_back() -> None:
    text = FILES["01-pradzia/90-testas.md"].replace("> Taip.", "> Taip: ![Laikrodis](media/laikas/laikrodis.png)")
    more = {"01-pradzia/90-testas.md": text.encode(), "media/laikas/laikrodis.png": PNG}
    written = exchange.write(every_type(**more), "moodle-xml")
    feedback = [one for one in elements(written.data)["terminas"].iter("feedback") if one.find("file") is not None]
    (file,) = [one for told in feedback for one in told.iter("file")]
    assert (file.get("name"), file.get("path")) == ("laikrodis.png", "/laikas/")
    assert base64.b64decode(str(file.text)) == PNG
    again = exchange.read("x.xml", source_inside.without(written.data, source_inside.XML))
    assert again.files["media/laikrodis.png"] == PNG
    (back,) = [one for one in questions_of(parsed(again)) if one.id == "terminas"]
    assert back.texts["lt"].options[1].feedback == "Taip: ![Laikrodis](media/laikrodis.png)"


def test_a_picture_without_a_text_is_asked_for_by_the_usual_report() -> None:
    image = base64.b64encode(PNG).decode()
    found = question(
        '<question type="essay"><name><text>Look</text></name><questiontext format="html"><text>'
        '&lt;p&gt;What is this? &lt;img src="@@PLUGINFILE@@/a%20b.png"&gt;&lt;/p&gt;</text>'
        f'<file name="a b.png" path="/" encoding="base64">{image}</file></questiontext></question>'
    )
    assert found.files["media/a-b.png"] == PNG
    assert "E170" in {problem.code for problem in reader.read_files(dict(found.files)).errors}


def test_a_file_of_a_kind_that_courses_do_not_take_is_left_out_by_name() -> None:
    found = question(
        '<question type="essay"><name><text>Run</text></name><questiontext format="html"><text>'
        '&lt;a href="@@PLUGINFILE@@/x.exe"&gt;this&lt;/a&gt;</text>'
        '<file name="x.exe" path="/" encoding="base64">TVo=</file></questiontext></question>'
    )
    assert not [path for path in found.files if path.startswith("media/")]
    assert any("files of this kind are not taken" in note.message for note in found.of(Outcome.LEFT_OUT))


def test_a_type_that_only_moodle_has_is_left_out_with_its_line() -> None:
    found = exchange.read(
        "x.xml",
        b'<quiz>\n<question type="calculated"><name><text>Sum</text></name></question>\n'
        b'<question type="essay"><name><text>Say</text></name><questiontext><text>Say it.</text></questiontext></question></quiz>',
    )
    (note,) = found.of(Outcome.LEFT_OUT)
    assert (note.item, note.line, note.message) == ("Sum", 2, 'there is no question of type "calculated" here')
    assert len(questions_of(parsed(found))) == 1


def test_words_chosen_into_a_text_become_gaps() -> None:
    found = question(
        '<question type="gapselect"><name><text>Fill</text></name><questiontext format="html"><text>A [[1]] b [[3]].</text>'
        "</questiontext>"
        + "".join(
            f"<selectoption><text>{word}</text><group>{group}</group></selectoption>"
            for word, group in (("one", 1), ("two", 1), ("red", 2), ("blue", 2))
        )
        + "</question>"
    )
    (back,) = questions_of(parsed(found))
    said = back.texts["en"]
    assert [[option.text for option in part.options] for part in said.parts] == [["one", "two"], ["red", "blue"]]
    assert [next(o.text for o in part.options if o.id == part.key) for part in said.parts] == ["one", "red"]


def test_the_right_answers_of_a_choice_come_to_a_hundred_or_it_is_refused() -> None:
    answers = "".join(
        f'<answer fraction="{share}"><text>a{n}</text></answer>' for n, share in enumerate((33, 33, 34, 0))
    )
    body = f"<name><text>Q</text></name><questiontext><text>Q?</text></questiontext><single>false</single>{answers}"
    assert not question(f'<question type="multichoice">{body}</question>').refused
    short = body.replace('"34"', '"20"')
    (note,) = question(f'\n<question type="multichoice">{short}</question>').of(Outcome.REFUSED)
    assert (note.item, note.line) == ("Q", 2)
    assert "86 percent" in note.message


def test_a_category_is_a_page_and_its_description_stands_on_it() -> None:
    found = question(
        '<question type="category"><category><text>$course$/top/One/Two//Three</text></category>'
        '<info format="html"><text>&lt;p&gt;About &lt;b&gt;it&lt;/b&gt;.&lt;/p&gt;</text></info></question>'
        '<question type="truefalse"><name><text>Is it?</text></name><questiontext><text>Is it?</text></questiontext>'
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>'
    )
    (page,) = parsed(found).pages()
    assert page.texts["en"].title == "Two/Three"
    assert any("About **it**." in text for text in parsed(found).files.values())


def test_the_course_proposed_is_the_trainers_own() -> None:
    data = b'<quiz><question type="essay"><name><text>Say</text></name><questiontext><text>Say it.</text></questiontext></question></quiz>'
    course = parsed(exchange.read("klausimai apie BDAR.xml", data, lang="nb", owner="utenos-r-sav"))
    assert (course.id, course.lang, course.owner) == ("klausimai-apie-bdar", "nb", "utenos-r-sav")
