#!/usr/bin/env python3
"""The Python peers of `make bench-causal`, on the very file that the Rust bench wrote.

usage: peers_causal.py FILE.csv SIMULATIONS

DoWhy: linear regression and its placebo, random common cause, data subset and bootstrap refuters.
statsmodels: OLS with HC1 errors. DoubleML: AIPW and PLR on the file's folds, each in a process of its own
(`peers_causal.py FILE.csv --doubleml JOB`). Each part is bounded in time (PEERS_LIMIT_S, default 420 s in all);
what is not reached is null and named in `dowhy_unfinished`. The last line is JSON.
"""
import json
import os
import resource
import signal
import subprocess
import sys
import time
import warnings

import numpy as np
import pandas as pd
import statsmodels.api as sm

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


def doubleml_part(file):
    values = {}
    for job in DOUBLEML_JOBS:
        ran = subprocess.run([sys.executable, __file__, file, "--doubleml", job], stdout=subprocess.PIPE, text=True)
        if ran.returncode != 0:
            print(f"doubleml {job}: failed", file=sys.stderr, flush=True)
            continue
        found = json.loads(ran.stdout.splitlines()[-1])
        print(f"doubleml {job}: {found}", file=sys.stderr, flush=True)
        values |= {f"doubleml_{job}_{name}": value for name, value in found.items()}
    return values


def main():
    if len(sys.argv) == 4 and sys.argv[2] == "--doubleml" and sys.argv[3] in DOUBLEML_JOBS:
        print(json.dumps(doubleml_job(sys.argv[1], sys.argv[3])))
        return
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(64)
    frame = pd.read_csv(sys.argv[1])
    result = statsmodels_part(frame)
    print(f"statsmodels OLS HC1: {result['statsmodels_hc1_s']:.3f} s", file=sys.stderr, flush=True)
    result |= doubleml_part(sys.argv[1])
    result |= dowhy_part(frame, int(sys.argv[2]), float(os.environ.get("PEERS_LIMIT_S", "420")))
    result["peers_peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    result["peers_versions"] = {"numpy": np.__version__, "pandas": pd.__version__}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
