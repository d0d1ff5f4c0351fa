#!/usr/bin/env python3
"""Measures what messages take of Redis, and holds it against the formula of RUNBOOK.md.

  redis_size.py [--messages 6000] [--rooms 3] [--text 188]

Posts them through a gateway to a Redis of its own, each under a key. Needs what footprint.py needs.
"""
import argparse, http.client, json, socket, tempfile, time

import footprint, snapshot

SECRET = b'f' * 64


def used(server):
    return int(next(line for line in server.ask('INFO', 'memory').splitlines() if line.startswith('used_memory:'))[12:])


def formula(messages, rooms, text):
    entry = 360 + 2.1 * text
    each = messages / rooms
    return messages * (entry + 200) + rooms * (min(each, 1_000) + min(each, 10_000)) * entry


def post(gateway, options):
    connection = http.client.HTTPConnection('127.0.0.1', gateway.port)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    bearers = [snapshot.token(SECRET, f'member-{i}', role='service') for i in range(8)]
    sentence = 'An ordinary sentence, as people say it. ' * (options.text // 40 + 1)
    for i in range(options.messages):
        status = 429
        while status == 429:
            connection.request('POST', f'/v1/rooms/room-{i % options.rooms}/messages',
                               json.dumps({'text': sentence[:options.text - 1] + '.', 'client_msg_id': f'{i:032x}'}),
                               {'Authorization': 'Bearer ' + bearers[i % 8], 'Content-Type': 'application/json'})
            answer = connection.getresponse()
            answer.read()
            status = answer.status
            if status == 429:
                time.sleep(float(answer.headers['Retry-After']))
        if status != 201:
            raise SystemExit(f'a post was answered {status}')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--messages', type=int, default=6_000)
    parser.add_argument('--rooms', type=int, default=3)
    parser.add_argument('--text', type=int, default=188, help='bytes of each')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        process, port = footprint.redis(folder)
        try:
            server = snapshot.Redis(port)
            server.ask('CONFIG', 'SET', 'stream-node-max-bytes', '1024')
            gateway = footprint.Gateway(port)
            before = used(server)
            post(gateway, options)
            took = used(server) - before
            said = formula(options.messages, options.rooms, options.text)
            print(f'{options.messages} messages of {options.text} bytes in {options.rooms} rooms took {took / 1e6:.2f} MB, '
                  f'by the formula {said / 1e6:.2f}')
            gateway.close()
        finally:
            process.terminate()


if __name__ == '__main__':
    main()
