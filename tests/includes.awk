# SPDX-License-Identifier: Apache-2.0
# Reads the project's own files (arguments, below the folder `root`) and prints what breaks a rule:
# "RULE FILE:LINE: what". The rules are tested, and named, by includes.sh.

BEGIN {
    # What a room may include, besides itself: docs/architecture.md has the same as a table.
    may["base"] = ""
    may["url"] = "base"
    may["model"] = "base url"
    may["engine"] = "base url model"
    may["engine/sqlite"] = may["engine/postgresql"] = may["engine/mysql"] = "base url model engine"
    may["verify"] = "base url model engine"
    may["transfer"] = "base url model engine verify revision"
    may["revision"] = may["archive"] = "base url model engine"
    may["state"] = "base url model engine revision"
    may["job"] = "base url model engine verify transfer revision archive state"
    may["cli"] = may["fcgi"] = may["job"] " job"

    # The only rooms that may include a client library's header.
    home["libpq-fe.h"] = home["libpq/"] = home["libpq-events.h"] = "engine/postgresql"
    home["postgres_ext.h"] = home["pg_config.h"] = "engine/postgresql"
    home["mysql.h"] = home["errmsg.h"] = home["mysqld_error.h"] = "engine/mysql"
    home["mysql/"] = home["mariadb/"] = home["ma_"] = "engine/mysql"
    home["sqlite3.h"] = home["sqlite3ext.h"] = "engine/sqlite"
    home["fcgiapp.h"] = home["fcgi_stdio.h"] = home["fcgios.h"] = home["fcgi_config.h"] = "fcgi"

    most_lines = 800
    most_function_lines = 80
}

function tell(rule, line, what) {
    print rule " " file ":" line ": " what
}

function end_of_file() {
    if (file == "")
        return
    if (!spdx)
        tell("spdx", 1, "no SPDX-License-Identifier in the first three lines")
    if (lines > most_lines)
        tell("length", lines, lines " lines, at most " most_lines)
}

# The room of a path below lib/, or of one below the top: "engine/sqlite", "cli"; "" for no room.
function room_of(path,    parts, count, two) {
    count = split(path, parts, "/")
    two = parts[1] "/" parts[2]
    if (count > 2 && two in may)
        return two
    return count > 1 && parts[1] in may ? parts[1] : ""
}

function list_has(list, word) {
    return index(" " list " ", " " word " ") > 0
}

function check_quoted(target,    other) {
    other = room_of(target)
    if (other == "" || other == room)
        return
    if (!list_has(may[room], other)) {
        tell("direction", FNR, room " may not include " other " (\"" target "\")")
        return
    }
    if (target ~ /_priv\.h$/)
        tell("private", FNR, "\"" target "\" is private to " other)
    else if ((room == "cli" || room == "fcgi") && target == "engine/engine.h")
        tell("private", FNR, "\"" target "\" is for those who implement engines")
}

function check_client(target,    name) {
    for (name in home) {
        if (target == name || ((name ~ /\/$/ || name == "ma_") && index(target, name) == 1)) {
            if (room != home[name])
                tell("client", FNR, room " may not include <" target ">, " home[name] " may")
            return
        }
    }
}

FNR == 1 {
    end_of_file()
    file = substr(FILENAME, length(root) + 2)
    room = room_of(file ~ /^lib\// ? substr(file, 5) : file)
    spdx = file !~ /\.(c|h|def|awk|sh|mjs|js|css|html|sql)(\.in)?$/ || file !~ /\// || file ~ /^\./
    is_c = file ~ /\.[ch]$/
    is_script = file ~ /\.(mjs|js|sh)$/
    begun = 0
}

{ lines = FNR }

FNR <= 3 && /SPDX-License-Identifier: Apache-2\.0/ { spdx = 1 }

# Comments of licences and URLs do not count: a path begins behind a blank, quote or the like.
/(^|[^A-Za-z0-9_.*}$-])\/[w]ork\// { tell("path", FNR, "names a path of one machine") }

room != "" && /^[ \t]*#[ \t]*include[ \t]*["<]/ {
    target = $0
    sub(/^[ \t]*#[ \t]*include[ \t]*["<]/, "", target)
    sub(/[">].*/, "", target)
    check_client(target)
    if ($0 ~ /include[ \t]*"/)
        check_quoted(target)
}

# Functions stand at the left margin, and so do their ends.
is_c && /^\{/ { begun = FNR }
is_script && /^((export |async |default )*function[ *]|[a-z_]+\(\) [{(]$)/ { begun = FNR }
begun && /^[})]/ {
    if (FNR - begun - 1 > most_function_lines)
        tell("function", begun,
             "a function of " FNR - begun - 1 " lines, at most " most_function_lines)
    begun = 0
}

END { end_of_file() }
