"""The Salesforce side of the sandbox, one class a resource; each fact names its section of the reference."""
