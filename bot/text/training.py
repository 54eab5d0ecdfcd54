"""Makes the weights of a LinearModel from labelled rows.

Needs scikit-learn (extra `train`); the bot itself does not.
"""

from collections import Counter
from collections.abc import Sequence

from bot.text.linear import UNIT, LinearModel

MIN_WEIGHT = 3  # stored units; a smaller weight moves no decision and fills the file
MIN_ROWS = 2  # rows that must hold a feature before it counts


class TrainingUnavailable(Exception):
    """scikit-learn is not installed. Install the extra: `uv sync --extra train`."""


def train(
    rows: Sequence[tuple[Sequence[str], str]],
    vocabulary: frozenset[str],
    strength: float = 60.0,
) -> LinearModel:
    """Logistic regression over (features, class) rows; `strength` is the inverse of the regularisation.

    The same rows give the same model on every machine up to the last stored digit.
    Raises TrainingUnavailable without scikit-learn.
    """
    try:
        from scipy.sparse import csr_matrix  # noqa: PLC0415  (only training needs it)
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    except ImportError:
        raise TrainingUnavailable from None
    counts = Counter(feature for features, _ in rows for feature in features)
    columns = {
        feature: at
        for at, feature in enumerate(sorted(name for name, n in counts.items() if n >= MIN_ROWS))
    }
    data: list[float] = []
    indices: list[int] = []
    ends = [0]
    for features, _ in rows:
        known = [columns[feature] for feature in features if feature in columns]
        data += [len(features) ** -0.5] * len(known)
        indices += known
        ends.append(len(indices))
    matrix = csr_matrix((data, indices, ends), shape=(len(rows), len(columns)))
    fitted = LogisticRegression(C=strength, max_iter=2000, tol=1e-6).fit(
        matrix, [label for _, label in rows]
    )
    classes = tuple(str(name) for name in fitted.classes_)
    coefficients, bias = fitted.coef_, fitted.intercept_
    if len(coefficients) == 1:  # two classes: one row says how much the second is preferred
        coefficients = [
            [-weight / 2 for weight in coefficients[0]],
            [w / 2 for w in coefficients[0]],
        ]
        bias = [-bias[0] / 2, bias[0] / 2]
    rounded = {
        feature: [round(float(row[at]) * UNIT) for row in coefficients] for feature, at in columns.items()
    }
    return LinearModel(
        classes=classes,
        bias=tuple(round(float(value) * UNIT) for value in bias),
        weights={name: row for name, row in rounded.items() if max(map(abs, row)) >= MIN_WEIGHT},
        vocabulary=vocabulary,
    )
