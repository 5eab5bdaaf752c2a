# Browser tests: node's own runner, Debian's chromium, playwright-core (npm ci in this folder).
# Each file runs by itself and skips with its reason where one of the two is missing.
TESTS += \
	tests/browser/access.test.mjs \
	tests/browser/connect.test.mjs \
	tests/browser/login.test.mjs \
	tests/browser/move-page.test.mjs \
	tests/browser/move.test.mjs \
	tests/browser/quality.test.mjs

EXTRA_DIST += \
	tests/browser/access.test.mjs \
	tests/browser/connect.test.mjs \
	tests/browser/drive.mjs \
	tests/browser/login.test.mjs \
	tests/browser/mock-data.mjs \
	tests/browser/mock.mjs \
	tests/browser/move-page.test.mjs \
	tests/browser/move.test.mjs \
	tests/browser/package-lock.json \
	tests/browser/package.json \
	tests/browser/quality.test.mjs \
	tests/browser/stage.mjs
