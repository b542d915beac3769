// Keeps the till on this device, so that it opens while the server is off: one build as a whole, or none of it.

const BUILD = {{ build | tojson }};
const CACHE = `etalase-${BUILD.version}`;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', ({ data }) => data === 'take over' && self.skipWaiting());

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode !== 'navigate') pathname in BUILD.files && event.respondWith(forTheTill(event, pathname));
  else if (pathname in BUILD.pages) event.respondWith(kept(BUILD.pages[pathname], request));
});

// A sign-in page or a captive portal is none of our files, whatever it calls itself: each must be what the build says.
async function install() {
  const answers = await Promise.all(Object.keys(BUILD.files).map(fetched));
  const cache = await caches.open(CACHE);
  await Promise.all(answers.map(([path, answer]) => cache.put(path, answer)));
}

async function fetched(path) {
  const answer = await fetch(path, { redirect: 'error', credentials: 'omit', cache: 'no-cache' });
  if (!answer.ok || (await digest(answer.clone())) !== BUILD.files[path]) throw new TypeError(`${path}: another build`);
  return [path, answer];
}

async function digest(answer) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await answer.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('etalase-') && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

// Other pages share some of these files, and get the server's.
async function forTheTill({ clientId, request }, path) {
  const page = await self.clients.get(clientId);
  return page && new URL(page.url).pathname in BUILD.pages ? kept(path, request) : fetch(request);
}

async function kept(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}
