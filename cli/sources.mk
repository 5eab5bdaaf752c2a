# Sources of cli.
bin_PROGRAMS += dbwizard
dbwizard_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/cli
dbwizard_LDADD = libdbwizard.la $(JSON_LIBS)
dbwizard_SOURCES = \
	cli/arguments.c cli/arguments.h \
	cli/cli.c \
	cli/cmd_admin.c \
	cli/cmd_jobs.c \
	cli/cmd_migrate.c \
	cli/cmd_test.c \
	cli/cmd_types.c \
	cli/cmd_url.c \
	cli/cmd_version.c \
	cli/cmd_worker.c \
	cli/command.h cli/commands.def \
	cli/help.c cli/help.h \
	cli/main.c \
	cli/output.c cli/output.h \
	cli/progress.c \
	cli/running.c cli/running.h

TESTS += tests/cli/jobs.sh
EXTRA_DIST += tests/cli/jobs.sh
