"""
Relays IP packets between two TUN devices, later and no faster than allowed, and loses some of them:
lossy-link.py NAME NAME DELAY_MS BYTES_PER_SECOND LOSS_RATE SEED

Makes the devices, says "ready" on standard output, and ends with its standard input. The TCP on either
side is the kernel's own, so that congestion control meets real loss.
"""

import collections
import fcntl
import os
import random
import select
import struct
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000
LARGEST_PACKET = 65536
# A queue in front of the bottleneck holds one bandwidth-delay product, as buffers of routers are sized.
QUEUE_ROUND_TRIPS = 1.0


def open_device(name):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    request = struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI)
    fcntl.ioctl(device, TUNSETIFF, request)
    return device


class Direction:
    """Packets on their way from one device to the other; times in seconds."""

    def __init__(self, source, sink, delay, rate, loss, rng):
        self.source, self.sink = source, sink
        self.delay, self.rate, self.loss, self.rng = delay, rate, loss, rng
        self.longest_wait = QUEUE_ROUND_TRIPS * 2 * delay
        self.free_at = 0.0
        self.under_way = collections.deque()

    def take(self, now):
        """Reads what has come and sends it on its way, or loses it."""
        for _ in range(64):
            try:
                packet = os.read(self.source, LARGEST_PACKET)
            except BlockingIOError:
                return
            starts = max(now, self.free_at)
            if starts - now > self.longest_wait or self.rng.random() < self.loss:
                continue
            self.free_at = starts + len(packet) / self.rate
            self.under_way.append((self.free_at + self.delay, packet))

    def deliver(self, now):
        """Hands over what has arrived by now; gives when the next packet arrives, or None."""
        while self.under_way:
            arrives_at, packet = self.under_way[0]
            if arrives_at > now:
                return arrives_at
            self.under_way.popleft()
            try:
                os.write(self.sink, packet)
            except OSError:
                # The device is down or full: a packet lost.
                pass
        return None


def go_first():
    """A line does not slow down because those on it are busy."""
    try:
        os.nice(-20)
    except PermissionError:
        pass


def main():
    go_first()
    first_name, second_name, delay_ms, rate, loss, seed = sys.argv[1:7]
    first, second = open_device(first_name), open_device(second_name)
    rng = random.Random(int(seed))
    line = (float(delay_ms) / 1000, float(rate), float(loss), rng)
    directions = [Direction(first, second, *line), Direction(second, first, *line)]
    print("ready", flush=True)
    stdin = sys.stdin.fileno()
    while True:
        now = time.monotonic()
        arrivals = [at for at in (each.deliver(now) for each in directions) if at is not None]
        timeout = max(0.0, min(arrivals) - time.monotonic()) if arrivals else None
        readable, _, _ = select.select([first, second, stdin], [], [], timeout)
        if stdin in readable and not os.read(stdin, 1):
            return
        now = time.monotonic()
        for each in directions:
            if each.source in readable:
                each.take(now)


main()
