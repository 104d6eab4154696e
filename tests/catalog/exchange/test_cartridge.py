"""Cartridges and packages made by hand: what becomes of their modules, pages, links, files, quizzes and banks."""

from __future__ import annotations

from collections.abc import Mapping

from app.catalog.exchange import Conversion
from app.catalog.format.model import Draw, Pool, Question, QuestionType, Quiz
from tests.catalog.exchange.packing import course_in, read, said

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
SCHEMA = "<metadata><schema>IMS Common Cartridge</schema><schemaversion>1.1.0</schemaversion></metadata>"
LINK = (
    '<webLink xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1"><title>Registras</title>'
    '<url href="https://www.registrucentras.lt/"/></webLink>'
)


def manifest(items: str, resources: str) -> str:
    return (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1">'
        f"{SCHEMA}<organizations><organization><title>Kursas</title>{items}</organization></organizations>"
        f"<resources>{resources}</resources></manifest>"
    )


def resource(name: str, href: str, kind: str = "webcontent", more: str = "") -> str:
    return f'<resource identifier="{name}" type="{kind}" href="{href}">{more}<file href="{href}"/></resource>'


def item(title: str, inner: str = "", ref: str = "") -> str:
    pointed = f' identifierref="{ref}"' if ref else ""
    return f'<item identifier="i-{title}"{pointed}><title>{title}</title>{inner}</item>'


def texts(found: Conversion) -> dict[str, str]:
    return {path: data.decode() for path, data in found.files.items() if path.endswith(".md")}


def test_modules_pages_links_and_pictures_become_ours() -> None:
    files: Mapping[str, str | bytes] = {
        "imsmanifest.xml": manifest(
            item("Root", item("Pirmas", item("Viena", ref="a") + item("Kita", ref="b")) + item("Antras", item("Registras", ref="l"))),
            resource("a", "p/a.html") + resource("b", "p/b.html") + resource("l", "l.xml", "imswl_xmlv1p1")
            + resource("png", "img/schema.png"),
        ),
        "p/a.html": (
            '<html><head><title>Kitas</title></head><body><h1>Antraštė</h1><p>Žr. <a href="b.html#x">kitą</a> ir '
            '<a href="https://example.lt/">ten</a>.</p><img src="../img/schema.png" alt="Schema"></body></html>'
        ),
        "p/b.html": "<p>Atgal į <a href='a.html'>pirmą</a></p><ul><li>vienas<ul><li>du</li></ul></li></ul>",
        "l.xml": LINK,
        "img/schema.png": PNG,
    }  # fmt: skip
    found = read(dict(files))
    course = course_in(found)
    assert [m.texts["lt"].title for m in course.modules] == ["Pirmas", "Antras"]
    assert [p.texts["lt"].title for p in course.pages()] == ["Viena", "Kita", "Registras"]
    assert [one.path for one in course.media] == ["media/schema.png"]
    pages = texts(found)
    first = next(text for path, text in pages.items() if path.endswith("01-viena.md"))
    assert "## Antraštė" in first
    assert "Žr. [kitą](02-kita.md) ir [ten](https://example.lt/)." in first
    assert "![Schema](media/schema.png)" in first
    second = next(text for path, text in pages.items() if path.endswith("02-kita.md"))
    assert "Atgal į [pirmą](01-viena.md)" in second
    assert "- vienas\n  - du" in second
    assert any("[Registras](https://www.registrucentras.lt/)" in text for text in pages.values())


def test_what_no_page_shows_is_kept_and_what_is_deeper_is_told() -> None:
    files: Mapping[str, str | bytes] = {
        "imsmanifest.xml": manifest(
            item("Modulis", item("Gilus", item("Dar giliau", ref="a"), ref="b")),
            resource("a", "a.html") + resource("b", "b.html") + resource("c", "likęs.html") + resource("d", "forma.pdf")
            + resource("e", "virus.exe"),
        ),
        "a.html": "<p>a</p>", "b.html": "<p>b</p>", "likęs.html": "<title>Likęs</title><p>c</p>",
        "forma.pdf": b"%PDF-1.7", "virus.exe": b"MZ",
    }  # fmt: skip
    found = read(dict(files))
    course = course_in(found)
    assert [p.texts["lt"].title for p in course.pages()] == ["Gilus", "Dar giliau", "Likęs", "Failai"]
    assert [m.texts["lt"].title for m in course.modules] == ["Modulis", "Kita", "Failai"]
    assert any("- [forma.pdf](media/forma.pdf)" in text for text in texts(found).values())
    told = {(outcome, message) for outcome, _item, message in said(found)}
    assert ("changed", "modules hold pages only, so what was deeper is a page too") in told
    assert any(outcome == "left-out" and "files of this kind are not taken" in message for outcome, message in told)


