"""The ActiveCampaign client: contacts, fields, tags, lists, accounts, automations, campaigns, activities."""
