#!/usr/bin/env python3
"""Makes doubly_robust.csv and the DoubleML and statsmodels values that the tests of crates/causal hold.

usage: doubly_robust_reference.py FOLDER   (needs doubleml 0.11, statsmodels, numpy, pandas)
"""
import sys

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from doubleml import DoubleMLAPOS, DoubleMLData, DoubleMLIRM, DoubleMLPLR
from scipy.optimize import brentq
from scipy.stats import norm
from sklearn.linear_model import LinearRegression, LogisticRegression

ROWS, X = 600, [f"x{i}" for i in range(1, 7)]


def make():
    random = np.random.default_rng(20240601)
    x = random.normal(size=(ROWS, 6))
    x[:, 5] = x[:, 5] > 0.25
    score = -0.2 + 0.6 * x[:, 0] - 0.4 * x[:, 1] + 0.3 * x[:, 2] ** 2 + 0.5 * x[:, 5]
    treated = random.uniform(size=ROWS) < 1 / (1 + np.exp(-score))
    arm = np.where(treated, np.where(random.uniform(size=ROWS) < 0.5, "email", "visit"), "none")
    before = x[:, 0] + 0.5 * x[:, 3] + random.normal(size=ROWS)
    effect = 2 + x[:, 0] + 0.5 * (arm == "visit")
    after = 0.6 * before + 1 + x[:, 0] + 0.5 * x[:, 1] ** 2 + x[:, 5] + effect * treated + random.normal(size=ROWS)
    frame = pd.DataFrame(x, columns=X).round(6)
    frame["t"], frame["arm"] = treated.astype(int), arm
    frame["dose"] = (0.5 * x[:, 0] + treated + random.normal(size=ROWS)).round(6)
    frame["before"], frame["y"] = before.round(6), after.round(6)
    frame["fold"] = random.permutation(np.arange(ROWS) % 5)
    return frame


def sensitivity(name, model):
    """Elements and bounds as DoubleML prints them; robustness values as roots of their equations, because its
    minimiser stops at 1e-5, the second with both signs of the bias' influence."""
    model.sensitivity_analysis(cf_y=0.03, cf_d=0.03, rho=1.0, level=0.95)
    found, elements = model.sensitivity_params, model.sensitivity_elements
    sigma2, nu2 = [float(np.ravel(elements[key])[0]) for key in ["sigma2", "nu2"]]
    size = np.sqrt(sigma2 * nu2)
    bias = (sigma2 * np.ravel(elements["psi_nu2"]) + nu2 * np.ravel(elements["psi_sigma2"])) / (2 * size)
    influence = -np.ravel(model.psi) / np.mean(model.psi_deriv)
    effect = float(model.coef[0])

    def bound(share, sign, level):
        amount = np.sqrt(share**2 / (1 - share))
        error = np.sqrt(np.mean((influence + sign * amount * bias) ** 2) / ROWS)
        return effect - amount * size - norm.ppf(level) * error

    def root(sign, level):
        return brentq(lambda share: bound(share, sign, level), 0, 0.9999, xtol=1e-15)

    pairs = {key: [float(np.ravel(found[key][end])[0]) for end in ["lower", "upper"]] for key in ["theta", "se"]}
    print(f"  sigma2 {sigma2!r} nu2 {nu2!r} bounds {pairs['theta']} errors {pairs['se']}")
    print(f"  RV {root(0, 0.5)!r} RV_alpha {root(-1, 0.95)!r}, with DoubleML's sign {root(1, 0.95)!r}")


def main():
    path = sys.argv[1] + "/doubly_robust.csv"
    make().to_csv(path, index=False, lineterminator="\n")
    frame = pd.read_csv(path)
    folds = [(np.flatnonzero(frame.fold != k), np.flatnonzero(frame.fold == k)) for k in range(5)]
    logistic = LogisticRegression(penalty=None, tol=1e-12, max_iter=10000)

    def show(name, model):
        model.set_sample_splitting(folds)
        model.fit()
        print(f"{name}: {model.coef[0]!r} {model.se[0]!r}")
        sensitivity(name, model)

    for column in ["t", "dose"]:
        for score in ["partialling out", "IV-type"]:
            data = DoubleMLData(frame, "y", column, X)
            learners = [LinearRegression()] * (2 if score == "partialling out" else 3)
            show(f"PLR {score} {column}", DoubleMLPLR(data, *learners, n_folds=5, score=score))
    for score in ["ATE", "ATTE"]:
        data = DoubleMLData(frame, "y", "t", X)
        show(f"IRM {score}", DoubleMLIRM(data, LinearRegression(), logistic, n_folds=5, score=score))
    coded = frame.assign(code=frame.arm.map({"none": 0, "email": 1, "visit": 2}))
    data = DoubleMLData(coded, "y", "code", X)
    apos = DoubleMLAPOS(data, LinearRegression(), logistic, treatment_levels=[0, 1, 2], n_folds=5)
    apos.set_sample_splitting(folds)
    apos.fit()
    print("APOS", apos.causal_contrast(reference_levels=[0]).summary.to_string(float_format=repr))
    terms = " + ".join(X)
    for name, formula in [
        ("ANCOVA", f"y ~ t + before + {terms}"),
        ("change", f"I(y - before) ~ t + {terms}"),
        ("arms", f"y ~ C(arm, Treatment('none')) + {terms}"),
    ]:
        fit = smf.ols(formula, frame).fit(cov_type="HC2")
        for term in fit.params.index[1:3]:
            print(name, term, repr(float(fit.params[term])), repr(float(fit.bse[term])))


if __name__ == "__main__":
    main()
