"""Questions whose answers are not marked with [x]: pairs, sequences, gaps, and what people mark or nobody does."""

from __future__ import annotations

from typing import Any

import pytest

from app.catalog import importer
from app.catalog.format.gaps import CLOSE, OPEN
from app.catalog.format.model import Reading
from app.catalog.format.reader import read_files
from app.catalog.importer.keys import key_of
from tests.catalog.format.every_type import ENGLISH, FILES, HEAD, PATH, QUESTIONS
from tests.catalog.format.writing import codes, course_of, only_question, only_quiz, question, said, single


def every_type(changed: dict[str, str] | None = None) -> Reading:
    return read_files({path: text.encode() for path, text in {**FILES, **(changed or {})}.items()})


def bodies(read: Reading) -> dict[str, dict[str, Any]]:
    assert read.errors == (), said(read)
    return {one.question: one.body for one in importer.prepare(course_of(read)).questions.values()}


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


def gap(identifier: str) -> str:
    return f"{OPEN}{identifier}{CLOSE}"


def test_the_course_of_every_type_reads_without_a_word():
    read = every_type()
    assert codes(read) == []
    assert len({item.type for item in only_quiz(read).items}) == 11  # type: ignore[union-attr]


def test_every_body_says_whether_it_is_marked_and_by_whom():
    made = bodies(every_type())
    assert all(isinstance(body["parts"], list) for body in made.values())
    assert [name for name, body in made.items() if not body["graded"]] == ["naudingas"]
    assert [name for name, body in made.items() if body["by_hand"]] == ["veiksmai", "forma"]


def test_a_match_asks_its_left_cells_and_offers_each_right_one_once():
    body = bodies(every_type())["vaidmenys"]
    assert ids(body["options"]) == ["tikslai", "nurodymai", "registras"]
    assert {o["fraction"] for o in body["options"]} == {0.0}
    assert [(p["id"], p["kind"], p["options"], p["key"]) for p in body["parts"]] == [
        ("valdytojas", "pick", [], "tikslai"),
        ("tvarkytojas", "pick", [], "nurodymai"),
        ("pagalbinis", "pick", [], "nurodymai"),
    ]
    assert body["scoring"] == "partial"
    english = body["texts"]["en"]
    assert english["parts"]["valdytojas"]["text"] == "Controller"
    assert english["options"]["registras"]["text"] == "Keeps the register"


def test_a_match_without_ids_is_known_by_its_words():
    one = only_question(
        question("| A | B |\n| --- | --- |\n| *a* | b \\| c |\n| c | d |\n|  | d, ne |\n", "type=match")
    )
    text = one.texts["lt"]
    assert [part.text for part in text.parts] == ["*a*", "c"]
    assert [option.text for option in text.options] == ["b | c", "d", "d, ne"]
    assert [part.key for part in text.parts] == [option.id for option in text.options[:2]]


def test_an_order_is_right_as_it_is_written():
    body = bodies(every_type())["zingsniai"]
    assert (ids(body["options"]), body["scoring"]) == (["stop", "rizika", "pranesti", "aprasyti"], "partial")
    assert only_question(question("1. a\n2. b\n", "type=order")).scoring == "all-or-nothing"
    assert body["texts"]["en"]["options"]["stop"]["text"] == "Stop it"


def test_a_cloze_has_a_mark_for_each_gap_in_every_language():
    body = bodies(every_type())["taisykle"]
    assert [(part["id"], part["kind"]) for part in body["parts"]] == [
        ("kam", "text"),
        ("kiek", "number"),
        ("pavojus", "pick"),
    ]
    assert body["texts"]["lt"]["stem"].startswith(f"<p>Valdytojas praneša {gap('kam')}\nper {gap('kiek')} valandas")
    assert body["texts"]["en"]["stem"].startswith(f"<p>Unless the risk is {gap('pavojus')}, the")
    pick = body["parts"][2]
    [right] = [option["id"] for option in pick["options"] if option["fraction"] == 1]
    assert pick["key"] == right
    assert body["texts"]["en"]["parts"]["pavojus"]["options"][right]["text"] == "unlikely"


