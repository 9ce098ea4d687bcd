import { z } from 'zod';
import { parentSchema } from '@tracecal/chaincode/model';
import type { Parent } from '@tracecal/chaincode/model';
import { describedPaper, readPaperParent } from '../../dcc/index.js';
import { CliError } from '../errors.js';
import { readJsonFile } from '../inputFile.js';

/** What a certificate on paper certifies, as its transcriber states it: without it nothing can rest on the certificate. */
export const PAPER_EXAMPLE = `{
  "certificate": "K-2019-0417",
  "laboratory": "Example Laboratory",
  "equipment": "Pt100 thermometer, serial 4711",
  "results": [
    {
      "quantity": "temperature", "unit": "\\\\degreecelsius", "min": 0, "max": 100,
      "uncertainty": { "expanded": 0.02, "coverageFactor": 2, "coverageProbability": 0.95 }
    }
  ]
}`;

const statedUncertainty = z.looseObject({ uncertainty: z.looseObject({}) });

/** Many certificates state U and k alone. */
function withProbability(result: unknown): unknown {
  const { data } = statedUncertainty.safeParse(result);
  return data ? { ...data, uncertainty: { coverageProbability: null, ...data.uncertainty } } : result;
}

/**
 * A certificate on paper, out of a file that describes it, or of facts like `laboratory=PTB,number=1234-24,...`; of one that is only
 * named nobody knows what it certifies.
 */
export async function paperParent(given: string): Promise<Parent> {
  if (given.includes('=')) {
    return describedPaper(readPaperParent(given));
  }
  if (!given.endsWith('.json')) {
    return { kind: 'paper', certificate: given, laboratory: '', equipment: '', results: [] };
  }
  const described = await readJsonFile(given, z.record(z.string(), z.unknown()), 'description of a certificate');
  const results = Array.isArray(described['results']) ? described['results'].map(withProbability) : [];
  const parsed = parentSchema.safeParse({ laboratory: '', equipment: '', ...described, results, kind: 'paper' });
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  throw new CliError(
    'INPUT_INVALID',
    `${given} does not describe a certificate: ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? 'is wrong'}; \`tracecal report issue --help\` shows an example.`,
  );
}
