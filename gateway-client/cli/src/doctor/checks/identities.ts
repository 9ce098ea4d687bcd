import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readConnectionProfile, readUser } from '@tracecal/gateway-client';
import { describeFailure, profileConsortium } from '@tracecal/gateway-client/application';
import { connectionProfileFile } from '@tracecal/network/pki';
import { readConsortium } from '@tracecal/network/topology';
import { endFinding } from '../check.js';
import type { Check, Finding } from '../check.js';

const USER = 'User1';

/** The Fabric identities here are whole, readable by their owner alone, and have not ended. */
export const identities: Check = {
  name: 'identities',
  async run({ data, profile, now }) {
    if (profile !== undefined) {
      return profileFindings(profile, now);
    }
    if (!existsSync(data.consortiumFile)) {
      return [{ level: 'warn', message: 'not checked: no network is described here' }];
    }
    const here = readConsortium(data.consortiumFile)
      .organisations.map((member) => ({ id: member.id, profile: connectionProfileFile(data.crypto, member) }))
      .filter(({ profile }) => existsSync(profile));
    const found = await Promise.all(
      here.map((own) => findingOf(own.id, own.profile, now, `tracecal network rotate --org ${own.id}`)),
    );
    const findings = found.filter((finding) => finding !== undefined);
    if (here.length === 0) {
      return [
        { level: 'warn', message: `no connection profile is in ${data.crypto}: ask your network's operator for it` },
      ];
    }
    return findings.length > 0
      ? findings
      : [{ level: 'ok', message: `you can connect as ${here.map(({ id }) => id).join(', ')}` }];
  },
};

async function profileFindings(read: () => Promise<string | object>, now: Date): Promise<readonly Finding[]> {
  const profile = await read();
  const { organisations } = await profileConsortium(profile);
  const id = organisations[0]?.id ?? '';
  return [(await findingOf(id, profile, now)) ?? { level: 'ok', message: `you can connect as ${id}` }];
}

async function findingOf(
  id: string,
  profile: string | object,
  now: Date,
  renewal?: string,
): Promise<Finding | undefined> {
  try {
    const { identity } = await readUser(await readConnectionProfile(profile), USER);
    const ends = new Date(new X509Certificate(identity.credentials).validTo);
    return endFinding(`${USER} of ${id}`, ends, now, renewal);
  } catch (error) {
    return { level: 'fail', message: `${id}: ${describeFailure(error).message}` };
  }
}
