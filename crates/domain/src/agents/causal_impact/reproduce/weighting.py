import numpy as np

from propensity import propensity
from study import computes, cross_section, summed


@computes("inverse_propensity_weighting")
def inverse_propensity_weighting(table, asked, estimate):
    """statsmodels Logit, M-estimation in numpy"""
    study = cross_section(table, asked)
    design, log_odds = propensity(study)
    odds = np.exp(log_odds)
    chance = odds / (1.0 + odds)
    treated = study.treatment == 1.0
    on_treated = asked["target"] == "treated"
    # Weights, and how they change with the log odds.
    if on_treated:
        weights = np.where(treated, 1.0, odds)
        slopes = np.where(treated, 0.0, odds)
    else:
        weights = np.where(treated, 1.0 + 1.0 / odds, 1.0 + odds)
        slopes = np.where(treated, -1.0 / odds, odds)
    if asked["trim"] is not None:
        kept = (chance >= asked["trim"]) & (chance <= 1.0 - asked["trim"])
        weights, slopes = weights * kept, slopes * kept

    # Normalised (Hajek) means of the arms.
    totals = np.where(treated, weights[treated].sum(), weights[~treated].sum())
    sums = weights * study.outcome
    mean_treated = sums[treated].sum() / weights[treated].sum()
    mean_control = sums[~treated].sum() / weights[~treated].sum()
    effect = mean_treated - mean_control

    # Stacked scores of both steps (Stefanski and Boos 2002): the influence
    # of a row on the means, and through the coefficients of the propensity.
    means = np.where(treated, mean_treated, mean_control)
    share = np.where(treated, 1.0, -1.0) * (study.outcome - means) / totals
    hessian = design.T @ (design * (chance * (1.0 - chance))[:, None])
    gradient = design.T @ (slopes * share)
    through = design @ np.linalg.solve(hessian, gradient)
    influence = weights * share + (study.treatment - chance) * through
    return effect, np.linalg.norm(summed(influence, study.clusters))
