import { setTimeout as pause } from 'node:timers/promises';
import type { TraceCal } from '@tracecal/gateway-client';
import { eventually } from './eventually.js';
import type { Hierarchy, Item } from './hierarchy.js';
import { Random } from './random.js';
import { story } from './registryStories.js';
import type { Story } from './registryStories.js';
import { RegistryWriter } from './registryWriter.js';
import { sealDate } from './submit.js';

/** Members that write at the same time, each through its own peer. */
export const WRITERS = ['nmi-north', 'nmi-south', 'nmi-east', 'lab-alpha', 'lab-beta', 'lab-alpha'] as const;
const INSTITUTES = ['nmi-north', 'nmi-south', 'nmi-east'];
const SEALING = 'nmi-north';
/** Between two attempts of a writer. */
const AGAIN_MS = 200;
/** Between two statements that all members hand in. */
const RUSH_EVERY_MS = 2000;
/** Statements that have to be registered between two faults, at most, and how long that may take: a busy machine is slow to start. */
const MOST_BETWEEN = 12;
const BETWEEN_MS = 120_000;
/** Time within which a network that is killed again and again answers a question. */
const BETWEEN_FAULTS_MS = 300_000;

/** Gives an organisation's connection to its own peer. */
type Connect = (organisation: string) => Promise<TraceCal>;

/** Members that write mixed statements, seals and heartbeats while their network fails, and note what they were told of each. */
export class RegistryLoad {
  readonly stories: Story[] = [];
  readonly #hierarchy: Hierarchy;
  readonly #connect: Connect;
  readonly #random: Random;
  readonly #writers: RegistryWriter[] = [];
  readonly #rushed = new Set<string>();
  /** Aborted by a failure: then nobody waits for answers any more. */
  readonly #failed = new AbortController();
  #isEnding = false;

  constructor(hierarchy: Hierarchy, connect: Connect, random: Random) {
    this.#hierarchy = hierarchy;
    this.#connect = connect;
    this.#random = random;
  }

  /** Digests of the statements that somebody was told to be registered. */
  get acknowledged(): readonly string[] {
    return [...this.#writers.flatMap((writer) => [...writer.acknowledged]), ...this.#rushed];
  }

  /**
   * Digests of the statements that the registry refused, with the sentence. A peer that has lost its disk answers with an old epoch, and the
   * heartbeat that is then signed again stands there already: nobody was told that the first one is refused.
   */
  get refused(): ReadonlyMap<string, string> {
    const acknowledged = new Set(this.acknowledged);
    const refused = this.#writers.flatMap((writer) => [...writer.refused]);
    return new Map(refused.filter(([digest]) => !acknowledged.has(digest)));
  }

  /** Whoever writes goes on through so many faults, unless something is wrong, and is told of every statement at the end. */
  async through(faults: number, oneFault: () => Promise<void>): Promise<void> {
    const work = WRITERS.map((member, index) =>
      this.#write(member, new Random(this.#random.between(0, 0x7fffffff)), index),
    );
    const writing = Promise.all([...work, this.#seals(), this.#rushes()]);
    try {
      for (let fault = 0; fault < faults; fault += 1) {
        await Promise.race([writing, this.#someWrites()]);
        await Promise.race([writing, oneFault()]);
      }
      this.#isEnding = true;
      await writing;
    } catch (error) {
      this.#isEnding = true;
      this.#failed.abort();
      throw error;
    }
  }

  /** Tells the stories of one device after another, until the faults are over. */
  async #write(member: string, own: Random, index: number): Promise<void> {
    const writer = this.#writer(member);
    for (let number = 0; !this.#isEnding; number += 1) {
      const told = await story(this.#hierarchy, `story-${index}-${number}`, own);
      this.stories.push(told);
      for (const item of told.items) await writer.register(item);
    }
  }

  /** Has all members hand in the same statement at once: whoever is told that it is there already is not refused. */
  async #rushes(): Promise<void> {
    const technician = `t-${WRITERS[3]}`;
    for (let number = 0; !this.#isEnding; number += 1) {
      const item = await this.#hierarchy.addDevice({ id: `rush-${number}`, technician, kind: 'field' });
      const writers = WRITERS.map((member) => this.#newWriter(member));
      await Promise.all(writers.map((writer) => writer.register(item)));
      for (const digest of writers.flatMap(({ acknowledged }) => [...acknowledged])) this.#rushed.add(digest);
      await pause(RUSH_EVERY_MS);
    }
  }

  /** Seals an epoch as soon as one may be sealed, and has it signed by the institutes. */
  async #seals(): Promise<void> {
    const writer = this.#writer(SEALING);
    while (!this.#isEnding) {
      await writer.register(await eventually(() => this.#presentSeal(), BETWEEN_FAULTS_MS));
      for (const institute of INSTITUTES) {
        await writer.register(await eventually(() => this.#presentHeartbeat(institute), BETWEEN_FAULTS_MS));
      }
      await pause(1000);
    }
  }

  #writer(member: string): RegistryWriter {
    const writer = this.#newWriter(member);
    this.#writers.push(writer);
    return writer;
  }

  #newWriter(member: string): RegistryWriter {
    return new RegistryWriter(
      () => this.#connect(member),
      async () => {
        await pause(AGAIN_MS);
        this.#failed.signal.throwIfAborted();
      },
    );
  }

  async #presentSeal(): Promise<Item> {
    const member = await this.#connect(SEALING);
    const date = await sealDate(member);
    const { number } = await member.getEpoch();
    return { statement: this.#hierarchy.changed(this.#hierarchy.seal().statement, { number, date }) };
  }

  async #presentHeartbeat(institute: string): Promise<Item> {
    const member = await this.#connect(SEALING);
    const { number, opened } = await member.getEpoch();
    const { digest } = await member.getEpochDigest(number - 1);
    const { statement } = this.#hierarchy.addHeartbeat(institute);
    return { statement: this.#hierarchy.changed(statement, { number: number - 1, date: opened, body: { digest } }) };
  }

  /** Until so many more statements are registered: a busy machine gets as far as an idle one. */
  async #someWrites(): Promise<void> {
    const wanted = this.acknowledged.length + this.#random.between(1, MOST_BETWEEN);
    for (const end = Date.now() + BETWEEN_MS; this.acknowledged.length < wanted && Date.now() < end;) await pause(5);
    await pause(this.#random.between(0, 100));
  }
}
