#!/usr/bin/env python3
"""The Python peers of the panel jobs of `make bench-causal`, on the very rows that the Rust bench has.

usage: peers_panel.py FILE.csv PART

PART is linearmodels (PanelOLS) or pyfixest (feols): two-way fixed effects, errors clustered by unit; or csdid:
group-time effects and their simple average, analytic errors, not-yet-treated units as comparison. Each is timed
from the data frame to the result, the median of five runs after one that compiles (csdid: the second of two).
One part a process, so that its peak memory is its own. The last line is JSON.
"""
import contextlib
import importlib.metadata
import io
import json
import resource
import statistics
import sys
import time
import warnings

import pandas as pd

warnings.filterwarnings("ignore")


def timed(run, repeats=5):
    run()
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - started)
    return round(statistics.median(seconds), 4), result


def linearmodels_part(frame):
    from linearmodels.panel import PanelOLS

    def run():
        panel = frame.set_index(["unit", "time"])
        model = PanelOLS(panel["y"], panel[["d"]], entity_effects=True, time_effects=True)
        return model.fit(cov_type="clustered", cluster_entity=True)

    seconds, fit = timed(run)
    return {
        "linearmodels_s": seconds,
        "linearmodels_estimate": float(fit.params["d"]),
        "linearmodels_se": float(fit.std_errors["d"]),
    }


def pyfixest_part(frame):
    import pyfixest

    seconds, fit = timed(lambda: pyfixest.feols("y ~ d | unit + time", frame, vcov={"CRV1": "unit"}))
    return {"pyfixest_s": seconds, "pyfixest_estimate": float(fit.coef()["d"]), "pyfixest_se": float(fit.se()["d"])}


def csdid_part(frame):
    from csdid.att_gt import ATTgt

    def run():
        model = ATTgt(
            yname="y", gname="g", idname="unit", tname="time", xformla="y~1", data=frame.copy(),
            control_group=["notyettreated"],
        ).fit(est_method="dr", bstrap=False)
        model.aggte(typec="simple", bstrap=False, cband=False)
        return model.atte

    with contextlib.redirect_stdout(io.StringIO()):
        seconds, found = timed(run, repeats=1)
    return {
        "csdid_s": seconds,
        "csdid_simple": float(found["overall_att"]),
        "csdid_simple_se": float(found["overall_se"]),
    }


PARTS = {"linearmodels": linearmodels_part, "pyfixest": pyfixest_part, "csdid": csdid_part}


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in PARTS:
        print(__doc__, file=sys.stderr)
        sys.exit(64)
    name = sys.argv[2]
    result = PARTS[name](pd.read_csv(sys.argv[1]))
    result[f"{name}_peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    result[f"{name}_version"] = importlib.metadata.version(name)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
