"""A payment provider that moves no money: captures at once, refunds at once."""
