"""The one HTTP client factory: time-outs, pacing, budget, retry, redaction; knows neither service."""
