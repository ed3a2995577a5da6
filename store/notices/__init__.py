"""The ledger of wait notices, and what a person does about them."""
