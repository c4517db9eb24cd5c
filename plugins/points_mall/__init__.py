"""Goods, coupons and services for points, or for points and some money."""
