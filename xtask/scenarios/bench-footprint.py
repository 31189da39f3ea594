#!/usr/bin/python3
"""Starts the server RUNS times and prints a table of what it takes.
    bench-footprint.py STARDECK_BINARY DATA_DIR AUTHORIZATION RUNS ROWS RESIDENT_KB
The first answer is a page of 100 databases, asked for every millisecond from the start of the process. Its Podman is
not there, so that nothing but the server is measured."""
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time

binary, data, authorization, runs, rows, resident = sys.argv[1:]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start():
    """Milliseconds until the first answer."""
    port = free_port()
    began = time.monotonic()
    server = subprocess.Popen(
        [binary, "serve", "--listen", "127.0.0.1:%d" % port, "--data-dir", data, "--podman-socket", data + "/none.sock"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        while time.monotonic() - began < 30:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/api/databases?limit=100", headers={"Authorization": authorization})
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    return 1000 * (time.monotonic() - began)
            except OSError:
                pass
            time.sleep(0.001)
        raise SystemExit("no answer within 30 s")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


start()  # Files are cold once.
times = [start() for _ in range(int(runs))]
first, memory, size = statistics.median(times), int(resident) * 1024 / 1e6, os.path.getsize(binary) / 1e6
print("| what | measured | aim |")
print("|---|---|---|")
print("| resident memory at rest, one database | %.1f MB | 25 MB |" % memory)
print("| start to first answer, %s databases (median of %s, most %.0f ms) | %.0f ms | 100 ms |" % (rows, runs, max(times), first))
print("| program with the web UI in it | %.1f MB | 30 MB |" % size)
print("bench footprint: %.1f MB, %.0f ms, %.1f MB" % (memory, first, size))
