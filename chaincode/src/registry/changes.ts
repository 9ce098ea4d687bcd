import type { EpochAnswer, EpochDigestAnswer, Page } from '@tracecal/core/contracts';
import { parseAs, RegistryError } from '@tracecal/core/model';
import type { LoggedTransaction, SealedEpoch } from '@tracecal/core/model';
import { keys } from '@tracecal/core/registry';
import { z } from 'zod';
import { bookmark, fabricBookmark, opaqueBookmark, pageSize, QUESTION_LIMITS } from '../contract/index.js';
import { epochDigests } from './log.js';
import { required } from './state.js';
import type { StateReader } from './state.js';

const epochNumber = z.int().min(0);
const schema = z.strictObject({ epoch: epochNumber, pageSize, bookmark });

/** An epoch by its number; empty text means the open epoch. */
export async function getEpoch(state: StateReader, text: string): Promise<EpochAnswer> {
  const open = await state.epoch();
  const number = text === '' ? open.number : numberOf(text);
  return number === open.number
    ? { ...open, seal: null }
    : required('sealed epoch', text, state.read<SealedEpoch>(keys.sealed(number)));
}

/** The digest of the change log up to and including a sealed epoch, computed from the last digest on the ledger. */
export async function getEpochDigest(state: StateReader, text: string): Promise<EpochDigestAnswer> {
  return required('digest of epoch', text, (await epochDigests(state, numberOf(text))).at(-1));
}

/** A page of the change log of an epoch, by transaction. */
export async function getChanges(state: StateReader, json: string): Promise<Page<LoggedTransaction>> {
  const question = parseAs(schema, 'question', json, QUESTION_LIMITS);
  const page = await state.page<readonly string[]>(
    keys.logs(question.epoch),
    question.pageSize,
    fabricBookmark(question.bookmark),
  );
  return {
    items: page.items.map(({ rest: [txId = ''], value }) => ({ txId, lines: value })),
    bookmark: opaqueBookmark(page.bookmark),
  };
}

function numberOf(text: string): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(number)) {
    throw new RegistryError('INPUT_INVALID', `"${text.slice(0, 40)}" is not the number of an epoch.`);
  }
  return number;
}
