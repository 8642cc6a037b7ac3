// Who this tab is: a secret of 128 bits that is kept in the browser. Each open tab is somebody else, so that two tabs can talk; a tab
// that is loaded again is who it was.

const SLOTS = 16;
const BIRDS = ['Wren', 'Robin', 'Heron', 'Finch', 'Swift', 'Plover', 'Owl', 'Lark', 'Crane', 'Kestrel', 'Dove', 'Magpie',
  'Siskin', 'Teal', 'Raven', 'Puffin', 'Osprey', 'Linnet', 'Curlew', 'Martin', 'Avocet', 'Dunlin', 'Gannet', 'Whimbrel'];

function secretOf(slot) {
  const key = `person-${slot}`;
  let secret = localStorage.getItem(key);
  if (!/^[\w-]{22}$/.test(secret ?? '')) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    secret = btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    localStorage.setItem(key, secret);
  }
  return secret;
}

// The lock is held as long as the tab is open.
function take(slot) {
  return new Promise(resolve => {
    navigator.locks.request(`person-${slot}`, { ifAvailable: true }, lock => {
      resolve(lock !== null);
      return lock === null ? null : new Promise(() => {});
    });
  });
}

export async function person() {
  // A tab's own slot is tried first: a lower one may have become free meanwhile. A copy of a tab knows it too, but it is taken.
  const all = [...new Array(SLOTS).keys()].map(String);
  const own = all.filter(slot => slot === sessionStorage.getItem('slot'));
  for (const slot of navigator.locks ? new Set([...own, ...all]) : []) {
    if (!await take(slot)) continue;
    sessionStorage.setItem('slot', slot);
    return secretOf(slot);
  }
  return secretOf('shared');
}

// Whatever the id is: what are no digits counts as 0.
const digits = text => parseInt(text, 16) || 0;

export function nameOf(id) {
  return BIRDS[digits(id.slice(0, 6)) % BIRDS.length];
}

export function colorOf(id) {
  return digits(id.slice(6, 12)) % 8;
}
