#!/usr/bin/env python3
"""Measures everything the benchmark page shows, and leaves it in a folder for render.py.

  measure.py --generator DIR --out RESULTS [--rounds 3] [--only w2,cost]

W1 to W7 are run by the bench.py of an external load generator, our server and its peers interleaved: each round goes
through all of them before the next begins. The cost model is measured with `partyline load`. The jars are copied
first, so that a build in between changes nothing, and for what begins cold a gateway rehearses with them, as after a build
by the launcher.
Needs a built distribution, JAVA_HOME with a JDK 25, and for the peers nginx with nchan and redis-server on the PATH.
"""
import argparse, json, os, platform, re, shutil, signal, subprocess, sys, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
LIB = os.path.join(HERE, '..', 'target', 'partyline', 'lib')
JAVA = os.path.join(os.environ.get('JAVA_HOME', '/usr'), 'bin', 'java')

# name, workload of bench.py, peers, options
WORK = [
    ('w1', 'w1', 'nchan,partyline', []),
    ('w1-warm', 'w1', 'nchan,partyline', []),
    ('w2', 'w2', 'rawcast,nchan,partyline', ['--ladder', '10x2,10x3,15x3,20x3,25x3,30x3,40x3,50x3']),
    ('w2-400', 'w2', 'rawcast-coalesce,nchan,partyline', ['--ladder', '10x2,400x6']),
    ('w3', 'w3', 'nchan-redis,partyline', []),
    ('w4', 'w4', 'nchan-redis,partyline', []),
    ('w5', 'w5', 'rawcast-history,nchan,partyline', []),
    ('w6', 'w6', 'partyline', []),
    ('w7', 'w7', 'nchan-redis,partyline', []),
    ('poll', 'w5poll', 'nchan,partyline', []),
]

# gateways, listeners, rooms, messages/s: one of them grows, the others stay
COST = [(1, 2000, 200, 100), (2, 2000, 200, 100), (3, 2000, 200, 100),
        (1, 2000, 20, 100), (1, 2000, 2000, 100),
        (1, 200, 20, 100), (1, 8000, 20, 100),
        (1, 2000, 200, 25), (1, 2000, 200, 400),
        (1, 8000, 800, 100)]

# What a rehearsal left serves a JVM that just started; one that is warmed up would still be compiling by it.
COLD = ('w1', 'w6')


def rounds(a):
    for turn in range(a.rounds):
        for name, work, peers, options in WORK:
            if not wanted(a, name):
                continue
            begun = time.time()
            out = os.path.join(a.out, name + '.jsonl')
            run = subprocess.run([sys.executable, os.path.join(a.generator, 'bench.py'), '--catalogue', os.path.join(HERE, 'partyline_peer.py'),
                                  '--peers', peers, '--work', work, '--reps', '1', '--out', out, *options],
                                 env=environment(a, name), capture_output=True, text=True)
            print(f'round {turn + 1} {name} {time.time() - begun:.0f} s\n{run.stdout}{run.stderr[-500:]}', flush=True)


def environment(a, name):
    env = {**os.environ, 'PARTYLINE_LIB': a.lib, 'JAVA25': JAVA}
    if name in COLD:
        env['PARTYLINE_LEARNED'] = a.learned
    if name == 'w1-warm':
        env['PARTYLINE_WARM'] = 'yes'
    return env


def wanted(a, name):
    return not a.only or name in a.only.split(',')


# --- The cost model ---------------------------------------------------------------------------------------------------


def cpu(pid):
    with open(f'/proc/{pid}/stat') as f:
        fields = f.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def rss(pid):
    with open(f'/proc/{pid}/status') as f:
        return int(re.search(r'VmRSS:\s+(\d+)', f.read()).group(1)) * 1024


def partyline(a, *words):
    return [JAVA, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow',
            '-Dpartyline.learned=' + a.learned, '-cp', a.lib + '/*', 'partyline.deploy.Partyline', *words]


