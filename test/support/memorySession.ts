import { RegistryContract } from '@tracecal/chaincode';
import { instantOf, REGISTRY_ERROR_CODES } from '@tracecal/core/model';
import type { AccreditationLine, Instant, RegistryErrorCode } from '@tracecal/core/model';
import { TraceCal, TraceCalError } from '@tracecal/gateway-client';
import type { Ledger } from '@tracecal/gateway-client';
import type { Session } from '@tracecal/gateway-client/application';
import { Cast, sessionOf } from './castSession.js';
import type { CastNames } from './castSession.js';
import { later } from './hierarchy.js';
import { MemoryLedger } from './memoryLedger.js';
import { emptyRegistryOf, RELAY, replay, submit } from './registry.js';
import { temporaryFolder } from './temporaryFolder.js';

/** An institute and a laboratory below it, with an officer and a technician each, over a ledger in memory. */
export class MemoryWorld {
  readonly #cast: Cast;
  readonly #ledger: MemoryLedger;

  private constructor(cast: Cast, ledger: MemoryLedger) {
    this.#cast = cast;
    this.#ledger = ledger;
  }

  /** A cast accredited for these lines. */
  static async found(
    institute: readonly AccreditationLine[],
    laboratory: readonly AccreditationLine[],
    names?: CastNames,
  ): Promise<MemoryWorld> {
    const cast = await Cast.of(institute, laboratory, names);
    const ledger = emptyRegistryOf(cast);
    await replay(cast, ledger);
    return new MemoryWorld(cast, ledger);
  }

  /** The same world, in which from now on something else may happen. */
  fork(): MemoryWorld {
    const ledger = new MemoryLedger(
      new RegistryContract({ founding: this.#cast.foundingDigest }),
      this.#ledger.channel,
    );
    this.#ledger.state.forEach((value, key) => ledger.state.set(key, value));
    ledger.now = this.#ledger.now;
    return new MemoryWorld(this.#cast, ledger);
  }

  get now(): Instant {
    return this.#ledger.now;
  }

  /** The institute seals so many epochs, a minute each, and signs none. */
  async seal(count: number): Promise<void> {
    for (let sealed = 0; sealed < count; sealed += 1) {
      this.#ledger.now = later(this.#ledger.now, 60);
      const { now } = this.#ledger;
      await submit(this.#ledger, this.#cast.seal(now));
      this.#ledger.now = now;
    }
  }

  /** A session of a user who has all keys. */
  session(content = temporaryFolder()): Session {
    const tracecal = new TraceCal(ledgerOver(this.#ledger), 'registry', () => undefined);
    return sessionOf(this.#cast, () => Promise.resolve(tracecal), content);
  }
}

/** What the client asks of a ledger, answered by one in memory at the present time. */
function ledgerOver(ledger: MemoryLedger): Ledger {
  const inTime = () => {
    const now = instantOf(Date.now());
    ledger.now = now > ledger.now ? now : ledger.now;
  };
  const asked = {
    channel: ledger.channel,
    async evaluate(transaction: string, ...args: readonly string[]) {
      inTime();
      return Buffer.from(await ledger.evaluate(transaction, ...args).catch(refused));
    },
    async submit(transaction: string, { arguments: args = [] }: { readonly arguments?: readonly string[] }) {
      inTime();
      const { answer, txId } = await ledger.submit(RELAY, transaction, ...args).catch(refused);
      return { txId, blockNumber: 1n, result: Buffer.from(answer), endorsedBy: [RELAY.mspId] };
    },
  };
  return asked as unknown as Ledger;
}

function refused(error: Error): never {
  const [, code = '', sentence = error.message] = /^([A-Z_]+): (.*)$/s.exec(error.message) ?? [];
  if (!(REGISTRY_ERROR_CODES as readonly string[]).includes(code)) {
    throw error;
  }
  throw new TraceCalError(code as RegistryErrorCode, sentence, { cause: error });
}
