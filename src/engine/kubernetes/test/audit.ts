import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

const recordSchema = z.object({
  verb: z.string(),
  requestURI: z.string(),
  userAgent: z.string().default(''),
  user: z.object({ username: z.string() }),
});

/** For tests: one request as an API server's audit log has it. */
export type AuditRecord = z.output<typeof recordSchema>;

/** For tests: what one account asked of an API server, by the server's own record. */
export interface AuditTrail {
  /** All since the trail was begun. `last` is a path that was asked for after everything else. */
  until(last: string): Promise<AuditRecord[]>;
}

const WRITTEN_MS = 10_000;

/** The question that kubectl, which ends the trail, asks by itself. */
const isOfRun = ({ requestURI }: AuditRecord): boolean => !requestURI.startsWith('/version?');

export function beginTrail(auditLog: string, user: string): AuditTrail {
  const from = statSync(auditLog).size;
  const read = (): AuditRecord[] =>
    readFileSync(auditLog)
      .subarray(from)
      .toString('utf8')
      .split('\n')
      .filter((line) => line.includes(`"username":"${user}"`))
      .map((line) => recordSchema.parse(JSON.parse(line)));
  return {
    async until(last) {
      const deadline = Date.now() + WRITTEN_MS;
      for (;;) {
        const records = read();
        const end = records.findIndex(({ requestURI }) => requestURI === last);
        if (end >= 0) return records.slice(0, end).filter(isOfRun);
        if (Date.now() > deadline) throw new Error(`${auditLog} has no request for ${last}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}
