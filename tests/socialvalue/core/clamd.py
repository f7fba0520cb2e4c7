"""A scanner of our own that speaks ClamAV's protocol on a real socket, for tests."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import contextmanager, suppress

VIRUS = b"EICAR-TEST-MARK"


class FakeClamd:
    """Answers INSTREAM and VERSION like clamd. ``mood`` is how it behaves: well, mute, slow, rude, cut, small."""

    def __init__(self, listening, mood="well"):
        self.listening, self.mood = listening, mood
        self.heard: list[bytes] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def port(self):
        return self.listening.getsockname()[1]

    def close(self):
        self.stop.set()
        # Wakes the thread that waits for somebody to call.
        with suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join(5)

    def _serve(self):
        while not self.stop.is_set():
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            with line:
                try:
                    self._answer(line)
                except OSError:
                    continue

    def _answer(self, line):
        command = b""
        while not command.endswith(b"\0"):
            piece = line.recv(1)
            if not piece:
                return
            command += piece
        if self.mood == "mute":
            self.stop.wait(10)
            return
        if command == b"zVERSION\0":
            line.sendall(b"ClamAV 1.4.3/27800/Sat Nov 21 2026\0")
            return
        assert command == b"zINSTREAM\0", command
        content = self._stream(line)
        if content is None:
            return
        self.heard.append(content)
        if self.mood == "rude":
            line.sendall(b"INSTREAM: Can't allocate memory ERROR\0")
        elif self.mood == "cut":
            return
        elif self.mood == "slow":
            for letter in b"stream: OK\0":
                if self.stop.wait(0.4):
                    return
                line.sendall(bytes([letter]))
        elif VIRUS in content:
            line.sendall(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")
        else:
            line.sendall(b"stream: OK\0")

    def _stream(self, line):
        content = b""
        while True:
            (size,) = struct.unpack("!I", self._exactly(line, 4))
            if not size:
                return content
            content += self._exactly(line, size)
            if self.mood == "small" and len(content) > 1000:
                line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return None

    def _exactly(self, line, size):
        found = b""
        while len(found) < size:
            piece = line.recv(size - len(found))
            if not piece:
                raise OSError("The line was cut.")
            found += piece
        return found


@contextmanager
def clamd(mood="well", path=None):
    """A running one: over TCP, or on a socket at ``path``."""
    if path is None:
        listening = socket.create_server(("127.0.0.1", 0))
    else:
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listening.bind(str(path))
        listening.listen()
    server = FakeClamd(listening, mood)
    try:
        yield server
    finally:
        server.close()
