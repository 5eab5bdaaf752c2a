# The FastCGI program, and all of it but its threads as a library for the tests.
noinst_LTLIBRARIES += fcgi/librequests.la
fcgi_librequests_la_SOURCES = \
	fcgi/auth.c fcgi/auth.h \
	fcgi/body.c fcgi/body.h \
	fcgi/connection.c \
	fcgi/exchange.c fcgi/exchange.h \
	fcgi/handlers.h \
	fcgi/jobs.c \
	fcgi/json.c fcgi/json.h \
	fcgi/problem.c fcgi/problem.h \
	fcgi/rate.c fcgi/rate.h \
	fcgi/router.c fcgi/router.h \
	fcgi/routes.def \
	fcgi/service.h \
	fcgi/session.c \
	fcgi/settings.c fcgi/settings.h \
	fcgi/tokens.c \
	fcgi/transfer.c \
	fcgi/urls.c
fcgi_librequests_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/fcgi

pkglibexec_PROGRAMS += dbwizard-fcgi
dbwizard_fcgi_SOURCES = \
	fcgi/accept.c fcgi/accept.h \
	fcgi/main.c \
	fcgi/serve.c fcgi/serve.h
dbwizard_fcgi_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/fcgi
dbwizard_fcgi_CFLAGS = $(AM_CFLAGS) $(FCGI_CFLAGS)
dbwizard_fcgi_LDADD = fcgi/librequests.la libdbwizard.la $(JSON_LIBS) $(FCGI_LIBS)

if HAVE_CMOCKA
fcgi_tests = \
	tests/unit/fcgi/test_body \
	tests/unit/fcgi/test_exchange \
	tests/unit/fcgi/test_rate \
	tests/unit/fcgi/test_router
check_PROGRAMS += $(fcgi_tests)
fcgi_test_flags = $(AM_CPPFLAGS) -I$(srcdir)/fcgi
fcgi_test_libs = fcgi/librequests.la $(TEST_LIBS) $(JSON_LIBS)
tests_unit_fcgi_test_body_CPPFLAGS = $(fcgi_test_flags)
tests_unit_fcgi_test_body_LDADD = $(fcgi_test_libs)
tests_unit_fcgi_test_exchange_CPPFLAGS = $(fcgi_test_flags)
tests_unit_fcgi_test_exchange_LDADD = $(fcgi_test_libs)
tests_unit_fcgi_test_rate_CPPFLAGS = $(fcgi_test_flags)
tests_unit_fcgi_test_rate_LDADD = $(fcgi_test_libs)
tests_unit_fcgi_test_router_CPPFLAGS = $(fcgi_test_flags)
tests_unit_fcgi_test_router_LDADD = $(fcgi_test_libs)
EXTRA_DIST += tests/unit/fcgi/fake.h
endif
