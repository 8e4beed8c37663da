"""Asks one address again and again for a while and counts what went wrong. Never asks twice.

usage: load.py HOST SERVER-NAME PATH SECONDS CONNECTIONS REQUESTS-A-SECOND-OF-EACH keep|close
"""

import http.client
import json
import socket
import ssl
import sys
import threading
import time

host, name, path, seconds, connections, rate, mode = sys.argv[1:8]
end = time.monotonic() + float(seconds)
context = ssl._create_unverified_context()
lock = threading.Lock()
counted = {"requests": 0, "failed": 0, "failures": []}


class Connection(http.client.HTTPSConnection):
    """To `host`, under the name `name`."""

    def connect(self):
        self.sock = context.wrap_socket(socket.create_connection((host, 443), 10), server_hostname=name)


def ask_on():
    connection = Connection(name, timeout=20)
    while time.monotonic() < end:
        begin = time.monotonic()
        fault = None
        try:
            connection.request("GET", path, headers={"Connection": "close"} if mode == "close" else {})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                fault = f"status {answer.status}"
        except Exception as error:
            fault = repr(error)
            connection.close()
        with lock:
            counted["requests"] += 1
            if fault:
                counted["failed"] += 1
                counted["failures"] = [*counted["failures"], fault][:5]
        time.sleep(max(0.0, 1 / float(rate) - (time.monotonic() - begin)))


threads = [threading.Thread(target=ask_on) for _ in range(int(connections))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps(counted))