def test_what_cannot_be_a_page_is_named() -> None:
    role = (
        "<metadata><lom><educational><intendedEndUserRole><source>IMSGLC_CC_Rolesv1p1</source>"
        "<value>Instructor</value></intendedEndUserRole></educational></lom></metadata>"
    )
    files = {
        "imsmanifest.xml": manifest(
            item("M", item("A", ref="a") + item("Įrankis", ref="t") + item("Mokytojui", ref="m") + item("Antraštė")
                 + item("Bloga nuoroda", ref="w") + item("Nėra", ref="nera") + item("Diskusija", ref="d")),
            resource("a", "a.html") + resource("t", "t.xml", "imsbasiclti_xmlv1p0") + resource("m", "m.html", more=role)
            + resource("w", "w.xml", "imswl_xmlv1p1") + resource("d", "d.xml", "imsdt_xmlv1p1"),
        ),
        "a.html": "<p>a</p>", "t.xml": "<x/>", "m.html": "<p>Raktas</p>",
        "w.xml": LINK.replace("https://www.registrucentras.lt/", "javascript:alert(1)"),
        "d.xml": "<topic><title>D</title><text texttype='text/html'>&lt;p&gt;Ką manote?&lt;/p&gt;</text></topic>",
    }  # fmt: skip
    found = read(dict(files))
    course = course_in(found)
    assert [p.texts["lt"].title for p in course.pages()] == ["A", "Diskusija"]
    assert "Raktas" not in "".join(texts(found).values())
    told = said(found)
    assert ("left-out", "Įrankis", "a tool of another server (LTI)") in told
    assert ("left-out", "Mokytojui", "it is for those who teach, not for learners") in told
    assert ("left-out", "Antraštė", "a heading in the table of contents with nothing below it") in told
    assert ("left-out", "Bloga nuoroda", "its link leads to no web page: javascript:alert(1)") in told
    assert ("left-out", "Nėra", "it belongs to no resource of the package") in told
    assert ("changed", "Diskusija", "a discussion is now a page: nobody can answer on it") in told


def test_an_ims_content_package_and_the_words_of_a_scorm_course_are_read() -> None:
    scorm = (
        "<manifest xmlns:adlcp='http://www.adlnet.org/xsd/adlcp_rootv1p2'><metadata><schema>ADL SCORM</schema></metadata>"
        "<organizations><organization><title>Sauga</title><item identifier='i' identifierref='r'><title>Pamoka</title></item>"
        "</organization></organizations><resources>"
        "<resource identifier='r' type='webcontent' adlcp:scormtype='sco' href='index.html'/></resources></manifest>"
    )
    found = read(
        {"imsmanifest.xml": scorm, "index.html": "<body onload='x()'><p>Sauga darbe</p><script>x()</script></body>"}
    )
    course = course_in(found)
    assert [p.texts["lt"].title for p in course.pages()] == ["Pamoka"]
    assert ("changed", "Pamoka", "its program (SCORM) does not run here; its words are a page") in said(found)
    assert ("left-out", "Pamoka", "left out of its text: script") in said(found)


# QTI 1.2


def asked(kind: str, body: str, rules: str, title: str = "Question", fields: str = "", feedback: str = "") -> str:
    return (
        f'<item ident="{kind}" title="{title}"><itemmetadata><qtimetadata><qtimetadatafield>'
        f"<fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield>{fields}</qtimetadata>"
        f"</itemmetadata><presentation>{body}</presentation><resprocessing><outcomes>"
        f'<decvar maxvalue="100" minvalue="0" varname="SCORE"/></outcomes>{rules}</resprocessing>{feedback}</item>'
    )


def words(text: str, html: bool = True) -> str:
    kind = "text/html" if html else "text/plain"
    return f'<material><mattext texttype="{kind}">{text.replace("<", "&lt;")}</mattext></material>'


