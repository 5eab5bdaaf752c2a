# The FastCGI program.
pkglibexec_PROGRAMS += dbwizard-fcgi
dbwizard_fcgi_SOURCES = \
	fcgi/auth.c fcgi/auth.h \
	fcgi/body.c fcgi/body.h \
	fcgi/connection.c \
	fcgi/exchange.c fcgi/exchange.h \
	fcgi/handlers.h \
	fcgi/jobs.c \
	fcgi/main.c \
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
dbwizard_fcgi_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/fcgi
dbwizard_fcgi_CFLAGS = $(AM_CFLAGS) $(FCGI_CFLAGS)
dbwizard_fcgi_LDADD = libdbwizard.la $(JSON_LIBS) $(FCGI_LIBS)
