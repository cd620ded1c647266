import { readFileSync } from 'node:fs';
import { connect } from '../src/engine/kubernetes/connection.ts';
import { copyFileOut } from '../src/engine/kubernetes/copy/out-file.ts';

/** One copy in a process of its own: prints its time in ms and its highest memory in MB. */
const [kubeconfig = '', context = '', namespace = '', to = ''] = process.argv.slice(2);
const connection = connect({ env: { KUBECONFIG: kubeconfig }, home: '/', added: [] }, context);
const began = performance.now();
const { bytes, isVerified } = await copyFileOut(
  {
    connection,
    place: { namespace, pod: 'box', container: 'main' },
    signal: AbortSignal.timeout(600_000),
    log: console.error,
    progress: () => undefined,
  },
  '/tmp/big',
  to,
);
if (!isVerified) throw new Error('The copy was not verified');
connection.close();
const ms = performance.now() - began;
// Its own highest memory; what getrusage tells begins with that of the process it was started from.
const [, kb] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
console.log(JSON.stringify({ bytes, ms, mb: Number(kb) / 1024 }));
