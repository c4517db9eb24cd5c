"""The business: knows no GraphQL, no HTTP and no tenant registry."""
