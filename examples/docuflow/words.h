/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_DOCUFLOW_WORDS_H
#define DBW_DOCUFLOW_WORDS_H
/*
 * Text as people and programs leave it in databases. All of it is valid UTF-8 without NUL. Each
 * function appends to the buffer and is bounded by itself: the longest are 100 kB.
 */
#include "random.h"

#include "base/buffer.h"

/** A person's name in one of many scripts. */
void docuflow_words_person(docuflow_random *random, dbw_buffer *out);

/** A company's name. */
void docuflow_words_company(docuflow_random *random, dbw_buffer *out);

/** `count` plain words with a blank between. */
void docuflow_words_plain(docuflow_random *random, size_t count, dbw_buffer *out);

/** A few characters from anywhere in Unicode's seventeen planes. */
void docuflow_words_unicode(docuflow_random *random, size_t count, dbw_buffer *out);

/** What programs stumble over: quotes, backslashes, newlines, markup, SQL, empty text. */
void docuflow_words_awkward(docuflow_random *random, dbw_buffer *out);

/** A field's value: mostly plain, at times awkward, Unicode or empty. */
void docuflow_words_value(docuflow_random *random, dbw_buffer *out);

/** Paragraphs of at least `length` bytes. */
void docuflow_words_long(docuflow_random *random, size_t length, dbw_buffer *out);

/** A JSON object, nested at most `depth` deep. */
void docuflow_words_json(docuflow_random *random, unsigned depth, dbw_buffer *out);

/** A JSON array of words. */
void docuflow_words_json_list(docuflow_random *random, dbw_buffer *out);

/** An IPv4 or IPv6 address. */
void docuflow_words_address(docuflow_random *random, dbw_buffer *out);

/** Cuts the buffer to that many characters. */
void docuflow_words_limit(dbw_buffer *out, size_t characters);

#endif
