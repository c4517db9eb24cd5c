#!/usr/bin/env bash
# From a fresh clone with a fresh HOME, as root and as a new ordinary user: demo, tour, stop, start again, tests.
# Needs root, git, make, curl and setsid. PIP_* variables are passed on, so that a machine's own package mirror is used.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export HEXMART_PORT=${HEXMART_PORT:-8000}
ADDRESS=http://127.0.0.1:$HEXMART_PORT
NEWCOMER=hexmart-proof-$$
WORKSHOP=$(mktemp -d)
SOURCE=$WORKSHOP/source.git

cleanup() {
    if id "$NEWCOMER" >/dev/null 2>&1; then userdel "$NEWCOMER"; fi
    rm -rf "$WORKSHOP" "/tmp/pytest-of-$NEWCOMER"
}

# Everything below runs as the user in question, with nothing of ours in the environment but what is named here.
journey() {
    set -euo pipefail
    fail() { echo "FAILED: $1"; tail -n 30 "$HOME/demo.log" 2>/dev/null || true; exit 1; }
    healthy() { curl --silent --fail --max-time 2 --output /dev/null "$ADDRESS/health"; }

    start() { # in a session of its own, as a terminal would have it, so that Ctrl-C can reach the whole group
        rm -f "$HOME/demo.pid"
        setsid --fork bash -c 'echo $$ >"$HOME/demo.pid"; exec make demo' </dev/null >>"$HOME/demo.log" 2>&1
        local deadline=$((SECONDS + $1))
        until healthy; do
            [ "$SECONDS" -lt "$deadline" ] || fail "not up within $1 seconds"
            sleep 0.2
            [ ! -s "$HOME/demo.pid" ] || kill -0 "$(cat "$HOME/demo.pid")" 2>/dev/null || fail "make demo ended"
        done
    }

    remaining() { # by session, and PostgreSQL, which has its own, by the directory it works on
        local data
        data=$(readlink -f .hexmart/postgres 2>/dev/null || echo none)
        ps -eo pid=,sess=,stat=,args= | awk -v session="$1" -v data="$data" \
            '$3 !~ /^Z/ && ($2 == session || (index($0, "postgres -D " data) && !index($0, "awk"))) { print }'
    }

    stop() {
        local leader
        leader=$(cat "$HOME/demo.pid")
        kill -INT -- "-$leader"
        for _ in $(seq 100); do
            [ -n "$(remaining "$leader")" ] || return 0
            sleep 0.1
        done
        fail "still there ten seconds after Ctrl-C: $(remaining "$leader")"
    }

    trap 'kill -INT -- "-$(cat "$HOME/demo.pid" 2>/dev/null)" 2>/dev/null || true; sleep 3' ERR EXIT

    git clone --quiet "$SOURCE" "$HOME/hexmart" 2>"$HOME/demo.log" || fail "git clone"
    cd "$HOME/hexmart"
    ! healthy || fail "something answers at $ADDRESS already: set HEXMART_PORT"

    local began=$SECONDS
    start 600
    local up=$((SECONDS - began))
    .venv/bin/python -m tests.tour "$ADDRESS" >"$HOME/tour.log" 2>&1 || { tail -n 30 "$HOME/tour.log"; fail "the tour"; }
    stop
    local data
    data=$(stat -Lc %i .hexmart/postgres)

    began=$SECONDS
    start 10
    local again=$((SECONDS - began))
    [ "$data" = "$(stat -Lc %i .hexmart/postgres)" ] || fail "the data was made anew"
    stop

    make test >"$HOME/test.log" 2>&1 </dev/null || { tail -n 60 "$HOME/test.log"; fail "make test"; }
    data=$(readlink -f .hexmart/postgres)
    case $data in /var/lib/hexmart/data-*) rm -rf "${data%/postgres}" ;; esac
    trap - ERR EXIT
    echo "passed as $(id -un): up in ${up} s, again in ${again} s, $(tail -n 1 "$HOME/test.log")"
}

# prints the environment that a journey gets, as NAME=value, each ended by a zero byte
environment() {
    printf '%s\0' "HOME=$1" "PATH=$PATH" "LANG=${LANG:-C.UTF-8}" "TMPDIR=/tmp" "SOURCE=$SOURCE" \
        "ADDRESS=$ADDRESS" "HEXMART_PORT=$HEXMART_PORT" "GIT_CONFIG_GLOBAL=$GIT_CONFIG_GLOBAL"
    env --null | grep --null-data '^PIP_' || true
}

travel() { # user
    local home=$WORKSHOP/$1 variables
    mkdir "$home"
    chown "$1" "$home"
    chmod 700 "$home"
    mapfile -d '' variables < <(environment "$home")
    (cd "$home" && setpriv --reuid "$1" --regid "$(id -g "$1")" --init-groups \
        env -i "${variables[@]}" bash -c "$(declare -f journey); journey" </dev/null)
}

[ "$(id -u)" = 0 ] || { echo "run this as root: it adds a user and removes it" >&2; exit 1; }
trap cleanup EXIT
chmod 755 "$WORKSHOP"
useradd --no-create-home --home-dir "$WORKSHOP/$NEWCOMER" --shell /bin/bash "$NEWCOMER"

# the newcomer may not enter this checkout, and git distrusts what another user owns
export GIT_CONFIG_GLOBAL=$WORKSHOP/gitconfig
printf '[safe]\n\tdirectory = *\n' >"$GIT_CONFIG_GLOBAL"
git clone --quiet --bare . "$SOURCE"
chmod -R a+rX "$GIT_CONFIG_GLOBAL" "$SOURCE"

travel root
travel "$NEWCOMER"
