// What there is to see. Each view: title, key, open(place, rest) → { live, end, recolour }.
import { $, ask, el, live, refreshStatus, session, toast } from './console.js';
import { lineChart } from './charts.js';

// ---- figures as people read them
const number = (v, digits = 0) => v == null || Number.isNaN(v) ? '–'
  : v >= 1e6 ? `${(v / 1e6).toFixed(1)}M` : v >= 1e4 ? `${(v / 1e3).toFixed(1)}k` : v.toLocaleString('en', { maximumFractionDigits: v < 10 ? Math.max(digits, 1) : digits });
const millis = v => v == null ? '–' : v >= 10000 ? `${(v / 1000).toFixed(1)} s` : v >= 100 ? `${v.toFixed(0)} ms` : `${v.toFixed(v < 1 ? 2 : 1)} ms`;
const percent = v => v == null || Number.isNaN(v) ? '–' : `${(v * 100).toFixed(v > 0 && v < 0.0995 ? 1 : 0)} %`;
const share = (part, whole) => whole > 0 ? part / whole : 0;
const ago = seconds => seconds == null ? '–' : seconds < 90 ? `${Math.round(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min`
  : seconds < 129600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86400)} d`;
const badness = v => v >= 0.05 ? 'bad' : v >= 0.01 ? 'warn' : '';

function table(heads, rows, empty) {
  const body = el('tbody', {}, rows);
  return [
    el('div', { class: 'scroll' }, el('table', {}, el('thead', {}, el('tr', {}, heads.map(h =>
      el('th', { class: h.startsWith('#') ? 'n' : '', scope: 'col' }, h.replace(/^#/, ''))))), body)),
    rows.length === 0 && el('p', { class: 'empty' }, empty),
  ];
}
const card = (title, ...children) => el('section', { class: 'card' }, title && el('h2', {}, title), ...children);
const legend = names => el('div', { class: 'legend' }, names.map((n, i) => el('span', {}, el('i', { class: `k${i + 1}` }), n)));
const failed = (place, e) => place.replaceChildren(el('p', { class: 'bad', role: 'alert' }, e.message));

/** Runs `task` now and every so often, until ended; a failure is shown in `place`. */
function poll(task, place, every = 5000) {
  let on = true, timer;
  const turn = async () => {
    try { await task(); } catch (e) { if (on && e.status !== 401) failed(place, e); }
    if (on) timer = setTimeout(turn, every);
  };
  turn();
  return { now() { clearTimeout(timer); turn(); }, end() { on = false; clearTimeout(timer); } };
}

async function act(what, done) {
  try { await what(); toast(done, 'good'); return true; } catch (e) { toast(e.message, 'bad'); return false; }
}
const operators = () => session.role === 'operator';

// ---- Prometheus text: figures of parts that have no endpoint of their own
async function metrics(...wanted) {
  const text = await ask('/console/metrics', { text: true });
  const found = Object.fromEntries(wanted.map(w => [w, []]));
  for (const line of text.split('\n')) {
    const match = /^([a-z0-9_]+)(?:\{(.*)\})? (\S+)/.exec(line);
    if (match && found[match[1]]) {
      const labels = {};
      for (const [, name, value] of (match[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) labels[name] = value.replace(/\\(.)/g, '$1');
      found[match[1]].push({ ...labels, value: Number(match[3]) });
    }
  }
  return found;
}

// ---- the golden signals of something, charted
function signals(kind, name, place) {
  const traffic = el('div', { class: 'chart' }), errors = el('div', { class: 'chart' }), latency = el('div', { class: 'chart' });
  const big = { rate: el('div', { class: 'big' }), errors: el('div', { class: 'big' }), latency: el('div', { class: 'big' }) };
  place.append(
    el('section', { class: 'card' }, el('h3', {}, 'Traffic'), big.rate, legend(['requests/s']), traffic),
    el('section', { class: 'card' }, el('h3', {}, 'Errors'), big.errors, legend(['failed', 'refused']), errors),
    el('section', { class: 'card' }, el('h3', {}, 'Latency'), big.latency, legend(['p50', 'p90', 'p99']), latency));
  const charts = [
    lineChart(traffic, ['requests/s'], v => number(v)),
    lineChart(errors, ['failed', 'refused'], v => percent(v)),
    lineChart(latency, ['p50', 'p90', 'p99'], v => millis(v)),
  ];
  let slices = [];
  const show = () => {
    const last = slices.at(-1);
    const small = t => el('small', {}, t);
    big.rate.replaceChildren(number(last?.rate ?? 0, 1), small(' requests/s'));
    const bad = share(last?.failed ?? 0, last?.rate ?? 0);
    big.errors.className = `big ${badness(bad)}`;
    big.errors.replaceChildren(percent(bad), small(` failed · ${percent(share(last?.refused ?? 0, last?.rate ?? 0))} refused`));
    big.latency.replaceChildren(millis(last?.p99), small(` p99 · ${millis(last?.p50)} p50`));
    charts[0].update(slices.map(s => [s.at, s.rate]));
    charts[1].update(slices.map(s => [s.at, share(s.failed, s.rate), share(s.refused, s.rate)]));
    charts[2].update(slices.map(s => [s.at, s.p50, s.p90, s.p99]));
  };
  ask(`/console/history?kind=${kind}&name=${encodeURIComponent(name)}`).then(h => { slices = h.slices; show(); }, () => {});
  return {
    add(slice, at) {
      const next = slice ?? (at ? { at, rate: 0, failed: 0, refused: 0, p50: null, p90: null, p99: null } : null);
      if (!next || next.at === slices.at(-1)?.at) return;
      slices.push(next);
      if (slices.length > 400) slices.shift();
      show();
    },
    recolour() { charts.forEach(c => c.recolour()); },
    end() { charts.forEach(c => c.end()); },
  };
}

const gauge = (name, value, text) => el('div', {}, el('h3', {}, name), el('div', {}, text ?? percent(value)),
  value != null && el('div', { class: 'bar' }, el('i', { class: value > 0.9 ? 'bad' : value > 0.75 ? 'warn' : '', 'data-width': value })));
function bars(place) {
  for (const bar of place.querySelectorAll('[data-width]')) bar.style.width = `${Math.min(100, 100 * (Number(bar.dataset.width) || 0))}%`;
}

function liveRow(name, s, href) {
  return el('tr', { class: 'link', onclick: () => { location.hash = href; } },
    el('td', { class: 'wrap' }, el('a', { href }, name)), el('td', { class: 'n' }, number(s.rate, 1)),
    el('td', { class: `n ${badness(share(s.failed, s.rate))}` }, percent(share(s.failed, s.rate))),
    el('td', { class: 'n' }, percent(share(s.refused, s.rate))), el('td', { class: 'n' }, millis(s.p50)), el('td', { class: 'n' }, millis(s.p99)));
}
const LIVE_HEADS = ['', '#requests/s', '#failed', '#refused', '#p50', '#p99'];

const overview = {
  title: 'Overview', key: 'o',
  open(place) {
    const cards = el('div', { class: 'cards' }), full = el('div', { class: 'gauges' });
    const busiest = el('div'), alerts = el('div'), refused = el('div');
    place.append(cards, card('Saturation', full), card('Firing', alerts), card('Busiest routes', busiest), card('Latest refusals', refused));
    const whole = signals('whole', '', cards);
    const slow = poll(async () => {
      const [lines, fired] = await Promise.all([ask('/console/refusals'), ask('/alerts').catch(() => null)]);
      refused.replaceChildren(...refusalTable(lines.slice(0, 6)));
      const firing = (fired?.alerts ?? []).filter(a => a.state === 'firing');
      alerts.replaceChildren(...(firing.length ? firing.map(alertLine) : [el('p', { class: 'empty' }, 'Nothing is wrong that a rule knows of.')]));
    }, refused);
    return {
      live(now) {
        whole.add(now.whole);
        const s = now.saturation;
        full.replaceChildren(gauge('Processor', s.processor), gauge('Heap', s.heap), gauge('Direct memory', s.direct), gauge('File descriptors', s.descriptors),
          gauge('Event loop lag', s.lagMillis / 100, millis(s.lagMillis)), gauge('In flight', null, number(s.inFlight)), gauge('Connections', null, number(s.connections)));
        bars(full);
        const top = Object.entries(now.routes).sort((a, b) => b[1].rate - a[1].rate).slice(0, 8);
        busiest.replaceChildren(...table(LIVE_HEADS, top.map(([n, r]) => liveRow(n, r, `#/routes/${encodeURIComponent(n)}`)), 'No requests in this moment.').filter(Boolean));
      },
      recolour() { whole.recolour(); },
      end() { whole.end(); slow.end(); },
    };
  },
};

