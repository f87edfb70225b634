"""The Salesforce client: OAuth, REST, describe, SOQL, Collections; knows neither ActiveCampaign nor the ledger."""
