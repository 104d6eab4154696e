"""Making an audit pack: what was gathered, as PDF, spreadsheet and JSON, signed as one archive."""

from app.web.packing.making import make

__all__ = ["make"]
