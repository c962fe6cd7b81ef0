"""A client that takes little of the two cores it shares with the server: sockets, and requests as bytes."""

import select
import socket
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

_PIECE: Final = 1 << 18


@dataclass(slots=True)
class Load:
    """What a series of requests took: seconds in all, and of each."""

    seconds: float = 0.0
    each: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.each) / self.seconds


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def send(port: int, requests: Iterable[bytes], *, connections: int) -> Load:
    """Send them all, on so many connections at once that stay open. Ends the program at the first error."""
    waiting, load = deque(requests), Load()
    begun: dict[int, float] = {}
    read: dict[int, bytes] = {}
    wires = [socket.create_connection(("127.0.0.1", port)) for _ in range(min(connections, len(waiting)))]
    ready, by_number = select.epoll(), {wire.fileno(): wire for wire in wires}

    def send_next(number: int) -> None:
        begun[number], read[number] = time.perf_counter(), b""
        by_number[number].sendall(waiting.popleft())

    started = time.perf_counter()
    for number, wire in by_number.items():
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ready.register(number, select.EPOLLIN)
        send_next(number)
    while begun:
        for number, _ in ready.poll():
            piece = by_number[number].recv(_PIECE)
            read[number] += piece
            if not piece or _is_whole(read[number]):
                _stop_unless_good(read[number])
                load.each.append(time.perf_counter() - begun.pop(number))
                if waiting:
                    send_next(number)
    load.seconds = time.perf_counter() - started
    ready.close()
    for wire in wires:
        wire.close()
    return load


def _is_whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    _, is_told, length = head.partition(b"content-length: ")
    return len(body) >= int(length.split(b"\r", 1)[0]) if is_told else body.endswith(b"0\r\n\r\n")


def _stop_unless_good(answer: bytes) -> None:
    if answer[9:10] != b"2":
        raise SystemExit(f"The server answers {answer[:2_000].decode(errors='replace')!r}.")
