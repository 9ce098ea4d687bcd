import { sign } from 'node:crypto';
import { instantOf, REGISTRY_ERROR_CODES } from '@tracecal/chaincode/model';
import type { AccreditationLine, RegistryErrorCode } from '@tracecal/chaincode/model';
import type { SignerKind } from '@tracecal/chaincode/signing';
import { RegistryContract } from '@tracecal/chaincode';
import { TraceCal, TraceCalError } from '@tracecal/gateway-client';
import type { Ledger, Signer } from '@tracecal/gateway-client';
import { WaitingChildren } from '@tracecal/gateway-client/cli';
import type { Session } from '@tracecal/gateway-client/cli';
import { DirectoryStore } from '@tracecal/gateway-client/dcc';
import { Hierarchy } from './hierarchy.js';
import { presentDates } from './hierarchy/dates.js';
import type { KeyHolder } from './calibrationKeys.js';
import { MemoryLedger } from './memoryLedger.js';
import { emptyRegistryOf, RELAY, replay } from './registry.js';
import { temporaryFolder } from './temporaryFolder.js';

/** Keys of a hierarchy, to which imports add those of devices. */
class Cast extends Hierarchy {
  async imprint(id: string, technician: string): Promise<string> {
    const certifiedBy = this.holder('technician', technician);
    const organisation = id.slice(0, id.indexOf('/'));
    const { certificate } = await this.addHolder({ role: 'device', id, organisation, certifiedBy }, {});
    return certificate;
  }

  find(kind: SignerKind, id: string): KeyHolder | undefined {
    try {
      return this.holder(kind, id);
    } catch {
      return undefined;
    }
  }
}

/** An institute and a laboratory below it, with an officer and a technician each, over a ledger in memory. */
export class MemoryWorld {
  readonly #cast: Cast;
  readonly #ledger: MemoryLedger;

  private constructor(cast: Cast, ledger: MemoryLedger) {
    this.#cast = cast;
    this.#ledger = ledger;
  }

  /** `nmi-north` with `nmi-north/t-north`, and `lab-alpha` with `lab-alpha/t-alpha`, accredited for these lines. */
  static async found(
    institute: readonly AccreditationLine[],
    laboratory: readonly AccreditationLine[],
  ): Promise<MemoryWorld> {
    const cast = new Cast('calibration', presentDates());
    await cast.addOrganisation({ id: 'nmi-north', kind: 'NMI', scopes: institute });
    await cast.addOrganisation({ id: 'lab-alpha', kind: 'LAB', certifiedBy: 'nmi-north', scopes: laboratory });
    const kinds = (lines: readonly AccreditationLine[]) => [...new Set(lines.map(({ quantity }) => quantity))];
    await cast.addTechnician({ id: 't-north', organisation: 'nmi-north', quantities: kinds(institute) });
    await cast.addTechnician({ id: 't-alpha', organisation: 'lab-alpha', quantities: kinds(laboratory) });
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

  /** A session of a user who has all keys. */
  session(content = temporaryFolder()): Session {
    const tracecal = new TraceCal(ledgerOver(this.#ledger), 'registry', () => undefined);
    const reader = () => Promise.resolve(tracecal);
    const session = {
      reader,
      relay: reader,
      as: reader,
      actor: undefined,
      registry: () => tracecal.registry(),
      institutes: async () => (await tracecal.getRegistry()).institutes,
      officer: (id: string) => tracecal.getTechnician(id),
      channel: { name: this.#ledger.channel, writers: ['nmi-north', 'lab-alpha'], readers: [] },
      content: new DirectoryStore(content),
      waiting: new WaitingChildren(content),
      keys: this.#keys(),
    };
    return session as unknown as Session;
  }

  #keys() {
    const cast = this.#cast;
    return {
      folder: 'memory',
      has: (kind: SignerKind, id: string) => cast.find(kind, id) !== undefined,
      ids: (kind: SignerKind) =>
        Promise.resolve(['nmi-north', 'lab-alpha'].map((id) => (kind === 'officer' ? `${id}/officer` : id))),
      next: () => Promise.resolve(undefined),
      find: (_kind: SignerKind, given: string) => Promise.resolve(given),
      device: (id: string, technician: string) => cast.imprint(id, technician),
      signer: (kind: SignerKind, id: string): Promise<Signer> => {
        const { certificate, privateKey } = cast.holder(kind, id);
        const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
        return Promise.resolve({ certificate, sign: (bytes) => Promise.resolve(sign('sha256', bytes, key)) });
      },
    };
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
