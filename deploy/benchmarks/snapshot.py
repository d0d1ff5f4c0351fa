#!/usr/bin/env python3
"""Measures what the snapshot of a full room costs: 10 000 messages of which 500 were amended, 1 000 members, 10 000 reactions.

  snapshot.py [--readers 20] [--per-second 10] [--seconds 20] [--gateways 1]

The room is made through the API of a cluster of its own. Readers then ask at their rate whatever the answers take (a
time runs from the moment a request was due), and Redis says how long each snapshot kept it from others (its slow log,
with everything in it). Needs a built distribution and JAVA_HOME with a JDK 25.
"""
import argparse, base64, hashlib, hmac, http.client, json, os, re, socket, tempfile, threading, time
from concurrent.futures import ThreadPoolExecutor

import measure

ROOM, MESSAGES, MEMBERS, REACTIONS, AMENDED = 'lobby', 10_000, 1_000, 10_000, 500
EMOJI = ['%F0%9F%91%8D', '%F0%9F%8E%89', '%F0%9F%98%84', '%F0%9F%91%80']


def token(secret, sub, **claims):
    now = int(time.time())
    words = [{'alg': 'HS256'}, {'sub': sub, 'name': sub, 'iat': now, 'exp': now + 3600, **claims}]
    text = b'.'.join(base64.urlsafe_b64encode(json.dumps(w).encode()).rstrip(b'=') for w in words)
    return (text + b'.' + base64.urlsafe_b64encode(hmac.new(secret, text, hashlib.sha256).digest()).rstrip(b'=')).decode()


class Site:
    """One connection a thread, kept."""

    def __init__(self, url):
        self.host = url.split('//')[1].rstrip('/')
        self.local = threading.local()

    def call(self, method, path, bearer, body=None):
        connection = getattr(self.local, 'connection', None)
        if connection is None:
            connection = self.local.connection = http.client.HTTPConnection(self.host, timeout=30)
            connection.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {'Authorization': 'Bearer ' + bearer, 'Content-Type': 'application/json'}
        connection.request(method, '/v1/rooms/' + ROOM + path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status == 429:
            time.sleep(int(answer.headers['Retry-After']))
            return self.call(method, path, bearer, body)
        if answer.status >= 300:
            raise SystemExit(f'{method} {path}: {answer.status} {text[:300]}')
        return text


class Redis:
    def __init__(self, port):
        self.file = socket.create_connection(('127.0.0.1', port)).makefile('rwb')

    def ask(self, *words):
        self.file.write(b'*%d\r\n' % len(words) + b''.join(b'$%d\r\n%s\r\n' % (len(w.encode()), w.encode()) for w in words))
        self.file.flush()
        return self.answer()

    def cpu(self):
        said = self.ask('INFO', 'cpu')
        return sum(float(x) for x in re.findall(r'used_cpu_(?:sys|user)_main_thread:([0-9.]+)', said))

    def answer(self):
        line = self.file.readline().rstrip(b'\r\n')
        kind, rest = line[:1], line[1:]
        if kind == b'*':
            return [self.answer() for _ in range(int(rest))]
        if kind == b'$':
            return self.file.read(int(rest) + 2)[:-2].decode() if rest != b'-1' else None
        if kind == b'-':
            raise SystemExit('Redis: ' + rest.decode())
        return int(rest) if kind == b':' else rest.decode()


def fill(site, secret):
    service = token(secret, 'site', role='service')
    users = [token(secret, f'u{i}') for i in range(MEMBERS)]
    site.call('PUT', '', service, {'title': 'A full room'})
    text = 'Something that somebody might say in **a chat**, neither short nor long. ' * 2
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda i: site.call('PUT', f'/members/u{i}', service, {}), range(MEMBERS)))
        ids = list(pool.map(lambda i: json.loads(site.call('POST', '/messages', service, {'text': f'{i} {text}'}))['id'], range(MESSAGES)))
        ids.sort(key=lambda i: tuple(map(int, i.split('-'))))
        # Spread over all, but the newest have their share: they are what a snapshot shows.
        list(pool.map(lambda i: site.call('PATCH', f'/messages/{ids[-1 - i * 20]}', service, {'text': f'{i} edited. {text}'}), range(AMENDED)))
        each = REACTIONS // MEMBERS

        def react(i):
            for j in range(each):
                message = ids[-1 - (i * each + j) * 7 % (MESSAGES if j % 2 else 100)]
                site.call('PUT', f'/messages/{message}/reactions/{EMOJI[(i + j // 2) % len(EMOJI)]}', users[i])

        list(pool.map(react, range(MEMBERS)))
    return users


def read(site, users, a):
    """Latencies in ms from when each was due, and the size of an answer."""
    begin, times, size = time.perf_counter() + 0.5, [], [0]

    def reader(r):
        for n in range(int(a.seconds * a.per_second)):
            due = begin + (n + r / a.readers) / a.per_second
            time.sleep(max(0, due - time.perf_counter()))
            size[0] = len(site.call('GET', '/snapshot', users[r]))
            times.append((time.perf_counter() - due) * 1000)

    threads = [threading.Thread(target=reader, args=(r,)) for r in range(a.readers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return sorted(times), size[0]


def at(values, share):
    return values[min(len(values) - 1, int(len(values) * share))]


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--readers', type=int, default=20)
    a.add_argument('--per-second', type=float, default=10, help='of each reader')
    a.add_argument('--seconds', type=float, default=20)
    a.add_argument('--gateways', type=int, default=1)
    a = a.parse_args()
    a.lib, a.out = measure.LIB, tempfile.mkdtemp(prefix='snapshot')
    a.learned = os.path.join(a.out, 'learned.aot')
    cluster = measure.Cluster(a, a.gateways)
    try:
        with open(os.path.join(cluster.data, 'secret'), 'rb') as f:
            secret = f.read().strip()
        site, redis = Site(cluster.urls[0]), Redis(cluster.redis_port)
        users = fill(site, secret)
        read(site, users, argparse.Namespace(**{**vars(a), 'seconds': 5}))
        redis.ask('CONFIG', 'SET', 'slowlog-max-len', '100000')
        redis.ask('CONFIG', 'SET', 'slowlog-log-slower-than', '0')
        redis.ask('SLOWLOG', 'RESET')
        before = redis.cpu()
        times, size = read(site, users, a)
        spent_cpu = (redis.cpu() - before) / len(times) * 1e6
        redis.ask('CONFIG', 'SET', 'slowlog-log-slower-than', '-1')
        log = [entry for entry in redis.ask('SLOWLOG', 'GET', '-1') if entry[3][0].upper() == 'EVALSHA']
        spent = {}
        for entry in log:
            spent.setdefault(entry[3][1], []).append(entry[2])
        # What was asked for most is what a snapshot is made of.
        scripts = [sorted(s) for s in spent.values() if len(s) >= len(times) // 2]
        micros = sorted(map(sum, zip(*scripts)))
        print(f'{len(times)} snapshots of {size} bytes, {sum(map(len, scripts)) / len(times):.2f} scripts each, sent together')
        for one in scripts:
            print(f'script  p50 {at(one, .5)} us, p99 {at(one, .99)} us, most {one[-1]} us')
        print(f'Redis   p50 {at(micros, .5)} us, p99 {at(micros, .99)} us, most {micros[-1]} us; {spent_cpu:.0f} us of its processor in all')
        print(f'answer  p50 {at(times, .5):.1f} ms, p99 {at(times, .99):.1f} ms, most {times[-1]:.1f} ms')
    finally:
        cluster.close()


if __name__ == '__main__':
    main()
