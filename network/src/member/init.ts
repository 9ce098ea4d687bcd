import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { takeEnrolled, writeCryptoConfig } from '../pki/index.js';
import { atomicWrite } from '../system/atomicWrite.js';
import { parseConsortium } from '../topology/index.js';
import { partOf } from './description.js';
import { MemberError } from './errors.js';
import { MemberDirectory, openOwnPart, ownPartText, type OwnPart } from './memberDirectory.js';

const OWNER_ONLY = 0o700;

/**
 * Makes a member's keys and certificates, and those of the orderer that it runs, in its own data directory. All of them or, if this is
 * interrupted, none.
 *
 * @param text - The description, byte for byte: all members have the same one.
 * @param enrolled - A folder with what a Fabric CA's client enrolled; then no key is made here.
 * @throws MemberError `ALREADY_THERE`, `UNKNOWN_MEMBER`; ConsortiumError; PkiError if something enrolled is missing or unfit
 */
export async function initMember(root: string, text: string, id: string, enrolled?: string): Promise<OwnPart> {
  const consortium = parseConsortium(text);
  partOf(consortium, id);
  const directory = new MemberDirectory(root);
  requireRoom(directory, text, id);
  mkdirSync(root, { recursive: true, mode: OWNER_ONLY });
  const staging = mkdtempSync(join(root, '.member-'));
  try {
    const made = join(staging, 'crypto-config');
    if (enrolled !== undefined) takeEnrolled(consortium, id, enrolled, made);
    // What is there stays, and nothing is missing then.
    await writeCryptoConfig(consortium, made, id);
    atomicWrite(directory.consortiumFile, text);
    atomicWrite(directory.ownFile, ownPartText(id));
    // Last: with it, the directory is the member's.
    renameSync(made, directory.cryptoDir);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return openOwnPart(root);
}

function requireRoom({ root, cryptoDir, consortiumFile, ownFile }: MemberDirectory, text: string, id: string): void {
  if (existsSync(cryptoDir)) throw alreadyThere(root, 'keys and certificates');
  // What an interrupted call left behind is written again.
  if (holdsOther(consortiumFile, text)) throw alreadyThere(root, 'another description of a consortium');
  if (holdsOther(ownFile, ownPartText(id))) throw alreadyThere(root, 'the part of another member');
}

function holdsOther(file: string, text: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8') !== text;
}

function alreadyThere(root: string, what: string): MemberError {
  return new MemberError(
    'ALREADY_THERE',
    `${root} has ${what} already, which stay as they are: name an empty data directory for the member with --data.`,
  );
}
