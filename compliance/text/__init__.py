"""Text as text: tokens, languages, sentences, clauses. Nothing here knows any law."""
