#!/usr/bin/env python3
"""Turns the folder that measure.py left into the tables and plots of the page: render.py RESULTS

Writes cpu.svg and latency.svg beside this file and fills in README.md between its marks. Python's library is all it
needs.
"""
import json, math, os, re, statistics, sys

HERE = os.path.dirname(os.path.abspath(__file__))
PLOTS = '\n\n![Cores over deliveries a second](cpu.svg)\n\n![p99 over deliveries a second](latency.svg)'
COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#888888']


def rows(folder, name):
    path = os.path.join(folder, name + '.jsonl')
    return [json.loads(line) for line in open(path)] if os.path.exists(path) else []


def of(results, label):
    return [r for r in results if r['label'] == label]


def middle(values):
    values = [v for v in values if v is not None]
    return statistics.median(values) if values else None


def last(r):
    return r['steps'][-1]


def step(r, rate):
    return next((s for s in r['steps'][1:] if s['rate'] == rate), None)


def at(rate, key):
    def value(r):
        s = step(r, rate)
        return s and s.get(key)
    return value


def good(s):
    return s['lat_us']['p99'] < 250e3 and s['events'] >= s['expected'] and s['ok'] >= 0.95 * s['rate'] * s['secs']


def best(r):
    return max([s['events_per_s'] for s in r['steps'][1:] if good(s)] or [0])


def lat(q):
    return lambda r: last(r)['lat_us'][q] / 1e3


# file, what, figure of a run, unit, [(peer, must, stretch)], whether more is better. A peer of None: an absolute target.
FIGURES = [
    ('w1', 'W1: 18 000 idle streams', lambda r: r['mem'].get('rss_bytes_per_conn'), 'B RSS/stream', [('nchan', 1.0, 0.4)], False),
    ('w1', 'W1: all connect, to a JVM just started', lambda r: r['connects_per_s'], 'connects/s', [('nchan', None, None)], True),
    ('w1-warm', 'W1: all connect', lambda r: r['connects_per_s'], 'connects/s', [('nchan', 0.2, 0.35)], True),
    ('w2', 'W2: one room of 5 000, 75 000 deliveries/s', at(15, 'server_cpu_s_per_m'), 'µs CPU/delivery',
     [('nchan', 0.80, 0.67), ('rawcast', 1.30, 1.10)], False),
    ('w2', 'W2: best step with p99 < 250 ms', best, 'deliveries/s', [('nchan', 1.3, 1.75)], True),
    ('w2-400', 'W2: 2 M deliveries/s asked', lambda r: last(r)['events_per_s'], 'deliveries/s', [('nchan', 8, 18), ('rawcast-coalesce', None, 0.9)], True),
    ('w2-400', 'W2: the same', lat('p99'), 'ms p99', [(None, 250, 250)], False),
    ('w3', 'W3: 1 000 rooms of 10, 2 000 messages/s', lambda r: last(r)['server_cpu_s_per_m'], 'µs CPU/delivery', [('nchan-redis', 0.9, 0.65)], False),
    ('w3', 'W3: the same', lat('p50'), 'ms p50', [('nchan-redis', 1.5, 1.0)], False),
    ('w3', 'W3: the same', lat('p99'), 'ms p99', [('nchan-redis', 3, 1.5)], False),
    ('w4', 'W4: 100 streams, 20 messages/s', lat('p50'), 'ms p50', [('nchan-redis', 1.5, 1.1)], False),
    ('w4', 'W4: the same', lat('p99'), 'ms p99', [('nchan-redis', 2, 1.3)], False),
    ('w5', 'W5: 5 000 resumes, 100 messages behind', lambda r: r['storm']['all_complete_ms'], 'ms until all have all',
     [('nchan', 0.33, 0.2), ('rawcast-history', 4, None)], False),
    ('w6', 'W6: streams held while a page answers < 1 s', lambda r: held(r), 'streams', [(None, 10_000, 18_000)], True),
    ('w6', 'W1: live after a full collection', lambda r: r['w6'][0].get('live_heap_per_stream'), 'B heap/stream', [(None, 3072, 1638)], False),
    ('w7', 'W7: publishes over 64 connections', lambda r: last(r)['pub_per_s'], 'publishes/s', [('nchan-redis', 1.3, 1.6)], True),
    ('poll', 'Long poll: 5 000 clients, 10 messages/s', lambda r: last(r)['server_cpu_s_per_m'], 'µs CPU/delivery', [('nchan', 1.5, 1.0)], False),
]


