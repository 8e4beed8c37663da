#!/usr/bin/env python3
"""The Python peers of `make bench-causal`, on the very file that the Rust bench wrote.

usage: peers_causal.py FILE.csv SIMULATIONS

DoWhy: linear regression and its placebo, random common cause, data subset and bootstrap refuters.
statsmodels: OLS with HC1 errors. Each part is bounded in time (PEERS_LIMIT_S, default 420 s in all);
what is not reached is null and named in `dowhy_unfinished`. The last line is JSON.
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


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(64)
    frame = pd.read_csv(sys.argv[1])
    result = statsmodels_part(frame)
    print(f"statsmodels OLS HC1: {result['statsmodels_hc1_s']:.3f} s", file=sys.stderr, flush=True)
    result |= dowhy_part(frame, int(sys.argv[2]), float(os.environ.get("PEERS_LIMIT_S", "420")))
    result["peers_peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    result["peers_versions"] = {"numpy": np.__version__, "pandas": pd.__version__}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
