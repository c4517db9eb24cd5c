"""What brands may switch on: each folder complete in itself, none knowing another."""