const routes = {
  title: 'Routes', key: 'r',
  open(place, name) {
    return name ? oneRoute(place, name) : allRoutes(place);
  },
};

function allRoutes(place) {
  const filter = el('input', { type: 'search', placeholder: 'Filter by name, path, access …', 'aria-label': 'Filter routes', size: 32 });
  const count = el('span', { class: 'quiet' }), body = el('tbody');
  const heads = [['name', 'Route'], ['match', 'Serves'], ['access', 'Who may'], ['rate', '#requests/s'], ['failed', '#failed'], ['refused', '#refused'], ['p99', '#p99']];
  let by = 'name', down = false, lines = [], now = {};
  const head = el('tr');
  const rows = new Map();
  place.append(card('', el('div', { class: 'row' }, filter, count), el('div', { class: 'scroll' }, el('table', {}, el('thead', {}, head), body))));
  const value = (line, key) => {
    const s = now[line.name];
    return key === 'rate' ? s?.rate ?? 0 : key === 'failed' ? share(s?.failed ?? 0, s?.rate ?? 0) : key === 'refused' ? share(s?.refused ?? 0, s?.rate ?? 0)
      : key === 'p99' ? s?.p99 ?? 0 : line[key];
  };
  const figures = line => {
    const s = now[line.name], cells = rows.get(line.name).figures;
    const bad = share(s?.failed ?? 0, s?.rate ?? 0);
    const texts = s ? [number(s.rate, 1), percent(bad), percent(share(s.refused, s.rate)), millis(s.p99)] : ['·', '', '', ''];
    texts.forEach((t, i) => { if (cells[i].textContent !== t) cells[i].textContent = t; });
    cells[1].className = `n ${badness(bad)}`;
  };
  const order = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = lines.filter(l => words.every(w => `${l.name} ${l.match} ${l.access} ${l.target}`.toLowerCase().includes(w)));
    shown.sort((a, b) => { const x = value(a, by), y = value(b, by); return (x < y ? -1 : x > y ? 1 : a.name < b.name ? -1 : 1) * (down ? -1 : 1); });
    body.replaceChildren(...shown.map(l => rows.get(l.name).row));
    count.textContent = `${shown.length} of ${lines.length}`;
    head.replaceChildren(...heads.map(([key, title]) => el('th', {
      scope: 'col', class: title.startsWith('#') ? 'n' : '', 'aria-sort': key === by ? (down ? 'descending' : 'ascending') : null,
    }, el('button', { onclick: () => { down = key === by ? !down : title.startsWith('#'); by = key; order(); } }, title.replace('#', '')))));
  };
  filter.addEventListener('input', order);
  ask('/routes').then(answer => {
    lines = answer.routes;
    for (const line of lines) {
      const href = `#/routes/${encodeURIComponent(line.name)}`;
      const cells = [0, 1, 2, 3].map(() => el('td', { class: 'n' }));
      rows.set(line.name, { figures: cells, row: el('tr', { class: 'link', onclick: () => { location.hash = href; } },
        el('td', {}, el('a', { href }, line.name)), el('td', { class: 'wrap mono' }, line.match),
        el('td', { class: `wrap ${line.access === 'public' ? 'warn' : ''}` }, line.access), cells) });
      figures(line);
    }
    order();
  }, e => failed(place, e));
  return {
    live(next) {
      now = next.routes;
      lines.forEach(figures);
      if (['rate', 'failed', 'refused', 'p99'].includes(by) && !body.matches(':hover')) order();
    },
  };
}

