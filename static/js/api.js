// Talking to the server: JSON or nothing. A captive portal or a sign-in page that answers 200 is no answer.

const PATIENCE = 20_000; // ms for one answer
let token = '';
let instead = () => null;

export function setToken(fresh) {
  token = fresh;
}

// From now on `answer(path, options)` comes first: {status, body}, null to ask the server after all, or an error.
export function answerHere(answer) {
  instead = answer;
}

// {status, body} of a JSON answer; throws when there is none (network, redirect, other content, 5xx without JSON).
export async function ask(path, options = {}) {
  return instead(path, options) ?? askServer(path, options);
}

// The same, whatever is answered here.
export async function askServer(path, options = {}) {
  const answer = await fetch(path, {
    redirect: 'error',
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(PATIENCE),
    ...options,
  });
  if (!answer.headers.get('content-type')?.startsWith('application/json')) throw new TypeError('not JSON');
  return { status: answer.status, body: await answer.json() };
}

// Sends one sale document, sold by `cashier`: an enrolled register needs no sign-in for this, and names the person. The
// server is told this device's time, for a clock that is wrong shows in no sale that may as well have waited, and
// whether the buyer was `told` that it is paid: such a sale has happened.
export function postSale(document, cashier = '', told = false, through = ask) {
  const facts = { 'X-Cashier': encodeURIComponent(cashier), 'X-Clock': new Date().toISOString(), ...(told ? { 'X-Told': '1' } : {}) };
  return post('/api/sales', document, facts, through);
}

// Sends JSON, or a file as it is; a stale CSRF token (somebody signed in again in another tab) is renewed once.
export async function post(path, content = {}, headers = {}, through = ask) {
  const first = await send(path, content, headers, through);
  if (first.body.error?.code !== 'csrf') return first;
  const session = await through('/api/session', { headers: { 'X-Outbox': '1' } });
  if (session.status !== 200) return session;
  token = session.body.csrf_token;
  return send(path, content, headers, through);
}

function send(path, content, headers, through) {
  return through(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token, 'X-Outbox': '1', ...headers },
    body: content instanceof Blob ? content : JSON.stringify(content),
  });
}

// What an answer means for the sale that was sent; one whose shift is over goes back like one at an old price.
export function verdict({ status, body }) {
  const code = body?.error?.code;
  if ((status === 200 || status === 201) && body?.receipt) return 'sent';
  if (status === 401 || code === 'csrf') return 'sign_in';
  if (!code || status >= 500 || status === 429) return 'retry';
  if (status === 403 || status === 404) return 'person';
  if (status !== 409) return 'refused';
  return { price_changed: 'price', shift_closed: 'price', number_taken: 'number', register_closed: 'later' }[code] ?? 'refused';
}
