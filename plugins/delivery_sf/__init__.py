"""SF Tongcheng: the couriers of SF who carry within a city."""
