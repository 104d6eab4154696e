"""A QTI package, read: its tests become pages with a quiz, their selections pools and draws, sections of their own banks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from app.catalog.exchange import escaping, imsmanifest, proposing, qti_read, xml
from app.catalog.exchange import qti_tree as tree
from app.catalog.exchange.desk import Desk, Item, decimal
from app.catalog.exchange.folder import Folder
from app.catalog.exchange.imsmanifest import Manifest
from app.catalog.exchange.model import Conversion, Proposal, ProposedBank, ProposedModule, ProposedPage, ProposedQuiz
from app.catalog.exchange.proposing import QUESTIONS, one_line
from app.catalog.exchange.qti_item import TOOL
from app.catalog.exchange.qti_read import Text
from app.catalog.exchange.question_text import number
from app.catalog.format.frontmatter import is_id
from app.catalog.format.model import Draw, Pool, Question
from app.kit.i18n import N_

ITEM, TEST, SECTION = "assessment-item", "assessment-test", "assessment-section"


@dataclass(slots=True)
class Shelf:
    """Every document of the package by its path, and the items that have been read. A question is put in one place only."""

    desk: Desk
    folder: Folder
    manifest: Manifest
    roots: dict[str, Element] = field(default_factory=dict)
    read: dict[str, Question | Text | None] = field(default_factory=dict)
    placed: set[str] = field(default_factory=set)

    def of_kind(self, kind: str) -> list[str]:
        return [path for path, root in self.roots.items() if tree.kind(root) == kind]

    def item(self, path: str) -> Question | Text | None:
        if path not in self.read:
            root = self.roots[path]
            keywords = next(
                (r.keywords for r in self.manifest.resources.values() if self.folder.there(r.first) == path), ()
            )
            self.read[path] = qti_read.read(self.desk, self.folder, path, root, keywords)
        return self.read[path]

    def place(self, here: Item, base: str, reference: Element) -> Question | Text | None:
        """The item that a reference means, unless it already stands elsewhere."""
        address = tree.attribute(reference, "href")
        path = self.folder.path(address, base)
        if path not in self.roots or tree.kind(self.roots[path]) != ITEM:
            self.folder.missing(Item(here.name, xml.line(reference)), address)
            return None
        if path in self.placed:
            self.desk.report.left_out(
                here.name, xml.line(reference), N_("%(name)s, which is already asked elsewhere"), name=path
            )
            return None
        self.placed.add(path)
        return self.item(path)


def read(desk: Desk, folder: Folder, manifest: Manifest, roots: Mapping[str, Element]) -> Conversion:
    shelf = Shelf(desk, folder, manifest, dict(roots))
    banks = [_standing(shelf, path) for path in shelf.of_kind(SECTION) if _name(shelf, path).startswith("bank-")]
    held = {question.id: bank.id for bank in banks for question in bank.questions}
    pages = [_alone(shelf, path) for path in shelf.of_kind(SECTION) if not _name(shelf, path).startswith("bank-")]
    pages += [_test(shelf, path, held) for path in shelf.of_kind(TEST)]
    pages.append(_others(shelf))
    kept = tuple(page for page in pages if page.items or page.body or page.alone)
    kept_banks = tuple(bank for bank in banks if bank.questions)
    count = sum(isinstance(one, Question) for one in shelf.read.values())
    if not count:
        if not any(note.outcome == "refused" for note in desk.report.notes):
            desk.report.refused(desk.given.name, 0, N_("there is no question in this file"))
        return Conversion({}, tuple(desk.report.notes))
    desk.report.carried(desk.given.name, 0, N_("questions read: %(count)s"), count=count)
    title = manifest.title or one_line(desk.given.title)[:150]
    module = ProposedModule(title, kept or (ProposedPage(title, escaping.paragraphs(title)),))
    proposal = Proposal(title, (module,), lang=desk.lang, owner=desk.given.owner, media=desk.media, banks=kept_banks)
    return Conversion(proposing.files(proposal), tuple(desk.report.notes))


def _name(shelf: Shelf, path: str) -> str:
    root = shelf.roots[path]
    own = tree.attribute(root, "identifier")
    return own if own.startswith(("bank-", "page-")) and is_id(own, 1) else "section"


def _title(root: Element) -> str:
    return one_line(tree.attribute(root, "title"))[:150]


def _standing(shelf: Shelf, path: str) -> ProposedBank:
    root = shelf.roots[path]
    name = _name(shelf, path).removeprefix("bank-")
    questions = [q for q in _placed(shelf, path, root) if isinstance(q, Question)]
    shelf.desk.names.taken.add(name)
    return ProposedBank(_title(root) or name, tuple(questions), name)


def _placed(shelf: Shelf, path: str, root: Element) -> list[Question | Text]:
    item = Item(_title(root) or path, xml.line(root))
    found = [shelf.place(item, path, one) for one in tree.inside(root, "assessment-item-ref")]
    return [one for one in found if one is not None]


def _alone(shelf: Shelf, path: str) -> ProposedPage:
    """A section without a test: questions that stand on a page by themselves."""
    root = shelf.roots[path]
    found = _placed(shelf, path, root)
    name = _name(shelf, path)
    page = name.removeprefix("page-") if name.startswith("page-") else ""
    return ProposedPage(
        _title(root) or _questions(shelf), _texts(found),
        alone=tuple(one for one in found if isinstance(one, Question)), id=page,
    )  # fmt: skip


def _texts(found: list[Question | Text]) -> str:
    return "\n\n".join(one.markdown for one in found if isinstance(one, Text) and one.markdown)


def _questions(shelf: Shelf) -> str:
    return QUESTIONS.get(shelf.desk.lang, QUESTIONS["en"])


def _others(shelf: Shelf) -> ProposedPage:
    """Items that no test asks."""
    paths = [path for path in shelf.of_kind(ITEM) if path not in shelf.placed]
    found = [one for path in paths if (one := shelf.item(path)) is not None]
    questions = tuple(one for one in found if isinstance(one, Question))
    return ProposedPage(_questions(shelf), _texts(found), questions, mode_of(questions))


# Tests


def _test(shelf: Shelf, path: str, held: Mapping[str, str]) -> ProposedPage:
    root = shelf.roots[path]
    title = _title(root) or _questions(shelf)
    item = Item(title, xml.line(root))
    found: list[Question | Pool | Draw | Text] = []
    sections = [one for part in tree.children(root, "test-part") for one in tree.children(part, SECTION)]
    for section in sections:
        found += _section(shelf, item, path, section, held)
    own = tree.attribute(root, "tool-name") == TOOL
    wanted = tree.attribute(root, "identifier")
    name = shelf.desk.id(item, wanted.removeprefix("t-") if own else wanted, title)
    texts = [one for one in found if isinstance(one, Text)]
    for text in texts:
        shelf.desk.report.changed(text.title, 0, N_("it asks nothing: it is now text on the page, above the questions"))
    intro = "\n\n".join(
        said
        for section in sections
        for one in tree.children(section, "rubric-block")
        if (said := _said(shelf, item, path, one))
    )
    quiz = ProposedQuiz(name, escaping.heading(escaping.inline(title)), intro, _rules(root, sections))
    items = tuple(one for one in found if not isinstance(one, Text))
    body = "\n\n".join(text.markdown for text in texts if text.markdown)
    return ProposedPage(title, body, items, mode_of(items), quiz=quiz)


def mode_of(items: tuple[Question | Pool | Draw, ...]) -> str:
    """A quiz without anything to mark cannot be passed, so it is for practice."""
    marked = any(
        isinstance(item, Draw)
        or any(q.graded and q.points > 0 for q in (item.questions if isinstance(item, Pool) else (item,)))
        for item in items
    )
    return "check" if marked else "practice"


def _said(shelf: Shelf, item: Item, path: str, element: Element) -> str:
    return shelf.folder.blocks(item, tree.html(element), path, top=3)


def _section(
    shelf: Shelf, here: Item, path: str, section: Element, held: Mapping[str, str]
) -> list[Question | Pool | Draw | Text]:
    select = decimal(tree.attribute(tree.child(section, "selection"), "select"))
    if select is not None:
        drawn = _selected(shelf, here, path, section, int(select), held)
        if drawn is not None:
            return [drawn]
    found: list[Question | Pool | Draw | Text] = []
    for one in tree.children(section, "assessment-item-ref", SECTION, "assessment-section-ref"):
        match tree.kind(one):
            case "assessment-item-ref":
                read_ = shelf.place(here, path, one)
                found += [read_] if read_ is not None else []
            case "assessment-section":
                found += _section(shelf, here, path, one, held)
            case _:
                shelf.desk.report.left_out(
                    here.name, xml.line(one), N_("the section %(name)s, which stands in a file of its own"),
                    name=tree.attribute(one, "href")[:200],
                )  # fmt: skip
    return found


def _selected(
    shelf: Shelf, here: Item, path: str, section: Element, count: int, held: Mapping[str, str]
) -> Pool | Draw | None:
    """A section of which some are asked: a draw where all of it comes from one bank, else a pool."""
    refs = list(tree.inside(section, "assessment-item-ref"))
    title = _title(section)
    drawn = _drawn(shelf, path, section, refs, count, held, title)
    if drawn is not None:
        return drawn
    members = [one for ref in refs if isinstance(one := shelf.place(here, path, ref), Question)]
    if not members:
        return None
    identifier = tree.attribute(section, "identifier")
    name = shelf.desk.id(Item(title or identifier, xml.line(section)), identifier.removeprefix("pool-"), title)
    points = max(question.points for question in members)
    if any(question.points != points for question in members):
        shelf.desk.report.changed(
            title or identifier, xml.line(section), N_("all questions of a pool are worth the same: %(points)s points"),
            points=f"{points:g}",
        )  # fmt: skip
        members = [replace(question, points=points) for question in members]
    return Pool(name, min(max(count, 1), len(members)), tuple(members), points)


def _drawn(
    shelf: Shelf, path: str, section: Element, refs: list[Element], count: int, held: Mapping[str, str], title: str
) -> Draw | None:
    identifier = tree.attribute(section, "identifier")
    found = [
        shelf.item(at) for ref in refs if (at := shelf.folder.path(tree.attribute(ref, "href"), path)) in shelf.roots
    ]
    questions = [one for one in found if isinstance(one, Question)]
    banks = {held.get(question.id) for question in questions}
    if not identifier.startswith("draw-") or len(banks) != 1 or None in banks:
        return None
    bank, _, tags = title.partition(": ")
    weight = decimal(tree.attribute(tree.child(refs[0], "weight"), "value"))
    points = questions[0].points * float(weight if weight is not None else 1)
    name = shelf.desk.names.of(identifier.removeprefix("draw-"), title)
    wanted = tuple(tag for tag in tags.split(", ") if tag)
    return Draw(name, bank if bank in banks else str(next(iter(banks))), max(count, 1), wanted, round(points, 6))


def _rules(root: Element, sections: list[Element]) -> dict[str, str]:
    """What differs from how a quiz is by itself: 80 percent, as many attempts as one likes, in the order written."""
    rules: dict[str, str] = {}
    needed = _needed(root)
    if needed is not None and 0 <= needed <= 100 and needed != 80:
        rules["pass"] = number(needed)
    control = next(tree.inside(root, "item-session-control"), None)
    attempts = decimal(tree.attribute(control, "max-attempts"))
    if attempts is not None and 0 < attempts <= 1000:
        rules["attempts"] = str(int(attempts))
    seconds = decimal(tree.attribute(tree.child(root, "time-limits"), "max-time"))
    if seconds is not None and 1 <= seconds < 99_999:
        rules["time"] = f"PT{int(seconds)}S"
    if any(tree.attribute(tree.child(one, "ordering"), "shuffle") == "true" for one in sections):
        rules["shuffle"] = "questions"
    if tree.attribute(next(tree.inside(root, "test-part"), None), "navigation-mode") == "linear":
        rules["navigation"] = "sequential"
    return rules


def _needed(root: Element) -> float | None:
    """The share of the greatest score that it takes to pass."""
    for branch in tree.inside(tree.child(root, "outcome-processing"), "outcome-if"):
        for product in tree.inside(branch, "product"):
            share = decimal(tree.words(tree.child(product, "base-value")))
            if share is not None:
                return round(float(share) * 100, 6)
    return None


def roots_of(folder: Folder, manifest: Manifest) -> dict[str, Element]:
    """Every XML document that the list of contents names, in its order; what is no whole XML is refused one by one."""
    found: dict[str, Element] = {}
    for resource in manifest.resources.values():
        for named in dict.fromkeys((resource.first, *resource.files)):
            path = folder.there(named)
            if path in found or not path.endswith((".xml", ".qti")) or path == imsmanifest.NAME:
                continue
            data = folder.files.get(path)
            if data is None:
                if named == resource.first:
                    folder.missing(Item(named, resource.line), named)
                continue
            try:
                found[path] = xml.parse(data)
            except xml.BadXML as error:
                folder.desk.report.refused(path, error.line, error.template, **error.values)
    return found
