import numpy as np
from doubleml import DoubleMLData, DoubleMLIRM, DoubleMLPLR
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline

from folds import folds_of
from study import computes, cross_section, independent, scaled, summed


class Independent(BaseEstimator, TransformerMixin):
    """Leaves out columns that the rows of a fit do not identify."""

    def fit(self, columns, target=None):
        self.kept_ = independent(columns)
        return self

    def transform(self, columns):
        return columns[:, self.kept_]


def learners(boosted, probability):
    """Of the outcome, and of the treatment."""
    if boosted:
        grown = {"early_stopping": True, "random_state": 1}
        chance = HistGradientBoostingClassifier(**grown)
        mean = HistGradientBoostingRegressor(**grown)
        return mean, chance if probability else mean
    mean = make_pipeline(Independent(), LinearRegression())
    if not probability:
        return mean, mean
    return mean, make_pipeline(Independent(), LogisticRegression(
        C=np.inf, solver="newton-cholesky", tol=1e-12, max_iter=1000))


def splitting(folds):
    """The folds in DoubleML's form."""
    return [[(np.flatnonzero(folds != fold), np.flatnonzero(folds == fold))
             for fold in np.unique(folds)]]


def fitted(model, folds):
    """The model fitted on these folds."""
    model.set_sample_splitting(splitting(folds))
    return model.fit()


def influence_of(model):
    """How much each row moves the estimate, times the rows."""
    slopes = model.psi_elements["psi_a"][:, 0, 0]
    return -model.psi[:, 0, 0] / slopes.mean()


def standard_error(influence, clusters):
    """From influences, summed within clusters where there are any."""
    return np.linalg.norm(summed(influence, clusters)) / len(influence)


@computes("aipw_linear", "aipw_boosted")
def aipw(table, asked, estimate):
    """DoubleML IRM"""
    study = cross_section(table, asked)
    data = DoubleMLData.from_arrays(
        scaled(study.covariates), study.outcome, study.treatment)
    boosted = estimate["estimator"] == "aipw_boosted"
    folds = folds_of(study, asked)
    score = "ATTE" if asked["target"] == "treated" else "ATE"
    model = fitted(DoubleMLIRM(
        data, *learners(boosted, True), n_folds=len(np.unique(folds)),
        score=score), folds)
    return model.coef[0], standard_error(influence_of(model), study.clusters)


@computes("partially_linear", "partially_linear_boosted")
def partially_linear(table, asked, estimate):
    """DoubleML PLR"""
    study = cross_section(table, asked)
    data = DoubleMLData.from_arrays(
        scaled(study.covariates), study.outcome, study.treatment)
    boosted = estimate["estimator"] == "partially_linear_boosted"
    folds = folds_of(study, asked)
    model = fitted(DoubleMLPLR(
        data, *learners(boosted, boosted and study.is_binary()),
        n_folds=len(np.unique(folds))), folds)
    return model.coef[0], standard_error(influence_of(model), study.clusters)