def label(name: str, text: str) -> str:
    return f'<response_label ident="{name}">{words(text, html=False)}</response_label>'


def right(tests: str, score: str = "100", action: str = "Set", told: str = "") -> str:
    told = f'<displayfeedback linkrefid="{told}"/>' if told else ""
    return f'<respcondition><conditionvar>{tests}</conditionvar><setvar action="{action}">{score}</setvar>{told}</respcondition>'


def equal(response: str, value: str, word: str = "varequal") -> str:
    return f'<{word} respident="{response}">{value}</{word}>'


def questions(*items: str) -> list[Question]:
    quiz = f'<questestinterop><assessment title="Testas"><section>{"".join(items)}</section></assessment></questestinterop>'
    files = {
        "imsmanifest.xml": manifest(
            item("Testas", ref="q"), resource("q", "q.xml", "imsqti_xmlv1p2/imscc_xmlv1p1/assessment")
        ),
        "q.xml": quiz,
    }
    found = read(dict(files))
    assert not [one for one in said(found) if one[0] == "refused"], said(found)
    return [one for one in quizzes(found)[0].items if isinstance(one, Question)]


def quizzes(found: Conversion) -> list[Quiz]:
    return [b for page in course_in(found).pages() for b in page.texts["lt"].blocks if isinstance(b, Quiz)]


def test_every_type_of_canvas_is_read() -> None:
    choices = '<response_lid ident="r" rcardinality="{}"><render_choice>{}</render_choice></response_lid>'
    field = '<response_str ident="r"><render_fib/></response_str>'
    single, several, short, number, exact, blanks, essay, upload, partly = questions(
        asked("multiple_choice_question", words("<p>Kuris <b>teisingas</b>?</p>") + choices.format("Single", label("a", "Taip") + label("b", "1 < 2")),
              right(equal("r", "a")) + '<respcondition><conditionvar><varequal respident="r">b</varequal></conditionvar><displayfeedback linkrefid="b_fb"/></respcondition>',
              fields="<qtimetadatafield><fieldlabel>points_possible</fieldlabel><fieldentry>2.5</fieldentry></qtimetadatafield>",
              feedback='<itemfeedback ident="b_fb"><flow_mat>' + words("<p>Ne visai</p>") + "</flow_mat></itemfeedback>"),
        asked("multiple_answers_question", words("Kurie?") + choices.format("Multiple", label("a", "A") + label("b", "B") + label("c", "C")),
              right("<and>" + equal("r", "a") + "<not>" + equal("r", "b") + "</not>" + equal("r", "c") + "</and>")),
        asked("short_answer_question", words("Sostinė?") + field, right(equal("r", "Vilnius") + equal("r", "vilnius"))),
        asked("numerical_question", words("Kiek?") + field, right("<and>" + equal("r", "70", "vargte") + equal("r", "74", "varlte") + "</and>")),
        asked("numerical_question", words("Tiksliai?") + field, right("<or>" + equal("r", "72") + "<and>" + equal("r", "71", "vargte") + equal("r", "73", "varlte") + "</and></or>")),
        asked("fill_in_multiple_blanks_question", words("<p>[kas] rašo [ka]</p>")
              + f'<response_lid ident="response_kas">{words("kas", html=False)}<render_choice>{label("1", "Jis")}{label("2", "Ji")}</render_choice></response_lid>'
              + f'<response_lid ident="response_ka">{words("ka", html=False)}<render_choice>{label("3", "laišką")}</render_choice></response_lid>',
              right(equal("response_kas", "1"), "50", "Add") + right(equal("response_kas", "2"), "50", "Add") + right(equal("response_ka", "3"), "50", "Add")),
        asked("essay_question", words("Rašykite.") + field, ""),
        asked("file_upload_question", words("Įkelkite."), ""),
        asked("cc.pattern_match.v0p1", words("Dalis?") + field, right(equal("r", "apsaug", "varsubstring"))),
    )  # fmt: skip
    said_ = {one.id: one.texts["lt"] for one in (single, several, short, number, exact, blanks, partly)}
    assert (single.type, single.points) == (QuestionType.SINGLE, 2.5)
    assert [(o.text, o.fraction, o.feedback) for o in said_[single.id].options] == [
        ("Taip", 1.0, ""),
        ("1 < 2", 0.0, "Ne visai"),
    ]
    assert said_[single.id].title == "Kuris **teisingas**?"
    assert (several.type, several.scoring) == (QuestionType.MULTIPLE, "all-or-nothing")
    assert [o.fraction for o in said_[several.id].options] == [0.5, 0.0, 0.5]
    assert (short.type, short.case, [o.value for o in said_[short.id].options]) == (
        QuestionType.TEXT,
        "ignore",
        ["Vilnius", "vilnius"],
    )
    assert [o.value for o in said_[number.id].options] == ["70..74"]
    assert [o.value for o in said_[exact.id].options] == ["72 ± 1"]
    assert blanks.type is QuestionType.CLOZE
    assert [[o.value for o in part.options] for part in said_[blanks.id].parts] == [["Jis", "Ji"], ["laišką"]]
    assert (essay.type, upload.type) == (QuestionType.ESSAY, QuestionType.UPLOAD)
    assert (partly.match, [o.value for o in said_[partly.id].options]) == ("wildcard", ["*apsaug*"])


