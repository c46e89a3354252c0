"""Workers beside the gates: synthetic stops, reconciliation, and the sweeper of stops."""
