import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TraceCal } from '@tracecal/gateway-client';
import type { ClientAnswer, ClientOrder, Reads } from './client.js';

/** What {@link RemoteClient.reads} found. */
export type { Reads } from './client.js';

/** A client of the registry on another machine: a program there that makes the calls which it is told to make. */
export class RemoteClient {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: ClientAnswer) => void>();
  #count = 0;

  private constructor(child: ChildProcess) {
    this.#process = child;
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const answer = JSON.parse(line) as ClientAnswer;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    child.once('exit', () => {
      for (const [id, answer] of this.#waiting) answer({ id, error: { message: 'the client has ended' } });
    });
  }

  /** The command that {@link start} runs, without what puts it on its machine. */
  static command(profile: string): readonly string[] {
    return [process.execPath, join(__dirname, 'client.js'), profile];
  }

  static async start([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<RemoteClient> {
    const child = spawn(program, args, { env, cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
    const client = new RemoteClient(child);
    await client.#order({ ready: true });
    return client;
  }

  /** Its calls, as if they were made here. */
  get member(): TraceCal {
    const calls = new Proxy<object>(this, {
      get: (_target, name) => {
        // A promise would wait for it otherwise.
        if (typeof name !== 'string' || name === 'then') return undefined;
        return (...args: readonly unknown[]) => this.#order({ call: name, args });
      },
    });
    return calls as TraceCal;
  }

  /** Traces a device again and again, until {@link endReads}. */
  async startReads(device: string, asOf: string): Promise<void> {
    await this.#order({ reads: { device, asOf } });
  }

  endReads(): Promise<Reads> {
    return this.#order({ endReads: true }) as Promise<Reads>;
  }

  close(): void {
    this.#process.stdin?.end();
  }

  async #order(order: ClientOrder): Promise<unknown> {
    const id = (this.#count += 1);
    const answer = await new Promise<ClientAnswer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#process.stdin?.write(`${JSON.stringify({ id, order })}\n`);
    });
    if ('result' in answer) return answer.result;
    throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
  }
}
