#!/bin/sh
# Programs with amqp-tools: sh client.sh COMMAND PORT [ARGUMENT...]
command=$1
url=amqp://guest:guest@127.0.0.1:$2
export url
shift 2

# Declares a durable queue as soon as the broker is there.
declare_queue() {
  tries=600
  until amqp-declare-queue -u "$url" -d -q "$1" > /dev/null; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || exit 1
    sleep 0.1
  done
}

case $command in
  # A process a message; it was stored if the broker has agreed to the close.
  publish)
    n=0
    while [ $n -lt "$2" ]; do
      declare_queue jobs
      while [ $n -lt "$2" ] && amqp-publish -u "$url" -r jobs -p -b $n; do
        echo $n >> "$1"
        n=$((n + 1))
      done
    done
    ;;
  # A job is acknowledged where the command that writes it down ends well.
  work)
    export ledger="$1"
    while :; do
      declare_queue jobs
      amqp-consume -u "$url" -q jobs -p 10 -- sh -c 'echo "$(cat)" >> "$ledger"'
    done
    ;;
  # The tools tell no reply-to, so a question begins with the queue for its answer.
  request)
    declare_queue double
    declare_queue answers
    amqp-consume -u "$url" -q double -c "$1" \
      -- sh -c 'read -r to n; amqp-publish -u "$url" -r "$to" -b "$((2 * n))"' &
    seq 0 $(($1 - 1)) | sed 's/^/answers /' | amqp-publish -u "$url" -r double -l
    sum=$(amqp-consume -u "$url" -q answers -c "$1" -- sh -c 'echo "$(cat)"' | awk '{ s += $1 } END { print NR " answers, sum " s }')
    wait
    amqp-delete-queue -u "$url" -q double > /dev/null
    amqp-delete-queue -u "$url" -q answers > /dev/null
    echo "$sum"
    ;;
  # Subscribers knock until they hear themselves: only then are their queues bound.
  fan-out)
    dir=$(mktemp -d)
    trap 'rm -r "$dir"' EXIT
    for i in 1 2 3; do
      export heard="$dir/$i"
      amqp-consume -u "$url" -e amq.fanout -r news -x -A -- sh -c '
        line=$(cat)
        if [ "$line" = end ]; then kill $PPID; else echo "$line" >> "$heard"; fi' 2> /dev/null &
    done
    until [ -s "$dir/1" ] && [ -s "$dir/2" ] && [ -s "$dir/3" ]; do
      amqp-publish -u "$url" -e amq.fanout -b knock
      sleep 0.05
    done
    seq 0 $(($1 - 1)) | amqp-publish -u "$url" -e amq.fanout -l
    amqp-publish -u "$url" -e amq.fanout -b end
    wait
    all=0
    for i in 1 2 3; do
      [ "$(grep -v knock "$dir/$i")" = "$(seq 0 $(($1 - 1)))" ] && all=$((all + 1))
    done
    echo "$all heard all"
    ;;
esac