function oneRoute(place, name) {
  const facts = el('dl'), cards = el('div', { class: 'cards' }), refused = el('div');
  place.append(card(name, facts, el('a', { href: '#/routes' }, 'All routes')), cards, card('Latest refusals of it', refused));
  ask('/routes').then(({ routes: all }) => {
    const line = all.find(r => r.name === name);
    if (!line) { facts.append(el('dd', { class: 'bad' }, 'There is no such route in the configuration in use.')); return; }
    for (const [k, v] of [['Serves', line.match], ['Who may', line.access], ['Answered by', line.target]]) facts.append(el('dt', {}, k), el('dd', {}, v));
  }, e => failed(place, e));
  const charts = signals('route', name, cards);
  const slow = poll(async () => refused.replaceChildren(...refusalTable((await ask('/console/refusals')).filter(l => l['gateway.route'] === name).slice(0, 20))), refused);
  return { live(now) { charts.add(now.routes[name], now.whole?.at); }, recolour() { charts.recolour(); }, end() { charts.end(); slow.end(); } };
}

const upstreams = {
  title: 'Upstreams', key: 'u',
  open(place, name) {
    const list = el('div'), endpoints = el('div'), cards = el('div', { class: 'cards' });
    place.append(card('Upstreams', list), name ? card(name, cards) : '', card('Endpoints', endpoints));
    const charts = name ? signals('upstream', name, cards) : null;
    let known = [];
    const slow = poll(async () => {
      const m = await metrics('sallyport_upstream_connections', 'sallyport_upstream_in_flight', 'sallyport_upstream_connect_failures_total');
      const rows = new Map();
      const of = e => rows.get(`${e.upstream} ${e.endpoint}`) ?? rows.set(`${e.upstream} ${e.endpoint}`, { ...e, idle: 0, open: 0, flight: 0, failures: 0 }).get(`${e.upstream} ${e.endpoint}`);
      m.sallyport_upstream_connections.forEach(e => { of(e).open += e.value; if (e.state === 'idle') of(e).idle += e.value; });
      m.sallyport_upstream_in_flight.forEach(e => { of(e).flight += e.value; });
      m.sallyport_upstream_connect_failures_total.forEach(e => { of(e).failures += e.value; });
      known = [...new Set([...rows.values()].map(r => r.upstream))];
      endpoints.replaceChildren(...table(['Upstream', 'Endpoint', '#in flight', '#connections', '#idle', '#failed to connect'],
        [...rows.values()].filter(r => !name || r.upstream === name).map(r => el('tr', {}, el('td', {}, r.upstream), el('td', { class: 'mono' }, r.endpoint),
          el('td', { class: 'n' }, number(r.flight)), el('td', { class: 'n' }, number(r.open)), el('td', { class: 'n' }, number(r.idle)),
          el('td', { class: `n ${r.failures ? 'warn' : ''}` }, number(r.failures)))), 'No endpoint was asked yet.').filter(Boolean));
    }, endpoints);
    return {
      live(now) {
        const names = [...new Set([...known, ...Object.keys(now.upstreams)])].sort();
        const idle = { rate: 0, failed: 0, refused: 0, p50: null, p99: null };
        list.replaceChildren(...table(LIVE_HEADS, names.map(n => liveRow(n, now.upstreams[n] ?? idle, `#/upstreams/${encodeURIComponent(n)}`)), 'No upstream was asked yet.').filter(Boolean));
        charts?.add(now.upstreams[name], now.whole?.at);
      },
      recolour() { charts?.recolour(); },
      end() { charts?.end(); slow.end(); },
    };
  },
};

