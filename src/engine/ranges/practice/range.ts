import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MusterError } from '../../../core/problem.ts';
import { isSameProcess, processStart } from '../../processes/identity.ts';
import { control } from './control.ts';
import { customers } from './customers.ts';
import { journalIn } from './journal.ts';
import { serve } from './loopback.ts';
import { ordersIn } from './orders-database.ts';
import { ordersService } from './orders-service.ts';
import { type RangeRecord, readRecord, writeRecord } from './range-record.ts';
import { rangeFiles, seed } from './seed.ts';

/** Ranges of this process that are being closed, by folder: the next start waits for them. */
const closing = new Map<string, Promise<void>>();

/**
 * The practice range: an orders service with a real database, real backups and made-up customers,
 * inside this process and on 127.0.0.1 alone. The first call for `dir` fills it; a later one, after
 * a stop or a crash, goes on with the same data, the service as it was left, and the same ports
 * where they are free.
 */
export async function startPracticeRange(options: {
  /** A folder of the range's own. */
  dir: string;
  nativeBinding?: string;
}): Promise<{ env: Record<string, string>; close(): Promise<void> }> {
  const { dir, nativeBinding } = options;
  await closing.get(dir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  let record = readRecord(dir);
  if (isRunning(record.owner)) throw alreadyRunning(dir);
  const remember = (changes: Partial<RangeRecord>) => {
    record = { ...record, ...changes };
    writeRecord(dir, record);
  };
  remember({ owner: { pid: process.pid, start: processStart(process.pid) ?? '' } });

  try {
    const data = join(dir, 'data');
    seed(data, Date.now(), nativeBinding);
    const files = rangeFiles(data);
    const database = ordersIn(files.database, nativeBinding);
    const journal = journalIn(files.journal);
    const service = ordersService(database, journal, record.service);
    const controls = control(service, database, journal, (state) => remember({ service: state }));
    const serviceServer = await serve(service.handle, record.servicePort);
    const controlServer = await serve(controls, record.controlPort).catch(
      async (error: unknown) => {
        await serviceServer.close();
        throw error;
      },
    );
    remember({ servicePort: serviceServer.port, controlPort: controlServer.port });
    const sendHome = customers(service);

    const close = async () => {
      sendHome();
      await Promise.all([serviceServer.close(), controlServer.close()]);
      try {
        remember({ owner: null });
      } catch {
        // The folder is gone or full. This process is the owner on record, and soon it is no more.
      }
    };
    let closed: Promise<void> | null = null;
    return {
      env: {
        ORDERS_URL: `http://127.0.0.1:${serviceServer.port}`,
        ORDERS_CONTROL_URL: `http://127.0.0.1:${controlServer.port}`,
        ORDERS_DB: files.database,
        ORDERS_BACKUPS: files.backups,
        // Proxies are for the network, and curl would ask one even for this machine.
        no_proxy: '127.0.0.1,localhost',
        NO_PROXY: '127.0.0.1,localhost',
      },
      close: () => {
        if (!closed) {
          closed = close().finally(() => closing.delete(dir));
          closing.set(dir, closed);
        }
        return closed;
      },
    };
  } catch (error) {
    remember({ owner: null });
    throw error;
  }
}

function isRunning(owner: RangeRecord['owner']): boolean {
  return owner !== null && owner.start !== '' && isSameProcess(owner.pid, owner.start);
}

function alreadyRunning(dir: string): MusterError {
  return new MusterError({
    code: 'range-in-use',
    what: 'The practice range of this run is open in another process.',
    safe: 'Nothing was started, and its data was not touched.',
    next: 'Follow the run where it is driven, or close that window or command line first.',
    place: { file: dir },
  });
}