def held(r):
    one = r['w6'][0]
    quick = [t for t in one['ms'] if t is not None and t < 1000]
    # One page may meet the full collection that counts the heap.
    return one['clients'] if len(quick) >= one['of'] - 1 and not one['failed'] else 0


def number(v):
    if v is None:
        return '–'
    if abs(v) >= 100:
        return f'{v:,.0f}'.replace(',', ' ')
    return f'{v:.2f}' if abs(v) < 10 else f'{v:.1f}'


def spread(values):
    values = [v for v in values if v is not None]
    if not values:
        return '–'
    text = number(statistics.median(values))
    return text if len(values) == 1 else f'{text} ({number(min(values))}–{number(max(values))})'


def verdict(value, must, stretch, more):
    def meets(target):
        return target is not None and (value >= target if more else value <= target)
    if meets(stretch):
        return 'stretch'
    if must is None:
        return 'no' if stretch is not None else '–'
    return 'must' if meets(must) else '**missed**'


def targets(folder):
    out = ['| workload | unit | Partyline | peer | ratio | must | stretch | meets |', '| --- | --- | --- | --- | --- | --- | --- | --- |']
    for name, what, figure, unit, against, more in FIGURES:
        results = rows(folder, name)
        ours = [figure(r) for r in of(results, 'partyline')]
        mine = middle(ours)
        for peer, must, stretch in against:
            theirs = [figure(r) for r in of(results, peer)] if peer else []
            base = middle(theirs) if peer else 1
            ratio = mine / base if mine is not None and base else None
            sign = '≥' if more else '≤'
            bounds = [f'{sign} {number(x)}' if x is not None else '–' for x in (must, stretch)]
            out.append(f'| {what} | {unit} | {spread(ours)} | {peer + " " + spread(theirs) if peer else "–"} | '
                       f'{number(ratio) if peer else "–"} | {bounds[0]} | {bounds[1]} | {verdict(ratio, must, stretch, more) if ratio is not None else "–"} |')
    return '\n'.join(out)


def losses(folder):
    """what a fast server could have bought its speed with"""
    bad = []
    for name in sorted({f[0] for f in FIGURES} - {'w6'}):
        for r in of(rows(folder, name), 'partyline'):
            s = last(r) if r.get('steps') and 'expected' in last(r) else {}
            found = {'failed connections': r['failed'], 'gaps': r.get('gaps', 0), 'duplicates': r.get('dups', 0),
                     'missing': max(0, s.get('expected', 0) - s.get('events', 0)), 'posts not taken': s.get('bad', 0)}
            bad += [f'{name}: {count} {what}' for what, count in found.items() if count]
    return 'Failed connections, gaps, duplicates, missing deliveries and refused posts of ours, over all rounds: ' + (', '.join(bad) or 'none') + '.'


# --- The cost model ---------------------------------------------------------------------------------------------------


