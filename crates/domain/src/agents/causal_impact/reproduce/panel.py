from dataclasses import dataclass

import numpy as np

from study import coded, covariates_of, is_missing, treatment_of
from table import categories, column, numbers


@dataclass
class Panel:
    """Rows of units over periods, and of each unit start and cluster."""

    unit: np.ndarray
    period: np.ndarray
    outcome: np.ndarray
    covariates: np.ndarray
    starts: np.ndarray
    clusters: np.ndarray

    @property
    def treated(self):
        start = self.starts[self.unit]
        return ((start >= 0) & (self.period >= start)).astype(float)


def panel(table, asked):
    """The complete rows; no start (-1) means never treated."""
    outcome = numbers(table, asked["outcome"])
    unit, _ = categories(table, asked["unit"])
    period, times = categories(table, asked["time"])
    given = covariates_of(table, asked, baseline=False)
    keep = ~np.isnan(outcome) & (unit >= 0) & (period >= 0)
    for kind, values in given:
        keep &= ~is_missing(kind, values)
    path = cluster = None
    if asked["treatment_start"] is None:
        path = treatment_of(table, asked)
        keep &= ~np.isnan(path)
    if asked["cluster"] is not None:
        cluster = categories(table, asked["cluster"])[0]
        keep &= cluster >= 0

    _, first, unit = np.unique(
        unit[keep], return_index=True, return_inverse=True)
    seen, period = np.unique(period[keep], return_inverse=True)
    times = [times[position] for position in seen]
    if path is None:
        starts = given_starts(table, asked, times)[keep][first]
    else:
        starts = np.full(len(first), len(times))
        on = path[keep] > 0.5
        np.minimum.at(starts, unit[on], period[on])
    starts = np.where(starts < len(times), starts, -1)
    clusters = np.arange(len(first)) if cluster is None else (
        cluster[keep][first])
    found = Panel(unit, period, outcome[keep], coded(given, keep), starts,
                  clusters)
    return without_treated_from_start(found)


def given_starts(table, asked, times):
    """Position of the first period at or after each row's start."""
    never = asked["never_treated_value"]
    values, kind = column(table, asked["treatment_start"])
    if kind == "text":
        never = None if never is None else never.strip()
        return np.array([
            len(times) if value is None or value.strip() == never
            else sum(time < value for time in times) for value in values])
    positions = np.searchsorted(times, values)
    is_never = np.isnan(values)
    if never is not None:
        is_never |= values == float(never)
    return np.where(is_never, len(times), positions)


def without_treated_from_start(given):
    """Units that are treated in the first period have no before."""
    keep = given.starts != 0
    rows = keep[given.unit]
    number = np.cumsum(keep) - 1
    return Panel(
        number[given.unit[rows]], given.period[rows], given.outcome[rows],
        given.covariates[rows], given.starts[keep], given.clusters[keep])
