"""Month after month: the ledger of deviations, early warning, and only the new records read."""
