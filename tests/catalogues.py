"""The sentences the product says, and whether every language has them: `python -m tests.catalogues [--update]`."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "app" / "locale"
TRANSLATIONS = ("lt", "nb")  # English is what the code itself says
SOURCES = [("app", "**.py", "python"), ("templates", "**.html", "jinja2"), ("templates", "**.txt", "jinja2")]
JINJA = {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true", "silent": "false"}
PLACE = re.compile(r"%\((\w+)\)s")
HEADER = """msgid ""
msgstr ""
"Language: {lang}\\n"
"Plural-Forms: {plural}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
UNNAMED = re.compile(r"(?<!%)(?:%%)*%[sdrf]")


def spoken() -> Catalog:
    """Every sentence in the code and the templates, with the files that say it."""
    catalogue = Catalog(charset="utf-8")
    for folder, pattern, method in SOURCES:
        options = {pattern: JINJA} if method == "jinja2" else {}
        for name, _line, message, comments, context in extract_from_dir(
            ROOT / folder, method_map=[(pattern, method)], options_map=options, strip_comment_tags=True
        ):
            if message:
                catalogue.add(message, None, [(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    return catalogue


def path_of(lang: str) -> Path:
    return LOCALE / lang / "LC_MESSAGES" / "messages.po"


def translated(lang: str) -> Catalog:
    path = path_of(lang)
    if not path.is_file():
        return Catalog(locale=lang, charset="utf-8")
    with path.open("rb") as words:
        return read_po(words, locale=lang)


def save(catalogue: Catalog, lang: str) -> None:
    """Write a catalogue that differs from the last one only where words do: no dates, no line numbers."""
    path = path_of(lang)
    path.parent.mkdir(parents=True, exist_ok=True)
    words = BytesIO()
    write_po(words, catalogue, width=0, sort_output=True, include_lineno=False, omit_header=True)
    header = HEADER.format(lang=lang, plural=catalogue.plural_forms)
    path.write_text(header + words.getvalue().decode(), encoding="utf-8", newline="\n")


def problems() -> list[str]:
    """What stands between the catalogues and complete ones, as one line each."""
    said = spoken()
    found = [f"{_place(message)}: name what goes into {_text(message)!r}" for message in said if _unnamed(message)]
    for lang in TRANSLATIONS:
        known = translated(lang)
        found += [f"{lang}: {line}" for message in said if message.id for line in _faults(message, known)]
        found += [f"{lang}: nothing says {_text(m)!r} any more" for m in known if m.id and m.id not in said]
    return found


def update() -> None:
    """Bring the sentences that are said now into the catalogues, and take out those that no longer are."""
    said = spoken()
    for lang in TRANSLATIONS:
        catalogue = translated(lang)
        catalogue.update(said, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        save(catalogue, lang)


def _faults(message: Message, known: Catalog) -> Iterator[str]:
    text, answer = _text(message), known.get(message.id, message.context)
    if answer is None:
        yield f"{_place(message)}: no translation of {text!r}"
        return
    forms = _forms(answer)
    if not all(forms) or len(forms) != (known.num_plurals if message.pluralizable else 1):
        yield f"{_place(message)}: no full translation of {text!r}"
        return
    if answer.fuzzy:
        yield f"a fuzzy translation of {text!r}"
    wanted = {name for source in _sources(message) for name in PLACE.findall(source)}
    for place, form in enumerate(forms):
        has = set(PLACE.findall(form))
        # "one page" may go without its number where the form is for 1 alone, as in Norwegian, not in Lithuanian.
        alone = message.pluralizable and place == 0 and known.num_plurals == 2
        if has - wanted or (wanted - has) - ({"num"} if alone else set()):
            yield f"{text!r} and its translation {form!r} name different things"


def _sources(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (message.id,)


def _forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string or "",)


def _text(message: Message) -> str:
    return _sources(message)[0]


def _unnamed(message: Message) -> bool:
    return any(
        UNNAMED.search(PLACE.sub("", source)) for source in _sources(message) if "python-format" in message.flags
    )


def _place(message: Message) -> str:
    return message.locations[0][0] if message.locations else "somewhere"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="write the sentences said now into the catalogues")
    if parser.parse_args().update:
        update()
    found = problems()
    for line in found:
        print(line, file=sys.stderr)
    print(f"{sum(1 for message in spoken() if message.id)} sentences, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
