"""The standard fields of Lead, Contact and Account as recorded from real orgs, one line a field.

A line reads: API name, type, flags, then `len=`, `prec=`, `scale=`, `digits=`, `ref=`, `pv=` (picklist, `!` when
restricted) and `part=` (compound field). Flags: C createable, U updateable, N nillable, D defaulted on create,
I id lookup, f filterable, p permissionable (field-level security can hide it).
"""

LEAD = """
Id id ---DIf- len=18
IsDeleted boolean ---D-f-
MasterRecordId reference --N--f- len=18 ref=Lead
LastName string CU---f- len=80 part=Name
FirstName string CUN--f- len=40 part=Name
Salutation picklist CUN--f- len=40 pv=salutation part=Name
Name string -----f- len=121
Title string CUN--fp len=128
Company string CU---f- len=255
Street textarea CUN--fp len=255 part=Address
City string CUN--fp len=40 part=Address
State string CUN--fp len=80 part=Address
PostalCode string CUN--fp len=20 part=Address
Country string CUN--fp len=80 part=Address
Latitude double CUN--fp prec=18 scale=15 part=Address
Longitude double CUN--fp prec=18 scale=15 part=Address
GeocodeAccuracy picklist CUN--fp len=40 pv=!geocode part=Address
Address address --N--fp
Phone phone CUN--fp len=40
MobilePhone phone CUN--fp len=40
Fax phone CUN--fp len=40
Email email CUN-Ifp len=80
HasOptedOutOfEmail boolean CU-D-fp
DoNotCall boolean CU-D-fp
HasOptedOutOfFax boolean CU-D-fp
Website url CUN--fp len=255
PhotoUrl url --N--f- len=255
Description textarea CUN---p len=32000
LeadSource picklist CUN--fp len=255 pv=source
Status picklist CU-D-f- len=255 pv=lead_status
Industry picklist CUN--fp len=255 pv=industry
Rating picklist CUN--fp len=255 pv=rating
AnnualRevenue currency CUN--fp prec=18 scale=0
NumberOfEmployees int CUN--fp digits=8
OwnerId reference CU-D-f- len=18 ref=Group,User
IsConverted boolean C--D-f-
ConvertedDate date --N--f-
ConvertedAccountId reference --N--f- len=18 ref=Account
ConvertedContactId reference --N--f- len=18 ref=Contact
ConvertedOpportunityId reference --N--f- len=18 ref=Opportunity
IsUnreadByOwner boolean CU-D-f-
CreatedDate datetime ---D-f-
CreatedById reference ---D-f- len=18 ref=User
LastModifiedDate datetime ---D-f-
LastModifiedById reference ---D-f- len=18 ref=User
SystemModstamp datetime ---D-f-
LastActivityDate date --N--f-
LastViewedDate datetime --N--f-
LastReferencedDate datetime --N--f-
Jigsaw string CUN--fp len=20
JigsawContactId string --N--f- len=20
CleanStatus picklist CUN--fp len=40 pv=!lead_status
CompanyDunsNumber string CUN--fp len=9
DandbCompanyId reference CUN--fp len=18 ref=DandBCompany
EmailBouncedReason string -UN--f- len=255
EmailBouncedDate datetime -UN--f-
IndividualId reference CUN--f- len=18 ref=Individual
"""

