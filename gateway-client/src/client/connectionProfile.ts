import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { issueText } from '@tracecal/core/model';
import { z } from 'zod';
import { readBounded, whyUnreadable } from '../files/index.js';
import { clientError } from './errors.js';

/** The gateway of an organisation, from its connection profile. */
export interface GatewayEndpoint {
  /** The organisation, as the profile names it. */
  readonly organisation: string;
  readonly mspId: string;
  /** `host:port` */
  readonly address: string;
  /** PEM; undefined for a peer without TLS. */
  readonly tlsRoots: string | undefined;
  /** The name in the peer's TLS certificate, if it differs from the address. */
  readonly tlsHostName: string | undefined;
  /**
   * Possible places of this organisation's user folders, with `{username}` in the path: the place in the profile, then the
   * place next to the profile, for a profile that was copied with its users. Empty if the profile names none.
   */
  readonly userPaths: readonly string[];
}

// Profiles come from many tools and contain more than is read here; unknown parts are ignored.
const schema = z.object({
  client: z.object({
    organization: z.string(),
    cryptoconfig: z.object({ path: z.string() }).optional(),
  }),
  organizations: z.record(
    z.string(),
    z.object({ mspid: z.string(), peers: z.array(z.string()).min(1), cryptoPath: z.string().optional() }),
  ),
  peers: z.record(
    z.string(),
    z.object({
      url: z.string(),
      tlsCACerts: z
        .object({ pem: z.union([z.string(), z.array(z.string())]).optional(), path: z.string().optional() })
        .optional(),
      grpcOptions: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});

type Profile = z.infer<typeof schema>;
type Peer = Profile['peers'][string];

const MAX_BYTES = 1_048_576;

/** Placeholder of a user's name. */
export const USERNAME = '{username}';

/**
 * Reads a Fabric connection profile (JSON, as file or as value): the first peer of the client's organisation is its gateway.
 * @throws TraceCalError `PROFILE_INVALID`
 */
export async function readConnectionProfile(profile: string | object): Promise<GatewayEndpoint> {
  const folder = typeof profile === 'string' ? dirname(resolve(profile)) : process.cwd();
  const { client, organizations, peers } = shapeOf(typeof profile === 'string' ? await readJson(profile) : profile);
  const organisation = organizations[client.organization];
  const name = organisation?.peers[0] ?? '';
  const peer = peers[name];
  if (!organisation || !peer) {
    throw clientError('PROFILE_INVALID', `It does not describe a peer of its organisation ${client.organization}.`);
  }
  return {
    organisation: client.organization,
    mspId: organisation.mspid,
    ...addressOf(peer),
    tlsRoots: await tlsRootsOf(peer, folder),
    tlsHostName: hostNameOf(peer),
    userPaths: userPathsOf(folder, client.cryptoconfig?.path, organisation.cryptoPath),
  };
}

function userPathsOf(folder: string, tree: string | undefined, path: string | undefined): readonly string[] {
  if (tree === undefined || path === undefined) {
    return [];
  }
  const parts = path.split('/');
  const firsts = [0, parts.indexOf('users'), parts.findIndex((part) => part.includes(USERNAME))];
  const beside = firsts.filter((first) => first >= 0).map((first) => resolve(folder, ...parts.slice(first)));
  return [resolve(folder, tree, path), ...beside];
}

/**
 * A connection profile as raw text, for callers that need it more than once: a pipe can be read only once.
 * @throws TraceCalError `PROFILE_INVALID`
 */
export async function readProfileFile(path: string): Promise<object> {
  const value = await readJson(path);
  if (typeof value === 'object' && value !== null) {
    return value;
  }
  throw clientError('PROFILE_INVALID', `${path} holds no JSON object.`);
}

async function readJson(path: string): Promise<unknown> {
  const bytes = await readBounded(path, MAX_BYTES).catch((cause: unknown) => {
    throw clientError('PROFILE_INVALID', whyUnreadable(path, cause), { cause });
  });
  try {
    return bytes.length <= MAX_BYTES ? JSON.parse(bytes.toString('utf8')) : undefined;
  } catch (cause) {
    throw clientError('PROFILE_INVALID', `${path} holds no JSON.`, { cause });
  }
}

function shapeOf(value: unknown): Profile {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw clientError(
      'PROFILE_INVALID',
      `At ${issue?.path.join('.') ?? ''}: ${issue ? issueText(issue) : 'has the wrong shape'}.`,
    );
  }
  return parsed.data;
}

function addressOf({ url }: Peer): { address: string } {
  const [, address] = /^grpcs?:\/\/([^/\s]+:\d{1,5})$/.exec(url) ?? [];
  if (address === undefined) {
    throw clientError('PROFILE_INVALID', `"${url}" is not an address like grpcs://localhost:7051.`);
  }
  return { address };
}

async function tlsRootsOf({ url, tlsCACerts }: Peer, folder: string): Promise<string | undefined> {
  if (url.startsWith('grpc://')) {
    return undefined;
  }
  if (tlsCACerts?.pem !== undefined) {
    return [tlsCACerts.pem].flat().join('\n');
  }
  if (tlsCACerts?.path === undefined) {
    throw clientError('PROFILE_INVALID', 'It names no TLS certification authority for its peer.');
  }
  const path = resolve(folder, tlsCACerts.path);
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw clientError('PROFILE_INVALID', path, { cause });
  });
}

function hostNameOf({ grpcOptions = {} }: Peer): string | undefined {
  const name = grpcOptions['ssl-target-name-override'] ?? grpcOptions['hostnameOverride'];
  return typeof name === 'string' ? name : undefined;
}
