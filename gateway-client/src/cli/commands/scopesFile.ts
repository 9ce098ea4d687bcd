import { scopeSchema } from '@tracecal/chaincode/model';
import type { Scope } from '@tracecal/chaincode/model';
import { z } from 'zod';
import { readJsonFile } from '../inputFile.js';

export const SCOPES_FORMAT = 'a JSON list of quantity, unit, min, max, cmc, validFrom, validTo';

const scopesSchema: z.ZodType<Scope[]> = z.array(scopeSchema);

/** Lines of an accreditation out of a file. */
export function readScopes(path: string): Promise<readonly Scope[]> {
  return readJsonFile(path, scopesSchema, 'list of scopes');
}