def cost(folder):
    points = rows(folder, 'cost')
    if not points:
        return 'Not measured yet.'
    out = ['| gateways | listeners | rooms | members a room | messages/s | deliveries/s | p50 / p99 ms | gateways, cores | Redis, cores | RSS grown/listener | clean |',
           '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |']
    for p in points:
        out.append('| ' + ' | '.join([str(p['gateways']), number(p['listeners']), number(p['rooms']), number(p['members']), number(p['rate']), number(p['deliveries_per_s']),
                                      f"{number(p['p50_ms'])} / {number(p['p99_ms'])}", number(p['gateway_cores']), number(p['redis_cores']),
                                      number((p['rss_full'] - p['rss_empty']) / p['listeners']), 'yes' if p['clean'] else '**no**']) + ' |')
    fit = solve([[1, p['rate'], p['rate'] * p['gateways'], p['deliveries_per_s']] for p in points], [p['gateway_cores'] for p in points])
    redis = solve([[1, p['rate'], p['rate'] * p['gateways']] for p in points], [p['redis_cores'] for p in points])
    if fit and redis and min(fit + redis) < 0:
        out += ['', 'These points are too noisy to tell what a post, a message and a delivery cost: least squares would give one of them for less '
                'than nothing.']
    elif fit and redis:
        out += ['', 'Least squares over these points, in microseconds of CPU:', '',
                f'- gateways: {number(fit[0] * 1e6)} a second at rest, {number(fit[1] * 1e6)} a post, {number(fit[2] * 1e6)} a message at each gateway, '
                f'{number(fit[3] * 1e6)} a delivery',
                f'- Redis: {number(redis[0] * 1e6)} a second at rest, {number(redis[1] * 1e6)} a post, {number(redis[2] * 1e6)} a message for each gateway']
    return '\n'.join(out)


def solve(a, b):
    """least squares by the normal equations; None where the points do not tell the unknowns apart"""
    n = len(a[0])
    m = [[sum(r[i] * r[j] for r in a) for j in range(n)] + [sum(r[i] * y for r, y in zip(a, b))] for i in range(n)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda k: abs(m[k][i]))
        if abs(m[pivot][i]) < 1e-9:
            return None
        m[i], m[pivot] = m[pivot], m[i]
        for k in range(n):
            if k != i:
                f = m[k][i] / m[i][i]
                m[k] = [x - f * y for x, y in zip(m[k], m[i])]
    return [m[i][n] / m[i][i] for i in range(n)]


# --- Plots ------------------------------------------------------------------------------------------------------------


def series(folder, x, y):
    """medians over the rounds, step by step"""
    out = {}
    for name in ('w2', 'w2-400'):
        for r in rows(folder, name):
            for s in r['steps'][1:]:
                if s['events']:
                    out.setdefault(r['label'], {}).setdefault(s['rate'], []).append((x(s), y(s)))
    return {label: sorted((statistics.median(p[0] for p in points), statistics.median(p[1] for p in points)) for points in steps.values())
            for label, steps in out.items()}


def ticks(low, high, log):
    if log:
        return [10.0 ** k for k in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]
    size = 10 ** math.floor(math.log10(high / 4))
    size = next(size * k for k in (1, 2, 5, 10) if high / (size * k) <= 6)
    return [size * k for k in range(math.ceil(high / size) + 1)]


def short(v):
    return f'{v / 1e6:g} M' if v >= 1e6 else f'{v / 1e3:g} k' if v >= 1e3 else f'{v:g}'


