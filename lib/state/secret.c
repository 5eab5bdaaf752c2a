/* SPDX-License-Identifier: Apache-2.0 */
#include "state/secret.h"

#include <sodium.h>

void dbw_secret_token(char out[DBW_SECRET_TOKEN])
{
    unsigned char bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(out, DBW_SECRET_TOKEN, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

void dbw_secret_id(char out[DBW_SECRET_ID])
{
    unsigned char bytes[8];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(out, DBW_SECRET_ID, bytes, sizeof bytes);
}

void dbw_secret_hash(dbw_text secret, char out[DBW_SECRET_HASH])
{
    unsigned char hash[32];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)secret.data, secret.length, NULL,
                       0);
    sodium_bin2hex(out, DBW_SECRET_HASH, hash, sizeof hash);
}

bool dbw_secret_equal(dbw_text a, dbw_text b)
{
    return a.length == b.length && (a.length == 0 || sodium_memcmp(a.data, b.data, a.length) == 0);
}
