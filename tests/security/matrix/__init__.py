"""Who may call what: every root field by everybody, as the engine answers it."""
