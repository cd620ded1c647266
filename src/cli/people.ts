import { readPublicKey } from '../core/approval/files.ts';
import { formatDateTime } from '../core/units.ts';
import {
  addPerson,
  listPeople,
  personNamed,
  removePerson,
  setPin,
} from '../engine/people/registry.ts';
import type { Store } from '../store/open.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { readText } from './text-file.ts';
import { secretFrom } from './typed-secret.ts';
import { zone } from './words.ts';
import { openWorkplace } from './workplace.ts';

/** `muster people …`: who may approve steps on this machine. */

export function list(options: { json?: true }): Promise<ExitCode> {
  return inStore((store) => {
    const people = listPeople(store);
    if (options.json) process.stdout.write(`${JSON.stringify(people, null, 2)}\n`);
    else if (people.length === 0) {
      process.stdout.write('Nobody is on the list. Add a colleague with: muster people add NAME\n');
    }
    for (const { name, key, hasPin, createdAt } of options.json ? [] : people) {
      const ways = [hasPin ? 'PIN' : null, key === null ? null : `key ${shownKey(key)}`];
      const how = ways.filter((way) => way !== null).join(', ') || 'no PIN and no key yet';
      process.stdout.write(`${name}: ${how}; since ${formatDateTime(createdAt, zone)}\n`);
    }
  });
}

export function add(name: string, options: { key?: string }): Promise<ExitCode> {
  return inStore((store) => {
    const { key } = options;
    const bytes =
      key === undefined ? null : Buffer.from(readPublicKey(readText(key), key), 'base64');
    addPerson(store, name, bytes);
    const person = listPeople(store).find((one) => one.name === name.trim());
    process.stdout.write(`${name} was added.\n`);
    if (person?.key) {
      process.stdout.write(
        `Key: ${shownKey(person.key)}\nCompare it with ${name} by voice before you rely on it.\n`,
      );
    } else process.stdout.write(`Let ${name} set a PIN with: muster people pin "${name}"\n`);
  });
}

export function remove(name: string): Promise<ExitCode> {
  return inStore((store) => {
    removePerson(store, name);
    process.stdout.write(`${name} was removed. Approvals on record stay as they are.\n`);
  });
}

export function pin(
  name: string,
  options: { pinFile?: string; oldPinFile?: string },
): Promise<ExitCode> {
  return inStore(async (store) => {
    const person = personNamed(store, name);
    const old =
      person.pin === null
        ? null
        : await secretFrom(options.oldPinFile, {
            prompt: `PIN of ${person.name} until now`,
            option: '--old-pin-file',
          });
    const next = await secretFrom(options.pinFile, {
      prompt: `New PIN of ${person.name}`,
      option: '--pin-file',
      isNew: true,
    });
    await setPin(store, name, { old, new: next });
    process.stdout.write(`The PIN of ${person.name} is set.\n`);
  });
}

/** A fingerprint in groups that can be read aloud. */
export function shownKey(fingerprint: string): string {
  return (fingerprint.match(/.{4}/g) ?? []).join(' ');
}

async function inStore(work: (store: Store) => void | Promise<void>): Promise<ExitCode> {
  const store = openWorkplace();
  try {
    await work(store);
    return exitCodes.ok;
  } finally {
    store.close();
  }
}
