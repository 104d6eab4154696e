"""People from a table: read the file, say what would change, then change it."""

from app.accounts.importer.apply import Imported, Mover, apply_import
from app.accounts.importer.plan import Change, ImportPlan, NewPerson, Rejected
from app.accounts.importer.report import rejected_csv, template_csv
from app.accounts.importer.table import FIELD_NAMES, Table, read, records_in
from app.accounts.importer.trial import plan_import

__all__ = [
    "FIELD_NAMES",
    "Change",
    "ImportPlan",
    "Imported",
    "Mover",
    "NewPerson",
    "Rejected",
    "Table",
    "apply_import",
    "plan_import",
    "read",
    "records_in",
    "rejected_csv",
    "template_csv",
]
