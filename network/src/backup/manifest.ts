import { z } from 'zod';
import { ENGINES } from '../running/engineName.js';

/** Its name in an archive: the last member, so that an archive that was cut off has none. */
export const MANIFEST = 'tracecal-backup.json';
export const FORMAT = 'tracecal-backup/1';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal digits');

export const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** When it was made, as the clock of that machine says. */
  made: z.string(),
  /** The machine and the directory that it is a copy of. */
  host: z.string(),
  directory: z.string(),
  /** The engine of the network; null where only a member works. */
  engine: z.enum(ENGINES).nullable(),
  /** Whether the network ran meanwhile. */
  isRunning: z.boolean(),
  /** Whether private keys are in it. */
  hasKeys: z.boolean(),
  folders: z.array(z.string()),
  files: z.array(z.strictObject({ path: z.string(), size: z.int().min(0), sha256: digest })),
  /** The files with private keys that were left out. */
  leftOut: z.array(z.string()),
});

/** What a backup contains. */
export type Manifest = z.infer<typeof manifestSchema>;
