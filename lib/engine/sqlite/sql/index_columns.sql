-- SPDX-License-Identifier: Apache-2.0
-- The key part of an index; cid -2 is an expression, -1 the rowid.
SELECT cid, name, "desc", coll
FROM pragma_index_xinfo(?, 'main')
WHERE key
ORDER BY seqno;
