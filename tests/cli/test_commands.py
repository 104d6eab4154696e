"""The command line, as an operator types it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from app.catalog.format import reader
from app.cli import app, console
from app.kit import signing
from app.models import metadata
from app.settings import ROOT
from tests.factories import course_files

Run = Callable[..., Any]


def _empty(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":  # tables that point at each other have no order to be dropped in
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))


@pytest.fixture
def run(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`klasteris …` against this test's database, emptied of tables as a new one is."""
    _empty(engine)
    monkeypatch.setenv("KLASTERIS_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("KLASTERIS_FILES", str(tmp_path / "files"))
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    def run(*words: str, status: int = 0) -> Any:
        done = runner.invoke(app, list(words))
        console.close()
        assert done.exit_code == status, (done.output, done.exception)
        return done

    return run


@pytest.fixture(autouse=True)
def _tables_back(engine: Engine) -> object:
    yield
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    metadata.create_all(engine)
    return None


def write_course(folder: Path, **shape: object) -> Path:
    for path, said in course_files("fire-safety", owner="utenos-r-sav", **shape).items():  # type: ignore[arg-type]
        target = folder / "fire-safety" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(said, "utf-8")
    return folder / "fire-safety"


def test_every_command_has_an_example(run: Run) -> None:
    commands = ["serve", "demo", "doctor", "backup", "restore", "db upgrade", "courses check", "courses sync"]
    commands += [
        "courses export",
        "courses ids",
        "people import",
        "people requests",
        "people administrator",
        "progress verify",
        "progress rebuild",
    ]
    commands += ["jobs run"]
    for command in commands:
        said = run(*command.split(), "--help").output
        assert "Example:" in said, command


def test_a_new_installation_gets_an_administrator_and_is_well(run: Run) -> None:
    said = run("people", "administrator", "ona@sav.example", "Ona", "Petraitienė").output
    assert "/set-password/" in said
    assert "✗" not in "".join(line for line in run("doctor", status=1).output.splitlines() if "mode is" not in line)


def test_courses_are_checked_published_once_and_exported_as_they_were(run: Run, tmp_path: Path) -> None:
    run("people", "administrator", "ona@sav.example", "Ona", "Petraitienė")
    folder = write_course(tmp_path / "mine")
    assert "0 errors" in run("courses", "check", str(folder)).output
    assert "published" in run("courses", "sync", str(tmp_path / "mine")).output
    assert "is published already" in run("courses", "sync", str(tmp_path / "mine")).output
    run("courses", "export", "fire-safety", str(tmp_path / "out.zip"))
    assert "0 errors" in run("courses", "check", str(tmp_path / "out.zip")).output
    run("courses", "export", "fire-safety", str(tmp_path / "out" / "fire-safety"))
    exported = reader.read_folder(tmp_path / "out" / "fire-safety")
    assert exported.course == reader.read_folder(folder).course == reader.read_zip(tmp_path / "out.zip").course
    assert (tmp_path / "out" / "fire-safety" / "ids.lock.json").is_file()
    refused = run("courses", "export", "fire-safety", str(tmp_path / "out"), status=1).exception
    assert "is there already" in str(refused)
    assert "is published already" in run("courses", "sync", str(tmp_path / "mine")).output


def test_a_broken_course_names_file_line_and_column(run: Run, tmp_path: Path) -> None:
    folder = write_course(tmp_path / "mine")
    page = folder / "01-start" / "90-test.md"
    page.write_text(page.read_text("utf-8").replace("<!-- question id=q1", "<!-- question idd=q1"), "utf-8")
    said = run("courses", "check", str(folder), status=1).output
    assert "01-start/90-test.md:" in said
    assert "E103" in said
    assert 'did you mean "id"?' in said
    told = run("courses", "check", str(folder), "--format", "json", status=1).stdout
    assert any(problem["code"] == "E103" for problem in json.loads(told))


def test_a_backup_restores_into_an_empty_database(run: Run, engine: Engine, tmp_path: Path) -> None:
    run("people", "administrator", "ona@sav.example", "Ona", "Petraitienė")
    run("courses", "sync", str(write_course(tmp_path / "mine").parent))
    files, safe = tmp_path / "files", tmp_path / "key.pem"
    signer = signing.signer(files)
    assert "is not in it" in run("backup", str(tmp_path / "first.zip")).output
    said = run("backup", str(tmp_path / "all.zip"), "--signing-key", str(safe)).output
    assert signing.fingerprint(signer.public) in said and safe.stat().st_mode & 0o777 == 0o600
    assert "exists already" in str(run("backup", "--signing-key", str(safe), status=1).exception)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert not any(b"PRIVATE KEY" in archive.read(name) for name in archive.namelist())
    refused = run("restore", str(tmp_path / "all.zip"), status=1)
    assert "not empty" in str(refused.exception)
    _empty(engine)
    # The key is gone with the machine, and a new one was made before anybody thought of it.
    (files / signing.NAME).unlink()
    signing.signer(files)
    wrong = run("restore", str(tmp_path / "all.zip"), "--signing-key", str(safe), status=1)
    assert "another signing key" in str(wrong.exception)
    (files / signing.NAME).unlink()
    said = run("restore", str(tmp_path / "all.zip"), "--signing-key", str(safe)).output
    assert signing.holds(signer.public, signing.signer(files).sign(b"a pack"), b"a pack")
    assert "Audit trail: whole" in said
    assert "equal to the evidence" in said
    assert "is published already" in run("courses", "sync", str(tmp_path / "mine")).output
    assert "/set-password/" in run("people", "administrator", "jonas@sav.example", "Jonas", "Jonaitis").output


def test_a_damaged_backup_is_refused_before_anything_is_written(run: Run, tmp_path: Path) -> None:
    run("people", "administrator", "ona@sav.example", "Ona", "Petraitienė")
    run("backup", str(tmp_path / "all.zip"))
    whole = (tmp_path / "all.zip").read_bytes()
    (tmp_path / "bad.zip").write_bytes(whole[: len(whole) // 2])
    assert "not a backup" in str(run("restore", str(tmp_path / "bad.zip"), status=1).exception)


def test_people_come_in_by_csv_after_a_dry_run(run: Run, tmp_path: Path) -> None:
    run("people", "administrator", "ona@sav.example", "Ona", "Petraitienė")
    rows = "Vardas;Pavardė;El. paštas;Įstaigos kodas\r\nJonas;Jonaitis;jonas@sav.example;utenos-r-sav\r\n"
    rows += "Petras;Petraitis;petras;utenos-r-sav\r\n"
    (tmp_path / "staff.csv").write_text(rows, "utf-8-sig")
    dry = run("people", "import", str(tmp_path / "staff.csv"), "--errors", str(tmp_path / "bad.csv")).output
    assert "New: 1." in dry
    assert "Rejected: 1." in dry
    assert "dry run" in dry
    assert (tmp_path / "bad.csv").exists()
    assert "rows are rejected" in run("people", "import", str(tmp_path / "staff.csv"), "--apply", status=1).output
    run("people", "import", str(tmp_path / "staff.csv"), "--apply", "--rest")
    again = run("people", "import", str(tmp_path / "staff.csv")).output
    assert "New: 0." in again
    assert "Unchanged: 1." in again


def test_progress_is_verified_and_rebuilt(run: Run) -> None:
    run("db", "upgrade")
    assert "0 differences" in run("progress", "verify").output
    assert "0 enrolments rebuilt" in run("progress", "rebuild").output


def test_waiting_work_is_done(run: Run) -> None:
    run("people", "administrator", "ona@sav.example", "Ona", "Petraitienė")
    assert "done" in run("jobs", "run", "--once").output


def test_production_refuses_a_weak_secret(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLASTERIS_MODE", "production")
    monkeypatch.setenv("KLASTERIS_SECRET", "changethis")
    assert "32 random characters" in str(run("db", "upgrade", status=1).exception)


def test_the_project_ships_its_courses_without_an_error(run: Run) -> None:
    folders = [str(path) for path in sorted((ROOT / "courses").iterdir()) if path.is_dir()]
    assert ": 0 errors" in run("courses", "check", *folders).output


def test_missing_ids_are_written_and_nothing_else_is_touched(run: Run, tmp_path: Path) -> None:
    folder = write_course(tmp_path / "mine")
    page = folder / "01-start" / "90-test.md"
    before = page.read_text("utf-8")
    page.write_text(before.replace("<!-- question id=q1 ", "<!-- question "), "utf-8")
    run("courses", "check", str(folder), status=1)
    assert "1 files would change" in run("courses", "ids", str(folder)).output
    run("courses", "ids", str(folder), "--write")
    assert "0 errors" in run("courses", "check", str(folder)).output
    said = page.read_text("utf-8")
    assert sum(1 for a, b in zip(said.splitlines(), before.splitlines(), strict=True) if a != b) <= 1
