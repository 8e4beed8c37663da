#!/usr/bin/env python3
"""The Python peers of the panel bench, on the very file that the Rust bench wrote.

usage: peers_panel.py FILE.csv

linearmodels PanelOLS and pyfixest feols: two-way fixed effects, errors clustered by unit. csdid: group-time
effects and their simple average, analytic errors, not-yet-treated units as comparison. Each is timed from
the data frame to the result, second of two runs (the first compiles). The last line is JSON.
"""
import contextlib
import importlib.metadata
import io
import json
import resource
import sys
import time
import warnings

import pandas as pd

warnings.filterwarnings("ignore")


def timed(run):
    run()
    started = time.perf_counter()
    result = run()
    return round(time.perf_counter() - started, 4), result


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
        seconds, found = timed(run)
    return {
        "csdid_s": seconds,
        "csdid_simple": float(found["overall_att"]),
        "csdid_simple_se": float(found["overall_se"]),
    }


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        sys.exit(64)
    frame = pd.read_csv(sys.argv[1])
    result = {}
    for part in (linearmodels_part, pyfixest_part, csdid_part):
        result |= part(frame)
        print(f"{part.__name__} done", file=sys.stderr, flush=True)
    result["peers_peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    names = ("linearmodels", "pyfixest", "csdid", "pandas", "numpy")
    result["peers_versions"] = {name: importlib.metadata.version(name) for name in names}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
