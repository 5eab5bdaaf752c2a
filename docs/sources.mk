# Sources of docs.
dist_doc_DATA = \
	docs/api.md \
	docs/architecture.md \
	docs/canonical.md \
	docs/configuration.md \
	docs/dbwizard.env.sample \
	docs/install.md \
	docs/migrating.md \
	docs/types.md

TESTS += tests/docs/options.sh tests/docs/types.sh
EXTRA_DIST += tests/docs/options.sh tests/docs/types.sh
