"""What members see of their stored value."""
