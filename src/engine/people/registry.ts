import { handleOf, nameFault } from '../../core/approval/names.ts';
import type { PersonRow, Store } from '../../store/open.ts';
import { nameRefused, personKnown, personUnknown } from './failures.ts';
import { checkPin, hashPin } from './pin.ts';
import { fingerprintOf } from './signature.ts';

/** A person as the surfaces show them: nothing that helps to guess a PIN. */
export interface Person {
  name: string;
  /** SHA-256 (hex) of the public key, or null. */
  key: string | null;
  hasPin: boolean;
  /** UTC, ISO 8601. */
  createdAt: string;
}

export function listPeople(store: Store): Person[] {
  return store.people.list().map(({ name, publicKey, pin, createdAt }) => ({
    name,
    key: publicKey === null ? null : fingerprintOf(publicKey),
    hasPin: pin !== null,
    createdAt,
  }));
}

/** `publicKey`: Ed25519, 32 bytes. Throws MusterError. */
export function addPerson(store: Store, name: string, publicKey: Uint8Array | null): void {
  const fault = nameFault(name);
  if (fault !== null) throw nameRefused(fault);
  const createdAt = new Date().toISOString();
  const person = { handle: handleOf(name), name: name.trim(), publicKey, createdAt };
  if (!store.people.add(person)) throw personKnown(name);
}

/** Throws `person-unknown`. */
export function removePerson(store: Store, name: string): void {
  if (!store.people.remove(handleOf(name))) throw personUnknown(name);
}

/** Throws `person-unknown`. */
export function personNamed(store: Store, name: string): PersonRow {
  const person = store.people.get(handleOf(name));
  if (person === null) throw personUnknown(name);
  return person;
}

/** Sets a person's PIN; one that is set already is changed only by who knows it. Throws MusterError. */
export async function setPin(
  store: Store,
  name: string,
  pins: { old: string | null; new: string },
): Promise<void> {
  const person = personNamed(store, name);
  const hashed = await hashPin(pins.new);
  if (person.pin !== null) await checkPin(store, person, pins.old ?? '');
  store.people.setPin(person.handle, hashed);
}
