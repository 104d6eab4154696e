"""Counting runs and hiding small groups. Pure."""

from app.reporting.rules.figures import ALL, Figures, Forced, Shown, closed_figures, open_figures
from app.reporting.rules.suppression import Figure, Hidden, suppress
from app.reporting.rules.tallies import (
    NAMES,
    SMALLEST,
    WEEKS,
    Kind,
    Order,
    Status,
    Tally,
    Week,
    coarse,
    sees_names,
    soon_until,
    step,
    total,
    weekly,
)

__all__ = [
    "ALL",
    "NAMES",
    "SMALLEST",
    "WEEKS",
    "Figure",
    "Figures",
    "Forced",
    "Hidden",
    "Kind",
    "Order",
    "Shown",
    "Status",
    "Tally",
    "Week",
    "closed_figures",
    "coarse",
    "open_figures",
    "sees_names",
    "soon_until",
    "step",
    "suppress",
    "total",
    "weekly",
]
