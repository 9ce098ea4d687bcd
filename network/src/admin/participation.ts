import { randomUUID } from 'node:crypto';
import { request as httpsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import type { TlsMaterial } from '../pki/index.js';
import { AdminError } from './errors.js';

/** The admin endpoint of an orderer, which always demands a client certificate. */
export interface OrdererAdmin {
  /** Its full name, which must be in its TLS certificate: `orderer1.orderer.nmi-north.example`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** The TLS certificate authorities to trust for it, PEM. */
  readonly tlsCa: string;
  readonly clientTls: Pick<TlsMaterial, 'certificate' | 'privateKey'>;
}

/** An orderer's state in a channel, as it reports it. */
export interface ChannelParticipation {
  readonly name: string;
  readonly consensusRelation: 'consenter' | 'follower' | 'config-tracker' | 'other';
  readonly status: 'active' | 'onboarding' | 'inactive' | 'failed';
  /** Number of blocks, so the last block's number plus one. */
  readonly height: number;
}

const CHANNELS = '/participation/v1/channels';
const TIMEOUT_MS = 30_000;

/**
 * Makes an orderer join a channel; the first one to do so creates it.
 *
 * @param configBlock a serialised `common.Block`: the genesis block, or the newest config block of a running channel.
 * @throws AdminError `REFUSED` with the orderer's words.
 */
export async function joinOrderer(orderer: OrdererAdmin, configBlock: Uint8Array): Promise<ChannelParticipation> {
  const boundary = randomUUID();
  const body = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="config-block"; filename="config.block"\r\n` +
        'Content-Type: application/octet-stream\r\n\r\n',
    ),
    configBlock,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const answer = await call(orderer, 'POST', CHANNELS, { type: `multipart/form-data; boundary=${boundary}`, body });
  return expect(orderer, 201, answer) as ChannelParticipation;
}

/** The names of the channels that an orderer takes part in. @throws AdminError */
export async function listOrdererChannels(orderer: OrdererAdmin): Promise<readonly string[]> {
  const list = expect(orderer, 200, await call(orderer, 'GET', CHANNELS)) as { channels: { name: string }[] | null };
  return (list.channels ?? []).map(({ name }) => name);
}

/** An orderer's part in one channel; undefined when it has none. @throws AdminError */
export async function ordererChannel(
  orderer: OrdererAdmin,
  channel: string,
): Promise<ChannelParticipation | undefined> {
  const answer = await call(orderer, 'GET', channelPath(channel));
  return answer.status === 404 ? undefined : (expect(orderer, 200, answer) as ChannelParticipation);
}

/**
 * Removes an orderer from a channel, and resolves when the orderer has deleted the channel's blocks.
 * @throws AdminError
 */
export async function removeOrderer(orderer: OrdererAdmin, channel: string): Promise<void> {
  expect(orderer, 204, await call(orderer, 'DELETE', channelPath(channel)));
  const deadline = Date.now() + TIMEOUT_MS;
  while ((await ordererChannel(orderer, channel)) !== undefined) {
    if (Date.now() > deadline) {
      throw new AdminError('TIMEOUT', `still has blocks of ${channel} after ${TIMEOUT_MS} ms`, orderer.name);
    }
    await pause(100);
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

function channelPath(channel: string): string {
  return `${CHANNELS}/${encodeURIComponent(channel)}`;
}

function call(
  orderer: OrdererAdmin,
  method: string,
  path: string,
  content?: { readonly type: string; readonly body: Buffer },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      const why = cause instanceof Error ? cause.message : String(cause);
      reject(new AdminError('UNREACHABLE', `admin endpoint: ${why}`, orderer.name, { cause }));
    };
    const request = httpsRequest(
      {
        host: orderer.host,
        port: orderer.port,
        servername: orderer.name,
        method,
        path,
        ca: orderer.tlsCa,
        cert: orderer.clientTls.certificate,
        key: orderer.clientTls.privateKey,
        minVersion: 'TLSv1.2',
        timeout: TIMEOUT_MS,
        // One exchange for each connection: a kept-alive one would hold the process open and break at the orderer's restart.
        agent: false,
        headers: content && { 'Content-Type': content.type, 'Content-Length': content.body.length },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
        });
      },
    );
    request.on('timeout', () => request.destroy(new Error(`no answer in ${TIMEOUT_MS} ms`)));
    request.on('error', fail);
    request.end(content?.body);
  });
}

function expect(orderer: OrdererAdmin, status: number, answer: Answer): unknown {
  const document = parsed(answer.body);
  if (answer.status === status) return document;
  const reason = (document as { error?: string } | undefined)?.error ?? answer.body.slice(0, 200);
  throw new AdminError('REFUSED', `${reason} (HTTP ${answer.status})`, orderer.name);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
