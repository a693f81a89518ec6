"""Work a ladder out in advance: the production engine on a whole portfolio of simulated tenants."""
