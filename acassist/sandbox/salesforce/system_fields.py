"""Fields of the set-up and system objects that a client may query, in the format of `standard_fields`."""

STAMPS = """
CreatedDate datetime ---D-f-
CreatedById reference ---D-f- len=18 ref=User
LastModifiedDate datetime ---D-f-
LastModifiedById reference ---D-f- len=18 ref=User
SystemModstamp datetime ---D-f-
"""

RIGHTS = """
PermissionsApiEnabled boolean CU-D-f-
PermissionsModifyAllData boolean CU-D-f-
PermissionsViewAllData boolean CU-D-f-
PermissionsCustomizeApplication boolean CU-D-f-
PermissionsModifyMetadata boolean CU-D-f-
PermissionsViewSetup boolean CU-D-f-
PermissionsManageUsers boolean CU-D-f-
PermissionsManageProfilesPermissionsets boolean CU-D-f-
PermissionsAssignPermissionSets boolean CU-D-f-
PermissionsUseAnyApiClient boolean CU-D-f-
"""

# name: (label, plural, key prefix, operations: c create, u update, d delete, r replicate; stamps; lines)
SYSTEM: dict[str, tuple[str, str, str, str, bool, str]] = {
    "User": (
        "User", "Users", "005", "u", True,
        """
Id id ---DIf- len=18
Username string CU--If- len=80
LastName string CU---f- len=80 part=Name
FirstName string CUN--f- len=40 part=Name
Name string -----f- len=121
CompanyName string CUN--f- len=80
Email email CU--If- len=128
Alias string CU---f- len=8
CommunityNickname string CU---f- len=40
IsActive boolean CU-D-f-
TimeZoneSidKey string CU---f- len=40
LocaleSidKey string CU---f- len=40
LanguageLocaleKey string CU---f- len=40
ProfileId reference CU---f- len=18 ref=Profile
UserType string -----f- len=40
UserPreferencesLightningExperiencePreferred boolean CU-D-f-
LastLoginDate datetime --N--f-
""",
    ),
    "Profile": ("Profile", "Profiles", "00e", "", True, "Id id ---DIf- len=18\nName string CU---f- len=255" + RIGHTS),
    "Group": (
        "Group", "Groups", "00G", "", True,
        """
Id id ---DIf- len=18
Name string CU---f- len=40
DeveloperName string CU---f- len=80
Type string C----f- len=40
""",
    ),
    "Organization": (
        "Organization", "Organizations", "00D", "", True,
        """
Id id ---DIf- len=18
Name string CU---f- len=80
OrganizationType string --N--f- len=40
IsSandbox boolean ---D-f-
InstanceName string --N--f- len=5
TrialExpirationDate datetime --N--f-
LanguageLocaleKey string CU---f- len=40
DefaultLocaleSidKey string CU---f- len=40
TimeZoneSidKey string CU---f- len=40
NamespacePrefix string --N--f- len=15
UiSkin string CU---f- len=40
DefaultLeadAccess string --N--f- len=40
DefaultContactAccess string --N--f- len=40
DefaultAccountAccess string --N--f- len=40
IsReadOnly boolean ---D-f-
Country string CUN--f- len=80
""",
    ),
    "CronJobDetail": (
        "Cron Job", "Cron Jobs", "08a", "", False,
        "Id id ---DIf- len=18\nName string -----f- len=255\nJobType string -----f- len=2",
    ),
    "CronTrigger": (
        "Scheduled Jobs", "Scheduled Jobs", "08e", "d", False,
        """
Id id ---DIf- len=18
CronJobDetailId reference -----f- len=18 ref=CronJobDetail
CronExpression string --N--f- len=255
State string --N--f- len=16
NextFireTime datetime --N--f-
PreviousFireTime datetime --N--f-
StartTime datetime --N--f-
EndTime datetime --N--f-
TimesTriggered int --N--f- digits=8
TimeZoneSidKey string --N--f- len=40
OwnerId reference -----f- len=18 ref=User
CreatedById reference ---D-f- len=18 ref=User
CreatedDate datetime ---D-f-
LastModifiedById reference ---D-f- len=18 ref=User
""",
    ),
    "PermissionSet": (
        "Permission Set", "Permission Sets", "0PS", "cud", True,
        """
Id id ---DIf- len=18
Name string CU---f- len=80
Label string CU---f- len=80
Description string CUN--f- len=255
IsOwnedByProfile boolean ---D-f-
IsCustom boolean ---D-f-
NamespacePrefix string --N--f- len=15
ProfileId reference --N--f- len=18 ref=Profile
""" + RIGHTS,
    ),
    "PermissionSetAssignment": (
        "Permission Set Assignment", "Permission Set Assignments", "0Pa", "cd", False,
        """
Id id ---DIf- len=18
PermissionSetId reference C----f- len=18 ref=PermissionSet
AssigneeId reference C----f- len=18 ref=User
IsActive boolean ---D-f-
SystemModstamp datetime ---D-f-
""",
    ),
    "ObjectPermissions": (
        "Object Permissions", "Object Permissions", "110", "cud", True,
        """
Id id ---DIf- len=18
ParentId reference C----f- len=18 ref=PermissionSet
SobjectType string C----f- len=255
PermissionsCreate boolean CU-D-f-
PermissionsRead boolean CU-D-f-
PermissionsEdit boolean CU-D-f-
PermissionsDelete boolean CU-D-f-
PermissionsViewAllRecords boolean CU-D-f-
PermissionsModifyAllRecords boolean CU-D-f-
""",
    ),
    "FieldPermissions": (
        "Field Permissions", "Field Permissions", "01k", "cud", False,
        """
Id id ---DIf- len=18
ParentId reference C----f- len=18 ref=PermissionSet
SobjectType string C----f- len=255
Field string C----f- len=255
PermissionsRead boolean CU-D-f-
PermissionsEdit boolean CU-D-f-
SystemModstamp datetime ---D-f-
""",
    ),
    "LeadStatus": (
        "Lead Status Value", "Lead Status Values", "01J", "", True,
        """
Id id ---DIf- len=18
MasterLabel string --N--f- len=255
ApiName string --N--f- len=255
SortOrder int --N--f- digits=9
IsDefault boolean ---D-f-
IsConverted boolean ---D-f-
""",
    ),
    "DuplicateRule": (
        "Duplicate Rule", "Duplicate Rules", "0Bm", "", True,
        """
Id id ---DIf- len=18
DeveloperName string --N--f- len=80
MasterLabel string --N--f- len=80
SobjectType string --N--f- len=40
IsActive boolean ---D-f-
""",
    ),
    "RecordType": (
        "Record Type", "Record Types", "012", "", True,
        """
Id id ---DIf- len=18
Name string CU---f- len=80
DeveloperName string CU---f- len=80
SobjectType string C----f- len=40
IsActive boolean CU-D-f-
IsPersonType boolean ---D-f-
""",
    ),
    "UserRecordAccess": (
        "User Record Access", "User Record Access", "0Ua", "", False,
        """
Id id ---DIf- len=18
UserId reference -----f- len=18 ref=User
RecordId reference -----f- len=18 ref=Lead,Contact,Account
HasReadAccess boolean ---D-f-
HasEditAccess boolean ---D-f-
HasDeleteAccess boolean ---D-f-
""",
    ),
    "UserPermissionAccess": (
        "User Permission Access", "User Permission Access", "0uP", "", False, "Id id ---DIf- len=18" + RIGHTS,
    ),
}  # fmt: skip

