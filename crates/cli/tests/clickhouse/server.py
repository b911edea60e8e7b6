"""ClickHouse's HTTP interface, as far as polku speaks it, around the engine in this process: `server.py FOLDER` prints its port.

A statement stands in the body, or in `query` with rows in the body. Settings in the address are set for the session. Rows that are asked for leave while
they are read, as they do from a server.
"""

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import _chdb

connection = _chdb.connect(sys.argv[1])
lock = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        said = dict(parse_qsl(urlsplit(self.path).query))
        statement = said.pop("query", None)
        said.pop("database", None)
        if self.headers.get("x-clickhouse-user") and self.headers["x-clickhouse-key"] != "the-password":
            return self.answer(403, "Code: 516. DB::Exception: Authentication failed\n")
        text = body if statement is None else f"{statement}\n{body}"
        try:
            with lock:
                for name, value in said.items():
                    connection.query(f"SET {name} = {value}", "TabSeparated")
                if statement is None and text.startswith("SELECT"):
                    return self.stream(text)
                answer = connection.query(text, "TabSeparated")
                data = answer.data() if answer else ""
        except Exception as why:
            return self.answer(500, f"{why}\n")
        self.answer(200, data if isinstance(data, str) else bytes(data).decode())

    def stream(self, text):
        rows = connection.send_query(text, "TabSeparated")
        if rows.has_error():
            return self.answer(500, f"{rows.error_message()}\n")
        begun = False
        try:
            while True:
                part = connection.streaming_fetch_result(rows)
                data = part.data() if part else ""
                data = data.encode() if isinstance(data, str) else bytes(data)
                if not data:
                    break
                if not begun:
                    self.send_response(200)
                    self.send_header("transfer-encoding", "chunked")
                    self.end_headers()
                    begun = True
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        except (BrokenPipeError, ConnectionResetError):
            # Who asked has had enough.
            connection.streaming_cancel_query(rows)
            self.close_connection = True
            return
        except Exception as why:
            if not begun:
                raise
            # What fails in the middle is said where the next row would be.
            said = f"{why}\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(said), said))
        if begun:
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.answer(200, "")

    def answer(self, status, text):
        data = text.encode()
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
