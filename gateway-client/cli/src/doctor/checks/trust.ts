import { existsSync } from 'node:fs';
import { instantOf } from '@tracecal/core/model';
import { inForce } from '@tracecal/core/trace';
import { readTrustFile } from '@tracecal/gateway-client';
import type { Trust } from '@tracecal/gateway-client';
import type { Session } from '@tracecal/gateway-client/application';
import type { Check, Finding } from '../check.js';

/** The user has named trusted roots, and the registry's institutes match them. */
export const trust: Check = {
  name: 'trust',
  async run(examined) {
    const { data, now } = examined;
    if (!existsSync(data.trustFile)) {
      return [
        {
          level: 'warn',
          message: 'no trust file: every institute of the registry counts as a root',
          next: 'tracecal trust add NAME CERTIFICATE',
        },
      ];
    }
    const trusted = await readTrustFile(data.trustFile);
    const { roots, heartbeats } = trusted;
    const ok: Finding = {
      level: 'ok',
      message: `${roots.length === 1 ? '1 root' : `${roots.length} roots`}; heartbeats of ${heartbeats.k} count`,
    };
    const isAnswered = await examined.answered().then(
      () => true,
      () => false,
    );
    const compared = isAnswered ? await differences(await examined.session(), trusted, now) : [];
    return compared.length > 0 ? compared : [ok];
  },
};

async function differences(session: Session, { roots }: Trust, now: Date): Promise<readonly Finding[]> {
  const institutes = await session.institutes();
  return roots.flatMap(({ name, sha256 }): readonly Finding[] => {
    const institute = institutes.find(({ certificateSha256 }) => certificateSha256 === sha256);
    if (!institute) {
      return [
        {
          level: 'warn',
          message: `your root ${name} is the certificate of no institute of this registry`,
          next: 'tracecal trust show',
        },
      ];
    }
    const fallen = inForce(institute.impediments, instantOf(now.getTime()));
    return fallen
      ? [
          {
            level: 'warn',
            message: `your root ${name} is ${fallen.state} since ${fallen.effective}`,
            next: `tracecal trust remove ${name}`,
          },
        ]
      : [];
  });
}
