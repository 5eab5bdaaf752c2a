# What kills and cuts: seeded instants, see tests/faults/rounds.mjs for the settings.
TESTS += \
	tests/faults/directions.test.mjs \
	tests/faults/discard.test.mjs \
	tests/faults/endings.test.mjs \
	tests/faults/frozen.test.mjs \
	tests/faults/kill.test.mjs
EXTRA_DIST += \
	tests/faults/application.sql \
	tests/faults/directions.test.mjs \
	tests/faults/discard.test.mjs \
	tests/faults/endings.test.mjs \
	tests/faults/frozen.test.mjs \
	tests/faults/kill.test.mjs \
	tests/faults/rounds.mjs

# make soak: 200 rounds of each kind (SOAK_ROUNDS), by another seed each time (FAULT_SEED).
soak: all
	$(AM_TESTS_ENVIRONMENT) \
	FAULT_ROUNDS=$${SOAK_ROUNDS:-200} FAULT_SEED=$${FAULT_SEED:-$$(date +%s)} \
	$(NODE) --test --test-concurrency=1 $(srcdir)/tests/faults/*.test.mjs
.PHONY: soak
