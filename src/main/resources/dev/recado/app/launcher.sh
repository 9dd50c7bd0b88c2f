#!/bin/sh
# recado launcher, made by `recado launcher`: starts the JAR as `java -jar` does, but quicker, by archives of its
# classes in ${XDG_CACHE_HOME:-~/.cache}/recado. RECADO_OPTS are options for the JVM, JAVA_HOME says which one.

jar=@JAR@

fail() {
    echo "recado: $1" >&2
    exit 1
}

[ -r "$jar" ] || fail "cannot read $jar: make this file anew with java -jar recado.jar launcher"
if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
    java=$JAVA_HOME/bin/java
else
    java=$(command -v java) || fail "found no java: install Java 17 or later, or set JAVA_HOME"
fi

# What lives long is compiled as it deserves; a short command is over before that.
kind=command
compiler=
case ${1:-} in
    '' | broker) kind=broker ;;
    bench | producer | consumer | import | export | example) ;;
    *) compiler=-XX:TieredStopAtLevel=1 ;;
esac

# What an archive is good for: this JAR (by size and time, by which the JVM knows it too) and this Java.
archive_name() {
    release=$(readlink -f "$java") || return
    release=${release%/bin/java}/release
    [ -r "$release" ] || return
    set -- $({ ls -lLn "$jar" && cat "$release"; } | cksum)
    echo "recado-$kind-$1-$2"
}

# Whether it could not be made within the last day: then each command would try again, with JVMs for nothing.
has_failed() {
    failed=$cache/$name.failed
    [ -n "$(find "$failed" -prune -mmin -1440 2> /dev/null)" ]
}

# Makes the archive beside the command that is under way: under another name, and by one process at a time.
make_archive() {
    trap '' HUP INT
    umask 077
    mkdir -p "$cache" || return
    lock=$cache/$name.lock
    find "$lock" -prune -mmin +10 -exec rmdir {} \;
    mkdir "$lock" || return
    part=$cache/$name.$$.part
    if nice "$java" -Xlog:disable -XX:ArchiveClassesAtExit="$part" -jar "$jar" launcher --train "$kind" &&
        mv "$part" "$cache/$name-$(($(wc -c < "$part"))).jsa"; then
        rm -f "$failed"
        find "$cache" -name 'recado-*' -type f ! -name "$name-*" -mtime +90 -exec rm -f {} \;
    else
        date > "$failed"
    fi
    rm -f "$part"
    rmdir "$lock"
}

# An archive that is cut off crashes the JVM, so its size stands in its name; other damage the JVM finds itself.
archive=
cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
case $jar in
    *[!A-Za-z0-9/._~+@=:,\'\$\*-]*) cache= ;; # the JVM archives no class of a JAR whose path has others, as blanks
esac
if [ -n "$cache" ]; then
    cache=$cache/recado
    name=$(archive_name 2> /dev/null)
    for found in ${name:+"$cache/$name"-*.jsa}; do
        size=${found##*-}
        if [ -r "$found" ] && [ "${size%.jsa}" = "$(($(wc -c < "$found")))" ] && [ ! "$jar" -nt "$found" ]; then
            archive=$found
        fi
    done
    if [ -n "$name" ] && [ -z "$archive" ] && ! has_failed; then
        (make_archive &) > /dev/null 2>&1 < /dev/null
    fi
fi

# With glibc: what the compilers needed at the start goes back to the system, not to heaps of their threads.
if [ "$kind" = broker ] && [ -z "${MALLOC_ARENA_MAX:-}${MALLOC_TRIM_THRESHOLD_:-}" ]; then
    export MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072
fi

# The JVM would write its warnings to standard output, ahead of the data; of an archive that it refuses it says nothing.
set -f
exec "$java" -Xshare:auto -Xlog:disable -Xlog:all=warning,cds*=off,class*=off:stderr -XX:+VerifySharedSpaces \
    ${archive:+"-XX:SharedArchiveFile=$archive"} $compiler ${RECADO_OPTS:-} -jar "$jar" "$@"
