"""Every table in one place, for Alembic and the mapper; nothing else."""

from app.accounts import models as accounts
from app.assessment import models as assessment
from app.catalog import models as catalog
from app.certificates import models as certificates
from app.groups import models as groups
from app.kit import audit, incoming, jobs, mail, uptime
from app.kit.database import Base
from app.learning import models as learning
from app.organisations import models as organisations
from app.packs import models as packs
from app.reporting import models as reporting
from app.requirements import models as requirements

metadata = Base.metadata

__all__ = [
    "accounts",
    "assessment",
    "audit",
    "catalog",
    "certificates",
    "groups",
    "incoming",
    "jobs",
    "learning",
    "mail",
    "metadata",
    "organisations",
    "packs",
    "reporting",
    "requirements",
    "uptime",
]
