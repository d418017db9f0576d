import type { StorageFacts } from "../storage-facts.ts";
import type { OriginView, RouteView } from "../upload-view.ts";
import { SMALLEST_SAMPLE_BYTES } from "./line-speed.ts";
import { chooseWay, measurePart, NO_MEASURE, type WayMeasure } from "./acceleration.ts";

/** A browser opens this many HTTP/1.1 connections to one origin. */
export const CONNECTIONS_PER_ORIGIN = 6;

/** Failures in a row after which an origin is left alone while another works. */
const FAILURES_TO_DROP = 2;

/** How long an origin is left alone, in milliseconds: doubled each time, up to the second figure. */
const REST_MS = 30_000;
const LONGEST_REST_MS = 5 * 60_000;

/** An origin is slow below this part of the fastest one's speed, once each has this many samples. */
const SLOW_BELOW = 0.5;
const SAMPLES_TO_JUDGE = 3;

/** The newest part counts this much in the speed of an origin. */
const NEWEST_WEIGHT = 0.3;

/** Files below this are not worth the price of acceleration, in bytes. */
export const ACCELERATED_FROM_BYTES = 32 * 1024 * 1024;

type Kind = OriginView["kind"];

interface Origin {
  readonly origin: string;
  readonly kind: Kind;
  connections: number;
  failures: number;
  restCount: number;
  /** Left alone until then, in milliseconds since 1970. */
  restsUntil: number;
  restsFor: "slow" | "failing" | null;
  /** Requests got through since it last was left alone. */
  hasWorked: boolean;
  /** Of them, those that were large enough to measure. */
  samples: number;
  bytesPerSecond: number | null;
}

/** All origins under which the bucket is reached: which of them a request goes to, and how they do. */
export class Origins {
  readonly #byName = new Map<string, Origin>();
  readonly #usdPerGb: number | null;
  readonly #hasAcceleration: boolean;
  #ways: Record<Kind, WayMeasure> = { direct: NO_MEASURE, accelerated: NO_MEASURE };
  #acceleratedBytes = 0;

  constructor(facts: StorageFacts) {
    for (const origin of facts.origins) this.#add(origin, "direct");
    for (const origin of facts.acceleratedOrigins) this.#add(origin, "accelerated");
    this.#usdPerGb = facts.accelerationUsdPerGb;
    this.#hasAcceleration = facts.acceleratedOrigins.length > 0;
  }

  /** Requests that may be under way at once: a browser makes all others wait. */
  capacity(now: number): number {
    const usable = this.#usable(now);
    if (usable.length === 0) return CONNECTIONS_PER_ORIGIN;
    return usable.reduce((sum, origin) => sum + slotsOf(origin), 0);
  }

