#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What root can do to debar: switches and files of tracing, live patches, unloading; what is refused, what seen. KTAP.
set -u

tests=$PWD
tracing=/sys/kernel/tracing
probes=/sys/kernel/debug/kprobes/enabled
patch=/sys/kernel/livepatch/debar_test_patch
hooked='security_bprm_check security_mmap_file security_file_mprotect'
work=$(mktemp -d /tmp/root.XXXXXX)
trap 'debarctl module unload >/dev/null 2>&1; rm -rf "$work"' EXIT
cp payload "$work/victim"
cd "$work" || exit 1
. "$tests/tap.sh"
{ cat victim; } >innocent
printf X | dd of=innocent bs=1 seek=$(($(stat -c %s victim) - 1)) conv=notrunc 2>/dev/null
chmod 755 innocent
dmesg -c >/dev/null

put() { code sh -c "echo '$1' >'$2'"; }

# seen - what has become of the banned program, of the innocent one, and what the status says
seen() {
	banned=$(code ./victim)
	innocent=$(code ./innocent)
	status=$(code debarctl status)
	echo "$banned $innocent $status $(debarctl status 2>/dev/null | sed -n 's/^health *//p')"
}

guarded='126 0 0 good'
gone='0 0 5 '
refusal='the hooks cannot be attached: error -16: is one live-patched, or ftrace switched off?'

# detected WHAT EXPECTED SEEN - like same; for the checklist, ways.md
detected() {
	echo '# way: detected'
	same "$@"
}

# eventually COMMAND... - wait until it succeeds, at most for 20 s
eventually() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || return 1
		sleep 0.2
	done
}

# said WORDS - whether the log of the kernel says this, since it was last asked
said() { dmesg -c | grep -q "debar: $1"; }

ban victim
same 'the banned program is refused, the innocent one runs' "$guarded" "$(seen)"

same 'ftrace cannot be switched off' 1 "$(put 0 /proc/sys/kernel/ftrace_enabled)"
same 'and ftrace is not off' "1 $guarded" "$(cat /proc/sys/kernel/ftrace_enabled) $(seen)"

same 'kprobes can be switched off' 0 "$(put 0 $probes)"
same 'without kprobes debar works' "$guarded" "$(seen)"
rmmod debar && ban victim
same 'without kprobes debar is loaded' "$guarded" "$(seen)"
same 'kprobes are switched on again' 0 "$(put 1 $probes)"

same 'the tracer leaves out what debar is attached to' 0 "$(put 'security_*' $tracing/set_ftrace_notrace)"
same 'with its functions left out debar works' "$guarded" "$(seen)"
put '' $tracing/set_ftrace_notrace >/dev/null
put "$hooked" $tracing/set_ftrace_filter >/dev/null
for tracer in function function_graph; do
	same "the tracer $tracer follows what debar is attached to" 0 "$(put $tracer $tracing/current_tracer)"
	same "beside the tracer $tracer debar works" "$guarded" "$(seen)"
	grep -q security_bprm_check $tracing/trace
	result "and the tracer $tracer traces" $?
done
put nop $tracing/current_tracer >/dev/null
put '' $tracing/set_ftrace_filter >/dev/null

for function in $hooked; do
	put "p:$function $function
r:return_$function $function" $tracing/kprobe_events >/dev/null
	put 1 $tracing/events/kprobes/enable >/dev/null
	same "beside probes at $function debar works" "$guarded" "$(seen)"
	grep -q " $function: " $tracing/trace && grep -q " return_$function: " $tracing/trace
	result "and the probes at $function fire" $?
	put 0 $tracing/events/kprobes/enable >/dev/null
	same "the probes at $function can be removed" 0 "$(put '' $tracing/kprobe_events)"
	same "without probes at $function debar works" "$guarded" "$(seen)"
done

insmod "$tests/modules/debar_test_patch.ko" 2>&1 | grep -q 'resource busy'
result 'a live patch of a function that debar is attached to is refused' $?
[ ! -e $patch ]
result 'the patch leaves nothing behind' $?
same 'after the patch debar works' "$guarded" "$(seen)"

same 'with kernel code root can do anything: take the hooks away' 0 \
	"$(code insmod "$tests/modules/debar_test_detach.ko" \
		ops="0x$(awk '$3 == "redirection" && $4 == "[debar]" { print $1 }' /proc/kallsyms)")"
detected 'without hooks the status is unhealthy' '0 0 1 hook-detached' "$(seen)"
same 'given back, the hooks work' "0 $guarded" "$(code rmmod debar_test_detach) $(seen)"

debarctl mode monitor >/dev/null
detected 'in the mode monitor the status is unhealthy' '0 0 1 monitor-only' "$(seen)"
debarctl mode enforce >/dev/null
same 'in the mode enforce it is good again' "$guarded" "$(seen)"
debarctl policy unload >/dev/null
detected 'without a policy the status is unhealthy' '0 0 1 no-policy' "$(seen)"
said 'no policy is in force'
result 'the log of the kernel tells of the policy' $?
detected 'unloaded without a policy: the status fails' "0 $gone" "$(code rmmod debar) $(seen)"
ban victim
detected 'unloaded with a policy: the status fails' "0 $gone" "$(code rmmod debar) $(seen)"
said unloaded
result 'the log of the kernel tells of the unloading' $?
ban victim
detected 'unloaded by force: the status fails' "0 $gone" "$(code rmmod -f debar) $(seen)"

# Newer kernels do not let it be switched off at all.
case $(uname -r) in 6.*) switched=0 ;; *) switched=1 ;; esac
same 'without debar ftrace can be switched off, on old kernels' $switched "$(put 0 /proc/sys/kernel/ftrace_enabled)"
if [ $switched = 0 ]; then
	detected 'with ftrace off debar is not loaded' 5 "$(code debarctl module load)"
	said "$refusal"
	result 'the log of the kernel says that ftrace is off' $?
	same 'ftrace is switched on again' 0 "$(put 1 /proc/sys/kernel/ftrace_enabled)"
else
	echo '# way: not offered'
	same 'with ftrace off debar is not loaded' 1 "$(cat /proc/sys/kernel/ftrace_enabled)"
fi

same 'without debar the function can be live-patched' 0 "$(code insmod "$tests/modules/debar_test_patch.ko")"
eventually grep -q 0 $patch/transition
result 'all tasks have come over to the patch' $?
detected 'with a live patch debar is not loaded' "5 $gone" "$(code debarctl module load) $(seen)"
said "$refusal"
result 'the log of the kernel says that there is a live patch' $?
put 0 $patch/enabled >/dev/null
eventually rmmod debar_test_patch
result 'the patch goes' $?
ban victim
same 'without the patch debar is loaded' "$guarded" "$(seen)"
finish
