"""Groups of policies: whose lock price or outcome something is."""

PolicyGroupId = int

# May be shared by any number of policies; any other number names one policy of an engine.
DEFAULT_POLICY_GROUP_ID: PolicyGroupId = 0
