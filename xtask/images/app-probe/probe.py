#!/usr/bin/python3
"""Tries a database URL (argument or DATABASE_URL) from inside an app container.

  probe check [URL]              one try: prints "ok VERSION" or "fail MESSAGE" (exit 1)
  probe wait [URL] [SECONDS]     tries until it works, prints the seconds it took
  probe write URL KEY VALUE      stores a value in the table app_probe
  probe read URL KEY             prints it
  probe serve                    HTTP on $PORT: / checks DATABASE_URL (200 or 503), /env lists the variables' names
"""
import json
import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def run(argv, env, stdin):
    done = subprocess.run(argv, env={**os.environ, **env}, input=stdin, text=True, capture_output=True, timeout=20)
    if done.returncode:
        message = done.stderr.strip() or done.stdout.strip() or "exit %d" % done.returncode
        raise RuntimeError(message.replace("\n", " "))
    return done.stdout.strip()


def quote(text):
    return "'" + text.replace("'", "''") + "'"


class Postgres:
    def __init__(self, url):
        self.url = url

    def sql(self, text):
        argv = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-w", self.url]
        return run(argv, {"PGCONNECT_TIMEOUT": "5"}, text)

    def version(self):
        return self.sql("show server_version;")

    def write(self, key, value):
        self.sql(
            "create table if not exists app_probe (k text primary key, v text);"
            " insert into app_probe values (%s, %s) on conflict (k) do update set v = excluded.v;"
            % (quote(key), quote(value))
        )

    def read(self, key):
        return self.sql("select v from app_probe where k = %s;" % quote(key))


SCHEMES = {"postgres": Postgres, "postgresql": Postgres}


def connect(url):
    scheme = url.split(":", 1)[0].split("+")[0]
    if scheme not in SCHEMES:
        raise RuntimeError("unknown scheme in URL")
    return SCHEMES[scheme](url)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/env":
            code, body = 200, sorted(os.environ)
        else:
            try:
                code, body = 200, {"ok": True, "version": connect(os.environ["DATABASE_URL"]).version()}
            except Exception as error:
                code, body = 503, {"ok": False, "error": str(error) or repr(error)}
        data = json.dumps(body).encode() + b"\n"
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def serve():
    # PID 1 has no default action for signals.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    ThreadingHTTPServer(("0.0.0.0", int(os.environ.get("PORT", "3000"))), Handler).serve_forever()


def wait(url, limit):
    started, error = time.monotonic(), None
    while time.monotonic() - started < limit:
        try:
            version = connect(url).version()
            print("%.2f %s" % (time.monotonic() - started, version))
            return 0
        except Exception as problem:
            error = problem
            time.sleep(0.05)
    print("fail %s" % error)
    return 1


def main(argv):
    command = argv[1] if len(argv) > 1 else "serve"
    if command == "serve":
        return serve()
    url = argv[2] if len(argv) > 2 else os.environ.get("DATABASE_URL", "")
    if command == "wait":
        return wait(url, float(argv[3]) if len(argv) > 3 else 60.0)
    try:
        database = connect(url)
        if command == "check":
            print("ok " + database.version())
        elif command == "write":
            database.write(argv[3], argv[4])
        elif command == "read":
            print(database.read(argv[3]))
        else:
            sys.exit(__doc__)
        return 0
    except Exception as error:
        print("fail %s" % error)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
