import { RegistryContract } from '@tracecal/chaincode';
import type { DeviceAnswer } from '@tracecal/core/contracts';
import { plusDays } from '@tracecal/core/model';
import fc from 'fast-check';
import { unsealedCountries } from './hierarchy.js';
import type { Hierarchy, Item } from './hierarchy.js';
import { MemoryLedger } from './memoryLedger.js';
import { ask, registryOf, submit } from './registry.js';

/** Each has two officers: any of them may sign what is said in its name. */
const OFFICERS = ['officer', 'second'] as const;
/** From institutes down, with the standard that each of them calibrates next. */
const SIDES = {
  a: { members: ['nmi-north', 'lab-alpha', 'oem-a'], devices: ['primary-a', 'reference-a', 'working-a', 'sensor-a'] },
  b: { members: ['nmi-south', 'lab-beta', 'oem-b'], devices: ['primary-b', 'reference-b', 'working-b', 'sensor-b'] },
} as const;
const MEMBERS = [...SIDES.a.members, ...SIDES.b.members];

/** What somebody does next: everything else follows from what the ledger holds by then. */
export interface Move {
  readonly what: keyof typeof moves;
  readonly side: keyof typeof SIDES;
  /** Below the institute. */
  readonly level: 1 | 2 | 3;
  readonly other: (typeof MEMBERS)[number];
  readonly officers: readonly [(typeof OFFICERS)[number], (typeof OFFICERS)[number]];
}

/** A story of owners and their officers in two countries. */
export class Acts {
  readonly hierarchy: Hierarchy;
  readonly ledger: MemoryLedger;
  /** The newest report of each device. */
  readonly #reports = new Map<string, string>();

  private constructor(hierarchy: Hierarchy, ledger: MemoryLedger) {
    this.hierarchy = hierarchy;
    this.ledger = ledger;
    ledger.now = '2025-03-01T10:00:00Z';
  }

  static async begin(): Promise<Acts> {
    const hierarchy = await unsealedCountries();
    for (const organisation of MEMBERS) {
      await hierarchy.addOfficer({ id: 'second', organisation });
    }
    return new Acts(hierarchy, await registryOf(hierarchy));
  }

  get now() {
    return { registered: this.ledger.now };
  }

  get day(): string {
    return this.ledger.now.slice(0, 10);
  }

  get devices(): readonly string[] {
    return [...this.hierarchy.devices.keys()];
  }

  get officers(): readonly string[] {
    return MEMBERS.flatMap((member) => OFFICERS.map((officer) => `${member}/${officer}`));
  }

  /** Does what the registry allows. */
  async make(move: Move): Promise<void> {
    this.ledger.now = `${plusDays(this.day, 1)}T10:00:00Z`;
    const device = SIDES[move.side].devices[move.level];
    const { owner } = await ask<DeviceAnswer>(this.ledger, 'getDevice', this.hierarchy.idOf('device', device));
    const item = await moves[move.what](this, { ...move, device, owner, by: `officer:${owner}/${move.officers[0]}` });
    if (item) {
      await isTaken(submit(this.ledger, item));
    }
  }

  lastReport(device: string): string {
    return this.#reports.get(device) ?? `${device}-r1`;
  }

  nextReport(device: string): string {
    const next = `${device}-of-${this.day}`;
    this.#reports.set(device, next);
    return next;
  }

  /** The registry as it would be after this; undefined if it refuses that. */
  async after(item: Item): Promise<MemoryLedger | undefined> {
    const { channel, now, state } = this.ledger;
    const copy = new MemoryLedger(new RegistryContract({ founding: this.hierarchy.foundingDigest }), channel);
    state.forEach((value, key) => copy.state.set(key, value));
    copy.now = now;
    return (await isTaken(submit(copy, item))) ? copy : undefined;
  }
}

async function isTaken(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (/^[A-Z_]+: /.test((error as Error).message)) {
      return false;
    }
    throw error;
  }
}

interface Doing extends Move {
  readonly device: string;
  readonly owner: string;
  /** The officer who signs for the owner. */
  readonly by: string;
}

type Deed = (acts: Acts, doing: Doing) => Item | undefined | Promise<Item>;

const moves = {
  sell({ hierarchy, now }, { device, owner, by, other, officers }) {
    const signers = [by, `officer:${other}/${officers[1]}`];
    return other === owner ? undefined : hierarchy.transfer(device, other, { by: owner, signers, ...now });
  },
  shorten: ({ hierarchy, now }, { device, owner, by }) =>
    hierarchy.setInterval(device, 1, { by: owner, signers: [by], ...now }),
  reject: (acts, { device, owner, by }) =>
    acts.hierarchy.reject(acts.lastReport(device), { by: owner, signers: [by], ...acts.now }),
  withdraw({ hierarchy, now }, { device, owner, by }) {
    const said = { author: owner, effective: '2025-03-02T00:00:00Z', signers: [by], ...now };
    return hierarchy.addStatement('suspension', ['device', device], said);
  },
  reinstate({ hierarchy, now }, { device, owner, by }) {
    const said = { author: owner, effective: now.registered, signers: [by], ...now };
    return hierarchy.addStatement('reinstatement', ['device', device], said);
  },
  reduce({ hierarchy, now, day }, { side, officers }) {
    const [author, laboratory] = SIDES[side].members;
    return hierarchy.reduce(laboratory, {
      author,
      validTo: day,
      signers: [`officer:${author}/${officers[0]}`],
      ...now,
    });
  },
  renewKey({ hierarchy, now }, { side, level, officers: [carrier, certifier] }) {
    const [above, id = ''] = [undefined, ...SIDES[side].members].slice(level - 1);
    const signers = [`organisation:${id}`, `officer:${id}/${carrier}`];
    return hierarchy.renewKey(id, {
      signers: above === undefined ? signers : [...signers, `officer:${above}/${certifier}`],
      ...now,
    });
  },
  authorise({ hierarchy, now }, { side, level, officers }) {
    const organisation = SIDES[side].members[level - 1] ?? '';
    const [id, signer] = [`t-${organisation}`, `officer:${organisation}/${officers[0]}`];
    const signers = [`technician:${organisation}/${id}`, signer];
    return hierarchy.addTechnician({ id, organisation, signers, ...now });
  },
  calibrate(acts, { device, side, level }) {
    const { members, devices } = SIDES[side];
    const parents = [acts.lastReport(devices[level - 1] ?? '')];
    const work = { device, technician: `t-${members[level - 1] ?? ''}`, parents };
    const dates = { performed: acts.day, issued: acts.day, ...acts.now };
    return acts.hierarchy.addReport({ ...work, ...dates, id: acts.nextReport(device) });
  },
} satisfies Readonly<Record<string, Deed>>;

/** A few moves: sales and what buyers say most often. */
export const stories: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.record({
    what: fc.constantFrom(
      ...(['sell', 'sell', 'shorten', 'reject', 'withdraw', 'reinstate', 'reduce'] as const),
      ...(['renewKey', 'renewKey', 'authorise', 'calibrate', 'calibrate'] as const),
    ),
    side: fc.constantFrom('a' as const, 'b' as const),
    level: fc.constantFrom(1 as const, 2 as const, 3 as const),
    other: fc.constantFrom(...MEMBERS),
    officers: fc.tuple(fc.constantFrom(...OFFICERS), fc.constantFrom(...OFFICERS)),
  }),
  { minLength: 6, maxLength: 14 },
);
