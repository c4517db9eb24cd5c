"""What writers of plugins are given."""
