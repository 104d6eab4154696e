"""IMS packages in all their kinds: opened within the limits of archives, then read as what they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from app.catalog.exchange import cartridge, imsmanifest, qti_package, xml
from app.catalog.exchange import qti_tree as tree
from app.catalog.exchange.desk import Desk
from app.catalog.exchange.folder import Folder
from app.catalog.exchange.imsmanifest import Manifest
from app.catalog.exchange.model import Conversion, Given
from app.catalog.exchange.qti_write import DIGEST, SOURCE, digest
from app.catalog.format import archive
from app.catalog.format.model import Problem
from app.catalog.format.problems import Notes
from app.kit.i18n import N_

# An entry of the list of contents of a zip, by this name, alone or in the one folder that everything stands in.
_LISTED = re.compile(rb"PK\x01\x02.{24}(.{2}).{16}((?:[^/\x00]{1,200}/)?imsmanifest\.xml)", re.S)
_ITEM = re.compile(rb"<(?:[\w.-]+:)?(?:qti-assessment-item|assessmentItem)[\s>]")
_QTI1 = re.compile(rb"<(?:[\w.-]+:)?questestinterop[\s>]")
_QTI2 = ("assessment-item", "assessment-test", "assessment-section")


def recognises(name: str, data: bytes) -> bool:
    if data[:2] == b"PK":
        listed = any(len(found[2]) == int.from_bytes(found[1], "little") for found in _LISTED.finditer(data))
        return listed or name.endswith(".imscc")
    head = data[:4096].replace(b"\0", b"")
    return _ITEM.search(head) is not None or _QTI1.search(head) is not None


def read(given: Given) -> Conversion:
    desk = Desk(given)
    if given.data[:2] != b"PK":
        return _single(desk, given)
    problems: list[Problem] = []
    files = archive.unpack(given.data, Notes(given.name, problems))
    for problem in problems:
        desk.report.refused(given.name, 0, problem.template, **dict(problem.values))
    if files is None:
        return _refused(desk)
    inside = _inside(files)
    if inside:
        desk.report.carried(given.name, 0, N_("the whole course, which this file was made from and still holds"))
        return Conversion(inside, tuple(desk.report.notes))
    return _package(desk, files)


def _inside(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The course that a package was made from, if nobody has changed the package since."""
    if files.get(DIGEST, b"").strip() != digest(files).encode():
        return {}
    return {
        path.removeprefix(SOURCE): data for path, data in files.items() if path.startswith(SOURCE) and path != DIGEST
    }


def _package(desk: Desk, files: Mapping[str, bytes]) -> Conversion:
    listed = files.get(imsmanifest.NAME)
    if listed is None:
        desk.report.refused(desk.given.name, 0, N_("there is no list of contents (imsmanifest.xml) in this package"))
        return _refused(desk)
    try:
        manifest = imsmanifest.read(listed)
    except xml.BadXML as error:
        desk.report.refused(imsmanifest.NAME, error.line, error.template, **error.values)
        return _refused(desk)
    folder = Folder(desk, files)
    if _holds_qti(manifest):
        roots = qti_package.roots_of(folder, manifest)
        return qti_package.read(desk, folder, manifest, roots)
    return cartridge.read(desk, folder, manifest)


def _holds_qti(manifest: Manifest) -> bool:
    """QTI 2 and 3; that of version 1.2 travels in cartridges."""
    return any(
        resource.type.startswith(("imsqti_item_", "imsqti_test_", "imsqti_section_", "imsqti_assessment_"))
        or re.fullmatch(r"imsqti_xmlv(?:2|3)p\d.*", resource.type)
        for resource in manifest.resources.values()
    )


def _single(desk: Desk, given: Given) -> Conversion:
    try:
        root: Element = xml.parse(given.data)
    except xml.BadXML as error:
        desk.report.refused(given.name, error.line, error.template, **error.values)
        return _refused(desk)
    name = given.name.replace("\\", "/").rpartition("/")[2]
    folder = Folder(desk, {name: given.data})
    manifest = Manifest("", "", "", "", ())
    if tree.kind(root) in _QTI2:
        return qti_package.read(desk, folder, manifest, {name: root})
    return cartridge.read_quiz(desk, folder, name, root)


def _refused(desk: Desk) -> Conversion:
    return Conversion({}, tuple(desk.report.notes))
