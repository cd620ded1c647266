// @ts-nocheck: to be read by itself, as somebody outside would write it.
// A verifier of exported ledgers that shares no code with Muster. It needs Node and nothing else:
//
//   muster report RUN --format jsonl > run.jsonl
//   node verify-ledger.mjs run.jsonl [FINGERPRINT]
//
// With a fingerprint, only heads that this key signed count. Exit code 0: all of it verifies;
// 1: something does not, and the first such thing is named. docs/ledger.md has the format.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [file, wantedKey] = process.argv.slice(2);
const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** RFC 8785: keys sorted, no white space, numbers and text as ECMAScript writes them. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const pairs = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${pairs.join(',')}}`;
}

function bad(seq, why) {
  console.log(JSON.stringify({ ok: false, seq, why }));
  process.exit(1);
}

function signatureFits({ key, signature, run, seq, hash, time }) {
  const x = Buffer.from(key, 'base64').toString('base64url');
  try {
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const text = canonical({ run, seq, hash, time });
    return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));
const all = (kind) => lines.filter(({ line }) => line === kind);
const [{ run }] = all('ledger');

// 1. The chain.
const hashes = [];
for (const { event } of all('event')) {
  const seq = hashes.length + 1;
  const { hash, ...rest } = event;
  if (event.seq !== seq) bad(seq, `event ${event.seq} stands in its place`);
  if (event.run !== run) bad(seq, 'it belongs to another run');
  if (sha256(canonical(rest)) !== hash) bad(seq, 'its content does not match its hash');
  if (event.prev !== (hashes.at(-1) ?? '0'.repeat(64))) bad(seq, 'it does not follow');
  hashes.push(hash);
}

// 2. What the events vouch for.
for (const { event } of all('event')) {
  const { kind, sha256: wanted, step, attempt, result } = event.body;
  if (kind === 'run.created') {
    const texts = all('runbook').filter((text) => sha256(text.text) === wanted);
    if (texts.length === 0) bad(event.seq, 'the text of the runbook is not the one that ran');
  }
  if (kind === 'step.acted') {
    const pieces = all('output').filter((one) => one.step === step && one.attempt === attempt);
    const output = Buffer.concat(pieces.map(({ data }) => Buffer.from(data, 'base64')));
    const fits = output.length === result.output.bytes && sha256(output) === result.output.sha256;
    if (!fits) bad(event.seq, `the output of ${step}, attempt ${attempt}, was changed`);
  }
}

// 3. The signed heads.
let signed = 0;
for (const { head } of all('head')) {
  if (wantedKey && sha256(Buffer.from(head.key, 'base64')) !== wantedKey) continue;
  if (head.run !== run || !signatureFits(head)) bad(head.seq, 'the signature of this head is bad');
  if (head.seq > hashes.length) bad(hashes.length + 1, `${head.seq} events were signed`);
  if (hashes[head.seq - 1] !== head.hash) bad(head.seq, 'it is not the event that was signed');
  signed = head.seq;
}
console.log(JSON.stringify({ ok: true, events: hashes.length, head: hashes.at(-1), signed }));
