"""What everything is compared with: one FastAPI route that renders one 10 KB Jinja page, and nothing else."""

from __future__ import annotations

from fastapi import FastAPI
from jinja2 import DictLoader, Environment
from starlette.responses import HTMLResponse

ROWS = [(f"Institution {n}", n * 7 % 100, n * 3 % 100) for n in range(60)]
TEMPLATE = """<!doctype html><html lang="en"><head><title>{{ title }}</title></head><body><main><h1>{{ title }}</h1>
<table><thead><tr><th>Name</th><th>Assigned</th><th>Done</th></tr></thead><tbody>
{% for name, assigned, done in rows %}<tr><th scope="row"><a href="/institutions/{{ loop.index }}">{{ name }}</a></th>
<td class="number">{{ assigned }}</td><td class="number">{{ done }}</td><td>{% if done > 50 %}<span class="state done">on
track</span>{% else %}<span class="state late">late</span>{% endif %}</td></tr>
{% endfor %}</tbody></table></main></body></html>"""

env = Environment(loader=DictLoader({"page": TEMPLATE}), autoescape=True)
app = FastAPI()


@app.get("/", response_class=HTMLResponse)
def page() -> str:
    return env.get_template("page").render(title="Institutions", rows=ROWS)
