import { instant, RegistryError, SHA256_HEX, shapeOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import * as z from '@tracecal/core/shape';
import type { LogFiles } from './files.js';

// What a verifier brings. Programs in JavaScript have no compiler: an option that is misspelt or missing would be a check that is not made.

/** SHA-256 of the root certificates that a verifier trusts. */
export const rootsShape = z
  .array(
    z
      .string()
      .check(z.regex(SHA256_HEX, 'must be the SHA-256 of a root certificate: 64 lower-case hexadecimal digits')),
  )
  .check(z.minLength(1, 'must name at least one root certificate that you trust'));

/** A number of seconds, or of institutes. */
export const countShape = z.int('must be a whole number').check(z.minimum(1));

export const logShape = z.custom<LogFiles>(
  isLog,
  'must be { head, epoch }: functions that return the texts of its files',
);

function isLog(value: unknown): boolean {
  const { head, epoch } = (value ?? {}) as Partial<Record<keyof LogFiles, unknown>>;
  return typeof head === 'function' && typeof epoch === 'function';
}

/** The newest head that a verifier has seen of a registry. Whoever has no clock knows by it that time has not gone back. */
export interface HeadSeen {
  readonly registry: string;
  readonly epoch: number;
  readonly digest: string;
  /** When the newest of its heartbeats was signed. */
  readonly time: Instant;
}

export const seenShape: z.ZodMiniType<HeadSeen> = z.strictObject({
  registry: z.string(),
  epoch: z.int().check(z.minimum(-1)),
  digest: z.string().check(z.regex(SHA256_HEX, 'must be 64 lower-case hexadecimal digits')),
  time: instant,
});

const logQuestion = { roots: rootsShape, asOf: instant };
const headQuestionShape = z.strictObject(logQuestion);
const stretchShape = z.strictObject({ ...logQuestion, from: z.int().check(z.minimum(0)) });

/** @throws RegistryError `INPUT_INVALID` */
export function requireHeadQuestion(files: readonly LogFiles[], question: unknown): void {
  requireLogs(files);
  shapeOf(headQuestionShape, 'question about a change log', question);
}

/** @throws RegistryError `INPUT_INVALID` */
export function requireStretch(files: LogFiles, question: unknown): void {
  requireLogs([files]);
  shapeOf(stretchShape, 'question about a change log', question);
}

function requireLogs(files: readonly LogFiles[]): void {
  for (const each of files) {
    shapeOf(logShape, 'change log', each);
  }
}

/** Refuses the bytes of a file, and what is not there. @throws RegistryError `INPUT_INVALID` */
export function requireText(what: string, text: unknown): void {
  if (typeof text !== 'string') {
    throw new RegistryError(
      'INPUT_INVALID',
      `the ${what} is not accepted: give its text as a string, not ${nameOf(text)}.`,
    );
  }
}

function nameOf(value: unknown): string {
  if (value instanceof Uint8Array) {
    return 'its bytes';
  }
  return value === null ? 'null' : typeof value;
}
