import { sign } from 'node:crypto';
import type { AccreditationLine } from '@tracecal/core/model';
import type { SignerKind } from '@tracecal/core/signing';
import type { Signer, TraceCal } from '@tracecal/gateway-client';
import { WaitingChildren } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import { DirectoryStore } from '@tracecal/gateway-client/dcc';
import type { KeyHolder } from './calibrationKeys.js';
import { Hierarchy } from './hierarchy.js';
import { presentDates } from './hierarchy/dates.js';

/** What certificates call the institute and the laboratory. */
export interface CastNames {
  readonly institute: string;
  readonly laboratory: string;
}

const EXAMPLE_NAMES: CastNames = {
  institute: 'National Metrology Institute North',
  laboratory: 'Alpha Calibration Laboratory',
};

/** Keys of a hierarchy, to which imports add those of devices. */
export class Cast extends Hierarchy {
  /** `nmi-north` with `nmi-north/t-north`, and `lab-alpha` with `lab-alpha/t-alpha`, accredited for these lines. */
  static async of(
    institute: readonly AccreditationLine[],
    laboratory: readonly AccreditationLine[],
    names: CastNames = EXAMPLE_NAMES,
  ): Promise<Cast> {
    const cast = new Cast('calibration', presentDates());
    await cast.addOrganisation({ id: 'nmi-north', kind: 'NMI', scopes: institute, name: names.institute });
    const below = { kind: 'LAB', certifiedBy: 'nmi-north' } as const;
    await cast.addOrganisation({ id: 'lab-alpha', ...below, scopes: laboratory, name: names.laboratory });
    const kinds = (lines: readonly AccreditationLine[]) => [...new Set(lines.map(({ quantity }) => quantity))];
    await cast.addTechnician({ id: 't-north', organisation: 'nmi-north', quantities: kinds(institute) });
    await cast.addTechnician({ id: 't-alpha', organisation: 'lab-alpha', quantities: kinds(laboratory) });
    return cast;
  }

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

/**
 * A session of a user who has all keys of a cast.
 *
 * @param as - A member's connection to the registry.
 * @param content - The folder of certificate files.
 */
export function sessionOf(cast: Cast, as: (organisation: string) => Promise<TraceCal>, content: string): Session {
  const reader = () => as('nmi-north');
  const session = {
    reader,
    relay: reader,
    as,
    actor: undefined,
    registry: async () => (await reader()).registry(),
    institutes: async () => (await (await reader()).getRegistry()).institutes,
    officer: async (id: string) => (await reader()).getTechnician(id),
    consortium: { organisations: [{ id: 'nmi-north' }, { id: 'lab-alpha' }] },
    channel: { name: cast.channel, writers: ['nmi-north', 'lab-alpha'], readers: [] },
    content: new DirectoryStore(content),
    waiting: new WaitingChildren(content),
    keys: keysOf(cast),
  };
  return session as unknown as Session;
}

function keysOf(cast: Cast) {
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
