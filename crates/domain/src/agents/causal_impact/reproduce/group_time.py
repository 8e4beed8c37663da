import numpy as np
import statsmodels.api as sm

from panel import panel
from study import computes, independent, scaled, summed

TRIM_FROM = 0.995


@computes("callaway_santanna")
def callaway_santanna(table, asked, estimate):
    """Callaway and Sant'Anna 2021 in numpy"""
    found = panel(table, asked)
    units = len(found.starts)
    cohorts = np.unique(found.starts[found.starts >= 0])
    periods = found.period.max() + 1
    rows = np.full((units, periods), -1)
    rows[found.unit, found.period] = np.arange(len(found.unit))

    averages = []
    for cohort in cohorts:
        cells = [group_time(found, rows, cohort, period, asked)
                 for period in range(cohort, periods)]
        cells = [cell for cell in cells if cell is not None]
        if cells:
            averages.append((found.starts == cohort,
                             np.mean([effect for effect, _ in cells]),
                             np.mean([own for _, own in cells], axis=0)))
    effect, influence = overall(averages)
    error = np.linalg.norm(summed(influence, found.clusters))
    return effect, error / units


def overall(averages):
    """By the cohorts' sizes, which are estimated as well."""
    total = sum(members.mean() for members, _, _ in averages)
    effect = sum(members.mean() * own for members, own, _ in averages) / total
    influence = 0.0
    for members, own, influences in averages:
        influence = influence + (
            members.mean() * influences + members * (own - effect)) / total
    return effect, influence


def group_time(found, rows, cohort, period, asked):
    """The effect on a cohort in a period, and the units' influences."""
    own = found.starts == cohort
    compared = found.starts == -1
    if asked["comparison_units"] == "not_yet_treated" or (
            asked["comparison_units"] == "auto" and not compared.any()):
        compared = compared | ((found.starts > period) & ~own)
    now, before = rows[:, period], rows[:, cohort - 1]
    members = (own | compared) & (now >= 0) & (before >= 0)
    treated = own[members].astype(float)
    if treated.all() or not treated.any():
        return None
    now, before = now[members], before[members]
    change = found.outcome[now] - found.outcome[before]
    covariates = found.covariates[before]
    if found.covariates.shape[1] == 0:
        cell = unadjusted(change, treated)
    else:
        cell = doubly_robust_change(change, treated, covariates)
    if cell is None:
        return None
    influence = np.zeros(len(own))
    influence[members] = cell[1] * len(own) / members.sum()
    return cell[0], influence


def unadjusted(change, treated):
    """Mean change of the cohort less that of the comparison units."""
    share = treated.mean()
    own = (change * treated).mean() / share
    theirs = (change * (1 - treated)).mean() / (1 - share)
    influence = (treated / share * (change - own)
                 - (1 - treated) / (1 - share) * (change - theirs))
    return own - theirs, influence


def doubly_robust_change(change, treated, covariates):
    """Sant'Anna and Zhao 2020, equation 3.1, with normalised weights."""
    units = len(change)
    kept = independent(covariates)
    design = np.column_stack([np.ones(units), scaled(covariates)[:, kept]])
    compared = treated == 0
    among = design[compared]
    if np.linalg.matrix_rank(among) < among.shape[1]:
        return None
    prediction = sm.OLS(change[compared], among).fit()
    rest = change - design @ prediction.params
    logit = sm.Logit(treated, design).fit(
        method="newton", maxiter=100, tol=1e-12, disp=0)
    chance = logit.predict(design)
    weights = np.where(compared & (chance < TRIM_FROM),
                       chance / (1 - np.minimum(chance, TRIM_FROM)), 0.0)
    share, total = treated.mean(), weights.mean()
    own = (treated * rest).mean() / share
    theirs = (weights * rest).mean() / total

    # Through the coefficients of the prediction and of the propensity.
    gradient = design.T @ (weights / total - treated / share)
    of_prediction = compared * rest * (
        design @ np.linalg.solve(among.T @ among, gradient))
    hessian = design.T @ (design * (chance * (1 - chance))[:, None])
    score = design.T @ (weights * (rest - theirs)) / total
    of_propensity = (treated - chance) * (
        design @ np.linalg.solve(hessian, score))
    influence = (treated / share * (rest - own)
                 - weights / total * (rest - theirs)
                 + of_prediction - of_propensity)
    return own - theirs, influence
