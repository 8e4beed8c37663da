import numpy as np
import statsmodels.api as sm

from study import Study, computes, cross_section, independent

COVARIANCES = {"classical": "nonrobust", "hc1": "HC1", "hc2": "HC2",
               "hc3": "HC3", "cluster": "cluster"}


def least_squares(study, kind):
    """statsmodels' OLS on an intercept, the treatment and the covariates."""
    covariates = study.covariates[:, independent(study.covariates)]
    design = sm.add_constant(
        np.column_stack([study.treatment, covariates]), has_constant="add")
    alone = fitted_exactly(design)
    if kind in ("hc2", "hc3") and alone.any():
        return least_squares(without(study, alone), kind)
    clusters = {"groups": study.clusters} if kind == "cluster" else None
    return sm.OLS(study.outcome, design).fit(
        cov_type=COVARIANCES[kind], cov_kwds=clusters, use_t=True)


def fitted_exactly(design):
    """Rows of leverage one: alone in a level, they say nothing."""
    orthogonal, _ = np.linalg.qr(design)
    return (orthogonal ** 2).sum(axis=1) > 1.0 - 1e-9


def without(study, left_out):
    """The study of the other rows."""
    keep = ~left_out
    clusters = study.clusters
    return Study(study.outcome[keep], study.treatment[keep],
                 study.covariates[keep],
                 None if clusters is None else clusters[keep])


def of_treatment(fit):
    """The treatment's coefficient and its error."""
    return fit.params[1], fit.bse[1]


@computes("difference_in_means")
def difference_in_means(table, asked, estimate):
    """statsmodels OLS"""
    study = cross_section(table, asked)
    study.covariates = np.empty((study.rows, 0))
    return of_treatment(least_squares(study, estimate["error"]))


@computes("regression_adjustment", "ancova")
def regression_adjustment(table, asked, estimate):
    """statsmodels OLS"""
    study = cross_section(table, asked)
    return of_treatment(least_squares(study, estimate["error"]))


@computes("change_score")
def change_score(table, asked, estimate):
    """statsmodels OLS"""
    study = cross_section(table, asked)
    study.outcome = study.outcome - study.covariates[:, -1]
    study.covariates = study.covariates[:, :-1]
    return of_treatment(least_squares(study, estimate["error"]))
