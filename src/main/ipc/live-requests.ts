import type { LivePanel } from '../live/live-panel.ts';
import type { HandlersOf } from './router.ts';

type LiveRequest = 'live.open' | 'live.close' | 'live.read' | 'live.logs';

export function liveRequests(panel: LivePanel): HandlersOf<LiveRequest> {
  return {
    'live.open': ({ run, role, all }) => panel.open(run, role, all),
    'live.close': () => panel.close(),
    'live.read': ({ logFrom }) => panel.read(logFrom),
    'live.logs': ({ pod }) => panel.follow(pod),
  };
}