TOOLING: dict[str, tuple[str, str, str, str, bool, str]] = {
    "CustomField": (
        "Custom Field", "Custom Fields", "00N", "cud", True,
        """
Id id ---DIf- len=18
DeveloperName string --N--f- len=40
TableEnumOrId picklist --N--f- len=40
NamespacePrefix string --N--f- len=15
Length int --N--f- digits=8
FullName string CUN--f- len=255
Metadata complexvalue CUN----
""",
    ),
    "Layout": (
        "Page Layout", "Page Layouts", "00h", "u", True,
        """
Id id ---DIf- len=18
Name string --N--f- len=80
TableEnumOrId picklist --N--f- len=40
LayoutType picklist --N--f- len=40
NamespacePrefix string --N--f- len=15
FullName string CUN--f- len=255
Metadata complexvalue CUN----
""",
    ),
    "ApexTrigger": (
        "Apex Trigger", "Apex Triggers", "01q", "", True,
        """
Id id ---DIf- len=18
Name string CU---f- len=255
TableEnumOrId picklist --N--f- len=40
Status picklist --N--f- len=40
""",
    ),
    "ValidationRule": (
        "Validation Rule", "Validation Rules", "03d", "", True,
        """
Id id ---DIf- len=18
ValidationName string --N--f- len=255
EntityDefinitionId string --N--f- len=40
Active boolean ---D-f-
ErrorMessage string --N--f- len=255
""",
    ),
    "FlexiPage": (
        "Lightning Page", "Lightning Pages", "0M0", "", True,
        """
Id id ---DIf- len=18
DeveloperName string --N--f- len=80
MasterLabel string --N--f- len=80
Type picklist --N--f- len=40
EntityDefinitionId string --N--f- len=40
Metadata complexvalue CUN----
""",
    ),
    "ProfileLayout": (
        "Profile Layout", "Profile Layouts", "01G", "", False,
        """
Id id ---DIf- len=18
LayoutId reference --N--f- len=18 ref=Layout
ProfileId string --N--f- len=18
RecordTypeId string --N--f- len=18
TableEnumOrId picklist --N--f- len=40
""",
    ),
    "WebLink": (
        "Custom Button or Link", "Custom Buttons and Links", "00b", "", True,
        """
Id id ---DIf- len=18
Name string --N--f- len=240
PageOrSobjectType picklist --N--f- len=40
Url string --N--f- len=1024
""",
    ),
    "SubscriberPackage": (
        "Package", "Packages", "033", "", False,
        """
Id id ---DIf- len=18
Name string --N--f- len=255
NamespacePrefix string --N--f- len=15
""",
    ),
    "InstalledSubscriberPackage": (
        "Installed Package", "Installed Packages", "0A3", "", False,
        """
Id id ---DIf- len=18
SubscriberPackageId reference --N--f- len=18 ref=SubscriberPackage
""",
    ),
}  # fmt: skip
