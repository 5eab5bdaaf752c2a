# The page: served as it is, no build step. Installed below $(pkgdatadir)/static.
paneldir = $(pkgdatadir)
nobase_dist_panel_DATA = \
	static/access.js \
	static/api.js \
	static/connect.js \
	static/connect/draft.js \
	static/connect/form.js \
	static/connect/result.js \
	static/copy.js \
	static/dialog.js \
	static/dom.js \
	static/field.js \
	static/format.js \
	static/icon.svg \
	static/icons.js \
	static/index.html \
	static/main.js \
	static/move.js \
	static/move/check.js \
	static/move/ends.js \
	static/move/jobs.js \
	static/move/plan.js \
	static/move/preview.js \
	static/move/progress.js \
	static/move/proof.js \
	static/move/run.js \
	static/move/start.js \
	static/move/steps.js \
	static/move/switch.js \
	static/move/watch.js \
	static/move/worker.js \
	static/problem.js \
	static/session.js \
	static/style.css \
	static/text.de.js \
	static/text.en.js \
	static/text.js
