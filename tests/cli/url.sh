#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The command itself, and `url build`, `url parse`, `url validate`.
. "${DBW_TOP_SRCDIR:?}/tests/cli/tap.sh"
plan 51

canary=cAnArY7f3d
seen='A password on the command line can be seen by everybody on this machine: give env:NAME, file:PATH or - instead.'
PW='p@ss' URL="postgresql://u:$canary@h:5433/d?sslmode=require"
export PW URL
printf '%s\n' "mysql+pymysql://u:$canary@h/d" >"$work/url"
chmod 0600 "$work/url"

# --- building ---------------------------------------------------------------------------------
check 'a URL is built' 0 'postgresql://h:5432/d' '' \
    "$dbwizard" url build --backend postgresql --host h --port 5432 --database d
check 'values may stand behind =' 0 'postgresql+psycopg2://u@h/d' '' \
    "$dbwizard" url build --backend=postgresql --driver=psycopg2 --host=h --database=d --username=u
check 'a password from the environment is not shown' 0 'postgresql://u:***@h' '' \
    "$dbwizard" url build --backend postgresql --host h --username u --password env:PW
check 'a password is shown on request' 0 'postgresql://u:p%40ss@h' '' \
    "$dbwizard" url build --backend postgresql --host h --username u --password env:PW \
    --show-password
check_input 'a password is read from standard input' 0 'postgresql://u:s3@h' '' 's3
' "$dbwizard" url build --backend postgresql --host h --username u --password - --show-password
check 'a password in argv is warned about and not shown' 0 'postgresql://u:***@h' \
    "dbwizard: warning: $seen" \
    "$dbwizard" url build --backend postgresql --host h --username u --password "$canary"
check 'TLS is translated for PyMySQL, and said' 0 \
    'mysql+pymysql://h/d?ssl_ca=%2Fca&ssl_check_hostname=true' \
    "dbwizard: warning: PyMySQL has no 'ssl_mode': verify-full became ssl_ca and ssl_check_hostname." \
    "$dbwizard" url build --backend mysql --host h --database d --ssl-mode verify-full --ssl-ca /ca
check 'options are repeated' 0 'postgresql://h?application_name=a&connect_timeout=3' '' \
    "$dbwizard" url build --backend postgresql --host h --option connect_timeout=3 \
    --option application_name=a
check 'a SQLite file' 0 'sqlite:////srv/a b.db' '' \
    "$dbwizard" url build --backend sqlite --sqlite-path '/srv/a b.db'
check 'JSON: the URL and the warnings' 0 '{
  "url": "postgresql+psycopg2://h",
  "warnings": [
    "psycopg2 does not take '"'prepared_statements'"': left out; it prepares nothing on the server by itself."
  ]
}' '' "$dbwizard" --json url build --backend postgresql --driver psycopg2 --host h \
    --option prepared_statements=false
check 'the backend must be given' 2 '' 'dbwizard: option --backend is missing' \
    "$dbwizard" url build --host h
check 'the port must be one' 2 '' \
    'dbwizard: option --port is not a whole number from 1 to 65535' \
    "$dbwizard" url build --backend postgresql --host h --port 65536
check 'unknown backends name the known ones' 1 '' "dbwizard: unknown backend 'mssql'
  hint: Known backends: sqlite, postgresql, mysql (or mariadb)." \
    "$dbwizard" url build --backend mssql --host h
check 'a host must be given' 1 '' 'dbwizard: the host is missing
  hint: Write postgresql://USER:PASSWORD@HOST/DATABASE; a socket'"'"'s folder or file goes into ?host= (PostgreSQL) or ?unix_socket= (MySQL).' \
    "$dbwizard" url build --backend postgresql
check 'unknown options of a URL are refused' 1 '' "dbwizard: unknown option 'local_infile' for mysql
  hint: Options that dbwizard does not know are refused; leave it out." \
    "$dbwizard" url build --backend mysql --host h --option local_infile=1

