// Who sells here: asked of the server, and remembered on this device for when it cannot be asked.

import { ask, setToken } from './api.js';
import { $ } from './dom.js';
import { till } from './state.js';
import { got, transact } from './store.js';

const REMEMBERED = 'person';
const SIGNED_OUT = 'keluar'; // set by page.js when somebody signs out in this browser
const PATIENCE = 2_500; // ms that a remembered person waits for the server to say who is signed in

// Fills `till.person` {username, name, unit, role} and `till.signedIn`; leaves the page when nobody may sell here.
// False when the server is out of reach and nobody is remembered.
export async function knowPerson() {
  const known = await remembered();
  const asking = askWho();
  const answer = known ? await Promise.race([asking, pause(PATIENCE)]) : await asking;
  if (!answer && known) asking.then(settled);
  till.person = answer?.person ?? known;
  till.signedIn = Boolean(answer?.person);
  if (answer?.status === 403) return leave('/');
  if (answer?.status === 401 && !known) return leave($('sign-in').dataset.here);
  if (!till.person) return false;
  draw();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && !till.signedIn) askWho().then(settled);
  });
  return true;
}

// {status, person}: 200 with who it is, 401, 403, or null when there was no answer.
async function askWho() {
  try {
    const { status, body } = await ask('/api/session', { headers: { 'X-Outbox': '1' } });
    if (status !== 200) return { status };
    const { csrf_token: token, ...person } = body;
    setToken(token);
    for (const field of document.querySelectorAll('[name=csrf_token]')) field.value = token;
    localStorage.removeItem(SIGNED_OUT);
    await transact(till.database, ['state'], async ({ state }) => state.put(person, REMEMBERED), { write: true });
    return { status, person };
  } catch (error) {
    console.info(error);
    return null;
  }
}

// A late answer: the same person is signed in after all, or somebody else is, with a page of their own.
function settled(answer) {
  if (!answer?.person) return;
  if (answer.person.username !== till.person.username) return location.reload();
  till.signedIn = true;
  draw();
}

async function remembered() {
  if (localStorage.getItem(SIGNED_OUT)) return null;
  return (await transact(till.database, ['state'], ({ state }) => got(state.get(REMEMBERED)))) ?? null;
}

function draw() {
  const { name, unit, role } = till.person;
  for (const id of ['who', 'me-name']) $(id).textContent = name;
  $('me-unit').textContent = unit;
  for (const link of document.querySelectorAll('[data-staff]')) link.hidden = role !== 'staff';
}

function leave(address) {
  location.assign(address);
  return new Promise(() => {});
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, null));
}
