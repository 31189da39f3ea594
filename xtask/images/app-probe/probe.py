#!/usr/bin/python3
"""Tries a database URL from inside an app container. Without URL it is the variable DATABASE_URL, which is the way to
keep a password off command lines; probe itself hands passwords on in the environment or over the wire only.

  probe check [URL]              one try: prints "ok VERSION" or "fail MESSAGE" (exit 1)
  probe wait [URL] [SECONDS]     tries until it works, prints the seconds it took
  probe write [URL] KEY VALUE    stores a value (table or collection app_probe; a key in Redis)
  probe read [URL] KEY           prints it
  probe serve                    HTTP on $PORT: / checks DATABASE_URL (200 or 503), /env lists the variables' names

Schemes: postgresql, mysql, mariadb, redis, valkey, mongodb.
"""
import json
import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit


def run(argv, env, stdin=None):
    done = subprocess.run(argv, env={**os.environ, **env}, input=stdin, text=True, capture_output=True, timeout=20)
    if done.returncode:
        message = done.stderr.strip() or done.stdout.strip() or "exit %d" % done.returncode
        raise RuntimeError(message.replace("\n", " "))
    return done.stdout.strip()


class Postgres:
    def __init__(self, url):
        # libpq itself reads the URL, as it does for most apps.
        import psycopg2

        self.connection = psycopg2.connect(url, connect_timeout=5)
        self.connection.autocommit = True

    def sql(self, text, *values):
        with self.connection.cursor() as cursor:
            cursor.execute(text, values)
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else ""

    def version(self):
        return self.sql("show server_version")

    def write(self, key, value):
        self.sql("create table if not exists app_probe (k text primary key, v text)")
        self.sql(
            "insert into app_probe values (%s, %s) on conflict (k) do update set v = excluded.v", key, value
        )

    def read(self, key):
        return self.sql("select v from app_probe where k = %s", key)


class MariaDb:
    def __init__(self, url):
        parts = urlsplit(url)
        self.argv = ["mariadb", "--no-defaults", "--protocol=tcp", "--connect-timeout=5", "--batch", "--raw"]
        self.argv += ["--skip-column-names", "--host=" + parts.hostname, "--port=%d" % (parts.port or 3306)]
        self.argv += ["--user=" + unquote(parts.username or "root")]
        if parts.path.strip("/"):
            self.argv += ["--database=" + unquote(parts.path.strip("/"))]
        self.password = unquote(parts.password or "")
        self.tls = []

    def sql(self, text):
        try:
            return run(self.argv + self.tls, {"MYSQL_PWD": self.password}, text)
        except RuntimeError as error:
            # MySQL's caching_sha2_password takes the password over TLS only, which this client has to be told to use.
            message = str(error)
            if self.tls or not ("caching_sha2_password" in message or "secure connection" in message):
                raise
            self.tls = ["--ssl"]
            return self.sql(text)

    def version(self):
        return self.sql("select version();")

    def write(self, key, value):
        self.sql(
            "create table if not exists app_probe (k varchar(100) primary key, v text);"
            " replace into app_probe values (%s, %s);" % (self.quote(key), self.quote(value))
        )

    def read(self, key):
        return self.sql("select v from app_probe where k = %s;" % self.quote(key))

    @staticmethod
    def quote(text):
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


class Redis:
    def __init__(self, url):
        parts = urlsplit(url)
        self.argv = ["redis-cli", "-e", "--no-auth-warning", "-h", parts.hostname, "-p", str(parts.port or 6379)]
        if parts.username:
            self.argv += ["--user", unquote(parts.username)]
        if parts.path.strip("/"):
            self.argv += ["-n", parts.path.strip("/")]
        self.env = {"REDISCLI_AUTH": unquote(parts.password)} if parts.password else {}

    def command(self, *words):
        # A failed login is only a warning to redis-cli, and the answer to the command then says what is missing.
        answer = run(self.argv + list(words), self.env)
        if answer.startswith(("NOAUTH", "NOPERM", "WRONGPASS", "DENIED", "ERR ", "AUTH failed")):
            raise RuntimeError(answer)
        return answer

    def version(self):
        lines = self.command("info", "server").splitlines()
        info = dict(line.strip().split(":", 1) for line in lines if ":" in line)
        return info.get("valkey_version") or info["redis_version"]

    def write(self, key, value):
        self.command("set", "app_probe:" + key, value)

    def read(self, key):
        return self.command("get", "app_probe:" + key)


class Mongo:
    def __init__(self, url):
        from pymongo import MongoClient

        self.client = MongoClient(url, serverSelectionTimeoutMS=5000)
        self.database = self.client.get_default_database("test")

    def version(self):
        # Needs the login, which asking for the version does not.
        self.database.list_collection_names()
        return self.client.server_info()["version"]

    def write(self, key, value):
        self.database.app_probe.replace_one({"_id": key}, {"_id": key, "v": value}, upsert=True)

    def read(self, key):
        document = self.database.app_probe.find_one({"_id": key})
        return document["v"] if document else ""


SCHEMES = {
    "postgres": Postgres,
    "postgresql": Postgres,
    "mysql": MariaDb,
    "mariadb": MariaDb,
    "redis": Redis,
    "valkey": Redis,
    "mongodb": Mongo,
}


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
    command, words = (argv[1] if len(argv) > 1 else "serve"), argv[2:]
    if command == "serve":
        return serve()
    url = words.pop(0) if words and "://" in words[0] else os.environ.get("DATABASE_URL", "")
    if command == "wait":
        return wait(url, float(words[0]) if words else 60.0)
    try:
        if command == "check":
            print("ok " + connect(url).version())
        elif command == "write":
            key, value = words
            connect(url).write(key, value)
        elif command == "read":
            (key,) = words
            print(connect(url).read(key))
        else:
            sys.exit(__doc__)
        return 0
    except Exception as error:
        print("fail " + " ".join(str(error).split()))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
