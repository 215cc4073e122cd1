"""From clauses to evidence: what each sentence says to each provision."""
