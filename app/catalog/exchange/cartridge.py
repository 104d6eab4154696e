"""Common Cartridges, Canvas exports and other IMS packages, read: their tables of contents become modules and pages."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from app.catalog.exchange import cartridge_links, escaping, proposing, qti12_read, xml
from app.catalog.exchange.cartridge_pages import Drawer
from app.catalog.exchange.desk import Desk
from app.catalog.exchange.folder import Folder
from app.catalog.exchange.imsmanifest import Entry, Manifest
from app.catalog.exchange.model import Conversion, Proposal, ProposedBank, ProposedModule, ProposedPage
from app.catalog.exchange.proposing import one_line
from app.catalog.exchange.qti12_read import Desks
from app.kit.i18n import N_

# Words of ours in a course of somebody else's, in the language of the course.
MORE = {"lt": "Kita", "en": "More", "nb": "Annet"}
FILES = {"lt": "Failai", "en": "Files", "nb": "Filer"}


@dataclass(slots=True)
class Binder:
    """Modules while they fill up; each page comes with the resource that it was made of."""

    drawer: Drawer
    modules: list[ProposedModule] = field(default_factory=list)

    def module(self, title: str, pages: list[tuple[str, ProposedPage]]) -> None:
        if pages:
            kept = tuple(replace(page, body=cartridge_links.marked(name, page.body)) for name, page in pages)
            self.modules.append(ProposedModule(title, kept))


def read(desk: Desk, folder: Folder, manifest: Manifest) -> Conversion:
    folder.roots = cartridge_links.ROOTS
    links = cartridge_links.Links(folder, manifest)
    folder.elsewhere = links.found
    drawer = Drawer(desk, folder, manifest)
    banks = drawer.banks()
    binder = Binder(drawer)
    title = drawer.title or manifest.title or one_line(desk.given.title)[:150]
    _contents(binder, manifest, title)
    binder.module(MORE.get(desk.lang, MORE["en"]) if binder.modules else title, drawer.rest())
    binder.module(FILES.get(desk.lang, FILES["en"]), _files(drawer))
    if not binder.modules and not banks:
        if not any(note.outcome == "refused" for note in desk.report.notes):
            desk.report.refused(desk.given.name, 0, N_("there is nothing in this package that could be shown"))
        return Conversion({}, tuple(desk.report.notes))
    count = sum(len(module.pages) for module in binder.modules)
    desk.report.carried(desk.given.name, 0, N_("pages read: %(count)s"), count=count)
    proposal = Proposal(
        title, tuple(binder.modules), lang=desk.lang, owner=desk.given.owner, intro=drawer.intro(), media=desk.media,
        banks=banks,
    )  # fmt: skip
    files = cartridge_links.resolved(proposing.files(proposal))
    return Conversion(files, tuple(desk.report.notes))


def _contents(binder: Binder, manifest: Manifest, title: str) -> None:
    """What stands at the top with something below it is a module; pages at the top make one of their own."""
    entries = manifest.entries
    if len(entries) == 1 and not entries[0].resource and entries[0].entries:
        inner = entries[0].entries
        folders = all(one.entries and not one.resource for one in inner)
        if not entries[0].title or entries[0].id == "LearningModules" or folders:
            entries = inner
    alone: list[tuple[str, ProposedPage]] = []
    for entry in entries:
        if not entry.entries:
            alone += _pages(binder, entry, deep=False)
            continue
        binder.module(title, alone)
        alone = []
        binder.module(entry.title or title, _pages(binder, entry, deep=False))
    binder.module(title, alone)


def _pages(binder: Binder, entry: Entry, *, deep: bool) -> list[tuple[str, ProposedPage]]:
    report = binder.drawer.desk.report
    found: list[tuple[str, ProposedPage]] = []
    if entry.resource:
        page = binder.drawer.page(entry.resource, entry.title, entry.line)
        found += [(entry.resource, page)] if page is not None else []
    elif not entry.entries and entry.title:
        report.left_out(entry.title, entry.line, N_("a heading in the table of contents with nothing below it"))
    if deep and entry.entries:
        report.changed(
            entry.title or entry.id, entry.line, N_("modules hold pages only, so what was deeper is a page too")
        )
    for one in entry.entries:
        found += _pages(binder, one, deep=True)
    return found


def _files(drawer: Drawer) -> list[tuple[str, ProposedPage]]:
    """Files that no page shows, so that nothing is lost without somebody having looked."""
    lines = drawer.files_left()
    if not lines:
        return []
    title = FILES.get(drawer.desk.lang, FILES["en"])
    drawer.desk.report.changed(
        drawer.desk.given.name, 0, N_("files that no page shows are listed on a page of their own: %(count)s"),
        count=len(lines),
    )  # fmt: skip
    return [("", ProposedPage(title, "\n".join(f"- {line}" for line in lines)))]


def read_quiz(desk: Desk, folder: Folder, path: str, root: Element) -> Conversion:
    """A QTI 1.2 file by itself."""
    d = Desks(desk, folder, path, {})
    pages: list[ProposedPage] = []
    banks: list[ProposedBank] = []
    if xml.name(root) != "questestinterop":
        desk.report.refused(desk.given.name, 1, N_("this is no format that we read"))
        return Conversion({}, tuple(desk.report.notes))
    if xml.child(root, "assessment") is not None:
        pages.append(qti12_read.quiz(d, root))
    elif xml.child(root, "objectbank") is not None:
        found = qti12_read.bank(d, root)
        banks += [found] if found is not None else []
    elif xml.child(root, "item") is not None or xml.child(root, "section") is not None:
        pages.append(qti12_read.quiz(d, root))
    pages = [page for page in pages if page.items]
    if not pages and not banks:
        if not any(note.outcome == "refused" for note in desk.report.notes):
            desk.report.refused(desk.given.name, 0, N_("there is no question in this file"))
        return Conversion({}, tuple(desk.report.notes))
    title = one_line(desk.given.title)[:150]
    kept = tuple(pages) or (ProposedPage(title, escaping.paragraphs(title)),)
    proposal = Proposal(
        title, (ProposedModule(title, kept),), lang=desk.lang, owner=desk.given.owner, media=desk.media,
        banks=tuple(banks),
    )  # fmt: skip
    return Conversion(proposing.files(proposal), tuple(desk.report.notes))
