-- SPDX-License-Identifier: Apache-2.0
CREATE UNIQUE INDEX users_email ON users (email);
CREATE INDEX orders_user_id ON orders (user_id);
CREATE INDEX orders_placed_at ON orders (placed_at);
CREATE INDEX texts_user_id ON texts (user_id);
CREATE INDEX blobs_user_id ON blobs (user_id);