const limits = {
  title: 'Limits', key: 'l',
  open(place) {
    const all = el('div', { class: 'cards' });
    place.append(all);
    const slow = poll(async () => {
      const { limits: list } = await ask('/limits');
      all.replaceChildren(...(list.length ? list.map(one) : [card('', el('p', { class: 'empty' }, 'No limits are configured.'))]));
      bars(all);
    }, all);
    const one = l => card(l.limit,
      el('div', { class: 'row quiet' }, `${number(l.allowed)} allowed · `, el('span', { class: l.refused ? 'warn' : '' }, `${number(l.refused)} refused`),
        l.shadowed ? ` · ${number(l.shadowed)} would be` : ''),
      gauge('Nearest to the edge', l.nearest),
      ...table(['Key', '#asked', '#refused', ''], l.top.map(k => el('tr', {}, el('td', { class: 'wrap mono' }, k.key), el('td', { class: 'n' }, number(k.asked)),
        el('td', { class: 'n' }, number(k.refused)), el('td', { class: 'n' }, operators() && el('button', {
          onclick: () => act(() => ask(`/limits/key?key=${encodeURIComponent(k.key)}&limit=${encodeURIComponent(l.limit)}`, { method: 'DELETE' }), `${k.key} has everything back`).then(() => slow.now()),
        }, 'Reset')))), 'Nobody asked yet.').filter(Boolean));
    return { end() { slow.end(); } };
  },
};

