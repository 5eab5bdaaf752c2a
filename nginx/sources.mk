# The site files: paths are filled in when they are installed.
nginxdir = $(sysconfdir)/dbwizard/nginx
nginx_DATA = nginx/dbwizard-locations.conf nginx/dbwizard-site.conf
fcgi_socket = /run/dbwizard/fcgi.sock
EXTRA_DIST += nginx/dbwizard-locations.conf.in nginx/dbwizard-site.conf.in nginx/private.conf.in
CLEANFILES += $(nginx_DATA)

fill_in = $(SED) -e 's|@staticdir[@]|$(pkgdatadir)/static|g' -e 's|@socket[@]|$(fcgi_socket)|g' \
	-e 's|@sysconfdir[@]|$(sysconfdir)|g' -e 's|@bindir[@]|$(bindir)|g' \
	-e 's|@pkglibexecdir[@]|$(pkglibexecdir)|g' -e 's|@statedir[@]|$(statedir)|g'

nginx/dbwizard-locations.conf: $(srcdir)/nginx/dbwizard-locations.conf.in Makefile
	$(AM_V_GEN)$(MKDIR_P) nginx && $(fill_in) $(srcdir)/nginx/dbwizard-locations.conf.in >$@

nginx/dbwizard-site.conf: $(srcdir)/nginx/dbwizard-site.conf.in Makefile
	$(AM_V_GEN)$(MKDIR_P) nginx && $(fill_in) $(srcdir)/nginx/dbwizard-site.conf.in >$@
