"""The nouns of the field: law, policy, rules and judgements, as frozen values."""
