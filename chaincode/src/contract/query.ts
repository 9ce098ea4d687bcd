import { REGISTRY_ERROR_CODES, RegistryError } from '@tracecal/core/model';
import type { RegistryErrorCode } from '@tracecal/core/model';
import type { Stub } from './stub.js';

/** A contract of a higher level. */
export interface Source {
  readonly channel: string;
  readonly chaincode: string;
  readonly contract: string;
}

const OK = 200;

/**
 * Queries a contract of another channel on the same peer. Fabric does not check such an answer again at commit. So a
 * transaction that concludes something from it must also record the basis of the conclusion on the ledger.
 *
 * @throws RegistryError the source's own refusal; `SOURCE_UNAVAILABLE` if it cannot be queried
 */
export async function ask(
  stub: Stub,
  source: Source,
  transaction: string,
  ...args: readonly string[]
): Promise<string> {
  const answer = await answerOf(stub, source, [`${source.contract}:${transaction}`, ...args]);
  const { status, message = '', payload = new Uint8Array() } = answer;
  if (status === OK) {
    return Buffer.from(payload).toString('utf8');
  }
  const [, code = '', sentence = ''] = /([A-Z][A-Z_]+): (.*)$/s.exec(message) ?? [];
  throw isCode(code) ? new RegistryError(code, sentence) : unavailable(source, message);
}

type Answer = Partial<Awaited<ReturnType<Stub['invokeChaincode']>>>;

async function answerOf(stub: Stub, { chaincode, channel }: Source, args: string[]): Promise<Answer> {
  try {
    return await stub.invokeChaincode(chaincode, args, channel);
  } catch (error) {
    // A peer that is not in the channel, or does not run the chaincode there, reports an error of its own.
    return { status: 500, message: error instanceof Error ? error.message : String(error) };
  }
}

function unavailable({ chaincode, channel }: Source, reason: string): RegistryError {
  return new RegistryError(
    'SOURCE_UNAVAILABLE',
    `the chaincode ${chaincode} of channel ${channel} cannot be asked (${reason.slice(0, 300)}); this peer must be in that channel and run it.`,
  );
}

function isCode(code: string): code is RegistryErrorCode {
  return (REGISTRY_ERROR_CODES as readonly string[]).includes(code);
}
