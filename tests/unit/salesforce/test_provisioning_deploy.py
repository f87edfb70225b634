"""How a deployment's answer is read, in whatever form it comes."""

from __future__ import annotations

from typing import Any

import pytest

from acassist.domain.problem import ProblemCode
from acassist.salesforce.provisioning.deploy import ComponentFailure, outcome_of

FAILURE = {"problem": "Bad thing.", "fullName": "Lead.X__c", "componentType": "CustomField", "problemType": "Error"}


def outcome(**result: Any):
    return outcome_of("0Af1", {"status": "Succeeded", "done": True, "success": True, **result})


def test_numbers_and_flags_may_be_texts():
    found = outcome(done="true", success="true", numberComponentsDeployed="9", numberComponentsTotal="9")
    assert (found.done, found.success, found.deployed, found.total) == (True, True, 9, 9)


@pytest.mark.parametrize("status", ["Pending", "InProgress", "FinalizingDeploy", "Canceling"])
def test_a_deployment_under_way_is_not_done(status):
    assert not outcome(status=status, done=False, success=False).done


def test_a_partial_success_does_not_count_as_success():
    assert not outcome(status="SucceededPartial", success=True).success


def test_each_refused_component_is_a_problem_of_its_own():
    failed = outcome(status="Failed", success=False, details={"componentFailures": [FAILURE, FAILURE]})
    first, second = failed.problems()
    assert (first.code, first.subject) == (ProblemCode.DEPLOY_COMPONENT, "Lead.X__c")
    assert first.sentence.english().startswith("Salesforce refused Lead.X__c: Bad thing.")
    assert second == first


def test_a_single_failure_may_come_without_its_list():
    assert len(outcome(status="Failed", success=False, details={"componentFailures": FAILURE}).failures) == 1


def test_a_failure_without_components_gives_its_message():
    (problem,) = outcome(status="Failed", success=False, errorMessage="Zip is broken.").problems()
    assert problem.code is ProblemCode.DEPLOY_FAILED
    assert "Zip is broken" in problem.sentence.english()


def test_a_cancelled_deployment_is_done_and_says_so():
    found = outcome(status="Canceled", done=False, success=False)
    assert found.done
    assert "Canceled" in found.problems()[0].sentence.english()


@pytest.mark.parametrize(
    "text",
    [
        "You have reached the limit of 25 external ID fields",
        "Too many fields: external id fields would exceed the maximum of 25",
    ],
)
def test_the_limit_of_external_ids_is_recognised(text):
    problem = ComponentFailure("CustomField", "Lead.ActiveCampaign_ID__c", text).problem()
    assert problem.code is ProblemCode.ID_LIMIT
    assert problem.values == {"object": "Lead", "limit": 25}


def test_a_success_has_no_problems():
    assert outcome().problems() == ()
