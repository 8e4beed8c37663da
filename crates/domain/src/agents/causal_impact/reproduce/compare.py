import argparse
import sys

from statsmodels.stats.multitest import multipletests

from study import CONTRASTS, ESTIMATORS
from table import Table

EXACT = 1e-6
CLOSE = 2.0
ALIKE = 4.0


def main():
    names = [known["estimator"] for known in ANALYSIS["estimates"]]
    parser = argparse.ArgumentParser(
        description="Repeats an analysis and compares the numbers.")
    parser.add_argument("data", help="the file that was analysed")
    parser.add_argument("--estimator", choices=names, help="only this one")
    given = parser.parse_args()
    table = Table(given.data)
    print(f"{'':<44}{'ours':>15}{'theirs':>15}{'difference':>12}")
    failed = []
    for known in ANALYSIS["estimates"]:
        if given.estimator in (None, known["estimator"]):
            if not repeat(table, known):
                failed.append(known["estimator"])
    if failed:
        print(f"NOT repeated: {', '.join(failed)}")
    return 1 if failed else 0


def repeat(table, known):
    """Computes one estimator again; says whether the numbers agree."""
    asked = ANALYSIS["parameters"]
    if known["contrasts"]:
        compute = CONTRASTS[known["estimator"]]
        rows = compute(table, asked, known)
        adjusted = multipletests([row[2] for row in rows], method="holm")[1]
        labels = [f"  {own['arm']}" for own in known["contrasts"]]
    else:
        compute = ESTIMATORS[known["estimator"]]
        rows, adjusted = [compute(table, asked, known)], None
        labels = [""]
    print(f"{known['estimator']}: {compute.__doc__}")
    agree = True
    for index, own in enumerate(known["contrasts"] or [known]):
        estimate, error = rows[index][:2]
        agree &= close(f"{labels[index]}  estimate", own["estimate"],
                       estimate, own["standard_error"], known["exact"])
        agree &= close(f"{labels[index]}  standard error",
                       own["standard_error"], error, 0.0, known["exact"])
        if adjusted is not None and known["exact"]:
            agree &= close(f"{labels[index]}  p-value (Holm)",
                           own["adjusted_p_value"], adjusted[index], 1e-3)
    return agree


def close(label, ours, theirs, scale, exact=True):
    """Prints both numbers with their difference, and judges it.

    Exact ones may differ by 1e-6 of the value or, where the value is
    smaller, of its standard error (of a p-value: of 0.001). Boosted trees
    are not the same in any two programs: theirs may differ by two standard
    errors, and the standard errors by a factor of four.
    """
    if exact:
        difference = abs(ours - theirs) / max(abs(ours), scale)
        agree, unit = difference <= EXACT, ""
    elif scale:
        difference = abs(ours - theirs) / scale
        agree, unit = difference <= CLOSE, " errors"
    else:
        difference = max(ours / theirs, theirs / ours)
        agree, unit = difference <= ALIKE, " times"
    print(f"{label:<44.44}{ours:>15.9g}{theirs:>15.9g}{difference:>12.1e}"
          f"{unit}{'' if agree else '  TOO FAR'}")
    return bool(agree)


if __name__ == "__main__":
    sys.exit(main())
