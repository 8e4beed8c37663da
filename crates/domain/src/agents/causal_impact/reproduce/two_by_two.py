import numpy as np

from linear import least_squares, of_treatment
from study import Study, coded, computes, covariates_of, is_missing
from study import treatment_of
from table import categories, numbers


@computes("two_by_two")
def two_by_two(table, asked, estimate):
    """statsmodels OLS, group times after"""
    outcome = numbers(table, asked["outcome"])
    group = treatment_of(table, asked)
    after, _ = categories(table, asked["time"])
    given = covariates_of(table, asked, baseline=False)
    keep = ~np.isnan(outcome) & ~np.isnan(group) & (after >= 0)
    for kind, values in given:
        keep &= ~is_missing(kind, values)
    clusters = None
    if asked["cluster"] is not None:
        clusters = categories(table, asked["cluster"])[0]
        keep &= clusters >= 0
        clusters = clusters[keep]
    group, after = group[keep], after[keep].astype(float)
    controls = np.column_stack([group, after, coded(given, keep)])
    study = Study(outcome[keep], group * after, controls, clusters)
    return of_treatment(least_squares(study, estimate["error"]))
