# shellcheck shell=sh
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sourced by the commands of tools/: numbered stages with their seconds, output kept in .testbed/logs, locks.
#   stages 3                          how many stages follow
#   stage 'Base image' image CMD...   run CMD, log in .testbed/logs/image.log; on failure show its end and exit
#   attempt 'Types' types CMD...      the same, but return the exit code instead of exiting
#   locked NAME                       go on when no other process of this clone holds the lock NAME

logs=${TESTBED_ROOT:?run this through tools/run or make}/.testbed/logs
mkdir -p "$logs" "$TESTBED_ROOT/.testbed/locks"
stage_number=0
stage_total=0

stages() {
    stage_number=0
    stage_total=$1
}

stage() {
    attempt "$@" || exit "$?"
}

attempt() {
    stage_title=$1
    stage_log=$logs/$2.log
    shift 2
    stage_number=$((stage_number + 1))
    stage_started=$(date +%s)
    stage_head=$(printf '[%d/%d] %-44s' "$stage_number" "$stage_total" "$stage_title")
    if [ -t 1 ]; then
        stage_watched "$@"
    else
        stage_status=0
        "$@" >"$stage_log" 2>&1 </dev/null 8>&- || stage_status=$?
        printf '%s' "$stage_head"
    fi
    if [ "$stage_status" != 0 ]; then
        printf ' failed after %d s\n' "$(($(date +%s) - stage_started))"
        tail -n "${STAGE_TAIL:-40}" "$stage_log" >&2
        echo "The whole output: $stage_log" >&2
        return "$stage_status"
    fi
    printf '%4d s\n' "$(($(date +%s) - stage_started))"
}

# On a terminal the seconds run while the stage does.
stage_watched() {
    printf '%s' "$stage_head"
    "$@" >"$stage_log" 2>&1 </dev/null 8>&- &
    stage_pid=$!
    trap 'kill "$stage_pid" 2>/dev/null; exit 130' INT TERM
    while kill -0 "$stage_pid" 2>/dev/null; do
        printf '\r%s%4d s' "$stage_head" "$(($(date +%s) - stage_started))"
        sleep 1
    done
    stage_status=0
    wait "$stage_pid" || stage_status=$?
    trap - INT TERM
    printf '\r%s' "$stage_head"
}

# What a stage leaves running, such as a container, must not keep the lock: stages close descriptor 8.
locked() {
    exec 8>"$TESTBED_ROOT/.testbed/locks/$1"
    if ! flock -n 8; then
        echo "Waiting: another make is busy with $1 in this clone."
        flock 8
    fi
}
