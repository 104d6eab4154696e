"""From course files to a published version: the one door that uploads, the editor, the API and `courses/` go through."""

from app.catalog.importer import apart
from app.catalog.importer.changes import Changes, Difference, compare, stored_snapshot
from app.catalog.importer.examining import Examined, examine, problem_from, rows, summary
from app.catalog.importer.examining import check as check_reading
from app.catalog.importer.folders import Synced, sync
from app.catalog.importer.glancing import Glance, Glanced
from app.catalog.importer.ledger import problems as ledger_problems
from app.catalog.importer.places import Addresses
from app.catalog.importer.plan import Plan, plan
from app.catalog.importer.prepared import Prepared, prepare
from app.catalog.importer.proposed import Proposed, completed, keep_pictures, proposal_from, proposal_rows
from app.catalog.importer.publishing import Published, exported, keep, owner_for, publish, revert, review_wanted
from app.catalog.importer.scheduled import keys_changed, publish_scheduled
from app.catalog.importer.taking import Taken, note_rows, notes_from, take
from app.catalog.importer.written import kept_of, version_to_write, written

__all__ = [
    "Addresses",
    "Changes",
    "Difference",
    "Examined",
    "Glance",
    "Glanced",
    "Plan",
    "Prepared",
    "Proposed",
    "Published",
    "Synced",
    "Taken",
    "apart",
    "check_reading",
    "compare",
    "completed",
    "examine",
    "exported",
    "keep",
    "keep_pictures",
    "kept_of",
    "keys_changed",
    "ledger_problems",
    "note_rows",
    "notes_from",
    "owner_for",
    "plan",
    "prepare",
    "problem_from",
    "proposal_from",
    "proposal_rows",
    "publish",
    "publish_scheduled",
    "revert",
    "review_wanted",
    "rows",
    "stored_snapshot",
    "summary",
    "sync",
    "take",
    "version_to_write",
    "written",
]
