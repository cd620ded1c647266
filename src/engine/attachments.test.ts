import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../core/ledger/redact.ts';
import { MusterError } from '../core/problem.ts';
import { folder, problemOf, store } from '../store/test/fixtures.ts';
import { badAttachment, prepareAttachment, type Redaction, readAttachment } from './attachments.ts';

const secret = 'hunter2-hunter2';

function redaction(): Redaction {
  const redactor = createRedactor([secret]);
  return {
    text: redactor.text,
    bytes: (content) => Buffer.concat([redactor.push(content), redactor.flush()]),
  };
}

const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from(secret)]);

describe('a file that is attached', () => {
  it('is what it is by its content, and kept with its hash', () => {
    const { attachment, content } = prepareAttachment(
      { name: '../../shot.html', bytes: png },
      redaction(),
    );
    expect(attachment).toEqual({
      name: 'shot.html',
      mediaType: 'image/png',
      bytes: png.length,
      sha256: createHash('sha256').update(png).digest('hex'),
    });
    expect(Buffer.from(content).equals(png)).toBe(true);
  });

  it('holds no secret where one can be found: in its name, and in what is no picture', () => {
    const bytes = Buffer.from(`password=${secret}\n`);
    const { attachment, content } = prepareAttachment(
      { name: `${secret}.txt`, bytes },
      redaction(),
    );
    expect(attachment.name).toBe('•••.txt');
    expect(Buffer.from(content).toString()).toBe('password=•••\n');
    expect(attachment.bytes).toBe(content.length);
    expect(attachment.mediaType).toBe('application/octet-stream');
  });

  it('is neither empty nor larger than 25 MB', () => {
    const prepare = (bytes: Uint8Array) => () =>
      prepareAttachment({ name: 'a', bytes }, redaction());
    expect(problemOf(prepare(new Uint8Array())).code).toBe('attachment-empty');
    const problem = problemOf(prepare(new Uint8Array(26_000_000)));
    expect(problem.code).toBe('attachment-too-large');
    expect(problem.what).toContain('26 MB; at most 25 MB');
    expect(prepare(new Uint8Array(1024 * 1024))).not.toThrow();
  });

  it('is found changed or missing', () => {
    const home = folder();
    const opened = store(home);
    const { attachment, content } = prepareAttachment({ name: 'a.png', bytes: png }, redaction());
    expect(badAttachment(opened, attachment)).toBe('The attachment a.png is missing.');
    expect(() => readAttachment(opened, attachment)).toThrow(MusterError);
    opened.attachments.keep(attachment.sha256, [content]);
    expect(badAttachment(opened, attachment)).toBeNull();
    expect(readAttachment(opened, attachment).equals(png)).toBe(true);
    expect(badAttachment(opened, { ...attachment, bytes: 1 })).toContain('was changed');
    const db = new Database(join(home, 'muster.db'));
    db.exec("DROP TRIGGER attachments_keep; UPDATE attachments SET data = x'00', length = 1");
    db.close();
    expect(badAttachment(opened, attachment)).toBe('The attachment a.png was changed.');
  });
});
