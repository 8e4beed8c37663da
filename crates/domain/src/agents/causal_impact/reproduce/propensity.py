import numpy as np
import statsmodels.api as sm

from study import independent, scaled


def design_of(study):
    """An intercept and the covariates, scaled, without collinear ones."""
    kept = independent(study.covariates)
    return np.column_stack(
        [np.ones(study.rows), scaled(study.covariates)[:, kept]])


def combined(columns, weights):
    """Their weighted sums: to the last bit the same for equal rows."""
    total = 0.0
    for index, weight in enumerate(weights):
        total = total + np.multiply.outer(columns[:, index], weight)
    return total


def propensity(study):
    """statsmodels' Logit of the treatment: its columns and log odds."""
    design = design_of(study)
    model = sm.Logit(study.treatment, design)
    fit = model.fit(method="newton", maxiter=100, tol=1e-12, disp=0)
    return design, combined(design, fit.params)
