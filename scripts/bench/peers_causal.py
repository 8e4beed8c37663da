#!/usr/bin/env python3
"""The Python peers of `make bench-causal`, on the very rows that the Rust bench has.

usage: peers_causal.py FILE.csv PART SIMULATIONS

PART is one of
  statsmodels            OLS with HC1 errors
  doubleml_aipw_linear   DoubleML on the file's folds, linear and logistic regression
  doubleml_aipw_boosted  the same with LightGBM (200 trees of 31 leaves, learning rate 0.05)
  doubleml_plr_linear    partially linear regression, linear learners
  dowhy                  linear regression and its placebo, random common cause, subset and bootstrap refuters,
                         bounded in time (PEERS_LIMIT_S, default 420 s); what is not reached is null and named
                         in `dowhy_unfinished`
One part a process, so that its peak memory is its own. The last line is JSON.
"""
import json
import os
import resource
import signal
import sys
import time
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")

COVARIATES = [f"x{i}" for i in range(1, 21)]
REFUTERS = ["placebo_treatment_refuter", "random_common_cause", "data_subset_refuter", "bootstrap_refuter"]


class OutOfTime(Exception):
    pass


def bounded(seconds):
    def ring(*_):
        raise OutOfTime

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))


def statsmodels_part(frame):
    import statsmodels.api as sm

    started = time.perf_counter()
    design = sm.add_constant(frame[["t"] + COVARIATES])
    fit = sm.OLS(frame["y"], design).fit(cov_type="HC1")
    return {
        "statsmodels_hc1_s": round(time.perf_counter() - started, 4),
        "statsmodels_estimate": float(fit.params["t"]),
        "statsmodels_hc1_se": float(fit.bse["t"]),
    }


def dowhy_part(frame, simulations, limit):
    from dowhy import CausalModel

    frame = frame[COVARIATES + ["t", "y"]].copy()
    deadline = time.perf_counter() + limit
    steps, values, unfinished = {}, {}, []
    bounded(limit)
    try:
        started = time.perf_counter()
        model = CausalModel(data=frame, treatment="t", outcome="y", common_causes=COVARIATES)
        estimand = model.identify_effect(proceed_when_unidentifiable=True)
        steps["identify"] = time.perf_counter() - started
        started = time.perf_counter()
        estimate = model.estimate_effect(estimand, method_name="backdoor.linear_regression")
        steps["estimate"] = time.perf_counter() - started
        values["dowhy_estimate"] = float(estimate.value)
        for name in REFUTERS:
            unfinished.append(name)
            extra = {"placebo_type": "permute"} if name.startswith("placebo") else {}
            started = time.perf_counter()
            model.refute_estimate(
                estimand, estimate, method_name=name, num_simulations=simulations, random_seed=1, **extra
            )
            steps[name] = time.perf_counter() - started
            unfinished.remove(name)
            print(f"dowhy {name}: {steps[name]:.2f} s", file=sys.stderr, flush=True)
    except OutOfTime:
        unfinished += [name for name in REFUTERS if name not in steps and name not in unfinished]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    # Identification is left out of the comparison: it is graph search, not arithmetic.
    spent = sum(seconds for name, seconds in steps.items() if name != "identify")
    if unfinished:
        spent = None if not steps else round(limit, 1)
    values["dowhy_s"] = round(spent, 3) if spent is not None else None
    values["dowhy_steps_s"] = {name: round(seconds, 3) for name, seconds in steps.items()}
    values["dowhy_unfinished"] = unfinished
    values["dowhy_s_is_lower_bound"] = bool(unfinished) and time.perf_counter() >= deadline
    return values


DOUBLEML_JOBS = ["plr_linear", "aipw_linear", "aipw_boosted"]


def doubleml_job(file, job):
    """One DoubleML estimate, alone in its process so that the peak memory is its own."""
    from doubleml import DoubleMLData, DoubleMLIRM, DoubleMLPLR
    from lightgbm import LGBMClassifier, LGBMRegressor
    from sklearn.linear_model import LinearRegression, LogisticRegression

    frame = pd.read_csv(file)
    folds = [(np.flatnonzero(frame["fold"] != k), np.flatnonzero(frame["fold"] == k)) for k in range(5)]
    settings = {"n_estimators": 200, "learning_rate": 0.05, "num_leaves": 31, "verbose": -1, "n_jobs": os.cpu_count()}
    started = time.perf_counter()
    data = DoubleMLData(frame, "y", "t", COVARIATES)
    if job == "plr_linear":
        model = DoubleMLPLR(data, LinearRegression(), LinearRegression(), n_folds=5)
    elif job == "aipw_linear":
        # No penalty: scikit-learn's default shrinks the propensities.
        model = DoubleMLIRM(data, LinearRegression(), LogisticRegression(penalty=None, max_iter=1000), n_folds=5)
    else:
        model = DoubleMLIRM(data, LGBMRegressor(**settings), LGBMClassifier(**settings), n_folds=5)
    model.set_sample_splitting(folds)
    model.fit()
    return {
        "s": round(time.perf_counter() - started, 4),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "estimate": float(model.coef[0]),
        "se": float(model.se[0]),
    }


def part(file, name, simulations):
    if name.removeprefix("doubleml_") in DOUBLEML_JOBS:
        return {f"{name}_{key}": value for key, value in doubleml_job(file, name.removeprefix("doubleml_")).items()}
    frame = pd.read_csv(file)
    if name == "statsmodels":
        result = statsmodels_part(frame)
    elif name == "dowhy":
        result = dowhy_part(frame, simulations, float(os.environ.get("PEERS_LIMIT_S", "420")))
    else:
        print(__doc__, file=sys.stderr)
        sys.exit(64)
    result[f"{name}_peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return result


def main():
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        sys.exit(64)
    print(json.dumps(part(sys.argv[1], sys.argv[2], int(sys.argv[3]))))


if __name__ == "__main__":
    main()
