"""Who people are: one person with two accounts, their roles and what they may do."""
