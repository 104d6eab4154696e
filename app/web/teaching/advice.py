"""Why a problem matters to a learner, and how to put it right: one entry for each common code."""

from __future__ import annotations

from dataclasses import dataclass

from app.catalog.format.lagging import OLDER
from app.catalog.format.model import Problem
from app.kit.i18n import N_


@dataclass(frozen=True, slots=True)
class Advice:
    """`why` and `how` are sentences to translate; `example` is written as it stands, in any language."""

    why: str
    how: str
    example: str = ""


ADVICE: dict[str, Advice] = {
    "E100": Advice(
        N_("What cannot be understood would be shown to learners as text, with its right answers."),
        N_("Write one of the four words: quiz, question, pool or draw."),
        "<!-- question id=… -->",
    ),
    "E101": Advice(
        N_("A comment in the wrong place says nothing, and what it was to mark is shown as text."),
        N_("Put the comment alone on the line under its heading, and close it there."),
        "## …\n<!-- quiz id=… -->",
    ),
    "E102": Advice(
        N_("A setting that cannot be read would silently not hold."),
        N_("Write settings as key=value; a value with spaces goes into quotation marks."),
        'unit="km per hour"',
    ),
    "E103": Advice(
        N_("A misspelt setting would silently not hold."),
        N_("Correct the word, or take it out."),
    ),
    "E104": Advice(
        N_("The platform does not guess what was meant."),
        N_("Write one of the values that are named here."),
    ),
    "E106": Advice(
        N_("Without its head the file has no title and no identity."),
        N_(
            "The head stands between two lines of three hyphens, one key a line. Text with a colon goes into quotation marks."
        ),
        '---\nkind: page\nid: …\ntitle: "…: …"\n---',
    ),
    "E107": Advice(N_("Learners or the catalogue need this."), N_("Add the key to the head of the file.")),
    "E109": Advice(
        N_("A course is recognised by its own file."),
        N_("Zip the folder in which course.md lies, or send one Markdown file with kind: course."),
        "---\nkind: course\nid: …\ntitle: …\n---",
    ),
    "E110": Advice(
        N_("By its id a question keeps its answers when its words change."),
        N_("Give it a short id that will never change."),
        "<!-- question id=… -->",
    ),
    "E111": Advice(
        N_("Ids stand in addresses."),
        N_("Use small letters without marks, digits and single hyphens."),
        "id: asmens-duomenys",
    ),
    "E112": Advice(
        N_("Two things with one id would share their learners' results."),
        N_("Give one of them another id."),
    ),
    "E113": Advice(
        N_("A reference that leads nowhere helps nobody."), N_("Correct the id, or take the reference out.")
    ),
    "E114": Advice(
        N_("After a wrong answer learners are sent to this heading, and it is not there."),
        N_("Take the heading's words, in small letters with hyphens."),
        "see=page-id#heading-words",
    ),
    "E115": Advice(
        N_("An id that was given up stays given up: old results speak of it."),
        N_("Choose another id for the new thing."),
    ),
    "E116": Advice(N_("Nobody could ever open these pages."), N_("Take one of the requirements out.")),
    "E120": Advice(
        N_("Without its comment a question is shown as text, with its right answers."),
        N_("Put a comment under the heading, or move the heading out of the quiz."),
        "### …\n<!-- question id=… -->",
    ),
    "E124": Advice(
        N_("Nothing tells what a right answer would be."),
        N_("Write the answers as a list under the question."),
        "- [x] …\n- [ ] …",
    ),
    "E127": Advice(N_("An empty quiz can never be passed."), N_("Add a question, or take the quiz out.")),
    "E140": Advice(
        N_("An answer without a mark is neither right nor wrong."),
        N_("Begin every answer with [x] or [ ]. A list in the question needs a sentence between it and the answers."),
        "- [x] …\n- [ ] …",
    ),
    "E141": Advice(
        N_("A question without a right answer cannot be passed."), N_("Mark at least one answer with [x]."), "- [x] …"
    ),
    "E142": Advice(
        N_("Learners may choose one answer here, so exactly one must be right."),
        N_("Mark one answer with [x], or make it a question with several right answers."),
        "type=multiple",
    ),
    "E143": Advice(
        N_("With one answer there is nothing to choose."), N_("Add the answers that people mistake for the right one.")
    ),
    "E147": Advice(
        N_("A number that cannot be read cannot be compared."),
        N_("Write a number, a number with its tolerance, or a range, between backticks."),
        "- [x] `72`\n- [x] `3.14 ± 0.01`\n- [x] `70..74`",
    ),
    "E160": Advice(N_("Questions that are not there cannot be drawn."), N_("Name a bank of this course.")),
    "E161": Advice(
        N_("Whoever draws other questions would get other points."), N_("Give all of them the same points."), "points=1"
    ),
    "E163": Advice(N_("There are fewer questions than are drawn."), N_("Add questions, or draw fewer.")),
    "E170": Advice(
        N_("A screen reader has nothing to say about this picture, and whoever cannot see it misses what it shows."),
        N_("Write what the picture shows between the brackets. If it only decorates, say so behind it."),
        "![…](media/….png)\n![](media/….png) <!-- decorative -->",
    ),
    "E171": Advice(
        N_("Whoever cannot hear, or sits in an office without sound, cannot follow."),
        N_("Put the captions (.vtt) and the transcript (.md) beside the recording, under the same name."),
        "media/film.mp4\nmedia/film.vtt\nmedia/film.md",
    ),
    "E173": Advice(
        N_("Files that browsers may run, or that few people can open, are not taken."),
        N_("Save it as one of the kinds that are named, for example as PDF."),
    ),
    "E174": Advice(
        N_("A file under a false name is either damaged or meant to deceive."),
        N_("Save it again in the program it comes from, and do not rename it by hand."),
    ),
    "E175": Advice(N_("A drawing may not run anything or fetch anything."), N_("Save it as plain SVG, or as PNG.")),
    "E180": Advice(
        N_("HTML would let a course run things in a learner's browser."),
        N_("Write it in Markdown."),
        "**…**  ·  [..](https://…)  ·  | … | … |",
    ),
    "E181": Advice(
        N_("Learners would come to a page that is not there."),
        N_("Correct the path, or put the file into the course folder. Capital letters count."),
    ),
    "E182": Advice(N_("A course must be whole in itself."), N_("Copy the file into the course folder.")),
    "E183": Advice(
        N_("Pictures and pages of others change or vanish, and tell others who reads."), N_("Put the file into media/.")
    ),
    "E190": Advice(
        N_("Learners have results under this id. The platform must know whether it is gone or has a new name."),
        N_("Name it in course.md under retired, or as an earlier id (was) of what replaces it."),
        "retired: […]",
    ),
    "E191": Advice(
        N_("Answers that were given to the old question do not fit the new one."),
        N_("Give the new one an id of its own, and name the old one under retired."),
        "retired: […]",
    ),
    "E192": Advice(
        N_("All languages of a question must have the same answers, or a translation would decide who passes."),
        N_("Write the answers in the same number and with the same marks as in the source language."),
    ),
    "QC01": Advice(
        N_("People decide by this whether the course is for them."), N_("Complete the head of course.md."), "contact: …"
    ),
    "QC02": Advice(
        N_("People decide by this whether the course is for them."), N_("Add one sentence to course.md."), "audience: …"
    ),
    "QC03": Advice(
        N_("Outcomes promise what learners will be able to do."),
        N_("Write three to seven, each beginning with a verb."),
        "outcomes:\n  - {id: atpazinti, text: Atpažinti …}",
    ),
    "QC04": Advice(
        N_("It was promised that learners will be able to do this, and nothing teaches or checks it."),
        N_("Name the outcome at a module or page, and at a question."),
        "<!-- question id=… outcomes=… -->",
    ),
    "QC05": Advice(
        N_("People plan their day by the time you name."),
        N_("Correct the minutes, or shorten the text. We reckon 180 words a minute and one minute a question."),
        "minutes: …",
    ),
    "QC06": Advice(
        N_("The rule for the certificate must be known before somebody starts."),
        N_("Add a quiz that counts."),
        "mode=exam",
    ),
    "QC07": Advice(
        N_("Whoever only reads remembers little."),
        N_("Ask a question in between; it need not count."),
        "## …\n<!-- question id=… -->",
    ),
    "QC08": Advice(
        N_("A question teaches when it says why an answer is right or wrong."),
        N_("Offer three to five answers, and explain each in a quotation under it."),
        "- [ ] …\n  > …",
    ),
    "QC09": Advice(
        N_("A legal text that nobody has checked lately may mislead. After 24 months it stops publishing."),
        N_("Check the wording in force and write down the day; or say that it is unchecked, and the page says so."),
        "sources:\n  - {act: …, article: …, checked_on: 2026-04-01}",
    ),
    "QC10": Advice(
        N_("In a list of links or headings these words stand alone, and must make sense there."),
        N_("Name what the link leads to; let headings step down one level at a time; head every column of a table."),
        "[…](https://…)",
    ),
    "QC12": Advice(
        N_("Long sentences are read twice, or not at all."),
        N_("Make two sentences of one. Put the important thing first."),
    ),
    "QC13": Advice(
        N_("Four eyes see what two do not."),
        N_("Ask somebody who did not write it, and name them and the day."),
        "reviewed: {by: …, on: 2026-04-01}",
    ),
    "QC14": Advice(
        N_("Whether a course helps, only those can say who took it."),
        N_("Ask for an opinion at the end. It is never marked."),
        "## …\n<!-- question id=… type=scale -->\n\n- …\n- …",
    ),
    "QC16": Advice(
        N_("Pictures and films belong to somebody, and others will copy them from here."),
        N_("Write down under which licence each may be used, and where it is from."),
        "media:\n  - {file: media/….png, licence: …, source: …}",
    ),
    "QC17": Advice(
        N_("Learners see the source text there, with a note that it is not translated."),
        N_("Add the translated file, or publish without it."),
    ),
    "QC18": Advice(
        N_("An example must not point at a real person."),
        N_("Use an impossible personal code, an address at example.lt, and a number that ends in 00000."),
    ),
    "W206": Advice(N_("It has no effect."), N_("Take it out, or give the question the type it is meant for.")),
    "W201": Advice(N_("It has no effect."), N_("Take it out, or correct it.")),
    "W203": Advice(
        N_("The page already has its title as a heading."),
        N_("Take the heading out, or make it a smaller one."),
        "## …",
    ),
}
OTHERWISE = Advice("", N_("Correct the marked place and upload the course again."))


BEHIND = Advice(
    N_("Learners are told that the translation is older, and are led to the source."),
    N_("Bring the translation up to date: change its words where those of the source have changed."),
)


def advice_for(problem: Problem) -> Advice:
    """The advice on a problem; on one whose code has no entry, what always helps."""
    return BEHIND if problem.template == OLDER else ADVICE.get(problem.code) or OTHERWISE