def plot(title, xs, ys, data, xlog, ylog):
    width, height, left, right, top, bottom = 760, 420, 70, 160, 44, 56
    every = [p for points in data.values() for p in points if p[0] > 0 and p[1] > 0]
    if not every:
        every = [(1, 1), (10, 10)]
    xt = ticks(min(p[0] for p in every), max(p[0] for p in every), xlog)
    yt = ticks(min(p[1] for p in every), max(p[1] for p in every), ylog)

    def scale(v, t, log, a, b):
        f = math.log10 if log else float
        return a + (f(v) - f(t[0])) / (f(t[-1]) - f(t[0]) or 1) * (b - a)

    def px(v):
        return scale(v, xt, xlog, left, width - right)

    def py(v):
        return scale(v, yt, ylog, height - bottom, top)

    # Text and lines take the page's colour where it is embedded, and follow the reader's theme where it is an image.
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{title}" font-family="system-ui,sans-serif" font-size="13">',
           '<style>svg{color:#222}@media(prefers-color-scheme:dark){svg{color:#ddd}}text{fill:currentColor}.grid{stroke:currentColor;stroke-opacity:.18}'
           '.line{fill:none;stroke-width:2}</style>',
           f'<text x="{left}" y="24" font-size="15" font-weight="600">{title}</text>']
    for v in xt:
        out.append(f'<line class="grid" x1="{px(v):.1f}" x2="{px(v):.1f}" y1="{top}" y2="{height - bottom}"/>'
                   f'<text x="{px(v):.1f}" y="{height - bottom + 18}" text-anchor="middle">{short(v)}</text>')
    for v in yt:
        out.append(f'<line class="grid" x1="{left}" x2="{width - right}" y1="{py(v):.1f}" y2="{py(v):.1f}"/>'
                   f'<text x="{left - 8}" y="{py(v) + 4:.1f}" text-anchor="end">{short(v)}</text>')
    out.append(f'<text x="{(left + width - right) / 2}" y="{height - 14}" text-anchor="middle">{xs}</text>')
    out.append(f'<text x="18" y="{(top + height - bottom) / 2}" text-anchor="middle" transform="rotate(-90 18 {(top + height - bottom) / 2})">{ys}</text>')
    for i, (label, points) in enumerate(sorted(data.items(), key=lambda d: d[0] != 'partyline')):
        colour, dash = COLOURS[i % len(COLOURS)], '' if label == 'partyline' else ' stroke-dasharray="6 4"'
        shown = [(px(x), py(y)) for x, y in points if x > 0 and y > 0]
        out.append(f'<polyline class="line" stroke="{colour}"{dash} points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in shown)}"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in shown]
        y = top + 12 + 20 * i
        out.append(f'<line x1="{width - right + 12}" x2="{width - right + 36}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"{dash}/>'
                   f'<text x="{width - right + 42}" y="{y + 4}">{label}</text>')
    return '\n'.join(out) + '\n</svg>\n'


def main(folder):
    with open(os.path.join(folder, 'machine.json')) as f:
        m = json.load(f)
    cpu = series(folder, lambda s: s['events_per_s'], lambda s: s['server_cpu_s'] / (s['events'] / s['events_per_s']))
    latency = series(folder, lambda s: s['rate'] * s['expected'] / max(1, s['ok']), lambda s: s['lat_us']['p99'] / 1e3)
    write('cpu.svg', plot('One room of 5 000: what deliveries cost', 'deliveries a second', 'cores of the server, Redis included', cpu, True, False))
    write('latency.svg', plot('One room of 5 000: how long they take', 'deliveries a second asked for', 'p99, ms', latency, True, True))
    about = (f"Measured on {m['date']} at commit {m['commit']}: {m['cpus']} processors ({m['cpu']}), {m['memory_gb']} GB, Linux {m['kernel']}, {m['java']}; "
             "load, server and Redis on the same machine. "
             + (f"Medians of {m['rounds']} interleaved rounds (least–most)." if m['rounds'] > 1 else 'One round, so that a figure may be off by a tenth.'))
    readme = os.path.join(HERE, 'README.md')
    with open(readme) as f:
        text = f.read()
    for name, fragment in {'about': about, 'targets': targets(folder) + '\n\n' + losses(folder) + PLOTS, 'cost': cost(folder)}.items():
        text, count = re.subn(f'(<!-- {name} -->\n).*?(<!-- end -->)', lambda found: found.group(1) + fragment + '\n' + found.group(2), text, flags=re.S)
        assert count == 1, name
    write('README.md', text)


def write(name, text):
    with open(os.path.join(HERE, name), 'w') as f:
        f.write(text)


if __name__ == '__main__':
    main(sys.argv[1])
