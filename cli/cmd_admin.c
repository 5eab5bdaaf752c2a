/* SPDX-License-Identifier: Apache-2.0 */
/* Who may log in: set-up links, the password, tokens. */
#include "output.h"
#include "running.h"
#include "state/accounts.h"
#include "state/audit.h"
#include "state/tokens.h"

#include <termios.h>
#include <unistd.h>

int dbw_cmd_admin_setup_link(dbw_cli *cli);
int dbw_cmd_admin_set_password(dbw_cli *cli);
int dbw_cmd_admin_token(dbw_cli *cli);

enum { DAYS_MOST = 3650 };

const dbw_flag dbw_cmd_admin_setup_link_flags[] = {{0}};
const dbw_flag dbw_cmd_admin_set_password_flags[] = {{0}};
const dbw_flag dbw_cmd_admin_token_flags[] = {
    {.name = "name",
     .value = "NAME",
     .help = "create: what the token is for; may stand behind create"},
    {.name = "scopes", .value = "LIST", .help = "create: connect,migrate,jobs,admin"},
    {.name = "apps",
     .value = "LIST",
     .help = "create: applications it is good for; all unless told"},
    {.name = "days", .value = "NUMBER", .help = "create: days until it expires; never unless told"},
    {0}};

static void note(dbw_cli *cli, dbw_store *store, const char *action, const char *object,
                 dbw_status status)
{
    dbw_error error;
    dbw_audit_entry entry = {.who = dbw_cli_actor(cli),
                             .action = action,
                             .object = object,
                             .outcome = status == DBW_OK ? "done" : dbw_status_slug(status)};
    if (dbw_audit_write(store, &entry, &error) != DBW_OK)
        dbw_cli_warn(cli, "%s", error.message);
}

/* --- set-up link ------------------------------------------------------------------------------ */

static const char *link_of(dbw_cli *cli, const char *token)
{
    const char *base = dbw_config_text(cli->config, DBW_OPTION_BASE_URL);
    size_t length = strlen(base);
    while (length && base[length - 1] == '/')
        length--;
    return dbw_arena_printf(cli->arena, "%.*s/database-wizard/#setup=%s", (int)length, base, token);
}

static dbw_status make_link(dbw_cli *cli, const char **link, dbw_error *error)
{
    dbw_store *store;
    const char *token = NULL;
    DBW_TRY(dbw_cli_store(cli, &store, error));
    dbw_status status =
        dbw_accounts_setup_link(store, cli->arena, DBW_ACCOUNT_ADMIN, &token, error);
    note(cli, store, "account.setup-link", DBW_ACCOUNT_ADMIN, status);
    dbw_store_close(store);
    if (status == DBW_OK)
        *link = link_of(cli, token);
    return status;
}

int dbw_cmd_admin_setup_link(dbw_cli *cli)
{
    dbw_error error;
    const char *link = NULL;
    dbw_error_clear(&error);
    if (make_link(cli, &link, &error) != DBW_OK)
        return dbw_cli_fail(cli, &error);
    if (cli->json) {
        json_object *answer = json_object_new_object();
        json_object_object_add(answer, "url", dbw_json_string(link));
        json_object_object_add(answer, "seconds", json_object_new_int(DBW_SETUP_LINK_SECONDS));
        dbw_output_json(answer);
        return DBW_EXIT_DONE;
    }
    dbw_output_line(stdout, "%s", link);
    dbw_output_line(stderr, "Good for %d minutes and one use.", DBW_SETUP_LINK_SECONDS / 60);
    return DBW_EXIT_DONE;
}

/* --- password --------------------------------------------------------------------------------- */

/* One line from the terminal, which does not show it. */
static dbw_status ask_password(dbw_cli *cli, char **out, dbw_error *error)
{
    char line[DBW_PASSWORD_MOST + 2];
    struct termios before, silent;
    bool changed = tcgetattr(STDIN_FILENO, &before) == 0;
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    (void)fputs("New password: ", stderr);
    if (changed)
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    const char *got = fgets(line, sizeof line, stdin);
    if (changed)
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    (void)fputs("\n", stderr);
    if (!got)
        return dbw_fail(error, DBW_E_USAGE, "no password was given");
    line[strcspn(line, "\r\n")] = '\0';
    *out = dbw_arena_string(cli->arena, line);
    return DBW_OK;
}

static dbw_status set_password(dbw_cli *cli, dbw_error *error)
{
    const char *source = dbw_cli_argument(cli, 0);
    dbw_store *store;
    char *password;
    if (!source && isatty(STDIN_FILENO))
        DBW_TRY(ask_password(cli, &password, error));
    else
        DBW_TRY(dbw_cli_secret(cli, source ? source : "-", "password", &password, error));
    DBW_TRY(dbw_cli_store(cli, &store, error));
    dbw_status status =
        dbw_accounts_set_password(store, DBW_ACCOUNT_ADMIN, dbw_text_of(password), NULL, error);
    note(cli, store, "account.set-password", DBW_ACCOUNT_ADMIN, status);
    dbw_store_close(store);
    return status;
}

