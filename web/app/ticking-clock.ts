import { createSubscriber } from "svelte/reactivity";

/** The time that moves by itself while something on the page shows it. */
export interface TickingClock {
  /** Milliseconds since 1970; whoever reads it runs again each second. */
  now(): number;
}

/** A clock for countdowns: one timer however many rows read it, none while nobody does. */
export function createTickingClock(): TickingClock {
  const track = createSubscriber((update) => {
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  });
  return {
    now() {
      track();
      return Date.now();
    },
  };
}
