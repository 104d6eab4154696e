"""Pictures of foreign documents: decoded, written anew without what cameras add to them, and named by their content."""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from app.catalog.exchange.desk import Desk, Item
from app.catalog.format.layout import MEDIA
from app.kit.i18n import N_
from app.kit.limits import OFFICE_PICTURES, PICTURE_PIXELS, PICTURE_SIDE

_TAKEN = ("PNG", "JPEG", "MPO", "GIF", "WEBP", "BMP", "TIFF")
_PNG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA")
_JPEG_QUALITY = 88
_BAD_PICTURE = (
    *(OSError, ValueError, SyntaxError, TypeError, LookupError, AttributeError, OverflowError, RuntimeError),
    *(struct.error, EOFError, MemoryError),
)


class NoPicture(Exception):
    """A picture that is not taken: why, to translate, and its values."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.template, self.values = template, values


@dataclass(slots=True)
class Pictures:
    """`placed` knows what became of each picture, by its bytes: its path, or nothing. `decorative` are those that say nothing."""

    desk: Desk
    placed: dict[bytes, str] = field(default_factory=dict)
    decorative: set[str] = field(default_factory=set)

    def place(self, item: Item, data: bytes) -> str:
        """Where a picture stands with us; empty, with a note, when it cannot be taken."""
        key = hashlib.sha256(data).digest()
        if key in self.placed:
            return self.placed[key]
        path = ""
        if len(self.placed) >= OFFICE_PICTURES:
            self.desk.report.left_out(
                self.desk.given.name, 0, N_("all pictures after the first %(limit)s"), limit=OFFICE_PICTURES
            )
            return ""
        try:
            ending, clean = cleaned(data)
        except NoPicture as error:
            self.desk.report.left_out(item.name, item.line, error.template, **error.values)
        else:
            path = f"{MEDIA}{hashlib.sha256(clean).hexdigest()[:16]}.{ending}"
            self.desk.media[path] = clean
        self.placed[key] = path
        return path


def cleaned(data: bytes) -> tuple[str, bytes]:
    """The ending and the bytes of the same picture with nothing in it but the picture. Raises NoPicture."""
    if data[40:44] == b" EMF" or data[:4] == b"\xd7\xcd\xc6\x9a" or data[:4] == b"\x01\x00\x09\x00":
        raise NoPicture(N_("a drawing in the format of Windows (EMF, WMF): save it as PNG and put that in its place"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_TAKEN) as picture:
                if picture.width * picture.height > PICTURE_PIXELS:
                    raise Image.DecompressionBombError
                return _written(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NoPicture(
            N_("a picture of more than %(limit)s million points"), limit=PICTURE_PIXELS // 1_000_000
        ) from error
    except _BAD_PICTURE as error:
        raise NoPicture(N_("a picture that cannot be read: save it as PNG and put that in its place")) from error


def _written(picture: Image.Image) -> tuple[str, bytes]:
    photo = picture.format in ("JPEG", "MPO")
    turned = ImageOps.exif_transpose(picture)
    if max(turned.size) > PICTURE_SIDE:
        if turned.mode not in ("L", "RGB", "RGBA"):
            turned = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
        turned.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
    out = io.BytesIO()
    if photo:
        plain = turned if turned.mode in ("L", "RGB") else turned.convert("RGB")
        plain.info = {}
        plain.save(out, format="JPEG", quality=_JPEG_QUALITY, optimize=True)
        return "jpg", out.getvalue()
    if turned.mode not in _PNG_MODES:
        turned = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    turned.info = {key: value for key, value in turned.info.items() if key == "transparency"}
    turned.save(out, format="PNG", optimize=False)
    return "png", out.getvalue()
