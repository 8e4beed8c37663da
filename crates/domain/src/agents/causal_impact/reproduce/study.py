from dataclasses import dataclass

import numpy as np

from table import categories, column, numbers, same

ESTIMATORS, CONTRASTS = {}, {}


def computes(*names, into=ESTIMATORS):
    """Says which estimators a function computes."""
    def register(function):
        into.update(dict.fromkeys(names, function))
        return function

    return register


@dataclass
class Study:
    """The complete rows, as they are computed with."""

    outcome: np.ndarray
    treatment: np.ndarray
    covariates: np.ndarray
    clusters: np.ndarray | None
    folds: np.ndarray | None = None
    arms: np.ndarray | None = None
    arm_count: int = 1

    @property
    def rows(self):
        return len(self.outcome)

    def is_binary(self):
        return len(np.unique(self.treatment)) == 2


def treatment_of(table, asked):
    """The treatment as numbers; words (or a value named) as 0 and 1."""
    name = asked["treatment"] or asked["treatment_start"]
    wanted = asked["treated_value"]
    values, kind = column(table, name)
    if kind != "text" and wanted is None:
        return values
    codes, levels = categories(table, name)
    treated = 1 if wanted is None or same(wanted, levels[1]) else 0
    return np.where(codes < 0, np.nan, codes == treated)


def covariates_of(table, asked, baseline=True):
    """Numbers, their squares, categories as codes; the baseline last."""
    given = []
    for name in asked["covariates"]:
        values, kind = column(table, name)
        if kind == "text" or name in asked["categorical"]:
            given.append(("category", categories(table, name)[0]))
            continue
        given.append(("number", values))
        if name in asked["squared"]:
            given.append(("number", values * values))
    if baseline and asked["baseline"] is not None:
        given.append(("number", numbers(table, asked["baseline"])))
    return given


def is_missing(kind, values):
    """Rows without a value."""
    return values < 0 if kind == "category" else np.isnan(values)


def coded(given, keep):
    """One column a number, one a level but the first that occurs."""
    columns = []
    for kind, values in given:
        values = values[keep]
        if kind == "number":
            columns.append(values)
        else:
            levels = np.unique(values)[1:]
            columns.extend((values == level).astype(float)
                           for level in levels)
    rows = int(keep.sum())
    return np.column_stack(columns) if columns else np.empty((rows, 0))


def zero_and_one(values):
    """The higher of two values as 1, the lower as 0; others as they are."""
    distinct = np.unique(values)
    if len(distinct) == 2:
        return (values == distinct[1]).astype(float)
    return values


def cross_section(table, asked):
    """One row a unit. Rows that lack a value are left out."""
    outcome = numbers(table, asked["outcome"])
    treatment = treatment_of(table, asked)
    given = covariates_of(table, asked)
    keep = ~np.isnan(outcome) & ~np.isnan(treatment)
    for kind, values in given:
        keep &= ~is_missing(kind, values)
    clusters = folds = None
    if asked["cluster"] is not None:
        clusters = categories(table, asked["cluster"])[0]
        keep &= clusters >= 0
        clusters = clusters[keep]
    if asked["fold_column"] is not None:
        folds = categories(table, asked["fold_column"])[0][keep]
    study = Study(outcome[keep], zero_and_one(treatment[keep]),
                  coded(given, keep), clusters, folds)
    if study.is_binary():
        study.arms, study.arm_count = study.treatment.astype(int), 2
    else:
        study.arms = np.zeros(study.rows, dtype=int)
    return study


def scaled(columns):
    """Mean 0 and variance 1; a constant column as zeros."""
    centred = columns - columns.mean(axis=0)
    length = np.sqrt((centred ** 2).mean(axis=0))
    largest = np.abs(columns).max(axis=0, initial=0.0)
    constant = length <= 1e-12 * largest
    centred[:, constant] = 0.0
    return centred / np.where(constant, 1.0, length)


def independent(columns):
    """Positions of columns that intercept and earlier ones do not give."""
    rest = scaled(columns)
    kept = []
    for index in range(rest.shape[1]):
        length = np.sqrt((rest[:, index] ** 2).mean())
        if length <= 1e-5:
            continue
        kept.append(index)
        own = rest[:, index] / np.linalg.norm(rest[:, index])
        later = rest[:, index + 1:]
        for _ in range(2):
            later -= np.outer(own, own @ later)
    return kept


def summed(influence, clusters):
    """Sums of the clusters, or the rows as they are."""
    if clusters is None:
        return influence
    _, codes = np.unique(clusters, return_inverse=True)
    return np.bincount(codes, weights=influence)
