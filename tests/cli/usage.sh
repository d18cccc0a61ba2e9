# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The command line itself: help, versions, and what is wrong with it.

usage() {
	local what=$1 message=$2
	shift 2
	says "$what" 2 "debarctl: $message" "$@"
}

says 'version' 0 '' debarctl --version
has 'version: a number' 'debarctl 0.'
says 'help' 0 '' debarctl --help
for command in module import policy check mode seal denials status; do
	exits "help lists $command" 0 sh -c "debarctl --help | grep -q '^  $command '"
	says "$command --help" 0 '' debarctl $command --help
	has "$command --help: usage" "usage: debarctl $command"
	exits "debarctl(8) tells of $command" 0 grep -q "debarctl $command" "$TOP/userspace/man/debarctl.8"
	exits "the completion knows $command" 0 grep -qw "$command" "$TOP/userspace/completion/debarctl"
done
for command in build sign verify show diff load unload; do
	says "policy $command --help" 0 '' debarctl policy $command --help
	has "policy $command --help: usage" "usage: debarctl policy $command"
done
usage 'no command' 'debarctl: a command is missing
debarctl --help shows what can be given.' debarctl
usage 'no such command' 'debarctl: no such command: polcy
debarctl --help shows what can be given.' debarctl polcy
usage 'no command of a command' 'debarctl policy: a command is missing
debarctl policy --help shows what can be given.' debarctl policy
usage 'no such option' 'policy build: unknown option, or its value is missing: --out
debarctl policy build --help shows what can be given.' debarctl policy build --out
usage 'no source' 'policy build: a policy source is missing
debarctl policy build --help shows what can be given.' debarctl policy build -o x
usage 'no output' 'policy build: the file to write is missing (-o FILE)
debarctl policy build --help shows what can be given.' debarctl policy build x.yaml
usage 'no policy to sign' 'policy sign: give one compiled policy
debarctl policy sign --help shows what can be given.' debarctl policy sign --key k --cert c
usage 'no key to sign with' 'policy sign: the key is missing (--key KEY)
debarctl policy sign --help shows what can be given.' debarctl policy sign --cert c x.debar
usage 'no certificate of the key' 'policy sign: the certificate is missing (--cert CERT)
debarctl policy sign --help shows what can be given.' debarctl policy sign --key k x.debar
usage 'nowhere to write' 'policy sign: the file to write is missing (-o FILE)
debarctl policy sign --help shows what can be given.' debarctl policy sign --key k --cert c --attached x.debar
usage 'no policy to verify' 'policy verify: give one compiled policy
debarctl policy verify --help shows what can be given.' debarctl policy verify --cert c
usage 'nobody to trust' 'policy verify: a certificate is missing (--cert CERT)
debarctl policy verify --help shows what can be given.' debarctl policy verify x.debar
usage 'one policy to compare' 'policy diff: two policies are needed: the old and the new one
debarctl policy diff --help shows what can be given.' debarctl policy diff x.debar
usage 'no policy to load' 'policy load: a policy is missing
debarctl policy load --help shows what can be given.' debarctl policy load
usage 'an argument too many' 'policy unload: takes no argument: x
debarctl policy unload --help shows what can be given.' debarctl policy unload x
usage 'no file to check' 'check: a file is missing
debarctl check --help shows what can be given.' debarctl check
usage 'no such mode' 'mode: give monitor, enforce or nothing
debarctl mode --help shows what can be given.' debarctl mode block
usage 'sealing something' 'seal: takes no argument: x
debarctl seal --help shows what can be given.' debarctl seal x
usage 'no package' 'import: a package or a list is missing
debarctl import --help shows what can be given.' debarctl import
usage 'status of something' 'status: takes no argument: x
debarctl status --help shows what can be given.' debarctl status x
if command -v mandoc >/dev/null; then
	for page in "$TOP"/userspace/man/*; do exits "${page##*/} is well-formed" 0 mandoc -T lint -W error "$page"; done
fi
