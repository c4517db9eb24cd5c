"""Gift wrapping: a paper and a card for each line of a cart that is a present, for a fee."""
