// The page: log-in, views, the live stream, keys.
import { views } from './views.js';

export const $ = id => document.getElementById(id);

/** An element. Text goes in as text: what clients sent is never taken for markup. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'class') node.className = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter(c => c != null && c !== false));
  return node;
}

export const session = { role: null };

class Refused extends Error {
  constructor(status, message) { super(message); this.status = status; }
}

/** Asks the gateway. Text where `text` is set, else JSON. */
export async function ask(path, { method = 'GET', body, text = false, type = 'application/json' } = {}) {
  const headers = { Accept: text ? 'text/plain' : 'application/json' };
  if (body != null) headers['Content-Type'] = type;
  const answer = await fetch(path, { method, headers, body, credentials: 'same-origin' });
  if (answer.status === 401 && session.role) { show(false); throw new Refused(401, 'The session is over.'); }
  const said = await answer.text();
  if (!answer.ok) {
    let detail = said;
    try { const problem = JSON.parse(said); detail = problem.detail || problem.title; } catch { /* text */ }
    throw new Refused(answer.status, detail || `status ${answer.status}`);
  }
  return text ? said : said ? JSON.parse(said) : null;
}

export function toast(message, kind = '') {
  const box = el('div', { class: `card toast ${kind}`, role: kind === 'bad' ? 'alert' : 'status' }, message);
  document.body.append(box);
  setTimeout(() => box.remove(), 5000);
}

/** The latest event of the live stream; views are told of each. */
export const live = { now: null };
let stream = null, quietSince = 0, view = null, viewName = '';

function listen() {
  stream?.close();
  stream = new EventSource('/console/live');
  stream.onmessage = event => {
    live.now = JSON.parse(event.data);
    quietSince = Date.now();
    head();
    view?.live?.(live.now);
  };
  stream.onerror = () => { if (stream.readyState === EventSource.CLOSED) ask('/console/session').then(() => setTimeout(listen, 2000), () => {}); };
}

function head() {
  const state = live.now?.state ?? '';
  $('state').textContent = state;
  $('state').className = `pill ${state === 'ready' ? 'good' : 'warn'}`;
}

setInterval(() => {
  if (!session.role) return;
  const late = Date.now() - quietSince > 8000;
  $('live').textContent = late ? 'no news' : 'live';
  $('live').className = late ? 'bad' : 'quiet';
}, 1000);

export async function refreshStatus() {
  const status = await ask('/status');
  $('version').textContent = `${status.product} · ${status.config?.version ?? ''}`;
  const refused = $('nav').querySelector('[data-view="configuration"] .count');
  if (refused) refused.textContent = status.refused ? '!' : '';
  return status;
}

function navigate() {
  const [name, ...rest] = decodeURIComponent(location.hash.slice(2)).split('/');
  viewName = views[name] ? name : 'overview';
  for (const link of $('nav').children) {
    if (link.dataset.view === viewName) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current');
  }
  view?.end?.();
  $('main').replaceChildren();
  view = views[viewName].open($('main'), rest.join('/'));
  if (live.now) view?.live?.(live.now);
  document.title = `${views[viewName].title} · Sallyport`;
}

function show(inside) {
  $('login').hidden = inside;
  $('app').hidden = !inside;
  if (!inside) {
    session.role = null;
    stream?.close();
    view?.end?.();
    view = null;
    $('main').replaceChildren();
    $('token').focus();
  }
}

async function enter() {
  try {
    session.role = (await ask('/console/session')).role;
  } catch { show(false); return; }
  show(true);
  $('role').textContent = session.role;
  $('nav').replaceChildren(...Object.entries(views).map(([name, v]) =>
    el('a', { href: `#/${name}`, 'data-view': name, title: `g ${v.key}` }, v.title, el('span', { class: 'count' }))));
  refreshStatus().catch(() => {});
  listen();
  navigate();
  $('main').focus({ preventScroll: true }); // keys are for the page now
}

$('login-form').addEventListener('submit', async event => {
  event.preventDefault();
  $('login-error').textContent = '';
  try {
    await ask('/console/session', { method: 'POST', body: $('token').value, type: 'text/plain' });
    $('token').value = '';
    await enter();
  } catch (e) {
    $('login-error').textContent = e.status === 429 ? 'Too many failures. Wait a little.' : e.status === 401 ? 'That is not the token.' : e.message;
    $('token').select();
  }
});
$('logout').addEventListener('click', () => ask('/console/session', { method: 'DELETE' }).finally(() => show(false)));

function theme(name) {
  document.documentElement.dataset.theme = name;
  view?.recolour?.();
}
const chosen = () => localStorage.getItem('theme') ?? (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark');
function flip() {
  localStorage.setItem('theme', chosen() === 'dark' ? 'light' : 'dark');
  theme(chosen());
}
$('theme').addEventListener('click', flip);
theme(chosen());

let going = false;
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || !session.role) return;
  if (event.target.closest('input, textarea, select')) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  if (going) {
    going = false;
    const name = Object.keys(views).find(n => views[n].key === event.key);
    if (name) { location.hash = `#/${name}`; event.preventDefault(); }
    return;
  }
  if (event.key === 'g') going = true;
  else if (event.key === 't') flip();
  else if (event.key === '/') { document.querySelector('main input[type=search]')?.focus(); event.preventDefault(); }
  else if (event.key === '?') $('help').showModal();
});
$('help-keys').append(
  ...Object.values(views).flatMap(v => [el('dt', {}, el('kbd', {}, 'g'), ' ', el('kbd', {}, v.key)), el('dd', {}, v.title)]),
  el('dt', {}, el('kbd', {}, '/')), el('dd', {}, 'Filter'), el('dt', {}, el('kbd', {}, 't')), el('dd', {}, 'Dark or light'),
  el('dt', {}, el('kbd', {}, '?')), el('dd', {}, 'This'));
addEventListener('hashchange', () => session.role && navigate());
enter();
