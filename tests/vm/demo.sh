#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The session of `make run`, inside the virtual machine: a vendor's programs run, are banned, and are refused.
#
# Each command is shown as it is typed, with its real output. The table at the end compares every step with what was
# expected of it; the exit code is 0 only when all are alike.
# shellcheck disable=SC2016 # show expands what it shows
set -u

# Without /bin, which is /usr/bin: a shell would try, and debar refuse, each program twice.
export PATH=/usr/sbin:/usr/bin:/usr/games TERM=vt100

library=/usr/lib/x86_64-linux-gnu/libjq.so.1
log=/var/log/debar/denials.jsonl
table=/run/table
failed=0
: >$table

# show COMMAND - type it, run it; its output stays in /run/output, its exit code in $code
show() {
	echo "\$ $1"
	(eval "$1") >/run/output 2>&1
	code=$?
	tr -d '\000' </run/output # perl's messages may hold some
}

# step WHAT EXPECTED SEEN - a line of the table
step() {
	if [ "$2" = "$3" ]; then mark=ok; else
		mark=WRONG
		failed=$((failed + 1))
	fi
	printf '%-42s | %-31s | %-31s | %s\n' "$1" "$2" "$3" "$mark" >>$table
}

# outcome - in words: what became of the program shown last
outcome() {
	if grep -q 'Operation not permitted' /run/output && [ "$code" != 0 ]; then
		echo 'EPERM'
	elif grep -q 'failed to map segment' /run/output; then
		echo 'not mapped'
	elif [ "$code" = 0 ]; then
		echo 'runs'
	else
		echo "exit code $code"
	fi
}

# try WHAT EXPECTED COMMAND
try() {
	show "$3"
	step "$1" "$2" "$(outcome)"
}

title() { printf '\n# %s\n' "$1"; }

# programs_in DEB... - counts different ELF files and scripts in packages, without debar's help
programs_in() {
	for deb; do
		dir=/run/debs/${deb##*/}
		mkdir -p "$dir"
		busybox dpkg-deb -x "$deb" "$dir"
	done
	find /run/debs -type f | while read -r file; do
		case $(head -c 4 "$file" | tr -d '\000') in
		'#!'* | "$(printf '\177ELF')") sha256sum <"$file" ;;
		esac
	done | sort -u | wc -l
}

# logged FIELD - how many of the log's lines of this session have a non-empty field
logged() {
	perl -MJSON::PP -ne '
		BEGIN { ($field, $pattern) = splice @ARGV, 0, 2 }
		$record = decode_json($_);
		$n++ if ($record->{type} // "") eq "denial" && ($record->{$field} // "") =~ /$pattern/;
		END { print $n + 0, "\n" }' "$1" "$2" $log
}

title 'The vendor'\''s programs, before'
try 'before: jq (uses libjq.so.1)' runs 'jq --version'
try 'before: cowsay (a script)' runs 'cowsay moo'
try 'before: sl (an animation)' runs 'COLUMNS=10 sl -l >/dev/null && echo "the train has passed"'

title 'The module'
show 'debarctl module load'
step 'debarctl module load' 'exit code 0' "exit code $code"
show 'grep ^debar /proc/modules | cut -d" " -f1,2,5'
show 'debard 2>/run/debard.err & sleep 1; echo "debard runs as $(pidof debard)"'
step 'debard' 'running' "$(pidof debard >/dev/null && echo running || echo 'not running')"

title 'The policy'
show 'debarctl import /debs/*.deb --ban DEMO-1 --vendor "Example Vendor" --authority "Example order 1/2024" -o demo.yaml'
step 'debarctl import' "$(programs_in /debs/*.deb) indicators" "$(grep -c 'sha256: ' demo.yaml) indicators"
show 'head -n 22 demo.yaml'
show 'debarctl policy build demo.yaml -o demo.debar'
step 'debarctl policy build' 'a blob' "$([ -s demo.debar ] && echo 'a blob' || echo 'no blob')"
show 'cp /usr/bin/jq /tmp/innocent'
show 'debarctl policy load demo.debar'
step 'debarctl policy load' 'exit code 0' "exit code $code"

title 'The same programs, now'
try 'jq' EPERM 'jq --version'
try 'cowsay' EPERM 'cowsay moo'
try 'sl, by another user' EPERM '/usr/bin/setpriv --reuid alice --regid alice --clear-groups sl'
try 'a renamed copy of jq' EPERM '/tmp/innocent --version'
# The C library does not tell why it could not map a library: the system call does.
try 'the library, by dlopen in perl' 'not mapped' \
	"perl -MDynaLoader -e 'DynaLoader::dl_load_file(\"$library\") or die DynaLoader::dl_error()'"
try 'the library, by mmap in perl' EPERM \
	"perl -e 'open F, \"<\", \"$library\"; syscall(9, 0, 4096, 1 | 4, 2, fileno F, 0) > 0 or die \"mmap: \$!\\n\"'"
try 'other programs: perl' runs "perl -e 'print \"perl still runs\\n\"'"
try 'other programs: busybox' runs 'uname -a'
show 'debarctl check /usr/bin/jq /usr/bin/perl'
step 'debarctl check (1: one of them is banned)' 'exit code 1' "exit code $code"

title 'The log'
tries=0
until [ "$(wc -l <$log)" -ge 6 ] || [ $tries -ge 100 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
show "cat $log"
step 'refusals in the log of debard' 6 "$(logged verdict '^deny$')"
step '  with path and SHA-256' '6 6' "$(logged path '^/') $(logged file_sha256 '^[0-9a-f]{64}$')"
step '  with ban id and vendor' '6 6' "$(logged ban_id '^DEMO-1$') $(logged vendor '^Example Vendor$')"
step '  with product and authority' '6 6' "$(logged product .) $(logged authority '^Example order 1/2024$')"
step '  with user and process' '5 root, 1 alice, 6' \
	"$(logged user '^root$') root, $(logged user '^alice$') alice, $(logged comm .)"
show 'debarctl denials'
step 'debarctl denials: names of the refused' 6 \
	"$(grep -c -E '/usr/bin/jq|cowsay|/usr/games/sl|/tmp/innocent|libjq' /run/output)"
show 'debarctl status'
step 'debarctl status: mode' enforce "$(grep -o -w -m 1 enforce /run/output)"

title 'And away'
show 'debarctl policy unload'
try 'jq, without a policy' runs 'jq --version'
show 'kill $(pidof debard); sleep 1; debarctl module unload'
step 'debarctl module unload' 'exit code 0' "exit code $code"

printf '\n%-42s | %-31s | %-31s |\n' step expected seen
printf '%0.s-' $(seq 113)
echo
cat $table
[ "$failed" = 0 ]
