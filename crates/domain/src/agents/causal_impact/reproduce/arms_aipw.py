import numpy as np
from doubleml import DoubleMLAPO, DoubleMLData
from scipy import stats

from arms import study_of_arms
from doubly_robust import fitted, influence_of, learners, standard_error
from folds import folds_of
from study import CONTRASTS, computes, scaled


@computes("aipw_linear", "aipw_boosted", into=CONTRASTS)
def aipw_contrasts(table, asked, estimate):
    """DoubleML APO"""
    found = study_of_arms(table, asked, adjusts=True)
    boosted = estimate["estimator"] == "aipw_boosted"
    folds = folds_of(found, asked)
    control, *others = [potential_outcome(found, folds, arm, boosted)
                        for arm in range(found.arm_count)]
    rows = []
    for mean, influence in others:
        effect = mean - control[0]
        error = standard_error(influence - control[1], found.clusters)
        rows.append((effect, error, 2 * stats.norm.sf(abs(effect / error))))
    return rows


def potential_outcome(study, folds, arm, boosted):
    """Mean outcome if all had this arm, and the rows' influences on it."""
    data = DoubleMLData.from_arrays(
        scaled(study.covariates), study.outcome, study.arms)
    model = fitted(DoubleMLAPO(
        data, *learners(boosted, True), treatment_level=arm,
        n_folds=len(np.unique(folds))), folds)
    return model.coef[0], influence_of(model)
