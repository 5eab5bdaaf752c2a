# What kills and cuts: seeded instants, see tests/faults/rounds.mjs for the settings.
TESTS += \
	tests/faults/changed.test.mjs \
	tests/faults/directions.test.mjs \
	tests/faults/discard.test.mjs \
	tests/faults/endings.test.mjs \
	tests/faults/frozen.test.mjs \
	tests/faults/full.test.mjs \
	tests/faults/hostile.test.mjs \
	tests/faults/kill.test.mjs
EXTRA_DIST += \
	tests/faults/application.sql \
	tests/faults/changed.test.mjs \
	tests/faults/directions.test.mjs \
	tests/faults/discard.test.mjs \
	tests/faults/disk.mjs \
	tests/faults/endings.test.mjs \
	tests/faults/faults.mjs \
	tests/faults/frozen.test.mjs \
	tests/faults/full.test.mjs \
	tests/faults/hostile.test.mjs \
	tests/faults/kill.test.mjs \
	tests/faults/proxy.mjs \
	tests/faults/rounds.mjs \
	tests/faults/shop.mjs \
	tests/faults/stage.mjs \
	tests/lib/database.mjs

# make soak: 200 rounds of each kind (SOAK_ROUNDS), by another seed each time (FAULT_SEED).
soak: all
	$(AM_TESTS_ENVIRONMENT) \
	FAULT_ROUNDS=$${SOAK_ROUNDS:-200} FAULT_SEED=$${FAULT_SEED:-$$(date +%s)} \
	$(NODE) --test --test-concurrency=1 $(srcdir)/tests/faults/*.test.mjs
.PHONY: soak
