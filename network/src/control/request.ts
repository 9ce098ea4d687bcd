import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { consortiumText, type ChangeOptions, type Consortium } from '../topology/index.js';
import { answerFile, requestFile, SIGNAL, writeWhole, type ReconfigurationRequest } from './files.js';

const TIMEOUT_MS = 300_000;
const POLL_MS = 50;

const answerSchema = z.union([
  z.object({
    organisations: z.array(
      z.object({
        id: z.string(),
        mspId: z.string(),
        gatewayEndpoint: z.string(),
        tlsHostName: z.string(),
        tlsCaCert: z.string(),
        profile: z.string(),
      }),
    ),
  }),
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
]);

/** Who is in the network now, and where they are reached. */
export type Reconfigured = Extract<z.infer<typeof answerSchema>, { organisations: unknown }>;

/**
 * - `RECONFIGURATION_FAILED`: the network said why.
 * - `NETWORK_GONE`: its process ended.
 * - `NO_ANSWER`: it did not answer in time; what became of the change is not known.
 */
export type ControlErrorCode = 'RECONFIGURATION_FAILED' | 'NETWORK_GONE' | 'NO_ANSWER';

/** A network in another process that did not do what it was asked for. */
export class ControlError extends Error {
  override readonly name = 'ControlError';

  constructor(
    readonly code: ControlErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Has the process `pid`, which runs the network of a data directory, make it the network of another description.
 * @throws ControlError
 */
export async function requestReconfiguration(
  dataDir: string,
  pid: number,
  consortium: Consortium,
  { joinFrom = 'genesis' }: ChangeOptions = {},
): Promise<Reconfigured> {
  const file = answerFile(dataDir);
  rmSync(file, { force: true });
  const request: ReconfigurationRequest = { consortium: consortiumText(consortium), joinFrom };
  writeWhole(requestFile(dataDir), JSON.stringify(request));
  try {
    process.kill(pid, SIGNAL);
    const deadline = Date.now() + TIMEOUT_MS;
    while (!existsSync(file)) {
      process.kill(pid, 0);
      if (Date.now() > deadline)
        throw new ControlError('NO_ANSWER', 'The network does not say whether it has changed.');
      await pause(POLL_MS);
    }
  } catch (error) {
    throw error instanceof ControlError ? error : new ControlError('NETWORK_GONE', 'The process of the network ended.');
  }
  const answer = answerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  rmSync(file, { force: true });
  if ('organisations' in answer) return answer;
  throw new ControlError('RECONFIGURATION_FAILED', `${answer.error.message} [${answer.error.code}]`);
}
