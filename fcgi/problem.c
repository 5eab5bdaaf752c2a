/* SPDX-License-Identifier: Apache-2.0 */
#include "problem.h"

static const struct {
    int own;
    int of_job;
} statuses[DBW_STATUS_COUNT] = {
    [DBW_OK] = {200, 200},
    [DBW_E_USAGE] = {400, 400},
    [DBW_E_INVALID] = {422, 422},
    [DBW_E_NOT_FOUND] = {404, 404},
    [DBW_E_EXISTS] = {409, 409},
    [DBW_E_CONFLICT] = {409, 409},
    [DBW_E_REFUSED] = {409, 409},
    [DBW_E_UNSUPPORTED] = {422, 422},
    [DBW_E_UNREACHABLE] = {503, 502},
    [DBW_E_TIMEOUT] = {503, 504},
    [DBW_E_TLS] = {503, 502},
    [DBW_E_AUTH] = {503, 502}, /* a database's; our own log-in answers 401 itself */
    [DBW_E_DENIED] = {503, 502},
    [DBW_E_NO_DATABASE] = {503, 502},
    [DBW_E_NOT_DATABASE] = {500, 502},
    [DBW_E_LOCKED] = {503, 502},
    [DBW_E_READ_ONLY] = {503, 502},
    [DBW_E_DISK_FULL] = {503, 502},
    [DBW_E_LIMIT] = {413, 409},
    [DBW_E_NO_MEMORY] = {503, 503},
    [DBW_E_IO] = {500, 500},
    [DBW_E_DATABASE] = {500, 502},
    [DBW_E_DATA] = {500, 502},
    [DBW_E_DIFFERS] = {409, 409},
    [DBW_E_CANCELLED] = {409, 409},
    [DBW_E_PAUSED] = {409, 409},
    [DBW_E_INTERRUPTED] = {409, 409},
    [DBW_E_INTERNAL] = {500, 500},
};

int dbw_problem_status(dbw_status code)
{
    return (unsigned)code < DBW_STATUS_COUNT && statuses[code].own ? statuses[code].own : 500;
}

int dbw_problem_status_of_job(dbw_status code)
{
    return (unsigned)code < DBW_STATUS_COUNT && statuses[code].of_job ? statuses[code].of_job : 500;
}

static const struct {
    int status;
    const char *title;
} titles[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
};

const char *dbw_problem_title(int status)
{
    for (size_t i = 0; i < DBW_COUNT(titles); i++)
        if (titles[i].status == status)
            return titles[i].title;
    return "Error";
}
