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
<<<<<<< HEAD
from app.catalog.models.reviews import Publication, Review, ReviewComment
=======
from app.catalog.models.sharing import Adoption, MediaText, Sharing
>>>>>>> 01fd7d1 (teaching: Keep the pictures, films and documents of a draft in a library.)

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
<<<<<<< HEAD
    "Review",
    "ReviewComment",
=======
    "Sharing",
>>>>>>> 01fd7d1 (teaching: Keep the pictures, films and documents of a draft in a library.)
    "Upload",
]
