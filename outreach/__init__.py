"""Know WHO, WHY, and keep the record: domain, database, services, console, worker, CLI."""
