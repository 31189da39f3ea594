#!/usr/bin/env python3
"""Follows an operation over a WebSocket: writes each frame, as it was sent, as a line of FILE.
    follow.py URL FILE [--header NAME:VALUE]… [--take N]
Prints the code of the server's goodbye, or `left` after N frames, or `refused STATUS`."""
import argparse
import struct

import websocket

parser = argparse.ArgumentParser()
parser.add_argument("url")
parser.add_argument("file")
parser.add_argument("--header", action="append", default=[])
parser.add_argument("--take", type=int)
arguments = parser.parse_args()
origin = [line for line in arguments.header if line.lower().startswith("origin:")]
options = {"origin": origin[0].split(":", 1)[1].strip()} if origin else {"suppress_origin": True}
try:
    connection = websocket.create_connection(
        arguments.url, timeout=120, header=[line for line in arguments.header if line not in origin], **options
    )
except websocket.WebSocketBadStatusException as refusal:
    print("refused", refusal.status_code)
    raise SystemExit(0)
taken = 0
with open(arguments.file, "w", buffering=1, encoding="utf-8") as file:
    while taken != arguments.take:
        code, data = connection.recv_data()
        if code == websocket.ABNF.OPCODE_CLOSE:
            print(struct.unpack("!H", data[:2])[0])
            break
        file.write(data.decode() + "\n")
        taken += 1
    else:
        print("left")
connection.close()
