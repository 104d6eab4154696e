"""README.md and docs/ name only what exists: files, commands, make targets, demo people, words on the screen."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

from app.catalog.format import reader
from app.cli import app
from app.demo import world
from app.settings import ROOT
from tests.docs import names

PAGES = sorted({ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")})
README = (ROOT / "README.md").read_text(encoding="utf-8")
_FENCE = re.compile(r"^ *(`{3,})[^\n]*\n(.*?)^ *\1 *$", re.M | re.S)
_SPAN = re.compile(r"(`+)(.+?)\1", re.S)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"(?:^ *|bin/)klasteris ([a-z]+)(?: ([a-z]+(?:-[a-z]+)*))?", re.M)
_MAKE = re.compile(r"(?:^|[\s;&])make ([a-z.][\w./-]*)", re.M)


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _prose(text: str) -> str:
    return _SPAN.sub("", _FENCE.sub("", text))


def _code(text: str) -> str:
    return "\n".join(
        [found[2] for found in _FENCE.finditer(text)] + [found[2] for found in _SPAN.finditer(_FENCE.sub("", text))]
    )


def _anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub makes addresses of them."""
    heads = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text(encoding="utf-8")), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def _lost(page: Path) -> list[str]:
    """Relative links of a page that lead nowhere."""
    lost = []
    for target in _LINK.findall(_prose(page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path) if path else page
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            lost.append(target)
    return lost


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert _lost(page) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Here\n\n[a](gone.md) [b](#here) [c](#there) `[d](in-code.md)` [e](https://example.org)\n")
    assert _lost(page) == ["gone.md", "#there"]


@cache
def _verbs() -> dict[str, set[str]]:
    """The commands of klasteris, each with the verbs below it."""
    commands = get_command(app).commands  # type: ignore[attr-defined]
    return {name: set(getattr(command, "commands", {})) for name, command in commands.items()}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_exists(page: Path) -> None:
    said = _COMMAND.findall(_code(page.read_text(encoding="utf-8")))
    wrong = [
        f"klasteris {name} {verb}".strip()
        for name, verb in said
        if name not in _verbs() or (_verbs()[name] and verb not in _verbs()[name])
    ]
    assert wrong == []


def test_the_readme_names_commands() -> None:
    """So that the test above has something to look at."""
    assert {name for name, _verb in _COMMAND.findall(_code(README))} >= {"progress", "people", "serve"}


@cache
def _targets() -> set[str]:
    return set(re.findall(r"^([\w./-]+):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_make_target_exists(page: Path) -> None:
    said = set(_MAKE.findall(_code(page.read_text(encoding="utf-8"))))
    assert said - _targets() == set()


def test_the_readme_tells_of_every_make_target() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert phony is not None
    assert set(phony[1].split()) - set(_MAKE.findall(_code(README))) == set()


def test_the_readme_knows_the_people_of_the_demo_world() -> None:
    said = re.findall(rf"`([a-z]+)@{re.escape(world.DOMAIN)}`", README)
    assert said == [named.login for named in world.NAMED]
    assert f"`{world.PASSWORD}`" in README


def test_the_readme_lays_out_the_house_as_it_is() -> None:
    tree = next(found[2] for found in _FENCE.finditer(README) if found[2].startswith("app/\n"))
    rooms = [(len(line) - len(line.lstrip()), line.split()[0]) for line in tree.splitlines()]
    paths = [f"app/{room}" if indent else room for indent, room in rooms]
    assert [path for path in paths if not (ROOT / path).exists()] == []
    packages = {f"app/{init.parent.name}/" for init in (ROOT / "app").glob("*/__init__.py")}
    assert packages - set(paths) == set(), "give every room under app/ its line in README.md"


@pytest.mark.parametrize("guide", names.GUIDES)
def test_both_languages_of_a_guide_name_the_same_things(guide: str) -> None:
    english, lithuanian = (names.sections(names.text_of(guide, lang)) for lang in ("en", "lt"))
    assert [len(said) for _head, said in english] == [len(said) for _head, said in lithuanian]


@pytest.mark.parametrize("guide", names.GUIDES)
def test_what_is_bold_in_a_guide_stands_on_the_screen(guide: str) -> None:
    wrong = {name.english for name in names.names(guide) if name.english not in names.sentences()}
    assert wrong == set()


@pytest.mark.parametrize("guide", names.GUIDES)
def test_a_lithuanian_guide_says_what_lithuanian_screens_say(guide: str) -> None:
    wrong = [f"{n.written} → {n.said}" for n in names.names(guide) if n.said and n.said != n.written]
    assert wrong == [], "python -m tests.docs.names --update brings them up to date"


def test_what_is_bold_in_the_readme_stands_on_the_screen() -> None:
    table = README.split("## The people")[1].split("\n## ")[0]
    assert set(names.BOLD.findall(table)) - set(names.sentences()) == set()


@pytest.mark.parametrize("lang", ["en", "lt"])
def test_the_first_course_of_the_trainer_s_guide_reads_without_an_error(lang: str) -> None:
    example = re.search(r"^   ````markdown\n(.*?)^   ````$", names.text_of("trainer", lang), re.M | re.S)
    assert example is not None
    text = re.sub(r"^   ", "", example[1], flags=re.M)
    assert [str(problem) for problem in reader.read_files({"first.md": text.encode()}).errors] == []
