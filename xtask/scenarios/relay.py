#!/usr/bin/python3
"""Stands between the server and Podman's socket, writes down when it passes which event on, and cuts the streams of
events on demand.
    relay.py LISTEN_SOCKET PODMAN_SOCKET PIPE EVENTS
Reads `cut` and `mend`, one on a line, from the named pipe. While cut, streams of events are closed and not opened again;
all other requests go through. EVENTS gets a line for each event: the monotonic clock in seconds, and the event's JSON."""
import os
import socket
import sys
import threading
import time

listen, podman_socket, pipe, events = sys.argv[1:]
streams, is_cut, guard = set(), False, threading.Lock()
written = open(events, "ab", buffering=0)


def close(pair):
    for end in pair:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def write_down(rest, chunk):
    """Writes down the events that are complete; gives what is left of the next."""
    *lines, rest = (rest + chunk).split(b"\n")
    for line in lines:
        if line.startswith(b"{"):
            written.write(b"%.6f %s\n" % (time.monotonic(), line.strip()))
    return rest


def pump(source, target, pair, is_client):
    rest = b""
    try:
        while chunk := source.recv(65536):
            if is_client and b"/events?" in chunk.split(b"\r\n", 1)[0]:
                with guard:
                    streams.add(pair)
                    if is_cut:
                        break
            if not is_client and pair in streams:
                rest = write_down(rest, chunk)
            target.sendall(chunk)
    except OSError:
        pass
    close(pair)
    with guard:
        streams.discard(pair)


def obey():
    global is_cut
    while True:
        with open(pipe) as words:
            for word in words:
                with guard:
                    is_cut = word.strip() == "cut"
                    cut = list(streams) if is_cut else []
                for pair in cut:
                    close(pair)


threading.Thread(target=obey, daemon=True).start()
server = socket.socket(socket.AF_UNIX)
server.bind(listen)
os.chmod(listen, 0o600)
server.listen(64)
while True:
    client, _ = server.accept()
    podman = socket.socket(socket.AF_UNIX)
    podman.connect(podman_socket)
    pair = (client, podman)
    threading.Thread(target=pump, args=(client, podman, pair, True), daemon=True).start()
    threading.Thread(target=pump, args=(podman, client, pair, False), daemon=True).start()
