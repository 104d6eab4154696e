"""A person's browser without script: opens pages, fills forms by label, presses buttons, and checks every page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.accounts.models import Person, SignIn
from app.kit import clock
from app.kit.database import writing
from app.web.deps import token_hash

VOID = {"hidden", "submit", "button", "image", "reset"}


def text_of(node: Element) -> str:
    return " ".join("".join(node.itertext()).split())


@dataclass
class Page:
    """One page as it came: what can be read on it and what can be done from it."""

    browser: Browser
    url: str
    status: int
    html: str
    headers: dict[str, str]
    root: Element = field(init=False)

    def __post_init__(self) -> None:
        self.root = html5lib.parse(self.html, treebuilder="etree", namespaceHTMLElements=False)

    @property
    def text(self) -> str:
        main = self.root.find(".//main")
        return text_of(main if main is not None else self.root)

    @property
    def title(self) -> str:
        return self.root.findtext(".//title", "").strip()

    @property
    def h1(self) -> str:
        return text_of(self.root.find(".//h1")) if self.root.find(".//h1") is not None else ""

    def sees(self, said: str) -> bool:
        return said in self.text

    def all(self, path: str) -> list[Element]:
        return self.root.findall(f".//{path}")

    def links(self) -> dict[str, str]:
        return {text_of(a): a.get("href", "") for a in self.all("a") if a.get("href")}

    def follow(self, label: str) -> Page:
        """Follow the link that has (or contains) this text."""
        found = self.links()
        exact = [url for text, url in found.items() if text == label]
        near = [url for text, url in found.items() if label in text]
        assert exact or near, f"no link {label!r} on {self.url}; there are: {sorted(found)}"
        return self.browser.open(urljoin(self.url, (exact or near)[0]))

    def forms(self) -> list[Form]:
        return [Form(self, form) for form in self.all("form")]

    def form(self, button: str) -> Form:
        """The form that has a button with this text."""
        for form in self.forms():
            if any(button in label for label, _ in form.buttons()):
                return form
        labels = [label for form in self.forms() for label, _ in form.buttons()]
        raise AssertionError(f"no button {button!r} on {self.url}; there are: {labels}")

    def press(self, button: str, **typed: object) -> Page:
        return self.form(button).fill(**typed).press(button)

    def check(self) -> None:
        """What must hold on every page: a language, a title, one h1, a label for each field, no inline anything."""
        assert self.root.get("lang") in ("lt", "en", "nb"), f"{self.url}: no language"
        assert self.title, f"{self.url}: no title"
        assert len(self.all("h1")) == 1, f"{self.url}: {len(self.all('h1'))} h1"
        labelled = {label.get("for") for label in self.all("label")}
        for tag in ("input", "select", "textarea"):
            for element in self.all(tag):
                if element.get("type") in VOID:
                    continue
                named = element.get("id") in labelled or element.get("aria-label") or element.get("aria-labelledby")
                assert named, f"{self.url}: no label for {element.attrib}"
        ids = [e.get("id") for e in self.root.iter() if e.get("id")]
        assert len(ids) == len(set(ids)), f"{self.url}: id twice: {sorted({i for i in ids if ids.count(i) > 1})}"
        for element in self.root.iter():
            loud = [name for name in element.attrib if name == "style" or name.startswith("on")]
            assert not loud, f"{self.url}: inline {loud} on {element.tag}"
        assert not [s for s in self.all("script") if not s.get("src")], f"{self.url}: inline script"
        assert not self.all("style"), f"{self.url}: inline style"


@dataclass
class Form:
    page: Page
    element: Element
    values: list[tuple[str, str]] = field(init=False)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = []
        for element in self._fields():
            name = element.get("name")
            if not name or element.get("disabled") is not None:
                continue
            kind = element.get("type", "text")
            if element.tag == "textarea":
                self.values.append((name, ("".join(element.itertext())).removeprefix("\n")))
            elif element.tag == "select":
                options = element.findall(".//option")
                chosen = next((o for o in options if o.get("selected") is not None), options[0] if options else None)
                if chosen is not None:
                    self.values.append((name, chosen.get("value", text_of(chosen))))
            elif kind in ("checkbox", "radio"):
                if element.get("checked") is not None:
                    self.values.append((name, element.get("value", "on")))
            elif kind not in ("submit", "button", "file", "image", "reset"):
                self.values.append((name, element.get("value", "")))

    def _fields(self) -> list[Element]:
        own = [e for e in self.element.iter() if e.tag in ("input", "select", "textarea", "button")]
        form_id = self.element.get("id")
        if form_id:
            own += [e for e in self.page.root.iter() if e.get("form") == form_id and e not in own]
        return own

    def buttons(self) -> list[tuple[str, Element]]:
        out = []
        for element in self._fields():
            if element.tag == "button" and element.get("type", "submit") == "submit":
                out.append((text_of(element) or element.get("aria-label", ""), element))
            elif element.tag == "input" and element.get("type") == "submit":
                out.append((element.get("value", ""), element))
        return out

    def fill(self, **typed: object) -> Form:
        """Set fields by name; a list ticks several boxes of one name, bytes attach a file (as ("name", bytes))."""
        for name, value in typed.items():
            name = name.replace("__", "-")
            if isinstance(value, tuple):
                self.files[name] = value
                continue
            self.values = [(n, v) for n, v in self.values if n != name]
            values = value if isinstance(value, list) else [value]
            self.values += [(name, str(one)) for one in values if one is not None]
        return self

    def label(self, label: str, value: object) -> Form:
        """Set the field that has this label."""
        for one in self.page.all("label"):
            if text_of(one).startswith(label) and one.get("for"):
                element = next(e for e in self._fields() if e.get("id") == one.get("for"))
                if element.get("type") in ("radio", "checkbox"):
                    value = element.get("value", "on")
                return self.fill(**{element.get("name", ""): value})
        raise AssertionError(f"no label {label!r} on {self.page.url}")

    def press(self, button: str) -> Page:
        exact = [e for text, e in self.buttons() if text == button]
        near = [e for text, e in self.buttons() if button in text]
        pressed = (exact or near)[0]
        values = list(self.values)
        if pressed.get("name"):
            values.append((pressed.get("name", ""), pressed.get("value", "")))
        action = pressed.get("formaction") or self.element.get("action") or self.page.url
        url = urljoin(self.page.url, action)
        if self.element.get("method", "get").lower() == "get":
            query = "&".join(f"{n}={v}" for n, v in values)
            return self.page.browser.open(f"{url.split('?')[0]}?{query}")
        return self.page.browser.post(url, values, files=self.files)


class Browser:
    """One person's browser. `lang` is the language it asks for."""

    def __init__(self, app: FastAPI, *, lang: str = "en") -> None:
        self.app = app
        self.client = TestClient(
            app, base_url="http://testserver", follow_redirects=False, raise_server_exceptions=True
        )
        self.client.cookies.set("lang", lang)

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()

    def as_(self, person: Person) -> Browser:
        """A new browser in which this person is signed in."""
        token = secrets.token_urlsafe(32)
        now = clock.now()
        with writing(self.app.state.sessions) as db:
            db.add(
                SignIn(
                    token=token_hash(token),
                    person_id=person.id,
                    created_at=now,
                    seen_at=now,
                    expires_at=now + timedelta(hours=12),
                    agent="test",
                    address="testclient",
                )
            )
        other = Browser(self.app, lang=self.client.cookies.get("lang") or "en")
        other.client.cookies.set("klasteris", token)
        return other

    def speaking(self, lang: str) -> Browser:
        self.client.cookies.set("lang", lang)
        return self

    def open(self, url: str, *, check: bool = True) -> Page:
        page = self._follow(self.client.get(url))
        if check and "text/html" in page.headers.get("content-type", ""):
            page.check()
        return page

    def post(
        self,
        url: str,
        values: list[tuple[str, str]] | dict[str, object],
        *,
        files: dict[str, tuple[str, bytes]] | None = None,
        follow: bool = True,
    ) -> Page:
        pairs = values if isinstance(values, list) else [(n, str(v)) for n, v in values.items()]
        data: dict[str, list[str]] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        headers = {"Sec-Fetch-Site": "same-origin"}
        response = self.client.post(url, data=data, files=files or None, headers=headers)
        page = self._follow(response) if follow else self._page(response)
        if "text/html" in page.headers.get("content-type", ""):
            page.check()
        return page

    def _follow(self, response: object) -> Page:
        for _ in range(10):
            page = self._page(response)
            if page.status not in (301, 302, 303, 307, 308):
                return page
            response = self.client.get(urljoin(page.url, page.headers["location"]))
        raise AssertionError("redirects without end")

    def _page(self, response: object) -> Page:
        from httpx import Response

        assert isinstance(response, Response)
        html = response.text if "text" in response.headers.get("content-type", "") else ""
        return Page(self, str(response.url), response.status_code, html, dict(response.headers))


def path_of(url: str) -> str:
    return urlsplit(url).path