class Cluster:
    """`partyline up`, and its processes by name."""

    def __init__(self, a, gateways):
        self.data = os.path.join(a.out, 'cluster')
        shutil.rmtree(self.data, ignore_errors=True)
        self.process = subprocess.Popen(partyline(a, 'up', '--data', self.data, '--gateways', str(gateways), '--workers', '0'),
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        self.pids, self.urls, self.redis_port, said = {}, [], 0, []
        for line in self.process.stdout:
            said.append(line)
            if found := re.match(r'\s+(\S+)\s.*\bpid (\d+)', line):
                self.pids[found.group(1)] = int(found.group(2))
            if found := re.match(r'\s+Redis\s.* on port (\d+)', line):
                self.redis_port = int(found.group(1))
            if found := re.match(r'\s+gateway-\d+\s+(\S+)', line):
                self.urls.append(found.group(1))
            if 'Ctrl-C' in line:
                break
        else:
            raise SystemExit('the cluster does not start:\n' + ''.join(said))
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def gateways(self):
        return [pid for name, pid in self.pids.items() if name.startswith('gateway')]

    def sample(self):
        return time.time(), sum(map(cpu, self.gateways())), cpu(self.pids['Redis'])

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        shutil.rmtree(self.data, ignore_errors=True)


def cost_point(a, gateways, listeners, rooms, rate):
    cluster = Cluster(a, gateways)
    try:
        empty = sum(map(rss, cluster.gateways()))
        result = os.path.join(a.out, 'load.json')
        load = subprocess.Popen(partyline(a, 'load', '--data', cluster.data, *[x for url in cluster.urls for x in ('--url', url)],
                                          '--streams', str(listeners), '--rooms', str(rooms), '--rate', str(rate), '--warmup', '3',
                                          '--seconds', '8', '--connects-per-second', '2000', '--json', result),
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        samples, full = [], 0
        for line in load.stdout:
            posts = re.search(r'(\d+) open\s+(\d+) posts/s', line)
            if posts and int(posts.group(2)) > 0.7 * rate:
                samples.append(cluster.sample())
                full = sum(map(rss, cluster.gateways()))
        load.wait(60)
        with open(result) as f:
            d = json.load(f)
        if len(samples) < 6:
            print(f'cost: the rate of {rate} was not held long enough to be measured with {listeners} listeners', flush=True)
            return None
        # The first three seconds warm up, the last may be cut short.
        first, last = samples[3], samples[-2]
        seconds = last[0] - first[0]
        return {'gateways': gateways, 'listeners': listeners, 'rooms': rooms, 'members': listeners // rooms, 'rate': rate, 'clean': d['clean'],
                'deliveries_per_s': d['deliveries']['timed_per_s'], 'p50_ms': d['deliveries']['latency_ms']['p50'],
                'p99_ms': d['deliveries']['latency_ms']['p99'], 'gateway_cores': (last[1] - first[1]) / seconds,
                'redis_cores': (last[2] - first[2]) / seconds, 'rss_empty': empty, 'rss_full': full}
    finally:
        cluster.close()


def cost(a):
    for point in COST:
        d = cost_point(a, *point)
        if d is None:
            continue
        print('cost', json.dumps(d), flush=True)
        with open(os.path.join(a.out, 'cost.jsonl'), 'a') as f:
            f.write(json.dumps(d) + '\n')


def machine(a):
    text = open('/proc/cpuinfo').read()
    model = re.search(r'model name\s*:\s*(.*)', text)
    java = subprocess.run([JAVA, '-version'], capture_output=True, text=True).stderr.splitlines()[1]
    commit = subprocess.run(['git', 'rev-parse', '--short', 'HEAD'], cwd=HERE, capture_output=True, text=True).stdout.strip()
    memory = int(re.search(r'MemTotal:\s+(\d+)', open('/proc/meminfo').read()).group(1)) // (1024 * 1024)
    return {'date': time.strftime('%Y-%m-%d'), 'cpus': os.cpu_count(), 'cpu': model.group(1) if model else platform.machine(), 'memory_gb': memory,
            'kernel': platform.release(), 'java': java, 'commit': commit, 'rounds': a.rounds}


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--generator', help='folder of the load generator, built; without it only the cost model is measured')
    a.add_argument('--out', required=True)
    a.add_argument('--rounds', type=int, default=3)
    a.add_argument('--only', help='some of ' + ','.join(w[0] for w in WORK) + ',cost')
    a = a.parse_args()
    a.out = os.path.abspath(a.out)
    os.makedirs(a.out, exist_ok=True)
    a.lib = os.path.join(a.out, 'lib')
    shutil.rmtree(a.lib, ignore_errors=True)
    shutil.copytree(LIB, a.lib)
    a.learned = os.path.join(a.out, 'learned.aot')
    subprocess.run(partyline(a, 'rehearse', '--to', a.learned), check=True)
    with open(os.path.join(a.out, 'machine.json'), 'w') as f:
        json.dump(machine(a), f, indent=1)
    if a.generator:
        rounds(a)
    if wanted(a, 'cost'):
        cost(a)


if __name__ == '__main__':
    main()
