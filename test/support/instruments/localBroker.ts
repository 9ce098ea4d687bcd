import type { Aedes } from 'aedes' with { 'resolution-mode': 'import' };
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';

/** A broker of MQTT on this machine, which keeps what its clients publish. */
export class LocalBroker {
  readonly #broker: Aedes;
  readonly #server: Server;
  readonly published: { readonly topic: string; readonly text: string }[] = [];
  connections = 0;

  private constructor(broker: Aedes) {
    this.#broker = broker;
    this.#server = createServer((socket) => {
      this.connections += 1;
      broker.handle(socket);
    });
    broker.on('publish', ({ topic, payload }, client) => {
      if (client) this.published.push({ topic, text: payload.toString() });
    });
  }

  static async start(): Promise<LocalBroker> {
    const aedes = await import('aedes');
    const broker = new LocalBroker(await aedes.Aedes.createBroker());
    await new Promise<void>((resolve) => broker.#server.listen(0, '127.0.0.1', resolve));
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  publish(topic: string, text: string, retain = false): Promise<void> {
    const packet = { cmd: 'publish', qos: 0, dup: false, topic, payload: Buffer.from(text), retain } as const;
    return new Promise((resolve, reject) =>
      this.#broker.publish(packet, (error) => (error ? reject(error) : resolve())),
    );
  }

  /** What an instrument does when somebody publishes to a topic. */
  answer(topic: string, say: (text: string) => Promise<void>): void {
    this.#broker.on('publish', (packet, client) => {
      if (client && packet.topic === topic) void say(packet.payload.toString());
    });
  }

  letNobodyIn(): void {
    this.#broker.authenticate = (_client, _name, _password, done) => {
      done(Object.assign(new Error('no'), { returnCode: 5 }), false);
    };
  }

  /** Resolves when somebody subscribed to a topic. */
  subscribed(topic: string): Promise<void> {
    return new Promise((resolve) => {
      this.#broker.on('subscribe', (subscriptions) => {
        if (subscriptions.some((each) => each.topic === topic)) resolve();
      });
    });
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#broker.close(() => resolve()));
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
