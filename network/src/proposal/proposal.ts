import { canonicalJson, parseJson, refusalText, RegistryError, shapeOf } from '@tracecal/core/model';
import { base64Bytes, base64Text, sha256 } from '@tracecal/core/platform';
import { ConfigError, configEffect, configInOrder, type ConfigEffect } from '@tracecal/ledger/config';
import { AccessError } from '@tracecal/ledger/identity';
import { accessFromConfig, type ChannelAccess } from '@tracecal/ledger/policy';
import { Config, sameBytes } from '@tracecal/ledger/wire';
import { ProposalError } from './errors.js';
import { MAX_PROPOSAL_CHARACTERS, PROPOSAL_TYPE, proposalShape, type ProposalFile } from './formats.js';
import { verifiedSignatures, type AdminSignature } from './signatures.js';

/** A proposal in which everything was read and every signature verified. Whether it fits the channel as it is now, only the channel says. */
export interface Proposal {
  readonly channel: string;
  /** The configuration for which it was made. */
  readonly config: Config;
  readonly update: Uint8Array;
  readonly signatures: readonly AdminSignature[];
  readonly effect: ConfigEffect;
  /** Who may do what by that configuration. */
  readonly access: ChannelAccess;
  /** SHA-256 over channel, configuration and update, hex. */
  readonly digest: string;
}

/** A file as it came from somebody: its name only serves messages. */
export interface ProposalText {
  readonly name: string;
  readonly text: string;
}

/** What a proposal is made of: all but what follows from it. */
export interface ProposalParts {
  readonly channel: string;
  readonly config: Config;
  readonly update: Uint8Array;
  readonly signatures: readonly AdminSignature[];
}

const LIMITS = { maxLength: MAX_PROPOSAL_CHARACTERS, maxDepth: 3, maxValues: 1000 };

/**
 * Works out what a proposal does.
 * @throws ConfigError, AccessError if configuration and update do not fit together
 */
export function proposalOf({ channel, config, update, signatures }: ProposalParts): Proposal {
  const bytes = configInOrder(config);
  const access = accessFromConfig(channel, bytes);
  const digest = sha256(canonicalJson({ channel, config: base64Text(bytes), update: base64Text(update) }));
  const effect = configEffect(channel, config, update);
  // What no node could read would make the channel unusable.
  accessFromConfig(channel, configInOrder(effect.next));
  return { channel, config, update, signatures, access, digest, effect };
}

/** A proposal's file: canonical JSON, so that equal proposals are equal texts. */
export function proposalText({ channel, config, update, signatures }: ProposalParts): string {
  const file: ProposalFile = {
    type: PROPOSAL_TYPE,
    channel,
    config: base64Text(configInOrder(config)),
    update: base64Text(update),
    signatures: inOrder(signatures).map(({ header, signature }) => ({
      header: base64Text(header),
      signature: base64Text(signature),
    })),
  };
  return `${canonicalJson(file)}\n`;
}

/**
 * Reads a proposal's file strictly, works out what it does, and verifies all its signatures.
 * @throws ProposalError `FILE_INVALID`, `SIGNATURE_INVALID`, `NOT_ADMINISTRATOR`
 */
export function readProposal({ name, text }: ProposalText): Proposal {
  return orInvalid(name, () => {
    const value = parseJson(text, LIMITS);
    const file = shapeOf<ProposalFile>(proposalShape, 'proposal', value);
    const config = Config.decode(bytesOf(file.config));
    const update = bytesOf(file.update);
    const unsigned = proposalOf({ channel: file.channel, config, update, signatures: [] });
    const given = file.signatures.map(({ header, signature }) => ({
      header: bytesOf(header),
      signature: bytesOf(signature),
    }));
    const proposal = { ...unsigned, signatures: verifiedSignatures(unsigned, given, name) };
    // Every byte is accounted for: order, spaces and the form of the configuration leave no room for anything else.
    if (proposalText(proposal) !== text)
      throw new ConfigError('BAD_UPDATE', 'it is not as `tracecal proposal` writes it, byte for byte.');
    return proposal;
  });
}

/** The proposal with these signatures as well; one for each administrator. */
export function withSignatures(proposal: Proposal, more: readonly AdminSignature[]): Proposal {
  const signatures = new Map<string, AdminSignature>();
  for (const each of [...proposal.signatures, ...more]) {
    if (!signatures.has(each.signer)) signatures.set(each.signer, each);
  }
  return { ...proposal, signatures: inOrder([...signatures.values()]) };
}

/**
 * Joins the signatures of several files over the same change.
 * @throws ProposalError `OTHER_PROPOSAL`, and those of `readProposal`
 */
export function mergeProposals(files: readonly ProposalText[]): Proposal {
  const read = files.map((file) => ({ file, proposal: readProposal(file) }));
  const [first, ...others] = read;
  if (first === undefined) throw new ProposalError('FILE_INVALID', 'There is no file: name the files to merge.');
  const different = others.find(({ proposal }) => proposal.digest !== first.proposal.digest);
  if (different !== undefined) {
    throw new ProposalError(
      'OTHER_PROPOSAL',
      `${first.file.name} and ${different.file.name} carry different changes: compare them with \`tracecal proposal show\`, and merge those of one proposal.`,
    );
  }
  return others.reduce((merged, { proposal }) => withSignatures(merged, proposal.signatures), first.proposal);
}

function inOrder(signatures: readonly AdminSignature[]): readonly AdminSignature[] {
  const key = ({ header }: AdminSignature): string => base64Text(header);
  return [...signatures].sort((left, right) => (key(left) < key(right) ? -1 : 1));
}

function bytesOf(text: string): Uint8Array {
  const bytes = base64Bytes(text);
  if (bytes === undefined || base64Text(bytes) !== text) {
    throw new ConfigError('BAD_UPDATE', 'a part of it is not base64.');
  }
  return bytes;
}

/** Whether a configuration is the one for which a proposal was made. */
export function isBase({ config }: Proposal, current: Config): boolean {
  return sameBytes(configInOrder(config), configInOrder(current));
}

function orInvalid<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const why = whyInvalid(cause);
    if (why === undefined) throw cause;
    throw new ProposalError(
      'FILE_INVALID',
      `${name} is refused: ${why.replace(/\.$/, '')}; ask its author for it again.`,
      { cause },
    );
  }
}

function whyInvalid(cause: unknown): string | undefined {
  if (cause instanceof RegistryError) return refusalText(cause);
  if (cause instanceof ConfigError || cause instanceof AccessError) return cause.message;
  return cause instanceof Error && cause.name === 'WireError'
    ? 'its configuration or update cannot be read'
    : undefined;
}
