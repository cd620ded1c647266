import { expect, it } from 'vitest';
import { knownSecrets } from '../engine/credentials/known-secrets.ts';
import { notificationText } from './notification-text.ts';

it('shows a notification without secrets, control characters and without end', () => {
  knownSecrets.add('hunter2-hunter2');
  expect(
    notificationText({
      title: 'Restore \u001b[31mfailed\u001b[0m\nat once',
      text: `The password hunter2-hunter2 was refused. ${'x'.repeat(1_000)}`,
    }),
  ).toEqual({
    title: 'Restore failed at once',
    body: expect.stringMatching(/^The password ••• was refused\. x+…$/),
  });
  expect(notificationText({ title: '', text: 'y'.repeat(5_000) }).body).toHaveLength(400);
});
