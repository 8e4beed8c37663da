import numpy as np
import pandas as pd
from linearmodels.panel import PanelOLS

from panel import panel
from study import computes, independent


@computes("two_way_fixed_effects")
def two_way_fixed_effects(table, asked, estimate):
    """linearmodels PanelOLS, fixest's small-sample factor"""
    found = panel(table, asked)
    columns = np.column_stack([found.treated, found.covariates])
    columns = columns[:, independent(columns)]
    index = pd.MultiIndex.from_arrays([found.unit, found.period])
    fit = PanelOLS(
        pd.Series(found.outcome, index, name="outcome"),
        pd.DataFrame(columns, index),
        entity_effects=True, time_effects=True, drop_absorbed=True,
    ).fit(cov_type="clustered", clusters=pd.Series(
        found.clusters[found.unit], index, name="cluster"))

    # linearmodels counts the unit effects among the parameters, though they
    # are nested in the clusters; fixest, pyfixest and reghdfe do not.
    rows = len(found.outcome)
    groups = len(np.unique(found.clusters))
    counted = len(fit.params) + len(np.unique(found.period))
    ours = groups / (groups - 1) * (rows - 1) / (rows - counted)
    theirs = rows / fit.df_resid
    return fit.params.iloc[0], fit.std_errors.iloc[0] * np.sqrt(ours / theirs)
