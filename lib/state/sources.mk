# Sources and tests of lib/state.
libdbwizard_la_SOURCES += \
	lib/state/accounts.c lib/state/accounts.h \
	lib/state/attempts.c lib/state/attempts_priv.h \
	lib/state/audit.c lib/state/audit.h \
	lib/state/idempotency.c lib/state/idempotency.h \
	lib/state/scopes.def \
	lib/state/secret.c lib/state/secret.h \
	lib/state/sessions.c lib/state/sessions.h \
	lib/state/settings.c lib/state/settings.h \
	lib/state/store.c lib/state/store.h \
	lib/state/store_files.c \
	lib/state/store_priv.h \
	lib/state/tokens.c lib/state/tokens.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/state/test_accounts
check_PROGRAMS += tests/unit/state/test_audit
check_PROGRAMS += tests/unit/state/test_sessions
check_PROGRAMS += tests/unit/state/test_store
check_PROGRAMS += tests/unit/state/test_tokens
tests_unit_state_test_accounts_LDADD = $(TEST_LIBS)
tests_unit_state_test_audit_LDADD = $(TEST_LIBS) $(JSON_LIBS)
tests_unit_state_test_sessions_LDADD = $(TEST_LIBS)
tests_unit_state_test_store_LDADD = $(TEST_LIBS)
tests_unit_state_test_tokens_LDADD = $(TEST_LIBS) $(JSON_LIBS)
EXTRA_DIST += tests/unit/store_fixture.h
endif
