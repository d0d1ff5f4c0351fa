# A catalogue file: adds our server, and what only it is asked, to an external load generator's bench.py, which
# executes this within itself (Peer, CATALOGUE, work, w6, page, args, PORT and REDIS are its own).
#
# PARTYLINE_LIB names a folder of jars, PARTYLINE_JVM the flags of the gateway's JVM, PARTYLINE_LEARNED what a JVM
# learned in a rehearsal with these jars.
import base64, glob, hashlib, hmac, re, secrets

OUR_SECRET = secrets.token_hex(32)
OUR_JVM = os.environ.get('PARTYLINE_JVM', '-Xms256m -Xmn128m -Xmx1g -XX:+UseSerialGC -XX:+UseCompactObjectHeaders '
                         '--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow').split()
if 'PARTYLINE_LEARNED' in os.environ:
    OUR_JVM.append('-XX:AOTCache=' + os.environ['PARTYLINE_LEARNED'])


def token(sub):
    part = lambda b: base64.urlsafe_b64encode(b).rstrip(b'=').decode()
    now = int(time.time())
    text = part(b'{"alg":"HS256"}') + '.' + part(json.dumps({'sub': sub, 'role': 'service', 'iat': now, 'exp': now + 36000}).encode())
    return text + '.' + part(hmac.new(OUR_SECRET.encode(), text.encode(), hashlib.sha256).digest())


class Partyline(Peer):
    uses_redis = True
    sub, pub = '/v1/events?rooms=r%r', '/v1/rooms/r%r/messages'
    poll = '/v1/events?rooms=r%r&wait=25&since=%k'
    settings = {'PARTYLINE_SERVICE_WRITES_PER_SECOND': '1000000'}  # all that is published comes from one sender

    def __init__(self, name):
        super().__init__(name)
        self.extra = ['--pub-header', f'Authorization: Bearer {token("bench")}', '--pub-header', 'Content-Type: application/json',
                      '--pub-body', '{"text":"%p","data":{"n":%n,"t":%t,"r":%r}}',
                      # The generator stops at each first letter of a key: an event of ours has sixty quotes, and five braces.
                      '--nkey', '{"n":', '--tkey', ',"t":']

    def launch(self):
        self.spawn(J25, *OUR_JVM, '-cp', os.environ['PARTYLINE_LIB'] + '/*', 'partyline.gateway.Gateway', env={
            'PARTYLINE_MODE': 'local', 'PARTYLINE_LISTEN': f'127.0.0.1:{PORT}', 'PARTYLINE_OPS_LISTEN': f'127.0.0.1:{ORIGIN}',
            'REDIS_URL': f'redis://127.0.0.1:{REDIS}', 'PARTYLINE_SECRET': OUR_SECRET, 'PARTYLINE_ANONYMOUS_READ': 'true',
            'PARTYLINE_STREAMS_PER_ADDRESS': '20000', **self.settings})

    def start(self):
        super().start()
        if self.work_ahead() != 'cold':
            self.warm()

    def work_ahead(self):
        """where memory is measured, warming would hide its growth"""
        work = set(args.work.split(','))
        if 'PARTYLINE_WARM' in os.environ:
            return 'streams'
        return 'cold' if {'w1', 'w6'} & work else 'polls' if 'w5poll' in work else 'publishes' if 'w7' in work else 'streams'

    def warm(self):
        """a JVM compiles what it runs often: a server that has been at its work for a minute is what is compared"""
        common = ['--pub-target', f'127.0.0.1:{self.port}', '--pub-path', self.pub, *self.extra, '--room-base', '60000']
        streams = ['sse', '--target', f'127.0.0.1:{self.port}', '--path', self.sub, '-c', '5000', '--rooms', '500', '--pub-conns', '16']
        polls = ['poll', '--target', f'127.0.0.1:{self.port}', '--path', self.poll, '-c', '1000', '--rooms', '50', '--cursor', 'json:cursor', '--cursor0', '0']
        publishes = ['pub', '--rooms', '64', '--pub-conns', '64']
        for run in {'streams': [[*streams, '--rate', '1000x10'], [*streams, '--rate', '2000x20']],
                    'polls': [[*polls, '--rate', '200x30']],
                    'publishes': [[*publishes, '--rate', '0x30']]}[self.work_ahead()]:
            subprocess.run([LOAD, run[0], *common, *run[1:]], capture_output=True, timeout=90)

    def java(self):
        return next(p.pid for p in self.procs if 'java' in os.path.basename(str(p.args[0])))


def live_heap(pid):
    """bytes that live after a full collection"""
    jcmd = os.path.join(os.path.dirname(os.path.realpath(shutil.which(J25) or J25)), 'jcmd')
    out = subprocess.run([jcmd, str(pid), 'GC.class_histogram'], capture_output=True, text=True).stdout
    return int(re.findall(r'^Total\s+\d+\s+(\d+)', out, re.M)[0])


def held(p):
    """many streams held by one process, while a page of the same server is asked for again and again"""
    p.start()
    before = live_heap(p.java())
    load = subprocess.Popen([LOAD, 'sse', '--target', f'127.0.0.1:{p.port}', '--path', p.sub, '--sources', '8', '-c', str(args.w1_conns),
                             '--settle', '15', '--connect-timeout', '20', '--server-pid', ','.join(map(str, p.pids()))],
                            stdout=subprocess.PIPE, text=True)
    took, streams, heap = [], 0, 0
    end = time.time() + 60
    while load.poll() is None and time.time() < end:
        t = time.time()
        with socket.create_connection(('127.0.0.1', p.port), 5) as c:
            c.settimeout(5)
            c.sendall(b'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
            got = b''
            while b := c.recv(65536):
                got += b
        took.append(round((time.time() - t) * 1e3, 1) if got.startswith(b'HTTP/1.1 200') else None)
        now = len(os.listdir(f'/proc/{p.java()}/fd'))
        if now > streams:
            streams = now
        elif not heap and now > args.w1_conns:
            heap = live_heap(p.java())
        time.sleep(0.5)
    d = json.loads(load.communicate()[0])
    p.stop()
    # The collection stops the world: the page that waited for it is the price of looking, not of holding.
    return [{'clients': d['established'], 'failed': d['failed'], 'answered': sum(t is not None for t in took), 'of': len(took), 'ms': took,
             'live_heap_per_stream': round((heap - before) / max(1, d['established'])) if heap else None}]


def _with_ours(theirs_work, theirs_w6):
    def our_work(p, w):
        if w == 'w5poll' and isinstance(p, Partyline):
            sse = theirs_work(p, 'w4')
            at = sse.index('--path')
            return ['poll', *sse[1:at], '--path', p.poll, *sse[at + 2:sse.index('-c')], '-c', '5000', '--cursor', 'json:cursor', '--cursor0', '0',
                    '--rate', '2x2,10x5', '--drain', '20']
        return theirs_work(p, w)

    return our_work, lambda p: held(p) if isinstance(p, Partyline) else theirs_w6(p)


work, w6 = _with_ours(work, w6)
CATALOGUE['partyline'] = Partyline
