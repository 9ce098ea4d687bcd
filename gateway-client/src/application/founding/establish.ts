import { existsSync } from 'node:fs';
import { isKind } from '@tracecal/core/model';
import { majorityOf } from '@tracecal/core/open';
import { readStatement, undefinedIfNotFound, withRoot, writeTrustFile } from '../../client/index.js';
import type { Announced, Item, Trust } from '../../client/index.js';
import { register } from '../operations/deliver.js';
import { officerOf, personItem } from '../operations/people.js';
import type { Session } from '../session/session.js';

/** A step of the founding that wrote to the ledger. */
export interface FoundingStep {
  readonly what: string;
  readonly committed: Announced;
}

/**
 * Founds the registry on a running network, gives each institute an officer, and writes the user's trust file. Steps already done are
 * skipped, so the next start completes an interrupted one.
 */
export async function establish(session: Session, trustFile: string, founding: Item): Promise<readonly FoundingStep[]> {
  const steps: FoundingStep[] = [];
  const reader = await session.reader();
  if ((await undefinedIfNotFound(reader.getRegistry())) === undefined) {
    steps.push({ what: 'founding of the registry', committed: await (await session.relay()).found(founding) });
  }
  const institutes = institutesOf(founding);
  for (const { id } of institutes) {
    const officer = officerOf(id);
    if (session.keys.has('organisation', id) && !(await undefinedIfNotFound(reader.getTechnician(officer)))) {
      const item = await personItem(session, { role: 'officer', id: officer, organisation: id, quantities: [] });
      steps.push({ what: `officer ${officer}`, committed: await register(session, item) });
    }
  }
  if (!existsSync(trustFile)) {
    await writeTrustFile(trustFile, trustIn(institutes));
  }
  return steps;
}

type Institutes = readonly { readonly id: string; readonly certificateSha256: string }[];

function institutesOf({ statement: jws }: Item): Institutes {
  const statement = readStatement(jws);
  return isKind(statement, 'founding') ? statement.body.institutes : [];
}

/** The user who founds a registry trusts all founders, and requires heartbeats of a majority of them. */
function trustIn(institutes: Institutes): Trust {
  const [first, ...others] = institutes.map(({ id, certificateSha256 }) => ({ name: id, sha256: certificateSha256 }));
  let trust = withRoot(undefined, first ?? { name: '', sha256: '' });
  for (const root of others) {
    trust = withRoot(trust, root);
  }
  return { ...trust, heartbeats: { k: majorityOf(institutes.length) } };
}
