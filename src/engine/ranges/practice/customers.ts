import type { OrdersService } from './orders-service.ts';
import { someOrder } from './seed.ts';

/** Time between two orders, in ms; each waits up to a third longer or shorter. */
const EVERY_MS = 300;

/**
 * Made-up customers who order for as long as the service takes orders, so that a restore really
 * loses something. Returns the function that sends them home.
 */
export function customers(service: OrdersService): () => void {
  let number = 0;
  let timer: NodeJS.Timeout;
  const wait = () => {
    timer = setTimeout(order, EVERY_MS * (2 / 3 + Math.random() * (2 / 3)));
    // The range alone must not keep a program from ending.
    timer.unref();
  };
  const order = () => {
    try {
      if (service.state() === 'running') {
        const { customer, item, quantity } = someOrder(number++, new Date().toISOString());
        service.accept({ customer, item, quantity });
      }
    } catch {
      // The database refused; the customer comes back later.
    }
    wait();
  };
  wait();
  return () => clearTimeout(timer);
}
