import { createContext } from "svelte";

/**
 * How often somebody has come to a page, by links and by back and forward: a link within a page changes the
 * address alone. Whoever reads it runs again each time.
 */
export type Visits = () => number;

/** Hands the count from the shell to the pages. */
export const [useVisits, provideVisits] = createContext<Visits>();
