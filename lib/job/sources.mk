# Sources and tests of lib/job.
libdbwizard_la_SOURCES += \
	lib/job/ask.c \
	lib/job/claim.c \
	lib/job/job_priv.h \
	lib/job/json.c \
	lib/job/kind.h lib/job/kind_priv.h \
	lib/job/kind_migrate.c \
	lib/job/kind_preview.c \
	lib/job/kind_verify.c \
	lib/job/kinds.c lib/job/kinds.def \
	lib/job/lease.c lib/job/lease.h \
	lib/job/process.c \
	lib/job/recover.c \
	lib/job/run.c lib/job/run.h \
	lib/job/runner.c lib/job/runner_priv.h \
	lib/job/show.c \
	lib/job/statuses.def \
	lib/job/store.c lib/job/store.h \
	lib/job/tracker.c \
	lib/job/wake.c lib/job/wake.h \
	lib/job/worker.c lib/job/worker.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/job/test_lease
check_PROGRAMS += tests/unit/job/test_shared
check_PROGRAMS += tests/unit/job/test_store
check_PROGRAMS += tests/unit/job/test_worker
tests_unit_job_test_lease_LDADD = $(TEST_LIBS) $(JSON_LIBS)
tests_unit_job_test_shared_LDADD = $(TEST_LIBS) $(JSON_LIBS)
tests_unit_job_test_store_LDADD = $(TEST_LIBS) $(JSON_LIBS)
tests_unit_job_test_worker_LDADD = $(TEST_LIBS) $(JSON_LIBS)
EXTRA_DIST += tests/unit/job/kind_steps.h
endif
