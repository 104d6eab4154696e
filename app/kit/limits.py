"""Every limit on what may be sent in or unpacked: one table, so that code, pages and documentation name the same numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB
GIB: Final = 1024 * MIB

ZIP_BYTES: Final = 500 * MIB
ZIP_ENTRIES: Final = 5000
ZIP_UNPACKED: Final = 2 * GIB
ZIP_RATIO: Final = 50
# Small files may be packed as tightly as they like: text full of repetition is no attack.
ZIP_RATIO_ABOVE: Final = 64 * MIB
# The list of contents is read before anything is counted, so it has a size of its own: the entries, at some 400 bytes each.
ZIP_DIRECTORY_BYTES: Final = 2 * MIB
NAME_CHARACTERS: Final = 255
PATH_CHARACTERS: Final = 1000
UPLOAD_BYTES: Final = 200 * MIB
INCOMING_FILES: Final = 50
INCOMING_HOURS: Final = 24
MARKDOWN_BYTES: Final = 256 * KIB
FRONT_MATTER_BYTES: Final = 64 * KIB
DRAFT_FILES: Final = 1_000
NESTING: Final = 100
# What stands between two blank lines. Markdown parsers take quadratic time over longer ones, on shapes nobody writes.
RUN_CHARACTERS: Final = 30_000
RUN_MARKS: Final = 2_000
FORMULA_CHARACTERS: Final = 1_000
SVG_BYTES: Final = 1 * MIB
ALT_CHARACTERS: Final = 300
MEDIA_FILES: Final = 20
TRANSCRIPT_CHARACTERS: Final = 100_000
FORM_BYTES: Final = 2 * MIB
IMPORT_BYTES: Final = 10 * MIB
IMPORT_ROWS: Final = 20_000
ANSWER_FILE_BYTES: Final = 25 * MIB
TAB_CHARACTERS: Final = 40
LOST_SAVES: Final = 500
OFFICE_UNPACKED: Final = 300 * MIB
OFFICE_XML_BYTES: Final = 32 * MIB
OFFICE_PICTURES: Final = 500
PICTURE_PIXELS: Final = 50_000_000
PICTURE_SIDE: Final = 2_400
PDF_PAGES: Final = 1_000
# What one file from outside may cost the process that reads it: counted seconds of processor, seconds that pass, memory.
READING_CPU_SECONDS: Final = 60
READING_SECONDS: Final = 180
READING_MEMORY: Final = 2 * GIB
READERS: Final = 2
# The same for one document of ours that is set as PDF.
PRINTING_CPU_SECONDS: Final = 60
PRINTING_SECONDS: Final = 120
PRINTING_MEMORY: Final = 1 * GIB
PACK_BYTES: Final = 50 * MIB
PACK_PEOPLE: Final = 50_000
PACK_PRINTED: Final = 2_000  # some 140 KiB of memory a row while the document is set
REVIEW_CHARACTERS: Final = 2_000
REVIEW_COMMENTS: Final = 500
EXCHANGE_BYTES: Final = 50 * MIB
EXCHANGE_ELEMENTS: Final = 300_000
EXCHANGE_QUESTIONS: Final = 5_000
CORRECTION_REASON: Final = 500
GROUP_PEOPLE: Final = 300
DATA_REQUEST_CHARACTERS: Final = 2_000
DATA_REQUESTS_OPEN: Final = 5


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of the table: `unit` is bytes, files, rows, times, levels or characters; `what` says what is held to it."""

    name: str
    value: int
    unit: str
    what: str


