"""A problem of a course file in the reader's words: languages by name, and a line only where there is one."""

from __future__ import annotations

from app.catalog.format.problems import problem
from app.kit.i18n import speaking
from app.web.problems import of_whole_file, said


def test_a_language_has_its_name_and_other_values_stay() -> None:
    found = problem("a.nb.md", 1, 1, "E192", '"%(id)s" is missing in %(lang)s', id="lt", lang="nb")
    with speaking("en"):
        assert said(found) == '"lt" is missing in Norwegian'
    with speaking("lt"):
        assert said(found) == "Kalba „norvegų“ nėra „lt“"
    assert found.message == '"lt" is missing in nb'


def test_the_fence_of_the_front_matter_is_no_line_to_correct() -> None:
    first = problem("a.md", 1, 1, "E106", "a file begins with its front matter, between two lines of ---")
    assert of_whole_file(first, "---") and of_whole_file(first, "")
    assert not of_whole_file(first, "Text without front matter")
    assert not of_whole_file(problem("a.md", 9, 1, "E106", "x"), "---")
