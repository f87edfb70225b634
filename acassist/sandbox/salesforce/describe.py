"""Describe answers, global and per object, with the recorded keys in the recorded order (section 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acassist.sandbox.salesforce.fields import NUMBER_TYPES, Field
from acassist.sandbox.salesforce.schema import SObject

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.org import Actor, SalesforceOrg

SOAP = {"id": "tns:ID", "reference": "tns:ID", "boolean": "xsd:boolean", "int": "xsd:int", "double": "xsd:double"}
SOAP |= {"currency": "xsd:double", "percent": "xsd:double", "date": "xsd:date", "datetime": "xsd:dateTime"}
SOAP |= {"address": "urn:address", "complexvalue": "mns:Metadata"}
EDITED = {"CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp", "IsDeleted"}
FIXED: dict[str, Any] = {
    "aiPredictionField": False,
    "autoNumber": False,
    "cascadeDelete": False,
    "controllerName": None,
    "defaultValueFormula": None,
    "dependentPicklist": False,
    "deprecatedAndHidden": False,
    "encrypted": False,
    "filteredLookupInfo": None,
    "formulaTreatNullNumberAsZero": False,
    "highScaleNumber": False,
    "referenceTargetField": None,
    "relationshipOrder": None,
    "restrictedDelete": False,
    "writeRequiresMasterRead": False,
}
"""The keys of a field that are the same for every field of this org."""
MASTER_RECORD_TYPE = "012000000000000AAA"


def global_item(org: SalesforceOrg, actor: Actor, item: SObject, version: str) -> dict[str, Any]:
    """Return the entry of one object in describe global."""
    writable = org.security.object_writable(actor, item)
    operations = item.operations if writable else ""
    base = f"/services/data/v{version}/{'tooling/' if item.tooling else ''}sobjects/{item.name}"
    urls = {"rowTemplate": base + "/{ID}", "describe": base + "/describe", "sobject": base}
    if item.business:
        urls |= {
            "compactLayouts": base + "/describe/compactLayouts",
            "approvalLayouts": base + "/describe/approvalLayouts",
            "listviews": base + "/listviews",
            "quickActions": base + "/quickActions",
            "layouts": base + "/describe/layouts",
        }
    return {
        "activateable": False,
        "associateEntityType": None,
        "associateParentEntity": None,
        "createable": "c" in operations,
        "custom": False,
        "customSetting": False,
        "deepCloneable": False,
        "deletable": "d" in operations,
        "deprecatedAndHidden": False,
        "feedEnabled": item.business,
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "keyPrefix": item.prefix,
        "label": item.label,
        "labelPlural": item.plural,
        "layoutable": item.business,
        "mergeable": item.business,
        "mruEnabled": item.business,
        "name": item.name,
        "queryable": True,
        "replicateable": "r" in item.operations,
        "retrieveable": True,
        "searchable": item.business,
        "triggerable": item.business,
        "undeletable": item.business,
        "updateable": "u" in operations,
        "urls": urls,
    }


def full(org: SalesforceOrg, actor: Actor, item: SObject, version: str) -> dict[str, Any]:
    """Return the describe of one object as `actor` sees it."""
    fields = [field_json(item, field, org, actor) for field in org.security.visible(actor, item).values()]
    more = {
        "actionOverrides": [],
        "childRelationships": _children(org, item),
        "compactLayoutable": item.business,
        "defaultImplementation": None,
        "extendedBy": None,
        "extendsInterfaces": None,
        "fields": fields,
        "implementedBy": None,
        "implementsInterfaces": None,
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": _record_types(org, item, version),
        "searchLayoutable": item.business,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": [{"label": f"All {item.plural.lower()}", "name": "everything"}],
    }
    return dict(sorted({**global_item(org, actor, item, version), **more}.items()))


def field_json(item: SObject, field: Field, org: SalesforceOrg, actor: Actor) -> dict[str, Any]:
    """Return the 57 keys of one field."""
    writable = field.name in org.security.writable(actor, item)
    text = field.type not in NUMBER_TYPES and field.type not in ("boolean", "date", "datetime", "address")
    identity = field.type in ("id", "reference")
    boolean = field.type == "boolean"
    length = field.length if text else 0
    shown = {
        **FIXED,
        "aggregatable": field.filterable and not boolean,
        "byteLength": length if identity else length * 3,
        "calculated": field.formula is not None,
        "calculatedFormula": field.formula,
        "caseSensitive": field.case_sensitive,
        "compoundFieldName": field.part,
        "createable": field.createable and writable,
        "custom": field.custom,
        "defaultValue": False if boolean and not field.nillable else field.default,
        "defaultedOnCreate": field.defaulted,
        "digits": field.digits,
        "displayLocationInDecimal": field.type == "double" and field.name.endswith(("itude",)),
        "externalId": field.external_id,
        "extraTypeInfo": _extra(field),
        "filterable": field.filterable,
        "groupable": field.filterable and field.type not in NUMBER_TYPES | {"datetime", "multipicklist", "address"},
        "htmlFormatted": field.rich,
        "idLookup": field.id_lookup,
        "inlineHelpText": field.help,
        "label": field.label,
        "length": length,
        "mask": field.mask_char,
        "maskType": "all" if field.mask_char else None,
        "name": field.name,
        "nameField": field.name == "Name",
        "namePointing": len(field.refs) > 1,
        "nillable": field.nillable,
        "permissionable": field.permissionable,
        "picklistValues": [_choice(value, field) for value in field.picklist],
        "polymorphicForeignKey": len(field.refs) > 1,
        "precision": field.precision,
        "queryByDistance": field.type == "address",
        "referenceTo": list(field.refs),
        "relationshipName": field.relationship,
        "restrictedPicklist": field.restricted,
        "scale": field.scale,
        "searchPrefilterable": field.type == "reference",
        "soapType": SOAP.get(field.type, "xsd:string"),
        "sortable": field.sortable,
        "type": field.type,
        "unique": field.unique,
        "updateable": field.updateable and writable,
    }
    return dict(sorted(shown.items()))


def _extra(field: Field) -> str | None:
    if field.rich:
        return "richtextarea"
    if field.type == "textarea":
        return "plaintextarea"
    return "personname" if field.part == "Name" and field.name != "Name" else None


def _choice(value: str, field: Field) -> dict[str, Any]:
    return {"active": True, "defaultValue": value == field.default, "label": value, "validFor": None, "value": value}


def _record_types(org: SalesforceOrg, item: SObject, version: str) -> list[dict[str, Any]]:
    if not item.business:
        return []
    base = f"/services/data/v{version}/sobjects/{item.name}/describe/layouts/"
    rows = [row for row in org.rows_of("RecordType").rows.values() if row["SobjectType"] == item.name]
    known = [(row["Id"], row["Name"], row["DeveloperName"], False) for row in rows]
    return [
        {
            "active": True,
            "available": True,
            "defaultRecordTypeMapping": master,
            "developerName": developer,
            "master": master,
            "name": name,
            "recordTypeId": key,
            "urls": {"layout": base + key},
        }
        for key, name, developer, master in [*known, (MASTER_RECORD_TYPE, "Master", "Master", True)]
    ]


def _children(org: SalesforceOrg, item: SObject) -> list[dict[str, Any]]:
    out = []
    for child in org.schema.all(tooling=item.tooling):
        for field in child.fields.values():
            if item.name in field.refs and field.name not in EDITED:
                out.append(
                    {
                        "cascadeDelete": False,
                        "childSObject": child.name,
                        "deprecatedAndHidden": False,
                        "field": field.name,
                        "junctionIdListNames": [],
                        "junctionReferenceTo": [],
                        "relationshipName": child.plural.replace(" ", "") if field.name == f"{item.name}Id" else None,
                        "restrictedDelete": False,
                    }
                )
    return out
