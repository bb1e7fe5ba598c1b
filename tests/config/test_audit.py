"""Tests of facecam.config.audit."""

import pytest

from facecam.config import Config, override
from facecam.errors import ConfigError


@pytest.mark.parametrize(
    "values",
    [{"poor": 1.5}, {"alike": -0.1}, {"strangers": 10}, {"listed": 0}, {"close": 0.5}],
)
def test_numbers_without_a_meaning_are_refused(values):
    with pytest.raises(ConfigError, match="audit"):
        override(Config(), {"audit": values})


def test_a_section_of_the_file_changes_the_audit():
    assert override(Config(), {"audit": {"poor": 0.3}}).audit.poor == 0.3
