"""The macros every page is made of: what they write holds for a screen reader and for a strict content policy."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from jinja2 import Environment

from app.kit import i18n
from app.settings import ROOT
from app.web.forms import Form
from app.web.naming import name_fields
from app.web.templating import DIST, make_environment

TEMPLATES = ROOT / "templates"
DRAWINGS = {path.stem for path in (ROOT / "frontend" / "src" / "icons").glob("*.svg")}


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, {key: value or "" for key, value in attrs}))


@pytest.fixture
def env() -> Environment:
    env = make_environment(lambda name, **params: f"/{name}")
    env.globals["asset"] = lambda name: f"/static/{name}"
    return env


def rendered(env: Environment, source: str, **context: object) -> Tags:
    return Tags(env.from_string(source).render(**context))


def literal_icons() -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        for name in re.findall(r"\b(?:icon|draw)\(\s*\"([\w-]+)\"", path.read_text("utf-8")):
            yield path.name, name


def test_every_icon_a_template_asks_for_is_drawn() -> None:
    assert not [(where, name) for where, name in literal_icons() if name not in DRAWINGS]


def test_no_template_carries_inline_style_or_script() -> None:
    forbidden = re.compile(r"\sstyle=|<style|<script(?![^>]*\bsrc=)|\son[a-z]+=\"|javascript:|url\(data:", re.I)
    assert not [p.name for p in sorted(TEMPLATES.rglob("*.html")) if forbidden.search(p.read_text("utf-8"))]


FIELDS = """
{% from "components/forms.html" import error_summary, text_field, textarea, select, checkbox, checkboxes, radios, cards, file_field %}
{{ error_summary(form) }}{{ text_field(form, "name", "Name", "As in the passport") }}{{ textarea(form, "note", "Note", "Short") }}
{{ select(form, "unit", "Unit", [("1", "One"), ("12", "Twelve")]) }}{{ checkbox(form, "agree", "I agree", "Only if") }}
{{ checkboxes(form, "roles", "Roles", [("1", "One"), ("12", "Twelve", "More")], "Several") }}
{{ radios(form, "kind", "Kind", [("a", "A"), ("b", "B")]) }}{{ cards(form, "size", "Size", [("s", "Small", "No", True)]) }}
{{ file_field(form, "file", "File", "Zip") }}
"""
NAMES = ("name", "note", "unit", "agree", "roles", "kind", "size", "file")


@pytest.mark.parametrize("wrong", [(), NAMES], ids=["as it opens", "with every field wrong"])
def test_what_describes_or_links_to_a_field_is_on_the_page(env: Environment, wrong: tuple[str, ...]) -> None:
    form = Form(values={"roles": ["12"], "unit": "1"}, errors=dict.fromkeys(wrong, "Write it."))
    tags = rendered(env, FIELDS, form=form).seen
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in tags:
        pointed = attrs.get("aria-describedby", "").split() + attrs.get("aria-labelledby", "").split()
        pointed += [attrs["for"]] if "for" in attrs else []
        pointed += [attrs["href"][1:]] if attrs.get("href", "").startswith("#") else []
        assert set(pointed) <= set(ids), attrs
    labelled = {attrs["for"] for tag, attrs in tags if tag == "label"}
    assert {attrs["id"] for tag, attrs in tags if tag in ("input", "select", "textarea")} == labelled


def test_the_summary_names_each_field_as_its_label_does(env: Environment) -> None:
    form = Form(errors={**dict.fromkeys(NAMES, "Write it."), "elsewhere": "No label says who I am."})
    html = name_fields(env.from_string(FIELDS.replace('"I agree"', '"I <agree> & sign"')).render(form=form))
    said = re.findall(r"data-names>([^<]*)</a>", html)
    labels = ["Name", "Note", "Unit", "I &lt;agree&gt; &amp; sign", "Roles", "Kind", "Size", "File"]
    with i18n.speaking("en"):
        assert said == [f"{label}: Write it." for label in labels] + ["No label says who I am."]
    assert name_fields("<p>No form here.</p>") == "<p>No form here.</p>"


def test_a_chosen_value_is_compared_whole(env: Environment) -> None:
    """The text 1 is a part of the text 12, and must not be ticked with it."""
    tags = rendered(env, FIELDS, form=Form(values={"roles": "12", "unit": "12"})).seen
    assert [a["value"] for t, a in tags if t == "input" and a.get("name") == "roles" and "checked" in a] == ["12"]
    assert [a["value"] for t, a in tags if t == "option" and "selected" in a] == ["12"]


def test_what_a_person_typed_comes_back_as_text(env: Environment) -> None:
    source = '{% from "components/forms.html" import text_field, textarea %}{{ text_field(f, "a", "A") }}{{ textarea(f, "b", "B") }}'
    html = env.from_string(source).render(f=Form(values={"a": '"><script>', "b": "</textarea><script>"}))
    assert "<script>" not in html


def test_an_error_page_stands_without_a_person(env: Environment) -> None:
    site = SimpleNamespace(
        lang="lt", languages=(), area="plain", home_url="/", nav=(), footer=(), person_name="", initials="",
        organisation_name="", profile_url="", signed_in=False, signin_url="/sign-in", signout_url="", unread=0,
        notices_url="", demo=True, operator="",
    )  # fmt: skip
    page = SimpleNamespace(status=404, title="Nothing here", text="Check the address.", request_id="", links=())
    tags = Tags(env.get_template("errors/404.html").render(page=page, site=site, notices=())).seen
    assert [tag for tag, _ in tags].count("h1") == 1
    assert next(attrs for tag, attrs in tags if tag == "main")["id"] == "main"


@pytest.mark.skipif(not (DIST / "manifest.json").is_file(), reason="the browser bundle has not been built")
def test_the_bundle_keeps_its_budget_and_its_promises() -> None:
    names = json.loads((DIST / "manifest.json").read_text("utf-8"))
    css = (DIST / names["app.css"]).read_text("utf-8")
    assert "data:" not in css
    assert "http:" not in css and "https:" not in css
    everywhere = studio = 0
    for asked, name in names.items():
        body = (DIST / name).read_bytes()
        wire = len(body) if name.endswith(".woff2") else len(gzip.compress(body, 9))
        if asked in ("studio.js", "editor.js"):  # what only those who write courses load
            studio += wire
        else:
            everywhere += wire
    assert everywhere < 80_000, everywhere
    assert studio < 115_000, studio
    assert css.count("{") == css.count("}")
