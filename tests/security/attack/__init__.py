"""The attack that is generated from the schema: every field, called with what belongs to somebody else."""