int dbw_cmd_admin_set_password(dbw_cli *cli)
{
    dbw_error error;
    dbw_error_clear(&error);
    if (set_password(cli, &error) != DBW_OK)
        return dbw_cli_fail(cli, &error);
    if (cli->json)
        dbw_output_json(json_object_new_object());
    else
        dbw_output_line(stderr, "The password is set; all log-ins have ended.");
    return DBW_EXIT_DONE;
}

/* --- tokens ----------------------------------------------------------------------------------- */

static dbw_status create_token(dbw_cli *cli, dbw_store *store, json_object **answer,
                               dbw_error *error)
{
    const char *secret = NULL, *scopes = dbw_cli_value(cli, "scopes");
    const char *name = dbw_cli_value(cli, "name");
    dbw_token_request request = {.name = name ? name : dbw_cli_argument(cli, 1),
                                 .apps = dbw_cli_value(cli, "apps")};
    dbw_token token;
    int64_t days;
    if (!request.name || !scopes)
        return dbw_fail(error, DBW_E_USAGE, "'admin token create' needs a name and --scopes");
    DBW_TRY(dbw_scopes_parse(dbw_text_of(scopes), &request.scopes, error));
    DBW_TRY(dbw_cli_integer(cli, "days", 0, 1, DAYS_MOST, &days, error));
    if (days)
        request.expires_at = dbw_store_now(store) + days * INT64_C(86400000000);
    DBW_TRY(dbw_tokens_create(store, cli->arena, &request, &token, &secret, error));
    note(cli, store, "token.create", token.id, DBW_OK);
    *answer = dbw_token_to_json(&token);
    json_object_object_add(*answer, "token", dbw_json_string(secret));
    if (cli->json)
        return DBW_OK;
    dbw_output_line(stdout, "%s", secret);
    dbw_output_line(stderr, "Token %s. It is shown this once.", token.id);
    return DBW_OK;
}

static void print_token(const dbw_cli *cli, const dbw_token *token)
{
    char until[DBW_CLOCK_TEXT] = "", used[DBW_CLOCK_TEXT] = "";
    const char *scopes = "";
    for (size_t i = 0; i < DBW_SCOPE_COUNT; i++)
        if (token->scopes & 1u << i)
            scopes =
                dbw_arena_printf(cli->arena, "%s%s%s", scopes, *scopes ? "," : "", dbw_scope_at(i));
    if (token->expires_at)
        dbw_clock_format(token->expires_at, until);
    if (token->last_used_at)
        dbw_clock_format(token->last_used_at, used);
    dbw_output_line(stdout, "%s  %-24s %-24s %s%.10s  %s%.19s", token->id, token->name, scopes,
                    *until ? "until " : "no end", until, *used ? "used " : "never used", used);
}

static dbw_status list_tokens(dbw_cli *cli, dbw_store *store, json_object **answer,
                              dbw_error *error)
{
    dbw_token *tokens;
    size_t count;
    DBW_TRY(dbw_tokens_list(store, cli->arena, &tokens, &count, error));
    json_object *list = json_object_new_array();
    for (size_t i = 0; i < count; i++) {
        json_object_array_add(list, dbw_token_to_json(&tokens[i]));
        if (!cli->json)
            print_token(cli, &tokens[i]);
    }
    *answer = json_object_new_object();
    json_object_object_add(*answer, "tokens", list);
    return DBW_OK;
}

static dbw_status revoke_token(dbw_cli *cli, dbw_store *store, json_object **answer,
                               dbw_error *error)
{
    const char *id = dbw_cli_argument(cli, 1);
    if (!id)
        return dbw_fail(error, DBW_E_USAGE, "'admin token revoke' needs the token's id");
    dbw_status status = dbw_tokens_revoke(store, id, error);
    note(cli, store, "token.revoke", id, status);
    *answer = json_object_new_object();
    return status;
}

static dbw_status token_action(dbw_cli *cli, json_object **answer, dbw_error *error)
{
    static const struct {
        const char *name;
        dbw_status (*run)(dbw_cli *, dbw_store *, json_object **, dbw_error *);
    } actions[] = {{"create", create_token}, {"list", list_tokens}, {"revoke", revoke_token}};
    const char *name = dbw_cli_argument(cli, 0);
    dbw_store *store;
    for (size_t i = 0; i < DBW_COUNT(actions); i++) {
        if (strcmp(name, actions[i].name) != 0)
            continue;
        DBW_TRY(dbw_cli_store(cli, &store, error));
        dbw_status status = actions[i].run(cli, store, answer, error);
        dbw_store_close(store);
        return status;
    }
    dbw_fail(error, DBW_E_USAGE, "unknown action '%.40s' for tokens", name);
    return dbw_hint(error, "dbwizard admin token create|list|revoke");
}

int dbw_cmd_admin_token(dbw_cli *cli)
{
    dbw_error error;
    json_object *answer = NULL;
    dbw_error_clear(&error);
    if (token_action(cli, &answer, &error) != DBW_OK) {
        json_object_put(answer);
        return dbw_cli_fail(cli, &error);
    }
    if (cli->json)
        dbw_output_json(answer);
    else
        json_object_put(answer);
    return DBW_EXIT_DONE;
}
