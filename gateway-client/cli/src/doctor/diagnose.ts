import { describeFailure } from '@tracecal/gateway-client/application';
import { FINDING_LEVELS } from './check.js';
import type { Check, Examined, Finding, FindingLevel } from './check.js';

export interface Diagnosis {
  readonly check: string;
  /** The worst of its findings. */
  readonly level: FindingLevel;
  readonly findings: readonly Finding[];
}

/** Runs all checks in order. A failed check does not stop the others. */
export async function diagnose(checks: readonly Check[], examined: Examined): Promise<readonly Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  for (const check of checks) {
    const findings = await findingsOf(check, examined);
    const levels = findings.map(({ level }) => level);
    diagnoses.push({
      check: check.name,
      level: FINDING_LEVELS.findLast((level) => levels.includes(level)) ?? 'ok',
      findings,
    });
  }
  return diagnoses;
}

async function findingsOf(check: Check, examined: Examined): Promise<readonly Finding[]> {
  try {
    return await check.run(examined);
  } catch (error) {
    return [{ level: 'fail', message: describeFailure(error).message }];
  }
}