function refusalTable(lines, open) {
  return table(['Time', 'Client', 'Request', '#Status', 'Why', 'Caller'], lines.map(l => {
    const row = el('tr', { class: open ? 'link' : '', tabindex: open ? 0 : null },
      el('td', {}, new Date(l.timestamp).toLocaleTimeString()), el('td', { class: 'mono' }, l['client.address'] ?? ''),
      el('td', { class: 'wrap mono' }, `${l['http.request.method'] ?? ''} ${l['url.path'] ?? ''}`), el('td', { class: `n ${l['http.response.status_code'] >= 500 ? 'bad' : ''}` }, l['http.response.status_code'] ?? ''),
      el('td', { class: 'wrap' }, [l['gateway.reason'], l['gateway.limit'] ?? l['gateway.rule']].filter(Boolean).join(' · ')), el('td', { class: 'wrap' }, l['user.id'] ?? ''));
    if (open) {
      row.addEventListener('click', () => open(l, row));
      row.addEventListener('keydown', e => { if (e.key === 'Enter') open(l, row); });
    }
    return row;
  }), 'None since the start.').filter(Boolean);
}

const refusals = {
  title: 'Refusals', key: 'f',
  open(place) {
    const filter = el('input', { type: 'search', placeholder: 'Filter: status, reason, address, path …', 'aria-label': 'Filter refusals', size: 36 });
    const hold = el('label', { class: 'row' }, el('input', { type: 'checkbox' }), 'hold still');
    const list = el('div'), detail = el('section', { class: 'card', hidden: true, 'aria-live': 'polite' });
    place.append(card('', el('div', { class: 'row' }, filter, hold), list), detail);
    let lines = [];
    const show = () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      list.replaceChildren(...refusalTable(lines.filter(l => { const t = JSON.stringify(l).toLowerCase(); return words.every(w => t.includes(w)); }).slice(0, 200), explain));
    };
    const explain = async line => {
      const fields = el('dl');
      for (const [k, v] of Object.entries(line)) fields.append(el('dt', { class: 'mono' }, k), el('dd', { class: 'mono' }, Array.isArray(v) ? v.join(', ') : String(v)));
      const why = el('pre', { class: 'fold' }, 'Asking why …');
      detail.replaceChildren(el('h2', {}, 'The same request now'), why, el('h2', {}, 'As it was recorded'), fields);
      detail.hidden = false;
      detail.scrollIntoView({ block: 'nearest' });
      const host = line['server.address'] ? `${line['url.scheme'] ?? 'http'}://${line['server.address']}${line['server.port'] ? `:${line['server.port']}` : ''}` : '';
      const question = { method: line['http.request.method'], url: host + (line['url.path'] ?? '/'), client: line['client.address'], listener: line['gateway.listener'] };
      if (line['user.id']) { question.caller = line['user.id']; question.authenticator = line['gateway.authenticator']; question.roles = line['user.roles'] ?? []; } else question.anonymous = true;
      try { why.textContent = await ask('/explain', { method: 'POST', body: JSON.stringify(question), text: true }); } catch (e) { why.textContent = e.message; }
    };
    filter.addEventListener('input', show);
    const slow = poll(async () => { if (!hold.firstChild.checked) { lines = await ask('/console/refusals'); show(); } }, list, 3000);
    return { end() { slow.end(); } };
  },
};

