"""Files of courses reach the browser whole or in the one piece asked for, and can do nothing there."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.kit.blobs import Blobs
from app.kit.errors import NotFound
from app.web.media import bytes_response, media_response

DATA = bytes(range(200))


@dataclass
class Asset:
    name: str
    blob: str
    media_type: str


def _request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "headers": raw})


@pytest.fixture
def film(blobs: Blobs) -> Asset:
    return Asset("filmas ą.mp4", blobs.put(DATA), "video/mp4")


def test_a_file_is_alone_in_the_browser_and_kept_there(blobs: Blobs, film: Asset) -> None:
    response = media_response(film, blobs, _request())
    assert response.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["content-disposition"] == "inline; filename*=UTF-8''filmas%20%C4%85.mp4"
    assert media_response(film, blobs, _request(if_none_match=response.headers["etag"])).status_code == 304


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=190-", 190, 199), ("bytes=-5", 195, 199), ("bytes=10-9999", 10, 199)],
)
def test_one_range_is_answered(blobs: Blobs, film: Asset, asked: str, first: int, last: int) -> None:
    response = media_response(film, blobs, _request(range=asked))
    assert isinstance(response, StreamingResponse)
    assert response.status_code == 206
    assert response.headers["content-range"] == f"bytes {first}-{last}/200"
    assert response.headers["content-length"] == str(last - first + 1)


def _served(film: Asset, blobs: Blobs) -> TestClient:
    """The answer as it leaves the server."""
    return TestClient(Starlette(routes=[Route("/", lambda request: media_response(film, blobs, request))]))


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,2-3", "bytes=-", "bytes=9-2", "lines=1-2", "bytes=" + "9" * 100 + "-", "nonsense"]
)
def test_anything_else_is_answered_with_the_whole(blobs: Blobs, film: Asset, asked: str) -> None:
    answer = _served(film, blobs).get("/", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, DATA)


@pytest.mark.parametrize("asked", ["bytes=500-", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(blobs: Blobs, film: Asset, asked: str) -> None:
    answer = _served(film, blobs).get("/", headers={"Range": asked})
    assert (answer.status_code, answer.headers["content-range"]) == (416, "bytes */200")


def test_the_rest_of_another_file_is_never_sent(blobs: Blobs, film: Asset) -> None:
    """A player that holds a part of it says of which file; the rest of this one would only do for this one."""
    client = _served(film, blobs)
    tag = client.get("/").headers["etag"]
    rest = client.get("/", headers={"Range": "bytes=190-", "If-Range": tag})
    assert (rest.status_code, rest.content) == (206, DATA[190:])
    assert client.get("/", headers={"Range": "bytes=190-", "If-Range": '"other"'}).content == DATA
    assert client.get("/", headers={"If-None-Match": f'"other", W/{tag}'}).status_code == 304


def test_what_is_only_asked_about_is_not_sent(blobs: Blobs, film: Asset) -> None:
    answer = _served(film, blobs).head("/", headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "200")


def test_a_document_is_saved_and_not_shown(blobs: Blobs) -> None:
    response = bytes_response("form.odt", "application/vnd.oasis.opendocument.text", b"x")
    assert response.headers["content-disposition"].startswith("attachment")


def test_a_file_that_is_gone_is_not_found(blobs: Blobs) -> None:
    with pytest.raises(NotFound):
        media_response(Asset("a.png", "0" * 64, "image/png"), blobs, _request())
