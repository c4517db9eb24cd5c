"""The GraphQL surface: what the business can do, said in one schema."""
