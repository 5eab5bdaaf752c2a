# Sources and tests of lib/state.
libdbwizard_la_SOURCES += \
	lib/state/accounts.c lib/state/accounts.h \
	lib/state/attempts.c lib/state/attempts_priv.h \
	lib/state/audit.c lib/state/audit.h \
	lib/state/idempotency.c lib/state/idempotency.h \
	lib/state/scopes.def \
	lib/state/secret.c lib/state/secret_priv.h \
	lib/state/sessions.c lib/state/sessions.h \
	lib/state/settings.c lib/state/settings.h \
	lib/state/store.c lib/state/store.h \
	lib/state/store_files.c \
	lib/state/store_priv.h \
	lib/state/tokens.c lib/state/tokens.h