function alertLine(a) {
  return el('p', { class: `problem ${a.state === 'firing' && a.severity !== 'info' ? '' : 'warning'}` }, el('strong', {}, [a.name, a.group].filter(Boolean).join(' · ')), ' ', a.summary ?? '',
    el('span', { class: 'quiet' }, ` ${a.state}${a.since ? ` since ${new Date(a.since).toLocaleTimeString()}` : ''}${a['silenced-until'] ? ', silenced' : ''}`));
}

const alerts = {
  title: 'Alerts', key: 'a',
  open(place) {
    const now = el('div'), unusual = el('div'), rules = el('div');
    place.append(card('Now', now), card('Unlike the past', unusual), card('Rules', rules));
    const silence = name => act(() => ask(`/alerts/silences?alert=${encodeURIComponent(name)}&for=1h`, { method: 'POST' }), `${name} is silent for an hour`).then(() => slow.now());
    const slow = poll(async () => {
      const [all, found] = await Promise.all([ask('/alerts'), ask('/findings').catch(() => ({ findings: [] }))]);
      now.replaceChildren(...(all.alerts.length ? all.alerts.map(alertLine) : [el('p', { class: 'empty' }, 'Nothing is wrong that a rule knows of.')]));
      unusual.replaceChildren(...(found.findings.length ? found.findings.map(f => el('p', { class: 'problem warning' }, el('strong', {}, `${f.kind} · ${f.subject}`), ' ', f.text,
        el('span', { class: 'quiet' }, ` since ${new Date(f.since).toLocaleTimeString()}`))) : [el('p', { class: 'empty' }, 'Nothing.')]));
      rules.replaceChildren(...table(['Rule', 'Says', 'Severity', ''], all.rules.map(r => el('tr', {}, el('td', {}, r.name, r.preset ? el('span', { class: 'quiet' }, ' preset') : ''), el('td', { class: 'wrap' }, r.says),
        el('td', {}, r.severity), el('td', { class: 'n' }, operators() && el('button', { onclick: () => silence(r.name) }, 'Silence for 1 h')))), 'There are no rules.').filter(Boolean));
    }, now);
    return { end() { slow.end(); } };
  },
};

