"""Supply: what is ordered and comes in, what is counted, what runs low, and whether another system's numbers agree."""
