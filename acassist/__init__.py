"""ActiveCampaign Setup Assistant: keeps Salesforce and ActiveCampaign in sync from the desktop."""

__version__ = "0.1.0"