const conduct = {
  title: 'Conduct', key: 'b',
  open(place) {
    const list = el('div'), who = el('input', { placeholder: 'address, network or authenticator/caller', 'aria-label': 'Whom', size: 34 }), how = el('input', { value: '1h', 'aria-label': 'For how long', size: 5 });
    place.append(card('Against whom something speaks', list), operators() ? card('Ban', el('div', { class: 'row' }, who, ' for ', how, el('button', {
      onclick: () => act(() => ask(`/behaviour/key?key=${encodeURIComponent(who.value)}&for=${encodeURIComponent(how.value)}`, { method: 'POST' }), `${who.value} is banned for ${how.value}`).then(() => slow.now()),
    }, 'Ban'))) : '');
    const slow = poll(async () => {
      const { entries } = await ask('/behaviour');
      list.replaceChildren(...table(['Kind', 'Who', 'Level', '#Score', 'Because of', 'Refused', ''], entries.map(e => el('tr', {}, el('td', {}, e.kind), el('td', { class: 'wrap mono' }, e.key),
        el('td', { class: e.level === 'hostile' ? 'bad' : e.level === 'suspicious' ? 'warn' : e.level === 'trusted' ? 'good' : '' }, e.level), el('td', { class: 'n' }, number(e.score, 1)),
        el('td', { class: 'wrap' }, Object.entries(e.signals).map(([n, v]) => `${n} ${number(v, 1)}`).join(', ')),
        el('td', {}, e['banned-seconds'] ? `banned, ${ago(e['banned-seconds'])} left` : e['refused-seconds'] ? `${ago(e['refused-seconds'])} left` : ''),
        el('td', { class: 'n' }, operators() && el('button', {
          onclick: () => act(() => ask(`/behaviour/key?key=${encodeURIComponent(e.key)}`, { method: 'DELETE' }), `${e.key} is pardoned`).then(() => slow.now()),
        }, 'Pardon')))), 'Nothing speaks against anybody.').filter(Boolean));
    }, list);
    return { end() { slow.end(); } };
  },
};

const keys = {
  title: 'Keys and certificates', key: 'k',
  open(place) {
    const held = el('div'), certificates = el('div');
    place.append(card('Certificates', certificates), card('Keys', held));
    const slow = poll(async () => {
      const [answer, m] = await Promise.all([ask('/keys'), metrics('sallyport_tls_certificate_expiry_seconds')]);
      held.replaceChildren(...table(['Holder', 'Use', 'State', 'Algorithm', 'Id', '#Age', 'Expires', 'Origin'], answer.keys.map(k => el('tr', {},
        el('td', {}, k.holder), el('td', {}, k.use), el('td', {}, k.state ?? ''), el('td', {}, k.algorithm), el('td', { class: 'wrap mono' }, k.id),
        el('td', { class: 'n' }, ago(k['age-seconds'])), el('td', {}, k.expires ? new Date(k.expires).toLocaleString() : 'never'), el('td', { class: 'wrap' }, k.origin ?? ''))), 'No keys are in use.').filter(Boolean));
      certificates.replaceChildren(...table(['Listener', 'Certificate', 'Expires', '#In'], m.sallyport_tls_certificate_expiry_seconds.sort((a, b) => a.value - b.value).map(c => {
        const left = c.value - Date.now() / 1000;
        return el('tr', {}, el('td', {}, c.listener), el('td', { class: 'wrap mono' }, c.certificate), el('td', {}, new Date(c.value * 1000).toLocaleDateString()),
          el('td', { class: `n ${left < 7 * 86400 ? 'bad' : left < 30 * 86400 ? 'warn' : ''}` }, left < 0 ? 'expired' : ago(left)));
      }), 'No listener has TLS.').filter(Boolean));
    }, held, 15000);
    return { end() { slow.end(); } };
  },
};

