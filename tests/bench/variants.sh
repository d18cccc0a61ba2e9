#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is measured side by side: how each variant is put in force, shown to be so, and taken away. Sourced by guest.sh.
#
# Each that can refuse a file is given /bench/banned to refuse; one that does not is not measured.
# shellcheck disable=SC2154 # variables of guest.sh

BANNED=/bench/banned

# refuses WHAT... - the command is refused, for the right reason
refuses() {
	"$@" 2>&1 | grep -qE 'Operation not permitted|Permission denied'
}

# soon COMMAND... - within a few seconds
soon() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ "$tries" -lt 50 ] || return 1
		sleep 0.1
	done
}

banned_is_refused() {
	refuses "$BANNED"
}

# In bytes: what is free, on the lists of the processor too, or would be given back when it is needed.
free_memory() {
	awk '$1 == "pages" { pages += $3 } $1 == "count:" { pages += $2 }
		/^(Buffers|Cached|SReclaimable):/ { bytes += $2 * 1024 }
		END { printf "%.0f\n", pages * 4096 + bytes }' /proc/zoneinfo /proc/meminfo
}

enter_debar() { # [POLICY]
	before=$(free_memory)
	debarctl module load || return
	[ $# = 0 ] || work load silent 1 /usr/sbin/debarctl policy load "/bench.policies/$1.debar" || return
	footprint=$((before - $(free_memory)))
}

enter_fapolicyd() {
	conf=/etc/fapolicyd
	mkdir -p /run/fapolicyd /var/lib/fapolicyd /var/log $conf/rules.d
	grep -q ^fapolicyd: /etc/passwd || echo 'fapolicyd:x:990:990::/var/lib/fapolicyd:/bin/false' >>/etc/passwd
	grep -q ^fapolicyd: /etc/group || echo 'fapolicyd:x:990:' >>/etc/group
	chown fapolicyd:fapolicyd /run/fapolicyd /var/lib/fapolicyd
	sed -i -e 's/^watch_fs.*/watch_fs = ext4/' -e 's/^trust .*/trust = file/' -e 's/^integrity.*/integrity = sha256/' \
		$conf/fapolicyd.conf
	for file in /bench/static /bench/dynamic /bench/ld.so /bench/libc.so.6; do
		echo "$file $(stat -c %s $file) $(sha256sum <$file | cut -d ' ' -f 1)"
	done >$conf/fapolicyd.trust
	{
		echo "deny perm=any all : sha256hash=$(sha256sum <$BANNED | cut -d ' ' -f 1)"
		echo 'allow perm=any all : all'
	} >$conf/compiled.rules
	chown -R fapolicyd:fapolicyd $conf
	fapolicyd && soon banned_is_refused
}

leave_fapolicyd() {
	kill "$(cat /run/fapolicyd.pid)" && soon "$BANNED"
}

enter_bpf() {
	/bench.bpf $BANNED &
	bpf=$!
	soon banned_is_refused
}

measured() {
	cat /sys/kernel/security/ima/runtime_measurements_count
}

# A program that IMA has not seen yet is measured.
ima_measures() {
	before=$(measured)
	cat /bench/static >/bench/unseen
	echo "$variant $round" >>/bench/unseen
	chmod 755 /bench/unseen
	/bench/unseen
	rm /bench/unseen
	[ "$(measured)" -gt "$before" ]
}

# Root's files were labelled when they were written; this label does not fit its file's content.
enter_ima_appraise() {
	setfattr -n security.ima -v "0x0404$(printf %064d 0)" $BANNED
}

# What IPE can tell by its content has to be under fs-verity.
enter_ipe() {
	ipe=/sys/kernel/security/ipe
	[ -d $ipe/policies/Bench ] && return
	fsverity enable $BANNED && cat /bench.ipe >$ipe/new_policy && echo 1 >$ipe/policies/Bench/active
}

enter() {
	case $variant in
	nothing | ima-tcb) ;;
	ima-appraise) enter_ima_appraise ;;
	fapolicyd) enter_fapolicyd ;;
	bpf) enter_bpf ;;
	ipe) enter_ipe ;;
	module) enter_debar ;;
	*) enter_debar "$variant" ;;
	esac
}

# What was entered is in force.
active() {
	case $variant in
	nothing) "$BANNED" ;;
	module) [ -d /sys/module/debar ] && "$BANNED" ;;
	ima-tcb) ima_measures ;;
	n10-open) banned_is_refused && refuses cat $BANNED ;;
	*) banned_is_refused ;;
	esac
}

# In bytes; of debar, right after the policy was loaded: what it keeps of denials and verdicts comes on top.
memory() {
	case $variant in
	fapolicyd) awk '$1 == "VmRSS:" { print $2 * 1024 }' "/proc/$(cat /run/fapolicyd.pid)/status" ;;
	module | n[0-9]* | sizeless) echo "$footprint" ;;
	esac
}

leave() {
	case $variant in
	nothing | ima-* | ipe) ;;
	fapolicyd) leave_fapolicyd ;;
	bpf) kill "$bpf" && soon "$BANNED" ;;
	*) debarctl module unload ;;
	esac
}
