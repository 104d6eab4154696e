"""The resources of a cartridge, each as a page: HTML, links, discussions, assignments, quizzes, files."""

from __future__ import annotations

import html as html_words
import re
from dataclasses import dataclass, field
from html import escape
from xml.etree.ElementTree import Element

from app.catalog.exchange import escaping, qti12_read, xml
from app.catalog.exchange.desk import Desk, Item
from app.catalog.exchange.folder import Folder
from app.catalog.exchange.imsmanifest import Manifest, Resource
from app.catalog.exchange.model import ProposedBank, ProposedPage
from app.catalog.exchange.proposing import one_line
from app.catalog.exchange.qti12_read import Desks
from app.catalog.exchange.qti12_source import within
from app.kit.i18n import N_
from app.kit.slugs import slug

_HTML = (".html", ".htm", ".xhtml")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.I | re.S)
_BODY = re.compile(r"<body[^>]*>(.*?)(?:</body>|\Z)", re.I | re.S)
_HEAD = re.compile(r"<head[^>]*>.*?</head>", re.I | re.S)
_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_-]{1,40})", re.I)
_STATE = re.compile(r'<meta\s+name="workflow_state"\s+content="([a-z_]+)"', re.I)
# Canvas shows formulas as pictures with their TeX beside them, or in a text between two dollar signs.
_EQUATION = re.compile(r'<img(?=[^>]*class="equation_image")[^>]*data-equation-content="([^"]{1,1000})"[^>]*>')
_DISPLAYED = re.compile(r"\$\$([^$<>]{1,1000})\$\$")
_LEARNERS = ("learner", "student")
# Settings of Canvas, of which only the words for learners are read.
_SETTINGS = "course_settings/"
_NON_CC = "non_cc_assessments/"


