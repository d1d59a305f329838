"""A drill for each file of tests. Time goes on from test to test and never back: they stand in the order of the outage."""

from pathlib import Path

import pytest

from drill import Drill

SCENARIO = str(Path(__file__).parent / "outage.yaml")


@pytest.fixture(scope="module")
def outage():
    # The app reads where the model is from its environment, as it does in production.
    with Drill.start(SCENARIO, speed=60) as drill, pytest.MonkeyPatch.context() as patch:
        for name, value in drill.env.items():
            patch.setenv(name, value)
        yield drill


@pytest.fixture
def drill(outage):
    """The drill; ``attempts`` tells of those of this test."""
    outage.watch()
    return outage
