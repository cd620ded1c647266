"""The application of a small system: it writes to its database all the time and says how it is.

GET /health   200 while writes arrive, the models are whole and the release is no broken one
GET /version  the release

The image has a small Python without its http package, so this speaks the little that is needed.
"""

import hashlib
import os
import socket
import subprocess
import threading
import time

INSERT = os.environ.get("INSERT")
FILES = os.environ.get("FILES")
state = {"written": 0.0, "error": "no write yet"}


def write():
    """Places one row after the other; each is a session of its own, so that a swap is noticed."""
    while True:
        done = subprocess.run(
            ["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", INSERT],
            capture_output=True, text=True, timeout=30)
        if done.returncode == 0:
            state.update(written=time.time(), error="")
        else:
            state["error"] = done.stderr.strip()
        time.sleep(0.5)


def fault():
    """Why the application is not well, or an empty text."""
    if os.environ.get("BROKEN"):
        return "this release cannot load its model"
    if INSERT and time.time() - state["written"] > 10:
        return "the database takes no writes: " + state["error"]
    if FILES:
        sums = os.path.join(FILES, "SHA256SUMS")
        if not os.path.exists(sums):
            return "there are no files in " + FILES
        for line in open(sums, encoding="utf8"):
            promised, name = line.split()
            path = os.path.join(FILES, name)
            if not os.path.exists(path):
                return name + " is missing"
            if hashlib.sha256(open(path, "rb").read()).hexdigest() != promised:
                return name + " is damaged"
    return ""


def answer(request):
    """The status and the body for the first line of a request."""
    path = request.split(" ")[1] if request.count(" ") > 1 else ""
    if path == "/version":
        return "200 OK", '{"version": "%s"}' % os.environ.get("VERSION", "")
    if path != "/health":
        return "404 Not Found", '{"status": "not found"}'
    why = fault()
    if not why:
        return "200 OK", '{"status": "ok"}'
    return "503 Service Unavailable", '{"status": "%s"}' % why.replace('"', "'").replace("\n", " ")


def serve(connection):
    """Reads one request and answers it."""
    with connection:
        connection.settimeout(10)
        said = b""
        while b"\r\n\r\n" not in said:
            more = connection.recv(4096)
            if not more:
                return
            said += more
        status, body = answer(said.decode("latin1").split("\r\n")[0])
        head = "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
        connection.sendall((head % (status, len(body.encode())) + body).encode())


if INSERT:
    threading.Thread(target=write, daemon=True).start()
server = socket.create_server(("", 8000))
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