CONTACT = """
Id id ---DIf- len=18
IsDeleted boolean ---D-f-
MasterRecordId reference --N--f- len=18 ref=Contact
AccountId reference CUN--fp len=18 ref=Account
LastName string CU---f- len=80 part=Name
FirstName string CUN--f- len=40 part=Name
Salutation picklist CUN--f- len=40 pv=salutation part=Name
Name string -----f- len=121
OtherStreet textarea CUN--fp len=255 part=OtherAddress
OtherCity string CUN--fp len=40 part=OtherAddress
OtherState string CUN--fp len=80 part=OtherAddress
OtherPostalCode string CUN--fp len=20 part=OtherAddress
OtherCountry string CUN--fp len=80 part=OtherAddress
OtherLatitude double CUN--fp prec=18 scale=15 part=OtherAddress
OtherLongitude double CUN--fp prec=18 scale=15 part=OtherAddress
OtherGeocodeAccuracy picklist CUN--fp len=40 pv=!geocode part=OtherAddress
OtherAddress address --N--fp
MailingStreet textarea CUN--fp len=255 part=MailingAddress
MailingCity string CUN--fp len=40 part=MailingAddress
MailingState string CUN--fp len=80 part=MailingAddress
MailingPostalCode string CUN--fp len=20 part=MailingAddress
MailingCountry string CUN--fp len=80 part=MailingAddress
MailingLatitude double CUN--fp prec=18 scale=15 part=MailingAddress
MailingLongitude double CUN--fp prec=18 scale=15 part=MailingAddress
MailingGeocodeAccuracy picklist CUN--fp len=40 pv=!geocode part=MailingAddress
MailingAddress address --N--fp
Phone phone CUN--fp len=40
Fax phone CUN--fp len=40
MobilePhone phone CUN--fp len=40
HomePhone phone CUN--fp len=40
OtherPhone phone CUN--fp len=40
AssistantPhone phone CUN--fp len=40
ReportsToId reference CUN--fp len=18 ref=Contact
Email email CUN-Ifp len=80
HasOptedOutOfEmail boolean CU-D-fp
DoNotCall boolean CU-D-fp
HasOptedOutOfFax boolean CU-D-fp
Title string CUN--fp len=128
Department string CUN--fp len=80
AssistantName string CUN--fp len=40
LeadSource picklist CUN--fp len=255 pv=source
Birthdate date CUN--fp
Description textarea CUN---p len=32000
OwnerId reference CU-D-f- len=18 ref=User
CreatedDate datetime ---D-f-
CreatedById reference ---D-f- len=18 ref=User
LastModifiedDate datetime ---D-f-
LastModifiedById reference ---D-f- len=18 ref=User
SystemModstamp datetime ---D-f-
LastActivityDate date --N--f-
LastCURequestDate datetime --N--f-
LastCUUpdateDate datetime --N--f-
LastViewedDate datetime --N--f-
LastReferencedDate datetime --N--f-
EmailBouncedReason string CUN--f- len=255
EmailBouncedDate datetime CUN--f-
IsEmailBounced boolean ---D-f-
PhotoUrl url --N--f- len=255
Jigsaw string CUN--fp len=20
JigsawContactId string --N--f- len=20
CleanStatus picklist CUN--fp len=40 pv=!lead_status
IndividualId reference CUN--f- len=18 ref=Individual
"""

