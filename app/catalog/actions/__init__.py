"""What trainers do with courses, uploads and drafts, other than publishing them (see `importer`)."""

from app.catalog.actions.courses import (
    complete_upload,
    discard,
    home_of,
    keep_upload,
    mark_published,
    restore,
    withdraw,
)
from app.catalog.actions.drafts import (
    Contents,
    catch_up,
    contents_of,
    discard_draft,
    keep_copy,
    send_draft,
    settle_copy,
    start_draft,
)
from app.catalog.actions.files import (
    Saved,
    add_blob,
    add_file,
    move_file,
    move_files,
    put_back,
    remove_file,
    save_file,
)

__all__ = [
    "Contents",
    "Saved",
    "add_blob",
    "add_file",
    "catch_up",
    "complete_upload",
    "contents_of",
    "discard",
    "discard_draft",
    "home_of",
    "keep_copy",
    "keep_upload",
    "mark_published",
    "move_file",
    "move_files",
    "put_back",
    "remove_file",
    "restore",
    "save_file",
    "send_draft",
    "settle_copy",
    "start_draft",
    "withdraw",
]
