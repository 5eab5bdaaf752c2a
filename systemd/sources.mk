# Units and the service's user.
systemdunitdir = $(prefix)/lib/systemd/system
systemdunit_DATA = systemd/dbwizard-fcgi.service systemd/dbwizard-worker.service
sysusersdir = $(prefix)/lib/sysusers.d
sysusers_DATA = systemd/dbwizard.conf
EXTRA_DIST += systemd/dbwizard-fcgi.service.in systemd/dbwizard-worker.service.in \
	systemd/dbwizard.sysusers
CLEANFILES += $(systemdunit_DATA) $(sysusers_DATA)

systemd/dbwizard-fcgi.service: $(srcdir)/systemd/dbwizard-fcgi.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) systemd && $(fill_in) $(srcdir)/systemd/dbwizard-fcgi.service.in >$@

systemd/dbwizard-worker.service: $(srcdir)/systemd/dbwizard-worker.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) systemd && $(fill_in) $(srcdir)/systemd/dbwizard-worker.service.in >$@

systemd/dbwizard.conf: $(srcdir)/systemd/dbwizard.sysusers
	$(AM_V_GEN)$(MKDIR_P) systemd && cp $(srcdir)/systemd/dbwizard.sysusers $@