@dataclass(slots=True)
class Drawer:
    """`done` are the resources that have been looked at, whether a page came of them or not."""

    desk: Desk
    folder: Folder
    manifest: Manifest
    done: set[str] = field(default_factory=set)
    bank_ids: dict[str, str] = field(default_factory=dict)
    parsed: dict[str, Element | None] = field(default_factory=dict)

    # What Canvas says of the course

    @property
    def title(self) -> str:
        root = self._parsed(_SETTINGS + "course_settings.xml")
        return one_line(xml.text(xml.child(root, "title")))[:200]

    def intro(self) -> str:
        data = self.folder.files.get(_SETTINGS + "syllabus.html")
        path = _SETTINGS + "syllabus.html"
        return self.folder.blocks(Item(path, 0), _body(_text(data)), path, top=2) if data else ""

    def banks(self) -> tuple[ProposedBank, ...]:
        """Questions that stand in no quiz."""
        roots: dict[str, Element] = {}
        for resource in self.manifest.resources.values():
            for path in (resource.first, *resource.files):
                if path.endswith((".qti", ".xml")) and (_NON_CC in path or "question-bank" in resource.type):
                    root = self._parsed(path)
                    held = xml.child(root, "objectbank")
                    if held is not None:
                        roots[path] = held
                        self.done.add(resource.id)
        for held in roots.values():
            ident = held.attrib.get("ident", "")
            self.bank_ids.setdefault(ident, _bank_name(ident))
        asked, drawn = self._asked_already()
        found = [
            qti12_read.bank(
                Desks(self.desk, self.folder, path, self.bank_ids),
                held,
                frozenset() if held.attrib.get("ident", "") in drawn else asked,
            )
            for path, held in roots.items()
        ]
        return tuple(bank for bank in found if bank is not None)

    def _asked_already(self) -> tuple[frozenset[str], frozenset[str]]:
        """Canvas keeps a copy of every question of a quiz in a bank: the questions that have one, the banks drawn from."""
        asked: set[str] = set()
        drawn: set[str] = set()
        for path in self.folder.files:
            root = self._parsed(path) if path.startswith(_NON_CC) else None
            for one in within(root, "qtimetadatafield"):
                if xml.text(xml.child(one, "fieldlabel")) == "assessment_question_identifierref":
                    asked.add(xml.text(xml.child(one, "fieldentry")).strip())
            drawn |= {xml.text(one).strip() for one in within(root, "sourcebank_ref")}
        return frozenset(asked), frozenset(drawn)

    def _parsed(self, path: str) -> Element | None:
        """A document of the package, read once; what is no whole XML is refused once."""
        if path not in self.parsed:
            self.parsed[path] = None
            try:
                self.parsed[path] = xml.parse(self.folder.files[path]) if path in self.folder.files else None
            except xml.BadXML as error:
                self.desk.report.refused(path, error.line, error.template, **error.values)
        return self.parsed[path]

    # Pages

    def rest(self) -> list[tuple[str, ProposedPage]]:
        """What can be read and stands in no table of contents."""
        found: list[tuple[str, ProposedPage]] = []
        for resource in self.manifest.resources.values():
            if resource.id in self.done or not self._is_readable(resource):
                continue
            page = self.page(resource.id, "", resource.line)
            if page is not None:
                found.append((resource.id, page))
        return found

    def _is_readable(self, resource: Resource) -> bool:
        if resource.id.endswith("_fallback"):
            return False
        return not resource.type.startswith(("webcontent", "associatedcontent")) or (
            resource.first.lower().endswith(_HTML) and not resource.first.startswith(_SETTINGS)
        )

    def page(self, name: str, title: str, line: int) -> ProposedPage | None:
        """None where nothing could be carried, which has then been said."""
        resource = self.manifest.resources.get(name)
        item = Item(title or name, line)
        if resource is None:
            self.desk.report.left_out(item.name, line, N_("it belongs to no resource of the package"))
            return None
        if resource.id in self.done:
            self.desk.report.left_out(item.name, line, N_("it stands in the table of contents a second time"))
            return None
        self.done.add(resource.id)
        item = Item(title or resource.first or name, line)
        if resource.roles and not any(role in _LEARNERS for role in resource.roles):
            self.desk.report.left_out(item.name, line, N_("it is for those who teach, not for learners"))
            return None
        kind = resource.type
        if "/assessment" in kind or kind.startswith("imsqti_xmlv1p2"):
            return self._quiz(item, resource, title)
        if kind.startswith("imswl_"):
            return self._web_link(item, resource, title)
        if kind.startswith("imsdt_"):
            return self._discussion(item, resource, title)
        if kind.startswith("assignment_"):
            return self._assignment(item, resource, title)
        if kind.startswith("imsbasiclti_"):
            self.desk.report.left_out(item.name, line, N_("a tool of another server (LTI)"))
            return None
        if any(path.endswith("assignment_settings.xml") for path in resource.files):
            return self._canvas_assignment(item, resource, title)
        return self._content(item, resource, title)

    def _page(self, item: Item, html: str, path: str, title: str) -> ProposedPage:
        return ProposedPage(title or slug(path), self.folder.blocks(item, html, path, top=2))

    def _content(self, item: Item, resource: Resource, title: str) -> ProposedPage | None:
        path = self.folder.there(resource.first)
        data = self.folder.files.get(path)
        if data is None:
            self.folder.missing(Item(item.name, resource.line), path or resource.id)
            return None
        if resource.scorm == "sco":
            self.desk.report.changed(
                item.name, item.line, N_("its program (SCORM) does not run here; its words are a page")
            )
        if not path.lower().endswith(_HTML):
            return self._file(item, path, title)
        said = _text(data)
        state = _STATE.search(said)
        if state and state[1] == "unpublished":
            self.desk.report.changed(item.name, item.line, N_("it was not published there; here it is a page"))
        self.folder.shown.add(path)
        return self._page(item, _body(said), path, title or _titled(said, path))

    def _file(self, item: Item, path: str, title: str) -> ProposedPage | None:
        title = title or path.rpartition("/")[2]
        line = self._line(item, path, title)
        return ProposedPage(title, line) if line else None

    def _line(self, item: Item, path: str, title: str) -> str:
        """A file as a picture or a link, if files of its kind are taken."""
        self.folder.shown.add(path)
        found = self.desk.file(item, path, self.folder.files[path])
        if found is None:
            return ""
        if found.lower().endswith(_PICTURES):
            return f"![]({escaping.address(found)})"
        return f"[{escaping.inline(title)}]({escaping.address(found)})"

    def files_left(self) -> list[str]:
        """A line for every file for learners that no page has shown; HTML pages are pages."""
        found: list[str] = []
        for resource in self.manifest.resources.values():
            if not resource.type.startswith("webcontent") or resource.id in self.done:
                continue
            for path in dict.fromkeys((resource.first, *resource.files)):
                if path not in self.folder.files or path in self.folder.shown or path.lower().endswith(_HTML):
                    continue
                name = path.rpartition("/")[2]
                line = self._line(Item(path, resource.line), path, name)
                if line:
                    found.append(line if line.startswith("[") else f"[{escaping.inline(name)}]{line.partition(']')[2]}")
        return found

    def _root(self, item: Item, resource: Resource, name: str) -> Element | None:
        """The document that a resource is, if it is one of this name."""
        for path in dict.fromkeys((resource.first, *resource.files)):
            if path.endswith(".xml"):
                root = self._parsed(path)
                if root is not None and xml.name(root) == name:
                    return root
        self.folder.missing(Item(item.name, resource.line), resource.first or resource.id)
        return None

    def _web_link(self, item: Item, resource: Resource, title: str) -> ProposedPage | None:
        root = self._root(item, resource, "webLink")
        if root is None:
            return None
        url = xml.child(root, "url")
        address = (url.attrib.get("href", "") if url is not None else "").strip()
        title = title or one_line(xml.text(xml.child(root, "title")))[:150] or address
        if not address.lower().startswith(("http://", "https://")):
            self.desk.report.left_out(item.name, item.line, N_("its link leads to no web page: %(address)s"),
                                      address=address[:200])  # fmt: skip
            return None
        return ProposedPage(title, f"[{escaping.inline(title)}]({escaping.address(address)})")

    def _discussion(self, item: Item, resource: Resource, title: str) -> ProposedPage | None:
        root = self._root(item, resource, "topic")
        if root is None:
            return None
        for name in resource.depends:
            meta = self.manifest.resources.get(name)
            about = self._parsed(meta.first) if meta is not None else None
            if about is not None and xml.text(xml.child(about, "type")) == "announcement":
                self.desk.report.left_out(item.name, item.line, N_("an announcement"))
                return None
        self.desk.report.changed(item.name, item.line, N_("a discussion is now a page: nobody can answer on it"))
        title = title or one_line(xml.text(xml.child(root, "title")))[:150]
        page = self._page(item, _said(xml.child(root, "text")), resource.first, title)
        return self._with_attachments(item, root, resource, page)

    def _with_attachments(self, item: Item, root: Element, resource: Resource, page: ProposedPage) -> ProposedPage:
        lines: list[str] = []
        for attachment in xml.children(xml.child(root, "attachments"), "attachment"):
            path = self.folder.path(attachment.attrib.get("href", ""), resource.first)
            if path in self.folder.files:
                lines.append(self._line(item, path, path.rpartition("/")[2]))
        return ProposedPage(page.title, "\n\n".join(part for part in (page.body, *lines) if part))

    def _assignment(self, item: Item, resource: Resource, title: str) -> ProposedPage | None:
        root = self._root(item, resource, "assignment")
        if root is None:
            return None
        self.desk.report.changed(item.name, item.line, ASSIGNMENT)
        title = title or one_line(xml.text(xml.child(root, "title")))[:150]
        said = xml.child(root, "text")
        page = self._page(item, _said(said) if said is not None else "", resource.first, title)
        return self._with_attachments(item, root, resource, page)

    def _canvas_assignment(self, item: Item, resource: Resource, title: str) -> ProposedPage | None:
        settings = next(path for path in resource.files if path.endswith("assignment_settings.xml"))
        named = one_line(xml.text(xml.child(self._parsed(settings), "title")))[:150]
        self.desk.report.changed(item.name, item.line, ASSIGNMENT)
        return self._content(item, resource, title or named)

    def _quiz(self, item: Item, resource: Resource, title: str) -> ProposedPage | None:
        """Canvas writes its quizzes twice: whole for itself, and what Common Cartridge knows of them for others."""
        paths = [path for path in resource.files if path.endswith((".xml", ".qti"))]
        about = None
        for name in resource.depends:
            for path in self.manifest.resources[name].files if name in self.manifest.resources else ():
                if path.endswith("assessment_meta.xml"):
                    about = self._parsed(path)
                elif path.startswith(_NON_CC):
                    paths.insert(0, path)
        for path in paths:
            root = self._parsed(path)
            if root is None or xml.name(root) != "questestinterop":
                continue
            named = title or one_line(xml.text(xml.child(about, "title")))[:150]
            page = qti12_read.quiz(Desks(self.desk, self.folder, path, self.bank_ids), root, named, about)
            if page.items or page.body:
                return page
        self.desk.report.left_out(item.name, item.line, N_("there is no question in it that could be read"))
        return None


