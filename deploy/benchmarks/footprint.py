#!/usr/bin/env python3
"""Measures what a gateway takes to begin, and to be there: from its start until it is ready, its memory at rest, and with
idle streams.

  footprint.py [--streams 10000] [--starts 5]

It runs with the flags of the image, from the jars that were built (mvn -DskipTests package), first as they are, then with
an AOT cache as the image has it. Needs a JDK 25 in JAVA_HOME, and Linux.
"""
import argparse, os, platform, re, selectors, socket, statistics, subprocess, tempfile, time, zipfile

HOME = os.path.realpath(os.path.join(os.path.dirname(__file__), '../..'))
BUILT = os.path.join(HOME, 'deploy/target/partyline')
JAVA = os.path.join(os.environ['JAVA_HOME'], 'bin/java')
FLAGS = re.search(r'JDK_JAVA_OPTIONS="(.*)"', open(os.path.join(HOME, 'deploy/Dockerfile')).read())[1] \
    .replace('/opt/partyline/theirs', BUILT).split()
JARS = ':'.join(os.path.join(BUILT, 'lib', jar) for jar in sorted(os.listdir(os.path.join(BUILT, 'lib'))))


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


def redis(folder):
    machine = {'x86_64': 'amd64', 'aarch64': 'arm64'}[platform.machine()]
    jar = next(jar for jar in JARS.split(':') if 'embedded-redis' in jar)
    server = os.path.join(folder, 'redis-server')
    with zipfile.ZipFile(jar) as inside, open(server, 'wb') as file:
        file.write(inside.read(next(n for n in inside.namelist() if n.endswith('linux-' + machine))))
    os.chmod(server, 0o755)
    port = free_port()
    process = subprocess.Popen([server, '--port', str(port), '--bind', '127.0.0.1', '--save', ''], cwd=folder,
                               stdout=subprocess.DEVNULL)
    while True:
        try:
            socket.create_connection(('127.0.0.1', port)).close()
            return process, port
        except OSError:
            time.sleep(0.02)


class Gateway:
    def __init__(self, redis_port, *flags):
        began = time.monotonic()
        # Memory as in the pods of k8s/: of 1 GiB, by the share that the image takes.
        self.process = subprocess.Popen(
            [JAVA, *FLAGS, '-XX:MaxRAM=1g', *flags, '-cp', JARS, 'partyline.gateway.Gateway'],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, 'REDIS_URL': f'redis://127.0.0.1:{redis_port}', 'PARTYLINE_MODE': 'local',
                 'PARTYLINE_SECRET': 'f' * 64, 'PARTYLINE_ANONYMOUS_READ': 'true', 'PARTYLINE_EVENT_LOOPS': '2',
                 'PARTYLINE_LISTEN': f'127.0.0.1:{free_port()}', 'PARTYLINE_OPS_LISTEN': f'127.0.0.1:{free_port()}',
                 'PARTYLINE_STREAMS_PER_ADDRESS': '1000000', 'PARTYLINE_DRAIN_PROPAGATION_SECONDS': '0',
                 'PARTYLINE_DRAIN_WINDOW_SECONDS': '0'})
        line = next(line for line in self.process.stdout if line.startswith('ready '))
        self.port = int(line.split()[1].rsplit(':', 1)[1])
        self.ops_port = int(line.split()[2].rsplit(':', 1)[1])
        while not self.ready(self.ops_port):
            time.sleep(0.005)
        self.seconds = time.monotonic() - began

    @staticmethod
    def ready(port):
        with socket.create_connection(('127.0.0.1', port)) as one:
            one.sendall(b'GET /ready HTTP/1.0\r\n\r\n')
            return b' 200 ' in one.recv(64)

    def megabytes(self):
        status = open(f'/proc/{self.process.pid}/status').read()
        return int(re.search(r'VmRSS:\s+(\d+) kB', status)[1]) / 1024

    def close(self):
        self.process.terminate()
        self.process.wait()


def kernel_megabytes():
    """Of all TCP sockets of this machine."""
    return int(re.search(r'TCP: .* mem (\d+)', open('/proc/net/sockstat').read())[1]) * 4096 / 2 ** 20


def streams(port, number):
    """Opens them and reads until each was told that it is ready."""
    waiting, opened = selectors.DefaultSelector(), []
    for i in range(number):
        one = socket.create_connection(('127.0.0.1', port))
        one.sendall(b'GET /v1/events?rooms=room-%d HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n' % (i % 1000))
        waiting.register(one, selectors.EVENT_READ, bytearray())
        opened.append(one)
    left = number
    while left:
        for key, _ in waiting.select(30):
            key.data.extend(key.fileobj.recv(4096))
            if b'event: ready' in key.data:
                waiting.unregister(key.fileobj)
                left -= 1
    return opened


def measured(name, redis_port, options, *flags):
    starts = []
    for _ in range(options.starts):
        gateway = Gateway(redis_port, *flags)
        starts.append(gateway.seconds)
        gateway.close()
    gateway = Gateway(redis_port, *flags)
    time.sleep(5)
    rest, kernel = gateway.megabytes(), kernel_megabytes()
    opened = streams(gateway.port, options.streams)
    time.sleep(20)
    full, sockets = gateway.megabytes(), kernel_megabytes() - kernel
    print(f'{name}: ready after {statistics.median(starts):.2f} s ({min(starts):.2f} to {max(starts):.2f}); at rest {rest:.0f} MB; '
          f'with {options.streams} idle streams {full:.0f} MB, {(full - rest) * 1024 / options.streams:.1f} KB each, '
          f'and {sockets:.0f} MB of the kernel\'s', flush=True)
    for one in opened:
        one.close()
    gateway.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--streams', type=int, default=9_000 if os.sysconf('SC_OPEN_MAX') < 10_100 else 10_000)
    parser.add_argument('--starts', type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server, port = redis(folder)
        try:
            measured('as built', port, options)
            learned = os.path.join(folder, 'learned.aot')
            subprocess.run([JAVA, *FLAGS, '-XX:MaxRAM=1g', '-cp', JARS, 'partyline.deploy.Partyline', 'rehearse', '--to', learned],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            print(f'the AOT cache has {os.path.getsize(learned) / 2 ** 20:.0f} MB')
            measured('with an AOT cache', port, options, '-XX:AOTCache=' + learned)
        finally:
            server.terminate()


if __name__ == '__main__':
    main()