def test_a_gap_is_filled_with_the_words_of_any_language():
    kam = bodies(every_type())["taisykle"]["parts"][0]
    assert [option["value"] for option in kam["options"]] == [
        "priežiūros institucijai",
        "institucijai",
        "supervisory authority",
        "authority",
    ]
    assert {option["fraction"] for option in kam["options"]} == {1.0}


def test_gaps_are_read_where_they_are_text_and_nowhere_else():
    body = (
        "`[[ne]]` \\[[irgi ne]] `` [[a]] ` [[b]] `` ir [[taip\\|arba]] <!-- pastaba --> bei *[[#3.5 ± 0.5]] <!-- id=trys -->*\n"
        "\n| A | B |\n| --- | --- |\n| [[x\\|y]] | `[[x\\|y]]` [[x\\|y]] |\n\n- sąraše [[z]]\n"
        "\n> citata su [[q]] ir\n> [[q]]\n\n```\n[[kodas]]\n```\n"
    )
    text = only_question(question(body, "type=cloze")).texts["lt"]
    assert [part.id for part in text.parts] == ["g1", "trys", "g3", "g4", "g5", "g6", "g7"]
    assert [[option.value for option in part.options] for part in text.parts] == [
        ["taip|arba"], ["3.5 ± 0.5"], ["x", "y"], ["x", "y"], ["z"], ["q"], ["q"],
    ]  # fmt: skip
    assert text.stem == (
        f"`[[ne]]` \\[[irgi ne]] `` [[a]] ` [[b]] `` ir {gap('g1')} bei *{gap('trys')}*\n"
        f"\n| A | B |\n| --- | --- |\n| {gap('g3')} | `[[x\\|y]]` {gap('g4')} |\n\n- sąraše {gap('g5')}\n"
        f"\n> citata su {gap('g6')} ir\n> {gap('g7')}\n\n```\n[[kodas]]\n```"
    )


def test_an_essay_and_an_upload_have_a_stem_limits_and_a_rubric():
    made = bodies(every_type())
    essay, upload = made["veiksmai"], made["forma"]
    assert (essay["options"], essay["parts"], essay["min_words"], essay["max_words"]) == ([], [], 20, 200)
    assert essay["texts"]["lt"]["rubric"] == "<p>2 taškai: sustabdyta. 3 taškai: įrodymai.</p>\n"
    assert essay["texts"]["lt"]["sample"] == "<p>Pirmiausia atjunkite tinklą.</p>\n"
    assert (upload["accept"], upload["max_mb"]) == ([".pdf", ".odt"], 5.0)
    plain = only_question(question("Bet kas.\n\n- vienas\n- du\n", "type=upload"))
    assert (plain.accept, plain.max_mb) == ((".pdf", ".odt", ".docx"), 10.0)
    assert plain.texts["lt"].stem == "Bet kas.\n\n- vienas\n- du"


def test_a_scale_is_worth_nothing():
    body = bodies(every_type())["naudingas"]
    assert (body["points"], ids(body["options"])) == (0.0, ["s1", "s2", "s3"])


