import type { Journal } from './journal.ts';
import { type Answer, type Handler, notFound, refused } from './loopback.ts';
import type { Order, OrdersDatabase } from './orders-database.ts';

/** The service that the drill is about: it takes orders and answers for them. */
export interface OrdersService {
  handle: Handler;
  /** Takes an order and confirms it to the customer; throws when the database refuses. */
  accept(details: Omit<Order, 'id' | 'placedAt'>): Order;
  state(): ServiceState;
  set(state: ServiceState): void;
}

export type ServiceState = 'running' | 'stopped';

export function ordersService(
  database: OrdersDatabase,
  journal: Journal,
  initial: ServiceState,
): OrdersService {
  let state = initial;

  function accept(details: Omit<Order, 'id' | 'placedAt'>): Order {
    const order = database.accept({ ...details, placedAt: new Date().toISOString() });
    journal.add(order);
    return order;
  }

  function place(form: URLSearchParams): Answer {
    const quantity = Number(form.get('quantity') ?? 1);
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > 1_000) {
      return refused(400, 'quantity must be a number from 1 to 1000');
    }
    const customer = form.get('customer') ?? 'nobody';
    const item = form.get('item') ?? 'lamp';
    return { status: 201, fields: fieldsOf(accept({ customer, item, quantity })) };
  }

  function count(until: string | null): Answer {
    if (until === null) return { status: 200, fields: { rows: database.count() } };
    const time = Date.parse(until);
    if (Number.isNaN(time))
      return refused(400, 'until must be a time such as 2026-03-01T03:00:00Z');
    return { status: 200, fields: { rows: database.count(new Date(time).toISOString()) } };
  }

  function health(): Answer {
    database.prove();
    return { status: 200, fields: { status: 'ok' } };
  }

  function route({ method, path, query, form }: Parameters<Handler>[0]): Answer {
    if (method === 'POST') return path === '/orders' ? place(form) : notFound;
    if (method !== 'GET') return refused(405, 'use GET or POST');
    if (path === '/health') return health();
    if (path === '/orders/count') return count(query.get('until'));
    if (path === '/orders/latest') return found(database.latest());
    const id = /^\/orders\/([\w-]+)$/.exec(path)?.[1];
    return id === undefined ? notFound : found(database.find(id));
  }

  return {
    // The port stays open while the service is stopped, so that nobody else can take it meanwhile.
    handle: (request) => {
      if (state === 'stopped') return unavailable('stopped', 'the service is stopped');
      try {
        return route(request);
      } catch (error) {
        return unavailable('failing', error instanceof Error ? error.message : String(error));
      }
    },
    accept,
    state: () => state,
    set: (to) => {
      state = to;
    },
  };
}

function unavailable(status: string, reason: string): Answer {
  return { status: 503, fields: { status, reason } };
}

function found(order: Order | null): Answer {
  return order ? { status: 200, fields: fieldsOf(order) } : refused(404, 'no such order');
}

function fieldsOf(order: Order): Answer['fields'] {
  const { id, placedAt, customer, item, quantity } = order;
  return { id, placed_at: placedAt, customer, item, quantity };
}
