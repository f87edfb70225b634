"""Login and consent pages of the sandbox's Salesforce."""
