import type { Journal } from './journal.ts';
import { type Answer, type Handler, notFound } from './loopback.ts';
import type { OrdersDatabase } from './orders-database.ts';
import type { OrdersService, ServiceState } from './orders-service.ts';

/** What an operator does beside the service: stop it, start it, ask the customers. */
export function control(
  service: OrdersService,
  database: OrdersDatabase,
  journal: Journal,
  /** Called after each change, so that a restart of the app finds the service as it was left. */
  remember: (state: ServiceState) => void,
): Handler {
  function set(state: ServiceState): Answer {
    service.set(state);
    remember(state);
    return { status: 200, fields: { state } };
  }

  function losses(): Answer {
    const { accepted, lost, lostFrom, lostTo } = journal.compare(database.ids());
    const window = lost > 0 ? { lost_from: lostFrom ?? '', lost_to: lostTo ?? '' } : {};
    return { status: 200, fields: { accepted, lost, ...window } };
  }

  return ({ method, path }) => {
    switch (`${method} ${path}`) {
      case 'POST /service/stop':
        return set('stopped');
      case 'POST /service/start':
        return set('running');
      case 'GET /service':
        return { status: 200, fields: { state: service.state() } };
      case 'GET /journal':
        return losses();
      default:
        return notFound;
    }
  };
}
