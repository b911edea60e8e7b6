"""Runs the queries of a file in the engine, one as a JSON string a line; writes what each gives, as a JSON string a line."""

import json
import sys

import _chdb

connection = _chdb.connect(":memory:")
for line in open(sys.argv[1], encoding="utf-8"):
    answer = connection.query(json.loads(line), "JSONEachRow")
    print(json.dumps(answer.data() if answer else ""), flush=True)
