"""The words that people are found by, so that a search need not read everybody."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
BATCH = 5000


def upgrade() -> None:
    words = op.create_table(
        "person_words",
        sa.Column("word", WORD, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_words_person_id_people")),
        sa.PrimaryKeyConstraint("word", "person_id", name=op.f("pk_person_words")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_words_person_id", "person_words", ["person_id", "word"])
    db, last = op.get_bind(), 0
    said = sa.text(
        "SELECT id, given_name, family_name, email, staff_number, job_title FROM people WHERE id > :last"
        " ORDER BY id LIMIT :batch"
    )
    while rows := db.execute(said, {"last": last, "batch": BATCH}).all():
        db.execute(
            sa.insert(words), [{"word": word, "person_id": row[0]} for row in rows for word in sorted(_words(*row[1:]))]
        )
        last = rows[-1][0]


def downgrade() -> None:
    op.drop_index("ix_person_words_person_id", "person_words")
    op.drop_table("person_words")


def _words(given: str, family: str, email: str | None, number: str | None, title: str) -> set[str]:
    folded = _fold(" ".join((given, family, (email or "").partition("@")[0], number or "", title)))
    found = "".join(c if c.isalnum() else " " for c in folded).split()
    return {word[:64] for word in (*found, *([_fold(email)] if email else []))}


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("ø", "o").replace("æ", "ae"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
