#!/usr/bin/env python3
"""Measures what it costs a cluster that somebody looks at its ops page: CPU of all gateways and of Redis, with the page's
stream open and without, in turns.

  ops_page.py [--gateways 3] [--streams 10000] [--rounds 3] [--seconds 20]

It runs with the flags of the image, from the jars that were built (mvn -DskipTests package). Needs a JDK 25 in JAVA_HOME, and
Linux.
"""
import argparse, socket, statistics, tempfile, threading, time

from footprint import Gateway, redis, streams


class Page:
    """What a browser does with /ops, as far as the cluster sees it."""

    def __init__(self, port):
        self.bytes = 0
        self.socket = socket.create_connection(('127.0.0.1', port))
        self.socket.sendall(b'GET /ops/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n')
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while piece := self.socket.recv(65536):
                self.bytes += len(piece)
        except OSError:
            pass

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def cpu_seconds(pids):
    """User and system time of these processes so far; the kernel knows it to the nanosecond."""
    return sum(time.clock_gettime((~pid << 3) | 2) for pid in pids)


def share(pids, seconds):
    """Of a core."""
    begin, cpu = time.monotonic(), cpu_seconds(pids)
    time.sleep(seconds)
    return (cpu_seconds(pids) - cpu) / (time.monotonic() - begin)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--gateways', type=int, default=3)
    parser.add_argument('--streams', type=int, default=10_000)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--seconds', type=float, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server, port = redis(folder)
        gateways = [Gateway(port) for _ in range(options.gateways)]
        opened = []
        try:
            for i, gateway in enumerate(gateways):
                opened += streams(gateway.port, options.streams * (i + 1) // len(gateways) - options.streams * i // len(gateways))
            pids = [gateway.process.pid for gateway in gateways] + [server.pid]
            # What has just begun is still being compiled, the page's code too.
            page = Page(gateways[0].ops_port)
            time.sleep(options.seconds)
            page.close()
            costs = []
            for number in range(1, options.rounds + 1):
                closed = share(pids, options.seconds)
                page = Page(gateways[0].ops_port)
                watched = share(pids, options.seconds)
                page.close()
                costs.append(watched - closed)
                print(f'round {number}: {100 * closed:.2f} % of a core without the page, {100 * watched:.2f} % with it, '
                      f'which was told {page.bytes / options.seconds / 1024:.1f} KB/s', flush=True)
            print(f'{options.gateways} gateways with {options.streams} idle streams: the page costs '
                  f'{100 * statistics.median(costs):.2f} % of a core ({100 * min(costs):.2f} to {100 * max(costs):.2f})')
        finally:
            for one in opened:
                one.close()
            for gateway in gateways:
                gateway.close()
            server.terminate()


if __name__ == '__main__':
    main()
