"""What coupons bring into the schema."""