# --- parsing ----------------------------------------------------------------------------------
check 'the parts of a URL' 0 'backend   postgresql
driver    psycopg
host      ::1
port      5433
database  my db
username  u
password  ***
TLS       require
option    sslmode=require' "dbwizard: warning: $seen" \
    "$dbwizard" url parse "postgresql+psycopg://u:$canary@[::1]:5433/my%20db?sslmode=require"
check 'a URL from a variable, as JSON' 0 '{
  "valid": true,
  "backend": "postgresql",
  "driver": null,
  "host": "h",
  "port": 5433,
  "database": "d",
  "username": "u",
  "password": "***",
  "ssl_mode": "require",
  "is_sqlite": false,
  "options": {
    "sslmode": "require"
  }
}' '' "$dbwizard" url parse env:URL --json
check 'a URL from a file, with its password' 0 "backend   mysql
driver    pymysql
host      h
database  d
username  u
password  $canary
TLS       prefer" '' "$dbwizard" url parse "file:$work/url" --show-password
check_input 'a URL from standard input' 0 'backend   sqlite
database  /x.db' '' 'sqlite:////x.db
' "$dbwizard" url parse -
check 'repeated options are a list' 0 '{
  "valid": true,
  "backend": "postgresql",
  "driver": null,
  "host": null,
  "port": null,
  "database": "d",
  "username": null,
  "password": null,
  "ssl_mode": "prefer",
  "is_sqlite": false,
  "options": {
    "host": [
      "a:1",
      "b:2"
    ],
    "passfile": "***"
  }
}' "dbwizard: warning: $seen" \
    "$dbwizard" --json url parse 'postgresql:///d?host=a:1&host=b:2&passfile=/x'
check 'other backends can be looked at' 0 'backend   mssql
host      h
database  d' '' "$dbwizard" url parse mssql://h/d
check 'control characters do not reach the terminal' 0 'backend   sqlite
database  /a\x1b[31m\nb' '' "$dbwizard" url parse 'sqlite:////a%1B[31m%0Ab'
check 'what is no URL is not repeated' 1 '' \
    'dbwizard: the argument is no URL, no configured name and no existing file
  hint: Give postgresql://…, mysql://…, sqlite:///PATH, env:NAME, file:PATH, -, the name of a database or application, or the path of a SQLite file.' \
    "$dbwizard" url parse "$canary"
check 'a bad port is not repeated' 1 '{
  "valid": false,
  "error": "unable to parse database URL: the port is not a number from 1 to 65535",
  "hint": "An IPv6 address stands in brackets: [::1]. Write '"':', '/' and '@' in a password as %3A, %2F and %40."'"
}' '' "$dbwizard" --json url parse "postgresql://u:$canary"

# --- validating -------------------------------------------------------------------------------
check 'a valid URL' 0 'valid postgresql URL' '' "$dbwizard" url validate env:URL
check 'a valid URL, as JSON' 0 '{
  "valid": true,
  "backend": "mysql"
}' '' "$dbwizard" url validate "file:$work/url" --json
check 'postgres:// is explained' 1 '' "dbwizard: unknown backend 'postgres'
  hint: Write postgresql:// instead: SQLAlchemy refuses postgres:// since version 1.4." \
    "$dbwizard" url validate postgres://h/d
check 'as JSON' 1 '{
  "valid": false,
  "error": "unknown backend '"'postgres'"'",
  "hint": "Write postgresql:// instead: SQLAlchemy refuses postgres:// since version 1.4."
}' '' "$dbwizard" url validate postgres://h/d --json
check 'an unset variable' 1 '' 'dbwizard: environment variable NOPE is not set' \
    "$dbwizard" url validate env:NOPE

# --- configured names -------------------------------------------------------------------------
mkdir "$work/config/apps.d"
printf 'DATABASE_URL=postgresql://u@shop/d\nDATABASE_URL__LOG=sqlite:////log.db\n' \
    >"$work/config/apps.d/shop.env"
