"""For tests, here and in plug-ins: the contract that every tracker keeps, and toy journals."""
