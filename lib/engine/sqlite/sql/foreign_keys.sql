-- SPDX-License-Identifier: Apache-2.0
-- ids count from the last one declared.
SELECT id, seq, "table", "from", "to", on_update, on_delete
FROM pragma_foreign_key_list(?, 'main')
ORDER BY id DESC, seq;
