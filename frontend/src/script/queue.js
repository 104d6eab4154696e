// Answers that are not saved yet, in this browser: one for each question of an attempt, locked with a key that only the signed-in page has.
// Where a browser cannot lock (no https) or keep (a private window), they wait in the memory of the page.
const NAME = 'klasteris', STORE = 'answers';

const asked = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error); });

async function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ['attempt', 'place'] });
  const db = await asked(request);
  db.onversionchange = () => db.close();
  return db;
}

const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

async function onDisk(attempt, secret) {
  const key = await crypto.subtle.importKey('raw', bytes(secret), 'AES-GCM', false, ['encrypt', 'decrypt']);
  const db = await open();
  const within = (mode) => db.transaction(STORE, mode).objectStore(STORE);
  const mine = IDBKeyRange.bound([attempt, 0], [attempt, 1e9]);
  return {
    lasting: true,
    async all() {
      const found = [];
      for (const row of await asked(within('readonly').getAll(mine))) {
        const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: row.iv }, key, row.locked).catch(() => null);
        if (plain) found.push(JSON.parse(new TextDecoder().decode(plain)));
      }
      return found;
    },
    async put(entry) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const locked = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(JSON.stringify(entry)));
      await asked(within('readwrite').put({ attempt, place: entry.place, iv, locked }));
    },
    remove: (place) => asked(within('readwrite').delete([attempt, place])),
    clear: () => asked(within('readwrite').delete(mine)),
  };
}

function inMemory() {
  const kept = new Map();
  return {
    lasting: false,
    all: async () => [...kept.values()],
    put: async (entry) => { kept.set(entry.place, entry); },
    remove: async (place) => { kept.delete(place); },
    clear: async () => kept.clear(),
  };
}

export const openQueue = (attempt, secret) => onDisk(attempt, secret).catch(inMemory);

// Nothing of an exam stays on a computer that others use. What could not be saved is asked about first.
export function forgetAtSignOut() {
  const form = document.querySelector('form[data-forgets]');
  if (!form || !globalThis.indexedDB) return;
  let asking = null;
  form.addEventListener('submit', (event) => {
    if (asking) return;
    event.preventDefault();
    asking = forget(form.dataset.forgets).then((gone) => {
      if (gone) form.submit();
      else asking = null;
    });
  });
}

async function forget(question) {
  try {
    const db = await open();
    const waiting = await asked(db.transaction(STORE).objectStore(STORE).count());
    db.close();
    if (waiting && !confirm(question)) return false;
    await Promise.race([asked(indexedDB.deleteDatabase(NAME)), new Promise((yes) => setTimeout(yes, 1000))]);
  } catch { /* a browser that keeps nothing has nothing to forget */ }
  return true;
}
