"""How many random cases a test draws: the profile that `conftest` loads says it, for all of them."""

from hypothesis import HealthCheck, settings

QUICK, THOROUGH = 12, 100  # cases of a test that asks for no number of its own, in the profiles of these names


def share_of(cases: int) -> int:
    """So many in the profile `thorough`, and as many fewer in `quick` as it has for every test."""
    assert settings.default is not None
    return max(1, cases * settings.default.max_examples // THOROUGH)


def random_cases(cases: int) -> settings:
    """Hypothesis's settings for a test of so many cases when it is thorough, none of them too slow or too large."""
    return settings(max_examples=share_of(cases), suppress_health_check=list(HealthCheck))
