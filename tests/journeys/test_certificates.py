"""A course ends in a certificate that anybody can check, until it is revoked; and an audit pack that holds every byte."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.journeys.conftest import Town
from tests.journeys.keys import answer_all
from tests.journeys.looks import SCREENS
from tests.journeys.visit import Visit

FIRST_STEPS, TEST = "pirmieji-zingsniai", "testas-zingsniai"


@pytest.mark.parametrize("look", SCREENS[1:])
def test_a_certificate_is_valid_until_it_is_revoked(
    visit: Callable[..., Visit], look: dict[str, object], town: Town
) -> None:
    """Aušra takes a short course to its end; whoever holds her certificate can check it; Daiva takes it back."""
    ausra = visit(**look).become("ausra").open(f"/courses/{FIRST_STEPS}").press("Start")
    while "/finish" not in ausra.path:
        here = ausra.path
        if ausra.page.locator(f"main a[href*='/quizzes/{TEST}']").count():
            ausra.follow_to(f"/quizzes/{TEST}").press("Start the test")
            answer_all(ausra, town, rightly=True).press("Hand in the answers").open(here)
        ausra.click(".bar form button")
    town.do_waiting_work()
    ausra.open("/learning/record")
    link = ausra.page.locator("main a[href*='/certificate']").first
    file = ausra.page.request.get(town.url + str(link.get_attribute("href")))
    assert file.headers["content-type"] == "application/pdf" and file.body().startswith(b"%PDF-")
    ausra.follow_to("/verify/")
    address = ausra.path

    anybody = visit(**look).open(address)
    assert anybody.sees("This certificate is valid") and anybody.sees("A. K.") and not anybody.sees("Kavaliauskienė")
    typed = anybody.open("/verify").fill("code", address.rpartition("/")[2].upper()).press("Check the certificate")
    assert typed.path == address

    daiva = visit(**look).become("daiva").open("/managing/certificates?q=Kavaliauskien").follow_to("/certificates/")
    daiva.press("Revoke the certificate")
    assert daiva.status == 422 and daiva.page.locator("#error-summary").count() == 1
    daiva.fill("reason", "Testą išlaikė kita").press("Revoke the certificate")
    assert daiva.sees("Testą išlaikė kita")
    anybody.open(address)
    assert anybody.sees("This certificate has been revoked") and not anybody.sees("Testą išlaikė kita")
    daiva.open("/managing/certificates/issue")
    town.do_waiting_work()
    ausra.open("/notices")
    assert ausra.sees("Testą išlaikė kita"), "she reads why it was revoked"


@pytest.mark.parametrize("look", SCREENS)
def test_an_audit_pack_is_made_and_the_public_page_verifies_it(
    visit: Callable[..., Visit], look: dict[str, object], town: Town
) -> None:
    daiva = (
        visit(**look)
        .become("daiva")
        .open("/managing/assignments")
        .follow_to("/managing/assignments/", within="main tbody")
    )
    daiva.press("Audit pack")
    assert re.fullmatch(r"/managing/packs/[\w-]+", daiva.path) and daiva.sees("Being made")
    town.do_waiting_work()
    daiva.press("Look again")
    assert daiva.sees("Ready")
    pack = daiva.download("Download")
    daiva.open("/managing/packs")

    anybody = visit(**look).open("/verify")
    anybody.attach("file", "pack.zip", pack, "application/zip").press("Check the pack")
    assert anybody.sees("This audit pack is genuine")
    changed = pack[:-40] + bytes([pack[-40] ^ 1]) + pack[-39:]
    anybody.open("/verify").attach("file", "pack.zip", changed, "application/zip").press("Check the pack")
    assert anybody.sees("This is not what was signed") and anybody.sees(
        "The files are what was signed, but the archive around them was changed."
    )

    vytautas = visit(**look).become("vytautas").open("/managing/packs")
    assert vytautas.sees("You see numbers, so the pack has no names, and groups under five are hidden.")
