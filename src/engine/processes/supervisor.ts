/**
 * The supervisor of a step: a POSIX shell, because it must need nothing of Muster to be there, no
 * Node and no app. Its arguments are the folder, the bytes to keep of the output's start and end,
 * and the commands.
 *
 * It claims the folder before it runs anything. What the commands print goes through a pipe to
 * `keep`, which writes it in pieces of at most 4 MB named after where they begin, in bytes and in
 * lines: `out-0-0`, `out-4194304-81022`. Once the pieces after the start hold more than the end
 * is to have, the oldest of them goes; what is missing can be told from the names of its
 * neighbours. So the disk is bounded whether or not Muster is there to read, the pipe holds back
 * commands that print faster than the disk takes, and nothing in between goes uncounted.
 *
 * Where a piece cannot be written, `keep` goes on without keeping, and counts, until there is room
 * for a whole piece again: a restore does not fail because the disk of its log is full, and what
 * the commands left behind when they ended is not ended by a closed pipe.
 */
const common = `
dir=$1 start=$2 end=$3
shift 3
boot=-
if [ -r /proc/$$/stat ]; then
  read -r boot </proc/sys/kernel/random/boot_id
  read -r began </proc/$$/stat
else
  began=$(LC_ALL=C ps -o lstart= -p $$)
fi
trap : TERM INT HUP QUIT
set -C
{ printf '%s\\n%s\\n%s\\n' "$$" "$boot" "$began" >"$dir/process"; } 2>/dev/null || exit 120
set +C

count() {
  counted=\${1#"\${1%%[! ]*}"}
  bytes=\${counted##* }
  at=$((at + bytes)) lines=$((lines + \${counted%% *}))
}

keep() {
  trap '' TERM INT HUP QUIT
  name=$1 at=0 lines=0 held=0
  shift
  while :; do
    file=$dir/$name-$at-$lines began=$at
    if said=$(LC_ALL=C dd bs=16384 count=256 of="$file" 2>&1); then
      said=\${said%%" records in"*}
      said=\${said##*[!0-9+]}
      [ $((\${said%+*} + \${said#*+})) -eq 256 ] || return 0
      count "$(wc -lc <"$file" || echo 0 0)"
      [ "$began" -ge "$start" ] || continue
      set -- "$@" "$bytes $file"
      held=$((held + bytes))
      while [ $((held - \${1%% *})) -ge "$end" ]; do
        held=$((held - \${1%% *}))
        rm -f "\${1#* }"
        shift
      done
    else
      [ -s "$file" ] && count "$(wc -lc <"$file")"
      some=1
      while :; do
        count "$(dd bs=16384 count="$some" | wc -lc)"
        [ "$bytes" -gt 0 ] || return 0
        dd if=/dev/zero bs=16384 count=256 of="$dir/room-$name"
        full=$?
        rm -f "$dir/room-$name"
        [ "$full" -ne 0 ] || break
        some=$((some < 256 ? some * 2 : some))
      done
    fi
  done 2>/dev/null
}

act() {
  trap : TERM INT HUP QUIT
  "$@"
  printf '%s\\n' "$?" >"$dir/exit"
}
`;

/** Standard error goes with standard output. */
export const supervisor = `${common}
act "$@" </dev/null 2>&1 | keep out
`;

/** Standard error is kept by itself. */
export const supervisorApart = `${common}
{ { act "$@" </dev/null 2>&3 3>&-; } | keep out 3>&-; } 3>&1 >/dev/null | keep err
`;
