import type { AppInfo } from '../../shared/ipc.ts';
import type { Services } from '../services.ts';
import type { HandlersOf } from './router.ts';

export function appRequests(services: Services, open: () => string | null): HandlersOf<'app.info'> {
  const asked = (): AppInfo['open'] => {
    const path = open();
    return path === null ? { kind: 'library' } : { kind: 'runbook', path };
  };
  return {
    'app.info': () => ({
      version: services.version,
      operator: services.operator,
      home: services.home,
      platform: process.platform,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      open: asked(),
    }),
  };
}
