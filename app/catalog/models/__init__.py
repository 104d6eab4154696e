"""The tables of courses: what has been published, what was uploaded, and what is being written."""

from app.catalog.models.courses import (
    Asset,
    Course,
    CourseVersion,
    KnownId,
    PageText,
    QuestionRevision,
    QuizRow,
    Upload,
)
from app.catalog.models.drafts import Draft, DraftCopy, DraftFile
from app.catalog.models.reviews import Publication, Review, ReviewComment
from app.catalog.models.sharing import Adoption, MediaText, Sharing

__all__ = [
    "Adoption",
    "Asset",
    "Course",
    "CourseVersion",
    "Draft",
    "DraftCopy",
    "DraftFile",
    "KnownId",
    "MediaText",
    "PageText",
    "Publication",
    "QuestionRevision",
    "QuizRow",
    "Review",
    "ReviewComment",
    "Sharing",
    "Upload",
]
