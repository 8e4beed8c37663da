import numpy as np

from propensity import combined, design_of, propensity
from study import computes, cross_section

TIE = 1e-9


@computes("propensity_matching")
def propensity_matching(table, asked, estimate):
    """statsmodels Logit, Abadie-Imbens 2006 in numpy"""
    study = cross_section(table, asked)
    _, log_odds = propensity(study)
    # The highest propensities are served first where matches run out.
    served = np.lexsort((np.arange(study.rows), -log_odds))
    return matched(study, asked, log_odds[:, None], served,
                   asked_caliper(asked, log_odds.std(ddof=1)))


@computes("mahalanobis_matching")
def mahalanobis_matching(table, asked, estimate):
    """Abadie-Imbens 2006, with their correction of 2011, in numpy"""
    study = cross_section(table, asked)
    design = design_of(study)
    # In these coordinates Mahalanobis' distance is Euclid's.
    covariance = np.atleast_2d(np.cov(design[:, 1:], rowvar=False))
    whitening = np.linalg.inv(np.linalg.cholesky(covariance)).T
    places = combined(design[:, 1:], whitening)
    return matched(study, asked, places, np.arange(study.rows),
                   asked_caliper(asked, 1.0), design)


def asked_caliper(asked, unit):
    """The furthest match."""
    return np.inf if asked["caliper"] is None else asked["caliper"] * unit


def nearest(places, row, others, wanted, furthest):
    """The nearest of the others, and all that tie with the last."""
    away = distances(places, row, others)
    if len(away) > wanted:
        last = np.partition(away, wanted - 1)[wanted - 1]
        furthest = min(furthest, last + TIE)
    return others[away <= furthest]


def distances(places, row, others):
    """How far the others are from a row."""
    return np.linalg.norm(places[others] - places[row], axis=1)


def matched(study, asked, places, served, furthest, design=None):
    """Each row beside its nearest in the other arm, and the error of that."""
    treated = study.treatment == 1.0
    own_arm = {True: np.flatnonzero(treated), False: np.flatnonzero(~treated)}
    everybody = asked["target"] == "everybody" and asked["replacement"]
    seekers = served if everybody else served[treated[served]]
    if asked["replacement"]:
        found = {row: nearest(places, row, own_arm[not treated[row]],
                              asked["matches"], furthest) for row in seekers}
    else:
        found = without_replacement(
            places, seekers, own_arm[False], asked["matches"], furthest)
    found = {row: others for row, others in found.items() if len(others)}

    shares, squares = np.zeros(study.rows), np.zeros(study.rows)
    for others in found.values():
        shares[others] += 1.0 / len(others)
        squares[others] += 1.0 / len(others) ** 2
    stand_in = {arm: study.outcome if design is None else corrected(
        study, design, shares * (treated == arm)) for arm in
        ((True, False) if everybody else (False,))}
    differences = []
    for row, others in found.items():
        outcome = stand_in[not treated[row]]
        difference = outcome[row] - outcome[others].mean()
        differences.append(difference if treated[row] else -difference)
    effect = np.mean(differences)

    # Theorems 6 and 7 of 2006, with the variance of a row's outcome taken
    # from the row and its nearest neighbour in its own arm.
    factors = shares ** 2 - squares + (2.0 * shares if everybody else 0.0)
    variance = ((differences - effect) ** 2).sum()
    for row in np.flatnonzero(np.abs(factors) >= 1e-12):
        near = nearest(places, row, own_arm[treated[row]], 2, np.inf)
        if len(near) > 1:
            variance += factors[row] * study.outcome[near].var(ddof=1)
    return effect, np.sqrt(variance) / len(differences)


def corrected(study, design, weights):
    """The outcome less its regression among the matches of an arm."""
    root = np.sqrt(weights)
    coefficients = np.linalg.lstsq(
        design * root[:, None], study.outcome * root, rcond=None)[0]
    return study.outcome - design @ coefficients


def without_replacement(places, seekers, left, rounds, furthest):
    """Each in turn takes the nearest that is left, the lowest of equals."""
    left = left[np.lexsort((left, *places[left].T[::-1]))]
    found = {row: [] for row in seekers}
    for row in [row for _ in range(rounds) for row in seekers]:
        if len(left):
            away = distances(places, row, left)
            chosen = int(np.argmin(away))
            if away[chosen] <= furthest:
                found[row].append(left[chosen])
                left = np.delete(left, chosen)
    return found