/** Lines of two texts side by side in one: [' ' | '+' | '-', text]. */
export function diff(before, after) {
  const a = before.split('\n'), b = after.split('\n');
  let from = 0, ends = 0;
  while (from < a.length && from < b.length && a[from] === b[from]) from++;
  while (ends < a.length - from && ends < b.length - from && a[a.length - 1 - ends] === b[b.length - 1 - ends]) ends++;
  const x = a.slice(from, a.length - ends), y = b.slice(from, b.length - ends);
  const middle = [];
  if (x.length * y.length > 4e6) {
    middle.push(...x.map(l => ['-', l]), ...y.map(l => ['+', l]));
  } else {
    const longest = Array.from({ length: x.length + 1 }, () => new Uint32Array(y.length + 1));
    for (let i = x.length - 1; i >= 0; i--) for (let j = y.length - 1; j >= 0; j--) {
      longest[i][j] = x[i] === y[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
    let i = 0, j = 0;
    while (i < x.length || j < y.length) {
      if (i < x.length && j < y.length && x[i] === y[j]) { middle.push([' ', x[i]]); i++; j++; }
      else if (i < x.length && (j === y.length || longest[i + 1][j] >= longest[i][j + 1])) middle.push(['-', x[i++]]);
      else middle.push(['+', y[j++]]);
    }
  }
  return [...a.slice(0, from).map(l => [' ', l]), ...middle, ...a.slice(a.length - ends).map(l => [' ', l])];
}

function diffText(before, after) {
  const lines = diff(before, after);
  if (lines.every(([k]) => k === ' ')) return el('p', { class: 'empty' }, 'No difference.');
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - 3), i + 4).some(([k]) => k !== ' '));
  const pre = el('pre');
  let gap = false;
  lines.forEach(([kind, text], i) => {
    if (near[i]) { pre.append(el('span', { class: kind === '+' ? 'add' : kind === '-' ? 'del' : 'same' }, `${kind} ${text}`)); gap = false; }
    else if (!gap) { pre.append(el('span', { class: 'gap' }, '  …')); gap = true; }
  });
  return pre;
}

const problem = p => el('p', { class: `problem ${p.severity}` }, el('span', { class: 'mono' }, `${p.file}${p.line ? `:${p.line}:${p.column}` : ''} `), p.message, p.hint ? el('span', { class: 'quiet' }, ` ${p.hint}`) : '');

const configuration = {
  title: 'Configuration', key: 'c',
  open(place) {
    const facts = el('div'), check = el('div'), shown = el('div');
    let used = '';
    const inUse = () => shown.replaceChildren(el('pre', {}, used));
    const before = async () => {
      try { shown.replaceChildren(diffText((await ask('/config/before')).yaml, used)); } catch (e) { shown.replaceChildren(el('p', { class: 'empty' }, e.message)); }
    };
    const look = async () => {
      check.replaceChildren(el('p', { class: 'quiet' }, 'Checking …'));
      try {
        const found = await ask('/config/check', { method: 'POST' });
        const words = { unchanged: 'The files say what is in use.', usable: 'The files can be used.', unusable: 'The files cannot be used; nothing changes until they can.' };
        check.replaceChildren(el('p', { class: found.outcome === 'unusable' ? 'bad' : 'good', role: 'status' }, words[found.outcome]), ...found.problems.map(problem),
          found.yaml && found.outcome === 'usable' ? diffText(used, found.yaml) : '',
          found.outcome === 'usable' && operators() ? el('p', {}, el('button', { class: 'primary', onclick: apply }, 'Apply')) : '');
      } catch (e) { failed(check, e); }
    };
    const apply = () => act(() => ask('/reload', { method: 'POST' }), 'Applied').then(load);
    const load = async () => {
      try {
        const [status, config] = await Promise.all([refreshStatus(), ask('/config')]);
        used = config.yaml;
        facts.replaceChildren(el('dl', {}, el('dt', {}, 'Version'), el('dd', { class: 'mono' }, config.version), el('dt', {}, 'Loaded'), el('dd', {}, `${new Date(config['loaded-at']).toLocaleString()} (${ago(config['age-seconds'])} ago)`)),
          ...status.warnings.map(problem), ...(status.refused ? [el('p', { class: 'bad' }, `Refused at ${new Date(status.refused.at).toLocaleString()} (${status.refused.by}); the configuration above stays in use:`), ...status.refused.problems.map(problem)] : []));
        inUse();
      } catch (e) { failed(facts, e); }
    };
    place.append(card('In use', facts), card('What the files say now', el('div', { class: 'row' }, el('button', { onclick: look }, 'Check')), check),
      card('', el('div', { class: 'row' }, el('button', { onclick: inUse }, 'In use'), el('button', { onclick: before }, 'Changed since the one before')), el('p', { class: 'quiet' }, 'Secrets are masked.'), shown));
    load();
    return {};
  },
};

export const views = { overview, routes, upstreams, limits, refusals, conduct, alerts, keys, configuration };
