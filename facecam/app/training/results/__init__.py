"""What a run has brought, and the runs before."""
