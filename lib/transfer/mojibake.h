/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_MOJIBAKE_H
#define DBW_TRANSFER_MOJIBAKE_H
/*
 * UTF-8 that was taken for latin1 and encoded once more: "CafÃ©" where "Café" was meant. MySQL's
 * latin1 is cp1252 (manual, "West European Character Sets"), and programs that set no character set
 * for their connection have written such text for decades.
 */
#include "base/text.h"

/**
 * Whether every character of the text is one of cp1252's, and the bytes that these stand for are
 * UTF-8 again with something beyond ASCII in it. A text that is right as it is hardly ever is.
 */
bool dbw_mojibake(dbw_text text);

/** Writes what was meant to `room`, which takes as many bytes as the text has; how many it is. */
size_t dbw_mojibake_repair(dbw_text text, char *room);

#endif
