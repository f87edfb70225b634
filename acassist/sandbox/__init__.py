"""A stateful Salesforce and ActiveCampaign over HTTP; imports nothing of ours."""
