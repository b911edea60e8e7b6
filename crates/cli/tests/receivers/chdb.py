"""Runs the queries on standard input in the engine, one as a JSON string a line; writes what each gives, as a JSON string a line."""

import json
import sys

import _chdb

connection = _chdb.connect(":memory:")
for line in sys.stdin:
    answer = connection.query(json.loads(line), "JSONEachRow")
    print(json.dumps(answer.data() if answer else ""), flush=True)
