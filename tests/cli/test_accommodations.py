"""What people need in every test, from a file: tried, set once, taken back, and wrong rows told."""

from __future__ import annotations

from pathlib import Path

from app.accounts.models import Person
from app.assessment import queries
from app.assessment.rules import Accommodation
from app.kit.database import Sessions, reading
from tests.cli.test_commands import Run, _tables_back, run

__all__ = ["_tables_back", "run"]


def test_needs_come_from_a_file_as_often_as_one_likes(run: Run, sessions: Sessions, tmp_path: Path) -> None:
    for name in ("ona", "jonas"):
        run("people", "administrator", f"{name}@sav.example", name.capitalize(), "Petrauskas")
    file = tmp_path / "needs.csv"

    def needs(*rows: str) -> None:
        file.write_text("\n".join(("El. paštas;Priežastis;Laikas;Papildomi bandymai", *rows)), "utf-8")

    def found() -> dict[str, Accommodation | None]:
        with reading(sessions) as db:
            return {one.given_name: queries.accommodation(db, one.id) for one in db.query(Person)}

    needs("ona@sav.example;sloga;1,5;2", "jonas@sav.example;;0;")
    tried = run("accommodations", "import", str(file)).output
    assert "To set: 2. To take back: 0. Unchanged: 0." in tried and "dry run" in tried
    assert found() == {"Ona": None, "Jonas": None}
    assert "Done for 2 people." in run("accommodations", "import", str(file), "--apply").output
    assert found() == {"Ona": Accommodation(1.5, 2), "Jonas": Accommodation(0.0, 0)}
    # An empty row takes back; what cannot be is told by its row, and stops the rest unless one says so.
    needs(
        "ona@sav.example;;;",
        "petras@sav.example;;2;",
        "jonas@sav.example;;1,3;",
        "jonas@sav.example;;0;0",
        "jonas@sav.example;;2;1",
        ";;2;11",
    )
    refused = run("accommodations", "import", str(file), "--apply", status=1).output
    assert "To set: 0. To take back: 1. Unchanged: 1." in refused and [f"row {n}:" in refused for n in range(2, 8)] == [
        False, True, True, False, True, True,
    ]  # fmt: skip
    assert found()["Ona"] == Accommodation(1.5, 2)
    run("accommodations", "import", str(file), "--apply", "--rest")
    assert found() == {"Ona": None, "Jonas": Accommodation(0.0, 0)}
    file.write_text("Vardas;Laikas\nOna;2\n", "utf-8")
    assert "file" in run("accommodations", "import", str(file), status=1).exception.fields
