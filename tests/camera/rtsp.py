"""The least RTSP server that FFmpeg's client accepts: one client, RTP inside TCP.

The program ffmpeg sends RTP packets to a UDP port here; they are passed on as RFC 2326,
section 10.12, wants them: "$", channel, length, packet.
"""

import socket
import struct
import threading
from pathlib import Path


class RtspServer:
    """Serves the film described by an SDP file whose packets arrive at `packets`."""

    def __init__(self, sdp: Path, packets: socket.socket) -> None:
        self.sdp, self.packets = sdp, packets
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.client: socket.socket | None = None
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        for end in (self.client, self.listener):
            if end:
                end.close()

    def _serve(self) -> None:
        self.client, _ = self.listener.accept()
        lines = self.client.makefile("rb")
        while request := self._request(lines):
            method, sequence = request
            self._answer(method, sequence)
            if method == "PLAY":
                self._play()
                return

    def _request(self, lines) -> tuple[str, str] | None:
        head = []
        while (line := lines.readline().strip()) or not head:
            if not line:
                return None
            head.append(line.decode())
        sequence = next(line[5:] for line in head if line.lower().startswith("cseq:"))
        return head[0].split()[0], sequence.strip()

    def _answer(self, method: str, sequence: str) -> None:
        body, more = "", "Session: 1\r\n"
        if method == "OPTIONS":
            more = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        elif method == "DESCRIBE":
            body = self.sdp.read_text().partition("v=0")[2]
            body = "v=0" + body.replace("\r", "").replace("\n", "\r\n")
            more = f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
        elif method == "SETUP":
            more += "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        head = f"RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\n{more}\r\n"
        self.client.sendall((head + body).encode())

    def _play(self) -> None:
        try:
            while packet := self.packets.recv(65536):
                self.client.sendall(struct.pack(">cBH", b"$", 0, len(packet)) + packet)
        except OSError:
            self.close()
