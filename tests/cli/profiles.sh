# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # variables of the part `source`
# Profiles of hosts: which bans are left out of a policy, who selects them, and what is wrong with a selection.

: >no.conf
echo 'profiles: [server, federal]' >server.conf
cat >profiles.yaml <<EOF
name: profiles
serial: 1
bans:
- {id: all, vendor: v, authority: a, indicators: [{sha256: $D1, source: s}]}
- {id: desk, vendor: v, authority: a, applies_to: [workstation, kiosk], indicators: [{sha256: $D2, source: s}]}
- {id: rack, vendor: v, authority: a, applies_to: [server], indicators: [{build_id: abcd, source: s}]}
waivers:
- {id: W, ban: desk, sha256: $D2, owner: o, ticket: t, expires: "9000-01-01T00:00:00Z"}
EOF
# left BAN PROFILES - what is said of a ban that is left out
left() { echo "debarctl: ban $1: left out, it applies to $2: select one of these profiles where it is to apply"; }
# applies WHAT BANS MESSAGE OPTION... - of the policy, BANS are compiled, and MESSAGE is said
applies() {
	says "$1: what is said" 0 "$3" debarctl policy show --json profiles.yaml "${@:4}"
	result "$1: what applies" "$([ "$(grep -o '"id":"[a-z]*","vendor"' out | cut -d'"' -f4 | xargs)" = "$2" ] && echo 0 || echo 1)"
}
applies 'no profile' 'all desk rack' '' --config no.conf
applies 'a file' 'all rack' "$(left desk 'workstation, kiosk')" --config server.conf
has 'the waiver of a ban that is left out is left out' '"waivers":[]'
applies 'the command line' 'all desk' "$(left rack server)" --config server.conf --profile kiosk
has 'a ban that applies keeps its waiver' '"waivers":[{"id":"W"'
applies 'two profiles' 'all desk rack' '' --profile workstation --profile server --config no.conf
applies 'a profile that nothing is about' 'all' "$(
	left desk 'workstation, kiosk'
	left rack server
)" --profile router --config no.conf
echo 'profiles: []' >empty.conf
applies 'an empty list' 'all desk rack' '' --config empty.conf

says 'build' 0 "$(left desk 'workstation, kiosk')" \
	debarctl policy build profiles.yaml --profile server --config no.conf -o server.debar
has 'leaves out' '2 bans, 2 indicators'
says 'a blob stays as it is' 0 '' debarctl policy show server.debar --profile kiosk --config no.conf
has 'whatever the profile is' 'rack'
printf 'desk' >desk
sed "s/$D2/$(sha256sum <desk | cut -d' ' -f1)/" profiles.yaml >judge.yaml
says 'check' 0 "$(left desk 'workstation, kiosk')" debarctl check --policy judge.yaml --profile server --config no.conf desk
says 'check for another host' 1 "$(left rack server)" debarctl check --policy judge.yaml --profile kiosk --config no.conf desk
sed 's/, applies_to: .server.//' profiles.yaml >wider.yaml
says 'diff' 1 "$(left rack server)" debarctl policy diff profiles.yaml wider.yaml --profile kiosk --config no.conf
has 'compares what applies' 'ban rack: added'
says 'load' 5 "$(left rack server)
debarctl: kernel: the module debar is not loaded: load it: debarctl module load" \
	debarctl policy load profiles.yaml --profile kiosk --config no.conf
exits 'the example' 0 debarctl policy build "$TOP/policy/examples/profiles.yaml" --profile workstation --config no.conf -o server.debar
has 'leaves out' '1 ban, 1 indicator'
says 'check without a source' 2 'debarctl: check: --profile and --config are for compiling: give a policy source, too' \
	debarctl check desk --profile kiosk
says 'show without a source' 2 'debarctl: policy show: --profile and --config are for compiling: give a policy source, too' \
	debarctl policy show --config no.conf

# Bans that never meet may have the same digest.
sed "s/build_id: abcd/sha256: $D2/" profiles.yaml >both.yaml
exits 'a digest in bans of different profiles' 0 debarctl policy build both.yaml --profile server --config no.conf -o server.debar
exits 'a digest in two bans that apply' 4 debarctl policy build both.yaml --config no.conf -o server.debar
printf 'bans:\n- {id: desk, vendor: v, authority: a, applies_to: [kiosk, workstation], indicators: []}\n' >part.yaml
exits 'parts of a ban name the same in any order' 0 debarctl policy build profiles.yaml part.yaml --config no.conf -o server.debar
printf 'bans:\n- {id: desk, vendor: v, authority: a, indicators: [{build_id: ab, source: s}]}\n' >part.yaml
exits 'a part that names none' 0 debarctl policy build profiles.yaml part.yaml --profile server --config no.conf -o server.debar
has 'goes with the ban' '2 bans, 2 indicators'
printf 'bans:\n- {id: desk, vendor: v, applies_to: [kiosk], authority: a, indicators: []}\n' >part.yaml
says 'parts of a ban that name others' 4 \
	"debarctl: part.yaml:2:25: ban 'desk' has another 'applies_to' than at profiles.yaml:5:4: give both parts the same, or another id" \
	debarctl policy build profiles.yaml part.yaml --config no.conf -o server.debar
sed 's/ban: desk/ban: dusk/' profiles.yaml >wrong.yaml
says 'a waiver of no ban at all' 4 \
	"debarctl: wrong.yaml:8:11: no ban 'dusk' for waiver 'W': write the id of a ban of this policy" \
	debarctl policy build wrong.yaml --profile server --config no.conf -o server.debar
form='write up to 64 lower-case letters, digits and hyphens'
for name in Server -server 'a b' "$(printf 'x%.0s' $(seq 65))"; do
	refuse_key "a profile called $name" "'$name' is no name of a profile: $form" applies_to "['$name']"
	says "the profile $name of the command line" 2 "debarctl: --profile: '$name' is no name of a profile: $form
debarctl policy show --help shows what can be given." debarctl policy show profiles.yaml --profile "$name"
done
refuse_key 'a profile without a name' "'' is no name of a profile: $form" applies_to "['']"
refuse_key 'a profile twice' "the profile 'kiosk' stands twice: write it once" applies_to '[kiosk, kiosk]'

# configure WHAT MESSAGE TEXT - a configuration that is refused
configure() {
	printf '%b' "$3" >wrong.conf
	says "$1" 4 "debarctl: $2" debarctl policy show profiles.yaml --config wrong.conf
}
configure 'an unknown key' 'wrong.conf:2:1: Unexpected key: profile: remove the key, or correct its name; debar.conf(5) lists all' \
	'profiles: [server]\nprofile: server\n'
configure 'a name that is none' "wrong.conf:2:3: 'Server' is no name of a profile: $form" '\n  profiles: [server, Server]\n'
configure 'no list' 'wrong.conf:1:1: Expecting SEQUENCE, got event: SCALAR: see debar.conf(5) for the form that is wanted here' \
	'profiles: server\n'
configure 'no YAML' 'wrong.conf:1:12: libyaml: did not find expected node content: make it valid YAML' 'profiles: [}\n'
says 'no such configuration' 5 \
	'debarctl: none.conf: cannot read it: No such file or directory: check the path, a part of it does not exist' \
	debarctl policy show profiles.yaml --config none.conf
