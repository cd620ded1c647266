import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rangeServers } from '../src/engine/test/range-json.ts';
import { bundled } from './bundled.ts';
import { goal, median } from './measure.ts';

/**
 * One large file up to the range's first object store and down again, by Muster, by `aws s3 cp` and
 * by `rclone copyto`, in turns on the same site, each with its defaults and in a process of its own.
 * Muster's time includes the proof that the content arrived. Goals: at least 0.9 times the speed of
 * the faster one, and less than 100 MB more than an idle process of the same runtime.
 *
 * The range keeps its objects in 4 GB of memory, and deleted ones for two hours. So the file is small
 * and goes up once for each tool; with a store that has room, `MUSTER_BENCH_MB=2000` and
 * `MUSTER_BENCH_ROUNDS=3` say more.
 */
const SIZE = Number(process.env.MUSTER_BENCH_MB ?? 250) * 1_000_000;
const ROUNDS = Number(process.env.MUSTER_BENCH_ROUNDS ?? 1);
const BUCKET = `muster-objects-bench-${process.pid}`;

type Tool = 'muster' | 'aws' | 'rclone';
type Way = 'up' | 'down';

const site = rangeServers()?.s3;
const missing = ['aws', 'rclone'].filter(
  (tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status !== 0,
);
if (site === undefined || missing.length > 0) {
  if (site === undefined) console.log('MUSTER_RANGE is not set: there is no object store.');
  if (missing.length > 0) console.log(`Not installed: ${missing.join(', ')}.`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
const source = join(folder, 'source');
const program = await bundled(join(folder, 'muster'), 'object-transfer');
const env = {
  PATH: process.env.PATH,
  HOME: folder,
  BENCH_ENDPOINT: site.endpoint,
  AWS_ACCESS_KEY_ID: site.accessKeyId,
  AWS_SECRET_ACCESS_KEY: site.secretAccessKey,
  AWS_DEFAULT_REGION: site.region,
  AWS_EC2_METADATA_DISABLED: 'true',
  RCLONE_CONFIG_SITE_TYPE: 's3',
  RCLONE_CONFIG_SITE_PROVIDER: 'Ceph',
  RCLONE_CONFIG_SITE_ENV_AUTH: 'true',
  RCLONE_CONFIG_SITE_ENDPOINT: site.endpoint,
  RCLONE_CONFIG_SITE_REGION: site.region,
};
const aws = (...args: string[]): string[] => ['aws', '--endpoint-url', site.endpoint, ...args];

function commandFor(tool: Tool, way: Way, key: string, file: string): string[] {
  if (tool === 'muster') {
    return [process.execPath, program, way, file, BUCKET, key];
  }
  const uri = tool === 'aws' ? `s3://${BUCKET}/${key}` : `site:${BUCKET}/${key}`;
  const ends = way === 'up' ? [file, uri] : [uri, file];
  return tool === 'aws'
    ? aws('s3', 'cp', '--only-show-errors', ...ends)
    : ['rclone', 'copyto', '--s3-no-check-bucket', ...ends];
}

/** Runs to the end. Its time in ms, and the most memory it had in MB. */
async function run(command: string[]): Promise<{ ms: number; mb: number }> {
  const [program = '', ...args] = command;
  const began = performance.now();
  const child = spawn(program, args, {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 600_000,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-10_000);
  });
  let mb = 0;
  const look = setInterval(() => {
    mb = Math.max(mb, memoryOf(child));
  }, 50);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  const ms = performance.now() - began;
  clearInterval(look);
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${said}`);
  return { ms, mb };
}

/** The most it ever had, in MB. */
function memoryOf({ pid }: ChildProcess): number {
  try {
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(peak ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function writeSource(): void {
  const block = Buffer.alloc(16 * 1024 * 1024);
  const file = openSync(source, 'w');
  for (let left = SIZE; left > 0; left -= block.length) {
    writeSync(file, randomFillSync(block), 0, Math.min(left, block.length));
  }
  closeSync(file);
}

try {
  writeSource();
  await run(aws('s3api', 'create-bucket', '--bucket', BUCKET));
  const tools: Tool[] = ['muster', 'aws', 'rclone'];
  const rates: Record<Way, Record<Tool, number[]>> = {
    up: { muster: [], aws: [], rclone: [] },
    down: { muster: [], aws: [], rclone: [] },
  };
  const memory: Record<Tool, number> = { muster: 0, aws: 0, rclone: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    // None of them is always the first.
    for (const tool of [...tools.slice(round % 3), ...tools.slice(0, round % 3)]) {
      const back = join(folder, `back-${tool}`);
      for (const way of ['up', 'down'] as const) {
        const { ms, mb } = await run(commandFor(tool, way, tool, way === 'up' ? source : back));
        rates[way][tool].push(SIZE / 1000 / ms);
        memory[tool] = Math.max(memory[tool], mb);
      }
      if (statSync(back).size !== SIZE) throw new Error(`${tool} brought back another size`);
      rmSync(back);
      await run(aws('s3', 'rm', '--only-show-errors', `s3://${BUCKET}/${tool}`));
    }
  }
  for (const way of ['up', 'down'] as const) {
    const speed = (tool: Tool): number => median(rates[way][tool]);
    for (const tool of tools) {
      console.log(
        `${way.padEnd(4)} ${tool.padEnd(6)} ${speed(tool).toFixed(0)} MB/s, at most ${memory[tool].toFixed(0)} MB of memory`,
      );
    }
    const ratio = speed('muster') / Math.max(speed('aws'), speed('rclone'));
    goal(`${SIZE / 1e9} GB ${way} against the faster of aws and rclone`, ratio, 'times', {
      atLeast: 0.9,
    });
  }
  const idle = await run([process.execPath, program, 'idle', source]);
  goal('memory of a transfer above an idle process', memory.muster - idle.mb, 'MB', {
    atMost: 100,
  });
} finally {
  await run(aws('s3', 'rb', '--force', `s3://${BUCKET}`)).catch(console.error);
  rmSync(folder, { recursive: true, force: true });
}
