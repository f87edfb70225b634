"""The ActiveCampaign side against the facts of its reference; the marks R, D, C are those of the reference."""
