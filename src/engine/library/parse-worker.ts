import { parentPort, workerData } from 'node:worker_threads';
import { parse } from '../../core/runbook/parse.ts';

/** The thread that reads one large text for `parse-apart.ts` and ends. */

parentPort?.postMessage(parse(String(workerData)));
