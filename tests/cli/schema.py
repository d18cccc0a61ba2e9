#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""schema.py SCHEMA COMMAND - every line of standard input is what a command may write with --json.

Says which line is not, and why. No line at all is a fault, too.
"""
import json
import sys

import jsonschema


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    schema["$ref"] = "#/$defs/" + sys.argv[2]
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    count = 0
    for count, line in enumerate(sys.stdin, 1):
        for fault in validator.iter_errors(json.loads(line)):
            sys.exit(f"line {count}: {'/'.join(map(str, fault.absolute_path))}: {fault.message}")
    if not count:
        sys.exit("no line")


main()
