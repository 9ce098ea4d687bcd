import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Duplex } from 'node:stream';
import { MqttClient } from 'mqtt';
import { ApplicationError } from '@tracecal/gateway-client/application';
import { failedAt, tooLong } from './connection.js';
import { ProbeFailed, USUAL_MOST_BYTES, USUAL_TIMEOUT_MS } from './probe.js';
import type { Answer, Probe, ProbeLimits } from './probe.js';

/** A broker, and how the monitor signs in there. */
export interface Broker {
  /** `mqtt://host:1883`, or `mqtts://host:8883`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** A certificate of the broker's authority, in PEM. */
  readonly ca?: string;
}

export interface MqttPlace {
  readonly topic: string;
  /** Where in a JSON object the value is; without one the message is the value. */
  readonly member?: string;
  /** Take no retained message, which may be of any age, but wait for the next one. */
  readonly live?: boolean;
}

/** Packets of the protocol that come beside an answer. */
const PROTOCOL_BYTES = 1024;

/** Reads what an instrument published last, or publishes next. */
export class MqttProbe implements Probe {
  readonly address: string;
  readonly #broker: Broker;
  readonly #place: MqttPlace;
  readonly #limits: ProbeLimits;

  /** @throws ApplicationError `INPUT_INVALID` if the topic has wildcards, or the URL is no broker's */
  constructor(broker: Broker, place: MqttPlace, limits: ProbeLimits = {}) {
    this.address = brokerAddress(broker);
    this.#broker = broker;
    this.#place = { ...place, topic: requireTopic(place.topic) };
    this.#limits = limits;
  }

  async read(): Promise<Answer> {
    const { topic, live = false, member } = this.#place;
    const answered = await atBroker(this.#broker, this.#limits, (client) => {
      const message = new Promise<string>((resolve) => {
        client.on('message', (_, payload, { retain }) => {
          if (!(live && retain)) resolve(payload.toString());
        });
      });
      return subscribed(client, topic).then(() => message);
    });
    return { value: this.#valueOf(answered, member), asked: topic, answered };
  }

  #valueOf(text: string, member: string | undefined): number {
    const said = jsonOf(text);
    const value = member === undefined ? said : memberOf(said, member);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new ProbeFailed('unreadable', `The message on ${this.#place.topic} holds no value.`);
  }
}

/**
 * Signs in at a broker, does something, and leaves again whatever happens.
 *
 * @throws ProbeFailed
 */
export async function atBroker<T>(
  broker: Broker,
  { timeoutMs = USUAL_TIMEOUT_MS, mostBytes = USUAL_MOST_BYTES }: ProbeLimits,
  work: (client: MqttClient) => Promise<T>,
): Promise<T> {
  const address = brokerAddress(broker);
  const stream = streamTo(broker);
  const { username, password } = broker;
  const client = new MqttClient(() => stream, {
    reconnectPeriod: 0,
    connectTimeout: timeoutMs,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  });
  let timer: NodeJS.Timeout | undefined;
  const failure = new Promise<never>((_, reject) => {
    let received = 0;
    stream.on('data', ({ length }: Buffer) => {
      received += length;
      if (received > mostBytes + PROTOCOL_BYTES) reject(tooLong(address, mostBytes));
    });
    client.on('error', (cause) => {
      reject(new ProbeFailed('unreachable', `The broker ${address} cannot be used.`, { cause }));
    });
    client.on('close', () => {
      reject(new ProbeFailed('unreachable', `The broker ${address} closed the connection.`));
    });
    timer = setTimeout(() => {
      reject(new ProbeFailed('unanswered', `No answer came over ${address} within ${timeoutMs} ms.`));
    }, timeoutMs);
  });
  const opened = new Promise<void>((resolve) => {
    client.once('connect', () => {
      resolve();
    });
  });
  try {
    await Promise.race([opened, failure]);
    return await Promise.race([work(client), failure]);
  } catch (error) {
    throw failedAt(address, error);
  } finally {
    clearTimeout(timer);
    failure.catch(() => undefined);
    client.end(true);
    stream.destroy();
  }
}

/** @throws ProbeFailed if the broker does not let the monitor read it */
export async function subscribed(client: MqttClient, topic: string): Promise<void> {
  try {
    await client.subscribeAsync(topic);
  } catch (cause) {
    throw new ProbeFailed('refused', `The broker does not let the monitor read ${topic}.`, { cause });
  }
}

/** @throws ApplicationError `INPUT_INVALID` */
export function requireTopic(topic: string): string {
  if (/^[^+#\0$][^+#\0]{0,255}$/.test(topic)) return topic;
  throw new ApplicationError(
    'INPUT_INVALID',
    `The topic ${JSON.stringify(topic.slice(0, 80))} is not one topic: leave out +, # and $.`,
  );
}

/** @throws ApplicationError `INPUT_INVALID` */
export function brokerAddress({ url }: Broker): string {
  const { protocol, hostname, port } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '', port: '' };
  if ((protocol === 'mqtt:' || protocol === 'mqtts:') && hostname !== '') {
    return `${hostname}:${port || (protocol === 'mqtt:' ? '1883' : '8883')}`;
  }
  // The URL is not repeated: it may hold a password.
  throw new ApplicationError('INPUT_INVALID', 'The URL of a broker is mqtt://HOST:PORT or mqtts://HOST:PORT.');
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function memberOf(value: unknown, member: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, member);
  return isObject ? (value as Readonly<Record<string, unknown>>)[member] : undefined;
}

function streamTo(broker: Broker): Duplex {
  const { protocol, hostname, port } = new URL(broker.url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (protocol === 'mqtt:') return connectTcp({ host, port: Number(port || 1883) });
  return connectTls({
    host,
    servername: host,
    port: Number(port || 8883),
    ...(broker.ca !== undefined && { ca: broker.ca }),
  });
}