ACCOUNT = """
Id id ---DIf- len=18
IsDeleted boolean ---D-f-
MasterRecordId reference --N--f- len=18 ref=Account
Name string CU---f- len=255 part=Name
Type picklist CUN--fp len=40 pv=account_type
ParentId reference CUN--fp len=18 ref=Account
BillingStreet textarea CUN--fp len=255 part=BillingAddress
BillingCity string CUN--fp len=40 part=BillingAddress
BillingState string CUN--fp len=80 part=BillingAddress
BillingPostalCode string CUN--fp len=20 part=BillingAddress
BillingCountry string CUN--fp len=80 part=BillingAddress
BillingLatitude double CUN--fp prec=18 scale=15 part=BillingAddress
BillingLongitude double CUN--fp prec=18 scale=15 part=BillingAddress
BillingGeocodeAccuracy picklist CUN--fp len=40 pv=!geocode part=BillingAddress
BillingAddress address --N--fp
ShippingStreet textarea CUN--fp len=255 part=ShippingAddress
ShippingCity string CUN--fp len=40 part=ShippingAddress
ShippingState string CUN--fp len=80 part=ShippingAddress
ShippingPostalCode string CUN--fp len=20 part=ShippingAddress
ShippingCountry string CUN--fp len=80 part=ShippingAddress
ShippingLatitude double CUN--fp prec=18 scale=15 part=ShippingAddress
ShippingLongitude double CUN--fp prec=18 scale=15 part=ShippingAddress
ShippingGeocodeAccuracy picklist CUN--fp len=40 pv=!geocode part=ShippingAddress
ShippingAddress address --N--fp
Phone phone CUN--fp len=40
Fax phone CUN--fp len=40
AccountNumber string CUN--fp len=40
Website url CUN--fp len=255
PhotoUrl url --N--f- len=255
Sic string CUN--fp len=20
Industry picklist CUN--fp len=40 pv=industry
AnnualRevenue currency CUN--fp prec=18 scale=0
NumberOfEmployees int CUN--fp digits=8
Ownership picklist CUN--fp len=40 pv=ownership
TickerSymbol string CUN--fp len=20
Description textarea CUN---p len=32000
Rating picklist CUN--fp len=40 pv=rating
Site string CUN--fp len=80
OwnerId reference CU-D-f- len=18 ref=User
CreatedDate datetime ---D-f-
CreatedById reference ---D-f- len=18 ref=User
LastModifiedDate datetime ---D-f-
LastModifiedById reference ---D-f- len=18 ref=User
SystemModstamp datetime ---D-f-
LastActivityDate date --N--f-
LastViewedDate datetime --N--f-
LastReferencedDate datetime --N--f-
IsPartner boolean -U-D-f-
IsCustomerPortal boolean -U-D-f-
ChannelProgramName string --N---- len=255
ChannelProgramLevelName string --N---- len=255
Jigsaw string CUN--fp len=20
JigsawCompanyId string --N--f- len=20
CleanStatus picklist CUN--fp len=40 pv=!lead_status
AccountSource picklist CUN--fp len=40 pv=source
DunsNumber string CUN--fp len=9
Tradestyle string CUN--fp len=255
NaicsCode string CUN--fp len=8
NaicsDesc string CUN--fp len=120
YearStarted string CUN--fp len=4
SicDesc string CUN--fp len=80
DandbCompanyId reference CUN--fp len=18 ref=DandBCompany
OperatingHoursId reference CUN--fp len=18 ref=OperatingHours
"""

PICKLISTS: dict[str, tuple[str, ...]] = {
    "salutation": ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx."),
    "source": ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other"),
    "lead_status": ("Open - Not Contacted", "Working - Contacted", "Closed - Converted", "Closed - Not Converted"),
    "rating": ("Hot", "Warm", "Cold"),
    "account_type": (
        "Prospect",
        "Customer - Direct",
        "Customer - Channel",
        "Channel Partner / Reseller",
        "Installation Partner",
        "Technology Partner",
        "Other",
    ),
    "ownership": ("Public", "Private", "Subsidiary", "Other"),
    "clean": ("Matched", "Different", "Acknowledged", "NotFound", "Inactive", "Pending", "SelectMatch", "Skipped"),
    "geocode": (
        "Address",
        "NearAddress",
        "Block",
        "Street",
        "ExtendedZip",
        "Zip",
        "Neighborhood",
        "City",
        "County",
        "State",
        "Unknown",
    ),
    "industry": (
        "Agriculture",
        "Apparel",
        "Banking",
        "Biotechnology",
        "Chemicals",
        "Communications",
        "Construction",
        "Consulting",
        "Education",
        "Electronics",
        "Energy",
        "Engineering",
        "Entertainment",
        "Environmental",
        "Finance",
        "Food & Beverage",
        "Government",
        "Healthcare",
        "Hospitality",
        "Insurance",
        "Machinery",
        "Manufacturing",
        "Media",
        "Not For Profit",
        "Recreation",
        "Retail",
        "Shipping",
        "Technology",
        "Telecommunications",
        "Transportation",
        "Utilities",
        "Other",
    ),
    "segment": ("Enterprise", "Mid-market", "Small business", "Start-up"),
    "interest": ("Analytics", "Automation", "CRM", "E-mail", "Events", "Integrations", "Mobile", "SMS"),
}
