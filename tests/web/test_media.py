"""Files of courses reach the browser whole or in the one piece asked for, and can do nothing there."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse

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


@pytest.mark.parametrize("asked", ["bytes=0-1,2-3", "bytes=-", "lines=1-2", "bytes=" + "9" * 100 + "-", "nonsense"])
def test_anything_else_is_answered_with_the_whole(blobs: Blobs, film: Asset, asked: str) -> None:
    assert media_response(film, blobs, _request(range=asked)).status_code == 200


def test_a_range_behind_the_end_is_refused(blobs: Blobs, film: Asset) -> None:
    assert media_response(film, blobs, _request(range="bytes=500-")).status_code == 416


def test_a_document_is_saved_and_not_shown(blobs: Blobs) -> None:
    response = bytes_response("form.odt", "application/vnd.oasis.opendocument.text", b"x")
    assert response.headers["content-disposition"].startswith("attachment")


def test_a_file_that_is_gone_is_not_found(blobs: Blobs) -> None:
    with pytest.raises(NotFound):
        media_response(Asset("a.png", "0" * 64, "image/png"), blobs, _request())
