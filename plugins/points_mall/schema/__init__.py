"""The plugin's part of the GraphQL schema."""
