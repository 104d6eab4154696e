"""A course as a QTI package: an item for each question, a test for each quiz, and the course itself beside them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from functools import partial
from urllib.parse import quote

from app.catalog.exchange import gathering, qti_item, qti_tests
from app.catalog.exchange.model import Report, Written
from app.catalog.exchange.qti_dialect import QTI3, QTI21, Dialect, element, text
from app.catalog.exchange.qti_tests import Document
from app.catalog.exchange.source_inside import LARGEST
from app.catalog.format import writer
from app.catalog.format.model import Course, Question, Quiz
from app.kit.i18n import N_
from app.kit.limits import MIB
from app.kit.markdown import words

SOURCE = "klasteris/"
DIGEST = SOURCE + "sha256.txt"
MANIFEST = "imsmanifest.xml"
_TEXTS = (".xml", ".md", ".txt", ".svg", ".vtt")
_DAY = (1980, 1, 1, 0, 0, 0)
_LOM3 = "http://ltsc.ieee.org/xsd/LOM"
_LOM2 = "http://www.imsglobal.org/xsd/imsmd_v1p2"


def write(d: Dialect, course: Course) -> Written:
    report = Report()
    _told(course, report)
    documents = list(_documents(d, course, report))
    questions = qti_tests.used_once(
        [question for document in documents for question in document.questions]
        + [question for bank in course.banks for question in bank.questions]
    )
    if not questions:
        return Written(b"", tuple(report.notes))
    items: dict[str, str] = {}
    for question in questions:
        gathering.lost_in(question, report)
        items[f"{qti_item.item_id(question)}.xml"] = qti_item.write(d, question, course.lang, report)
    media = _shown(course, [*items.values(), *(document.xml for document in documents)])
    source = _source(course, report)
    files = {MANIFEST: _manifest(d, course, documents, questions, items, media, source).encode()}
    files |= {document.path: document.xml.encode() for document in documents}
    files |= {path: xml.encode() for path, xml in items.items()}
    files |= media
    if source:
        files |= source | {DIGEST: (digest(files) + "\n").encode()}
    return Written(_packed(files), tuple(report.notes))


write3 = partial(write, QTI3)
write21 = partial(write, QTI21)


def digest(files: Mapping[str, bytes]) -> str:
    """Of everything but the course inside: it says whether somebody has changed the package since it was written."""
    whole = hashlib.sha256()
    for path in sorted(path for path in files if not path.startswith(SOURCE)):
        whole.update(f"{path}\n{len(files[path])}\n".encode())
        whole.update(files[path])
    return whole.hexdigest()


def _source(course: Course, report: Report) -> dict[str, bytes]:
    """The course itself, which is read instead of the rest as long as nobody has changed that; nothing if it is too large."""
    files = writer.contents(course)
    if sum(len(data) for data in files.values()) > LARGEST:
        report.left_out(
            course.id, 0, N_("the course itself, since it is larger than %(limit)s MB"), limit=LARGEST // MIB
        )
        return {}
    return {SOURCE + path: data for path, data in sorted(files.items())}


def _told(course: Course, report: Report) -> None:
    report.left_out(course.id, 0, N_("its pages: only questions are written in this format"))
    others = sorted(lang for lang in course.texts if lang != course.lang)
    if others:
        report.left_out(course.id, 0, N_("its other languages: %(langs)s"), langs=", ".join(others))


def _documents(d: Dialect, course: Course, report: Report) -> Iterable[Document]:
    for page in course.pages():
        alone = qti_tests.of_page(d, course, page)
        if alone is not None:
            yield alone
        for block in page.texts[course.lang].blocks:
            if isinstance(block, Quiz):
                yield qti_tests.of_quiz(d, course, block, report)
    for bank in course.banks:
        yield qti_tests.of_bank(d, course, bank)


def _shown(course: Course, written: list[str]) -> dict[str, bytes]:
    """The files that questions show or point to."""
    whole = "\n".join(written)
    return {
        media.path: media.data
        for media in course.media
        if f'"{text(media.path)}"' in whole or f'"{quote(media.path)}"' in whole
    }


def _manifest(
    d: Dialect, course: Course, documents: list[Document], questions: list[Question],
    items: Mapping[str, str], media: Mapping[str, bytes], source: Mapping[str, bytes],
) -> str:  # fmt: skip
    resources = [_document(d, document) for document in documents]
    for question in questions:
        path = f"{qti_item.item_id(question)}.xml"
        shown = [name for name in media if f'"{text(name)}"' in items[path] or f'"{quote(name)}"' in items[path]]
        resources.append(
            _resource(qti_item.item_id(question), f"imsqti_item_{d.resource}", [path, *shown],
                      metadata=_keywords(d, course.lang, question.tags))
        )  # fmt: skip
    if source:
        resources.append(_resource("klasteris", "webcontent", [*source, DIGEST], href=False))
    schema = element("schema", d.schema_name, {}) + element("schemaversion", d.schema_version, {})
    about = element("metadata", schema + _titled(d, course), {})
    whole = about + element("organizations", "", {}) + element("resources", "\n".join(("", *resources, "")), {})
    root = {
        "xmlns": d.package,
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": f"{d.package} {d.package_schema}",
        "identifier": f"course-{course.id}",
    }
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{element("manifest", whole, dict(root))}\n'


def _document(d: Dialect, document: Document) -> str:
    depends = [
        element("dependency", "", {"identifierref": qti_item.item_id(question)}) for question in document.questions
    ]
    return _resource(document.id, f"imsqti_{document.kind}_{d.resource}", [document.path], depends=depends)


def _resource(
    name: str, kind: str, paths: list[str], *, metadata: str = "", depends: Iterable[str] = (), href: bool = True
) -> str:
    files = "".join(element("file", "", {"href": path}) for path in paths)
    head: dict[str, object] = {"identifier": name, "type": kind, "href": paths[0] if href else None}
    return element("resource", metadata + files + "".join(depends), head)


def _keywords(d: Dialect, lang: str, tags: tuple[str, ...]) -> str:
    if not tags:
        return ""
    return element("metadata", _lom(d, "".join(element("keyword", _said(d, lang, tag), {}) for tag in tags)), {})


def _titled(d: Dialect, course: Course) -> str:
    title = element("title", _said(d, course.lang, words(course.texts[course.lang].title)), {})
    return _lom(d, title + element("language", text(course.lang), {}))


def _lom(d: Dialect, inner: str) -> str:
    return element("lom", element("general", inner, {}), {"xmlns": _LOM3 if d.three else _LOM2})


def _said(d: Dialect, lang: str, said: str) -> str:
    if d.three:
        return element("string", text(said), {"language": lang})
    return element("langstring", text(said), {"xml:lang": lang})


def _packed(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, _DAY)
            # Pictures and films are packed already.
            entry.compress_type = zipfile.ZIP_DEFLATED if path.endswith(_TEXTS) else zipfile.ZIP_STORED
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data)
    return packed.getvalue()
