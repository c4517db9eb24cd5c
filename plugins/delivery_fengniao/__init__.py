"""Fengniao: the couriers of Eleme, for shops that sell elsewhere too."""
