import pytest

from tests.unit.activecampaign.scripted import Service


@pytest.fixture
def service() -> Service:
    return Service()
