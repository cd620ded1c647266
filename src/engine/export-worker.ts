import { parentPort, workerData } from 'node:worker_threads';
import { type ExportJob, rendered } from './export-apart.ts';

/** The thread that writes one large export for `export-apart.ts` and ends. */

parentPort?.postMessage(rendered(workerData as ExportJob));