chmod 0640 "$work/config/apps.d/shop.env"
check 'an application by name' 0 'backend   postgresql
host      shop
database  d
username  u
TLS       prefer' '' "$dbwizard" url parse shop
check 'its further database' 0 'backend   sqlite
database  /log.db' '' "$dbwizard" url parse --app shop log
check 'the default application' 0 "backend   sqlite
database  $work/state/app.sqlite3" '' "$dbwizard" url parse default
check 'a value on the command line counts most' 0 'backend   sqlite
database  /other' '' "$dbwizard" --set DATABASE_URL__X=sqlite:////other url parse x
check 'an unknown application' 1 '' "dbwizard: unknown application 'shopp'
  hint: Known applications: shop." "$dbwizard" --app shopp url parse default
: >"$work/x.sqlite"
check 'an existing file' 0 "backend   sqlite
database  $work/x.sqlite" '' "$dbwizard" url parse "$work/x.sqlite"
chmod 0644 "$work/url"
check 'a file that everybody can read is warned about' 0 'valid mysql URL' \
    "dbwizard: warning: Everybody can read '$work/url': chmod 0640 hides the URL." \
    "$dbwizard" url validate "file:$work/url"
check 'a broken configuration is told' 1 '' \
    'dbwizard: DB_POOL_SIZE (command line) is not a whole number from 1 to 1000' \
    "$dbwizard" --set DB_POOL_SIZE=x url parse default
check 'an unknown setting is told' 2 '' 'dbwizard: unknown option DBWIZARD_NOPE' \
    "$dbwizard" --set DBWIZARD_NOPE=x url parse default

# --- the command ------------------------------------------------------------------------------
check 'unknown options suggest the nearest' 2 '' 'dbwizard: unknown option --hots
  hint: Did you mean --host?' "$dbwizard" url build --hots h
check 'beginnings suggest the whole' 2 '' 'dbwizard: unknown option --user
  hint: Did you mean --username?' "$dbwizard" url build --user u
check 'unknown commands suggest the nearest' 2 '' "dbwizard: unknown command 'url bild'
  hint: Did you mean 'url build'?" "$dbwizard" url bild
check 'a group needs a further word' 2 '' "dbwizard: 'url' needs a further word
  hint: 'dbwizard --help' lists the commands." "$dbwizard" url
check 'a missing argument' 2 '' "dbwizard: 'url parse' needs URL
  hint: dbwizard url parse URL" "$dbwizard" url parse
check 'an argument too many' 2 '' "dbwizard: 'url parse' takes fewer arguments
  hint: dbwizard url parse URL" "$dbwizard" url parse a b
check 'a missing value' 2 '' 'dbwizard: option --host needs a value (HOST)' \
    "$dbwizard" url build --host
check 'a value too many' 2 '' 'dbwizard: option --json takes no value' \
    "$dbwizard" url parse --json=1 x
check 'an option given twice' 2 '' 'dbwizard: option --host is given twice' \
    "$dbwizard" url build --host a --host b
check 'a usage error as JSON' 2 '{
  "type": "about:blank",
  "title": "the call itself is wrong: unknown option, missing argument",
  "code": "usage",
  "detail": "unknown option --nope",
  "hint": "See --help for the options."
}' '' "$dbwizard" url parse --json --nope x

"$dbwizard" --help >"$work/out" 2>"$work/err"
[ $? -eq 0 ] && [ ! -s "$work/err" ] && grep -q '^  url build  ' "$work/out"
report $? '--help lists the commands'

good=0
for words in $(sed -n 's/^DBW_COMMAND([a-z_]*, "\([^"]*\)".*/\1/p' \
    "$DBW_TOP_SRCDIR/cli/commands.def" | tr ' ' '+'); do
    # shellcheck disable=SC2046
    "$dbwizard" $(echo "$words" | tr '+' ' ') --help >"$work/out" 2>"$work/err" || good=1
    grep -q "^Usage: dbwizard $(echo "$words" | tr '+' ' ')" "$work/out" || good=1
done
report $good 'every command has its help'

"$dbwizard" version >/dev/full 2>"$work/err"
[ $? -eq 1 ] && grep -q '^dbwizard: unable to write to standard output$' "$work/err"
report $? 'a full disk is noticed'