@pytest.mark.parametrize(
    ("code", "body", "attributes"),
    [
        ("E128", "Tekstas.\n", "type=match"),
        ("E128", "Tekstas.\n", "type=order"),
        ("E150", "- a\n- b\n", "type=match"),
        ("E150", "| a |\n| --- |\n| b |\n| c |\n", "type=match"),
        ("E151", "| A | B |\n| --- | --- |\n| a | b |\n| c | d |\n| e |  |\n", "type=match"),
        ("E151", "| A | B |\n| --- | --- |\n| a | b |\n| c | d |\n|  |  |\n", "type=match"),
        ("E145", "| A | B |\n| --- | --- |\n| a | b |\n| a | d |\n", "type=match"),
        ("E145", "| A | B |\n| --- | --- |\n| a | b |\n| c | d |\n|  | b |\n", "type=match"),
        ("E155", "| A | B |\n| --- | --- |\n| a | b |\n|  | d |\n", "type=match"),
        ("E111", "| A | B |\n| --- | --- |\n| a <!-- id=A_1 --> | b |\n| c | d |\n", "type=match"),
        ("E152", "1. a\n", "type=order"),
        ("E152", "| A | B |\n| --- | --- |\n| a | b |\n", "type=order"),
        ("E152", "- [x] a\n- b\n", "type=scale"),
        ("E148", "1. a\n\n   b\n2. c\n", "type=order"),
        ("E148", "1.\n2. b\n3. c\n", "type=order"),
        ("E145", "1. a\n2. a\n", "type=order"),
        ("E153", "Be tarpo.\n", "type=cloze"),
        ("E153", "Tuščias [[ ]].\n", "type=cloze"),
        ("E153", "Tuščias [[a| ]].\n", "type=cloze"),
        ("E153", "Neuždarytas [[a\nb]].\n", "type=cloze"),
        ("E153", f"Ženklas {OPEN} ir [[a]].\n", "type=cloze"),
        ("E147", "Skaičius [[#daug]].\n", "type=cloze"),
        ("E149", "Raštas [[(a]].\n", "type=cloze match=regex"),
        ("E154", "Rinkis [[( ) a \\| ( ) b]].\n".replace("\\|", "|"), "type=cloze"),
        ("E154", "Rinkis [[(x) a | (x) b]].\n", "type=cloze"),
        ("E154", "Rinkis [[(x) a]].\n", "type=cloze"),
        ("E154", "Rinkis [[(x) a | b]].\n", "type=cloze"),
        ("E112", "Du [[a]]<!-- id=g2 --> ir [[b]].\n", "type=cloze"),
        ("E111", "Du [[a]]<!-- id=G_2 -->.\n", "type=cloze"),
        ("E103", "Du [[a]]<!-- vardas=g2 -->.\n", "type=cloze"),
        ("E101", "Du *[[a]]*<!-- id=g2 -->.\n", "type=cloze"),
        ("E156", "| [[a]] | B |\n| --- | --- |\n| a | b |\n", "type=cloze"),
        ("E156", "Žr. [čia [[a]]](https://example.lt).\n", "type=cloze"),
        ("E157", "- [x] a\n- [ ] b\n", "type=essay"),
        ("E123", "> [!RUBRIC]\n> Balai.\n\nTekstas.\n", "type=essay"),
        ("E104", "Tekstas.\n", "type=essay min-words=9 max-words=3"),
        ("E104", "Tekstas.\n", "type=upload accept=pdf"),
        ("E104", "Tekstas.\n", "type=upload max-mb=100000"),
        ("E124", "Tekstas.\n", "type=esay"),
        ("W206", "Tekstas.\n", "type=essay accept=.pdf"),
        ("W206", "- a\n- b\n", "type=scale points=2"),
        ("W206", "- [x] a\n- [ ] b\n", "min-words=2"),
        ("W207", "- a\n- b\n\n> [!SAMPLE]\n> c\n", "type=scale"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_code(code: str, body: str, attributes: str):
    assert codes(question(body, attributes)) == [code]


def test_a_misspelt_type_is_told_which_one_was_meant():
    read = single("## T\n<!-- question id=k type=clozze -->\n\nĮrašykite [[žodį]].\n")
    assert said(read) == ['kursas.md:8:20: E124 unknown question type "clozze", did you mean "cloze"?']


def test_a_mistake_in_a_gap_stands_where_the_gap_does():
    [told] = said(question("Du [[a]]<!-- id=b --> ir [[c]]<!-- id=b -->.\n", "type=cloze"))
    assert told == 'kursas.md:10:26: E112 id "b" already used on line 10'


ENGLISH_PATH = "01-pradzia/90-testas.en.md"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("| Processor <!-- id=tvarkytojas -->", "| Processor <!-- id=kitas -->"),
        ("|  | Keeps the register |\n", ""),
        ("| Sub-processor <!-- id=pagalbinis --> | Acts on instructions |\n", ""),
        ("| Sub-processor <!-- id=pagalbinis --> | Acts on instructions |", "| Sub-processor | Acts otherwise |"),
        ("|  | Keeps the register |", "|  | Decides purposes <!-- id=registras --> |"),
        ("| Decides purposes |", "| Decides purposes <!-- id=nurodymai --> |"),
        ("4. Write it down\n", ""),
        ("1. Stop it\n2. Assess the risk", "1. Assess <!-- id=rizika -->\n2. Stop <!-- id=stop -->"),
        ("- Partly\n", ""),
        ("[[#72]]<!-- id=kiek --> hours", "72 hours"),
        ("[[#72]]", "[[#73]]"),
        ("[[#72]]", "[[72]]"),
        ("( ) certain | (x) unlikely", "(x) certain | ( ) unlikely"),
        ("<!-- id=kam -->", "<!-- id=kame -->"),
        ("- [ ] True\n- [x] False", "- [x] True\n- [ ] False"),
    ],
)
def test_a_variant_asks_what_its_source_asks(old: str, new: str):
    assert old in ENGLISH
    read = every_type({ENGLISH_PATH: FILES[ENGLISH_PATH].replace(old, new)})
    assert "E192" in codes(read)


def test_a_variant_may_accept_other_words_and_put_its_gaps_elsewhere():
    english = FILES[ENGLISH_PATH].replace("supervisory authority|authority", "watchdog")
    assert codes(every_type({ENGLISH_PATH: english})) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("vaidmenys", "Nustato tikslus <!-- id=tikslai -->", "Nustato tikslus <!-- id=kiti -->"),
        ("vaidmenys", "|  | Veda registrą <!-- id=registras --> |\n", ""),
        ("zingsniai", "scoring=partial -->\n\n1. Sustabdyti <!-- id=stop -->\n2. Įvertinti riziką <!-- id=rizika -->",
         "scoring=partial -->\n\n1. Įvertinti riziką <!-- id=rizika -->\n2. Sustabdyti <!-- id=stop -->"),
        ("taisykle", "|institucijai]]", "]]"),
        ("taisykle", "[[#72]]", "[[#72 ± 1]]"),
        ("forma", "accept=.pdf,.odt", "accept=.pdf"),
        ("forma", "max-mb=5", "max-mb=6"),
        ("veiksmai", "max-words=200", "max-words=300"),
    ],
)  # fmt: skip
def test_revision_and_key_follow_what_decides_about_points(name: str, old: str, new: str):
    assert old in QUESTIONS
    # In one language: the other would have to follow.
    files = {path: text for path, text in FILES.items() if not path.endswith(".en.md")}
    before = read_files({path: text.encode() for path, text in files.items()})
    after = read_files({p: t.encode() for p, t in {**files, PATH: HEAD + QUESTIONS.replace(old, new)}.items()})

    was, now = bodies(before), bodies(after)
    changed = {one for one in was if key_of(was[one]) != key_of(now[one])}
    revised = {one for one in was if was[one]["texts"]["lt"]["rev"] != now[one]["texts"]["lt"]["rev"]}
    assert changed == {name}
    assert revised == {name}


def test_a_quiz_that_counts_has_something_to_mark():
    scale = "## T\n<!-- quiz id=t{mode} -->\n\n### K\n<!-- question id=k{type} -->\n\n- a\n- b\n"
    assert codes(single(scale.format(mode="", type=" type=scale"))) == ["E129"]
    assert codes(single(scale.format(mode=" mode=practice", type=" type=scale"))) == []
    assert codes(single(scale.format(mode="", type=" type=order"))) == []
    assert codes(single(scale.format(mode="", type=" type=order points=0"))) == ["E129"]
