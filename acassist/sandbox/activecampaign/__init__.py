"""The sandbox's ActiveCampaign."""
