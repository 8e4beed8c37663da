import numpy as np

from linear import least_squares
from study import CONTRASTS, Study, coded, computes, covariates_of
from study import is_missing
from table import categories, numbers, same


@computes("difference_in_means", into=CONTRASTS)
def differences(table, asked, estimate):
    """statsmodels OLS"""
    found = study_of_arms(table, asked, adjusts=False)
    return [of_fit(difference(found, arm, estimate["error"]))
            for arm in range(1, found.arm_count)]


@computes("regression_adjustment", into=CONTRASTS)
def regressions(table, asked, estimate):
    """statsmodels OLS"""
    found = study_of_arms(table, asked, adjusts=True)
    return [of_fit(regression(found, arm, estimate["error"]))
            for arm in range(1, found.arm_count)]


def study_of_arms(table, asked, adjusts):
    """Arm 0 is the control; the others follow in the order of levels."""
    outcome = numbers(table, asked["outcome"])
    codes, levels = categories(table, asked["treatment"])
    given = covariates_of(table, asked, baseline=False) if adjusts else []
    keep = ~np.isnan(outcome) & (codes >= 0)
    for kind, values in given:
        keep &= ~is_missing(kind, values)
    clusters = folds = None
    if asked["cluster"] is not None:
        clusters = categories(table, asked["cluster"])[0]
        keep &= clusters >= 0
        clusters = clusters[keep]
    if asked["fold_column"] is not None:
        folds = categories(table, asked["fold_column"])[0][keep]
    control = next(code for code, level in enumerate(levels)
                   if same(asked["control_value"], level))
    occurring = [code for code in np.unique(codes[keep]) if code != control]
    arms = np.zeros(keep.sum(), dtype=int)
    for number, code in enumerate(occurring, start=1):
        arms[codes[keep] == code] = number
    return Study(outcome[keep], arms.astype(float), coded(given, keep),
                 clusters, folds, arms, len(occurring) + 1)


def difference(found, arm, kind):
    """The rows of arm and control alone."""
    keep = (found.arms == arm) | (found.arms == 0)
    clusters = None if found.clusters is None else found.clusters[keep]
    return least_squares(Study(
        found.outcome[keep], (found.arms[keep] == arm).astype(float),
        np.empty((keep.sum(), 0)), clusters), kind)


def regression(found, arm, kind):
    """One regression with an indicator of each arm."""
    others = [found.arms == other for other in range(1, found.arm_count)
              if other != arm]
    return least_squares(Study(
        found.outcome, (found.arms == arm).astype(float),
        np.column_stack([found.covariates, *others]).astype(float),
        found.clusters), kind)


def of_fit(fit):
    """Effect, error and p-value by Student's t."""
    return fit.params[1], fit.bse[1], fit.pvalues[1]
