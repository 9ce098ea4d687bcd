import type { Item } from '@tracecal/gateway-client';
import type { Authority } from './authority.js';
import type { PageOf } from './data.js';
import type { Feedback, Observations, Outcome } from './observations.js';
import { Refusal } from './refusal.js';
import type { Registered, TraceAnswer, TraceQuestion, WholeRegistry } from './registry.js';
import type { Asker, SlicedData } from './slicedData.js';

/** The registry as one user gets it: asked about devices of the slice only. */
export class SlicedRegistry {
  readonly #whole: WholeRegistry;
  readonly #data: SlicedData;

  constructor(whole: WholeRegistry, data: SlicedData) {
    this.#whole = whole;
    this.#data = data;
  }

  /** @throws Refusal `NOT_FOUND`, also for a statement that is about no device */
  async issue(asker: Asker, item: Item): Promise<Registered> {
    await this.#requireWithin(asker, item);
    return this.#whole.issue(item);
  }

  /** @throws Refusal `NOT_FOUND`, also for a statement that is about no device */
  async accept(asker: Asker, item: Item): Promise<Registered> {
    await this.#requireWithin(asker, item);
    return this.#whole.accept(item);
  }

  /** @throws Refusal `NOT_FOUND` */
  async trace(asker: Asker, device: string, question: TraceQuestion): Promise<TraceAnswer> {
    await this.#data.instrument(asker, device);
    return this.#whole.trace(device, question);
  }

  async #requireWithin(asker: Asker, item: Item): Promise<void> {
    const device = await this.#whole.deviceOf(item);
    if (device === undefined) throw new Refusal('NOT_FOUND');
    await this.#data.instrument(asker, device);
  }
}

/** Observations as one user gets them: of devices of the slice only. */
export class SlicedObservations {
  readonly #whole: Observations;
  readonly #data: SlicedData;

  constructor(whole: Observations, data: SlicedData) {
    this.#whole = whole;
    this.#data = data;
  }

  /** @throws Refusal `NOT_FOUND`, and what {@link Observations.file} throws */
  async file(authority: Authority, device: string, jws: string): Promise<string> {
    await this.#data.instrument(authority, device);
    return this.#whole.file(jws, device, authority);
  }

  /** @throws Refusal `NOT_FOUND` */
  async on(asker: Asker, device: string, page: PageOf): Promise<Feedback> {
    await this.#data.instrument(asker, device);
    return this.#whole.on(device, asker.slice.operator, page);
  }

  /**
   * Says what became of the open observations of a device: an officer's word, since users would confirm one another.
   *
   * @throws Refusal `NOT_FOUND`, `NOT_ALLOWED`
   */
  async settle(authority: Authority, device: string, outcome: Outcome): Promise<number> {
    if (authority.delegation !== undefined)
      throw new Refusal('NOT_ALLOWED', 'Only an officer says what became of observations.');
    await this.#data.instrument(authority, device);
    return this.#whole.settle(device, authority.slice.operator, outcome);
  }
}
