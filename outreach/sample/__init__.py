"""A made-up landlord and its simulated world: portfolio, bookkeeping, tenants and staff around the real engine."""
