# Sources of migrations: the schema of dbwizard's own state store.
migrationsdir = $(pkgdatadir)/migrations
dist_migrations_DATA = \
	migrations/0001_accounts.sql \
	migrations/0002_audit_log.sql \
	migrations/0003_jobs.sql \
	migrations/marker