def test_pools_draws_and_banks_of_canvas_are_ours() -> None:
    choice = asked(
        "true_false_question",
        words("Taip?")
        + '<response_lid ident="r"><render_choice>'
        + label("a", "Taip")
        + label("b", "Ne")
        + "</render_choice></response_lid>",
        right(equal("r", "a")),
    )
    selected = (
        "<selection_ordering><selection><selection_number>{}</selection_number>{}</selection></selection_ordering>"
    )
    quiz = (
        '<questestinterop><assessment ident="z" title="Testas"><section>'
        f'<section ident="s" title="Grupė">{selected.format(1, "<selection_extension><points_per_item>3</points_per_item></selection_extension>")}{choice}</section>'
        f'<section ident="d" title="Iš banko">{selected.format(2, "<sourcebank_ref>bankas-1</sourcebank_ref>")}</section>'
        "</section></assessment></questestinterop>"
    )
    bank = (
        '<questestinterop><objectbank ident="bankas-1"><qtimetadata><qtimetadatafield><fieldlabel>bank_title</fieldlabel>'
        f"<fieldentry>Bankas</fieldentry></qtimetadatafield></qtimetadata>{choice}{choice.replace('Taip?', 'Ne?')}</objectbank></questestinterop>"
    )
    about = (
        '<quiz xmlns="http://canvas.instructure.com/xsd/cccv1p0"><title>Egzaminas</title><description>&lt;p&gt;Ramiai&lt;/p&gt;</description>'
        "<allowed_attempts>2</allowed_attempts><time_limit>30</time_limit><shuffle_answers>true</shuffle_answers>"
        "<scoring_policy>keep_latest</scoring_policy><quiz_type>assignment</quiz_type></quiz>"
    )
    files = {
        "imsmanifest.xml": manifest(
            item("M", item("Egzaminas", ref="q")),
            '<resource identifier="q" type="imsqti_xmlv1p2/imscc_xmlv1p1/assessment"><file href="q/assessment_qti.xml"/><dependency identifierref="m"/></resource>'
            '<resource identifier="m" type="associatedcontent/imscc_xmlv1p1/learning-application-resource" href="q/assessment_meta.xml">'
            '<file href="q/assessment_meta.xml"/><file href="non_cc_assessments/q.xml.qti"/></resource>'
            '<resource identifier="b" type="associatedcontent/imscc_xmlv1p1/learning-application-resource" href="non_cc_assessments/b.xml.qti">'
            '<file href="non_cc_assessments/b.xml.qti"/></resource>',
        ),
        "q/assessment_qti.xml": "<questestinterop/>", "q/assessment_meta.xml": about,
        "non_cc_assessments/q.xml.qti": quiz, "non_cc_assessments/b.xml.qti": bank,
    }  # fmt: skip
    found = read(dict(files))
    [exam] = quizzes(found)
    assert (exam.attempts, exam.seconds, exam.shuffle, exam.grading) == (2, 1800, "options", "last")
    assert exam.intros == {"lt": "Ramiai"}
    pool, drawn = exam.items
    assert isinstance(pool, Pool) and (pool.draw, pool.points) == (1, 3.0)
    assert isinstance(drawn, Draw) and (drawn.bank, drawn.count) == ("bankas-1", 2)
    [ours] = course_in(found).banks
    assert (ours.id, ours.title, len(ours.questions)) == ("bankas-1", "Bankas", 2)
