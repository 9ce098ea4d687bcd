import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readConnectionProfile, readUser } from '@tracecal/gateway-client';
import { describeFailure } from '@tracecal/gateway-client/application';
import { connectionProfileFile } from '@tracecal/network/pki';
import { readConsortium } from '@tracecal/network/topology';
import { endFinding } from '../check.js';
import type { Check, Finding } from '../check.js';

const USER = 'User1';

/** The Fabric identities here are whole, readable by their owner alone, and have not ended. */
export const identities: Check = {
  name: 'identities',
  async run({ data, now }) {
    if (!existsSync(data.consortiumFile)) {
      return [{ level: 'warn', message: 'not checked: no network is described here' }];
    }
    const here = readConsortium(data.consortiumFile)
      .organisations.map((member) => ({ id: member.id, profile: connectionProfileFile(data.crypto, member) }))
      .filter(({ profile }) => existsSync(profile));
    const found = await Promise.all(here.map(({ id, profile }) => findingOf(id, profile, now)));
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

async function findingOf(id: string, profile: string, now: Date): Promise<Finding | undefined> {
  try {
    const { identity } = await readUser(await readConnectionProfile(profile), USER);
    const ends = new Date(new X509Certificate(identity.credentials).validTo);
    return endFinding(`${USER} of ${id}`, ends, now, `tracecal network rotate --org ${id}`);
  } catch (error) {
    return { level: 'fail', message: `${id}: ${describeFailure(error).message}` };
  }
}