ASSIGNMENT = N_("an assignment is now a page: what is handed in, and by when, is not asked here")


def _bank_name(ident: str) -> str:
    """Long ids that no person chose are replaced by one made of the title."""
    return slug(ident) if len(ident) <= 24 else f"bank-{slug(ident)[:8]}"


def _said(element: Element | None) -> str:
    """The words of an element that says itself what they are."""
    if element is None:
        return ""
    text = "".join(element.itertext())
    if element.attrib.get("texttype", "text/html").lower() == "text/plain":
        return "".join(f"<p>{escape(part, quote=False)}</p>" for part in text.split("\n\n"))
    return text


def _text(data: bytes) -> str:
    found = _CHARSET.search(data[:2048])
    for encoding in ("utf-8-sig", found[1].decode() if found else "cp1252", "latin-1"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("utf-8", "replace")


def _titled(html: str, path: str) -> str:
    found = _TITLE.search(html)
    title = one_line(html_words.unescape(re.sub(r"<[^>]*>", "", found[1])))[:150] if found else ""
    return title.removeprefix("Assignment: ") or path.rpartition("/")[2].rpartition(".")[0]


def _body(html: str) -> str:
    """What is shown of a page, its formulas written in the one way that is read everywhere here."""
    found = _BODY.search(html)
    shown = found[1] if found else _HEAD.sub("", html)
    shown = _EQUATION.sub(lambda one: f"\\({one[1]}\\)", shown)
    return _DISPLAYED.sub(lambda one: f"\\({one[1]}\\)", shown)