  /** Those that URLs are wanted for; undefined where the first is all there is. */
  wanted(isLarge: boolean): string[] | undefined {
    const route = this.#route();
    const names = [...this.#byName.values()]
      .filter(({ kind }) => isOnRoute(kind, isLarge ? route : "direct"))
      .map(({ origin }) => origin);
    return names.length > 1 || names[0] !== this.#byName.keys().next().value ? names : undefined;
  }

  /**
   * The best of some URLs of one request whose origin has a connection free; null where none has.
   * @param except a URL whose origin carries the same part already
   */
  choose(urls: readonly string[], now: number, isLarge: boolean, except?: string): string | null {
    const route = isLarge ? this.#route() : "direct";
    const taken = except === undefined ? null : this.#of(except);
    let best: { readonly url: string; readonly origin: Origin } | null = null;
    const offered = urls.map((url) => ({ url, origin: this.#of(url) }));
    const onRoute = offered.filter(({ origin }) => isOnRoute(origin.kind, route));
    const rested = onRoute.filter(({ origin }) => origin.restsUntil <= now);
    // Where all rest, the storage itself is unwell: its circuit breaker decides, not we.
    for (const candidate of rested.length > 0 ? rested : onRoute) {
      const { origin } = candidate;
      if (origin.connections >= slotsOf(origin)) continue;
      if (origin === taken && offered.length > 1) continue;
      if (best === null || isBetter(origin, best.origin)) best = candidate;
    }
    return best?.url ?? null;
  }

  started(url: string): void {
    this.#of(url).connections += 1;
  }

  ended(url: string): void {
    this.#of(url).connections -= 1;
  }

  /** A request of `sizeBytes` got its answer `elapsedMs` after it left. */
  succeeded(url: string, sizeBytes: number, elapsedMs: number, now: number): void {
    const origin = this.#of(url);
    origin.failures = 0;
    origin.hasWorked = true;
    if (origin.restsFor === "failing") endRest(origin);
    if (origin.kind === "accelerated") this.#acceleratedBytes += sizeBytes;
    if (sizeBytes < SMALLEST_SAMPLE_BYTES) return;
    this.#ways[origin.kind] = measurePart(this.#ways[origin.kind], sizeBytes, elapsedMs);
    measure(origin, (sizeBytes / Math.max(1, elapsedMs)) * 1000);
    this.#judgeSpeed(origin, now);
  }

  /** A request failed; answers whether that is this origin's own matter, because others work. */
  failed(url: string, now: number): boolean {
    const origin = this.#of(url);
    origin.failures += 1;
    const isAlone = !this.#usable(now).some(
      (other) => other !== origin && other.failures === 0 && other.hasWorked,
    );
    if (isAlone) return false;
    if (origin.failures >= FAILURES_TO_DROP) rest(origin, "failing", now);
    return true;
  }

  /** Another network, or a person says "now": everybody gets another chance. */
  forgive(): void {
    for (const origin of this.#byName.values()) {
      endRest(origin);
      origin.failures = 0;
      origin.restCount = 0;
    }
  }

  views(now: number): readonly OriginView[] {
    const route = this.#route();
    return [...this.#byName.values()].map((origin) => ({
      origin: origin.origin,
      kind: origin.kind,
      state: stateOf(origin, route, now),
      bytesPerSecond: origin.bytesPerSecond === null ? null : Math.round(origin.bytesPerSecond),
      connections: origin.connections,
    }));
  }

  route(): RouteView | null {
    if (!this.#hasAcceleration) return null;
    const { kind, speedup } = chooseWay(this.#ways.direct, this.#ways.accelerated);
    const acceleratedBytes = this.#acceleratedBytes;
    return { kind, speedup, usdPerGb: this.#usdPerGb, acceleratedBytes };
  }

  #route(): RouteView["kind"] {
    return this.route()?.kind ?? "direct";
  }

  #usable(now: number): readonly Origin[] {
    const route = this.#route();
    return [...this.#byName.values()].filter(
      ({ kind, restsUntil }) => isOnRoute(kind, route) && restsUntil <= now,
    );
  }

  #judgeSpeed(origin: Origin, now: number): void {
    if (origin.samples < SAMPLES_TO_JUDGE || origin.bytesPerSecond === null) return;
    const fastest = Math.max(
      ...this.#usable(now)
        .filter(({ kind, samples }) => kind === origin.kind && samples >= SAMPLES_TO_JUDGE)
        .map(({ bytesPerSecond }) => bytesPerSecond ?? 0),
    );
    if (origin.bytesPerSecond < fastest * SLOW_BELOW) rest(origin, "slow", now);
    else endRest(origin);
  }

  /** Where the server named no origins, the URLs do. */
  #of(url: string): Origin {
    const name = new URL(url).origin;
    return this.#byName.get(name) ?? this.#add(name, "direct");
  }

  #add(origin: string, kind: Kind): Origin {
    const added: Origin = {
      origin,
      kind,
      connections: 0,
      failures: 0,
      restCount: 0,
      restsUntil: 0,
      restsFor: null,
      hasWorked: false,
      samples: 0,
      bytesPerSecond: null,
    };
    this.#byName.set(origin, added);
    return added;
  }
}

function isOnRoute(kind: Kind, route: RouteView["kind"]): boolean {
  return route === "measuring" || kind === route;
}

/** One that was left alone begins with a single connection. */
function slotsOf({ restsFor }: Origin): number {
  return restsFor === null ? CONNECTIONS_PER_ORIGIN : 1;
}

function isBetter(a: Origin, b: Origin): boolean {
  if (a.connections !== b.connections) return a.connections < b.connections;
  return (a.bytesPerSecond ?? 0) > (b.bytesPerSecond ?? 0);
}

function measure(origin: Origin, bytesPerSecond: number): void {
  origin.samples += 1;
  const before = origin.bytesPerSecond;
  origin.bytesPerSecond =
    before === null
      ? bytesPerSecond
      : before * (1 - NEWEST_WEIGHT) + bytesPerSecond * NEWEST_WEIGHT;
}

function rest(origin: Origin, why: "slow" | "failing", now: number): void {
  origin.restCount += 1;
  origin.restsFor = why;
  origin.restsUntil = now + Math.min(LONGEST_REST_MS, REST_MS * 2 ** (origin.restCount - 1));
  // What it shows after its rest counts, not what it showed before.
  origin.hasWorked = false;
  origin.samples = 0;
  origin.bytesPerSecond = why === "slow" ? origin.bytesPerSecond : null;
}

function endRest(origin: Origin): void {
  origin.restsFor = null;
  origin.restsUntil = 0;
}

function stateOf(origin: Origin, route: RouteView["kind"], now: number): OriginView["state"] {
  if (!isOnRoute(origin.kind, route)) return "unneeded";
  if (origin.restsFor !== null) return origin.restsUntil > now ? origin.restsFor : "trial";
  return route === "measuring" ? "trial" : "used";
}
