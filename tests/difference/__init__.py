"""Two executions of one schema: what is compiled has to answer as graphql-core does."""
