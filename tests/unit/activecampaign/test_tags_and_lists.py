from acassist.domain.problem import ProblemCode
from tests.unit.activecampaign.scripted import ok, problem_of


def tag(number, name, kind="contact"):
    return {"id": str(number), "tag": name, "tagType": kind}


async def test_tags_are_known_by_lower_case_name_and_templates_are_not_tags(service):
    service.on("GET", "tags", ok({"tags": [tag(1, "VIP"), tag(2, "x", "template")], "meta": {"total": "2"}}))
    assert await service.client().tags() == {"vip": "1"}


async def test_a_tag_that_exists_is_not_created_and_similar_names_do_not_count(service):
    service.on("GET", "tags", ok({"tags": [tag(1, "vip-old"), tag(2, "Vip")]}))
    assert await service.client().create_tag("VIP") == "2"
    assert not service.asked("POST", "tags")


async def test_a_tag_created_by_someone_else_meanwhile_is_looked_up(service):
    service.on("GET", "tags", ok({"tags": []}), ok({"tags": [tag(5, "vip")]}))
    duplicate = {"message": "Could not process request", "error": "Duplicate entry 'contact-vip' for key 'typetag'"}
    service.on("POST", "tags", ok(duplicate, 400))
    assert await service.client().create_tag("vip") == "5"


async def test_another_refusal_of_a_tag_is_passed_on(service):
    service.on("GET", "tags", ok({"tags": []})).on("POST", "tags", ok({"message": "Too long"}, 422))
    assert (await problem_of(service.client().create_tag("x"))).code is ProblemCode.AC_REJECTED


async def test_a_tag_is_removed_by_its_association_and_a_gone_one_is_fine(service):
    service.on("GET", "contacts/7/contactTags", ok({"contactTags": [{"id": "70", "tag": "2", "contact": "7"}]}))
    service.on("DELETE", "contactTags/70", ok({"message": "No Result found for SubscriberTag with id 70"}, 404))
    client = service.client()
    associations = await client.contact_tags("7")
    assert associations == {"2": "70"}
    await client.remove_tag(associations["2"])
    assert len(service.asked("DELETE", "contactTags/70")) == 1


async def test_adding_a_tag_is_repeated_after_a_fault(service):
    service.on("POST", "contactTags", ok({}, 502), ok({"contactTag": {}}, 201))
    await service.client().add_tag("7", "2")
    assert service.body() == {"contactTag": {"contact": 7, "tag": 2}}


async def test_a_list_status_never_carries_the_source_that_brings_back_opted_out_people(service):
    service.on("POST", "contactLists", ok({"contactList": {"status": 1}}))
    await service.client().set_list_status("7", "3", subscribed=True)
    assert service.body() == {"contactList": {"list": 3, "contact": 7, "status": 1}}
    await service.client().set_list_status("7", "3", subscribed=False)
    assert service.body()["contactList"]["status"] == 2


async def test_memberships_are_numbers_whether_they_come_as_text_or_not(service):
    rows = [{"list": "1", "status": "2"}, {"list": 3, "status": 1}]
    service.on("GET", "contacts/7/contactLists", ok({"contactLists": rows}))
    assert await service.client().contact_lists("7") == {"1": 2, "3": 1}


async def test_a_tag_that_vanished_is_not_taken_for_a_vanished_contact(service):
    gone = {"errors": [{"status": 404, "title": "Not Found", "detail": "Tag not found"}]}
    service.on("POST", "contactTags", ok(gone, 404))
    assert (await problem_of(service.client().add_tag("7", "2"))).code is ProblemCode.AC_REJECTED
