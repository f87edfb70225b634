"""The metadata that is deployed: names and order of elements, the zip, and the multipart form."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ElementTree
import zipfile
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path

import pytest

from acassist.domain.ids import SObject
from acassist.salesforce.provisioning.definitions import FIELDS, MANAGER, STANDARD, Role, link_url
from acassist.salesforce.provisioning.deploy import multipart
from acassist.salesforce.provisioning.package import (
    Contents,
    FieldRight,
    Package,
    SetContent,
    Templates,
    build,
    build_removal,
)

NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"
TEMPLATES = Templates(Path(__file__).parents[3] / "resources" / "salesforce")
RIGHTS = (FieldRight("Lead.ActiveCampaign_ID__c", True), FieldRight("Account.ActiveCampaign_Sync_Status__c", True))


def everything() -> Package:
    sets = (SetContent(MANAGER, RIGHTS), SetContent(STANDARD, (FieldRight("Lead.ActiveCampaign_ID__c", False),)))
    return build(TEMPLATES, Contents(FIELDS, sets, (SObject.LEAD,)), "62.0")


def files(package: Package) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tree(package: Package, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(files(package)[name])


def names(element: ElementTree.Element) -> list[str]:
    return [child.tag.removeprefix(NAMESPACE) for child in element]


def text(element: ElementTree.Element, name: str) -> str | None:
    return element.findtext(NAMESPACE + name)


def test_the_zip_holds_the_manifest_at_its_root_and_one_file_for_each_object_and_set():
    assert set(files(everything())) == {
        "package.xml",
        "objects/Lead.object",
        "objects/Contact.object",
        "objects/Account.object",
        "permissionsets/ActiveCampaign_Package_Manager.permissionset",
        "permissionsets/ActiveCampaign_Standard_User.permissionset",
    }


def test_the_manifest_names_every_component_by_type_and_the_version_of_the_client_last():
    manifest = tree(everything(), "package.xml")
    assert names(manifest) == ["types", "types", "types", "version"]
    types = manifest.findall(NAMESPACE + "types")
    assert [text(kind, "name") for kind in types] == ["CustomField", "PermissionSet", "WebLink"]
    assert [member.text for member in types[0].findall(NAMESPACE + "members")] == [
        "Lead.ActiveCampaign_Sync_Status__c",
        "Lead.ActiveCampaign_ID__c",
        "Lead.ActiveCampaign_Relation_Sync_Status__c",
        "Contact.ActiveCampaign_Sync_Status__c",
        "Contact.ActiveCampaign_ID__c",
        "Contact.ActiveCampaign_Relation_Sync_Status__c",
        "Account.ActiveCampaign_Sync_Status__c",
    ]
    assert text(manifest, "version") == "62.0"


def test_members_stand_before_the_name_of_their_type():
    for kind in tree(everything(), "package.xml").findall(NAMESPACE + "types"):
        assert names(kind)[-1] == "name"
        assert set(names(kind)[:-1]) == {"members"}


def test_the_id_field_is_an_external_id_of_64_characters_that_a_converted_lead_may_share():
    fields = tree(everything(), "objects/Contact.object").findall(NAMESPACE + "fields")
    (found,) = [field for field in fields if text(field, "fullName") == "ActiveCampaign_ID__c"]
    # Not unique: a converted lead keeps the id that a new lead of the same person gets too.
    assert names(found)[-3:] == ["type", "length", "externalId"]
    assert [element.text for element in found][-3:] == ["Text", "64", "true"]


def test_a_status_field_is_plain_text_of_255_characters():
    (found,) = tree(everything(), "objects/Account.object").findall(NAMESPACE + "fields")
    assert (text(found, "type"), text(found, "length")) == ("Text", "255")
    assert text(found, "label") == "ActiveCampaign Sync Status"
    assert "externalId" not in names(found)


def test_the_manager_may_create_and_edit_but_never_delete_or_see_everything():
    found = tree(everything(), "permissionsets/ActiveCampaign_Package_Manager.permissionset")
    for entry in found.findall(NAMESPACE + "objectPermissions"):
        rights = {name: text(entry, name) for name in names(entry)}
        assert rights.pop("object") in {"Lead", "Contact", "Account"}
        assert rights == {
            "allowCreate": "true",
            "allowDelete": "false",
            "allowEdit": "true",
            "allowRead": "true",
            "modifyAllRecords": "false",
            "viewAllRecords": "false",
        }
    assert [text(entry, "name") for entry in found.findall(NAMESPACE + "userPermissions")] == ["ApiEnabled"]


def test_the_standard_user_may_only_read():
    found = tree(everything(), "permissionsets/ActiveCampaign_Standard_User.permissionset")
    objects = found.findall(NAMESPACE + "objectPermissions")
    assert {text(entry, "allowEdit") for entry in objects} == {"false"}
    assert {text(entry, "editable") for entry in found.findall(NAMESPACE + "fieldPermissions")} == {"false"}
    assert not found.findall(NAMESPACE + "userPermissions")


def test_elements_of_a_permission_set_are_grouped_in_the_order_of_the_metadata_api():
    found = names(tree(everything(), "permissionsets/ActiveCampaign_Package_Manager.permissionset"))
    assert list(dict.fromkeys(found)) == sorted(set(found))
    assert found == sorted(found)


def test_the_link_only_opens_a_record():
    (link,) = tree(everything(), "objects/Lead.object").findall(NAMESPACE + "webLinks")
    assert text(link, "url") == "acassist://record/{!Lead.Id}" == link_url(SObject.LEAD)
    assert text(link, "linkType") == "url"


def test_a_removal_has_an_empty_manifest_beside_the_list_of_what_goes():
    package = build_removal(TEMPLATES, {"CustomField": ["Lead.ActiveCampaign_ID__c"]}, "62.0")
    assert set(files(package)) == {"package.xml", "destructiveChanges.xml"}
    assert names(tree(package, "package.xml")) == ["version"]
    gone = tree(package, "destructiveChanges.xml").find(NAMESPACE + "types")
    assert gone is not None
    assert (text(gone, "members"), text(gone, "name")) == ("Lead.ActiveCampaign_ID__c", "CustomField")


def test_values_cannot_break_out_of_their_element():
    filled = TEMPLATES.fill("package_member", {"member": "a</members><members>b"})
    assert ElementTree.fromstring(filled).text == "a</members><members>b"


def test_the_request_has_the_documented_options_and_the_zip_in_two_parts():
    package = everything()
    media, body = multipart(package)
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {media}\r\n\r\n".encode() + body)
    options, archive = message.iter_parts()
    assert options.get_param("name", header="content-disposition") == "json"
    assert options.get_content_type() == "application/json"
    assert json.loads(options.get_payload(decode=True))["deployOptions"] == {
        "allowMissingFiles": False,
        "autoUpdatePackage": False,
        "checkOnly": False,
        "ignoreWarnings": False,
        "performRetrieve": False,
        "purgeOnDelete": False,
        "rollbackOnError": True,
        "runTests": None,
        "singlePackage": True,
        "testLevel": None,
    }
    assert archive.get_param("name", header="content-disposition") == "file"
    assert archive.get_content_type() == "application/zip"
    assert archive.get_payload(decode=True) == package.data


def test_the_form_is_what_the_documentation_shows_byte_for_byte_around_its_two_parts():
    package = everything()
    media, body = multipart(package)
    boundary = media.partition("boundary=")[2].strip('"').encode()
    assert media.startswith("multipart/form-data; boundary=")
    first, second = body.split(b"--" + boundary + b"\r\n")[1:]
    head, _, options = first.partition(b"\r\n\r\n")
    assert head.splitlines()[0] == b'Content-Disposition: form-data; name="json"'
    assert b"Content-Type: application/json" in head
    assert options.endswith(b"}\r\n")
    head, _, archive = second.partition(b"\r\n\r\n")
    assert head.startswith(b'Content-Disposition: form-data; name="file"; filename="')
    assert archive == package.data + b"\r\n--" + boundary + b"--\r\n"


def test_rights_name_fields_with_their_namespace_and_new_fields_carry_none():
    rights = (FieldRight("Lead.acsync__ActiveCampaign_ID__c", True), FieldRight("Contact.ActiveCampaign_ID__c", True))
    fields = tuple(spec for spec in FIELDS if spec.full_name != "Lead.ActiveCampaign_ID__c")
    package = build(TEMPLATES, Contents(fields, (SetContent(MANAGER, rights),), ()), "62.0")
    found = tree(package, "permissionsets/ActiveCampaign_Package_Manager.permissionset")
    named = [text(entry, "field") for entry in found.findall(NAMESPACE + "fieldPermissions")]
    assert named == ["Contact.ActiveCampaign_ID__c", "Lead.acsync__ActiveCampaign_ID__c"]
    made = [text(f, "fullName") for f in tree(package, "objects/Lead.object").findall(NAMESPACE + "fields")]
    assert made == ["ActiveCampaign_Sync_Status__c", "ActiveCampaign_Relation_Sync_Status__c"]
    assert package.members["CustomField"] == [spec.full_name for spec in fields]


@pytest.mark.parametrize("object_name", ["Lead", "Contact", "Account"])
def test_elements_of_an_object_and_of_its_fields_stand_in_the_documented_order(object_name):
    found = tree(everything(), f"objects/{object_name}.object")
    assert names(found) == sorted(names(found))
    order = ["fullName", "description", "label", "required", "type", "length", "externalId"]
    for field in found.findall(NAMESPACE + "fields"):
        given = names(field)
        assert given == [name for name in order if name in given]


@pytest.mark.parametrize("role", list(Role))
def test_every_person_object_has_one_field_for_each_role(role):
    owners = [spec.sobject for spec in FIELDS if spec.role is role]
    assert {SObject.LEAD, SObject.CONTACT} <= set(owners)
    assert len(owners) == len(set(owners))
