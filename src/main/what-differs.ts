import { type Reply, settingsSchema } from '../shared/first-screen.ts';
import type { FirstAnswer, FirstAnswers } from './first-answers.ts';
import type { Push } from './ipc/push.ts';

/** Tells the window where the backend answers otherwise than what it was told from memory. */
export async function tellWhatDiffers(
  told: FirstAnswers,
  ask: (name: FirstAnswer) => Promise<Reply>,
  push: Push,
): Promise<void> {
  const differs = (name: FirstAnswer, reply: Reply): boolean =>
    told[name] !== undefined &&
    !(reply.ok && JSON.stringify(reply.value) === JSON.stringify(told[name]));
  const settings = await ask('settings.get');
  if (settings.ok && differs('settings.get', settings)) {
    push('settings.changed', settingsSchema.parse(settings.value));
  }
  if (differs('library.list', await ask('library.list'))) push('library.changed', undefined);
}