LIMITS: Final[tuple[Limit, ...]] = (
    Limit("UPLOAD_BYTES", UPLOAD_BYTES, "bytes", "a course uploaded through the browser"),
    Limit("INCOMING_FILES", INCOMING_FILES, "files", "that one person is sending in pieces"),
    Limit("INCOMING_HOURS", INCOMING_HOURS, "hours", "a file sent in pieces waits for its next piece"),
    Limit("ZIP_BYTES", ZIP_BYTES, "bytes", "an archive, packed"),
    Limit("ZIP_ENTRIES", ZIP_ENTRIES, "files", "files and folders in an archive or a course folder"),
    Limit("ZIP_UNPACKED", ZIP_UNPACKED, "bytes", "an archive, unpacked, counted while reading"),
    Limit("ZIP_RATIO", ZIP_RATIO, "times", "how much larger an archive may be unpacked than packed"),
    Limit("ZIP_RATIO_ABOVE", ZIP_RATIO_ABOVE, "bytes", "the unpacked size above which the ratio counts"),
    Limit("ZIP_DIRECTORY_BYTES", ZIP_DIRECTORY_BYTES, "bytes", "the list of contents of an archive"),
    Limit("NAME_CHARACTERS", NAME_CHARACTERS, "characters", "the name of one file or folder"),
    Limit("PATH_CHARACTERS", PATH_CHARACTERS, "characters", "the whole path of a file in a course"),
    Limit("MARKDOWN_BYTES", MARKDOWN_BYTES, "bytes", "one Markdown file"),
    Limit("FRONT_MATTER_BYTES", FRONT_MATTER_BYTES, "bytes", "the front matter of one file"),
    Limit("DRAFT_FILES", DRAFT_FILES, "files", "in one draft, those that were removed too"),
    Limit("NESTING", NESTING, "levels", "lists and quotes inside one another"),
    Limit("RUN_CHARACTERS", RUN_CHARACTERS, "characters", "one paragraph, list or table without a blank line"),
    Limit("RUN_MARKS", RUN_MARKS, "marks", "characters such as * and [ in one paragraph, list or table"),
    Limit("FORMULA_CHARACTERS", FORMULA_CHARACTERS, "characters", "one formula between dollar signs"),
    Limit("SVG_BYTES", SVG_BYTES, "bytes", "one SVG drawing"),
    Limit("ALT_CHARACTERS", ALT_CHARACTERS, "characters", "what a picture shows, in words"),
    Limit("MEDIA_FILES", MEDIA_FILES, "files", "added to a draft at once"),
    Limit("TRANSCRIPT_CHARACTERS", TRANSCRIPT_CHARACTERS, "characters", "the transcript of a recording"),
    Limit("FORM_BYTES", FORM_BYTES, "bytes", "any other form sent from a page"),
    Limit("IMPORT_BYTES", IMPORT_BYTES, "bytes", "a file of people to import"),
    Limit("IMPORT_ROWS", IMPORT_ROWS, "rows", "people in one import file"),
    Limit("ANSWER_FILE_BYTES", ANSWER_FILE_BYTES, "bytes", "a file handed in as an answer"),
    Limit("TAB_CHARACTERS", TAB_CHARACTERS, "characters", "the name a browser tab gives itself when it saves answers"),
    Limit("LOST_SAVES", LOST_SAVES, "times", "saves of one attempt that came too late or after another tab's"),
    Limit("OFFICE_UNPACKED", OFFICE_UNPACKED, "bytes", "a Word or PowerPoint file, unpacked"),
    Limit("OFFICE_XML_BYTES", OFFICE_XML_BYTES, "bytes", "one part of such a file that holds words"),
    Limit("OFFICE_PICTURES", OFFICE_PICTURES, "pictures", "different pictures taken from one such file"),
    Limit("PICTURE_PIXELS", PICTURE_PIXELS, "points", "one picture in it"),
    Limit(
        "PICTURE_SIDE",
        PICTURE_SIDE,
        "points",
        "the longer side of a picture taken from it; larger ones are made smaller",
    ),
    Limit("PDF_PAGES", PDF_PAGES, "pages", "a PDF whose words are read"),
    Limit(
        "READING_CPU_SECONDS", READING_CPU_SECONDS, "seconds", "of processor: reading, checking and rendering a course"
    ),
    Limit("READING_SECONDS", READING_SECONDS, "seconds", "on the clock: the same, when the machine is busy"),
    Limit("READING_MEMORY", READING_MEMORY, "bytes", "of memory: the same"),
    Limit("READERS", READERS, "files", "read at once by one server process; others wait"),
    Limit("PRINTING_CPU_SECONDS", PRINTING_CPU_SECONDS, "seconds", "of processor: setting one document as PDF"),
    Limit("PRINTING_SECONDS", PRINTING_SECONDS, "seconds", "on the clock: the same, when the machine is busy"),
    Limit("PRINTING_MEMORY", PRINTING_MEMORY, "bytes", "of memory: the same"),
    Limit("PACK_BYTES", PACK_BYTES, "bytes", "an audit pack sent in to be checked"),
    Limit("PACK_PEOPLE", PACK_PEOPLE, "people", "whom one audit pack is about"),
    Limit("PACK_PRINTED", PACK_PRINTED, "rows", "of a table of its PDF; the workbook and the JSON hold all of them"),
    Limit("REVIEW_CHARACTERS", REVIEW_CHARACTERS, "characters", "one comment on a line under review, or the answer"),
    Limit("REVIEW_COMMENTS", REVIEW_COMMENTS, "times", "comments in one review"),
    Limit("EXCHANGE_BYTES", EXCHANGE_BYTES, "bytes", "a file of questions from another platform, no archive"),
    Limit("EXCHANGE_ELEMENTS", EXCHANGE_ELEMENTS, "elements", "one XML file from another platform"),
    Limit("CORRECTION_REASON", CORRECTION_REASON, "characters", "why a question was corrected or an attempt given"),
    Limit("GROUP_PEOPLE", GROUP_PEOPLE, "people", "on the roster of one group session"),
    Limit(
        "DATA_REQUEST_CHARACTERS", DATA_REQUEST_CHARACTERS, "characters", "a question about one's data, or the answer"
    ),
    Limit("DATA_REQUESTS_OPEN", DATA_REQUESTS_OPEN, "questions", "of one person about their data that wait"),
    Limit("EXCHANGE_QUESTIONS", EXCHANGE_QUESTIONS, "questions", "a file of questions from another platform"),
)
