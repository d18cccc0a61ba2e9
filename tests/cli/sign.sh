# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# policy sign and verify: files and tokens, what OpenSSL makes of it, and signatures that do not hold.

"$TOP/tests/vm/certs.sh"
certs=$TOP/build/certs
printf 'name: acme\nserial: 7\nbans: []\n' >s.yaml
debarctl policy build s.yaml -o s.debar >/dev/null
trusted=(--key "$certs/trusted.key" --cert "$certs/trusted.crt")

exits 'sign' 0 debarctl policy sign "${trusted[@]}" s.debar
has 'it tells what was signed' 'signed: policy acme, serial 7: s.debar.p7s'
exits 'openssl finds it good' 0 openssl cms -verify -binary -inform der -in s.debar.p7s -content s.debar \
	-CAfile "$certs/trusted.crt" -purpose any -out /dev/null
exits 'verify' 0 debarctl policy verify --cert "$certs/other.crt" --cert "$certs/trusted.crt" s.debar
has 'it tells by whom' 'verified: policy acme, serial 7, signed by /O=Example/CN=trusted'
exits 'verify, as JSON' 0 debarctl policy verify --json --cert "$certs/trusted.crt" s.debar
has 'the same' "{\"name\":\"acme\",\"serial\":7,\"digest\":\"$(sha256sum <s.debar | cut -d' ' -f1)\",\"signer\":\"/O=Example/CN=trusted\"}"
exits 'sign, with the policy in it' 0 debarctl policy sign "${trusted[@]}" --attached -o s.p7 s.debar
exits 'verify it' 0 debarctl policy verify --cert "$certs/trusted.crt" s.p7
exits 'show it' 0 debarctl policy show s.p7
has 'it is the policy' 'acme'
openssl cms -sign -binary -nodetach -nosmimecap -outform der -signer "$certs/trusted.crt" -inkey "$certs/trusted.key" \
	-in s.debar -out o.p7
exits 'one that openssl made' 0 debarctl policy verify --cert "$certs/trusted.crt" o.p7

# A token as OpenSSL's engine finds it.
export SOFTHSM2_CONF=$PWD/softhsm2.conf
mkdir tokens
echo "directories.tokendir = $PWD/tokens" >softhsm2.conf
softhsm2-util --init-token --free --label debar --pin 1234 --so-pin 1234 >/dev/null
softhsm2-util --import "$certs/trusted.key" --token debar --label signer --id 01 --pin 1234 >/dev/null
exits 'sign with a token' 0 env PKCS11_MODULE_PATH=/usr/lib/softhsm/libsofthsm2.so \
	debarctl policy sign --key 'pkcs11:token=debar;object=signer;pin-value=1234' --cert "$certs/trusted.crt" -o t.p7s s.debar
mv t.p7s s.debar.p7s
exits 'verify it' 0 debarctl policy verify --cert "$certs/trusted.crt" s.debar
# The engine itself leaks then, and says things of its own.
run env ASAN_OPTIONS=detect_leaks=0 PKCS11_MODULE_PATH=/usr/lib/softhsm/libsofthsm2.so debarctl policy sign \
	--key 'pkcs11:token=none;object=none;pin-value=1234' --cert "$certs/trusted.crt" -o none.p7s s.debar
said=$(tail -n 1 err)
result 'a token that is not there' \
	"$([[ $code = 4 && $said = 'debarctl: PKCS#11 token: no private key can be had from it: '* ]] && echo 0 || echo 1)"
absent 'nothing is written' none.p7s

# started WHAT CODE BEGINNING COMMAND... - as says, but what OpenSSL adds may differ between its versions
started() {
	local what=$1 expected=$2 beginning=$3
	shift 3
	run "$@"
	result "$what" "$([[ $code = "$expected" && $(cat err) = "$beginning"* ]] && echo 0 || echo 1)"
}
started 'a key that is not there' 4 'debarctl: none.key: no private key can be had from it: ' \
	debarctl policy sign --key none.key --cert "$certs/trusted.crt" s.debar
started 'a certificate for a key' 4 "debarctl: $certs/trusted.crt: no private key can be had from it: " \
	debarctl policy sign --key "$certs/trusted.crt" --cert "$certs/trusted.crt" s.debar
started 'a certificate that is not there' 4 'debarctl: none.crt: no certificate can be had from it: ' \
	debarctl policy sign --key "$certs/trusted.key" --cert none.crt s.debar
started "somebody else's certificate" 4 "debarctl: $certs/other.crt: it is not that of the key: " \
	debarctl policy sign --key "$certs/trusted.key" --cert "$certs/other.crt" s.debar
says 'a certificate that has expired' 4 \
	"debarctl: $certs/expired.crt: today is not within the certificate's dates: have it renewed, or set the clock" \
	debarctl policy sign --key "$certs/expired.key" --cert "$certs/expired.crt" s.debar
says 'a place that cannot be written' 5 \
	'debarctl: none/s.p7s: cannot write it: No such file or directory: check the path, a part of it does not exist' \
	debarctl policy sign "${trusted[@]}" -o none/s.p7s s.debar
started 'verified for somebody else' 4 'debarctl: s.debar: its signature does not hold: ' \
	debarctl policy verify --cert "$certs/other.crt" s.debar
started 'a certificate that is none' 4 'debarctl: s.yaml: no certificate can be had from it: ' \
	debarctl policy verify --cert s.yaml s.debar
sed 's/7/8/' s.yaml >8.yaml
debarctl policy build 8.yaml -o s.debar >/dev/null
started 'the signature of another policy' 4 'debarctl: s.debar: its signature does not hold: ' \
	debarctl policy verify --cert "$certs/trusted.crt" s.debar
printf x >>s.debar.p7s
started 'a signature with a byte too many' 4 'debarctl: s.debar: its signature is malformed: ' \
	debarctl policy verify --cert "$certs/trusted.crt" s.debar
rm s.debar.p7s
says 'no signature' 4 'debarctl: s.debar: it is not signed: sign it with debarctl policy sign' \
	debarctl policy verify --cert "$certs/trusted.crt" s.debar
mkdir s.debar.p7s
says 'a signature that cannot be read' 5 \
	'debarctl: s.debar.p7s: cannot read the signature: Is a directory: give a file, not a directory' \
	debarctl policy verify --cert "$certs/trusted.crt" s.debar
rmdir s.debar.p7s
head -c 300 o.p7 >cut.p7
started 'a signed policy that is cut off' 4 'debarctl: cut.p7: no policy in a signature: ' debarctl policy show cut.p7
